#include "state/case.h"

#include "tests/unit/state/fact_sample.h"

#define ON(number) ((day){ 19000 + (number) })

static struct fact_list list;
static struct case_files files;

static struct fact *act(int action, int on)
{
    static char ids[LIST_LIMIT][8];
    (void)snprintf(ids[list.count], sizeof ids[0], "e%02zu", list.count);
    struct fact *fact = fact_made(FACT_CASE, ids[list.count], (int)list.count);
    fact->action = (struct fact_case){ .action = (uint8_t)action,
        .scheme = SCHEME_HIGH_COST_SUBSIDY,
        .year = 2022,
        .on = ON(on),
        .case_id = TEXT_EMPTY,
        .reason = TEXT_EMPTY,
        .counterparty_id = TEXT_EMPTY,
        .reply_to = TEXT_EMPTY };
    list_add(&list, fact);
    return fact;
}

static void judge(void)
{
    assert_int_equal(case_files_of(arena, list.items, list.count, &files), STATUS_OK);
}

static void begin(void)
{
    sample_unused();
    list.count = 0;
}

/* A way to each stage. */
static const uint8_t ways[CASE_STAGE_COUNT][6] = {
    [CASE_APPLIED] = { ACTION_APPLY },
    [CASE_APPROVED] = { ACTION_APPLY, ACTION_APPROVE },
    [CASE_NOTICE] = { ACTION_APPLY, ACTION_APPROVE, ACTION_NOTICE_START },
    [CASE_OBJECTED] = { ACTION_APPLY, ACTION_APPROVE, ACTION_NOTICE_START, ACTION_OBJECTION },
    [CASE_PASSED] = { ACTION_APPLY, ACTION_APPROVE, ACTION_NOTICE_START, ACTION_NOTICE_PASSED },
    [CASE_PAID] = { ACTION_APPLY, ACTION_APPROVE, ACTION_NOTICE_START, ACTION_NOTICE_PASSED, ACTION_PAY_CONFIRMED },
    [CASE_REJECTED] = { ACTION_APPLY, ACTION_REJECT },
    [CASE_WITHDRAWN] = { ACTION_APPLY, ACTION_WITHDRAW },
};

/* rules.md, Cases, written out once more; 0: does not fit. Columns are the actions in the order of their numbers. */
enum {
    A = CASE_APPLIED,
    P = CASE_APPROVED,
    R = CASE_REJECTED,
    N = CASE_NOTICE,
    X = CASE_PASSED,
    O = CASE_OBJECTED,
    M = CASE_PAID,
    W = CASE_WITHDRAWN
};
static const uint8_t expected[CASE_STAGE_COUNT][9] = {
    /* APPLY APPROVE REJECT NOTICE_START NOTICE_PASSED OBJECTION PAID WITHDRAW */
    [CASE_NONE] = { 0, A, 0, 0, 0, 0, 0, 0, 0 },
    [CASE_APPLIED] = { 0, 0, P, R, 0, 0, 0, 0, W },
    [CASE_APPROVED] = { 0, 0, 0, R, N, 0, 0, 0, W },
    [CASE_NOTICE] = { 0, 0, 0, R, 0, X, O, 0, W },
    [CASE_OBJECTED] = { 0, 0, P, R, N, X, 0, 0, W },
    [CASE_PASSED] = { 0, 0, 0, 0, 0, 0, O, M, 0 },
    [CASE_PAID] = { 0 },
    [CASE_REJECTED] = { 0, A, 0, 0, 0, 0, 0, 0, 0 },
    [CASE_WITHDRAWN] = { 0, A, 0, 0, 0, 0, 0, 0, 0 },
};

