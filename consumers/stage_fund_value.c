/* Where the fund stage's values are stored, and how they are read and written. Payees are persons too: a key is a keyed
 * hash. */
#include "consumers/stage_fund_parts.h"

#include <sodium.h>

/* ---- Keys ---- */

/* Each part goes in behind its length, so that no two lists of parts run together. */
static void add_text(crypto_generichash_state *state, struct text text)
{
    uint64_t length = text.length;
    crypto_generichash_update(state, (const uint8_t *)&length, sizeof length);
    crypto_generichash_update(state, (const uint8_t *)text.at, text.length);
}

static void add_number(crypto_generichash_state *state, int64_t number)
{
    crypto_generichash_update(state, (const uint8_t *)&number, sizeof number);
}

static crypto_generichash_state begin(const uint8_t secret[16], struct text what, struct text region)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, secret, 16, sizeof((struct store_key *)NULL)->bytes);
    add_text(&state, what);
    add_text(&state, region);
    return state;
}

static struct store_key end(crypto_generichash_state *state)
{
    struct store_key key;
    crypto_generichash_final(state, key.bytes, sizeof key.bytes);
    return key;
}

struct store_key stage_fund_ledger_key(const uint8_t secret[16], struct text region)
{
    crypto_generichash_state state = begin(secret, TEXT("ledger"), region);
    return end(&state);
}

struct store_key stage_fund_sum_key(
    const uint8_t secret[16], struct text region, const struct fund_place *place, const struct fund_payee *payee)
{
    crypto_generichash_state state = begin(secret, TEXT("sum"), region);
    add_number(&state, place->month);
    add_number(&state, place->fund);
    add_number(&state, payee->kind);
    add_text(&state, payee->id);
    return end(&state);
}

struct store_key stage_fund_index_key(const uint8_t secret[16], struct text region, const struct fund_place *place)
{
    crypto_generichash_state state = begin(secret, TEXT("index"), region);
    add_number(&state, place->month);
    add_number(&state, place->fund);
    add_number(&state, place->chunk);
    return end(&state);
}

struct store_key stage_fund_row_key(const uint8_t secret[16], struct text region, const struct fund_row *row)
{
    crypto_generichash_state state = begin(secret, TEXT("row"), region);
    add_number(&state, row->fund);
    add_number(&state, row->source);
    add_number(&state, row->on.n);
    add_number(&state, row->amount.fen);
    return end(&state);
}

/* ---- Values ---- */

static enum status decode(struct arena *arena, struct fund_value *value)
{
    struct text bytes = value->entry->bytes;
    if (value->kind == FRAME_FUND_LEDGER)
        return fund_ledger_decode(arena, bytes, &value->ledger);
    if (value->kind == FRAME_FUND_PAYEE)
        return fund_sum_decode(bytes, &value->sum);
    if (value->kind == FRAME_FUND_INDEX)
        return fund_index_decode(arena, bytes, &value->index);
    return fund_count_decode(bytes, &value->count);
}

enum status stage_fund_value_get(
    const struct fund_turn *turn, const struct store_key *key, enum frame_kind kind, struct fund_value **ret_value)
{
    struct view_entry *entry;
    enum status status = view_get(turn->turn->view, turn->record->partition, key, &entry, turn->turn->fault);
    if (status != STATUS_OK)
        return status;
    turn->turn->about = entry;
    if (entry->object == NULL) {
        struct fund_value *value = ARENA_NEW(turn->turn->arena, struct fund_value);
        if (value == NULL)
            return STATUS_ARENA_FULL;
        *value = (struct fund_value){ .kind = kind, .is_absent = text_is_empty(entry->bytes), .entry = entry };
        status = decode(turn->turn->arena, value);
        if (status == STATUS_BAD_STATE)
            return frame_judge(entry->bytes, turn->turn->fault);
        if (status != STATUS_OK)
            return status;
        entry->object = value;
    }
    *ret_value = entry->object;
    CHECK((*ret_value)->kind == kind);
    return STATUS_OK;
}

void stage_fund_value_keep(struct fund_value *value)
{
    value->is_absent = false;
    value->entry->changed = true;
}

void stage_fund_value_drop(struct fund_value *value)
{
    value->is_absent = true;
    value->entry->changed = !text_is_empty(value->entry->bytes);
}

enum status stage_fund_value_encode(struct arena *arena, const struct fund_value *value, struct text *ret_bytes)
{
    if (value->is_absent) {
        *ret_bytes = TEXT_EMPTY;
        return STATUS_OK;
    }
    if (value->kind == FRAME_FUND_LEDGER)
        return fund_ledger_encode(arena, &value->ledger, ret_bytes);
    if (value->kind == FRAME_FUND_PAYEE)
        return fund_sum_encode(arena, &value->sum, ret_bytes);
    if (value->kind == FRAME_FUND_INDEX)
        return fund_index_encode(arena, &value->index, ret_bytes);
    return fund_count_encode(arena, value->count, ret_bytes);
}
