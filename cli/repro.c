#include "cli/repro.h"

#include "cli/line.h"
#include "consumers/logline.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4096

/* One that cannot be written as JSON is left out: the others are worth having without it. */
static void write_line(FILE *file, const struct log_output *record)
{
    json_t *value;
    if (line_value(topic_find(text_of(record->topic)), record->value, &value, NULL) != STATUS_OK)
        return;
    json_t *line = json_pack("{s:s, s:o}", "topic", record->topic, "value", value);
    json_dumpf(line, file, JSON_COMPACT);
    fputc('\n', file);
    json_decref(line);
}

/* 0, or errno. */
static int write_file(const char *path, const struct engine_evidence *evidence)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (file == NULL)
        return errno;
    for (size_t i = 0; i < evidence->count; i++)
        write_line(file, &evidence->records[i]);
    bool failed = ferror(file) != 0 || fsync(descriptor) != 0;
    return fclose(file) != 0 || failed ? EIO : 0;
}

int repro_try(const char *folder)
{
    char path[PATH_SIZE];
    int length = snprintf(path, sizeof path, "%s/try-XXXXXX", folder);
    if (length < 0 || length >= PATH_SIZE)
        return ENAMETOOLONG;
    int descriptor = mkostemp(path, O_CLOEXEC);
    if (descriptor < 0)
        return errno;
    close(descriptor);
    return unlink(path) == 0 ? 0 : errno;
}

void repro_keep(void *context, const struct engine_evidence *evidence)
{
    const char *folder = context;
    char path[PATH_SIZE];
    if (folder == NULL) {
        logline(LOGLINE_WARNING, "no repro was kept: repro_dir is not set", "engine", evidence->engine, NULL);
        return;
    }
    snprintf(path, sizeof path, "%s/%s-p%d-%s-%lld.jsonl", folder, evidence->engine, (int)evidence->partition,
        evidence->topic, (long long)evidence->offset);
    int error = write_file(path, evidence);
    if (error == 0)
        logline(LOGLINE_ERROR, "a repro was kept", "engine", evidence->engine, "file", path, NULL);
    else
        logline(LOGLINE_ERROR, error == EEXIST ? "a repro is there already" : "no repro could be kept", "engine",
            evidence->engine, "file", path, "cause", strerror(error), NULL);
}
