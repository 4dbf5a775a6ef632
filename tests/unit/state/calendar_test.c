#include "state/calendar.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_stands_on_an_empty_one),
        cmocka_unit_test(a_year_is_closed_once), cmocka_unit_test(years_out_of_reach_change_nothing),
        cmocka_unit_test(a_repeated_grant_changes_nothing), cmocka_unit_test(of_one_event_the_greater_grant_stands),
        cmocka_unit_test(any_order_has_the_same_bytes), cmocka_unit_test(read_back_it_is_the_same),
        cmocka_unit_test(each_damaged_byte_is_seen), cmocka_unit_test(too_many_grants_are_refused) };
    return cmocka_run_group_tests(tests, sample_open, sample_close);
}
