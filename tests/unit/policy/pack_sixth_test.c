/* docs/new-county.md: the county it works through loads from YAML alone, and its tables of keys are those of the
 * loader. */
#include "policy/pack_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define PAGE SETTLED_SOURCE_DIR "/docs/new-county.md"
#define BEGIN "<!-- keys: begin (made by tests/unit/policy/pack_sixth_test.c) -->\n"
#define END "<!-- keys: end -->\n"
#define PAGE_SIZE 131072

static struct arena *arena;
static struct policy_packs packs;

static int load(void **state)
{
    static struct pack_report report;
    (void)state;
    arena = arena_new(PACK_ARENA_BYTES);
    enum status status = policy_packs_load(SETTLED_SOURCE_DIR "/tests/packs", arena, &report, &packs);
    for (size_t i = 0; i < report.count; i++)
        print_error("%s\n", report.problems[i]);
    return status == STATUS_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct policy_rule *rule_of(const char *id)
{
    const struct policy_pack *pack = packs.items[0];
    for (size_t i = 0; i < pack->rule_count; i++)
        if (strcmp(pack->rules[i].id, id) == 0)
            return &pack->rules[i];
    fail_msg("no rule %s", id);
    return NULL;
}

static void a_county_from_yaml_alone(void **state)
{
    (void)state;
    assert_int_equal(packs.count, 1);
    const struct policy_pack *pack = packs.items[0];
    assert_string_equal(pack->region, "990203");
    assert_int_equal(pack->rule_count, 5);
    assert_int_equal(pack->group_count, 3);
    assert_ptr_equal(pack->account, rule_of("qinghe.account"));
    assert_ptr_equal(pack->groups[rule_of("qinghe.inpatient")->group].shared_cap, rule_of("qinghe.shared_cap"));
    assert_int_equal(rule_of("qinghe.outpatient")->versions[0].per_visit.deductible[LEVEL_LEVEL_3].fen, 8000);
    assert_int_equal(rule_of("qinghe.supplement")->versions[0].bands.deductible.fen, 800000);
    assert_int_equal(rule_of("qinghe.supplement")->reading_count, 1);
}

static int allowance_share_on(int year, int month, int day_of_month)
{
    const struct policy_version *version =
        policy_rule_on(rule_of("qinghe.inpatient"), day_of(year, month, day_of_month));
    assert_non_null(version);
    assert_int_equal(version->table.rows[1].category, CATEGORY_SUBSISTENCE_ALLOWANCE);
    return version->table.rows[1].share.bp;
}

static void each_day_has_its_figures(void **state)
{
    (void)state;
    assert_int_equal(allowance_share_on(2024, 1, 1), 7500);
    assert_int_equal(allowance_share_on(2024, 12, 31), 7500);
    assert_int_equal(allowance_share_on(2025, 1, 1), 8000);
    assert_int_equal(allowance_share_on(2026, 12, 31), 8000);
    assert_null(policy_rule_on(rule_of("qinghe.inpatient"), day_of(2023, 12, 31)));
    assert_null(policy_rule_on(rule_of("qinghe.inpatient"), day_of(2027, 1, 1)));
}

static void read_page(char *page)
{
    FILE *stream = fopen(PAGE, "r");
    assert_non_null(stream);
    size_t length = fread(page, 1, PAGE_SIZE - 1, stream);
    page[length] = '\0';
    fclose(stream);
}

static void write_page(const char *page, const char *head_end, const char *help, const char *tail)
{
    FILE *stream = fopen(PAGE, "w");
    assert_non_null(stream);
    fprintf(stream, "%.*s%s%s", (int)(head_end - page), page, help, tail);
    fclose(stream);
}

/* SETTLED_REWRITE=1 writes the tables into the page; without it they must already be there. */
static void the_page_shows_the_loaders_keys(void **state)
{
    static char page[PAGE_SIZE], help[PAGE_SIZE];
    (void)state;
    read_page(page);
    const char *begin = strstr(page, BEGIN), *end = strstr(page, END);
    assert_true(begin != NULL && end != NULL && begin < end);
    begin += strlen(BEGIN);
    assert_true(policy_pack_help(help, sizeof help));
    if (getenv("SETTLED_REWRITE") != NULL)
        write_page(page, begin, help, end);
    else if ((size_t)(end - begin) != strlen(help) || memcmp(begin, help, strlen(help)) != 0)
        fail_msg("docs/new-county.md has other keys than the loader; run this test once with SETTLED_REWRITE=1");
}

static void help_that_does_not_fit_is_told(void **state)
{
    char small[64];
    (void)state;
    assert_false(policy_pack_help(small, sizeof small));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_county_from_yaml_alone),
        cmocka_unit_test(each_day_has_its_figures),
        cmocka_unit_test(the_page_shows_the_loaders_keys),
        cmocka_unit_test(help_that_does_not_fit_is_told),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
