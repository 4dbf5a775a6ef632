/* The kinds of rule that write a line on a visit: key, type, place, meaning. A new figure is a line here and a
 * field in pack.h. */
#include "policy/pack_load_kinds.h"

#define AT(type, member) offsetof(struct policy_##type, member)
#define OPTIONAL true
#define REQUIRED false

static const struct pack_field base_fields[] = {
    { "less_payers", PACK_PAYERS, AT(base, less_payers), REQUIRED, 0, NULL, "payments taken off the in-policy cost" },
    { "less_basic_deductible", PACK_BOOL, AT(base, less_basic_deductible), OPTIONAL, 0, NULL,
        "the basic insurance's deductible is taken off too" },
    { "computed_critical_illness", PACK_BOOL, AT(base, computed_critical_illness), OPTIONAL, 0, NULL,
        "where no critical-illness payment was given, the pack's own line is taken off" },
};
const struct pack_record pack_base_record = PACK_RECORD_OF(struct policy_base, base_fields, NULL);

static const struct pack_field band_fields[] = {
    { "over_yuan", PACK_MONEY, AT(band, over), REQUIRED, 0, NULL, "begins above this (excluded)" },
    { "up_to_yuan", PACK_MONEY, AT(band, up_to), OPTIONAL, 0, NULL,
        "ends here (included); only the last band has none" },
    { "share", PACK_RATE, AT(band, share), REQUIRED, 0, NULL, "what is paid of the part inside" },
};

/* Without up_to the band has no end; which band may be such a one is checked over the whole list. */
static bool finish_band(struct pack_node at, void *values)
{
    struct policy_band *band = values;
    struct pack_node value;
    if (!pack_map_find(at, "up_to_yuan", &value))
        band->up_to = MONEY_FEN(INT64_MAX);
    if (money_cmp(band->over, band->up_to) < 0)
        return true;
    pack_problem(at, "the band does not rise; allowed: up_to_yuan above over_yuan");
    return false;
}
static const struct pack_record band_record = PACK_RECORD_OF(struct policy_band, band_fields, finish_band);

static const struct pack_field preference_fields[] = {
    { "categories", PACK_TERMS, AT(preference, categories), REQUIRED, TERM_CATEGORY, NULL, "of which one counts" },
    { "deductible_part", PACK_RATE, AT(preference, deductible_part), REQUIRED, 0, NULL,
        "what remains of the deductible" },
    { "rate_plus", PACK_RATE, AT(preference, rate_plus), REQUIRED, 0, NULL, "points added to each band's rate" },
    { "uncapped", PACK_BOOL, AT(preference, uncapped), REQUIRED, 0, NULL, "the yearly cap does not hold for them" },
};
static const struct pack_record preference_record = PACK_RECORD_OF(struct policy_preference, preference_fields, NULL);

static const struct pack_field bands_fields[] = {
    { "holders", PACK_TERMS, AT(bands_values, holders), REQUIRED, TERM_CATEGORY, NULL,
        "all held on the discharge day" },
    { "holders_required", PACK_BOOL, AT(bands_values, holders_required), REQUIRED, 0, NULL,
        "true: others are NOT_ELIGIBLE; false: the rule is silent about them" },
    { "only_if_unpaid", PACK_BOOL, AT(bands_values, only_if_unpaid), OPTIONAL, 0, NULL,
        "only where no critical-illness payment was given" },
    { "accumulate", PACK_BOOL, AT(bands_values, accumulate), REQUIRED, 0, NULL,
        "true: bands run over the year; false: each visit begins anew" },
    { "base", PACK_RECORD, AT(bands_values, base), REQUIRED, 0, &pack_base_record, "what the bands are laid over" },
    { "deductible_yuan", PACK_MONEY, AT(bands_values, deductible), REQUIRED, 0, NULL,
        "of the year; bands begin above it" },
    { "bands", PACK_ROWS, AT(bands_values, bands), REQUIRED, 0, &band_record, "touching, the first over \"0.00\"" },
    { "cap_yuan", PACK_CAP, AT(bands_values, cap), REQUIRED, 0, NULL, "what the rule pays in a year at most" },
    { "unregistered_less", PACK_RATE, AT(bands_values, unregistered_less), OPTIONAL, 0, NULL,
        "points off each band's rate without a registered referral, never below zero" },
    { "preference", PACK_RECORD, AT(bands_values, preference), OPTIONAL, 0, &preference_record,
        "better terms for some" },
};

