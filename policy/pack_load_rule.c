/* One rule: its own keys, its readings, and its figures through time. */
#include "policy/pack_load_field.h"

#include <stddef.h>

static const struct pack_field period_fields[] = {
    { "from", PACK_DAY, offsetof(struct policy_period, from), false, 0, NULL, "its first day" },
    { "to", PACK_DAY, offsetof(struct policy_period, to), true, 0, NULL, "its last day; left out: no end" },
};

static bool finish_period(struct pack_node at, void *values)
{
    struct policy_period *period = values;
    struct pack_node to;
    if (!pack_map_find(at, "to", &to))
        period->to = DAY_LAST;
    if (day_cmp(period->from, period->to) <= 0)
        return true;
    pack_problem(at, "the last day is before the first; allowed: `to` on or after `from`");
    return false;
}
const struct pack_record pack_period_record = PACK_RECORD_OF(struct policy_period, period_fields, finish_period);

/* What is kept of a rule while it is read. */
struct draft {
    struct policy_rule rule;
    struct policy_period period; /* of the rule: the pack's when not given */
};

#define AT(member) offsetof(struct draft, member)
static const struct pack_field rule_fields[] = {
    { "id", PACK_CUSTOM, 0, false, 0, NULL, "the rule's name, as in `order`" },
    { "kind", PACK_CUSTOM, 0, false, 0, NULL, "one of the kinds below" },
    { "title", PACK_TEXT, AT(rule.title), false, POLICY_TITLE_BYTES, NULL,
        "in Chinese, three bytes a character, as a patient reads it" },
    { "article", PACK_TEXT, AT(rule.article), false, POLICY_ARTICLE_BYTES, NULL, "of the document" },
    { "text", PACK_TEXT, AT(rule.text), false, 0, NULL, "the article's own words" },
    { "group", PACK_GROUP, AT(rule.group), true, 0, NULL, "with which it is barred, pending and capped" },
    { "fund", PACK_TERM, AT(rule.fund), true, TERM_FUND, NULL, "which pays its lines" },
    { "care", PACK_CARES, AT(rule.cares), true, 0, NULL, "to which it applies" },
    { "in_province", PACK_BOOL, AT(rule.in_province), true, 0, NULL, "only hospitals of the province" },
    { "in_force", PACK_RECORD, AT(period), true, 0, &pack_period_record, "the rule's own days; left out: the pack's" },
    { "readings", PACK_CUSTOM, 0, true, 0, &pack_reading_record,
        "key -> { text, taken }: where the document leaves room" },
    { "values", PACK_CUSTOM, 0, false, 0, NULL, "first day -> figures" },
};
#undef AT
const struct pack_record pack_rule_record = PACK_RECORD_OF(struct draft, rule_fields, NULL);

struct version_draft {
    struct policy_version version;
    bool sample;
};

static const struct pack_field version_fields[] = {
    { "source", PACK_SOURCE, offsetof(struct version_draft, version.source), false, 0, NULL,
        "the document with these figures" },
    { "to", PACK_DAY, offsetof(struct version_draft, version.period.to), true, 0, NULL,
        "their last day; left out: until the next ones" },
    { "sample", PACK_BOOL, offsetof(struct version_draft, sample), true, 0, NULL, "true: not from a document" },
};
const struct pack_record pack_version_record = PACK_RECORD_OF(struct version_draft, version_fields, NULL);

static const struct pack_field reading_fields[] = {
    { "text", PACK_TEXT, offsetof(struct policy_reading, text), false, 0, NULL, "the document's own words" },
    { "taken", PACK_TEXT, offsetof(struct policy_reading, taken), false, 0, NULL, "how they are read here" },
};
const struct pack_record pack_reading_record = PACK_RECORD_OF(struct policy_reading, reading_fields, NULL);

