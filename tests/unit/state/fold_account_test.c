#include "tests/unit/state/world_sample.h"

#define OUT ACTION_ACCOUNT_TRANSFER_OUT

static void begin_with(int64_t credit)
{
    world_begin("611000");
    world_pay(CONTRIBUTION_EMPLOYEE, 2023, 1, day_of(2023, 1, 10))->account_credit = MONEY_FEN(credit);
}

static int64_t account_of(uint8_t kind, const char *id)
{
    return world_subject(kind, id)->account.fen;
}

/* The balance that a transfer on that day finds. */
static int64_t balance_on(day on)
{
    world_act(OUT, 0, on)->case_id = TEXT("out");
    world_fold();
    return account_of(SUBJECT_ACCOUNT, "out");
}

static void credits_uses_and_transfers_in_order(void **state)
{
    (void)state;
    begin_with(10000);
    (void)world_visit("E1", CARE_OUTPATIENT, day_of(2023, 4, 1), 6000);
    assert_int_equal(balance_on(day_of(2023, 4, 1)), 4000);
    assert_int_equal(account_of(SUBJECT_ENCOUNTER, "E1"), 6000);
}

static void never_below_zero(void **state)
{
    (void)state;
    begin_with(5000);
    (void)world_visit("E1", CARE_OUTPATIENT, day_of(2023, 4, 1), 6000);
    (void)world_visit("E2", CARE_OUTPATIENT, day_of(2023, 4, 2), 6000);
    assert_int_equal(balance_on(day_of(2023, 4, 3)), 0);
    assert_int_equal(account_of(SUBJECT_ENCOUNTER, "E1"), 5000);
    assert_int_equal(account_of(SUBJECT_ENCOUNTER, "E2"), 0);
}

/* Shangluo art. 6: retired on 15 March, credited on 1 April and 1 May. */
static void pensions_from_the_month_after(void **state)
{
    (void)state;
    begin_with(0);
    world_hold(CATEGORY_EMPLOYEE_INSURED, day_of(2020, 1, 1));
    world_hold(CATEGORY_RETIRED, day_of(2023, 3, 15));
    assert_int_equal(balance_on(day_of(2023, 5, 31)), 18000);
}

static void a_superseded_or_removed_row_credits_nothing(void **state)
{
    (void)state;
    begin_with(10000);
    struct fact_contribution *corrected = world_pay(CONTRIBUTION_EMPLOYEE, 2023, 1, day_of(2023, 1, 11));
    corrected->account_credit = MONEY_FEN(70);
    world_pay(CONTRIBUTION_EMPLOYEE, 2023, 2, day_of(2023, 2, 11))->account_credit = MONEY_FEN(900);
    world_pay(CONTRIBUTION_EMPLOYEE, 2023, 2, day_of(2023, 2, 11))->removed = true;
    assert_int_equal(balance_on(day_of(2023, 3, 1)), 70);
}

static void one_case_id_twice_is_two_subjects(void **state)
{
    (void)state;
    begin_with(10000);
    world_pay(CONTRIBUTION_EMPLOYEE, 2023, 5, day_of(2023, 5, 1))->account_credit = MONEY_FEN(30);
    world_act(OUT, 0, day_of(2023, 4, 1))->case_id = TEXT("m");
    world_act(OUT, 0, day_of(2023, 6, 1))->case_id = TEXT("m");
    world_fold();
    assert_int_equal(ledger.subject_count, 2);
    assert_int_equal(account_of(SUBJECT_ACCOUNT, "m"), 10000);
    assert_int_equal(account_of(SUBJECT_ACCOUNT, "e03"), 30);
}

