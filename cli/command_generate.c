/* settledctl generate: a seeded county as JSON lines. */
#include "cli/command.h"
#include "cli/generate_record.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* The largest record is a part of a list. */
#define RECORD_ARENA_BYTES ((size_t)64 << 20)

static const struct {
    const char *name;
    size_t offset;
} mix_names[] = {
#define MIX(name)                                                                                                      \
    {                                                                                                                  \
#name, offsetof(struct generate_mix, name)                                                                     \
    }
    MIX(corrected),
    MIX(voided),
    MIX(early_void),
    MIX(trial),
    MIX(changed),
    MIX(unadmitted),
    MIX(late),
    MIX(repeated),
    MIX(bad),
#undef MIX
};

static bool parse_number(const char *text, uint64_t most, uint64_t *ret_number)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || number > most)
        return false;
    *ret_number = number;
    return true;
}

static bool set_mix(struct generate_mix *mix, const char *name, const char *value)
{
    uint64_t percent;
    for (size_t i = 0; i < COUNT_OF(mix_names); i++)
        if (strcmp(mix_names[i].name, name) == 0 && parse_number(value, 100, &percent)) {
            *(int *)(void *)((char *)mix + mix_names[i].offset) = (int)percent;
            return true;
        }
    return false;
}

/* "late=20,bad=1"; cuts the text in pieces. */
static bool parse_mix(char *text, struct generate_mix *mix)
{
    char *rest;
    for (char *pair = strtok_r(text, ",", &rest); pair != NULL; pair = strtok_r(NULL, ",", &rest)) {
        char *equals = strchr(pair, '=');
        if (equals == NULL)
            return false;
        *equals = '\0';
        if (!set_mix(mix, pair, equals + 1))
            return false;
    }
    return true;
}

static bool parse_regions(const char *text, struct generate_options *options)
{
    options->county_count = 0;
    for (;;) {
        size_t length = strcspn(text, ",");
        const struct county *county = county_find(text, length);
        if (county == NULL || options->county_count == COUNT_OF(options->counties))
            return false;
        options->counties[options->county_count++] = county;
        if (text[length] == '\0')
            return true;
        text += length + 1;
    }
}

static bool take_option(int option, char *value, struct generate_options *options)
{
    uint64_t number;
    bool is_good = false;
    switch (option) {
    case 's':
        return parse_number(value, UINT64_MAX, &options->seed);
    case 'p':
        is_good = parse_number(value, 10000000, &number) && number != 0;
        options->persons = is_good ? (uint32_t)number : 0;
        return is_good;
    case 'e':
        is_good = parse_number(value, 100000000, &number);
        options->events = is_good ? number : 0;
        return is_good;
    case 'r':
        return parse_regions(value, options);
    case 'f':
        return day_parse(value, strlen(value), &options->from);
    case 't':
        return day_parse(value, strlen(value), &options->to);
    case 'm':
        return parse_mix(value, &options->mix);
    default:
        return false;
    }
}

static bool parse_options(const struct command *self, int argc, char **argv, struct generate_options *options)
{
    static const struct option known[] = {
        { "seed", required_argument, NULL, 's' },
        { "persons", required_argument, NULL, 'p' },
        { "events", required_argument, NULL, 'e' },
        { "regions", required_argument, NULL, 'r' },
        { "from", required_argument, NULL, 'f' },
        { "to", required_argument, NULL, 't' },
        { "mix", required_argument, NULL, 'm' },
        { NULL, 0, NULL, 0 },
    };
    for (int c, at; (c = getopt_long(argc, argv, "", known, &at)) != -1;) {
        if (c == '?')
            return false;
        if (!take_option(c, optarg, options)) {
            command_complain(self, "--%s cannot be understood", known[at].name);
            return false;
        }
    }
    if (day_cmp(options->from, options->to) > 0) {
        command_complain(self, "--from is after --to");
        return false;
    }
    return optind == argc;
}

static enum status print_all(const struct generate_options *options, const struct plan *plan, struct arena *arena)
{
    for (size_t i = 0; i < plan->count && !ferror(stdout); i++) {
        json_t *line;
        arena_reset(arena);
        enum status status = generate_record(options, &plan->items[i], arena, &line);
        if (status != STATUS_OK)
            return status;
        json_dumpf(line, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(line);
    }
    return STATUS_OK;
}

int command_generate(const struct command *self, int argc, char **argv)
{
    struct generate_options options = { .seed = 1,
        .persons = 1000,
        .events = 5000,
        .from = day_of(2023, 1, 1),
        .to = day_of(2023, 12, 31),
        .mix = { .corrected = 6,
            .voided = 2,
            .early_void = 1,
            .trial = 2,
            .changed = 8,
            .unadmitted = 2,
            .late = 8,
            .repeated = 4 } };
    struct plan plan;
    CHECK(parse_regions("140425,140522", &options));
    if (!parse_options(self, argc, argv, &options))
        return command_misused(self);
    struct arena *arena = arena_new(RECORD_ARENA_BYTES);
    CHECK(arena != NULL);
    generate_plan(&options, &plan);
    enum status status = print_all(&options, &plan, arena);
    free(plan.items);
    arena_free(arena);
    if (status == STATUS_OK)
        return EXIT_CODE_DONE;
    command_complain(self, "%s", status_sentence(status));
    return EXIT_CODE_FAILED;
}
