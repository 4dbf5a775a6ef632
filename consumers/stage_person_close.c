/* A period closes for everybody in the partition, some at a time. Each batch is a record to the own partition, in the
 * transaction of the one before: it names the places where it begins and where it ends, so that also a rebuild, which
 * may know more or fewer persons at this point, visits exactly those. After any crash the closing resumes, and a batch
 * that was done does nothing when it comes again. The last record says that everybody was visited, and lets the closing
 * that waits behind it begin. */
#include "consumers/home.h"
#include "consumers/stage_person_parts.h"
#include "producers/warning.h"
#include "state/month.h"

#include <stdio.h>

static const struct store_key behind_all = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff } };

/** One batch of a closing, or its end. */
struct visit {
    const struct person_turn *turn;
    const struct person_region *region;
    const struct period_close *close;
    int64_t listed;
    struct period_told *told; /* what was said in this batch */
    size_t told_count, told_capacity;
};

static struct text key_text(const struct store_key *key)
{
    return (struct text){ (const char *)key->bytes, sizeof key->bytes };
}

static bool is_month(const struct period_close *close)
{
    return close->month != 0 && money_is_zero(close->grant);
}

/* ---- Going on ---- */

static enum status send_on(const struct visit *visit, const struct period_close *close)
{
    const struct person_turn *turn = visit->turn;
    struct log_output output = {
        .topic = "period-close", .partition = turn->record->partition, .key = visit->region->region
    };
    enum status status = consumer_period_close_encode(close, turn->turn->arena, &output.value);
    return status == STATUS_OK ? outputs_add(turn->turn->outputs, &output) : status;
}

static struct period_close close_of(const struct visit *visit, const struct calendar_job *job)
{
    return (struct period_close){ .event_id = job->event_id,
        .recorded_at = job->recorded_at,
        .region = visit->region->region,
        .year = job->year,
        .month = job->month,
        .closed_on = job->closed_on,
        .grant = job->grant.per_head,
        .grant_on = job->grant.on,
        .partition = visit->turn->record->partition,
        .listed = visit->listed };
}

/* The batch behind `after` (empty: the first) of the closing under way. */
static enum status go_on(const struct visit *visit, struct text after)
{
    const struct person_turn *turn = visit->turn;
    size_t most = turn->stage->config.visit_most, count = 0;
    struct store_key from, *keys = ARENA_ARRAY(turn->turn->arena, most, struct store_key);
    if (keys == NULL)
        return STATUS_ARENA_FULL;
    if (!text_is_empty(after))
        memcpy(from.bytes, after.at, sizeof from.bytes);
    enum status status = view_scan(turn->turn->view, turn->record->partition, text_is_empty(after) ? NULL : &from, most,
        keys, &count, turn->turn->fault);
    if (status != STATUS_OK)
        return status;
    struct period_close next = close_of(visit, calendar_job_under_way(visit->region->calendar));
    next.cursor = after;
    next.until = key_text(count == most ? &keys[count - 1] : &behind_all);
    return send_on(visit, &next);
}

/* ---- What the close of a month says ---- */

static enum status note(struct visit *visit, const struct period_told *told)
{
    if (visit->told_count == visit->told_capacity) {
        size_t capacity = visit->told_capacity * 2 + 16;
        void *grown =
            arena_grow(visit->turn->turn->arena, visit->told, visit->told_count, capacity, sizeof *visit->told);
        if (grown == NULL)
            return STATUS_ARENA_FULL;
        visit->told = grown;
        visit->told_capacity = capacity;
    }
    visit->told[visit->told_count++] = *told;
    return STATUS_OK;
}

static term_set departments_of(const struct visit *visit)
{
    const struct policy_pack *pack = visit->region->pack;
    const struct policy_version *version = policy_rule_near(pack, pack->watch, visit->close->closed_on);
    return version == NULL ? 0 : version->watch.departments;
}

static struct producer_cause cause_of(const struct visit *visit)
{
    const struct person_turn *turn = visit->turn;
    return (struct producer_cause){ .topic = stage_person_topics[turn->record->topic],
        .record = turn->record,
        .recorded_at = visit->close->recorded_at,
        .emitted_at = turn->turn->now };
}

