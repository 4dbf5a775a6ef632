#include "cli/verify_report.h"

#include "policy/term.h"

#include <string.h>

/* The county, and what tells namesakes apart; what lies between is nobody's business. */
static void print_person(const struct verify_person *person, FILE *stream)
{
    const char *id = person->person_id;
    if (strlen(id) == 18)
        fprintf(stream, "%s %.6s********%s", person->region, id, id + 14);
    else
        fprintf(stream, "a person whom the topic does not know");
}

void verify_report_difference(
    const struct verify_person *person, const struct verify_difference *difference, FILE *stream)
{
    char topic[MONEY_TEXT_SIZE], ledger[MONEY_TEXT_SIZE], less[MONEY_TEXT_SIZE];
    print_person(person, stream);
    if (difference->subject != 0)
        fprintf(stream, " %s %.*s: topic %s, ledger %s, difference %s", term_name(TERM_SUBJECT, difference->subject),
            TEXT_FORMAT(difference->id), money_format(difference->topic, topic),
            money_format(difference->ledger, ledger),
            money_format(money_sub(difference->topic, difference->ledger), less));
    if (difference->count > 0)
        fprintf(stream, ", %zu record%s", difference->count, difference->count == 1 ? "" : "s");
    fprintf(stream, ": %s\n", verify_cause_sentence(difference->cause));
}

void verify_report_total(const struct verify_total *total, FILE *stream)
{
    char topic[MONEY_TEXT_SIZE], ledger[MONEY_TEXT_SIZE], outgo[MONEY_TEXT_SIZE];
    fprintf(stream,
        "compared %zu persons, %zu subjects, %zu settlements; topic %s, ledger %s; %zu sums of funds, outgo %s: ",
        total->persons, total->subjects, total->settlements, money_format(total->topic, topic),
        money_format(total->ledger, ledger), total->fund_sums, money_format(total->outgo, outgo));
    if (total->differences == 0)
        fprintf(stream, "all agree");
    else
        fprintf(stream, "%zu difference%s", total->differences, total->differences == 1 ? "" : "s");
    if (total->settled_meanwhile > 0)
        fprintf(stream, "; %zu read again, because they were being settled", total->settled_meanwhile);
    if (total->skipped > 0)
        fprintf(stream, "; skipped %zu who changed each time they were read", total->skipped);
    if (total->funds_moved)
        fprintf(stream, "; skipped the funds, which were being booked all the time");
    fputc('\n', stream);
}
