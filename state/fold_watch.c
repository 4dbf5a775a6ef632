#include "state/fold_parts.h"

/* Pingshun art. 29 and 30: key people are watched from a lower burden than other insured residents; who is neither is
 * not watched. Who counts is decided on the day of the year's last discharge. */
static bool threshold_for(term_set held, const struct policy_watch_values *values, struct ledger_watch *watch)
{
    watch->key_person = (held & values->key_categories) != 0;
    watch->threshold = watch->key_person ? values->key_threshold : values->other_threshold;
    return watch->key_person || (held & values->other_categories) != 0;
}

/* The figures of the last discharge's day; of a year in which the policy began or ended, those nearest to it. */
static const struct policy_version *version_of_year(const struct policy_pack *pack, day last_discharge)
{
    day d = last_discharge;
    if (d.n < pack->in_force.from.n && day_year(d) == day_year(pack->in_force.from))
        d = pack->in_force.from;
    if (d.n > pack->in_force.to.n && day_year(d) == day_year(pack->in_force.to))
        d = pack->in_force.to;
    return policy_rule_on(pack->watch, d);
}

void fold_watch_year(struct fold *fold)
{
    const struct policy_pack *pack = fold->input->pack;
    const struct policy_version *version = pack->watch == NULL ? NULL : version_of_year(pack, fold->last_discharge);
    struct ledger_watch watch = { .year = fold->year_number, .burden = fold->year_burden };
    if (version != NULL) {
        term_set held = holdings_on(&fold->holdings, fold->last_discharge);
        watch.crossed = threshold_for(held, &version->watch, &watch) && money_cmp(watch.burden, watch.threshold) > 0;
    }
    fold_watch_case(fold, &watch);
    fold->ledger.watches[fold->ledger.watch_count++] = watch;
}