static bool finish_bands(struct pack_node at, void *values)
{
    const struct policy_bands *bands = &((struct policy_bands_values *)values)->bands;
    struct pack_node list;
    money begin = MONEY_ZERO;
    CHECK(pack_map_find(at, "bands", &list));
    for (size_t i = 0; i < bands->count; i++) {
        char expected[MONEY_TEXT_SIZE];
        if (money_cmp(bands->items[i].over, begin) != 0) {
            pack_problem(pack_list_item(list, i), "the bands do not touch; allowed here: over_yuan \"%s\"",
                money_format(begin, expected));
            return false;
        }
        begin = bands->items[i].up_to;
        if ((begin.fen == INT64_MAX) != (i + 1 == bands->count)) {
            pack_problem(pack_list_item(list, i), "allowed: up_to_yuan in every band but the last, which has none");
            return false;
        }
    }
    return true;
}
const struct pack_record pack_bands_record = PACK_RECORD_OF(struct policy_bands_values, bands_fields, finish_bands);

static const struct pack_field category_row_fields[] = {
    { "category", PACK_TERM, AT(category_row, category), REQUIRED, TERM_CATEGORY, NULL, "of the person" },
    { "income_share", PACK_RATE, AT(category_row, income_share), OPTIONAL, 0, NULL,
        "the year's deductible as a share of the income figure; left out: none" },
    { "share", PACK_RATE, AT(category_row, share), REQUIRED, 0, NULL, "what is paid above the deductible" },
};
static const struct pack_record category_row_record =
    PACK_RECORD_OF(struct policy_category_row, category_row_fields, NULL);

static const struct pack_field category_table_fields[] = {
    { "base", PACK_RECORD, AT(category_table_values, base), REQUIRED, 0, &pack_base_record, "what is shared" },
    { "rows", PACK_ROWS, AT(category_table_values, rows), REQUIRED, 0, &category_row_record,
        "in the order in which a tie between categories is decided" },
    { "year_end_classes", PACK_CLASSES, AT(category_table_values, year_end_classes), OPTIONAL, 0, NULL,
        "chronic classes paid once, at the year's end" },
};

static bool is_new_category(struct pack_node at, term_set *seen, int category)
{
    if (term_holds(*seen, category)) {
        pack_problem(at, "`%s` has a row already; each category has one", term_name(TERM_CATEGORY, category));
        return false;
    }
    *seen |= term_bit(category);
    return true;
}

bool pack_rows_are_distinct(struct pack_node at, const void *rows, size_t count, size_t size)
{
    struct pack_node list;
    term_set seen = 0;
    bool good = true;
    CHECK(pack_map_find(at, "rows", &list));
    for (size_t i = 0; i < count; i++)
        good &= is_new_category(pack_list_item(list, i), &seen, *((const uint8_t *)rows + i * size));
    return good;
}

static bool finish_category_table(struct pack_node at, void *values)
{
    struct policy_category_table_values *table = values;
    for (size_t i = 0; i < table->count; i++)
        table->categories |= term_bit(table->rows[i].category);
    return pack_rows_are_distinct(at, table->rows, table->count, sizeof *table->rows);
}
const struct pack_record pack_category_table_record =
    PACK_RECORD_OF(struct policy_category_table_values, category_table_fields, finish_category_table);

static const struct pack_field top_up_fields[] = {
    { "categories", PACK_TERMS, AT(top_up_values, categories), REQUIRED, TERM_CATEGORY, NULL,
        "the category applied is one of them" },
    { "target", PACK_RATE, AT(top_up_values, target), REQUIRED, 0, NULL, "of the in-policy cost, all payers together" },
};
const struct pack_record pack_top_up_record = PACK_RECORD_OF(struct policy_top_up_values, top_up_fields, NULL);

