#include "cli/command.h"
#include "cli/roster_options.h"
#include "cli/servers.h"

#include <stdarg.h>
#include <string.h>

static const struct command commands[] = {
    { "replay", "[--packs DIR] [--final] FILE…|-", "settle the records of JSON lines, without Kafka and Redis",
        "  --packs DIR  policy packs; else $SETTLED_PACKS, else those beside this program\n"
        "  --final      only the last settlement of every subject, without voided ones and trials, sorted\n",
        command_replay },
    { "produce", "[--config FILE|--brokers LIST] FILE…|-", "send the records of JSON lines to Kafka", SERVERS_HELP,
        command_produce },
    { "tail", "[--config FILE|--brokers LIST] [OPTIONS] TOPIC…", "print topics as JSON lines, or as people read them",
        SERVERS_HELP "  --from-beginning    all there is, not only what comes\n"
                     "  --until-end         stop when every partition was read to its end\n"
                     "  --read-uncommitted  also what transactions have not committed, or have aborted\n"
                     "  --headers           the records' headers too\n"
                     "  --as json|text      text: Chinese, with identity numbers masked\n",
        command_tail },
    { "topics", "create [--config FILE|--brokers LIST] [OPTIONS]", "make all topics, and wait until they can be used",
        SERVERS_HELP "  --partitions N      of each: 12\n"
                     "  --replication N     the broker's default\n",
        command_topics },
    { "close", "month|year PERIOD --region R [OPTIONS]", "say to every partition that a month or a year is over",
        SERVERS_HELP "  --region R       six digits\n"
                     "  --closed-on D    the day of closing: today\n"
                     "  --grant-fen N    announce a grant per head of the period instead, and close nothing\n"
                     "  --grant-on D     the day whose holders receive it\n",
        command_close },
    { "show", "person --region R --person ID [--config FILE|--redis ADDR] [OPTIONS]",
        "what is stored of a person: facts, and what they come to",
        "  --config FILE  the processor's configuration; else defaults and SETTLED_... variables\n"
        "  --redis ADDR   host:port or the path of a socket; over the configuration\n"
        "  --packs DIR    policy packs; else those of the configuration, $SETTLED_PACKS, or beside this program\n"
        "  --key-file FILE, --seal-file FILE\n"
        "                 state.key_file and state.seal_file; over the configuration\n",
        command_show },
    { "fund", "show --region R [--year Y] [--json] [--config FILE|--redis ADDR] [--packs DIR]",
        "what a region's funds have received and paid, by year and month",
        "  --year Y       one year; else all\n"
        "  --json         for programs; else in Chinese, in yuan\n"
        "  --config FILE  the processor's configuration; else defaults and SETTLED_... variables\n"
        "  --redis ADDR   host:port or the path of a socket; over the configuration\n"
        "  --packs DIR    policy packs; else those of the configuration, $SETTLED_PACKS, or beside this program\n",
        command_fund },
    { "rebuild", "[--verify-only] [--config FILE] [OPTIONS]",
        "compute what Redis holds again, from the first record of the topics",
        SERVERS_HELP
        "  --redis ADDR     host:port or the path of a socket; over the configuration\n"
        "  --database N, --namespace NAME\n"
        "                   of Redis; over the configuration\n"
        "  --packs DIR      policy packs; else those of the configuration, $SETTLED_PACKS, or beside this program\n"
        "  --workers N      partitions at the same time; else as many as the configuration has workers\n"
        "  --verify-only    writes nothing: compares with what Redis holds, byte for byte, beside a running "
        "processor.\n"
        "                   Exit 1 when something differs\n"
        "  Without --verify-only the processor must be stopped, and what is in Redis under the namespace empty.\n",
        command_rebuild },
    { "policy", "check [DIR] | explain RULE [--packs DIR]",
        "whether policy packs are sound; what a rule says, and its figures",
        "  check    every problem with file, line and column; exit 1 when there is one\n"
        "  explain  the article's text, how it is read, every figure with its days and source\n",
        command_policy },
    { "roster", "push --region R --department NAME [OPTIONS] FILE.csv|-",
        "send an office's list, and say what came of it", SERVERS_HELP ROSTER_OPTIONS_HELP, command_roster },
    { "list", "warnings|payments --month YYYY-MM --out FILE.xlsx|FILE.csv [OPTIONS]",
        "write a month's list for an office: who is above the warning line, or what finance pays out",
        SERVERS_HELP
        "  --month YYYY-MM    which month; a list of warnings is written only when all of it is there\n"
        "  --out FILE         .xlsx or .csv; readable by its owner alone\n"
        "  --region R         all when left out\n"
        "  --department NAME  of warnings, CIVIL_AFFAIRS, HEALTH or RURAL_REVITALIZATION: all when left out\n",
        command_list },
    { "verify", "[--config FILE|--brokers LIST] [OPTIONS]",
        "compare settlements, Redis and funds to the fen; exit 1 when something differs, 2 when it could not be done",
        SERVERS_HELP
        "  --redis ADDR         host:port or the path of a socket; over the configuration\n"
        "  --statement FILE     a hospital's own statement (CSV) against its settlements instead; with it:\n"
        "    --institution CODE its code, where the file has no such column\n"
        "    --month YYYY-MM    what was recorded in that month only\n"
        "    --region R         persons of one region only\n",
        command_verify },
    { "generate", "[--seed N] [OPTIONS]", "print a made-up county as JSON lines; the same seed gives the same lines",
        "  --persons N        of each region: 1000\n"
        "  --events N         records beside the departments' lists: 5000\n"
        "  --regions A,B,…    of 140425, 140522, 331127, 621000, 611000: the first two\n"
        "  --from D, --to D   when people leave hospital: 2023-01-01 to 2023-12-31\n"
        "  --mix NAME=PERCENT,…\n"
        "      of visits: corrected 6, voided 2, early_void 1, trial 2, changed 8 (identity), unadmitted 2, bad 0\n"
        "      of records: late 8, repeated 4\n",
        command_generate },
};

