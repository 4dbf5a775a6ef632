#include "state/month.h"

static const struct policy_watch_values *values_of(const struct month_close *close)
{
    const struct policy_version *version = policy_rule_near(close->pack, close->pack->watch, close->closed_on);
    return version == NULL ? NULL : &version->watch;
}

/* Pingshun art. 30: the list goes out by the 10th of the next month. */
day month_list_due(const struct month_close *close)
{
    const struct policy_watch_values *values = values_of(close);
    if (values == NULL)
        return DAY_FIRST;
    day next = day_first_of_next_month(day_of(close->year, close->month, 1));
    return day_add(next, values->list_day - 1);
}

/* ---- Claims (Pingshun art. 39) ---- */

/* Told while the claim can still be made: on the last of so many days before, up to the last day itself. */
static bool is_claim_soon_late(const struct month_close *close, const struct ledger_subject *subject, day *ret_deadline)
{
    const struct policy_watch_values *values = values_of(close);
    day deadline;
    if (subject->subject != SUBJECT_ENCOUNTER || !term_holds(subject->reasons, REASON_CLAIM_MISSING)
        || !policy_claim_deadline(close->pack, instant_day(subject->cause->discharge.discharged_at), &deadline))
        return false;
    int left = deadline.n - close->closed_on.n;
    if (left < 0 || left > values->claim_warning_days)
        return false;
    *ret_deadline = deadline;
    return true;
}

bool month_concerns(const struct month_close *close, const struct ledger *ledger)
{
    day deadline;
    if (values_of(close) == NULL)
        return false;
    for (size_t i = 0; i < ledger->watch_count; i++)
        if (ledger->watches[i].crossed)
            return true;
    for (size_t i = 0; i < ledger->subject_count; i++)
        if (is_claim_soon_late(close, &ledger->subjects[i], &deadline))
            return true;
    return false;
}

/* ---- Answers (Pingshun art. 31) ---- */

static struct text reply_of(const struct fact *fact)
{
    if (fact->kind == FACT_IDENTITY)
        return fact->identity.reply_to;
    return fact->kind == FACT_CASE ? fact->action.reply_to : TEXT_EMPTY;
}

static bool has_reply_to(const struct month_person *person, struct text warning_id)
{
    for (size_t i = 0; i < person->fact_count; i++)
        if (text_equal(reply_of(person->facts[i]), warning_id))
            return true;
    return false;
}

/* Departments work from the monthly list, too: who answers a line of it after the warning has answered the warning. */
static bool is_answered(const struct month_person *person, const struct told *warning)
{
    const struct told *end = person->told->items + person->told->count;
    for (const struct told *told = warning; told < end; told++)
        if (told->year == warning->year && told->kind != WATCH_CLAIM_DEADLINE && has_reply_to(person, told->warning_id))
            return true;
    return false;
}

/* A warning taken back awaits no answer; of several crossings of a year the last one does. */
static const struct told *overdue_in(
    const struct month_close *close, const struct month_person *person, const struct ledger_watch *watch)
{
    const struct told *warning = told_last(person->told, WATCH_CROSSED, watch->year);
    if (!watch->crossed || warning == NULL || warning->reply_due_on.n >= close->closed_on.n
        || told_has_subject(person->told, WATCH_REPLY_OVERDUE, warning->warning_id) || is_answered(person, warning))
        return NULL;
    return warning;
}

/* ---- All of it ---- */

struct alerts {
    struct month_alert *items;
    size_t count;
};

static void add_listed(struct alerts *alerts, const struct month_close *close, const struct month_person *person)
{
    int before_year = close->month == 1 ? close->year - 1 : close->year;
    int before_month = close->month == 1 ? 12 : close->month - 1;
    for (size_t i = 0; i < person->ledger->watch_count; i++) {
        const struct ledger_watch *watch = &person->ledger->watches[i];
        if (watch->year == close->year && watch->crossed)
            alerts->items[alerts->count++] = (struct month_alert){ .kind = WATCH_MONTHLY,
                .year = close->year,
                .watch = watch,
                .due_on = month_list_due(close),
                .is_new = !told_was_listed(person->told, before_year, before_month) };
    }
}

static void add_overdue(struct alerts *alerts, const struct month_close *close, const struct month_person *person)
{
    for (size_t i = 0; i < person->ledger->watch_count; i++) {
        const struct ledger_watch *watch = &person->ledger->watches[i];
        const struct told *warning = overdue_in(close, person, watch);
        if (warning != NULL)
            alerts->items[alerts->count++] = (struct month_alert){ .kind = WATCH_REPLY_OVERDUE,
                .year = watch->year,
                .watch = watch,
                .subject_id = warning->warning_id,
                .reply_due_on = warning->reply_due_on };
    }
}

static void add_claims(struct alerts *alerts, const struct month_close *close, const struct month_person *person)
{
    for (size_t i = 0; i < person->ledger->subject_count; i++) {
        const struct ledger_subject *subject = &person->ledger->subjects[i];
        day deadline;
        if (is_claim_soon_late(close, subject, &deadline)
            && !told_has_subject(person->told, WATCH_CLAIM_DEADLINE, subject->id))
            alerts->items[alerts->count++] = (struct month_alert){
                .kind = WATCH_CLAIM_DEADLINE, .year = subject->year, .subject_id = subject->id, .due_on = deadline
            };
    }
}

enum status month_alerts(struct arena *arena, const struct month_close *close, const struct month_person *person,
    struct month_alert **ret_alerts, size_t *ret_count)
{
    struct alerts alerts = { 0 };
    size_t most = 2 * person->ledger->watch_count + person->ledger->subject_count + 1;
    alerts.items = ARENA_ARRAY(arena, most, struct month_alert);
    if (alerts.items == NULL)
        return STATUS_ARENA_FULL;
    if (values_of(close) != NULL) {
        add_listed(&alerts, close, person);
        add_overdue(&alerts, close, person);
        add_claims(&alerts, close, person);
    }
    *ret_alerts = alerts.items;
    *ret_count = alerts.count;
    return STATUS_OK;
}
