/* From a folder to packs: files in the order of their names, region.yaml first, then the rules, then what ties them
 * together. */
#include "policy/pack_load.h"

#include "base/sort.h"
#include "policy/pack_load_field.h"
#include "policy/pack_load_files.h"

#include <stdio.h>

/* A pack while it is read. */
struct loading {
    struct policy_pack pack;
    struct pack_symbols symbols;
    struct policy_rule *rules; /* by index; id NULL: not read yet */
    struct pack_files files;
    struct pack_file parsed[PACK_FILE_LIMIT];
};

#define REGION_FILE "region.yaml"

static bool is_region_file(const char *path)
{
    size_t length = strlen(path), tail = strlen("/" REGION_FILE);
    return length > tail && strcmp(path + length - tail, "/" REGION_FILE) == 0;
}

static bool parse_files(struct loading *loading, struct arena *arena, struct pack_report *report)
{
    bool good = true;
    for (size_t i = 0; i < loading->files.count; i++) {
        const struct pack_bytes *bytes = &loading->files.items[i];
        loading->parsed[i] =
            (struct pack_file){ .path = bytes->path, .arena = arena, .report = report, .symbols = &loading->symbols };
        good &= pack_file_parse(&loading->parsed[i], bytes->at, bytes->length);
    }
    return good;
}

static struct pack_file *region_file(struct loading *loading)
{
    for (size_t i = 0; i < loading->files.count; i++)
        if (is_region_file(loading->parsed[i].path) && loading->parsed[i].open)
            return &loading->parsed[i];
    return NULL;
}

static bool read_region(struct loading *loading)
{
    struct pack_file *file = region_file(loading);
    return file != NULL && pack_region_read(pack_file_root(file), &loading->symbols);
}

/* Where a key of region.yaml has its value; the key was read before. */
static struct pack_node region_place(struct loading *loading, const char *key)
{
    struct pack_node place;
    CHECK(pack_map_find(pack_file_root(region_file(loading)), key, &place));
    return place;
}

static bool read_rule_file(struct pack_node root, struct policy_rule *rules)
{
    static const struct pack_names keys = { { "rules" }, 1 };
    struct pack_node list;
    if (!pack_map_check(root, &keys))
        return false;
    if (!pack_map_find(root, "rules", &list)) {
        pack_problem(root, "missing key `rules`; it is a list of rules");
        return false;
    }
    if (!pack_node_is_list(list))
        return false;
    bool good = true;
    for (size_t i = 0; i < pack_node_count(list); i++)
        good &= pack_rule_read(pack_list_item(list, i), rules);
    return good;
}

/* Every id of the order needs its rule, and every rule has its place by its id. */
static bool check_order(struct loading *loading)
{
    bool good = true;
    for (size_t i = 0; i < loading->symbols.rules.count; i++)
        if (loading->rules[i].id == NULL) {
            pack_problem(pack_list_item(region_place(loading, "order"), i),
                "rule `%s` is in no file; give it in one, or take it out", loading->symbols.rules.items[i]);
            good = false;
        }
    return good;
}

static bool has_year_end(const struct policy_rule *rule)
{
    for (size_t i = 0; i < rule->count; i++)
        if (rule->versions[i].table.year_end_classes != 0)
            return true;
    return false;
}

static const struct policy_rule **single_slot(struct policy_pack *pack, const struct policy_rule *rule)
{
    struct policy_group *group = &pack->groups[rule->group];
    switch ((enum policy_kind)rule->kind) {
    case POLICY_REFERRAL_BAR:
        return &group->bar;
    case POLICY_ON_APPLICATION:
        return &group->application;
    case POLICY_MANUAL_CLAIM:
        return &group->claim;
    case POLICY_CONTRIBUTION_DUTY:
        return &group->duty;
    case POLICY_SHARED_CAP:
        return &group->shared_cap;
    case POLICY_THRESHOLD_WATCH:
        return &pack->watch;
    case POLICY_ACCOUNT:
        return &pack->account;
    case POLICY_CASE_SUBSIDY:
        return &pack->case_subsidy;
    case POLICY_ENROLMENT_SUBSIDY:
        return &pack->enrolment;
    case POLICY_LEVY_GRANT:
        return &pack->levy;
    case POLICY_FUND_RESERVE:
        return &pack->reserve;
    case POLICY_CATEGORY_TABLE:
        return has_year_end(rule) ? &pack->year_end : NULL;
    case POLICY_CUMULATIVE_BANDS:
    case POLICY_TOP_UP:
    case POLICY_CATALOGUE_RATIO:
    case POLICY_EXCESS_RATIO:
    case POLICY_PER_VISIT:
    case POLICY_KIND_COUNT:
        break;
    }
    return NULL;
}

/* Rules of which a region, or a group, has one at most. */
static bool link_rule(struct loading *loading, const struct policy_rule *rule)
{
    const struct policy_rule **slot = single_slot(&loading->pack, rule);
    if (slot == NULL)
        return true;
    if (*slot != NULL) {
        pack_problem(pack_list_item(region_place(loading, "order"), rule->index),
            "rules `%s` and `%s` are both of kind %s%s; allowed: one", (*slot)->id, rule->id,
            policy_kind_name((enum policy_kind)rule->kind),
            pack_kind_of((enum policy_kind)rule->kind)->group ? " in one group" : "");
        return false;
    }
    *slot = rule;
    return true;
}

static bool link_rules(struct loading *loading)
{
    bool good = true;
    loading->pack.rules = loading->rules;
    loading->pack.rule_count = loading->symbols.rules.count;
    for (size_t i = 0; i < loading->pack.rule_count; i++)
        good &= link_rule(loading, &loading->rules[i]);
    return good;
}

