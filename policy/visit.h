/** One discharge as the rules see it: plain values, lent by whoever decoded them. */
#pragma once

#include "base/day.h"
#include "base/money.h"
#include "policy/term.h"

/** Who has paid before us, in the order of the wire (contract.md, Discharge, `paid`). */
enum policy_payer {
    PAYER_BASIC,
    PAYER_CRITICAL_ILLNESS,
    PAYER_LARGE_SUPPLEMENT,
    PAYER_ENTERPRISE_SUPPLEMENT,
    PAYER_COMMERCIAL,
    PAYER_MUTUAL_AID,
    PAYER_OTHER_AID,
    PAYER_COUNT
};

/** "basic", "critical_illness" ...: the payers' names in packs; lives for ever. */
const char *policy_payer_name(enum policy_payer payer);

struct policy_visit {
    uint8_t care;          /* CARE_... */
    uint8_t referral;      /* REFERRAL_... */
    uint8_t channel;       /* CHANNEL_... */
    uint8_t exclusion;     /* EXCLUSION_... */
    uint8_t chronic_class; /* 1..3 with CARE_CHRONIC, else 0 */
    uint8_t level;         /* LEVEL_... */
    uint8_t charge_class;  /* CHARGE_..., 0 unknown */
    bool designated;
    bool has_critical_illness; /* paid[PAYER_CRITICAL_ILLNESS] was given, also when it is zero */
    bool has_account;          /* the account fields were given */
    uint8_t account_use;       /* ACCOUNT_USE_... */
    uint8_t purpose;           /* PURPOSE_... */
    struct text institution_code;
    struct text institution_name;
    struct text institution_region; /* six digits: where it stands */
    struct text account_owner;      /* empty: the person's own */
    struct text account_beneficiary;
    money account_requested;
    money total;
    money in_policy;
    money pre_self_pay;
    money out_of_catalogue;
    money basic_deductible;
    money paid[PAYER_COUNT];
};

/** The sum of the given payments. */
money policy_visit_paid(const struct policy_visit *visit);