static void check_step(int stage, int action)
{
    int on = 0;
    begin();
    for (size_t i = 0; i < COUNT_OF(ways[0]) && ways[stage][i] != 0; i++)
        act(ways[stage][i], on++);
    const struct fact *last = act(action, on);
    judge();
    bool fits = expected[stage][action] != 0;
    assert_int_equal(files.misfit_count, fits ? 0 : 1);
    if (!fits)
        assert_ptr_equal(files.misfits[0], last);
    const struct case_file *file = case_files_find(&files, SCHEME_HIGH_COST_SUBSIDY, 2022);
    if (stage == CASE_NONE && !fits)
        assert_null(file);
    else
        assert_int_equal(file->stage, fits ? expected[stage][action] : stage);
}

static void each_action_from_each_stage(void **state)
{
    (void)state;
    for (int stage = CASE_NONE; stage < CASE_STAGE_COUNT; stage++)
        for (int action = ACTION_APPLY; action <= ACTION_WITHDRAW; action++)
            check_step(stage, action);
}

static void steps_of_a_day_are_taken_in_the_order_of_the_steps(void **state)
{
    (void)state;
    begin();
    act(ACTION_PAY_CONFIRMED, 1);
    act(ACTION_NOTICE_PASSED, 1);
    act(ACTION_NOTICE_START, 1);
    act(ACTION_APPROVE, 1);
    act(ACTION_APPLY, 1);
    judge();
    assert_int_equal(files.misfit_count, 0);
    assert_int_equal(files.items[0].stage, CASE_PAID);
}

static void what_is_missing_heals_what_did_not_fit(void **state)
{
    (void)state;
    begin();
    act(ACTION_APPLY, 1);
    act(ACTION_NOTICE_START, 3);
    judge();
    assert_int_equal(files.misfit_count, 1);
    act(ACTION_APPROVE, 2);
    judge();
    assert_int_equal(files.misfit_count, 0);
    assert_int_equal(files.items[0].stage, CASE_NOTICE);
}

static void a_new_application_needs_its_own_approval(void **state)
{
    (void)state;
    begin();
    act(ACTION_APPLY, 1)->action.case_id = TEXT("first");
    act(ACTION_APPROVE, 2)->action.amount = MONEY_FEN(700);
    act(ACTION_REJECT, 3);
    act(ACTION_APPLY, 4)->action.case_id = TEXT("second");
    judge();
    const struct case_file *file = &files.items[0];
    assert_false(file->approved);
    assert_int_equal(file->applied_on.n, ON(4).n);
    assert_true(text_equal(file->id, TEXT("first")));
    assert_true(text_equal(file->first->event_id, TEXT("e00")));
    assert_int_equal(file->aid.fen, 700);
}

static void years_and_schemes_are_machines_of_their_own(void **state)
{
    (void)state;
    begin();
    act(ACTION_APPLY, 1)->action.year = 2021; /* alone as yet, so the list stays in order */
    act(ACTION_APPLY, 2);
    judge();
    assert_int_equal(files.count, 2);
    assert_int_equal(files.misfit_count, 0);
    assert_null(case_files_find(&files, SCHEME_ASSISTANCE, 2022));
    assert_non_null(case_files_find(&files, SCHEME_HIGH_COST_SUBSIDY, 2021));
}

static void claims_and_account_requests_are_no_steps(void **state)
{
    (void)state;
    begin();
    act(ACTION_CLAIM, 1);
    act(ACTION_ACCOUNT_TRANSFER_OUT, 1);
    act(ACTION_WARNING_REPLY, 1);
    judge();
    assert_int_equal(files.count, 0);
    assert_int_equal(files.misfit_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_action_from_each_stage),
        cmocka_unit_test(steps_of_a_day_are_taken_in_the_order_of_the_steps),
        cmocka_unit_test(what_is_missing_heals_what_did_not_fit),
        cmocka_unit_test(a_new_application_needs_its_own_approval),
        cmocka_unit_test(years_and_schemes_are_machines_of_their_own),
        cmocka_unit_test(claims_and_account_requests_are_no_steps) };
    return cmocka_run_group_tests(tests, sample_open, sample_close);
}