/* The figures of region.yaml without which a version can never pay, or NULL. */
static const char *missing_figures(
    const struct policy_pack *pack, const struct policy_rule *rule, const struct policy_version *version)
{
    bool needs_income = rule->kind == POLICY_EXCESS_RATIO;
    if (rule->kind == POLICY_CATEGORY_TABLE)
        for (size_t i = 0; i < version->table.count; i++)
            needs_income |= version->table.rows[i].income_share.bp != 0;
    if (needs_income && pack->income_count == 0)
        return "incomes";
    if (rule->kind == POLICY_ENROLMENT_SUBSIDY && pack->window_count == 0)
        return "enrolment_windows";
    bool needs_calendar = rule->kind == POLICY_THRESHOLD_WATCH && version->watch.reply_working_days != 0;
    return needs_calendar && pack->holiday_count == 0 ? "calendar" : NULL;
}

static bool check_figures(struct loading *loading)
{
    bool good = true;
    for (size_t i = 0; i < loading->pack.rule_count; i++) {
        const struct policy_rule *rule = &loading->pack.rules[i];
        const char *missing = NULL;
        for (size_t version = 0; version < rule->count && missing == NULL; version++)
            missing = missing_figures(&loading->pack, rule, &rule->versions[version]);
        if (missing == NULL)
            continue;
        pack_problem(pack_list_item(region_place(loading, "order"), i),
            "rule `%s` needs figures that are missing; give them in `%s`", rule->id, missing);
        good = false;
    }
    return good;
}

/* A settlement has room for so many lines. Rules for other kinds of care or other days are counted too: the bound is
 * plain, and far above what one document has. */
static bool check_lines(struct loading *loading)
{
    size_t lines = 0;
    for (size_t i = 0; i < loading->pack.rule_count; i++) {
        const struct policy_rule *rule = &loading->pack.rules[i];
        lines += pack_kind_of((enum policy_kind)rule->kind)->lines;
        if (lines <= POLICY_LINE_LIMIT)
            continue;
        pack_problem(pack_list_item(region_place(loading, "order"), i),
            "with `%s` the rules can give a settlement %zu lines; allowed: at most %d (catalogue_ratio gives two, each "
            "other rule for visits one)",
            rule->id, lines, POLICY_LINE_LIMIT);
        return false;
    }
    return true;
}

/* Without what rules refer to, every rule would repeat the one mistake of region.yaml: then they are not read. */
static bool read_pack(struct loading *loading, struct arena *arena, struct pack_report *report)
{
    bool good = parse_files(loading, arena, report);
    good &= read_region(loading);
    for (size_t i = 0; loading->symbols.complete && i < loading->files.count; i++)
        if (!is_region_file(loading->parsed[i].path) && loading->parsed[i].open)
            good &= read_rule_file(pack_file_root(&loading->parsed[i]), loading->rules);
    return good && check_order(loading) && link_rules(loading) && check_figures(loading) && check_lines(loading);
}

/* Records say a region only: each has one pack. */
static bool is_first_of_region(struct loading *loading, const struct policy_packs *known)
{
    for (size_t i = 0; i < known->count; i++)
        if (strcmp(known->items[i]->region, loading->pack.region) == 0) {
            pack_problem(region_place(loading, "region"), "another pack is for region %s already; allowed: one",
                loading->pack.region);
            return false;
        }
    return true;
}

/* The pack that one folder holds; NULL after problems, or when the arena is full. */
static const struct policy_pack *load_pack(
    const char *folder, const struct policy_packs *known, struct arena *arena, struct pack_report *report)
{
    struct loading *loading = ARENA_NEW(arena, struct loading);
    if (loading == NULL)
        return NULL;
    loading->rules = ARENA_ARRAY(arena, POLICY_RULE_LIMIT, struct policy_rule);
    loading->symbols.pack = &loading->pack;
    if (loading->rules == NULL || !pack_files_read(folder, arena, report, &loading->files))
        return NULL;
    loading->pack.version = loading->files.digest;
    bool good = read_pack(loading, arena, report) && is_first_of_region(loading, known);
    for (size_t i = 0; i < loading->files.count; i++)
        pack_file_done(&loading->parsed[i]);
    return good ? &loading->pack : NULL;
}

static int by_region(const void *a, const void *b)
{
    const struct policy_pack *left = a, *right = b;
    return strcmp(left->region, right->region);
}

static enum status load_all(
    const struct pack_folders *folders, struct arena *arena, struct pack_report *report, struct policy_packs *ret_packs)
{
    struct policy_packs packs = { ARENA_ARRAY(arena, folders->count, const struct policy_pack *), 0 };
    for (size_t i = 0; packs.items != NULL && i < folders->count; i++) {
        const struct policy_pack *pack = load_pack(folders->paths[i], &packs, arena, report);
        if (pack != NULL)
            packs.items[packs.count++] = pack;
    }
    if (arena_is_full(arena))
        return STATUS_ARENA_FULL;
    enum status sorted = sort_pointers(arena, (const void **)packs.items, packs.count, by_region);
    if (sorted != STATUS_OK)
        return sorted;
    if (report->count != 0)
        return STATUS_BAD_PACK;
    *ret_packs = packs;
    return STATUS_OK;
}

enum status policy_packs_load(
    const char *folder, struct arena *arena, struct pack_report *report, struct policy_packs *ret_packs)
{
    struct pack_folders folders;
    report->count = 0;
    report->dropped = 0;
    if (!pack_folders_find(folder, arena, report, &folders))
        return arena_is_full(arena) ? STATUS_ARENA_FULL : STATUS_BAD_PACK;
    return load_all(&folders, arena, report, ret_packs);
}
