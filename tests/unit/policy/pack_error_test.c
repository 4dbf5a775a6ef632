/* One good little pack, and what the loader says when one place of it is spoilt: the whole message, with file, line
 * and column. */
#include "policy/pack_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static const char region_yaml[] =
    "region: \"990101\"\n"
    "name: 某县\n"
    "province: \"99\"\n"
    "in_force: { from: 2023-01-01, to: 2025-12-31 }\n"
    "identity_rule: stay_union\n"
    "documents:\n"
    "  county_2023: { title: 某县医疗救助办法 }\n"
    "groups: [aid]\n"
    "order: [county.table, county.excess, county.bands, county.bar]\n"
    "incomes:\n"
    "  - { year: 2022, published_on: 2023-01-19, value_yuan: \"29178.40\", source: county_2023 }\n"
    "enrolment_windows:\n"
    "  - { year: 2023, opens: 2022-09-01, closes: 2022-12-31, source: county_2023 }\n"
    "calendar:\n"
    "  - { year: 2023, source: county_2023, holidays: [2023-01-02], working_weekends: [2023-01-28] }\n"
    "readings:\n"
    "  identity_rule: { text: 原文, taken: 理解 }\n";

static const char rules_yaml[] =
    "rules:\n"
    "  - id: county.table\n"
    "    kind: category_table\n"
    "    title: 住院救助\n"
    "    article: 第一条\n"
    "    text: 原文\n"
    "    group: aid\n"
    "    fund: ASSISTANCE\n"
    "    care: [INPATIENT]\n"
    "    readings:\n"
    "      base: { text: 原文, taken: 理解 }\n"
    "    values:\n"
    "      2023-01-01:\n"
    "        source: county_2023\n"
    "        base: { less_payers: all }\n"
    "        rows:\n"
    "          - { category: EXTREME_POVERTY, share: 100% }\n"
    "          - { category: AT_RISK_OF_POVERTY, income_share: 10%, share: 70% }\n"
    "      2024-01-01:\n"
    "        source: county_2023\n"
    "        base: { less_payers: [basic, commercial] }\n"
    "        rows: [{ category: EXTREME_POVERTY, share: 90% }]\n"
    "  - id: county.excess\n"
    "    kind: excess_ratio\n"
    "    title: 倾斜救助\n"
    "    article: 第二条\n"
    "    text: 原文\n"
    "    group: aid\n"
    "    fund: ASSISTANCE\n"
    "    care: [INPATIENT]\n"
    "    values:\n"
    "      2023-01-01:\n"
    "        source: county_2023\n"
    "        base: { less_payers: all }\n"
    "        above_income: 50%\n"
    "        share: 70%\n"
    "        cap_yuan: \"30000.00\"\n"
    "        referrals: [NOT_NEEDED]\n"
    "        minus_rules: [county.table]\n"
    "  - id: county.bands\n"
    "    kind: cumulative_bands\n"
    "    title: 补充保险\n"
    "    article: 第三条\n"
    "    text: 原文\n"
    "    group: aid\n"
    "    fund: SUPPLEMENT\n"
    "    care: [INPATIENT]\n"
    "    values:\n"
    "      2023-01-01:\n"
    "        source: county_2023\n"
    "        holders: [EMPLOYEE_INSURED]\n"
    "        holders_required: true\n"
    "        accumulate: true\n"
    "        base: { less_payers: [basic] }\n"
    "        deductible_yuan: \"0.00\"\n"
    "        bands:\n"
    "          - { over_yuan: \"0.00\", up_to_yuan: \"50000.00\", share: 80% }\n"
    "          - { over_yuan: \"50000.00\", share: 85% }\n"
    "        cap_yuan: none\n"
    "  - id: county.bar\n"
    "    kind: referral_bar\n"
    "    title: 转诊\n"
    "    article: 第四条\n"
    "    text: 原文\n"
    "    group: aid\n"
    "    values:\n"
    "      2023-01-01: { source: county_2023, inside: \"9901\", referrals: [UNREGISTERED] }\n";

#define TEN "一二三四五六七八九十"

static char folder[64];
static struct arena *arena;
static struct pack_report report;

