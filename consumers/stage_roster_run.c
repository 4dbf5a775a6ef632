#include "consumers/stage_roster_run.h"

#include "base/sort.h"
#include "consumers/roster_update.h"
#include "consumers/stage_roster.h"
#include "producers/roster_receipt.h"
#include "state/bytes.h"

/* What a shard costs beside its rows, and a stored value beside what is in it: both are read one by one. Like
 * ROSTER_STEP_WORK never changed: a rebuild must take the steps that the log's continuations name. */
#define SHARD_WORK 16
#define VALUE_WORK 4

/* The rows of one slice of the job at hand, by shard. */
struct slice_rows {
    bool is_loaded;
    uint32_t slice;
    const struct roster_row **rows;
    size_t first[ROSTER_SHARDS + 1]; /* where each shard's rows begin */
};

struct step {
    struct roster_run *run;
    struct roster_head *head;
    struct roster_job job;
    struct roster_list *list;
    struct slice_rows slice;
    size_t work;
};

enum status stage_roster_open(
    struct roster_run *run, struct stage_turn *turn, const struct log_record *record, struct text roster_key)
{
    *run = (struct roster_run){ .turn = turn, .record = record, .roster_key = roster_key };
    run->view = (struct roster_view){ turn, record->partition };
    run->head_key = roster_key_of_head(roster_key);
    return roster_value_get(&run->view, &run->head_key, ROSTER_VALUE_HEAD, &run->head);
}

enum status stage_roster_find(struct roster_run *run, const struct store_key *list_key, struct roster_job *ret_job)
{
    ret_job->key = *list_key;
    return roster_value_get(&run->view, list_key, ROSTER_VALUE_LIST, &ret_job->value);
}

/* ---- Slices: the rows of a list, as they were put down when their parts came ---- */

static enum status slice_get(struct step *step, int32_t part, uint32_t slice, struct roster_value **ret_value)
{
    struct store_key key = roster_key_of_slice(&step->job.key, part, slice);
    step->work += VALUE_WORK;
    return roster_value_get(&step->run->view, &key, ROSTER_VALUE_SLICE, ret_value);
}

/* Sorts the rows of all parts of a slice into their shards, in part and row order. */
static void deal_rows(struct roster_value *const *values, int32_t parts, struct slice_rows *slice)
{
    size_t next[ROSTER_SHARDS + 1] = { 0 };
    for (int32_t part = 0; part < parts; part++)
        for (size_t i = 0; i < values[part]->slice.count; i++)
            next[roster_shard_of(values[part]->slice.rows[i].person_id) + 1]++;
    for (uint32_t shard = 0; shard < ROSTER_SHARDS; shard++)
        next[shard + 1] += next[shard];
    memcpy(slice->first, next, sizeof next);
    for (int32_t part = 0; part < parts; part++)
        for (size_t i = 0; i < values[part]->slice.count; i++) {
            const struct roster_row *row = &values[part]->slice.rows[i];
            slice->rows[next[roster_shard_of(row->person_id)]++] = row;
        }
}

static enum status load_slice(struct step *step, uint32_t slice)
{
    struct arena *arena = step->run->turn->arena;
    int32_t parts = step->list->header.parts;
    size_t count = 0;
    if (step->slice.is_loaded && step->slice.slice == slice)
        return STATUS_OK;
    struct roster_value **values = ARENA_ARRAY(arena, (size_t)parts, struct roster_value *);
    if (values == NULL)
        return STATUS_ARENA_FULL;
    for (int32_t part = 1; part <= parts; part++) {
        enum status status = slice_get(step, part, slice, &values[part - 1]);
        if (status != STATUS_OK)
            return status;
        count += values[part - 1]->slice.count;
    }
    step->slice = (struct slice_rows){ .is_loaded = true, .slice = slice };
    step->slice.rows = ARENA_ARRAY(arena, count, const struct roster_row *);
    if (step->slice.rows == NULL)
        return STATUS_ARENA_FULL;
    deal_rows(values, parts, &step->slice);
    return STATUS_OK;
}

static enum status drop_slice(struct step *step, uint32_t slice)
{
    for (int32_t part = 1; part <= step->list->header.parts; part++) {
        struct roster_value *value;
        if (!roster_list_has(step->list, part))
            continue;
        enum status status = slice_get(step, part, slice, &value);
        if (status != STATUS_OK)
            return status;
        roster_value_drop(value);
    }
    return STATUS_OK;
}

/* ---- Applying ---- */

static void keep_running(struct roster_value *value, const struct roster_result *result)
{
    if (result->entry_count == 0) {
        roster_value_drop(value);
        return;
    }
    value->running = (struct roster_running){ result->entries, result->entry_count };
    roster_value_keep(value);
}

static enum status keep_refusals(struct step *step, const struct roster_result *result)
{
    struct store_key key = roster_key_of_refusals(&step->job.key, step->head->shard);
    struct roster_value *value;
    if (result->refusal_count == 0)
        return STATUS_OK;
    enum status status = roster_value_get(&step->run->view, &key, ROSTER_VALUE_REFUSALS, &value);
    if (status != STATUS_OK)
        return status;
    value->refusals = (struct roster_refusals){ result->refusals, result->refusal_count };
    roster_value_keep(value);
    step->head->refusing_shards |= UINT64_C(1) << step->head->shard;
    return STATUS_OK;
}