/* Two counters may even use one event id: its source tells the two apart. */
static void one_event_id_of_two_sources_is_two_subjects(void **state)
{
    (void)state;
    begin_with(10000);
    world_pay(CONTRIBUTION_EMPLOYEE, 2023, 5, day_of(2023, 5, 1))->account_credit = MONEY_FEN(30);
    world_act(OUT, 0, day_of(2023, 4, 1));
    world_act(OUT, 0, day_of(2023, 6, 1));
    struct fact other = *list.items[list.count - 1];
    other.event_id = list.items[list.count - 2]->event_id;
    other.source = TEXT("counter");
    list.items[list.count - 1] = &other;
    world_fold();
    assert_int_equal(ledger.subject_count, 2);
    assert_int_equal(account_of(SUBJECT_ACCOUNT, "e02"), 10000);
    assert_int_equal(account_of(SUBJECT_ACCOUNT, "e02/counter"), 30);
}

static void an_inheritance_names_the_heir_and_the_day(void **state)
{
    (void)state;
    begin_with(10000);
    struct fact_case *action = world_act(ACTION_ACCOUNT_INHERIT, 0, day_of(2023, 4, 1));
    action->case_id = TEXT("i");
    action->counterparty_id = TEXT("heir");
    world_fold();
    const struct ledger_subject *subject = world_subject(SUBJECT_ACCOUNT, "i");
    assert_true(text_equal(subject->heir, TEXT("heir")));
    assert_int_equal(subject->moved_on.n, day_of(2023, 4, 1).n);
    assert_int_equal(subject->account.fen, 10000);
    assert_int_equal(subject->burden.fen, 0);
}

/* Corrections of an inheritance arrive as credits of their own, also below zero, and sum up within their day. */
static void inherited_credits_sum_up(void **state)
{
    (void)state;
    world_begin("611000");
    static const int64_t amounts[] = { 1000, -300, -50 };
    for (size_t i = 0; i < COUNT_OF(amounts); i++) {
        struct fact *fact = world_fact(FACT_CREDIT);
        fact->credit = (struct fact_credit){
            .credited_on = day_of(2023, 4, 2), .amount = MONEY_FEN(amounts[i]), .cause_id = TEXT("i")
        };
        list_add(&list, fact);
    }
    assert_int_equal(balance_on(day_of(2023, 4, 2)), 650);
}

static void barred_purposes_and_strangers_take_nothing(void **state)
{
    (void)state;
    begin_with(10000);
    struct policy_visit *visit = world_visit("E1", CARE_ACCOUNT_PURCHASE, day_of(2023, 4, 1), 6000);
    visit->has_account = true;
    visit->account_use = ACCOUNT_USE_IF_AVAILABLE;
    visit->purpose = PURPOSE_FITNESS;
    visit->account_requested = MONEY_FEN(6000);
    visit->account_beneficiary = TEXT("stranger");
    world_fold();
    const struct ledger_subject *subject = world_subject(SUBJECT_ENCOUNTER, "E1");
    assert_int_equal(subject->account.fen, 0);
    assert_int_equal(subject->reasons, term_bit(REASON_PURPOSE_BARRED) | term_bit(REASON_NOT_A_RELATIVE));
}

static void a_region_without_accounts_moves_nothing(void **state)
{
    (void)state;
    world_begin("331127");
    world_act(OUT, 0, day_of(2023, 4, 1))->case_id = TEXT("out");
    world_fold();
    assert_int_equal(ledger.subject_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(credits_uses_and_transfers_in_order),
        cmocka_unit_test(never_below_zero), cmocka_unit_test(pensions_from_the_month_after),
        cmocka_unit_test(a_superseded_or_removed_row_credits_nothing),
        cmocka_unit_test(one_case_id_twice_is_two_subjects),
        cmocka_unit_test(one_event_id_of_two_sources_is_two_subjects),
        cmocka_unit_test(an_inheritance_names_the_heir_and_the_day), cmocka_unit_test(inherited_credits_sum_up),
        cmocka_unit_test(barred_purposes_and_strangers_take_nothing),
        cmocka_unit_test(a_region_without_accounts_moves_nothing) };
    return cmocka_run_group_tests(tests, world_open, world_close);
}