static void path_of(const char *name, char *path, size_t size)
{
    snprintf(path, size, "%s/%s", folder, name);
}

static void write_file(const char *name, const char *bytes, size_t length)
{
    char path[128];
    path_of(name, path, sizeof path);
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
}

/* The file with the first `old` replaced; `old` must be there, or the case tests nothing. */
static void write_spoilt(const char *name, const char *good, const char *old, const char *new)
{
    char spoilt[8192];
    const char *at = strstr(good, old);
    if (at == NULL)
        fail_msg("the little pack has no `%s`", old);
    int length = snprintf(spoilt, sizeof spoilt, "%.*s%s%s", (int)(at - good), good, new, at + strlen(old));
    write_file(name, spoilt, (size_t)length);
}

static enum status load(struct policy_packs *ret_packs)
{
    arena_reset(arena);
    return policy_packs_load(folder, arena, &report, ret_packs);
}

/* One place spoilt, and all that is said about it, the folder left out. */
struct spoilt {
    const char *file;
    const char *old;
    const char *new;
    const char *problems[4];
};

static const char *without_folder(const char *problem)
{
    size_t length = strlen(folder);
    assert_memory_equal(problem, folder, length);
    return problem + length + (problem[length] == '/');
}

static void check_case(const struct spoilt *spoilt)
{
    struct policy_packs packs = { NULL, 77 };
    bool region = strcmp(spoilt->file, "region.yaml") == 0;
    write_file("region.yaml", region_yaml, strlen(region_yaml));
    write_file("rules.yaml", rules_yaml, strlen(rules_yaml));
    write_spoilt(spoilt->file, region ? region_yaml : rules_yaml, spoilt->old, spoilt->new);
    assert_int_equal(load(&packs), STATUS_BAD_PACK);
    assert_int_equal(packs.count, 77);
    size_t count = 0;
    for (; count < COUNT_OF(spoilt->problems) && spoilt->problems[count] != NULL; count++) {
        assert_true(count < report.count);
        assert_string_equal(without_folder(report.problems[count]), spoilt->problems[count]);
    }
    assert_int_equal(report.count, count);
}

static void check(const struct spoilt *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_case(&cases[i]);
}

