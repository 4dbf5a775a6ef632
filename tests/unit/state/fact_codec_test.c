#include "state/fact_codec.h"

#include "tests/unit/state/fact_sample.h"

static const day any_day = { 19500 };

/* Bytes, read, bytes: equal facts have equal bytes, and nothing is lost on the way. */
static struct fact round_trip(struct fact *fact)
{
    struct fact read;
    assert_int_equal(fact_encode(arena, fact), STATUS_OK);
    assert_int_equal(fact_decode(arena, fact->stored, &read), STATUS_OK);
    assert_true(text_equal(read.stored, fact->stored));
    assert_true(fact_same_identity(&read, fact));
    assert_true(text_equal(read.name, fact->name));
    assert_int_equal(instant_cmp(read.recorded_at, fact->recorded_at), 0);
    struct fact again = read;
    assert_int_equal(fact_encode(arena, &again), STATUS_OK);
    assert_true(text_equal(again.stored, fact->stored));
    return read;
}

static void a_discharge_comes_back(void **state)
{
    (void)state;
    sample_unused();
    struct fact *fact = fact_stay("E1", INT64_MIN, any_day, MONEY_LIMIT_FEN);
    struct policy_visit *visit = &fact->discharge.visit;
    fact->recorded_at = (instant){ INSTANT_FIRST_SECONDS, 999999999 };
    fact->discharge.discharged_at = (instant){ INSTANT_LAST_SECONDS, 1 };
    visit->chronic_class = 3;
    visit->charge_class = CHARGE_CLASS_3;
    visit->has_critical_illness = visit->has_account = true;
    visit->account_use = ACCOUNT_USE_NO;
    visit->purpose = PURPOSE_STATE_VACCINE;
    visit->account_owner = TEXT("o");
    visit->account_beneficiary = TEXT("b");
    visit->account_requested = MONEY_FEN(1);
    visit->pre_self_pay = MONEY_FEN(2);
    visit->out_of_catalogue = MONEY_FEN(3);
    visit->basic_deductible = MONEY_FEN(4);
    for (int payer = 0; payer < PAYER_COUNT; payer++)
        visit->paid[payer] = MONEY_FEN(10 + payer);
    struct fact read = round_trip(fact);
    const struct policy_visit *back = &read.discharge.visit;
    assert_int_equal(read.discharge.version, INT64_MIN);
    assert_true(read.discharge.has_admitted_at);
    assert_int_equal(instant_cmp(read.discharge.discharged_at, fact->discharge.discharged_at), 0);
    assert_int_equal(instant_cmp(read.discharge.admitted_at, fact->discharge.admitted_at), 0);
    assert_int_equal(back->care, CARE_INPATIENT);
    assert_int_equal(back->chronic_class, 3);
    assert_int_equal(back->charge_class, CHARGE_CLASS_3);
    assert_true(back->designated && back->has_critical_illness && back->has_account);
    assert_int_equal(back->purpose, PURPOSE_STATE_VACCINE);
    assert_true(text_equal(back->account_owner, TEXT("o")));
    assert_true(text_equal(back->account_beneficiary, TEXT("b")));
    assert_true(text_equal(back->institution_name, TEXT("医院")));
    assert_int_equal(back->account_requested.fen, 1);
    assert_int_equal(back->total.fen, MONEY_LIMIT_FEN);
    assert_int_equal(back->pre_self_pay.fen, 2);
    assert_int_equal(back->out_of_catalogue.fen, 3);
    assert_int_equal(back->basic_deductible.fen, 4);
    for (int payer = 0; payer < PAYER_COUNT; payer++)
        assert_int_equal(back->paid[payer].fen, 10 + payer);
}

