/** A county made by hand for the fold: stays are paid 70% for the poor, what is out of catalogue above 15% is the
 *  hospital's, and a burden above 6,000 of the poor, or 20,000 of other residents, is watched. */
#pragma once

#include "tests/unit/policy/turn_sample.h"
#include "tests/unit/state/fact_sample.h"

enum { SAMPLE_TABLE, SAMPLE_CATALOGUE, SAMPLE_WATCH };

static void sample_county(void)
{
    static const struct policy_category_row rows[] = { { CATEGORY_EXTREME_POVERTY, { 0 }, { 7000 } } };
    sample_begin();
    sample_rule(SAMPLE_TABLE, POLICY_CATEGORY_TABLE, FUND_ASSISTANCE);
    sample_rule(SAMPLE_CATALOGUE, POLICY_CATALOGUE_RATIO, FUND_ASSISTANCE);
    sample_rule(SAMPLE_WATCH, POLICY_THRESHOLD_WATCH, 0);
    rules[SAMPLE_TABLE].id = "made.table";
    rules[SAMPLE_CATALOGUE].id = "made.catalogue";
    rules[SAMPLE_TABLE].cares = 1u << CARE_INPATIENT | 1u << CARE_CHRONIC;
    rules[SAMPLE_CATALOGUE].cares = 1u << CARE_INPATIENT;
    rules[SAMPLE_WATCH].cares = 0;
    versions[SAMPLE_TABLE].table = (struct policy_category_table_values){ .base = { .less_payers = ALL_PAYERS },
        .rows = rows,
        .count = COUNT_OF(rows),
        .categories = term_bit(CATEGORY_EXTREME_POVERTY),
        .year_end_classes = 1u << 2 };
    versions[SAMPLE_CATALOGUE].catalogue =
        (struct policy_catalogue_values){ .categories = term_bit(CATEGORY_EXTREME_POVERTY),
            .limit = { [CHARGE_CLASS_3] = { 1500 } } };
    versions[SAMPLE_WATCH].watch = (struct policy_watch_values){ .key_categories = term_bit(CATEGORY_EXTREME_POVERTY),
        .key_threshold = YUAN(6000),
        .other_categories = term_bit(CATEGORY_RESIDENT_INSURED),
        .other_threshold = YUAN(20000) };
    pack.watch = &rules[SAMPLE_WATCH];
    pack.year_end = &rules[SAMPLE_TABLE];
    (void)sample_hold, (void)sample_cost, (void)sample_line, (void)line_is;
    sample_unused();
}

static struct fact *sample_poor(void)
{
    return fact_identity("poor", CATEGORY_EXTREME_POVERTY, IDENTITY_ACTION_GRANT, SAMPLE_FROM);
}