static void regions_say_what_is_wrong(void **state)
{
    static const struct spoilt cases[] = {
        { "region.yaml", "name: 某县", "nmae: 某县",
            { "region.yaml:2:1: unknown key `nmae`, did you mean `name`?; allowed: region, name, province, "
              "in_force, identity_rule, transition, documents, groups, order, incomes, enrolment_windows, "
              "calendar, readings",
                "region.yaml:1:1: missing key `name`; it is text" } },
        { "region.yaml", "name: 某县", "name: 某县\nname: 某县",
            { "region.yaml:3:1: duplicate key `name`; each key stands once" } },
        { "region.yaml", "name: 某县\n", "", { "region.yaml:1:1: missing key `name`; it is text" } },
        { "region.yaml", "name: 某县", "name: [某县]",
            { "region.yaml:2:7: a list where a single value belongs; allowed: one value" } },
        { "region.yaml", "name: 某县", "name:", { "region.yaml:2:6: an empty value; every key given needs one" } },
        { "region.yaml", "\"990101\"", "\"99010x\"",
            { "region.yaml:1:9: `99010x` is not a region; allowed: up to 6 digits in quotes" } },
        { "region.yaml", "\"990101\"", "\"980101\"",
            { "region.yaml:1:1: region `980101` is not one of province `99`; allowed: six digits that begin with "
              "the province's" } },
        { "region.yaml", "stay_union", "stay_unoin",
            { "region.yaml:5:16: unknown identity rule `stay_unoin`, did you mean `stay_union`?; allowed: "
              "stay_union, at_discharge, at_admission" } },
        { "region.yaml", "to: 2025-12-31", "to: 2022-12-31",
            { "region.yaml:4:11: the last day is before the first; allowed: `to` on or after `from`" } },
        { "region.yaml", "from: 2023-01-01", "from: 2023-02-29",
            { "region.yaml:4:19: `2023-02-29` is not a day; allowed: a real day as YYYY-MM-DD" } },
        { "region.yaml", "groups: [aid]", "groups: aid",
            { "region.yaml:8:9: not a list; allowed: `- value` lines or [ value, value ]" } },
        { "region.yaml", "groups: [aid]", "groups: [aid, b, c, d, e]",
            { "region.yaml:8:9: 5 of them; allowed: at most 4" } },
        { "region.yaml", "county.bar]", "county.bar, " TEN TEN TEN TEN "一二三]",
            { "region.yaml:9:64: 129 bytes of a name; allowed: at most 128" } },
        { "region.yaml", "groups: [aid]", "groups: [aid, aid]",
            { "region.yaml:8:15: duplicate `aid`; each stands once" } },
        { "region.yaml", "county.bar]", "county.bar, county.more]",
            { "region.yaml:9:64: rule `county.more` is in no file; give it in one, or take it out" } },
        { "region.yaml",
            "incomes:\n"
            "  - { year: 2022, published_on: 2023-01-19, value_yuan: \"29178.40\", source: county_2023 }\n",
            "",
            { "region.yaml:9:9: rule `county.table` needs figures that are missing; give them in `incomes`",
                "region.yaml:9:23: rule `county.excess` needs figures that are missing; give them in `incomes`" } },
        { "region.yaml", "county.bar]", "county.bars]",
            { "rules.yaml:60:9: unknown rule id (see `order` in region.yaml) `county.bar`, did you mean "
              "`county.bars`?; allowed: county.table, county.excess, county.bands, county.bars" } },
        { "region.yaml", "\"29178.40\"", "\"29178.4\"",
            { "region.yaml:11:57: `29178.4` is not an amount; allowed: yuan with two decimals, like \"60000.00\"" } },
        { "region.yaml", "\"29178.40\"", "29178",
            { "region.yaml:11:57: `29178` is not an amount; allowed: yuan with two decimals, like \"60000.00\"" } },
        { "region.yaml", "published_on: 2023-01-19, ", "",
            { "region.yaml:11:5: missing key `published_on`; it is YYYY-MM-DD" } },
        { "region.yaml", "year: 2022, published", "year: twenty, published",
            { "region.yaml:11:13: `twenty` does not fit; allowed: a whole number from 0 to 9999" } },
        { "region.yaml", "opens: 2022-09-01", "opens: 2023-09-01",
            { "region.yaml:13:5: closes before it opens; allowed: `closes` on or after `opens`" } },
        { "region.yaml", "holidays: [2023-01-02]", "holidays: [2024-01-02]",
            { "region.yaml:15:51: not of this year; allowed: a day of 2023" } },
        { "region.yaml", "[2023-01-28]", "[2023-01-27]",
            { "region.yaml:15:83: not of this year; allowed: a Saturday or Sunday of 2023" } },
        { "region.yaml", "[2023-01-02]", "[2023-01-03, 2023-01-02]",
            { "region.yaml:15:63: not later than the day before it; days rise" } },
        { "region.yaml", "  identity_rule: {", "  identity_rul: {",
            { "region.yaml:17:3: unknown key `identity_rul`, did you mean `identity_rule`?; allowed: region, name, "
              "province, in_force, identity_rule, transition, documents, groups, order, incomes, "
              "enrolment_windows, calendar, readings" } },
        { "region.yaml", "taken: 理解", "taken: \"\"",
            { "region.yaml:17:37: an empty value; every key given needs one" } },
        { "region.yaml", "groups: [aid]", "groups: [aid",
            { "region.yaml:9:6: not YAML: did not find expected ',' or ']' while parsing a flow sequence" } },
    };
    (void)state;
    check(cases, COUNT_OF(cases));
}

