#include "cli/roster_options.h"

#include "policy/term.h"
#include "proto/wire.h"

#include <getopt.h>
#include <stdlib.h>

#define DEFAULT_WAIT_S 60
#define WAIT_MOST_S 86400

/* The options as they were typed; NULL: not given. */
struct given {
    const char *region, *department, *source, *kind, *category, *mode, *stated_on, *delivered_on, *note, *roster_id,
        *wait;
    const char *sets[ROSTER_OPTIONS_CONSTANTS_MAX];
    size_t set_count;
};

static bool take_text(int c, struct given *given, struct roster_options *options)
{
    const struct {
        int c;
        const char **at;
    } places[] = { { 'R', &given->region }, { 'D', &given->department }, { 'S', &given->source }, { 'K', &given->kind },
        { 'C', &given->category }, { 'M', &given->mode }, { 'O', &given->stated_on }, { 'V', &given->delivered_on },
        { 'N', &given->note }, { 'I', &given->roster_id }, { 'W', &given->wait }, { 'P', &options->packs },
        { 'L', &options->words } };
    for (size_t i = 0; i < COUNT_OF(places); i++)
        if (places[i].c == c) {
            *places[i].at = optarg;
            return true;
        }
    return false;
}

static bool take_option(int c, struct given *given, struct roster_options *options)
{
    if (c == 'T' && given->set_count < ROSTER_OPTIONS_CONSTANTS_MAX)
        given->sets[given->set_count++] = optarg;
    else if (c == 'd')
        options->dry_run = true;
    else if (c == 'p')
        options->print = true;
    else if (c == 'y')
        options->yes = true;
    else
        return take_text(c, given, options) || servers_option(c, optarg, &options->servers);
    return true;
}

static bool take_words(int argc, char **argv, struct given *given, struct roster_options *options)
{
    static const struct option known[] = {
        SERVERS_OPTIONS,
        { "region", required_argument, NULL, 'R' },
        { "department", required_argument, NULL, 'D' },
        { "source", required_argument, NULL, 'S' },
        { "kind", required_argument, NULL, 'K' },
        { "category", required_argument, NULL, 'C' },
        { "mode", required_argument, NULL, 'M' },
        { "stated-on", required_argument, NULL, 'O' },
        { "delivered-on", required_argument, NULL, 'V' },
        { "note", required_argument, NULL, 'N' },
        { "roster-id", required_argument, NULL, 'I' },
        { "wait", required_argument, NULL, 'W' },
        { "packs", required_argument, NULL, 'P' },
        { "words", required_argument, NULL, 'L' },
        { "set", required_argument, NULL, 'T' },
        { "dry-run", no_argument, NULL, 'd' },
        { "print", no_argument, NULL, 'p' },
        { "yes", no_argument, NULL, 'y' },
        { NULL, 0, NULL, 0 },
    };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (!take_option(c, given, options))
            return false;
    options->file = optind + 1 == argc ? argv[optind] : NULL;
    return options->file != NULL && !(options->dry_run && options->print);
}

/* ---- What they mean ---- */

struct meaning {
    const struct command *command;
    struct roster_options *options;
    bool good;
};

static void refuse(struct meaning *meaning, const char *option, const char *allowed)
{
    if (meaning->good)
        command_complain(meaning->command, "--%s: %s", option, allowed);
    meaning->good = false;
}

static struct text read_text(struct meaning *meaning, const char *option, const char *given)
{
    struct text text = text_of(given);
    if (given == NULL || text.length == 0)
        refuse(meaning, option, "must be given");
    else if (text.length > WIRE_NAME_LIMIT || !text_is_utf8(text))
        refuse(meaning, option, "at most 128 bytes of UTF-8");
    return text;
}

/* The place of a name among the allowed ones, from 1; 0 when it was not given. */
static uint8_t read_choice(struct meaning *meaning, const char *option, const char *given, const char *const *names)
{
    char allowed[256] = "";
    for (size_t i = 0, used = 0; names[i] != NULL; i++) {
        if (given != NULL && strcmp(names[i], given) == 0)
            return (uint8_t)(i + 1);
        used += (size_t)snprintf(allowed + used, sizeof allowed - used, "%s%s", i == 0 ? "one of " : ", ", names[i]);
    }
    if (given != NULL)
        refuse(meaning, option, allowed);
    return 0;
}