static enum status finish_shard(struct step *step, struct roster_value *running, const struct roster_result *result)
{
    if (running != NULL && result->change_count > 0)
        keep_running(running, result);
    enum status status = keep_refusals(step, result);
    if (status == STATUS_OK)
        status = stage_roster_emit_changes(step->run, &step->job, result->changes, result->change_count);
    roster_counts_add(&step->head->counts, &result->counts);
    return status;
}

/* A shard that no row is in does not change unless the list is FULL. */
static enum status apply_rows(struct step *step, struct roster_shard *shard)
{
    struct store_key key = roster_key_of_shard(&step->run->head_key, step->head->shard);
    const struct roster_header *header = &step->list->header;
    struct roster_value *running = NULL;
    struct roster_result result;
    enum status status = STATUS_OK;
    if (shard->row_count == 0 && !roster_is_full(header))
        return STATUS_OK;
    if (roster_is_running(header))
        status = roster_value_get(&step->run->view, &key, ROSTER_VALUE_RUNNING, &running);
    if (status != STATUS_OK)
        return status;
    if (running != NULL && !running->is_absent) {
        shard->entries = running->running.entries;
        shard->entry_count = running->running.count;
    }
    step->work += shard->row_count + shard->entry_count;
    status = roster_shard_apply(step->run->turn->arena, header, shard, &result);
    return status == STATUS_OK ? finish_shard(step, running, &result) : status;
}

static enum status apply_shard(struct step *step)
{
    uint32_t shard = step->head->shard, slices = roster_slices_of(step->list->header.parts);
    uint32_t slice = roster_slice_of(shard, slices);
    enum status status = load_slice(step, slice);
    if (status != STATUS_OK)
        return status;
    struct roster_shard rows = { .rows = step->slice.rows + step->slice.first[shard] };
    rows.row_count = step->slice.first[shard + 1] - step->slice.first[shard];
    status = apply_rows(step, &rows);
    if (status != STATUS_OK)
        return status;
    step->work += SHARD_WORK;
    step->head->shard++;
    bool is_last = step->head->shard == ROSTER_SHARDS;
    if (is_last)
        step->head->phase = ROSTER_PHASE_RECEIPT;
    return is_last || roster_slice_of(step->head->shard, slices) != slice ? drop_slice(step, slice) : STATUS_OK;
}

/* ---- Receipts ---- */

static struct producer_receipt receipt_of(const struct roster_run *run, const struct roster_job *job)
{
    return (struct producer_receipt){ .header = &job->value->list.header,
        .list = &job->key,
        .roster_key = run->roster_key,
        .number = 1,
        .numbers = 1,
        .emitted_at = run->turn->now,
        .cause = run->record };
}

enum status stage_roster_tell_refused(struct roster_run *run, const struct roster_job *job)
{
    const struct roster_list *list = &job->value->list;
    struct producer_receipt receipt = receipt_of(run, job);
    receipt.reason = list->reason;
    receipt.counts.rows = receipt.counts.refused = list->rows;
    return producer_roster_receipt_emit(run->turn->outputs, &receipt);
}

typedef void (*refusals_visit)(struct roster_value *value, void *context);

static enum status each_refusals(struct step *step, refusals_visit visit, void *context)
{
    for (uint32_t shard = 0; shard < ROSTER_SHARDS; shard++) {
        struct store_key key = roster_key_of_refusals(&step->job.key, shard);
        struct roster_value *value;
        if ((step->head->refusing_shards >> shard & 1) == 0)
            continue;
        step->work += VALUE_WORK;
        enum status status = roster_value_get(&step->run->view, &key, ROSTER_VALUE_REFUSALS, &value);
        if (status != STATUS_OK)
            return status;
        visit(value, context);
    }
    return STATUS_OK;
}

struct gathered {
    const void **refusals;
    size_t count;
};

static void gather(struct roster_value *value, void *context)
{
    struct gathered *gathered = context;
    for (size_t i = 0; i < value->refusals.count; i++)
        gathered->refusals[gathered->count++] = &value->refusals.items[i];
}

static void drop_refusals(struct roster_value *value, void *context)
{
    (void)context;
    roster_value_drop(value);
}

/* Rows were refused shard by shard, and are told in part and row order. */
static enum status gather_refusals(struct step *step, struct gathered *ret_gathered)
{
    struct arena *arena = step->run->turn->arena;
    size_t count = (size_t)step->head->counts.refused;
    struct gathered gathered = { .refusals = ARENA_ARRAY(arena, count, const void *) };
    if (gathered.refusals == NULL)
        return STATUS_ARENA_FULL;
    enum status status = each_refusals(step, gather, &gathered);
    if (status != STATUS_OK)
        return status;
    CHECK(gathered.count == count);
    *ret_gathered = gathered;
    return sort_pointers(arena, gathered.refusals, count, roster_refusal_order);
}

