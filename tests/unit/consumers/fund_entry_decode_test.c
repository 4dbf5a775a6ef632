#include "consumers/fund_entry.h"
#include "tests/unit/consumers/message_sample.h"

/* An entry with all three kinds to choose from. */
struct sample {
    Settled__V1__FundEntry wire;
    Settled__V1__FundEntry__Payment payment;
    Settled__V1__FundEntry__Payment__Part part, *parts[1];
    Settled__V1__FundEntry__Income income;
    Settled__V1__FundEntry__Close close;
};

static struct sample *sample_entry(void)
{
    struct sample *sample = ARENA_NEW(sample_arena, struct sample);
    assert_non_null(sample);
    settled__v1__fund_entry__init(&sample->wire);
    settled__v1__fund_entry__payment__init(&sample->payment);
    settled__v1__fund_entry__payment__part__init(&sample->part);
    settled__v1__fund_entry__income__init(&sample->income);
    settled__v1__fund_entry__close__init(&sample->close);
    sample->wire.region = sample_text("140522");
    sample->wire.recorded_at = sample_time(RECORDED_AT, 0);
    sample->part.rule = sample_text("made.table");
    sample->part.fund = SETTLED__V1__SETTLEMENT__LINE__FUND__ASSISTANCE;
    sample->part.amount_fen = -7;
    sample->parts[0] = &sample->part;
    sample->payment.parts = sample->parts;
    sample->payment.n_parts = 1;
    sample->payment.payee = SETTLED__V1__PAYMENT_REQUEST__PAYEE__INSTITUTION;
    sample->payment.institution_code = sample_text("H1");
    sample->payment.institution_name = sample_text("医院");
    sample->income.fund = SETTLED__V1__SETTLEMENT__LINE__FUND__ASSISTANCE;
    sample->income.source = SETTLED__V1__FUND_ENTRY__INCOME__SOURCE__GAP;
    sample->income.amount_fen = 9;
    sample->income.date = sample_text("2023-02-28");
    sample->close.period = sample_text("2023-02");
    return sample;
}

static enum status decode(const struct sample *sample, struct fund_entry *ret_entry, struct fault *fault)
{
    const struct policy_pack *pack = NULL;
    enum status status = consumer_fund_entry_decode(
        &sample_context, sample_arena, sample_bytes(&sample->wire.base), ret_entry, &pack, fault);
    assert_true(status != STATUS_OK || pack == &sample_pack_yangcheng);
    return status;
}

static void refused(const struct sample *sample, enum status expected, const char *field)
{
    struct fund_entry entry;
    struct fault fault;
    assert_int_equal(decode(sample, &entry, &fault), expected);
    assert_string_equal(fault.field, field);
}