static uint8_t read_category(struct meaning *meaning, const char *given)
{
    for (int value = 1; given != NULL && value <= term_last(TERM_CATEGORY); value++)
        if (value != CATEGORY_RELATIVE
            && (strcmp(given, term_name(TERM_CATEGORY, value)) == 0
                || strcmp(given, term_chinese(TERM_CATEGORY, value)) == 0))
            return (uint8_t)value;
    refuse(meaning, "category",
        given == NULL ? "must be given for this kind"
                      : "a category of persons, such as SUBSISTENCE_ALLOWANCE or 低保对象");
    return 0;
}

static day read_day(struct meaning *meaning, const char *option, const char *given, day otherwise)
{
    day read = otherwise;
    if (given != NULL && !day_parse(given, strlen(given), &read))
        refuse(meaning, option, "a day, YYYY-MM-DD");
    return read;
}

static void read_constant(struct meaning *meaning, const char *given)
{
    struct roster_options *options = meaning->options;
    const char *equals = strchr(given, '=');
    struct text key = { given, equals == NULL ? 0 : (size_t)(equals - given) };
    for (unsigned column = 0; column < ROSTER_COLUMN_COUNT; column++)
        if (text_equal(text_of(roster_columns[column].key), key) && text_is_utf8(text_of(equals + 1))) {
            options->constants[options->constant_count++] =
                (struct roster_constant){ (enum roster_column)column, text_of(equals + 1) };
            return;
        }
    refuse(meaning, "set", "COLUMN=VALUE, where the columns are those of roster.yaml: year, scheme, period ...");
}

static void read_list(struct meaning *meaning, const struct given *given)
{
    static const char *const kinds[] = { "HARDSHIP", "UNIT", "CONTRIBUTION", "ENROLMENT", "FAMILY", "FUND", NULL };
    static const char *const modes[] = { "FULL", "DELTA", NULL };
    struct roster_header *header = &meaning->options->header;
    header->region = read_text(meaning, "region", given->region);
    if (header->region.length != 6 || strspn(header->region.at, "0123456789") != 6)
        refuse(meaning, "region", "6 digits");
    header->department = read_text(meaning, "department", given->department);
    header->source = given->source == NULL ? header->department : read_text(meaning, "source", given->source);
    header->kind = read_choice(meaning, "kind", given->kind == NULL ? "HARDSHIP" : given->kind, kinds);
    header->mode = read_choice(meaning, "mode", given->mode, modes);
    bool is_running = roster_is_running(header);
    if (is_running)
        header->category = read_category(meaning, given->category);
    else if (given->category != NULL)
        refuse(meaning, "category", "belongs to HARDSHIP and UNIT only");
    if (is_running && header->mode == 0)
        refuse(meaning, "mode", "must be given: FULL (the whole list) or DELTA (changes only)");
    if (header->mode == 0)
        header->mode = ROSTER_DELTA;
}

static void read_days(struct meaning *meaning, const struct given *given, day today)
{
    struct roster_header *header = &meaning->options->header;
    header->stated_on = read_day(meaning, "stated-on", given->stated_on, today);
    header->delivered_on = read_day(meaning, "delivered-on", given->delivered_on, today);
    header->manual_note = given->note == NULL ? TEXT_EMPTY : read_text(meaning, "note", given->note);
    header->roster_id = given->roster_id == NULL ? TEXT_EMPTY : read_text(meaning, "roster-id", given->roster_id);
    if (roster_dates_mismatch(header))
        refuse(meaning, "note", "名单所属日期与送达日期不同，须说明原因（不说明会被整份退回）");
}

static void read_wait(struct meaning *meaning, const char *given)
{
    char *end = NULL;
    long seconds = given == NULL ? DEFAULT_WAIT_S : strtol(given, &end, 10);
    if (given != NULL && (end == given || *end != '\0' || seconds < 1 || seconds > WAIT_MOST_S))
        refuse(meaning, "wait", "seconds, 1 to 86400");
    meaning->options->wait_s = (int)seconds;
}

bool roster_options_read(
    const struct command *command, int argc, char **argv, day today, struct roster_options *ret_options)
{
    struct given given = { .region = NULL };
    struct roster_options options = { .packs = NULL };
    struct meaning meaning = { command, &options, true };
    if (!take_words(argc, argv, &given, &options)) {
        (void)command_misused(command);
        return false;
    }
    read_list(&meaning, &given);
    read_days(&meaning, &given, today);
    read_wait(&meaning, given.wait);
    for (size_t i = 0; i < given.set_count; i++)
        read_constant(&meaning, given.sets[i]);
    if (meaning.good)
        *ret_options = options;
    return meaning.good;
}