static void keys_and_values_of_rules(void **state)
{
    static const struct spoilt cases[] = {
        { "rules.yaml", "share: 100%", "shere: 100%",
            { "rules.yaml:17:42: unknown key `shere`, did you mean `share`?; allowed: category, income_share, share",
                "rules.yaml:17:13: missing key `share`; it is a rate, like 70% or 12.25%" } },
        { "rules.yaml", "share: 100%", "share: 100",
            { "rules.yaml:17:49: `100` is not a rate; allowed: 0% to 100% with at most two decimals, like 70% or "
              "12.25%" } },
        { "rules.yaml", "share: 100%", "share: 100.5%",
            { "rules.yaml:17:49: `100.5%` is not a rate; allowed: 0% to 100% with at most two decimals, like 70% "
              "or 12.25%" } },
        { "rules.yaml", "share: 100%", "share: 7.125%",
            { "rules.yaml:17:49: `7.125%` is not a rate; allowed: 0% to 100% with at most two decimals, like 70% "
              "or 12.25%" } },
        { "rules.yaml", "EXTREME_POVERTY", "EXTREME_POVERTI",
            { "rules.yaml:17:25: unknown term `EXTREME_POVERTI`, did you mean `EXTREME_POVERTY`?; allowed: "
              "EXTREME_POVERTY, SUBSISTENCE_ALLOWANCE, RETURNED_TO_POVERTY, UNSTABLE_OUT_OF_POVERTY, "
              "AT_RISK_OF_POVERTY, SUDDEN_HARDSHIP, LOW_INCOME_MARGIN, ILLNESS_IMPOVERISHED, OUT_OF_POVERTY, "
              "CIVIL_SERVANT_SUBSIDY, SUPPLEMENTARY_MEMBER, EMPLOYEE_INSURED, RESIDENT_INSURED, RETIRED, "
              "LOCAL_HOUSEHOLD, RELATIVE" } },
        { "rules.yaml", "category: AT_RISK_OF_POVERTY", "category: EXTREME_POVERTY",
            { "rules.yaml:18:13: `EXTREME_POVERTY` has a row already; each category has one" } },
        { "rules.yaml", "kind: category_table", "kind: category_tabel",
            { "rules.yaml:3:11: unknown kind `category_tabel`, did you mean `category_table`?; allowed: "
              "cumulative_bands, category_table, top_up, catalogue_ratio, excess_ratio, per_visit, account, "
              "case_subsidy, enrolment_subsidy, threshold_watch, levy_grant, fund_reserve, shared_cap, "
              "referral_bar, on_application, manual_claim, contribution_duty" } },
        { "rules.yaml", "article: 第一条\n    ", "", { "rules.yaml:2:5: missing key `article`; it is text" } },
        { "rules.yaml", "title: 住院救助", "title: " TEN TEN TEN "救助金",
            { "rules.yaml:4:12: 99 bytes of text; allowed: at most 96, a Chinese character is 3" } },
        { "rules.yaml", "article: 第一条", "article: " TEN TEN TEN TEN "a",
            { "rules.yaml:5:14: 121 bytes of text; allowed: at most 120, a Chinese character is 3" } },
        { "rules.yaml", "        source: county_2023\n", "",
            { "rules.yaml:14:9: missing key `source`; it is a document of region.yaml" } },
        { "rules.yaml", "source: county_2023", "source: county_2022",
            { "rules.yaml:14:17: unknown document `county_2022`, did you mean `county_2023`?; allowed: county_2023" } },
        { "rules.yaml", "group: aid", "group: aids",
            { "rules.yaml:7:12: unknown group `aids`, did you mean `aid`?; allowed: aid" } },
        { "rules.yaml", "    fund: ASSISTANCE\n", "",
            { "rules.yaml:2:5: missing key `fund`; a rule of kind category_table needs it" } },
        { "rules.yaml", "title: 转诊", "title: 转诊\n    fund: ASSISTANCE",
            { "rules.yaml:63:11: `fund` has no meaning for kind referral_bar; leave it out" } },
        { "rules.yaml", "care: [INPATIENT]", "care: INPATIENT",
            { "rules.yaml:9:11: not a list; allowed: `- value` lines or [ value, value ]" } },
        { "rules.yaml", "care: [INPATIENT]", "care: [INPATIENT, INPATIENT]",
            { "rules.yaml:9:23: `INPATIENT` stands twice; once is enough" } },
        { "rules.yaml", "less_payers: all", "less_payers: al",
            { "rules.yaml:15:30: unknown payer `al`, did you mean `all`?; allowed: basic, critical_illness, "
              "large_supplement, enterprise_supplement, commercial, mutual_aid, other_aid, all" } },
        { "rules.yaml", "id: county.excess", "id: county.table",
            { "rules.yaml:23:9: duplicate rule id `county.table`; each rule stands once" } },
        { "rules.yaml", "id: county.excess", "id: county.exces",
            { "rules.yaml:23:9: unknown rule id (see `order` in region.yaml) `county.exces`, did you mean "
              "`county.excess`?; allowed: county.table, county.excess, county.bands, county.bar" } },
        { "rules.yaml", "[county.table]", "[county.tabel]",
            { "rules.yaml:39:23: unknown rule `county.tabel`, did you mean `county.table`?; allowed: county.table, "
              "county.excess, county.bands, county.bar" } },
        { "rules.yaml", "[county.table]", "[county.bands]",
            { "rules.yaml:39:23: `county.bands` is not computed before this rule; allowed: rules earlier in "
              "`order`" } },
        { "rules.yaml", "holders_required: true", "holders_required: yes",
            { "rules.yaml:52:27: `yes` is not a yes or no; allowed: true, false" } },
        { "rules.yaml", "      base: { text", "      bse: { text",
            { "rules.yaml:11:7: unknown key `bse`, did you mean `base`?; allowed: id, kind, title, article, text, "
              "group, fund, care, in_province, in_force, readings, values, base, rows, year_end_classes" } },
        { "rules.yaml", "inside: \"9901\"", "inside: 长治",
            { "rules.yaml:67:50: `长治` is not a region; allowed: up to 6 digits in quotes" } },
        { "rules.yaml", "rules:\n", "rule:\n",
            { "rules.yaml:1:1: unknown key `rule`, did you mean `rules`?; allowed: rules" } },
        { "rules.yaml", "kind: referral_bar", "kind: manual_claim",
            { "rules.yaml:67:42: unknown key `inside`; allowed: source, to, sample, days",
                "rules.yaml:67:58: unknown key `referrals`; allowed: source, to, sample, days",
                "rules.yaml:67:19: missing key `days`; it is a whole number" } },
        { "rules.yaml", "  - id: county.bar", "---\nrules:\n  - id: county.bar",
            { "rules.yaml:61:1: a second document; a file holds one" } },
        { "rules.yaml", "    article: 第一条", "\tarticle: 第一条",
            { "rules.yaml:5:1: not YAML: found a tab character that violates indentation while scanning a plain "
              "scalar" } },
    };
    (void)state;
    check(cases, COUNT_OF(cases));
}

