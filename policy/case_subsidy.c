#include "policy/case_subsidy.h"

money policy_case_subsidy_base(const struct policy_visit *visit, const struct policy_case_subsidy_values *values)
{
    if (!term_holds(values->cares, visit->care) || !visit->designated || visit->exclusion != EXCLUSION_NONE
        || !text_begins(visit->institution_region, values->within))
        return MONEY_ZERO;
    money less = values->base.less_basic_deductible ? visit->basic_deductible : MONEY_ZERO;
    for (int payer = 0; payer < PAYER_COUNT; payer++)
        if ((values->base.less_payers >> payer) & 1)
            less = money_add(less, visit->paid[payer]);
    return money_minus_floor(visit->in_policy, less);
}

struct policy_line policy_case_subsidy_line(
    const struct policy_rule *rule, const struct policy_case_subsidy_values *values, money base, bool in_hardship)
{
    struct policy_line line = { .rule = rule, .fund = rule->fund, .base = base };
    line.deductible = money_min(base, in_hardship ? values->hardship_deductible : values->deductible);
    line.share = in_hardship ? values->hardship_share : values->share;
    line.amount = money_share(money_sub(base, line.deductible), line.share);
    if (values->cap.limited) {
        line.cap = values->cap.amount;
        policy_line_limit(&line, values->cap.amount, LIMIT_YEAR);
    }
    return line;
}
