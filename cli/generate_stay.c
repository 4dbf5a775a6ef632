#include "cli/generate_stay.h"

#define YUAN(amount) MONEY_FEN(INT64_C(100) * (amount))
#define HOUR INT64_C(3600)

static uint8_t choose_care(const struct county *county, struct random *random)
{
    int64_t at = random_below(random, 100);
    for (uint8_t care = CARE_INPATIENT; care < CARE_ACCOUNT_PURCHASE; care++) {
        if (at < county->cares[care])
            return care;
        at -= county->cares[care];
    }
    return CARE_ACCOUNT_PURCHASE;
}

/* Most go to the nearest; one in ten to the province's capital or farther. */
static const struct county_hospital *choose_hospital(const struct county *county, uint8_t care, struct random *random)
{
    static const uint8_t places[] = { 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 3, 5, 6 };
    if (care == CARE_PHARMACY || care == CARE_ACCOUNT_PURCHASE)
        return &county->hospitals[COUNTY_PHARMACY];
    return &county->hospitals[places[random_below(random, sizeof places)]];
}

static uint8_t choose_referral(
    const struct county *county, const struct county_hospital *hospital, struct random *random)
{
    if (hospital < &county->hospitals[COUNTY_PHARMACY])
        return REFERRAL_NOT_NEEDED;
    return random_percent(random, 70) ? REFERRAL_REGISTERED : REFERRAL_UNREGISTERED;
}

/* One in fifty is no matter of the insurance. */
static uint8_t choose_exclusion(struct random *random)
{
    bool is_excluded = random_percent(random, 2);
    return is_excluded ? (uint8_t)random_between(random, EXCLUSION_WORK_INJURY, EXCLUSION_CRIME) : EXCLUSION_NONE;
}

/* Doubled again and again with a chance of one in three: many small bills, and now and then one that ruins a family. */
static money long_tailed(struct random *random, money least, money most)
{
    int64_t amount = random_between(random, least.fen, most.fen);
    for (int doublings = 0; doublings < 7 && random_below(random, 3) == 0; doublings++)
        amount *= 2;
    return MONEY_FEN(amount);
}

static money choose_total(uint8_t care, uint8_t level, struct random *random)
{
    switch (care) {
    case CARE_INPATIENT:
        return long_tailed(random, YUAN(900 * level), YUAN(4200 * level));
    case CARE_CHRONIC:
    case CARE_SPECIAL_DRUG:
        return long_tailed(random, YUAN(150), YUAN(1800));
    default: /* a visit, or a purchase */
        return long_tailed(random, YUAN(20), YUAN(420));
    }
}

static void choose_costs(struct policy_visit *visit, struct random *random)
{
    visit->total = choose_total(visit->care, visit->level, random);
    int64_t out_percent = random_between(random, 0, visit->level == LEVEL_LEVEL_3 ? 32 : 18);
    visit->out_of_catalogue = money_share(visit->total, RATE_BP((int32_t)out_percent * 100));
    visit->pre_self_pay = money_share(visit->total, RATE_BP((int32_t)random_between(random, 0, 800)));
    visit->in_policy = money_sub(money_sub(visit->total, visit->out_of_catalogue), visit->pre_self_pay);
}

/* What this payer takes of what is still open. */
static void pay(struct policy_visit *visit, enum policy_payer payer, money above, rate share)
{
    money open = money_sub(visit->in_policy, policy_visit_paid(visit));
    visit->paid[payer] = money_share(money_minus_floor(open, above), share);
}

static void choose_payments(struct policy_visit *visit, struct random *random)
{
    static const int16_t deductible_yuan[] = { 0, 100, 400, 1000 };
    static const int16_t rates_bp[] = { 0, 8500, 7500, 6000 };
    bool is_stay = visit->care == CARE_INPATIENT;
    if (visit->care == CARE_ACCOUNT_PURCHASE || visit->care == CARE_PHARMACY)
        return;
    if (is_stay)
        visit->basic_deductible = money_min(YUAN(deductible_yuan[visit->level]), visit->in_policy);
    pay(visit, PAYER_BASIC, visit->basic_deductible, RATE_BP(is_stay ? rates_bp[visit->level] : 5000));
    visit->has_critical_illness = is_stay && random_percent(random, 40);
    if (visit->has_critical_illness)
        pay(visit, PAYER_CRITICAL_ILLNESS, YUAN(10000), RATE_BP(6000));
    if (is_stay && random_percent(random, 15))
        pay(visit, PAYER_LARGE_SUPPLEMENT, YUAN(8000), RATE_BP(5000));
    if (random_percent(random, 4))
        pay(visit, PAYER_COMMERCIAL, YUAN(500), RATE_BP(3000));
    if (random_percent(random, 2))
        pay(visit, PAYER_MUTUAL_AID, YUAN(1000), RATE_BP(2000));
}

/* Civil hours of Shanghai, which is eight ahead: admissions from 8 to 20 o'clock, discharges from 9 to 17. */
static void choose_times(struct stay *stay, const struct stay_choice *choice, struct random *random)
{
    day discharged = day_add(choice->from, (int)random_below(random, choice->to.n - choice->from.n + 1));
    stay->discharged_at.seconds = day_begin(discharged).seconds + random_between(random, 9 * HOUR, 17 * HOUR);
    stay->admitted_at = stay->discharged_at;
    if (stay->visit.care != CARE_INPATIENT)
        return;
    day admitted = day_add(discharged, -(int)random_between(random, 1, 21));
    stay->admitted_at.seconds = day_begin(admitted).seconds + random_between(random, 8 * HOUR, 20 * HOUR);
    stay->has_own_admission = random_percent(random, 50);
}

static void choose_purchase(struct policy_visit *visit, struct random *random)
{
    visit->has_account = true;
    visit->account_use = ACCOUNT_USE_IF_AVAILABLE;
    visit->purpose = (uint8_t)random_between(random, PURPOSE_MEDICAL, PURPOSE_STATE_VACCINE);
    visit->account_requested = visit->total;
}

struct stay generate_stay(const struct county *county, const struct stay_choice *choice)
{
    struct random random = random_at(choice->seed, choice->citizen, 2000000 + choice->number);
    struct stay stay = { .visit = { .care = choose_care(county, &random), .channel = CHANNEL_ONE_STOP } };
    struct policy_visit *visit = &stay.visit;
    stay.hospital = choose_hospital(county, visit->care, &random);
    visit->level = stay.hospital->level;
    visit->charge_class = stay.hospital->charge_class;
    visit->designated = stay.hospital->designated && !random_percent(&random, 1);
    visit->referral = choose_referral(county, stay.hospital, &random);
    visit->exclusion = choose_exclusion(&random);
    if (visit->care == CARE_CHRONIC)
        visit->chronic_class = (uint8_t)random_between(&random, 1, 3);
    choose_times(&stay, choice, &random);
    struct random amounts =
        random_at(choice->seed, choice->citizen, 3000000 + choice->number * 16 + (uint64_t)choice->version);
    choose_costs(visit, &amounts);
    choose_payments(visit, &amounts);
    if (visit->care == CARE_ACCOUNT_PURCHASE)
        choose_purchase(visit, &amounts);
    return stay;
}