static void figures_through_time(void **state)
{
    static const struct spoilt cases[] = {
        { "rules.yaml",
            "2023-01-01:\n        source: county_2023\n        base: { "
            "less_payers: all }\n        rows",
            "2023-02-01:\n        source: county_2023\n        base: { "
            "less_payers: all }\n        rows",
            { "rules.yaml:13:7: a gap: the rule begins before its first figures; allowed here: 2023-01-01" } },
        { "rules.yaml",
            "2023-01-01:\n        source: county_2023\n        base: { "
            "less_payers: all }\n        rows",
            "2022-02-01:\n        source: county_2023\n        base: { "
            "less_payers: all }\n        rows",
            { "rules.yaml:13:7: figures from before the rule; allowed here: 2023-01-01" } },
        { "rules.yaml", "source: county_2023\n", "source: county_2023\n        to: 2023-12-30\n",
            { "rules.yaml:20:7: a gap: days before this one have no figures; allowed here: 2023-12-31" } },
        { "rules.yaml", "source: county_2023\n", "source: county_2023\n        to: 2024-01-01\n",
            { "rules.yaml:20:7: overlaps the figures before it; allowed here: 2024-01-02 or later" } },
        { "rules.yaml",
            "2024-01-01:", "2023-01-01:", { "rules.yaml:19:7: duplicate key `2023-01-01`; each key stands once" } },
        { "rules.yaml", "2024-01-01:", "2022-01-01:",
            { "rules.yaml:13:7: ends before it begins; allowed: first days that rise, each `to` on or after its "
              "own" } },
        { "rules.yaml", "2024-01-01:\n", "2024-01-01:\n        to: 2025-12-30\n",
            { "rules.yaml:19:7: the last figures do not end with the rule; allowed: leave `to` out, or 2025-12-31" } },
    };
    (void)state;
    check(cases, COUNT_OF(cases));
}