static enum status fill_rows(struct step *step, const struct gathered *gathered, struct producer_receipt *receipt)
{
    size_t first = (size_t)(receipt->number - 1) * RECEIPT_ROWS_MAX, left = gathered->count - first;
    receipt->refusal_count = left < RECEIPT_ROWS_MAX ? left : RECEIPT_ROWS_MAX;
    struct roster_refusal *rows = ARENA_ARRAY(step->run->turn->arena, receipt->refusal_count, struct roster_refusal);
    if (rows == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < receipt->refusal_count; i++)
        rows[i] = *(const struct roster_refusal *)gathered->refusals[first + i];
    receipt->refusals = rows;
    step->work += receipt->refusal_count;
    return STATUS_OK;
}

static enum status end_job(struct step *step)
{
    enum status status = each_refusals(step, drop_refusals, NULL);
    if (roster_is_full(&step->list->header)) {
        step->head->has_full = true;
        step->head->full_stated_on = step->list->header.stated_on;
    }
    roster_head_pop(step->head);
    return status;
}

static enum status tell_taken(struct step *step)
{
    struct gathered gathered;
    struct producer_receipt receipt = receipt_of(step->run, &step->job);
    enum status status = gather_refusals(step, &gathered);
    if (status != STATUS_OK)
        return status;
    receipt.number = (int32_t)++step->head->receipts;
    receipt.numbers = (int32_t)((gathered.count + RECEIPT_ROWS_MAX - 1) / RECEIPT_ROWS_MAX);
    if (receipt.numbers == 0)
        receipt.numbers = 1;
    receipt.counts = step->head->counts;
    status = fill_rows(step, &gathered, &receipt);
    if (status == STATUS_OK)
        status = producer_roster_receipt_emit(step->run->turn->outputs, &receipt);
    if (status == STATUS_OK && receipt.number == receipt.numbers)
        status = end_job(step);
    return status;
}

/* ---- The steps of a job ---- */

static enum status begin_job(struct step *step)
{
    step->head->phase = ROSTER_PHASE_APPLY;
    if (step->list->state == ROSTER_LIST_COMPLETE && !roster_head_is_past(step->head, &step->list->header))
        return STATUS_OK;
    step->head->phase = ROSTER_PHASE_DISCARD;
    if (step->list->state == ROSTER_LIST_REFUSED)
        return STATUS_OK;
    step->list->state = ROSTER_LIST_REFUSED;
    step->list->reason = STATUS_OUT_OF_ORDER;
    roster_value_keep(step->job.value);
    return stage_roster_tell_refused(step->run, &step->job);
}

static enum status discard_slice(struct step *step)
{
    enum status status = drop_slice(step, step->head->shard++);
    if (step->head->shard == roster_slices_of(step->list->header.parts))
        roster_head_pop(step->head);
    return status;
}

static enum status do_some(struct step *step)
{
    const struct roster_value *last = step->job.value;
    enum status status = stage_roster_find(step->run, &step->head->jobs[0], &step->job);
    if (status != STATUS_OK)
        return status;
    step->list = &step->job.value->list;
    if (step->job.value != last)
        step->slice.is_loaded = false;
    switch ((enum roster_phase)step->head->phase) {
    case ROSTER_PHASE_BEGIN:
        return begin_job(step);
    case ROSTER_PHASE_APPLY:
        return apply_shard(step);
    case ROSTER_PHASE_RECEIPT:
        return tell_taken(step);
    case ROSTER_PHASE_DISCARD:
        return discard_slice(step);
    }
    return fault_set(step->run->turn->fault, STATUS_BAD_STATE, "roster", "unknown phase %d", (int)step->head->phase);
}

/* Names the step that is next: whoever names another, by mistake or malice, is not listened to. */
enum status stage_roster_continue(struct roster_run *run)
{
    struct arena *arena = run->turn->arena;
    struct bytes_writer cursor = bytes_writer_of(arena, 16);
    struct log_header *headers = ARENA_ARRAY(arena, run->record->header_count + 1, struct log_header);
    bytes_put_number(&cursor, run->head->head.step);
    if (headers == NULL || cursor.failed)
        return STATUS_ARENA_FULL;
    struct log_output output = { .topic = ROSTER_TOPIC, .partition = run->record->partition, .key = run->roster_key };
    output.value = bytes_written(&cursor);
    headers[output.header_count++] = (struct log_header){ TEXT(ROSTER_CONTINUATION), TEXT("1") };
    for (size_t i = 0; i < run->record->header_count; i++)
        if (text_equal(run->record->headers[i].name, TEXT("traceparent")))
            headers[output.header_count++] = run->record->headers[i];
    output.headers = headers;
    return outputs_add(run->turn->outputs, &output);
}

enum status stage_roster_advance(struct roster_run *run)
{
    struct step step = { .run = run, .head = &run->head->head };
    enum status status = STATUS_OK;
    roster_value_keep(run->head);
    while (status == STATUS_OK && step.head->job_count > 0 && step.work < ROSTER_STEP_WORK)
        status = do_some(&step);
    if (status != STATUS_OK || step.head->job_count == 0)
        return status;
    step.head->step++;
    return stage_roster_continue(run);
}
