/* From a settlement to what it moves of the funds. */
#include "consumers/fund_entry.h"
#include "consumers/message_check.h"
#include "proto/wire.h"
#include "state/ledger.h"

#define LINE Settled__V1__Settlement__Line

static void check_line(struct message_check *check, const LINE *line, const char *field)
{
    message_delta_check(check, line->amount_fen, field);
    message_delta_check(check, line->delta_fen, field);
    message_range_check(check, (int)line->fund, term_last(TERM_FUND), field);
}

/* A settlement's lines by what they leave with the payee and what they take from the former one. */
struct sorting {
    struct arena *arena;
    const Settled__V1__Settlement *wire;
    bool moves; /* what was paid before goes from the former payee to the present one */
    struct fund_part *given, *taken;
    size_t given_count, taken_count;
};

/* What a hospital bears and what a personal account pays is no fund's. */
static bool is_of_a_fund(const LINE *line)
{
    return line->fund != 0 && (int)line->fund != FUND_HOSPITAL && (int)line->fund != FUND_ACCOUNT;
}

static void put(struct fund_part *parts, size_t *count, const LINE *line, int64_t fen)
{
    if (fen != 0)
        parts[(*count)++] =
            (struct fund_part){ .rule = text_of(line->rule), .fund = (uint8_t)line->fund, .amount = MONEY_FEN(fen) };
}

/* A line of 120 that adds 20 for another payee than before: 120 to this one, 100 back from the other. */
static void sort_line(struct sorting *sorting, const LINE *line)
{
    const Settled__V1__Settlement *wire = sorting->wire;
    if (!is_of_a_fund(line))
        return;
    if (!sorting->moves) {
        put(sorting->given, &sorting->given_count, line, line->delta_fen);
        return;
    }
    int64_t now = ledger_subject_pays((uint8_t)wire->subject, (uint8_t)wire->status) ? line->amount_fen : 0;
    put(sorting->given, &sorting->given_count, line, now);
    put(sorting->taken, &sorting->taken_count, line, line->delta_fen - now);
}

static enum status sort_lines(struct sorting *sorting)
{
    const Settled__V1__Settlement *wire = sorting->wire;
    size_t most = wire->n_lines + wire->n_withdrawn + 1;
    sorting->given = ARENA_ARRAY(sorting->arena, most, struct fund_part);
    sorting->taken = ARENA_ARRAY(sorting->arena, most, struct fund_part);
    if (sorting->given == NULL || sorting->taken == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < wire->n_lines; i++)
        sort_line(sorting, wire->lines[i]);
    for (size_t i = 0; i < wire->n_withdrawn; i++)
        sort_line(sorting, wire->withdrawn[i]);
    return STATUS_OK;
}

static struct fund_payee person_of(const Settled__V1__Settlement *wire)
{
    return (struct fund_payee){ PAYEE_PERSON, text_of(wire->person_id), text_of(wire->name) };
}

static struct fund_payee payee_of(const Settled__V1__Settlement *wire)
{
    if ((int)wire->payee != PAYEE_INSTITUTION)
        return person_of(wire);
    return (struct fund_payee){ PAYEE_INSTITUTION, text_of(wire->institution_code), text_of(wire->institution_name) };
}

static struct fund_payee former_payee_of(const Settled__V1__Settlement *wire)
{
    if ((int)wire->former_payee != PAYEE_INSTITUTION)
        return person_of(wire);
    return (struct fund_payee){ PAYEE_INSTITUTION, text_of(wire->former_institution_code),
        text_of(wire->former_institution_name) };
}

static void add_move(struct fund_moves *moves, const struct sorting *sorting, const struct fund_payment *payment)
{
    if (payment->part_count == 0)
        return;
    struct fund_entry *entry = &moves->entries[moves->count++];
    *entry = (struct fund_entry){ .kind = FUND_ENTRY_PAYMENT, .region = text_of(sorting->wire->region) };
    entry->payment = *payment;
    entry->payment.settlement_id = text_of(sorting->wire->settlement_id);
}

/* The first of the two is the former payee's. */
static void add_moves(struct fund_moves *moves, const struct sorting *sorting)
{
    struct fund_payment payment = { .parts = sorting->taken, .part_count = sorting->taken_count };
    if (sorting->moves)
        payment.payee = former_payee_of(sorting->wire);
    add_move(moves, sorting, &payment);
    payment.parts = sorting->given;
    payment.part_count = sorting->given_count;
    payment.payee = payee_of(sorting->wire);
    add_move(moves, sorting, &payment);
}

static const Google__Protobuf__Timestamp *recorded_at_of(const Settled__V1__Settlement *wire)
{
    bool has_own = wire->trigger != NULL && wire->trigger->recorded_at != NULL;
    return has_own ? wire->trigger->recorded_at : wire->emitted_at;
}

enum status consumer_fund_moves_decode(
    struct arena *arena, struct text value, struct fund_moves *ret_moves, struct fault *fault)
{
    const ProtobufCMessage *unpacked;
    enum status status = wire_unpack(&settled__v1__settlement__descriptor, arena, value, &unpacked, fault);
    if (status != STATUS_OK)
        return status;
    const Settled__V1__Settlement *wire = (const Settled__V1__Settlement *)unpacked;
    struct message_check check = { STATUS_OK, fault };
    struct sorting sorting = { .arena = arena, .wire = wire, .moves = wire->former_payee != 0 };
    struct fund_moves moves = { .count = 0 };
    for (size_t i = 0; i < wire->n_lines; i++)
        check_line(&check, wire->lines[i], "lines");
    for (size_t i = 0; i < wire->n_withdrawn; i++)
        check_line(&check, wire->withdrawn[i], "withdrawn");
    if (check.status == STATUS_OK && wire->kind != SETTLED__V1__SETTLEMENT__KIND__TRIAL) {
        status = sort_lines(&sorting);
        add_moves(&moves, &sorting);
    }
    message_text_given(&check, text_of(wire->region), "region");
    message_value_given(&check, recorded_at_of(wire) != NULL, "trigger.recorded_at");
    instant recorded_at = message_instant_read(&check, recorded_at_of(wire), "trigger.recorded_at");
    for (size_t i = 0; i < moves.count; i++)
        moves.entries[i].recorded_at = recorded_at;
    if (status != STATUS_OK || check.status != STATUS_OK)
        return status != STATUS_OK ? status : check.status;
    *ret_moves = moves;
    return STATUS_OK;
}