static enum status tell(struct visit *visit, const struct producer_person *person, const struct month_alert *alert)
{
    const struct period_close *close = visit->close;
    const struct producer_cause cause = cause_of(visit);
    struct producer_alert warning = { .kind = alert->kind,
        .year = alert->year,
        .key_person = alert->watch != NULL && alert->watch->key_person,
        .watch = alert->watch,
        .subject_id = alert->subject_id,
        .departments = departments_of(visit),
        .period = { close->year, close->month },
        .due_on = alert->due_on,
        .reply_due_on = alert->reply_due_on,
        .is_new = alert->is_new };
    enum status status = producer_warning_emit(visit->turn->turn->outputs, &cause, person, &warning);
    if (status != STATUS_OK)
        return status;
    visit->listed += alert->kind == WATCH_MONTHLY;
    const struct period_told told = { .person_id = person->person_id,
        .told = { .kind = alert->kind,
            .month = alert->kind == WATCH_MONTHLY ? close->month : 0,
            .year = (int16_t)alert->year,
            .warning_id = warning.warning_id,
            .subject_id = alert->subject_id } };
    return note(visit, &told);
}

static struct month_close month_of(const struct visit *visit)
{
    return (struct month_close){ .pack = visit->region->pack,
        .year = visit->close->year,
        .month = visit->close->month,
        .closed_on = visit->close->closed_on };
}

