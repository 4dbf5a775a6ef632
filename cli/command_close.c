/* settledctl close month|year PERIOD: says to every partition that a period is over, or announces a grant. */
#include "cli/closing.h"
#include "cli/command.h"
#include "cli/servers.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct options {
    struct servers_options servers;
    const char *region, *closed_on, *grant_fen, *grant_on;
    const char *what, *period; /* "month" or "year"; YYYY-MM or YYYY */
};

static instant now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (instant){ time.tv_sec, (int32_t)time.tv_nsec };
}

static bool read_day(const struct command *self, const char *name, const char *text, day *ret_day)
{
    if (text == NULL || day_parse(text, strlen(text), ret_day))
        return true;
    command_complain(self, "%s: `%s` is not a day; it is written YYYY-MM-DD", name, text);
    return false;
}

static bool read_period(const struct command *self, const struct options *options, struct closing *closing)
{
    char first[] = "0000-01-01";
    day d;
    bool is_month = strcmp(options->what, "month") == 0;
    size_t length = strlen(options->period), wanted = is_month ? 7 : 4;
    if (length == wanted) {
        memcpy(first, options->period, length);
        if (day_parse(first, sizeof first - 1, &d)) {
            closing->year = day_parts(d).year;
            closing->month = is_month ? day_parts(d).month : 0;
            return true;
        }
    }
    command_complain(
        self, "`%s` is not a %s; it is written %s", options->period, options->what, is_month ? "YYYY-MM" : "YYYY");
    return false;
}

static bool read_grant(const struct command *self, const struct options *options, struct closing *closing)
{
    char *end = NULL;
    if (options->grant_fen == NULL && options->grant_on == NULL)
        return true;
    if (options->grant_fen == NULL || options->grant_on == NULL) {
        command_complain(self, "a grant has both, --grant-fen and --grant-on");
        return false;
    }
    errno = 0;
    closing->grant = MONEY_FEN(strtoll(options->grant_fen, &end, 10));
    if (errno != 0 || *end != '\0' || closing->grant.fen <= 0 || closing->grant.fen > MONEY_LIMIT_FEN) {
        command_complain(self, "--grant-fen: `%s` is not an amount in fen", options->grant_fen);
        return false;
    }
    return read_day(self, "--grant-on", options->grant_on, &closing->grant_on);
}

/* A list of a month that is not over would be the month's list for ever. */
static bool is_over(const struct command *self, const struct options *options, const struct closing *closing)
{
    char day_text[DAY_TEXT_SIZE];
    if (!money_is_zero(closing->grant)
        || closing_is_over((struct closing_period){ closing->year, closing->month }, closing->closed_on))
        return true;
    command_complain(self, "%s is not over on %s; a period is closed once and for good", options->period,
        day_format(closing->closed_on, day_text));
    return false;
}

static bool read_closing(const struct command *self, const struct options *options, struct closing *closing)
{
    *closing = (struct closing){ .region = text_of(options->region), .recorded_at = now() };
    closing->closed_on = instant_day(closing->recorded_at);
    if (closing->region.length != 6 || strspn(options->region, "0123456789") != 6) {
        command_complain(self, "a region has 6 digits");
        return false;
    }
    return read_period(self, options, closing) && read_day(self, "--closed-on", options->closed_on, &closing->closed_on)
        && read_grant(self, options, closing) && is_over(self, options, closing);
}

static int send_closing(const struct command *self, const struct config *config, const struct closing *closing)
{
    char id[CLOSING_ID_SIZE];
    struct fault fault;
    rd_kafka_t *producer = NULL;
    int partitions = 0;
    enum status status = closing_producer_new(&config->kafka, &producer, &fault);
    if (status == STATUS_OK) {
        status = closing_send(producer, closing, &partitions, &fault);
        rd_kafka_destroy(producer);
    }
    if (status != STATUS_OK) {
        command_complain(self, "Kafka at %s: %s", config->kafka.brokers, fault.text);
        return EXIT_CODE_FAILED;
    }
    printf("%s: sent to %d partitions\n", closing_event_id(closing, id), partitions);
    return EXIT_CODE_DONE;
}

static int run(const struct command *self, const struct options *options)
{
    struct closing closing;
    struct config config;
    int code = EXIT_CODE_FAILED;
    if (!read_closing(self, options, &closing))
        return EXIT_CODE_INPUT;
    struct arena *arena = arena_new(CONFIG_ARENA_BYTES);
    CHECK(arena != NULL);
    if (servers_load(self, &options->servers, arena, &config))
        code = send_closing(self, &config, &closing);
    arena_free(arena);
    return code;
}

static bool take_option(int c, struct options *options)
{
    if (c == 'R')
        options->region = optarg;
    else if (c == 'D')
        options->closed_on = optarg;
    else if (c == 'G')
        options->grant_fen = optarg;
    else if (c == 'O')
        options->grant_on = optarg;
    else
        return servers_option(c, optarg, &options->servers);
    return true;
}

int command_close(const struct command *self, int argc, char **argv)
{
    static const struct option known[] = {
        SERVERS_OPTIONS,
        { "region", required_argument, NULL, 'R' },
        { "closed-on", required_argument, NULL, 'D' },
        { "grant-fen", required_argument, NULL, 'G' },
        { "grant-on", required_argument, NULL, 'O' },
        { NULL, 0, NULL, 0 },
    };
    struct options options = { 0 };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (!take_option(c, &options))
            return command_misused(self);
    if (optind + 2 != argc || options.region == NULL)
        return command_misused(self);
    options.what = argv[optind];
    options.period = argv[optind + 1];
    if (strcmp(options.what, "month") != 0 && strcmp(options.what, "year") != 0)
        return command_misused(self);
    return run(self, &options);
}
