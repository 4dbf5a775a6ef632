#include "cli/command.h"
#include "cli/final.h"
#include "cli/input.h"
#include "cli/line.h"
#include "cli/packs.h"
#include "cli/replay.h"
#include "consumers/logline.h"
#include "policy/pack_load.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

/** A line of at most PROTO_JSON_BYTES_MAX, as a message and as bytes. */
#define LINE_ARENA_BYTES ((size_t)128 << 20)

struct options {
    const char *packs;
    bool final;
};

struct session {
    const struct command *command;
    struct options options;
    struct arena *pack_arena, *line_arena;
    struct policy_packs packs;
    struct replay *replay;
    struct finals *finals;           /* NULL without --final */
    const struct topic *passed_over; /* the topic that nobody reads, once said */
};

/* ---- Out ---- */

static void print_record(const char *name, struct text value)
{
    json_t *json;
    struct fault fault = { .status = STATUS_OK };
    const struct topic *topic = topic_find(text_of(name));
    CHECK(topic != NULL);
    enum status status = line_value(topic, value, &json, &fault);
    CHECK(status == STATUS_OK);
    printf("{\"topic\": \"%s\", \"value\": ", name);
    json_dumpf(json, stdout, 0);
    fputs("}\n", stdout);
    json_decref(json);
}

static void take_output(void *context, const struct log_output *output)
{
    struct session *session = context;
    if (session->finals == NULL)
        print_record(output->topic, output->value);
    else if (strcmp(output->topic, "settlement") == 0)
        finals_note(session->finals, output->value);
}

static void print_final(void *context, struct text value)
{
    (void)context;
    print_record("settlement", value);
}

/* ---- In ---- */

static void pass_over(struct session *session, const struct topic *topic)
{
    if (session->passed_over != topic)
        command_complain(session->command, "nothing reads %s yet: passed over", topic->name);
    session->passed_over = topic;
}

static int run_line(struct session *session, const struct input *input, struct text text)
{
    struct line line;
    struct fault fault;
    if (line_read(session->line_arena, text, &line, &fault) != STATUS_OK) {
        input_complain(input, &fault);
        return EXIT_CODE_INPUT;
    }
    if (!replay_has(session->replay, line.record.topic)) {
        pass_over(session, line.topic);
        return EXIT_CODE_DONE;
    }
    if (replay_run(session->replay, &line.record, line.at, &fault) != STATUS_OK) {
        input_complain(input, &fault);
        return EXIT_CODE_FAILED;
    }
    fflush(stdout); /* the outputs of a line come before the next one is read */
    return EXIT_CODE_DONE;
}

static int run_lines(struct session *session, struct input *input)
{
    struct text text;
    enum input_result result;
    while ((result = input_next(input, &text)) == INPUT_LINE) {
        int code = run_line(session, input, text);
        if (code != EXIT_CODE_DONE)
            return code;
        arena_reset(session->line_arena);
    }
    if (result == INPUT_END)
        return EXIT_CODE_DONE;
    command_complain(session->command, "%s: %s", input_file(input), strerror(errno));
    return EXIT_CODE_FAILED;
}

/* ---- The command ---- */

static bool open_session(struct session *session)
{
    struct fault fault;
    session->pack_arena = arena_new(PACK_ARENA_BYTES);
    session->line_arena = arena_new(LINE_ARENA_BYTES);
    session->finals = session->options.final ? finals_new() : NULL;
    if (session->pack_arena == NULL || session->line_arena == NULL) {
        command_complain(session->command, "out of memory");
        return false;
    }
    if (!packs_load(session->command, session->options.packs, session->pack_arena, &session->packs))
        return false;
    struct log_feed_outlet outlet = { take_output, session };
    if (replay_new(&session->packs, outlet, &session->replay, &fault) == STATUS_OK)
        return true;
    command_complain(session->command, "%s", fault.text);
    return false;
}

static void close_session(struct session *session)
{
    replay_free(session->replay);
    finals_free(session->finals);
    arena_free(session->line_arena);
    arena_free(session->pack_arena);
}

static int replay_files(struct session *session, char **files)
{
    struct input input = { .files = files };
    if (!open_session(session))
        return EXIT_CODE_FAILED;
    int code = run_lines(session, &input);
    if (session->finals != NULL && code == EXIT_CODE_DONE)
        finals_each(session->finals, print_final, NULL);
    input_done(&input);
    return code;
}

static bool parse_options(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {
        { "packs", required_argument, NULL, 'p' },
        { "final", no_argument, NULL, 'f' },
        { NULL, 0, NULL, 0 },
    };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (c == 'p')
            options->packs = optarg;
        else if (c == 'f')
            options->final = true;
        else
            return false;
    }
    return optind < argc;
}

int command_replay(const struct command *self, int argc, char **argv)
{
    struct session session = { .command = self };
    logline_set_least(LOGLINE_ERROR);
    if (!parse_options(argc, argv, &session.options))
        return command_misused(self);
    int code = replay_files(&session, argv + optind);
    close_session(&session);
    return code;
}