static enum status tell_all(struct visit *visit, const struct person *person, const struct ledger *ledger)
{
    const struct month_close month = month_of(visit);
    const struct producer_person whom = { .region = person->region,
        .person_id = person->person_id,
        .name = ledger->person_name,
        .pack = visit->region->pack };
    struct month_person at_close = { .ledger = ledger, .facts = person->facts, .fact_count = person->count };
    struct told_list *told = NULL;
    struct month_alert *alerts = NULL;
    struct view_entry *entry = NULL;
    size_t count = 0;
    if (!month_concerns(&month, ledger))
        return STATUS_OK;
    enum status status = stage_person_told(visit->turn, person->region, person->person_id, &entry, &told);
    at_close.told = told;
    if (status == STATUS_OK)
        status = month_alerts(visit->turn->stage->scratch, &month, &at_close, &alerts, &count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = tell(visit, &whom, &alerts[i]);
    return status;
}

/* A list's end is about nobody. Its key is one that is at home where the list's persons are, so that who reads the
 * topic partition by partition finds it behind them. */
static struct text end_key(const struct visit *visit)
{
    const struct log_record *record = visit->turn->record;
    const struct period_close *close = visit->close;
    char key[48];
    int length, number = 0;
    do
        length = snprintf(
            key, sizeof key, "%.*s|%04d-%02d|%d", TEXT_FORMAT(close->region), close->year, close->month, number++);
    while (record->partition < record->partition_count /* one of those that came later is nobody's home */
        && home_partition((struct text){ key, (size_t)length }, record->partition_count) != record->partition);
    return (struct text){ arena_copy(visit->turn->turn->arena, key, (size_t)length), (size_t)length };
}

static enum status tell_end(const struct visit *visit)
{
    const struct month_close month = month_of(visit);
    const struct producer_cause cause = cause_of(visit);
    const struct producer_person nobody = {
        .region = visit->region->region, .person_id = TEXT_EMPTY, .name = TEXT_EMPTY, .pack = visit->region->pack
    };
    struct producer_alert end = { .kind = WATCH_LIST_END,
        .year = month.year,
        .subject_id = TEXT_EMPTY,
        .departments = departments_of(visit),
        .period = { month.year, month.month },
        .due_on = month_list_due(&month),
        .count = visit->listed,
        .key = end_key(visit) };
    if (end.key.at == NULL)
        return STATUS_ARENA_FULL;
    return producer_warning_emit(visit->turn->turn->outputs, &cause, &nobody, &end);
}

/* ---- Visiting ---- */

/* Somebody of another region, a calendar, and what was told are passed over. */
static enum status visit_one(struct visit *visit, const struct store_key *key)
{
    const struct person_turn *turn = visit->turn;
    struct person_settling settling = { .region = visit->region, .recorded_at = visit->close->recorded_at };
    struct person *person = NULL;
    enum status status = view_get(turn->turn->view, turn->record->partition, key, &settling.entry, turn->turn->fault);
    if (status != STATUS_OK || !stage_person_is_person(settling.entry))
        return status;
    status = stage_person_open(turn, settling.entry, &person);
    if (status != STATUS_OK || !text_equal(person->region, visit->region->region))
        return status;
    status = stage_person_settle(turn, &settling);
    if (status == STATUS_OK && is_month(visit->close))
        status = tell_all(visit, person, &settling.ledger);
    arena_reset(turn->stage->scratch);
    return status;
}

static size_t count_up_to(const struct store_key *keys, size_t count, const struct store_key *until)
{
    size_t within = 0;
    while (within < count && memcmp(&keys[within], until, sizeof *until) <= 0)
        within++;
    return within;
}

/* Whoever came since the batch was cut stands in it, too. */
static enum status visit_all(struct visit *visit)
{
    const struct person_turn *turn = visit->turn;
    struct view *view = turn->turn->view;
    size_t most = turn->stage->config.visit_most, count = most, within = most;
    struct store_key after, until, *keys = ARENA_ARRAY(turn->turn->arena, most, struct store_key);
    bool is_first = text_is_empty(visit->close->cursor);
    if (keys == NULL)
        return STATUS_ARENA_FULL;
    memcpy(until.bytes, visit->close->until.at, sizeof until.bytes);
    if (!is_first)
        memcpy(after.bytes, visit->close->cursor.at, sizeof after.bytes);
    while (within == most) {
        enum status status =
            view_scan(view, turn->record->partition, is_first ? NULL : &after, most, keys, &count, turn->turn->fault);
        within = status == STATUS_OK ? count_up_to(keys, count, &until) : 0;
        if (status == STATUS_OK)
            status = view_fetch(view, turn->record->partition, keys, within, turn->turn->fault);
        for (size_t i = 0; i < within && status == STATUS_OK; i++)
            status = visit_one(visit, &keys[i]);
        if (status != STATUS_OK)
            return status;
        if (within != 0)
            after = keys[within - 1];
        is_first = is_first && within == 0;
    }
    return STATUS_OK;
}

/* ---- The records of a closing ---- */

/* Everything else was done already, or was not sent by this stage. */
static bool is_next(const struct period_close *close, const struct calendar *calendar)
{
    const struct calendar_job *job = calendar_job_under_way(calendar);
    return job != NULL && text_equal(job->event_id, close->event_id) && job->year == close->year
        && job->month == close->month && text_equal(calendar->reached, close->cursor);
}

static enum status take_step(struct visit *visit)
{
    const struct period_close *close = visit->close;
    const struct person_region *region = visit->region;
    if (close->until.length != sizeof behind_all.bytes || !is_next(close, region->calendar))
        return STATUS_OK;
    region->calendar->reached = close->until;
    region->entry->changed = true;
    enum status status = visit_all(visit);
    if (status == STATUS_OK)
        status = stage_person_send_told(visit->turn, close, visit->told, visit->told_count);
    if (status != STATUS_OK)
        return status;
    if (!text_equal(close->until, key_text(&behind_all)))
        return go_on(visit, close->until);
    struct period_close end = close_of(visit, calendar_job_under_way(region->calendar));
    end.cursor = close->until;
    end.ended = true;
    return send_on(visit, &end);
}

static enum status begin_next(struct visit *visit)
{
    visit->listed = 0;
    return calendar_job_under_way(visit->region->calendar) == NULL ? STATUS_OK : go_on(visit, TEXT_EMPTY);
}

static enum status take_end(struct visit *visit)
{
    const struct person_region *region = visit->region;
    enum status status = STATUS_OK;
    if (!text_equal(visit->close->cursor, key_text(&behind_all)) || !is_next(visit->close, region->calendar))
        return STATUS_OK;
    if (is_month(visit->close) && region->pack->watch != NULL)
        status = tell_end(visit);
    calendar_finish_job(region->calendar);
    region->entry->changed = true;
    return status == STATUS_OK ? begin_next(visit) : status;
}

static enum status take_opening(struct visit *visit)
{
    const struct period_close *close = visit->close;
    struct calendar *calendar = visit->region->calendar;
    const struct calendar_job job = { .event_id = close->event_id,
        .recorded_at = close->recorded_at,
        .closed_on = close->closed_on,
        .year = close->year,
        .month = close->month,
        .grant = { .event_id = close->event_id, .on = close->grant_on, .per_head = close->grant } };
    bool changed = false;
    enum status status = calendar_add_job(calendar, &job, &changed);
    if (status != STATUS_OK)
        return fault_set(visit->turn->turn->fault, status, "period", "%s", status_sentence(status));
    if (!changed)
        return STATUS_OK;
    visit->region->entry->changed = true;
    return calendar->job_count == 1 ? begin_next(visit) : STATUS_OK;
}

enum status stage_person_close(const struct person_turn *turn, const struct period_close *close)
{
    struct person_region region;
    if (close->told_count != 0)
        return stage_person_remember(turn, close);
    enum status status = stage_person_region(turn, close->region, close->pack, &region);
    if (status != STATUS_OK)
        return status;
    struct visit visit = { .turn = turn, .region = &region, .close = close, .listed = close->listed };
    if (!consumer_period_close_is_internal(close))
        return take_opening(&visit);
    return close->ended ? take_end(&visit) : take_step(&visit);
}
