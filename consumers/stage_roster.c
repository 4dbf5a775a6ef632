#include "consumers/stage_roster.h"

#include "consumers/roster_update.h"
#include "consumers/stage_roster_run.h"
#include "producers/rejection.h"
#include "producers/roster_receipt.h"
#include "state/bytes.h"

#include <stdlib.h>

struct roster_stage {
    struct stage stage;
    const struct consumer_context *context;
};

/* A decoded record: a part of a list, or "go on with step so-and-so". */
struct input {
    bool is_continuation;
    uint64_t step;
    struct roster_part part;
    struct text roster_key;
};

/* ---- Decode ---- */

static bool is_continuation(const struct log_record *record)
{
    for (size_t i = 0; i < record->header_count; i++)
        if (text_equal(record->headers[i].name, TEXT(ROSTER_CONTINUATION)))
            return true;
    return false;
}

static enum status decode_continuation(const struct log_record *record, struct input *input, struct fault *fault)
{
    struct bytes_reader cursor = bytes_reader_of(record->value);
    input->is_continuation = true;
    input->roster_key = record->key;
    input->step = bytes_get_number(&cursor);
    if (!bytes_at_end(&cursor))
        return fault_set(fault, STATUS_NOT_PROTOBUF, "", "not a continuation");
    return STATUS_OK;
}

/* A list under another key would lie in another partition than its running list. */
static enum status decode_part(const struct consumer_context *context, struct arena *arena,
    const struct log_record *record, struct input *input, struct fault *fault)
{
    enum status status = consumer_roster_update_decode(context, arena, record->value, &input->part, fault);
    if (status == STATUS_OK)
        status = consumer_roster_key(arena, &input->part.header, &input->roster_key);
    if (status == STATUS_OK && !text_equal(record->key, input->roster_key))
        return fault_set(fault, STATUS_KEY_MISMATCH, "", "the key must be region|department|kind|category");
    return status;
}

static enum status roster_decode(struct stage *stage, struct stage_turn *turn, const struct log_record *record,
    void **ret_input, struct store_key *ret_key)
{
    const struct consumer_context *context = ((const struct roster_stage *)stage)->context;
    struct input *input = ARENA_NEW(turn->arena, struct input);
    if (input == NULL)
        return STATUS_ARENA_FULL;
    enum status status = is_continuation(record) ? decode_continuation(record, input, turn->fault)
                                                 : decode_part(context, turn->arena, record, input, turn->fault);
    if (status != STATUS_OK)
        return status;
    *ret_input = input;
    *ret_key = roster_key_of_head(input->roster_key);
    return STATUS_OK;
}

/* ---- Apply: a part ---- */

static enum status put_slice(
    struct roster_run *run, const struct roster_job *job, uint32_t slice, const struct roster_slice *rows)
{
    struct store_key key = roster_key_of_slice(&job->key, rows->part, slice);
    struct roster_value *value;
    if (rows->count == 0)
        return STATUS_OK;
    enum status status = roster_value_get(&run->view, &key, ROSTER_VALUE_SLICE, &value);
    if (status != STATUS_OK)
        return status;
    value->slice = *rows;
    roster_value_keep(value);
    return STATUS_OK;
}

/* The rows of one slice, in their order, into `to`. */
static size_t pick_rows(const struct roster_part *part, uint32_t slice, uint32_t slices, struct roster_row *to)
{
    size_t count = 0;
    for (size_t i = 0; i < part->row_count; i++)
        if (roster_slice_of(roster_shard_of(part->rows[i].person_id), slices) == slice)
            to[count++] = part->rows[i];
    return count;
}

/* Spreads the rows of a part over its slices: each is read once, when its shards are applied. */
static enum status put_rows(struct roster_run *run, const struct roster_job *job, const struct roster_part *part)
{
    uint32_t slices = roster_slices_of(part->header.parts);
    struct roster_row *room = ARENA_ARRAY(run->turn->arena, part->row_count, struct roster_row);
    enum status status = room == NULL ? STATUS_ARENA_FULL : STATUS_OK;
    for (uint32_t slice = 0; slice < slices && status == STATUS_OK; slice++) {
        struct roster_slice rows = { .part = part->part, .rows = room };
        rows.count = pick_rows(part, slice, slices, room);
        room += rows.count;
        status = put_slice(run, job, slice, &rows);
    }
    return status;
}

/* A list that waits for nobody is begun at once. One that does is begun by a continuation that is on its way; it is
 * sent again, so that no list waits for ever if a rebuild by another version should find the steps of the log too
 * few. */
static enum status queue(struct roster_run *run, const struct roster_job *job)
{
    struct roster_head *head = &run->head->head;
    bool is_first = head->job_count == 0;
    enum status status = roster_head_push(run->turn->arena, head, &job->key);
    if (status != STATUS_OK)
        return status;
    roster_value_keep(run->head);
    return is_first ? stage_roster_advance(run) : stage_roster_continue(run);
}

