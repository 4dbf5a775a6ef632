/* YAML that people write: a pack, the configuration, the words of offices. Their readers open files, so the bytes
 * become files, in memory. */
#include "fuzz.h"

#include "cli/config.h"
#include "cli/roster_words.h"
#include "policy/pack_load.h"
#include "policy/pack_show.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct pack_report report;

/* Every problem is a line of text; without one there is no failure. */
static void check_report(enum status status, enum status refused)
{
    CHECK(status == STATUS_OK || status == refused);
    CHECK((status == STATUS_OK) == (report.count == 0));
    for (size_t i = 0; i < report.count; i++)
        CHECK(report.problems[i][0] != '\0' && text_is_utf8(text_of(report.problems[i])));
}

/* ---- One file ---- */

static const char *file_with(struct text bytes)
{
    static int file = -1;
    static char path[32];
    if (file < 0) {
        file = memfd_create("input", MFD_CLOEXEC);
        CHECK(file >= 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    CHECK(ftruncate(file, 0) == 0);
    CHECK(pwrite(file, bytes.at, bytes.length, 0) == (ssize_t)bytes.length);
    return path;
}

void fuzz_config(struct arena *arena, struct text bytes)
{
    struct config config;
    check_report(config_load(file_with(bytes), arena, &report, &config), STATUS_BAD_CONFIG);
}

void fuzz_roster_words(struct arena *arena, struct text bytes)
{
    const struct roster_words *words = NULL;
    struct text value;
    enum status status = roster_words_load(file_with(bytes), arena, &report, &words);
    check_report(status, STATUS_BAD_CONFIG);
    for (int column = 0; status == STATUS_OK && column < ROSTER_COLUMN_COUNT; column++) {
        struct text heading = roster_words_heading(words, (enum roster_column)column);
        (void)roster_words_column(words, arena, heading, ROSTER_HARDSHIP);
        (void)roster_words_value(words, (enum roster_column)column, heading, &value);
    }
}

/* ---- A pack: files, with a form feed between them, which YAML does not know; the first one is region.yaml ---- */

#define FILES_MAX 8

static const char *folder(void)
{
    static char path[] = "/dev/shm/settled-fuzz-XXXXXX";
    static bool is_made;
    if (!is_made)
        CHECK(mkdtemp(path) != NULL);
    is_made = true;
    return path;
}

static void path_of(int number, char *buffer, size_t size)
{
    snprintf(buffer, size, number == 0 ? "%s/region.yaml" : "%s/rules%d.yaml", folder(), number);
}

static void write_file(int number, struct text bytes)
{
    char path[64];
    path_of(number, path, sizeof path);
    FILE *file = fopen(path, "we");
    CHECK(file != NULL && fwrite(bytes.at, 1, bytes.length, file) == bytes.length && fclose(file) == 0);
}

static void clear_folder(void)
{
    char path[64];
    for (int number = 0; number < FILES_MAX; number++) {
        path_of(number, path, sizeof path);
        unlink(path);
    }
}

static void leave_nothing(void)
{
    clear_folder();
    rmdir(folder());
}

static void write_files(struct text bytes)
{
    static bool is_begun;
    if (!is_begun)
        atexit(leave_nothing);
    is_begun = true;
    clear_folder();
    for (int number = 0; number < FILES_MAX; number++) {
        const char *end = memchr(bytes.at, '\f', bytes.length);
        struct text file = { bytes.at, end == NULL ? bytes.length : (size_t)(end - bytes.at) };
        write_file(number, file);
        if (end == NULL)
            return;
        bytes = (struct text){ end + 1, bytes.length - file.length - 1 };
    }
}

/* All figures of a pack that was taken can be shown. */
static void show(const struct policy_pack *pack)
{
    char *text;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    for (size_t i = 0; i < pack->rule_count; i++)
        policy_pack_show(pack, &pack->rules[i], stream);
    CHECK(fclose(stream) == 0 && text_is_utf8((struct text){ text, length }));
    free(text);
}

void fuzz_pack(struct arena *arena, struct text bytes)
{
    struct policy_packs packs;
    if (text_is_empty(bytes))
        return;
    write_files(bytes);
    enum status status = policy_packs_load(folder(), arena, &report, &packs);
    check_report(status, STATUS_BAD_PACK);
    if (status != STATUS_OK)
        return;
    CHECK(packs.count == 1);
    show(packs.items[0]);
}
