#include "state/told.h"

#include "tests/unit/state/fact_sample.h"

static struct told_list *list;

static void begin(void)
{
    sample_unused();
    assert_int_equal(told_decode(arena, TEXT_EMPTY, &list), STATUS_OK);
}

static bool add(int kind, int year, int month, const char *id)
{
    const struct told told = { .kind = (uint8_t)kind,
        .year = (int16_t)year,
        .month = (int8_t)month,
        .warning_id = text_of(id),
        .subject_id = text_of("about") };
    return told_add(list, &told);
}

static void a_list_comes_back_as_it_was(void **state)
{
    (void)state;
    struct text first, second;
    begin();
    add(WATCH_CROSSED, 2023, 0, "w1");
    list->items[0].reply_due_on = day_of(2023, 1, 30);
    add(WATCH_MONTHLY, 2023, 1, "w2");
    assert_int_equal(told_encode(arena, list, &first), STATUS_OK);
    assert_int_equal(told_decode(arena, first, &list), STATUS_OK);
    assert_int_equal(list->count, 2);
    assert_int_equal(list->items[0].reply_due_on.n, day_of(2023, 1, 30).n);
    assert_int_equal(told_encode(arena, list, &second), STATUS_OK);
    assert_true(text_equal(first, second));
}

static void damage_is_seen(void **state)
{
    (void)state;
    struct text bytes;
    begin();
    add(WATCH_CROSSED, 2023, 0, "w1");
    assert_int_equal(told_encode(arena, list, &bytes), STATUS_OK);
    for (size_t cut = 1; cut < bytes.length; cut++)
        assert_int_equal(told_decode(arena, (struct text){ bytes.at, cut }, &list), STATUS_BAD_STATE);
}

static void a_repeat_changes_nothing(void **state)
{
    (void)state;
    begin();
    assert_true(add(WATCH_CROSSED, 2023, 0, "w1"));
    assert_false(add(WATCH_CROSSED, 2023, 0, "w1"));
    assert_int_equal(list->count, 1);
}

static void what_is_asked_is_found(void **state)
{
    (void)state;
    begin();
    add(WATCH_CROSSED, 2023, 0, "w1");
    add(WATCH_CROSSED, 2023, 0, "w2");
    add(WATCH_MONTHLY, 2023, 5, "w3");
    assert_ptr_equal(told_last(list, WATCH_CROSSED, 2023), &list->items[1]);
    assert_null(told_last(list, WATCH_CROSSED, 2024));
    assert_true(told_was_listed(list, 2023, 5));
    assert_false(told_was_listed(list, 2023, 4));
    assert_false(told_was_listed(list, 2022, 5));
    assert_true(told_has_subject(list, WATCH_CROSSED, TEXT("about")));
    assert_false(told_has_subject(list, WATCH_REPLY_OVERDUE, TEXT("about")));
}

static void the_oldest_is_forgotten(void **state)
{
    (void)state;
    char ids[TOLD_LIMIT + 1][8];
    begin();
    for (int i = 0; i <= TOLD_LIMIT; i++) {
        snprintf(ids[i], sizeof ids[i], "w%d", i);
        assert_true(add(WATCH_MONTHLY, 2023, 1, ids[i]));
    }
    assert_int_equal(list->count, TOLD_LIMIT);
    assert_true(text_equal(list->items[0].warning_id, TEXT("w1")));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_list_comes_back_as_it_was), cmocka_unit_test(damage_is_seen),
        cmocka_unit_test(a_repeat_changes_nothing), cmocka_unit_test(what_is_asked_is_found),
        cmocka_unit_test(the_oldest_is_forgotten) };
    return cmocka_run_group_tests(tests, sample_open, sample_close);
}