/* What has been put down of it is discarded in its turn. */
static enum status refuse(struct roster_run *run, struct roster_job *job, enum status reason)
{
    struct roster_list *list = &job->value->list;
    bool has_rows = list->parts_in > 0 && reason != STATUS_DATE_MISMATCH;
    list->state = ROSTER_LIST_REFUSED;
    list->reason = reason;
    enum status status = stage_roster_tell_refused(run, job);
    return status == STATUS_OK && has_rows ? queue(run, job) : status;
}

/* It came after all was decided: told, and without effect. */
static enum status tell_differing(struct roster_run *run, const struct roster_job *job, const struct roster_part *part)
{
    struct roster_digest both[] = { part->header_digest, part->content_digest };
    struct roster_digest differing = roster_digest_of((struct text){ (const char *)both, sizeof both });
    const struct producer_receipt receipt = { .header = &part->header,
        .list = &job->key,
        .roster_key = run->roster_key,
        .reason = STATUS_PARTS_DISAGREE,
        .counts = { .rows = (int64_t)part->row_count, .refused = (int64_t)part->row_count },
        .number = 1,
        .numbers = 1,
        .differing = &differing,
        .emitted_at = run->turn->now,
        .cause = run->record };
    return producer_roster_receipt_emit(run->turn->outputs, &receipt);
}

static enum status take_new(struct roster_run *run, struct roster_job *job, const struct roster_part *part)
{
    struct roster_list *list = &job->value->list;
    bool is_open = list->state == ROSTER_LIST_OPEN;
    roster_list_enter(list, part);
    roster_value_keep(job->value);
    if (!is_open)
        return STATUS_OK;
    if (roster_dates_mismatch(&list->header))
        return refuse(run, job, STATUS_DATE_MISMATCH);
    enum status status = put_rows(run, job, part);
    return status == STATUS_OK && list->state == ROSTER_LIST_COMPLETE ? queue(run, job) : status;
}

static enum status take_differing(struct roster_run *run, struct roster_job *job, const struct roster_part *part)
{
    if (job->value->list.state != ROSTER_LIST_OPEN)
        return tell_differing(run, job, part);
    roster_value_keep(job->value);
    return refuse(run, job, STATUS_PARTS_DISAGREE);
}

static enum status apply_part(struct roster_run *run, const struct roster_part *part)
{
    struct arena *arena = run->turn->arena;
    struct store_key key;
    struct roster_job job;
    enum status status = roster_key_of_list(arena, &run->head_key, &part->header, &key);
    if (status == STATUS_OK)
        status = stage_roster_find(run, &key, &job);
    if (status == STATUS_OK && job.value->is_absent)
        status = roster_list_begin(arena, part, &job.value->list);
    if (status != STATUS_OK)
        return status;
    switch (roster_list_judge(&job.value->list, part)) {
    case ROSTER_PART_NEW:
        return take_new(run, &job, part);
    case ROSTER_PART_REPEAT:
        return STATUS_OK;
    case ROSTER_PART_DISAGREES:
        return take_differing(run, &job, part);
    }
    return STATUS_INVARIANT_BROKEN;
}

static enum status apply_continuation(struct roster_run *run, uint64_t step)
{
    const struct roster_head *head = &run->head->head;
    bool is_next = head->job_count > 0 && head->step == step;
    return is_next ? stage_roster_advance(run) : STATUS_OK;
}

static enum status roster_apply(
    struct stage *stage, struct stage_turn *turn, const struct log_record *record, void *decoded)
{
    const struct input *input = decoded;
    struct roster_run run;
    enum status status = stage_roster_open(&run, turn, record, input->roster_key);
    if (status != STATUS_OK)
        return status;
    run.packs = ((const struct roster_stage *)stage)->context->packs;
    return input->is_continuation ? apply_continuation(&run, input->step) : apply_part(&run, &input->part);
}

static enum status roster_reject(struct stage *stage, struct stage_turn *turn, const struct log_record *record)
{
    (void)stage;
    const struct rejection rejection = { .record = record, .topic = ROSTER_TOPIC, .at = turn->now };
    return producer_rejection_emit(turn->outputs, &rejection, turn->fault);
}

static enum status roster_encode(
    struct stage *stage, struct arena *arena, const struct view_entry *entry, struct text *ret_bytes)
{
    (void)stage;
    return roster_value_encode(arena, entry->object, ret_bytes);
}

static void roster_free(struct stage *stage)
{
    free(stage);
}

struct stage *stage_roster_new(const struct consumer_context *context)
{
    static const char *const topics[] = { ROSTER_TOPIC, NULL };
    static const struct stage_ops ops = { .name = "roster",
        .topics = topics,
        .decode = roster_decode,
        .apply = roster_apply,
        .reject = roster_reject,
        .encode = roster_encode,
        .free = roster_free };
    struct roster_stage *stage = calloc(1, sizeof *stage);
    if (stage == NULL)
        return NULL;
    stage->stage.ops = &ops;
    stage->context = context;
    return &stage->stage;
}