void command_help(const struct command *command, FILE *stream)
{
    fprintf(stream, "usage: settledctl %s %s\n%s\n%s", command->name, command->usage, command->summary, command->help);
}

void command_complain(const struct command *command, const char *format, ...)
{
    va_list arguments;
    fflush(stdout);
    fprintf(stderr, "settledctl %s: ", command->name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

int command_misused(const struct command *command)
{
    fprintf(stderr, "usage: settledctl %s %s\n", command->name, command->usage);
    return EXIT_CODE_INPUT;
}

static void print_help(FILE *stream)
{
    fprintf(stream, "usage: settledctl COMMAND …\n\n");
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        fprintf(stream, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fprintf(stream,
        "\n`settledctl COMMAND --help` lists its options; `settledctl --version` says which settled this is.\n"
        "Exit status: 0 done, 1 it could not be done, 2 the words or a line of input cannot be understood.\n");
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int refuse(const char *name)
{
    fprintf(stderr, "settledctl: %s%s%s; `settledctl --help` lists the commands\n",
        name == NULL ? "no command" : "no command `", name == NULL ? "" : name, name == NULL ? "" : "`");
    return EXIT_CODE_INPUT;
}

static int run(const struct command *command, int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        command_help(command, stdout);
        return EXIT_CODE_DONE;
    }
    int code = command->run(command, argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        command_complain(command, "standard output cannot be written");
        return EXIT_CODE_FAILED;
    }
    return code;
}

/* A map of the folder:
 *
 *   settledctl.c        this file: the table of commands
 *   command.h           what a command is, and its exit codes
 *   command_roster.c    sends an office's list, or only tries it
 *   command_list.c      writes a month's list for an office
 *   command_verify.c    finds what differs between topic, Redis and funds
 *   command_generate.c  prints a made-up county
 *   command_replay.c    settles JSON lines in memory, and prints what comes out
 *   command_produce.c   sends JSON lines to Kafka
 *   command_tail.c      prints topics
 *   command_topics.c    makes them
 *   command_rebuild.c   computes Redis again, or compares
 *   command_show.c      finds a person in Redis
 *   command_fund.c      finds a region's funds in Redis (fund_show.[ch]: as people and programs read them)
 *   command_close.c     says that a period is over (closing.[ch], which settled uses, too)
 *   command_policy.c    checks packs, explains rules
 *
 *   topic.[ch]          every topic: its message, its direction
 *   line.[ch]           a JSON line to a record and back
 *   whole_file.[ch]     a file as one text
 *   input.[ch]          the lines of files, each with its place
 *   reading.[ch]        outputs as people read them
 *   person.[ch]         a stored person as JSON
 *   packs.[ch]          where the policy packs are, and loading them
 *
 *   replay.[ch]         the stages and their engines, over memory
 *   log_feed.[ch]       the log of a replay: fed by hand, and what is committed comes straight back
 *   final.[ch]          the last settlement of every subject
 *
 *   rebuild.[ch]        one partition of one stage, built again by the engine's recovery
 *   rebuild_compare.[ch]  and compared with what lives
 *   stages.[ch]         the table of all stages
 *
 *   generate_plan.[ch]    of a made-up county: what is sent when
 *   generate_stay.[ch]    what a visit was
 *   generate_county.[ch]  who lives there
 *   generate_record.[ch]  visits as records
 *   generate_roster.[ch]  lists as records
 *   generate_random.[ch]  numbers from a seed
 *
 *   csv*.[ch]           separated values, and the encodings they come in
 *   roster_cell.[ch]    a cell of an office's list: identity numbers, names, days, amounts
 *   roster_words.[ch]   headings and words as offices write them (roster.yaml)
 *   roster_sheet.[ch]   a whole list, from bytes to rows
 *   roster_outgoing.[ch]  a list as records
 *   roster_options.[ch] what roster push is told
 *   roster_send.[ch]    to Kafka, and the receipt
 *   roster_preview.[ch] what would come of it, over what Redis holds (store_overlay.[ch])
 *   roster_report.[ch]  what came of it, in Chinese
 *
 *   list_*.[ch]         the records of a list as rows
 *   table*.[ch]         rows as XLSX or CSV
 *
 *   verify_book.[ch]    what the settlement topic says, added up (key_index.[ch])
 *   verify_compare.[ch] a person's stored ledger against it
 *   verify_persons.[ch] everybody's, beside a processor at work (verify_offsets.[ch])
 *   verify_report.[ch]  what is said of it
 *   verify_fund*.[ch]   the funds' ledgers, their entries and the payment requests
 *   verify_statement.[ch]  a hospital's file against the topic
 *   statement_*.[ch]    the file's rows, what the hospital is owed, and what differs
 *
 *   servers.[ch]        which Kafka and Redis a command speaks to
 *   kafka.[ch]          a Kafka client made from that
 *   kafka_reader.[ch]   topics read to their ends
 *   config_store.[ch]   the store of a stage, from it
 *   config.[ch]         the configuration file and its environment
 *   config_field.[ch]   every key of it
 *
 *   settled*.[ch]       the other program, whose map is above its main
 */
int main(int argc, char **argv)
{
    if (argc < 2)
        return refuse(NULL);
    if (strcmp(argv[1], "--help") == 0) {
        print_help(stdout);
        return EXIT_CODE_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("settledctl %s\n", SETTLED_VERSION);
        return EXIT_CODE_DONE;
    }
    const struct command *command = find(argv[1]);
    return command == NULL ? refuse(argv[1]) : run(command, argc - 1, argv + 1);
}
