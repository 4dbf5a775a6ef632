#include "tests/unit/consumers/message_sample.h"

static Settled__V1__PeriodClose *sample_close(void)
{
    Settled__V1__PeriodClose *wire = ARENA_NEW(sample_arena, Settled__V1__PeriodClose);
    assert_non_null(wire);
    settled__v1__period_close__init(wire);
    wire->event_id = sample_text("close-1");
    wire->recorded_at = sample_time(RECORDED_AT, 0);
    wire->region = sample_text("140522");
    wire->period = sample_text("2023-02");
    wire->closed_on = sample_text("2023-03-01");
    wire->grant_fen = 5000;
    wire->grant_on = sample_text("2023-02-28");
    wire->partition = 11;
    wire->cursor.data = (uint8_t *)sample_filled(16);
    wire->cursor.len = 16;
    return wire;
}

static enum status decode(const Settled__V1__PeriodClose *wire, struct period_close *ret_close, struct fault *fault)
{
    return consumer_period_close_decode(&sample_context, sample_arena, sample_bytes(&wire->base), ret_close, fault);
}

static void refused(const Settled__V1__PeriodClose *wire, enum status expected, const char *field)
{
    struct period_close close;
    struct fault fault;
    assert_int_equal(decode(wire, &close, &fault), expected);
    assert_string_equal(fault.field, field);
}

#define REFUSED(reason, field, ...)                                                                                    \
    do {                                                                                                               \
        Settled__V1__PeriodClose *wire = sample_close();                                                               \
        __VA_ARGS__;                                                                                                   \
        refused(wire, STATUS_##reason, field);                                                                         \
    } while (0)

static void test_every_field_is_read(void **state)
{
    (void)state;
    struct period_close close;
    struct text first, second;
    assert_int_equal(decode(sample_close(), &close, NULL), STATUS_OK);
    for (int round = 0; round < 2; round++) {
        sample_text_equal(close.event_id, "close-1");
        assert_int_equal(close.recorded_at.seconds, RECORDED_AT);
        sample_text_equal(close.region, "140522");
        assert_ptr_equal(close.pack, &sample_pack_yangcheng);
        assert_int_equal(close.year, 2023);
        assert_int_equal(close.month, 2);
        assert_int_equal(close.closed_on.n, day_of(2023, 3, 1).n);
        assert_int_equal(close.grant.fen, 5000);
        assert_int_equal(close.grant_on.n, day_of(2023, 2, 28).n);
        assert_int_equal(close.partition, 11);
        assert_int_equal(close.cursor.length, 16);
        assert_int_equal(consumer_period_close_encode(&close, sample_arena, round == 0 ? &first : &second), STATUS_OK);
        assert_int_equal(consumer_period_close_decode(&sample_context, sample_arena, first, &close, NULL), STATUS_OK);
    }
    assert_true(text_equal(first, second));
}

static void test_what_is_left_out(void **state)
{
    (void)state;
    Settled__V1__PeriodClose *wire = sample_close();
    struct period_close close;
    wire->period = sample_text("2023");
    wire->closed_on = sample_text("");
    wire->grant_fen = 0;
    wire->grant_on = sample_text("");
    wire->cursor.len = 0;
    assert_int_equal(decode(wire, &close, NULL), STATUS_OK);
    assert_int_equal(close.month, 0);
    assert_int_equal(close.closed_on.n, day_of(2023, 3, 15).n);
    assert_int_equal(close.grant.fen, 0);
    assert_int_equal(close.cursor.length, 0);
}

/* A grant is announced, and nothing closed. */
static void test_a_grant_needs_no_period(void **state)
{
    (void)state;
    Settled__V1__PeriodClose *wire = sample_close();
    struct period_close close = { .year = 1, .month = 1 };
    struct text bytes;
    wire->period = sample_text("");
    for (int round = 0; round < 2; round++) {
        assert_int_equal(decode(wire, &close, NULL), STATUS_OK);
        assert_int_equal(close.year, 0);
        assert_int_equal(close.month, 0);
        assert_int_equal(close.grant.fen, 5000);
        assert_int_equal(consumer_period_close_encode(&close, sample_arena, &bytes), STATUS_OK);
        assert_int_equal(consumer_period_close_decode(&sample_context, sample_arena, bytes, &close, NULL), STATUS_OK);
    }
}

static void test_what_was_told_is_read(void **state)
{
    (void)state;
    Settled__V1__PeriodClose *wire = sample_close();
    Settled__V1__PeriodClose__Told listed = SETTLED__V1__PERIOD_CLOSE__TOLD__INIT, crossed = listed;
    Settled__V1__PeriodClose__Told *told[] = { &listed, &crossed };
    struct period_close close;
    struct text first, second;
    listed.person_id = crossed.person_id = sample_text("140522198001010028");
    listed.warning_id = sample_text("w1");
    crossed.warning_id = sample_text("w2");
    listed.year = crossed.year = 2023;
    listed.kind = SETTLED__V1__WARNING__KIND__MONTHLY;
    listed.period = sample_text("2023-02");
    crossed.kind = SETTLED__V1__WARNING__KIND__CROSSED;
    crossed.reply_due_on = sample_text("2023-03-08");
    crossed.subject_id = sample_text("about");
    wire->cursor.len = 0;
    wire->told = told;
    wire->n_told = 2;
    assert_int_equal(decode(wire, &close, NULL), STATUS_OK);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(close.told_count, 2);
        assert_int_equal(close.told[0].told.month, 2);
        sample_text_equal(close.told[0].told.warning_id, "w1");
        assert_int_equal(close.told[1].told.reply_due_on.n, day_of(2023, 3, 8).n);
        sample_text_equal(close.told[1].told.subject_id, "about");
        assert_true(consumer_period_close_is_internal(&close));
        assert_int_equal(consumer_period_close_encode(&close, sample_arena, round == 0 ? &first : &second), STATUS_OK);
        assert_int_equal(consumer_period_close_decode(&sample_context, sample_arena, first, &close, NULL), STATUS_OK);
    }
    assert_true(text_equal(first, second));
    crossed.person_id = sample_text("140522198001010029");
    refused(wire, STATUS_BAD_PERSON_ID, "told.person_id");
    crossed.person_id = listed.person_id;
    crossed.year = 0;
    refused(wire, STATUS_MISSING_FIELD, "told.year");
}