#define REFUSED(kind, reason, field, ...)                                                                              \
    do {                                                                                                               \
        struct sample *sample = sample_entry();                                                                        \
        sample->wire.kind = &sample->kind;                                                                             \
        __VA_ARGS__;                                                                                                   \
        refused(sample, STATUS_##reason, field);                                                                       \
    } while (0)

static void test_every_kind_is_read(void **state)
{
    (void)state;
    struct fund_entry entry;
    struct sample *sample = sample_entry();
    sample->wire.payment = &sample->payment;
    assert_int_equal(decode(sample, &entry, NULL), STATUS_OK);
    assert_int_equal(entry.kind, FUND_ENTRY_PAYMENT);
    sample_text_equal(entry.region, "140522");
    assert_int_equal(entry.recorded_at.seconds, RECORDED_AT);
    sample_text_equal(entry.payment.payee.id, "H1");
    assert_int_equal(entry.payment.part_count, 1);
    assert_int_equal(entry.payment.parts[0].amount.fen, -7);
    sample = sample_entry();
    sample->wire.income = &sample->income;
    assert_int_equal(decode(sample, &entry, NULL), STATUS_OK);
    assert_int_equal(entry.kind, FUND_ENTRY_INCOME);
    assert_int_equal(entry.row.source, INCOME_GAP);
    assert_int_equal(entry.row.on.n, day_of(2023, 2, 28).n);
    sample = sample_entry();
    sample->wire.close = &sample->close;
    assert_int_equal(decode(sample, &entry, NULL), STATUS_OK);
    assert_int_equal(entry.kind, FUND_ENTRY_CLOSE);
    assert_int_equal(entry.close.month, 2);
    assert_int_equal(entry.close.cursor.length, 0);
}

static void test_refusals(void **state)
{
    (void)state;
    refused(sample_entry(), STATUS_MISSING_FIELD, "payment");
    REFUSED(payment, UNKNOWN_REGION, "region", sample->wire.region = sample_text("1"));
    REFUSED(payment, MISSING_FIELD, "recorded_at", sample->wire.recorded_at = NULL);
    REFUSED(payment, MISSING_FIELD, "payment.payee", sample->payment.payee = 0);
    REFUSED(payment, UNKNOWN_ENUM, "payment.payee", sample->payment.payee = 3);
    REFUSED(payment, MISSING_FIELD, "payment.parts.fund", sample->part.fund = 0);
    REFUSED(payment, AMOUNT_TOO_LARGE, "payment.parts.amount_fen", sample->part.amount_fen = INT64_MIN);
    REFUSED(income, MISSING_FIELD, "income.fund", sample->income.fund = 0);
    REFUSED(income, MISSING_FIELD, "income.source", sample->income.source = 0);
    REFUSED(income, UNKNOWN_ENUM, "income.source", sample->income.source = 12);
    REFUSED(income, NEGATIVE_AMOUNT, "income.amount_fen", sample->income.amount_fen = -1);
    REFUSED(income, BAD_DATE, "income.date", sample->income.date = sample_text("2023-02-29"));
    REFUSED(close, BAD_DATE, "close.period", sample->close.period = sample_text("2023-13"));
    REFUSED(close, BAD_VALUE, "close.cursor", sample->close.cursor.data = (uint8_t *)sample_filled(65);
            sample->close.cursor.len = 65);
}

static void test_bytes_that_are_none(void **state)
{
    (void)state;
    struct fund_entry entry;
    struct fund_moves moves;
    const struct policy_pack *pack;
    const struct text junk[] = { TEXT(""), TEXT("\xff\xff"), TEXT("\x0a\x06") };
    for (size_t i = 0; i < COUNT_OF(junk); i++) {
        enum status status = consumer_fund_entry_decode(&sample_context, sample_arena, junk[i], &entry, &pack, NULL);
        assert_int_equal(status_class(status), STATUS_CLASS_REJECT);
        status = consumer_fund_moves_decode(sample_arena, junk[i], &moves, NULL);
        assert_int_equal(status_class(status), STATUS_CLASS_REJECT);
    }
}

/* ---- Settlements ---- */

static enum status move(Settled__V1__Settlement *wire, struct fund_moves *ret_moves, struct fault *fault)
{
    wire->region = sample_text("140522");
    if (wire->emitted_at == NULL)
        wire->emitted_at = sample_time(RECORDED_AT, 0);
    return consumer_fund_moves_decode(sample_arena, sample_bytes(&wire->base), ret_moves, fault);
}

static Settled__V1__Settlement__Line sample_line(int fund, int64_t amount, int64_t delta)
{
    Settled__V1__Settlement__Line line = SETTLED__V1__SETTLEMENT__LINE__INIT;
    line.rule = sample_text("made.table");
    line.fund = (Settled__V1__Settlement__Line__Fund)fund;
    line.amount_fen = amount;
    line.delta_fen = delta;
    return line;
}

/* What a hospital bears and an account pays is no fund's; a trial moves nothing. */
static void test_what_a_settlement_moves(void **state)
{
    (void)state;
    Settled__V1__Settlement wire = SETTLED__V1__SETTLEMENT__INIT;
    Settled__V1__Settlement__Line lines[] = { sample_line(FUND_ASSISTANCE, 120, 20), sample_line(FUND_HOSPITAL, 5, 5),
        sample_line(FUND_ACCOUNT, 6, 6), sample_line(FUND_POOL, 7, 0) };
    Settled__V1__Settlement__Line *list[] = { &lines[0], &lines[1], &lines[2], &lines[3] };
    struct fund_moves moves;
    wire.lines = list;
    wire.n_lines = COUNT_OF(list);
    wire.subject = SETTLED__V1__SETTLEMENT__SUBJECT__ENCOUNTER;
    wire.status = SETTLED__V1__SETTLEMENT__STATUS__FINAL;
    wire.person_id = sample_text("P");
    assert_int_equal(move(&wire, &moves, NULL), STATUS_OK);
    assert_int_equal(moves.count, 1);
    assert_int_equal(moves.entries[0].payment.part_count, 1);
    assert_int_equal(moves.entries[0].payment.parts[0].amount.fen, 20);
    assert_int_equal(moves.entries[0].payment.payee.kind, PAYEE_PERSON);
    wire.payee = SETTLED__V1__PAYMENT_REQUEST__PAYEE__INSTITUTION;
    wire.institution_code = sample_text("H2");
    wire.former_payee = SETTLED__V1__PAYMENT_REQUEST__PAYEE__INSTITUTION;
    wire.former_institution_code = sample_text("H1");
    assert_int_equal(move(&wire, &moves, NULL), STATUS_OK);
    assert_int_equal(moves.count, 2);
    sample_text_equal(moves.entries[0].payment.payee.id, "H1");
    assert_int_equal(moves.entries[0].payment.parts[0].amount.fen, -100);
    assert_int_equal(moves.entries[0].payment.parts[1].amount.fen, -7);
    sample_text_equal(moves.entries[1].payment.payee.id, "H2");
    assert_int_equal(moves.entries[1].payment.parts[0].amount.fen, 120);
    wire.kind = SETTLED__V1__SETTLEMENT__KIND__TRIAL;
    assert_int_equal(move(&wire, &moves, NULL), STATUS_OK);
    assert_int_equal(moves.count, 0);
}

static void test_a_settlement_beyond_the_limits(void **state)
{
    (void)state;
    Settled__V1__Settlement wire = SETTLED__V1__SETTLEMENT__INIT;
    Settled__V1__Settlement__Line line = sample_line(FUND_ASSISTANCE, INT64_MAX, 1), *list[] = { &line };
    struct fund_moves moves;
    struct fault fault;
    wire.lines = list;
    wire.n_lines = 1;
    assert_int_equal(move(&wire, &moves, &fault), STATUS_AMOUNT_TOO_LARGE);
    assert_string_equal(fault.field, "lines");
    line = sample_line(99, 1, 1);
    assert_int_equal(move(&wire, &moves, &fault), STATUS_UNKNOWN_ENUM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLE_TEST(test_every_kind_is_read),
        SAMPLE_TEST(test_refusals),
        SAMPLE_TEST(test_bytes_that_are_none),
        SAMPLE_TEST(test_what_a_settlement_moves),
        SAMPLE_TEST(test_a_settlement_beyond_the_limits),
    };
    return SAMPLE_TESTS(tests);
}
