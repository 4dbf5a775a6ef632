/* Which record of keys belongs to which kind, which of a rule's own keys the kind needs, and how many lines a rule of
 * it can give: catalogue_ratio the hospital's and the fund's. */
#include "policy/pack_load_kinds.h"

static const struct pack_kind kinds[POLICY_KIND_COUNT] = {
    [POLICY_CUMULATIVE_BANDS] = { &pack_bands_record, .group = true, .fund = true, .care = true, .lines = 1 },
    [POLICY_CATEGORY_TABLE] = { &pack_category_table_record, .group = true, .fund = true, .care = true, .lines = 1 },
    [POLICY_TOP_UP] = { &pack_top_up_record, .group = true, .fund = true, .care = true, .lines = 1 },
    [POLICY_CATALOGUE_RATIO] = { &pack_catalogue_record, .group = true, .fund = true, .care = true, .lines = 2 },
    [POLICY_EXCESS_RATIO] = { &pack_excess_record, .group = true, .fund = true, .care = true, .lines = 1 },
    [POLICY_PER_VISIT] = { &pack_per_visit_record, .group = true, .fund = true, .care = true, .lines = 1 },
    [POLICY_ACCOUNT] = { &pack_account_record },
    [POLICY_CASE_SUBSIDY] = { &pack_case_subsidy_record, .fund = true },
    [POLICY_ENROLMENT_SUBSIDY] = { &pack_enrolment_record, .fund = true },
    [POLICY_THRESHOLD_WATCH] = { &pack_watch_record },
    [POLICY_LEVY_GRANT] = { &pack_levy_record, .fund = true },
    [POLICY_FUND_RESERVE] = { &pack_reserve_record, .fund = true },
    [POLICY_SHARED_CAP] = { &pack_shared_cap_record, .group = true },
    [POLICY_REFERRAL_BAR] = { &pack_bar_record, .group = true },
    [POLICY_ON_APPLICATION] = { &pack_application_record, .group = true },
    [POLICY_MANUAL_CLAIM] = { &pack_claim_record, .group = true },
    [POLICY_CONTRIBUTION_DUTY] = { &pack_duty_record, .group = true },
};

const struct pack_kind *pack_kind_of(enum policy_kind kind)
{
    return &kinds[kind];
}
