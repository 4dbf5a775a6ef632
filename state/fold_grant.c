/* The one-off grant to the holders of a day (rules.md Y, yangcheng.outpatient_grant): one subject per announcement. */
#include "state/fold_parts.h"

static enum status settle_grant(struct fold *fold, const struct fold_grant *grant, const struct policy_version *version)
{
    term_set held = holdings_on(&fold->holdings, grant->on);
    if (!term_holds(held, version->levy.holder))
        return STATUS_OK;
    const struct policy_rule *rule = fold->input->pack->levy;
    struct policy_lines lines = { .count = 1 };
    lines.items[0] =
        (struct policy_line){ .rule = rule, .fund = rule->fund, .base = grant->per_head, .amount = grant->per_head };
    lines.items[0].share = RATE_BP(RATE_WHOLE_BP);
    struct ledger_subject subject = { .subject = SUBJECT_ACCOUNT,
        .outcome = OUTCOME_FINAL,
        .applied = version->levy.holder,
        .half = HALF_SAME,
        .year = day_year(grant->on),
        .id = grant->event_id,
        .at_admission = held,
        .at_discharge = held };
    return fold_add_subject(fold, &subject, &lines);
}

enum status fold_grants(struct fold *fold)
{
    const struct policy_rule *rule = fold->input->pack->levy;
    for (size_t i = 0; rule != NULL && i < fold->input->grant_count; i++) {
        const struct fold_grant *grant = &fold->input->grants[i];
        const struct policy_version *version = policy_rule_on(rule, grant->on);
        enum status status = version == NULL ? STATUS_OK : settle_grant(fold, grant, version);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}