bool pack_readings_read(
    struct pack_node at, const struct pack_names *keys, const struct policy_reading **ret_readings, size_t *ret_count)
{
    if (!pack_map_check(at, keys))
        return false;
    size_t count = pack_node_count(at);
    struct policy_reading *readings = ARENA_ARRAY(at.file->arena, count, struct policy_reading);
    if (readings == NULL)
        return false;
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        good &= pack_node_copy(pack_map_key(at, i), &readings[i].parameter);
        good &= pack_record_read(pack_map_value(at, i), &pack_reading_record, &readings[i]);
    }
    *ret_readings = readings;
    *ret_count = count;
    return good;
}

/* A reading may speak of any key of the rule or of its figures. */
static bool read_rule_readings(struct pack_node at, const struct pack_kind *kind, struct policy_rule *rule)
{
    struct pack_names keys = { .count = 0 };
    for (size_t i = 0; i < pack_rule_record.count; i++)
        pack_names_add(&keys, pack_rule_record.fields[i].key);
    for (size_t i = 0; i < kind->values->count; i++)
        pack_names_add(&keys, kind->values->fields[i].key);
    return pack_readings_read(at, &keys, &rule->readings, &rule->reading_count);
}

static bool read_version(struct pack_node at, const struct pack_kind *kind, struct policy_version *version)
{
    struct version_draft draft = { .version = *version };
    const struct pack_part parts[] = { { &pack_version_record, &draft }, { kind->values, &draft.version.bands } };
    bool good = pack_parts_read(at, parts, COUNT_OF(parts));
    *version = draft.version;
    at.file->symbols->pack->sample |= draft.sample;
    return good;
}

/* The days of version i must begin where those of the one before end. `next` is the first day not covered yet. */
static bool check_begin(struct pack_node key, const struct policy_version *version, day next, bool first)
{
    char begins[DAY_TEXT_SIZE];
    day_format(next, begins);
    int order = day_cmp(version->period.from, next);
    if (order > 0 && first)
        pack_problem(key, "a gap: the rule begins before its first figures; allowed here: %s", begins);
    else if (order > 0)
        pack_problem(key, "a gap: days before this one have no figures; allowed here: %s", begins);
    else if (order < 0 && first)
        pack_problem(key, "figures from before the rule; allowed here: %s", begins);
    else if (order < 0)
        pack_problem(key, "overlaps the figures before it; allowed here: %s or later", begins);
    return order == 0;
}

static bool check_end(struct pack_node key, const struct policy_version *version, day last)
{
    char ends[DAY_TEXT_SIZE];
    int order = day_cmp(version->period.to, last);
    if (order != 0)
        pack_problem(
            key, "the last figures do not end with the rule; allowed: leave `to` out, or %s", day_format(last, ends));
    return order == 0;
}

/* Figures without a last day hold until the next ones begin. */
static void close_versions(struct pack_node map, struct policy_version *versions, size_t count, day last)
{
    struct pack_node to;
    for (size_t i = 0; i < count; i++)
        if (!pack_map_find(pack_map_value(map, i), "to", &to))
            versions[i].period.to = i + 1 < count ? day_add(versions[i + 1].period.from, -1) : last;
}

static bool check_periods(
    struct pack_node map, const struct policy_version *versions, size_t count, struct policy_period period)
{
    day next = period.from;
    for (size_t i = 0; i < count; i++) {
        struct pack_node key = pack_map_key(map, i);
        if (!check_begin(key, &versions[i], next, i == 0))
            return false;
        if (day_cmp(versions[i].period.to, versions[i].period.from) < 0) {
            pack_problem(key, "ends before it begins; allowed: first days that rise, each `to` on or after its own");
            return false;
        }
        next = day_add(versions[i].period.to, 1);
    }
    return check_end(pack_map_key(map, count - 1), &versions[count - 1], period.to);
}

