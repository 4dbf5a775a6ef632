#include "policy/choose.h"

#include "policy/catalogue.h"
#include "policy/category_table.h"
#include "policy/gate.h"
#include "policy/top_up.h"

static bool is_by_category(const struct policy_rule *rule)
{
    return rule->kind == POLICY_CATEGORY_TABLE || rule->kind == POLICY_TOP_UP || rule->kind == POLICY_CATALOGUE_RATIO;
}

static void add_category_line(
    const struct policy_turn *turn, const struct policy_rule *rule, const struct policy_version *version, int category)
{
    if (rule->kind == POLICY_CATEGORY_TABLE)
        policy_category_table_line(turn, rule, &version->table, category);
    else if (rule->kind == POLICY_TOP_UP)
        policy_top_up_line(turn, rule, &version->top_up, category,
            policy_base_of(turn,
                &(struct policy_base){ .less_payers = (1u << PAYER_COUNT) - 1, .computed_critical_illness = true }));
    else if (policy_catalogue_holds(turn, &version->catalogue))
        policy_catalogue_fund_line(turn, rule, &version->catalogue, category);
}

/* Adds the lines of one group as they would be for `category`; their exact worth. */
static exact add_category_lines(const struct policy_turn *turn, int group, int category)
{
    size_t from = turn->lines->count;
    for (size_t i = 0; i < turn->asked_count; i++) {
        const struct policy_asked *asked = &turn->asked[i];
        if (asked->rule->group == group && is_by_category(asked->rule))
            add_category_line(turn, asked->rule, asked->version, category);
    }
    exact worth = { 0 };
    for (size_t i = from; i < turn->lines->count; i++) {
        const struct policy_line *line = &turn->lines->items[i];
        worth = exact_add(worth, exact_add(line->deferred, exact_share(line->amount, RATE_BP(RATE_WHOLE_BP))));
    }
    return worth;
}

static exact worth_of_category(const struct policy_turn *turn, int group, int category)
{
    size_t own = turn->lines->count;
    exact worth = add_category_lines(turn, group, category);
    turn->lines->count = own;
    return worth;
}

/* Pingshun art. 19: the category with the largest sum; on a tie the earlier in the table's order. Never two. */
static int best_category(const struct policy_turn *turn, int group)
{
    const struct policy_category_table_values *table = policy_first_table(turn, group);
    exact best_worth = { -1 };
    int best = 0;
    for (size_t i = 0; table != NULL && i < table->count; i++) {
        int category = table->rows[i].category;
        if (!term_holds(turn->counted, category))
            continue;
        if ((turn->counted & table->categories) == term_bit(category))
            return category; /* the only one: nothing to compare */
        exact worth = worth_of_category(turn, group, category);
        if (worth.fen_bp > best_worth.fen_bp) {
            best_worth = worth;
            best = category;
        }
    }
    return best;
}

int policy_choose(const struct policy_turn *turn, int group)
{
    int best = best_category(turn, group);
    if (best != 0)
        (void)add_category_lines(turn, group, best);
    return best;
}