static void bands_and_caps(void **state)
{
    static const struct spoilt cases[] = {
        { "rules.yaml", "over_yuan: \"50000.00\", share", "over_yuan: \"50001.00\", share",
            { "rules.yaml:58:13: the bands do not touch; allowed here: over_yuan \"50000.00\"" } },
        { "rules.yaml", "over_yuan: \"50000.00\", share", "over_yuan: \"50000.00\", up_to_yuan: \"60000.00\", share",
            { "rules.yaml:58:13: allowed: up_to_yuan in every band but the last, which has none" } },
        { "rules.yaml", "over_yuan: \"50000.00\", share", "over_yuan: \"50000.00\", up_to_yuan: \"50000.00\", share",
            { "rules.yaml:58:13: the band does not rise; allowed: up_to_yuan above over_yuan" } },
        { "rules.yaml", "over_yuan: \"0.00\", up_to_yuan: \"50000.00\", share", "over_yuan: \"0.00\", share",
            { "rules.yaml:57:13: allowed: up_to_yuan in every band but the last, which has none" } },
        { "rules.yaml", "over_yuan: \"0.00\"", "over_yuan: \"100.00\"",
            { "rules.yaml:57:13: the bands do not touch; allowed here: over_yuan \"0.00\"" } },
        { "rules.yaml", "cap_yuan: none", "cap_yuan: nil",
            { "rules.yaml:59:19: `nil` is not a cap; allowed: yuan with two decimals, or `none`" } },
        { "rules.yaml", "cap_yuan: \"30000.00\"", "cap_yuan: \"-1.00\"",
            { "rules.yaml:37:19: `-1.00` is not a cap; allowed: yuan with two decimals, or `none`" } },
        { "rules.yaml", "rows: [{ category: EXTREME_POVERTY, share: 90% }]", "rows: []",
            { "rules.yaml:22:15: an empty list; at least one row belongs here" } },
    };
    (void)state;
    check(cases, COUNT_OF(cases));
}

static void write_good_pack(void)
{
    write_file("region.yaml", region_yaml, strlen(region_yaml));
    write_file("rules.yaml", rules_yaml, strlen(rules_yaml));
}

static void a_good_pack_has_its_versions(void **state)
{
    struct policy_packs packs;
    char text[DAY_TEXT_SIZE];
    (void)state;
    write_good_pack();
    assert_int_equal(load(&packs), STATUS_OK);
    assert_int_equal(report.count, 0);
    const struct policy_rule *table = &packs.items[0]->rules[0];
    assert_int_equal(table->count, 2);
    assert_string_equal(day_format(table->versions[0].period.to, text), "2023-12-31");
    assert_string_equal(day_format(table->versions[1].period.to, text), "2025-12-31");
    assert_int_equal(policy_rule_on(table, day_of(2023, 12, 31))->table.rows[0].share.bp, 10000);
    assert_int_equal(policy_rule_on(table, day_of(2024, 1, 1))->table.rows[0].share.bp, 9000);
    assert_null(policy_rule_on(table, day_of(2026, 1, 1)));
    assert_int_equal(table->versions[1].table.base.less_payers, 1 << PAYER_BASIC | 1 << PAYER_COMMERCIAL);
}

static void the_longest_texts_are_read(void **state)
{
    struct policy_packs packs;
    (void)state;
    write_good_pack();
    write_spoilt("rules.yaml", rules_yaml, "title: 住院救助\n    article: 第一条",
        "title: " TEN TEN TEN "救助\n    article: " TEN TEN TEN TEN);
    assert_int_equal(load(&packs), STATUS_OK);
    assert_int_equal(strlen(packs.items[0]->rules[0].title), POLICY_TITLE_BYTES);
    assert_int_equal(strlen(packs.items[0]->rules[0].article), POLICY_ARTICLE_BYTES);
}

