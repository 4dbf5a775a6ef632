#include "cli/whole_file.h"

#include <errno.h>

static bool read_stream(const struct command *command, struct arena *arena, FILE *stream, const char *path,
    size_t limit_mb, struct text *ret_bytes)
{
    size_t limit = limit_mb << 20;
    char *bytes = arena_take(arena, limit + 1);
    CHECK(bytes != NULL);
    size_t length = fread(bytes, 1, limit + 1, stream);
    if (ferror(stream)) {
        command_complain(command, "%s: %s", path, strerror(errno));
        return false;
    }
    if (length > limit) {
        command_complain(command, "%s: larger than %zu MiB", path, limit_mb);
        return false;
    }
    *ret_bytes = (struct text){ bytes, length };
    return true;
}

bool whole_file_read(
    const struct command *command, struct arena *arena, const char *path, size_t limit_mb, struct text *ret_bytes)
{
    FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
    if (stream == NULL) {
        command_complain(command, "%s: %s", path, strerror(errno));
        return false;
    }
    bool good = read_stream(command, arena, stream, path, limit_mb, ret_bytes);
    if (stream != stdin)
        fclose(stream);
    return good;
}
