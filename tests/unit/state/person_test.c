#include "state/person.h"

#include "tests/unit/state/pack_sample.h"

#define MARCH ((day){ 19421 })

static struct person person;
static struct difference difference;

static void begin(void)
{
    sample_county();
    person = (struct person){ .region = TEXT("140425"), .person_id = TEXT("P") };
}

static int by_bytes(const struct fact *a, const struct fact *b)
{
    return text_cmp(a->stored, b->stored);
}

static struct person_added add(struct fact *fact)
{
    struct person_added added;
    if (text_is_empty(fact->stored))
        assert_int_equal(fact_encode(arena, fact), STATUS_OK);
    assert_int_equal(person_add(arena, &person, fact, by_bytes, &added), STATUS_OK);
    return added;
}

static void settle(void)
{
    const struct person_policy policy = { .pack = &pack };
    assert_int_equal(person_settle(arena, &person, &policy, NULL, &difference), STATUS_OK);
}

static struct text encoded(void)
{
    struct text bytes;
    assert_int_equal(person_encode(arena, &person, &bytes), STATUS_OK);
    return bytes;
}

static void a_repeat_changes_nothing(void **state)
{
    (void)state;
    begin();
    assert_true(add(sample_poor()).changed);
    struct person_added again = add(sample_poor());
    assert_false(again.changed);
    assert_null(again.loser);
    assert_int_equal(person.count, 1);
}

static void of_two_contents_the_later_recorded_stays(void **state)
{
    (void)state;
    begin();
    struct fact *old = sample_poor(), *new = sample_poor(), *older = sample_poor();
    new->recorded_at.seconds++;
    older->recorded_at.seconds--;
    (void)add(old);
    struct person_added added = add(new);
    assert_true(added.changed);
    assert_ptr_equal(added.loser, old);
    added = add(older);
    assert_false(added.changed);
    assert_ptr_equal(added.loser, older);
    assert_int_equal(person.count, 1);
    assert_ptr_equal(person.facts[0], new);
}

static void rivals_for_a_version_are_both_kept_and_one_is_told(void **state)
{
    (void)state;
    begin();
    struct fact *a = fact_stay("E1", 1, MARCH, 100), *b = fact_stay("E1", 1, MARCH, 200);
    b->event_id = TEXT("other");
    assert_null(add(a).loser);
    struct person_added added = add(b);
    assert_true(added.changed);
    assert_ptr_equal(added.loser, a); /* "other" is the greater event id */
    assert_int_equal(person.count, 2);
    assert_ptr_equal(person.facts[0], b);
}

static void facts_stand_in_their_order(void **state)
{
    (void)state;
    begin();
    (void)add(fact_stay("E2", 1, MARCH, 100));
    (void)add(sample_poor());
    (void)add(fact_admission("E9", 1, day_begin(MARCH)));
    (void)add(fact_stay("E1", 1, MARCH, 100));
    assert_int_equal(person.count, 4);
    for (size_t i = 1; i < person.count; i++)
        assert_true(fact_order(person.facts[i - 1], person.facts[i]) < 0);
}

static void a_state_comes_back(void **state)
{
    (void)state;
    begin();
    (void)add(sample_poor());
    (void)add(fact_stay("E1", 1, MARCH, 100000));
    settle();
    struct text bytes = encoded();
    struct person read;
    assert_int_equal(person_decode(arena, bytes, &read), STATUS_OK);
    assert_true(text_equal(read.region, TEXT("140425")));
    assert_true(text_equal(read.person_id, TEXT("P")));
    assert_int_equal(read.count, 2);
    person = read;
    assert_true(text_equal(encoded(), bytes));
    settle();
    assert_int_equal(difference.settlement_count, 0);
    assert_true(text_equal(encoded(), bytes));
}