static void test_a_batch_is_read(void **state)
{
    (void)state;
    Settled__V1__PeriodClose *wire = sample_close();
    struct period_close close;
    struct text bytes;
    wire->until.data = (uint8_t *)sample_filled(16);
    wire->until.len = 16;
    wire->listed = 7;
    wire->ended = 1;
    assert_int_equal(decode(wire, &close, NULL), STATUS_OK);
    assert_int_equal(consumer_period_close_encode(&close, sample_arena, &bytes), STATUS_OK);
    assert_int_equal(consumer_period_close_decode(&sample_context, sample_arena, bytes, &close, NULL), STATUS_OK);
    assert_int_equal(close.until.length, 16);
    assert_int_equal(close.listed, 7);
    assert_true(close.ended);
    assert_true(consumer_period_close_is_internal(&close));
    close = (struct period_close){ .cursor = TEXT_EMPTY, .until = TEXT_EMPTY };
    assert_false(consumer_period_close_is_internal(&close));
}

static void test_refusals(void **state)
{
    (void)state;
    REFUSED(MISSING_FIELD, "event_id", wire->event_id = sample_text(""));
    REFUSED(MISSING_FIELD, "recorded_at", wire->recorded_at = NULL);
    REFUSED(MISSING_FIELD, "region", wire->region = sample_text(""));
    REFUSED(MISSING_FIELD, "period", wire->period = sample_text(""); wire->grant_fen = 0);
    REFUSED(MISSING_FIELD, "grant_on", wire->grant_on = sample_text(""));
    REFUSED(UNKNOWN_REGION, "region", wire->region = sample_text("1"));
    REFUSED(BAD_DATE, "recorded_at", wire->recorded_at->nanos = -1);
    REFUSED(BAD_DATE, "period", wire->period = sample_text("2023-13"));
    REFUSED(BAD_DATE, "closed_on", wire->closed_on = sample_text("2023-13-01"));
    REFUSED(BAD_DATE, "grant_on", wire->grant_on = sample_text("2023-02-29"));
    REFUSED(BAD_VALUE, "partition", wire->partition = -1);
    REFUSED(BAD_VALUE, "cursor", wire->cursor.data = (uint8_t *)sample_filled(513); wire->cursor.len = 513);
    REFUSED(BAD_VALUE, "until", wire->until.data = (uint8_t *)sample_filled(513); wire->until.len = 513);
    REFUSED(BAD_VALUE, "listed", wire->listed = -1);
    REFUSED(NEGATIVE_AMOUNT, "grant_fen", wire->grant_fen = -1);
    REFUSED(AMOUNT_TOO_LARGE, "grant_fen", wire->grant_fen = MONEY_LIMIT_FEN + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLE_TEST(test_every_field_is_read),
        SAMPLE_TEST(test_what_is_left_out),
        SAMPLE_TEST(test_a_grant_needs_no_period),
        SAMPLE_TEST(test_what_was_told_is_read),
        SAMPLE_TEST(test_a_batch_is_read),
        SAMPLE_TEST(test_refusals),
    };
    return SAMPLE_TESTS(tests);
}