static const struct pack_field catalogue_fields[] = {
    { "categories", PACK_TERMS, AT(catalogue_values, categories), REQUIRED, TERM_CATEGORY, NULL,
        "of which one counts" },
    { "limit", PACK_RATE_BY_TERM, AT(catalogue_values, limit), REQUIRED, TERM_CHARGE, NULL,
        "out-of-catalogue cost above this share of the total is the hospital's" },
    { "fund_categories", PACK_TERMS, AT(catalogue_values, fund_categories), REQUIRED, TERM_CATEGORY, NULL,
        "for these the fund pays within the limit" },
    { "fund_share", PACK_RATE, AT(catalogue_values, fund_share), REQUIRED, 0, NULL, "of what lies within the limit" },
};
const struct pack_record pack_catalogue_record = PACK_RECORD_OF(struct policy_catalogue_values, catalogue_fields, NULL);

static const struct pack_field excess_fields[] = {
    { "base", PACK_RECORD, AT(excess_values, base), REQUIRED, 0, &pack_base_record, "what is summed over the year" },
    { "above_income", PACK_RATE, AT(excess_values, above_income), REQUIRED, 0, NULL,
        "the threshold as a share of the income figure" },
    { "share", PACK_RATE, AT(excess_values, share), REQUIRED, 0, NULL, "what is paid above it" },
    { "cap_yuan", PACK_CAP, AT(excess_values, cap), REQUIRED, 0, NULL, "of the year, the rule's own" },
    { "referrals", PACK_TERMS, AT(excess_values, referrals), REQUIRED, TERM_REFERRAL, NULL,
        "with which a visit qualifies" },
    { "minus_rules", PACK_EARLIER_RULES, AT(excess_values, minus_rules), REQUIRED, 0, NULL,
        "whose lines are taken off the base first" },
};
const struct pack_record pack_excess_record = PACK_RECORD_OF(struct policy_excess_values, excess_fields, NULL);

static const struct pack_field per_visit_fields[] = {
    { "holders", PACK_TERMS, AT(per_visit_values, holders), REQUIRED, TERM_CATEGORY, NULL,
        "all held on the day, else NOT_ELIGIBLE" },
    { "deductible_yuan", PACK_MONEY_BY_TERM, AT(per_visit_values, deductible), REQUIRED, TERM_LEVEL, NULL,
        "of each visit, by hospital level" },
    { "share", PACK_RATE_BY_TERM, AT(per_visit_values, share), REQUIRED, TERM_LEVEL, NULL,
        "above it, by hospital level" },
    { "plus_category", PACK_TERM, AT(per_visit_values, plus_category), OPTIONAL, TERM_CATEGORY, NULL,
        "who is given more" },
    { "plus", PACK_RATE, AT(per_visit_values, plus), OPTIONAL, 0, NULL, "points more for them" },
    { "cap_yuan", PACK_CAP, AT(per_visit_values, cap), REQUIRED, 0, NULL, "of the year" },
    { "plus_cap_yuan", PACK_CAP, AT(per_visit_values, plus_cap), OPTIONAL, 0, NULL, "of the year, for them" },
    { "paid_months_category", PACK_TERM, AT(per_visit_values, paid_months_category), OPTIONAL, TERM_CATEGORY, NULL,
        "with this one's funding MONTHLY, and without plus_category, the cap grows with the months paid" },
    { "paid_months_contribution", PACK_TERM, AT(per_visit_values, paid_months_contribution), OPTIONAL,
        TERM_CONTRIBUTION, NULL, "the contribution whose months count" },
};

/* Those who are given more need all three of their figures, and so do the months. */
static bool finish_per_visit(struct pack_node at, void *values)
{
    static const char *const together[][3] = {
        { "plus_category", "plus", "plus_cap_yuan" },
        { "paid_months_category", "paid_months_contribution", "paid_months_contribution" },
    };
    struct pack_node value;
    bool good = true;
    (void)values;
    for (size_t set = 0; set < COUNT_OF(together); set++) {
        int found = 0;
        for (size_t i = 0; i < 3; i++)
            found += pack_map_find(at, together[set][i], &value);
        if (found != 0 && found != 3) {
            pack_problem(at, "`%s`, `%s` belong together; allowed: all or none", together[set][0], together[set][1]);
            good = false;
        }
    }
    return good;
}
const struct pack_record pack_per_visit_record =
    PACK_RECORD_OF(struct policy_per_visit_values, per_visit_fields, finish_per_visit);
