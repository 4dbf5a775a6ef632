#include "state/calendar.h"

#include "state/frame.h"
#include "tests/unit/state/fact_sample.h"

static struct calendar calendar;

static void begin(void)
{
    sample_unused();
    assert_int_equal(calendar_decode(arena, TEXT_EMPTY, &calendar), STATUS_OK);
}

static bool add(const char *event_id, int on, int64_t fen)
{
    const struct fold_grant grant = { .event_id = text_of(event_id), .on = { on }, .per_head = MONEY_FEN(fen) };
    bool changed = false;
    assert_int_equal(calendar_add_grant(&calendar, &grant, &changed), STATUS_OK);
    return changed;
}

static struct text bytes_of(void)
{
    struct text bytes;
    assert_int_equal(calendar_encode(arena, &calendar, &bytes), STATUS_OK);
    return bytes;
}

static void nothing_stands_on_an_empty_one(void **state)
{
    (void)state;
    begin();
    assert_int_equal(calendar.grant_count, 0);
    assert_false(year_set_has(calendar.closed_years, 2023));
}

static void a_year_is_closed_once(void **state)
{
    (void)state;
    begin();
    assert_true(calendar_close_year(&calendar, 2023));
    assert_false(calendar_close_year(&calendar, 2023));
    assert_true(year_set_has(calendar.closed_years, 2023));
    assert_false(year_set_has(calendar.closed_years, 2022));
    assert_false(year_set_has(calendar.closed_years, 2024));
}

static void years_out_of_reach_change_nothing(void **state)
{
    (void)state;
    begin();
    assert_false(calendar_close_year(&calendar, 1999));
    assert_false(calendar_close_year(&calendar, 2064));
    assert_true(calendar_close_year(&calendar, 2000));
    assert_true(calendar_close_year(&calendar, 2063));
}

static void a_repeated_grant_changes_nothing(void **state)
{
    (void)state;
    begin();
    assert_true(add("b", 19000, 500));
    assert_false(add("b", 19000, 500));
    assert_int_equal(calendar.grant_count, 1);
}

static void of_one_event_the_greater_grant_stands(void **state)
{
    (void)state;
    begin();
    assert_true(add("b", 19000, 500));
    assert_false(add("b", 19001, 499));
    assert_true(add("b", 18000, 501));
    assert_true(add("b", 18001, 501));
    assert_false(add("b", 18000, 501));
    assert_int_equal(calendar.grants[0].on.n, 18001);
}

static void any_order_has_the_same_bytes(void **state)
{
    (void)state;
    begin();
    (void)add("b", 1, 5), (void)add("a", 2, 6), (void)add("c", 3, 7), (void)add("b", 1, 8);
    (void)calendar_close_year(&calendar, 2022);
    struct text first = bytes_of();
    begin();
    (void)calendar_close_year(&calendar, 2022);
    (void)add("b", 1, 8), (void)add("c", 3, 7), (void)add("b", 1, 5), (void)add("a", 2, 6);
    assert_true(text_equal(bytes_of(), first));
}

static void read_back_it_is_the_same(void **state)
{
    (void)state;
    begin();
    (void)add("b", 19000, 500), (void)add("a", -5, 1);
    (void)calendar_close_year(&calendar, 2031);
    struct text bytes = bytes_of();
    assert_int_equal(calendar_decode(arena, bytes, &calendar), STATUS_OK);
    assert_true(year_set_has(calendar.closed_years, 2031));
    assert_int_equal(calendar.grant_count, 2);
    assert_int_equal(calendar.grants[0].on.n, -5);
    assert_int_equal(calendar.grants[1].per_head.fen, 500);
    assert_true(text_equal(bytes_of(), bytes));
}

static void each_damaged_byte_is_seen(void **state)
{
    (void)state;
    begin();
    (void)add("b", 19000, 500);
    struct text bytes = bytes_of();
    for (size_t i = 0; i < bytes.length; i++) {
        char *damaged = arena_copy(arena, bytes.at, bytes.length);
        damaged[i] = (char)(damaged[i] ^ 1);
        assert_int_equal(calendar_decode(arena, (struct text){ damaged, bytes.length }, &calendar), STATUS_BAD_STATE);
    }
    for (size_t length = 1; length < bytes.length; length++)
        assert_int_equal(calendar_decode(arena, (struct text){ bytes.at, length }, &calendar), STATUS_BAD_STATE);
}

static void too_many_grants_are_refused(void **state)
{
    static char ids[CALENDAR_GRANT_LIMIT][8];
    const struct fold_grant more = { .event_id = TEXT("z"), .per_head = MONEY_FEN(1) };
    bool changed;
    (void)state;
    begin();
    for (int i = 0; i < CALENDAR_GRANT_LIMIT; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "g%02d", i);
        assert_true(add(ids[i], i, 1));
    }
    assert_int_equal(calendar_add_grant(&calendar, &more, &changed), STATUS_TOO_MANY_FACTS);
    assert_true(add("g07", 7, 2));
}

/* ---- Closings ---- */

static bool wait_for(const char *event_id, int year, int month, int64_t fen)
{
    const struct calendar_job job = { .event_id = text_of(event_id),
        .recorded_at = { 1700000000, 5 },
        .closed_on = { 19500 },
        .year = (int16_t)year,
        .month = (int8_t)month,
        .grant = { .event_id = text_of(event_id), .on = { 19000 }, .per_head = MONEY_FEN(fen) } };
    bool changed = false;
    assert_int_equal(calendar_add_job(&calendar, &job, &changed), STATUS_OK);
    return changed;
}

static struct calendar_sight seen_by(const char *key)
{
    struct calendar_sight sight;
    assert_int_equal(calendar_seen_by(arena, &calendar, text_of(key), &sight), STATUS_OK);
    return sight;
}

