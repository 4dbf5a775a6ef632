#include "cli/command.h"
#include "cli/line.h"
#include "cli/roster_options.h"
#include "cli/roster_preview.h"
#include "cli/roster_report.h"
#include "cli/roster_send.h"
#include "cli/whole_file.h"
#include "consumers/logline.h"
#include "consumers/roster_update.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/** A list of ROSTER_SHEET_MB_MAX in every form it takes on its way. */
#define LIST_ARENA_BYTES ((size_t)2 << 30)
#define PART_ARENA_BYTES ((size_t)128 << 20)

struct session {
    const struct command *command;
    struct roster_options options;
    instant now;
    struct arena *arena;
    const struct roster_words *words;
    struct roster_sheet sheet;
    struct roster_outgoing list;
};

static bool load_words(struct session *session)
{
    struct pack_report *report = calloc(1, sizeof *report);
    CHECK(report != NULL);
    bool good = roster_words_load(session->options.words, session->arena, report, &session->words) == STATUS_OK;
    if (!good) {
        config_print_report(report);
        command_complain(session->command, "the words of lists cannot be used");
    }
    free(report);
    return good;
}

/* ---- The file ---- */

/* Every cell that cannot be read is told at once, and nothing is sent: a list that lacks a row would revoke
 * somebody. */
static int read_sheet(struct session *session)
{
    struct text bytes;
    struct fault fault = { .status = STATUS_OK };
    const struct roster_options *options = &session->options;
    const struct roster_form form = { session->words, options->header.kind, options->constants,
        options->constant_count };
    if (!whole_file_read(session->command, session->arena, options->file, ROSTER_SHEET_MB_MAX, &bytes))
        return EXIT_CODE_FAILED;
    enum status status = roster_sheet_read(&form, session->arena, bytes, &session->sheet, &fault);
    if (status != STATUS_OK) {
        command_complain(session->command, "%s: %s", options->file,
            status == STATUS_BAD_VALUE ? fault.text : status_sentence(status));
        return status == STATUS_BAD_VALUE ? EXIT_CODE_INPUT : EXIT_CODE_FAILED;
    }
    roster_report_unknown(&session->sheet);
    if (session->sheet.problem_count == 0)
        return EXIT_CODE_DONE;
    roster_report_problems(&session->sheet, session->words, stderr);
    command_complain(session->command, "%s: 有%zu处无法读取，没有发送任何内容；请更正后重新发送", options->file,
        session->sheet.problem_count);
    return EXIT_CODE_INPUT;
}

/* ---- What is done with it ---- */

static int print_part(struct session *session, struct arena *arena, int32_t part)
{
    struct text value;
    struct fault fault = { .status = STATUS_OK };
    json_t *json;
    enum status status = roster_outgoing_part(arena, &session->list, part, &value);
    if (status == STATUS_OK)
        status = line_value(topic_find(TEXT(ROSTER_TOPIC)), value, &json, &fault);
    if (status != STATUS_OK) {
        command_complain(session->command, "part %d: %s", (int)part, status_sentence(status));
        return EXIT_CODE_FAILED;
    }
    printf("{\"topic\": \"" ROSTER_TOPIC "\", \"value\": ");
    json_dumpf(json, stdout, 0);
    fputs("}\n", stdout);
    json_decref(json);
    return EXIT_CODE_DONE;
}

static int print_parts(struct session *session)
{
    struct arena *arena = arena_new(PART_ARENA_BYTES);
    int code = EXIT_CODE_DONE;
    CHECK(arena != NULL);
    for (int32_t part = 1; part <= session->list.header.parts && code == EXIT_CODE_DONE; part++) {
        code = print_part(session, arena, part);
        arena_reset(arena);
    }
    arena_free(arena);
    return code;
}

/* Asked only of somebody who can answer: a script has said what it wants by running this. */
static bool is_wanted(const struct session *session)
{
    char answer[16] = "";
    if (session->options.yes || !isatty(STDIN_FILENO) || strcmp(session->options.file, "-") == 0)
        return true;
    printf("发送？(y/N) ");
    fflush(stdout);
    return fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

static int push(struct session *session)
{
    const struct roster_options *options = &session->options;
    roster_report_list(&session->list, stdout);
    if (options->dry_run) {
        const struct roster_preview_request request = { session->command, &options->servers, options->packs };
        return roster_preview(&request, session->arena, &session->list);
    }
    if (!is_wanted(session)) {
        printf("没有发送\n");
        return EXIT_CODE_FAILED;
    }
    const struct roster_send_request request = { session->command, &options->servers, options->wait_s };
    return roster_send(&request, &session->list);
}

static int read_and_do(struct session *session)
{
    if (!load_words(session))
        return EXIT_CODE_FAILED;
    int code = read_sheet(session);
    if (code != EXIT_CODE_DONE)
        return code;
    enum status status =
        roster_outgoing_make(session->arena, &session->options.header, session->now, &session->sheet, &session->list);
    if (status != STATUS_OK) {
        command_complain(session->command, "%s", status_sentence(status));
        return EXIT_CODE_FAILED;
    }
    return session->options.print ? print_parts(session) : push(session);
}

int command_roster(const struct command *self, int argc, char **argv)
{
    struct timespec now;
    struct session session = { .command = self };
    logline_set_least(LOGLINE_ERROR);
    if (argc < 2 || strcmp(argv[1], "push") != 0)
        return command_misused(self);
    clock_gettime(CLOCK_REALTIME, &now);
    session.now = (instant){ now.tv_sec, (int32_t)now.tv_nsec };
    if (!roster_options_read(self, argc - 1, argv + 1, instant_day(session.now), &session.options))
        return EXIT_CODE_INPUT;
    session.arena = arena_new(LIST_ARENA_BYTES);
    CHECK(session.arena != NULL);
    int code = read_and_do(&session);
    arena_free(session.arena);
    return code;
}