static void nobody_has_heard_of_them(void **state)
{
    (void)state;
    struct person read;
    assert_int_equal(person_decode(arena, TEXT_EMPTY, &read), STATUS_OK);
    assert_int_equal(read.count, 0);
    assert_true(text_is_empty(read.person_id));
}

static void damage_is_seen(void **state)
{
    (void)state;
    begin();
    (void)add(sample_poor());
    (void)add(fact_stay("E1", 1, MARCH, 100000));
    settle();
    struct text bytes = encoded();
    struct person read;
    for (size_t length = 1; length < bytes.length; length++)
        assert_int_equal(person_decode(arena, (struct text){ bytes.at, length }, &read), STATUS_BAD_STATE);
    for (size_t at = 0; at < bytes.length; at++) {
        char *copy = arena_copy(arena, bytes.at, bytes.length);
        copy[at] = (char)(copy[at] ^ 0x10);
        assert_int_equal(person_decode(arena, (struct text){ copy, bytes.length }, &read), STATUS_BAD_STATE);
    }
}

static void what_is_new_is_told_once(void **state)
{
    (void)state;
    begin();
    (void)add(sample_poor());
    settle();
    assert_int_equal(difference.settlement_count, 0);
    (void)add(fact_stay("E1", 1, MARCH, 100000));
    settle();
    assert_int_equal(difference.settlement_count, 1);
    assert_int_equal(difference.settlements[0].kind, DIFFERENCE_ORIGINAL);
    assert_int_equal(difference.settlements[0].delta.fen, 70000);
    settle();
    assert_int_equal(difference.settlement_count, 0);
    struct fact *corrected = fact_stay("E1", 2, MARCH, 50000);
    corrected->event_id = TEXT("v2");
    (void)add(corrected);
    settle();
    assert_int_equal(difference.settlements[0].kind, DIFFERENCE_ADJUSTMENT);
    assert_int_equal(difference.settlements[0].delta.fen, -35000);
}

static void a_broken_ledger_changes_nothing(void **state)
{
    (void)state;
    const struct person_policy policy = { .pack = &pack };
    begin();
    (void)add(sample_poor());
    settle();
    struct text emitted = person.emitted;
    struct fact *broken = fact_stay("E1", 1, MARCH, 100000);
    broken->discharge.visit.total = MONEY_FEN(1);
    (void)add(broken);
    assert_int_equal(person_settle(arena, &person, &policy, NULL, &difference), STATUS_INVARIANT_BROKEN);
    assert_true(text_equal(person.emitted, emitted));
}

static void there_is_a_limit_to_facts(void **state)
{
    (void)state;
    begin();
    struct person_added added;
    struct fact *template = sample_poor();
    for (int i = 0; i <= FACT_LIMIT; i++) {
        struct fact *fact = arena_take(arena, sizeof *fact);
        char *id = arena_take(arena, 8);
        assert_true(fact != NULL && id != NULL);
        (void)snprintf(id, 8, "%d", i);
        *fact = *template;
        fact->event_id = text_of(id);
        assert_int_equal(fact_encode(arena, fact), STATUS_OK);
        enum status status = person_add(arena, &person, fact, by_bytes, &added);
        assert_int_equal(status, i < FACT_LIMIT ? STATUS_OK : STATUS_TOO_MANY_FACTS);
    }
    assert_int_equal(person.count, FACT_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_repeat_changes_nothing),
        cmocka_unit_test(of_two_contents_the_later_recorded_stays),
        cmocka_unit_test(rivals_for_a_version_are_both_kept_and_one_is_told),
        cmocka_unit_test(facts_stand_in_their_order), cmocka_unit_test(a_state_comes_back),
        cmocka_unit_test(nobody_has_heard_of_them), cmocka_unit_test(damage_is_seen),
        cmocka_unit_test(what_is_new_is_told_once), cmocka_unit_test(a_broken_ledger_changes_nothing),
        cmocka_unit_test(there_is_a_limit_to_facts) };
    return cmocka_run_group_tests(tests, sample_open, sample_close);
}