static void a_closing_counts_for_whom_it_has_reached(void **state)
{
    (void)state;
    begin();
    assert_true(wait_for("y", 2023, 0, 0));
    assert_false(year_set_has(seen_by("a").closed_years, 2023));
    calendar.reached = TEXT("m");
    assert_true(year_set_has(seen_by("a").closed_years, 2023));
    assert_true(year_set_has(seen_by("m").closed_years, 2023));
    assert_false(year_set_has(seen_by("n").closed_years, 2023));
    calendar_finish_job(&calendar);
    assert_true(year_set_has(seen_by("n").closed_years, 2023));
    assert_null(calendar_job_under_way(&calendar));
    assert_true(text_is_empty(calendar.reached));
}

static void a_grant_under_way_stands_among_the_others(void **state)
{
    (void)state;
    begin();
    (void)add("a", 1, 8), (void)add("c", 3, 7);
    assert_true(wait_for("b", 2022, 6, 500));
    calendar.reached = TEXT("m");
    assert_int_equal(seen_by("n").grant_count, 2);
    struct calendar_sight sight = seen_by("a");
    assert_int_equal(sight.grant_count, 3);
    assert_int_equal(sight.grants[1].per_head.fen, 500);
    calendar_finish_job(&calendar);
    assert_int_equal(calendar.grant_count, 3);
    assert_int_equal(calendar.month_count, 0); /* it closes nothing */
}

static void what_is_known_or_waits_is_not_done_again(void **state)
{
    (void)state;
    begin();
    assert_true(wait_for("m", 2023, 5, 0));
    assert_false(wait_for("another", 2023, 5, 0));
    assert_true(wait_for("n", 2023, 4, 0));
    assert_true(wait_for("g", 2023, 5, 100));
    assert_false(wait_for("g", 2023, 5, 99));
    assert_false(wait_for("out of reach", 1999, 1, 0));
    assert_int_equal(calendar.job_count, 3);
    for (int i = 0; i < 3; i++)
        calendar_finish_job(&calendar);
    assert_int_equal(calendar.month_count, 2);
    assert_int_equal(calendar.months[0], 2023 * 12 + 3); /* in order, whatever came first */
    assert_false(wait_for("m", 2023, 5, 0));
    assert_false(wait_for("g", 2023, 5, 100));
    assert_true(wait_for("g", 2023, 5, 101));
    assert_true(wait_for("y", 2023, 0, 0));
}

static void closings_are_read_back(void **state)
{
    (void)state;
    begin();
    (void)calendar_close_month(&calendar, 2023, 1);
    (void)wait_for("m", 2023, 2, 0), (void)wait_for("g", 2023, 0, 100);
    calendar.reached = TEXT("sixteen bytes ..");
    struct text bytes = bytes_of();
    assert_int_equal(calendar_decode(arena, bytes, &calendar), STATUS_OK);
    assert_int_equal(calendar.job_count, 2);
    assert_int_equal(calendar.jobs[0].recorded_at.nanos, 5);
    assert_int_equal(calendar.jobs[1].grant.per_head.fen, 100);
    assert_true(text_equal(bytes_of(), bytes));
}

/* As it was written before months were closed: years and grants alone. */
static void an_older_calendar_is_read(void **state)
{
    (void)state;
    begin();
    struct bytes_writer writer = frame_begin(arena, FRAME_CALENDAR, 64);
    struct text bytes;
    bytes_put_number(&writer, UINT64_C(1) << 23);
    bytes_put_number(&writer, 1);
    bytes_put_text(&writer, TEXT("g"));
    bytes_put_signed(&writer, 19000);
    bytes_put_signed(&writer, 500);
    assert_int_equal(frame_finish(&writer, &bytes), STATUS_OK);
    assert_int_equal(calendar_decode(arena, bytes, &calendar), STATUS_OK);
    assert_true(year_set_has(calendar.closed_years, 2023));
    assert_int_equal(calendar.grants[0].per_head.fen, 500);
    assert_int_equal(calendar.month_count, 0);
}

static void too_many_closings_are_refused(void **state)
{
    static char ids[CALENDAR_JOB_LIMIT][8];
    const struct calendar_job more = {
        .event_id = TEXT("z"), .year = 2001, .month = 12, .grant = { TEXT("z"), { 0 }, { 0 } }
    };
    bool changed;
    (void)state;
    begin();
    for (int i = 0; i < CALENDAR_JOB_LIMIT; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "j%02d", i);
        assert_true(wait_for(ids[i], 2010 + i / 12, 1 + i % 12, 0));
    }
    assert_int_equal(calendar_add_job(&calendar, &more, &changed), STATUS_TOO_MANY_FACTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_stands_on_an_empty_one),
        cmocka_unit_test(a_year_is_closed_once), cmocka_unit_test(years_out_of_reach_change_nothing),
        cmocka_unit_test(a_repeated_grant_changes_nothing), cmocka_unit_test(of_one_event_the_greater_grant_stands),
        cmocka_unit_test(any_order_has_the_same_bytes), cmocka_unit_test(read_back_it_is_the_same),
        cmocka_unit_test(each_damaged_byte_is_seen), cmocka_unit_test(too_many_grants_are_refused),
        cmocka_unit_test(a_closing_counts_for_whom_it_has_reached),
        cmocka_unit_test(a_grant_under_way_stands_among_the_others),
        cmocka_unit_test(what_is_known_or_waits_is_not_done_again), cmocka_unit_test(closings_are_read_back),
        cmocka_unit_test(an_older_calendar_is_read), cmocka_unit_test(too_many_closings_are_refused) };
    return cmocka_run_group_tests(tests, sample_open, sample_close);
}
