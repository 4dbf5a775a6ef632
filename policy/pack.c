#include "policy/pack.h"

const char *policy_kind_name(enum policy_kind kind)
{
    static const char *const names[] = {
#define KIND(name, text) text,
#include "policy/kind.def"
#undef KIND
    };
    return names[kind];
}

const char *policy_payer_name(enum policy_payer payer)
{
    static const char *const names[PAYER_COUNT] = { "basic", "critical_illness", "large_supplement",
        "enterprise_supplement", "commercial", "mutual_aid", "other_aid" };
    return names[payer];
}

money policy_visit_paid(const struct policy_visit *visit)
{
    money sum = MONEY_ZERO;
    for (int payer = 0; payer < PAYER_COUNT; payer++)
        sum = money_add(sum, visit->paid[payer]);
    return sum;
}

const struct policy_version *policy_rule_near(const struct policy_pack *pack, const struct policy_rule *rule, day d)
{
    if (rule == NULL)
        return NULL;
    if (d.n < pack->in_force.from.n)
        d = pack->in_force.from;
    if (d.n > pack->in_force.to.n)
        d = pack->in_force.to;
    return policy_rule_on(rule, d);
}

bool policy_claim_deadline(const struct policy_pack *pack, day discharged, day *ret_deadline)
{
    for (size_t i = 0; i < pack->group_count; i++) {
        const struct policy_rule *rule = pack->groups[i].claim;
        const struct policy_version *version = rule == NULL ? NULL : policy_rule_on(rule, discharged);
        if (version != NULL) {
            *ret_deadline = day_add(discharged, version->claim.days);
            return true;
        }
    }
    return false;
}

/* Pingshun art. 47: a figure holds from the first of the month after its publication; until then the one before. */
bool policy_income_on(const struct policy_pack *pack, day d, money *ret_income)
{
    for (size_t i = pack->income_count; i-- > 0;)
        if (day_cmp(pack->incomes[i].from, d) <= 0) {
            *ret_income = pack->incomes[i].value;
            return true;
        }
    return false;
}

static bool has_day(const day *days, size_t count, day d)
{
    for (size_t i = 0; i < count; i++)
        if (days[i].n == d.n)
            return true;
    return false;
}

static bool is_working_day(const struct policy_pack *pack, day d)
{
    if (day_weekday(d) >= 6)
        return has_day(pack->working_weekends, pack->working_weekend_count, d);
    return !has_day(pack->holidays, pack->holiday_count, d);
}

day policy_working_days_after(const struct policy_pack *pack, day d, int count)
{
    while (count > 0) {
        d = day_add(d, 1);
        count -= is_working_day(pack, d);
    }
    return d;
}

const struct policy_pack *policy_packs_find(const struct policy_packs *packs, struct text region)
{
    size_t low = 0, high = packs->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = text_cmp(text_of(packs->items[middle]->region), region);
        if (order == 0)
            return packs->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
