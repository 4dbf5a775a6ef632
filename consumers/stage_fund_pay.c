/* What goes out of a fund and what comes in. */
#include "consumers/stage_fund_parts.h"

/* The payee is new to the month: it is entered where the month's close finds it. */
static enum status enter(
    const struct fund_turn *turn, struct fund_place place, const struct store_key *key, struct fund_month *month)
{
    struct fund_value *index;
    place.chunk = month->payees / FUND_INDEX_SIZE;
    struct store_key index_key = stage_fund_index_key(turn->stage->config.key_secret, turn->region, &place);
    enum status status = stage_fund_value_get(turn, &index_key, FRAME_FUND_INDEX, &index);
    if (status != STATUS_OK)
        return status;
    CHECK(index->index.count == month->payees % FUND_INDEX_SIZE);
    index->index.keys[index->index.count++] = *key;
    stage_fund_value_keep(index);
    month->payees++;
    return STATUS_OK;
}

/* Of the parts of one payment, the first of each fund counts the settlement. */
static bool is_first_of_its_fund(const struct fund_payment *payment, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (payment->parts[i].fund == payment->parts[at].fund)
            return false;
    return true;
}

static enum status pay_part(
    const struct fund_turn *turn, struct fund_value *ledger, const struct fund_payment *payment, size_t at, int month)
{
    struct arena *arena = turn->turn->arena;
    const struct fund_part *part = &payment->parts[at];
    const struct fund_place place = { .month = month, .fund = part->fund };
    struct store_key key = stage_fund_sum_key(turn->stage->config.key_secret, turn->region, &place, &payment->payee);
    struct fund_month *booked;
    struct fund_value *value;
    enum status status = fund_ledger_pay(arena, &ledger->ledger, month, part, &booked);
    if (status == STATUS_OK)
        status = stage_fund_value_get(turn, &key, FRAME_FUND_PAYEE, &value);
    if (status == STATUS_OK && value->is_absent)
        status = enter(turn, place, &key, booked);
    if (status != STATUS_OK)
        return status;
    struct fund_sum *sum = &value->sum;
    if (value->is_absent)
        *sum = (struct fund_sum){ .fund = part->fund, .month = month, .payee = payment->payee };
    if (!text_is_empty(payment->payee.name))
        sum->payee.name = payment->payee.name;
    sum->amount = money_add(sum->amount, part->amount);
    sum->settlements += is_first_of_its_fund(payment, at);
    stage_fund_value_keep(value);
    return STATUS_OK;
}

enum status stage_fund_pay(const struct fund_turn *turn, struct fund_value *ledger, const struct fund_entry *entry)
{
    int month = fund_ledger_month_of(&ledger->ledger, entry->recorded_at);
    enum status status = STATUS_OK;
    stage_fund_value_keep(ledger);
    for (size_t i = 0; i < entry->payment.part_count && status == STATUS_OK; i++)
        status = pay_part(turn, ledger, &entry->payment, i, month);
    return status;
}

/* A row is taken back once for each time it stands; without one that says the same nothing is. */
enum status stage_fund_receive(const struct fund_turn *turn, struct fund_value *ledger, const struct fund_entry *entry)
{
    const struct fund_row *row = &entry->row;
    struct store_key key = stage_fund_row_key(turn->stage->config.key_secret, turn->region, row);
    struct fund_value *rows;
    enum status status = stage_fund_value_get(turn, &key, FRAME_FUND_ROW, &rows);
    if (status != STATUS_OK || (row->removed && rows->count == 0))
        return status;
    status = fund_ledger_receive(turn->turn->arena, &ledger->ledger, turn->pack, row);
    if (status != STATUS_OK)
        return status;
    stage_fund_value_keep(ledger);
    rows->count = row->removed ? rows->count - 1 : rows->count + 1;
    if (rows->count == 0)
        stage_fund_value_drop(rows);
    else
        stage_fund_value_keep(rows);
    return STATUS_OK;
}
