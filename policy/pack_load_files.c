#include "policy/pack_load_files.h"

#include "policy/pack_yaml.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <xxhash.h>

static char *join_path(struct arena *arena, const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = arena_take(arena, size);
    if (path != NULL)
        snprintf(path, size, "%s/%s", folder, name);
    return path;
}

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

static bool is_yaml_name(const char *name)
{
    size_t length = strlen(name);
    return name[0] != '.' && length > 5 && strcmp(name + length - 5, ".yaml") == 0;
}

/* Names of a folder in bytewise order, whatever the locale. */
static int order_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int list(const char *folder, struct pack_report *report, struct dirent ***ret_entries)
{
    int count = scandir(folder, ret_entries, NULL, order_names);
    if (count < 0)
        pack_problem_in(report, folder, "cannot read this folder: %s", strerror(errno));
    return count;
}

static void list_done(struct dirent **entries, int count)
{
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
}

static bool add_folder(struct pack_folders *folders, const char *path, struct pack_report *report)
{
    if (path == NULL)
        return false;
    if (folders->count == PACK_LIMIT) {
        pack_problem_in(report, folders->root, "more than %d packs; a process reads at most that many", PACK_LIMIT);
        return false;
    }
    folders->paths[folders->count++] = path;
    return true;
}

static bool add_subfolders(struct pack_folders *folders, struct arena *arena, struct pack_report *report)
{
    struct dirent **entries;
    int count = list(folders->root, report, &entries);
    if (count < 0)
        return false;
    bool good = true;
    for (int i = 0; good && i < count; i++) {
        const char *name = entries[i]->d_name;
        const char *path = name[0] == '.' ? NULL : join_path(arena, folders->root, name);
        if (path != NULL && is_folder(path))
            good = add_folder(folders, path, report);
    }
    list_done(entries, count);
    if (good && folders->count == 0)
        pack_problem_in(report, folders->root, "no pack in it; a pack is a folder with a region.yaml");
    return good && folders->count != 0;
}

bool pack_folders_find(
    const char *folder, struct arena *arena, struct pack_report *report, struct pack_folders *ret_folders)
{
    ret_folders->root = arena_copy(arena, folder, strlen(folder));
    ret_folders->count = 0;
    const char *region = join_path(arena, folder, "region.yaml");
    if (ret_folders->root == NULL || region == NULL)
        return false;
    if (exists(region))
        return add_folder(ret_folders, ret_folders->root, report);
    return add_subfolders(ret_folders, arena, report);
}

/* Fills `bytes` from an open file of at most PACK_FILE_BYTES. */
static bool read_stream(FILE *stream, struct arena *arena, struct pack_report *report, struct pack_bytes *bytes)
{
    struct stat about;
    if (fstat(fileno(stream), &about) != 0 || !S_ISREG(about.st_mode) || (size_t)about.st_size > PACK_FILE_BYTES) {
        pack_problem_in(
            report, bytes->path, "not a file of at most %zu bytes; allowed: smaller files", PACK_FILE_BYTES);
        return false;
    }
    size_t length = (size_t)about.st_size;
    char *buffer = arena_take(arena, length + 1);
    if (buffer == NULL)
        return false;
    if (fread(buffer, 1, length, stream) != length) {
        pack_problem_in(report, bytes->path, "cannot be read; it must be a file that this user may read");
        return false;
    }
    bytes->at = buffer;
    bytes->length = length;
    return true;
}

static bool read_file(const char *path, struct arena *arena, struct pack_report *report, struct pack_files *files)
{
    if (path == NULL)
        return false;
    if (files->count == PACK_FILE_LIMIT) {
        pack_problem_in(report, files->folder, "more than %d files; a pack has at most that many", PACK_FILE_LIMIT);
        return false;
    }
    FILE *stream = fopen(path, "re");
    if (stream == NULL) {
        pack_problem_in(report, path, "cannot be read: %s", strerror(errno));
        return false;
    }
    files->items[files->count].path = path;
    bool good = read_stream(stream, arena, report, &files->items[files->count]);
    files->count += good;
    fclose(stream);
    return good;
}

/* Names without folders and sizes go in as well, so that moving a line from one file to the next is another digest. */
static bool take_digest(struct pack_files *files, struct arena *arena)
{
    XXH3_state_t *state = XXH3_createState();
    char *text = arena_take(arena, 33);
    if (state == NULL || text == NULL) {
        XXH3_freeState(state);
        return false;
    }
    XXH3_128bits_reset(state);
    for (size_t i = 0; i < files->count; i++) {
        const struct pack_bytes *bytes = &files->items[i];
        const char *name = bytes->path + strlen(files->folder) + 1;
        char head[64];
        int size = snprintf(head, sizeof head, "%zu %zu ", strlen(name), bytes->length);
        XXH3_128bits_update(state, head, (size_t)size);
        XXH3_128bits_update(state, name, strlen(name));
        XXH3_128bits_update(state, bytes->at, bytes->length);
    }
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    snprintf(text, 33, "%016llx%016llx", (unsigned long long)hash.high64, (unsigned long long)hash.low64);
    files->digest = text;
    return true;
}

bool pack_files_read(const char *folder, struct arena *arena, struct pack_report *report, struct pack_files *ret_files)
{
    struct dirent **entries;
    *ret_files = (struct pack_files){ .folder = folder };
    const char *region = join_path(arena, folder, "region.yaml");
    if (region == NULL)
        return false;
    if (!exists(region)) {
        pack_problem_in(report, folder, "no region.yaml in it; every pack has one");
        return false;
    }
    int count = list(folder, report, &entries);
    if (count < 0)
        return false;
    bool good = true;
    for (int i = 0; i < count; i++)
        if (is_yaml_name(entries[i]->d_name))
            good &= read_file(join_path(arena, folder, entries[i]->d_name), arena, report, ret_files);
    list_done(entries, count);
    return good && take_digest(ret_files, arena);
}