static void the_other_kinds_come_back(void **state)
{
    (void)state;
    struct fact *admission = fact_admission("E1", 3, day_begin(any_day));
    admission->admission.voided = true;
    struct fact read = round_trip(admission);
    assert_true(read.admission.voided);
    assert_int_equal(read.admission.version, 3);

    struct fact *identity = fact_identity("a", CATEGORY_RELATIVE, IDENTITY_ACTION_REVOKE, DAY_FIRST);
    identity->identity.relation = RELATION_CHILD;
    identity->identity.relative_id = TEXT("r");
    read = round_trip(identity);
    assert_int_equal(read.identity.effective_on.n, DAY_FIRST.n);
    assert_int_equal(read.identity.relation, RELATION_CHILD);
    assert_true(text_equal(read.identity.relative_id, TEXT("r")));

    struct fact *row = fact_made(FACT_CONTRIBUTION, "a", 0);
    row->contribution = (struct fact_contribution){ .contribution = CONTRIBUTION_EMPLOYEE,
        .removed = true,
        .year = 2023,
        .month = 12,
        .paid_on = any_day,
        .amount = MONEY_FEN(11250),
        .account_credit = MONEY_FEN(5) };
    read = round_trip(row);
    assert_memory_equal(&read.contribution.paid_on, &any_day, sizeof any_day);
    assert_true(read.contribution.removed && read.contribution.year == 2023 && read.contribution.month == 12);
    assert_int_equal(read.contribution.amount.fen, 11250);
    assert_int_equal(read.contribution.account_credit.fen, 5);

    row = fact_made(FACT_ENROLMENT, "a", 0);
    row->enrolment =
        (struct fact_enrolment){ .paid = true, .year = 2024, .paid_on = any_day, .premium = MONEY_FEN(35000) };
    read = round_trip(row);
    assert_true(read.enrolment.paid && !read.enrolment.removed && read.enrolment.year == 2024);
    assert_int_equal(read.enrolment.premium.fen, 35000);

    row = fact_made(FACT_CREDIT, "a", 0);
    row->credit = (struct fact_credit){ .credited_on = any_day, .amount = MONEY_FEN(7), .cause_id = TEXT("c") };
    read = round_trip(row);
    assert_int_equal(read.credit.amount.fen, 7);
    assert_true(text_equal(read.credit.cause_id, TEXT("c")));
}

static struct fact *claim(void)
{
    static const struct text ids[] = { { "E1", 2 }, { "", 0 }, { "E2", 2 } };
    struct fact *fact = fact_made(FACT_CASE, "a", 0);
    fact->action = (struct fact_case){ .action = ACTION_CLAIM,
        .year = 2023,
        .on = any_day,
        .case_id = TEXT("c"),
        .reason = TEXT_EMPTY,
        .counterparty_id = TEXT_EMPTY,
        .reply_to = TEXT_EMPTY,
        .amount = MONEY_FEN(-1),
        .encounter_ids = ids,
        .encounter_count = COUNT_OF(ids) };
    return fact;
}

static void a_claim_comes_back_with_its_encounters(void **state)
{
    (void)state;
    struct fact read = round_trip(claim());
    assert_int_equal(read.action.encounter_count, 3);
    assert_true(text_equal(read.action.encounter_ids[0], TEXT("E1")));
    assert_true(text_is_empty(read.action.encounter_ids[1]));
    assert_true(text_equal(read.action.encounter_ids[2], TEXT("E2")));
    assert_int_equal(read.action.amount.fen, -1);
}

static void is_damaged(struct text bytes)
{
    struct fact read = { .kind = 99 };
    assert_int_equal(fact_decode(arena, bytes, &read), STATUS_BAD_STATE);
}

static void damage_is_seen(void **state)
{
    (void)state;
    struct fact *fact = claim();
    assert_int_equal(fact_encode(arena, fact), STATUS_OK);
    is_damaged(TEXT_EMPTY);
    is_damaged(TEXT("\0"));
    is_damaged(TEXT("\x08"));
    is_damaged(TEXT("\x07\x01s\x01"
                    "a\0\0\0\xff\xff\xff\xff\x7f"));
    /* Cut anywhere: never a crash, and either damage or an older, shorter form. */
    for (size_t length = 0; length < fact->stored.length; length++) {
        struct fact read;
        enum status status = fact_decode(arena, (struct text){ fact->stored.at, length }, &read);
        assert_true(status == STATUS_OK || status == STATUS_BAD_STATE);
    }
    struct text longer = { arena_copy(arena, fact->stored.at, fact->stored.length), fact->stored.length + 1 };
    is_damaged(longer);
}

static void a_full_arena_is_said(void **state)
{
    (void)state;
    struct fact *fact = fact_stay("E1", 1, any_day, 100);
    struct arena *small = arena_new(4096);
    while (arena_take(small, 64) != NULL)
        continue;
    assert_int_equal(fact_encode(small, fact), STATUS_ARENA_FULL);
    assert_true(text_is_empty(fact->stored));
    struct fact *named = claim(), read;
    assert_int_equal(fact_encode(arena, named), STATUS_OK);
    assert_int_equal(fact_decode(small, named->stored, &read), STATUS_ARENA_FULL);
    arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_discharge_comes_back),
        cmocka_unit_test(the_other_kinds_come_back), cmocka_unit_test(a_claim_comes_back_with_its_encounters),
        cmocka_unit_test(damage_is_seen), cmocka_unit_test(a_full_arena_is_said) };
    return cmocka_run_group_tests(tests, sample_open, sample_close);
}