static void another_byte_is_another_version(void **state)
{
    struct policy_packs packs;
    char version[33];
    (void)state;
    write_good_pack();
    assert_int_equal(load(&packs), STATUS_OK);
    strcpy(version, packs.items[0]->version);
    assert_int_equal(load(&packs), STATUS_OK);
    assert_string_equal(packs.items[0]->version, version);
    write_spoilt("rules.yaml", rules_yaml, "90%", "91%");
    assert_int_equal(load(&packs), STATUS_OK);
    assert_string_not_equal(packs.items[0]->version, version);
}

static void only_problem_is(const char *expected)
{
    struct policy_packs packs = { NULL, 77 };
    assert_int_equal(load(&packs), STATUS_BAD_PACK);
    assert_int_equal(packs.count, 77);
    assert_int_equal(report.count, 1);
    assert_string_equal(without_folder(report.problems[0]), expected);
}

static void remove_file(const char *name)
{
    char path[128];
    path_of(name, path, sizeof path);
    assert_int_equal(remove(path), 0);
}

static void make_folder(const char *name)
{
    char path[128];
    path_of(name, path, sizeof path);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void files_that_cannot_be_read(void **state)
{
    static char large[PACK_FILE_BYTES + 1];
    static const char bytes[] = "# 第一行\nrules: \xff\n";
    (void)state;
    write_good_pack();
    write_file("more.yaml", "", 0);
    only_problem_is("more.yaml: the file is empty; it holds a mapping");
    write_file("more.yaml", bytes, strlen(bytes));
    only_problem_is("more.yaml:2:1: this line is not UTF-8; files are UTF-8 without NUL");
    memset(large, '#', sizeof large);
    write_file("more.yaml", large, sizeof large);
    only_problem_is("more.yaml: not a file of at most 262144 bytes; allowed: smaller files");
    remove_file("more.yaml");
    make_folder("more.yaml");
    only_problem_is("more.yaml: not a file of at most 262144 bytes; allowed: smaller files");
    remove_file("more.yaml");
}

static void folders_without_a_pack(void **state)
{
    (void)state;
    write_good_pack();
    remove_file("region.yaml");
    only_problem_is(": no pack in it; a pack is a folder with a region.yaml");
    make_folder("empty");
    only_problem_is("empty: no region.yaml in it; every pack has one");
    make_folder("one");
    make_folder("two");
    write_file("one/region.yaml", region_yaml, strlen(region_yaml));
    write_file("one/rules.yaml", rules_yaml, strlen(rules_yaml));
    write_file("two/region.yaml", region_yaml, strlen(region_yaml));
    write_file("two/rules.yaml", rules_yaml, strlen(rules_yaml));
    remove_file("empty");
    only_problem_is("two/region.yaml:1:9: another pack is for region 990101 already; allowed: one");
    remove_file("one/region.yaml");
    remove_file("one/rules.yaml");
    remove_file("one");
    remove_file("two/region.yaml");
    remove_file("two/rules.yaml");
    remove_file("two");
    assert_int_equal(
        policy_packs_load("/nowhere/at/all", arena, &report, &(struct policy_packs){ NULL, 0 }), STATUS_BAD_PACK);
    assert_string_equal(report.problems[0], "/nowhere/at/all: cannot read this folder: No such file or directory");
}

static void one_bar_in_a_group(void **state)
{
    char two[8192];
    const char *bar = strstr(rules_yaml, "  - id: county.bar\n");
    (void)state;
    write_good_pack();
    write_spoilt("region.yaml", region_yaml, "county.bar]", "county.bar, county.bat]");
    int length =
        snprintf(two, sizeof two, "%s  - id: county.bat\n%s", rules_yaml, bar + strlen("  - id: county.bar\n"));
    write_file("rules.yaml", two, (size_t)length);
    only_problem_is("region.yaml:9:64: rules `county.bar` and `county.bat` are both of kind referral_bar in one group; "
                    "allowed: one");
}

static void append(char *text, size_t size, const char *format, ...) PRINTF_LIKE(3, 4);

static void append(char *text, size_t size, const char *format, ...)
{
    va_list arguments;
    size_t used = strlen(text);
    va_start(arguments, format);
    int wrote = vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
    assert_true(wrote >= 0 && (size_t)wrote < size - used);
}

/* The little pack, whose three rules for visits give a line each, with a catalogue ratio and `count` top-ups. */
static void write_many_rules(int count)
{
    static char rules[16384];
    char names[1024] = ", county.ratio";
    rules[0] = '\0';
    append(rules, sizeof rules,
        "%s  - { id: county.ratio, kind: catalogue_ratio, title: 目录外, article: 第五条, text: 原文, group: aid,\n"
        "      fund: ASSISTANCE, care: [INPATIENT], values: { 2023-01-01: { source: county_2023,\n"
        "      categories: [EXTREME_POVERTY], fund_categories: [EXTREME_POVERTY], fund_share: 50%%,\n"
        "      limit: { CLASS_1: 5%%, CLASS_2_CITY: 5%%, CLASS_2_COUNTY: 5%%, CLASS_3: 5%% } } } }\n",
        rules_yaml);
    for (int i = 0; i < count; i++) {
        append(names, sizeof names, ", more.%02d", i);
        append(rules, sizeof rules,
            "  - { id: more.%02d, kind: top_up, title: 补足, article: 第六条, text: 原文, group: aid, fund: "
            "ASSISTANCE,\n"
            "      care: [INPATIENT], values: { 2023-01-01: { source: county_2023, categories: [EXTREME_POVERTY],\n"
            "      target: 90%% } } }\n",
            i);
    }
    append(names, sizeof names, "]\nincomes");
    write_spoilt("region.yaml", region_yaml, "]\nincomes", names);
    write_file("rules.yaml", rules, strlen(rules));
}

/* Three lines, the two of a catalogue ratio and eleven more have room; one more has not. */
static void lines_have_room_on_a_settlement(void **state)
{
    struct policy_packs packs;
    (void)state;
    write_many_rules(11);
    assert_int_equal(load(&packs), STATUS_OK);
    write_many_rules(12);
    only_problem_is("region.yaml:9:177: with `more.11` the rules can give a settlement 17 lines; allowed: at most 16 "
                    "(catalogue_ratio gives two, each other rule for visits one)");
}

/* 60 lists that are not rules: 50 are told, 10 are counted. */
static void a_report_has_an_end(void **state)
{
    char many[1024] = "rules:\n";
    struct policy_packs packs;
    (void)state;
    write_good_pack();
    for (int i = 0; i < 60; i++)
        strcat(many, "  - []\n");
    write_file("rules.yaml", many, strlen(many));
    assert_int_equal(load(&packs), STATUS_BAD_PACK);
    assert_int_equal(report.count, PACK_PROBLEM_LIMIT);
    assert_int_equal(report.dropped, 10);
    assert_string_equal(without_folder(report.problems[49]),
        "rules.yaml:51:5: not a mapping; allowed: `key: value` lines or { key: value }");
}

/* However little room there is, the answer is a status. */
static void a_full_arena_is_told(void **state)
{
    (void)state;
    write_good_pack();
    bool fits = false;
    for (size_t size = 4096; !fits; size += 512) {
        struct policy_packs packs = { NULL, 77 };
        struct arena *small = arena_new(size);
        enum status status = policy_packs_load(folder, small, &report, &packs);
        assert_true(status == STATUS_OK || status == STATUS_ARENA_FULL);
        fits = status == STATUS_OK;
        assert_int_equal(packs.count, fits ? 1 : 77);
        arena_free(small);
    }
}

static int begin(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/settled-pack-XXXXXX");
    arena = arena_new(PACK_ARENA_BYTES);
    return mkdtemp(folder) == NULL || arena == NULL ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    remove_file("rules.yaml");
    arena_free(arena);
    char path[128];
    path_of("region.yaml", path, sizeof path);
    remove(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_pack_has_its_versions),
        cmocka_unit_test(the_longest_texts_are_read),
        cmocka_unit_test(another_byte_is_another_version),
        cmocka_unit_test(regions_say_what_is_wrong),
        cmocka_unit_test(keys_and_values_of_rules),
        cmocka_unit_test(figures_through_time),
        cmocka_unit_test(bands_and_caps),
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(folders_without_a_pack),
        cmocka_unit_test(one_bar_in_a_group),
        cmocka_unit_test(lines_have_room_on_a_settlement),
        cmocka_unit_test(a_report_has_an_end),
        cmocka_unit_test(a_full_arena_is_told),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
