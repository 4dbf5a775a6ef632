/** Random sets of facts of one person, seeded: what a county's departments and hospitals could send, near every edge of
 *  time. They pass the checks of the edge (payments within the cost, discharge after admission), so the fold may refuse
 *  none of them. */
#pragma once

#include "policy/pack.h"
#include "state/fact_codec.h"

#define SAMPLE_FACTS 48
#define PICK(array) ((array)[sample_roll(COUNT_OF(array))])

static uint64_t sample_state;

/* splitmix64: every seed is as good as another. */
static uint64_t sample_random(void)
{
    uint64_t z = sample_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static size_t sample_roll(size_t sides)
{
    return sample_random() % sides;
}

static bool sample_one_in(size_t sides)
{
    return sample_roll(sides) == 0;
}

/* ---- Parts ---- */

static struct text sample_text(const char *const *texts, size_t count)
{
    return text_of(texts[sample_roll(count)]);
}

/* Days crowd around few, so that stays, lists and closings meet. */
static day sample_day(const struct policy_pack *pack)
{
    day first = pack->in_force.from;
    static const int offsets[] = { -7, -1, 0, 1, 20, 21, 22, 60, 61, 90, 200, 330, 358, 365, 420, 800, 1826 };
    return day_add(first, PICK(offsets) + (sample_one_in(4) ? (int)sample_roll(30) : 0));
}

static instant sample_instant(day d)
{
    static const int seconds[] = { 0, 1, 43200, 86399 };
    instant at = day_begin(d);
    at.seconds += PICK(seconds);
    return at;
}

static money sample_money(void)
{
    static const int64_t fen[] = { 0, 1, 99, 100000, 291780, 500000, 600001, 1000000, 1458900, 2000001, 6000000,
        40000000 };
    return MONEY_FEN(sample_one_in(2) ? PICK(fen) : (int64_t)sample_roll(sample_one_in(2) ? 500000 : 30000000));
}

static money sample_part(money whole)
{
    if (sample_one_in(3))
        return sample_one_in(2) ? whole : MONEY_ZERO;
    return MONEY_FEN((int64_t)sample_roll((size_t)whole.fen + 1));
}

static void sample_costs(struct policy_visit *visit)
{
    visit->in_policy = sample_money();
    visit->pre_self_pay = sample_one_in(3) ? sample_money() : MONEY_ZERO;
    visit->out_of_catalogue = sample_one_in(2) ? sample_part(visit->in_policy) : MONEY_ZERO;
    visit->total = money_add(money_add(visit->in_policy, visit->pre_self_pay), visit->out_of_catalogue);
    visit->basic_deductible = sample_one_in(3) ? sample_part(visit->in_policy) : MONEY_ZERO;
    visit->has_critical_illness = sample_one_in(2);
    money left = visit->in_policy;
    for (int payer = 0; payer < PAYER_COUNT; payer++) {
        bool pays = payer == PAYER_CRITICAL_ILLNESS ? visit->has_critical_illness : !sample_one_in(3);
        visit->paid[payer] = pays && sample_one_in(2) ? sample_part(left) : MONEY_ZERO;
        left = money_sub(left, visit->paid[payer]);
    }
}

static void sample_institution(const struct policy_pack *pack, struct policy_visit *visit)
{
    static const char *const elsewhere[] = { "110000", "140100", "140403", "610100", "" };
    visit->institution_code = TEXT("H1");
    visit->institution_name = TEXT("医院");
    visit->institution_region = sample_one_in(3) ? sample_text(elsewhere, COUNT_OF(elsewhere)) : text_of(pack->region);
    visit->level = (uint8_t)(1 + sample_roll(3));
    visit->charge_class = (uint8_t)sample_roll(5);
    visit->designated = !sample_one_in(12);
    visit->exclusion = (uint8_t)(sample_one_in(12) ? 1 + sample_roll(7) : EXCLUSION_NONE);
}

static void sample_account(struct policy_visit *visit)
{
    static const char *const owners[] = { "", "", "P", "R1", "R2" };
    visit->has_account = sample_one_in(2);
    visit->account_use = sample_one_in(4) ? ACCOUNT_USE_NO : ACCOUNT_USE_IF_AVAILABLE;
    visit->purpose = (uint8_t)(sample_one_in(2) ? PURPOSE_MEDICAL : 1 + sample_roll(16));
    visit->account_owner = sample_text(owners, COUNT_OF(owners));
    visit->account_beneficiary = sample_text(owners, COUNT_OF(owners));
    visit->account_requested = sample_money();
}

/* ---- Facts ---- */

static const char *const sample_encounters[] = { "E1", "E10", "E2", "E3", "e1", "就医1" };

static void sample_discharge(const struct policy_pack *pack, struct fact *fact)
{
    static const uint8_t cares[] = { CARE_INPATIENT, CARE_INPATIENT, CARE_INPATIENT, CARE_CHRONIC, CARE_CHRONIC,
        CARE_SPECIAL_DRUG, CARE_OUTPATIENT, CARE_OUTPATIENT, CARE_PHARMACY, CARE_ACCOUNT_PURCHASE };
    struct fact_discharge *discharge = &fact->discharge;
    struct policy_visit *visit = &discharge->visit;
    fact->kind = FACT_DISCHARGE;
    discharge->encounter_id = sample_text(sample_encounters, COUNT_OF(sample_encounters));
    discharge->version = (int64_t)sample_roll(3);
    discharge->voided = sample_one_in(16);
    if (discharge->voided)
        return;
    visit->care = PICK(cares);
    visit->referral = (uint8_t)(1 + sample_roll(3));
    visit->channel = sample_one_in(6) ? CHANNEL_MANUAL : CHANNEL_ONE_STOP;
    visit->chronic_class = visit->care == CARE_CHRONIC ? (uint8_t)(1 + sample_roll(3)) : 0;
    sample_institution(pack, visit);
    sample_costs(visit);
    sample_account(visit);
    day discharged = sample_day(pack);
    discharge->discharged_at = sample_instant(discharged);
    discharge->has_admitted_at = visit->care != CARE_INPATIENT || !sample_one_in(3);
    if (discharge->has_admitted_at)
        discharge->admitted_at = visit->care == CARE_INPATIENT ? day_begin(day_add(discharged, -(int)sample_roll(30)))
                                                               : discharge->discharged_at;
}

static void sample_admission(const struct policy_pack *pack, struct fact *fact)
{
    fact->kind = FACT_ADMISSION;
    fact->admission =
        (struct fact_admission){ .encounter_id = sample_text(sample_encounters, COUNT_OF(sample_encounters)),
            .version = (int64_t)sample_roll(3),
            .voided = sample_one_in(6),
            .institution_code = TEXT("H1"),
            .institution_name = TEXT_EMPTY };
    if (!fact->admission.voided)
        fact->admission.admitted_at = sample_instant(sample_day(pack));
}

/* Mostly what the region's rules ask for, so that money moves. */
static uint8_t sample_category(const struct policy_pack *pack)
{
    static const uint8_t insured[] = { CATEGORY_CIVIL_SERVANT_SUBSIDY, CATEGORY_SUPPLEMENTARY_MEMBER,
        CATEGORY_EMPLOYEE_INSURED, CATEGORY_EMPLOYEE_INSURED, CATEGORY_RETIRED, CATEGORY_RELATIVE };
    static const uint8_t hardship[] = { CATEGORY_EXTREME_POVERTY, CATEGORY_SUBSISTENCE_ALLOWANCE,
        CATEGORY_RETURNED_TO_POVERTY, CATEGORY_AT_RISK_OF_POVERTY, CATEGORY_SUDDEN_HARDSHIP, CATEGORY_LOW_INCOME_MARGIN,
        CATEGORY_ILLNESS_IMPOVERISHED, CATEGORY_RESIDENT_INSURED, CATEGORY_RESIDENT_INSURED, CATEGORY_LOCAL_HOUSEHOLD };
    if (sample_one_in(6))
        return (uint8_t)(1 + sample_roll(16));
    return pack->watch != NULL || pack->case_subsidy != NULL ? PICK(hardship) : PICK(insured);
}

static void sample_identity(const struct policy_pack *pack, struct fact *fact)
{
    static const char *const relatives[] = { "R1", "R2" };
    struct fact_identity *identity = &fact->identity;
    fact->kind = FACT_IDENTITY;
    identity->action = sample_one_in(12) ? IDENTITY_ACTION_NO_ACTION
        : sample_one_in(4)               ? IDENTITY_ACTION_REVOKE
                                         : IDENTITY_ACTION_GRANT;
    identity->category = identity->action == IDENTITY_ACTION_NO_ACTION ? 0 : sample_category(pack);
    identity->funding = (uint8_t)sample_roll(4);
    identity->effective_on = sample_one_in(2) ? day_of(2015, 1, 1) : sample_day(pack);
    identity->relative_id = TEXT_EMPTY;
    identity->roster_id = TEXT_EMPTY;
    identity->reply_to = TEXT_EMPTY;
    if (identity->category == CATEGORY_RELATIVE) {
        identity->relation = (uint8_t)(1 + sample_roll(3));
        identity->relative_id = sample_text(relatives, COUNT_OF(relatives));
    }
}

static void sample_amount_row(const struct policy_pack *pack, struct fact *fact)
{
    day on = sample_day(pack);
    int16_t year = (int16_t)day_year(on);
    static const int64_t due[] = { 135000, 11250, 11249, 40000 };
    if (sample_one_in(3)) {
        fact->kind = FACT_ENROLMENT;
        fact->enrolment = (struct fact_enrolment){ .removed = sample_one_in(6),
            .paid = sample_one_in(2),
            .year = year,
            .paid_on = on,
            .premium = MONEY_FEN(35000) };
    } else if (sample_one_in(4)) {
        fact->kind = FACT_CREDIT;
        fact->credit = (struct fact_credit){ .credited_on = on, .amount = sample_money(), .cause_id = TEXT("c") };
    } else {
        fact->kind = FACT_CONTRIBUTION;
        fact->contribution = (struct fact_contribution){ .contribution = (uint8_t)(1 + sample_roll(2)),
            .removed = sample_one_in(6),
            .year = year,
            .month = (int8_t)sample_roll(13),
            .paid_on = on,
            .amount = MONEY_FEN(PICK(due)),
            .account_credit = sample_money() };
    }
}

static void sample_case(const struct policy_pack *pack, struct fact *fact)
{
    static struct text encounters[COUNT_OF(sample_encounters)];
    static const char *const cases[] = { "C1", "C2" };
    for (size_t i = 0; i < COUNT_OF(encounters); i++)
        encounters[i] = text_of(sample_encounters[i]);
    day on = sample_day(pack);
    fact->kind = FACT_CASE;
    fact->action = (struct fact_case){ .action = (uint8_t)(sample_one_in(2) ? 1 + sample_roll(2) : 1 + sample_roll(12)),
        .scheme = (uint8_t)(1 + sample_roll(2)),
        .year = (int16_t)(day_year(on) - (int)sample_roll(2)),
        .on = on,
        .case_id = sample_text(cases, COUNT_OF(cases)),
        .reason = TEXT_EMPTY,
        .counterparty_id = TEXT("R1"),
        .reply_to = TEXT_EMPTY,
        .amount = sample_one_in(3) ? sample_money() : MONEY_ZERO };
    if (fact->action.action == ACTION_CLAIM) {
        size_t from = sample_roll(COUNT_OF(encounters));
        fact->action.encounter_ids = encounters + from;
        fact->action.encounter_count = COUNT_OF(encounters) - from;
    }
}

/* Few event ids and few instants, so that identities and versions are fought over, also at equal times. */
static void sample_fact(const struct policy_pack *pack, struct fact *fact)
{
    static const char *const events[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o",
        "p" };
    static const char *const sources[] = { "s1", "s2" };
    static const char *const names[] = { "李四", "" };
    *fact = (struct fact){ .event_id = sample_text(events, COUNT_OF(events)),
        .source = sample_text(sources, COUNT_OF(sources)),
        .name = sample_text(names, COUNT_OF(names)),
        .recorded_at = { 2000000000 + (int64_t)sample_roll(4), 0 } };
    switch (sample_roll(12)) {
    case 0:
        sample_admission(pack, fact);
        break;
    case 1:
    case 2:
    case 3:
    case 4:
        sample_identity(pack, fact);
        break;
    case 5:
        sample_amount_row(pack, fact);
        break;
    case 6:
        sample_case(pack, fact);
        break;
    default:
        sample_discharge(pack, fact);
        break;
    }
}
