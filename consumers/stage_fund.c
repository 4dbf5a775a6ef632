#include "consumers/stage_fund_parts.h"

#include "consumers/fund_entry.h"
#include "consumers/home.h"
#include "consumers/period_close.h"
#include "producers/fund_entry.h"
#include "producers/rejection.h"

#include <stdlib.h>

enum { FROM_SETTLEMENT, FROM_PERIOD_CLOSE, FROM_FUND_ENTRY };
const char *const stage_fund_topics[] = { "settlement", "period-close", FUND_ENTRY_TOPIC, NULL };

/** A decoded record: entries to pass on, or the entry that is to be booked. */
struct input {
    struct fund_moves moves; /* of a close the one entry that tells it, if any */
    struct fund_entry entry;
    const struct policy_pack *pack;
};

/* ---- Decoding ---- */

/* A close is passed on once: by the region's home partition, which gets it like every other. The announcement of a
 * grant closes nothing. */
static bool tells_of_an_end(const struct log_record *record, const struct period_close *close)
{
    bool is_home =
        record->partition_count == 0 || home_partition(close->region, record->partition_count) == record->partition;
    return is_home && money_is_zero(close->grant) && !consumer_period_close_is_internal(close);
}

static enum status decode_close(
    const struct stage_fund *stage, struct stage_turn *turn, const struct log_record *record, struct input *input)
{
    struct period_close close;
    enum status status =
        consumer_period_close_decode(&stage->config.context, turn->arena, record->value, &close, turn->fault);
    /* Whoever sent it is told by the person stage, which reads it too. */
    if (status_class(status) == STATUS_CLASS_REJECT)
        return STATUS_OK;
    if (status != STATUS_OK || !tells_of_an_end(record, &close))
        return status;
    struct fund_entry *entry = &input->moves.entries[input->moves.count++];
    *entry = (struct fund_entry){ .kind = FUND_ENTRY_CLOSE, .region = close.region, .recorded_at = close.recorded_at };
    entry->close = (struct fund_close){ .year = close.year, .month = close.month, .cursor = TEXT_EMPTY };
    return STATUS_OK;
}

static enum status decode_input(
    const struct stage_fund *stage, struct stage_turn *turn, const struct log_record *record, struct input *input)
{
    if (record->topic == FROM_SETTLEMENT)
        return consumer_fund_moves_decode(turn->arena, record->value, &input->moves, turn->fault);
    if (record->topic == FROM_PERIOD_CLOSE)
        return decode_close(stage, turn, record, input);
    return consumer_fund_entry_decode(
        &stage->config.context, turn->arena, record->value, &input->entry, &input->pack, turn->fault);
}

/* What will be read first. A payment's sum is guessed to be of the month in which it was recorded; where that is closed
 * it is read when it is needed. */
static struct store_key key_of(const struct stage_fund *stage, const struct fund_entry *entry)
{
    const uint8_t *secret = stage->config.key_secret;
    if (entry->kind != FUND_ENTRY_PAYMENT || entry->payment.part_count == 0)
        return stage_fund_ledger_key(secret, entry->region);
    struct day_parts on = day_parts(instant_day(entry->recorded_at));
    const struct fund_place place = { .month = FUND_MONTH(on.year, on.month), .fund = entry->payment.parts[0].fund };
    return stage_fund_sum_key(secret, entry->region, &place, &entry->payment.payee);
}

static enum status decode(struct stage *base, struct stage_turn *turn, const struct log_record *record,
    void **ret_input, struct store_key *ret_key)
{
    const struct stage_fund *stage = (const struct stage_fund *)base;
    struct input *input = ARENA_NEW(turn->arena, struct input);
    if (input == NULL)
        return STATUS_ARENA_FULL;
    enum status status = decode_input(stage, turn, record, input);
    if (status != STATUS_OK)
        return status;
    bool is_booked = record->topic == FROM_FUND_ENTRY;
    *ret_key = is_booked ? key_of(stage, &input->entry) : stage_fund_ledger_key(stage->config.key_secret, TEXT_EMPTY);
    *ret_input = input;
    return STATUS_OK;
}

/* ---- Applying ---- */

static enum status pass_on(const struct fund_turn *turn, const struct fund_moves *moves)
{
    const struct producer_cause cause = stage_fund_cause(turn);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < moves->count && status == STATUS_OK; i++)
        status = producer_fund_entry_emit(turn->turn->outputs, &cause, &moves->entries[i], (unsigned)i);
    return status;
}

static enum status book(const struct fund_turn *turn, const struct fund_entry *entry)
{
    struct store_key key = stage_fund_ledger_key(turn->stage->config.key_secret, turn->region);
    struct fund_value *ledger;
    enum status status = stage_fund_value_get(turn, &key, FRAME_FUND_LEDGER, &ledger);
    if (status != STATUS_OK)
        return status;
    ledger->ledger.region = turn->region;
    switch ((enum fund_entry_kind)entry->kind) {
    case FUND_ENTRY_PAYMENT:
        return stage_fund_pay(turn, ledger, entry);
    case FUND_ENTRY_INCOME:
        return stage_fund_receive(turn, ledger, entry);
    case FUND_ENTRY_CLOSE:
        return stage_fund_close(turn, ledger, entry);
    }
    return STATUS_INVARIANT_BROKEN;
}

static enum status apply(struct stage *base, struct stage_turn *turn, const struct log_record *record, void *decoded)
{
    const struct input *input = decoded;
    const struct fund_turn fund_turn = { .stage = (const struct stage_fund *)base,
        .turn = turn,
        .record = record,
        .pack = input->pack,
        .region = input->entry.region };
    return record->topic == FROM_FUND_ENTRY ? book(&fund_turn, &input->entry) : pass_on(&fund_turn, &input->moves);
}

static enum status reject(struct stage *base, struct stage_turn *turn, const struct log_record *record)
{
    (void)base;
    const struct rejection rejection = { .record = record, .topic = stage_fund_topics[record->topic], .at = turn->now };
    return producer_rejection_emit(turn->outputs, &rejection, turn->fault);
}

static enum status encode(
    struct stage *base, struct arena *arena, const struct view_entry *entry, struct text *ret_bytes)
{
    (void)base;
    return stage_fund_value_encode(arena, entry->object, ret_bytes);
}

static void stage_free(struct stage *base)
{
    free(base);
}

struct stage *stage_fund_new(const struct stage_fund_config *config)
{
    static const struct stage_ops ops = { .name = "fund",
        .topics = stage_fund_topics,
        .decode = decode,
        .apply = apply,
        .reject = reject,
        .encode = encode,
        .free = stage_free };
    struct stage_fund *stage = calloc(1, sizeof *stage);
    if (stage == NULL)
        return NULL;
    stage->stage.ops = &ops;
    stage->config = *config;
    return &stage->stage;
}