static bool read_versions(struct pack_node at, const struct pack_kind *kind, struct draft *draft)
{
    if (!pack_map_check(at, NULL))
        return false;
    size_t count = pack_node_count(at);
    if (count == 0) {
        pack_problem(at, "no figures; allowed: `YYYY-MM-DD: { ... }`, the day on which they begin");
        return false;
    }
    struct policy_version *versions = ARENA_ARRAY(at.file->arena, count, struct policy_version);
    if (versions == NULL)
        return false;
    bool good = true, dated = true;
    for (size_t i = 0; i < count; i++) {
        dated &= pack_node_day(pack_map_key(at, i), &versions[i].period.from);
        good &= read_version(pack_map_value(at, i), kind, &versions[i]);
    }
    close_versions(at, versions, count, draft->period.to);
    good &= dated && check_periods(at, versions, count, draft->period);
    draft->rule.versions = versions;
    draft->rule.count = count;
    return good;
}

static bool read_kind(struct pack_node map, struct policy_rule *rule)
{
    struct pack_names kinds = { .count = 0 };
    struct pack_node value;
    int place;
    for (int kind = 0; kind < POLICY_KIND_COUNT; kind++)
        pack_names_add(&kinds, policy_kind_name((enum policy_kind)kind));
    if (!pack_map_find(map, "kind", &value) || !pack_node_name(value, "kind", &kinds, &place))
        return false;
    rule->kind = (uint8_t)place;
    return true;
}

/* The rule's place in the order, which no other rule may have taken. */
static bool read_id(struct pack_node map, const struct policy_rule *rules, struct policy_rule *rule)
{
    const struct pack_symbols *symbols = map.file->symbols;
    struct pack_node value;
    int place;
    if (!pack_map_find(map, "id", &value)
        || !pack_node_name(value, "rule id (see `order` in region.yaml)", &symbols->rules, &place))
        return false;
    if (rules[place].id != NULL) {
        pack_problem(value, "duplicate rule id `%s`; each rule stands once", symbols->rules.items[place]);
        return false;
    }
    rule->index = (uint8_t)place;
    rule->id = symbols->rules.items[place];
    return true;
}

static bool check_key(struct pack_node map, const char *key, bool wanted, const struct policy_rule *rule)
{
    struct pack_node value;
    bool given = pack_map_find(map, key, &value);
    const char *kind = policy_kind_name((enum policy_kind)rule->kind);
    if (wanted && !given)
        pack_problem(map, "missing key `%s`; a rule of kind %s needs it", key, kind);
    else if (given && !wanted)
        pack_problem(value, "`%s` has no meaning for kind %s; leave it out", key, kind);
    return wanted == given;
}

static bool check_kind_keys(struct pack_node map, const struct pack_kind *kind, const struct policy_rule *rule)
{
    bool good = check_key(map, "group", kind->group, rule);
    good &= check_key(map, "fund", kind->fund, rule);
    good &= check_key(map, "care", kind->care, rule);
    return good;
}

static bool read_draft(struct pack_node at, struct draft *draft)
{
    struct pack_node value;
    bool good = pack_record_read(at, &pack_rule_record, draft);
    if (at.node->type != YAML_MAPPING_NODE || !read_kind(at, &draft->rule))
        return false;
    const struct pack_kind *kind = pack_kind_of((enum policy_kind)draft->rule.kind);
    good &= check_kind_keys(at, kind, &draft->rule);
    if (pack_map_find(at, "readings", &value))
        good &= read_rule_readings(value, kind, &draft->rule);
    if (pack_map_find(at, "values", &value))
        good &= read_versions(value, kind, draft);
    return good;
}

bool pack_rule_read(struct pack_node at, struct policy_rule *rules)
{
    struct pack_symbols *symbols = at.file->symbols;
    struct draft draft = {
        .rule.index = POLICY_RULE_LIMIT, .rule.kind = POLICY_KIND_COUNT, .period = symbols->pack->in_force
    };
    bool named = at.node->type == YAML_MAPPING_NODE && read_id(at, rules, &draft.rule);
    symbols->now = &draft.rule;
    bool good = read_draft(at, &draft);
    symbols->now = NULL;
    if (named)
        rules[draft.rule.index] = draft.rule;
    return named && good;
}
