/* How each type of value is read from YAML into its place. */
#include "policy/pack_load_field.h"

typedef bool (*reader)(struct pack_node at, const struct pack_field *field, void *target);

static bool read_text(struct pack_node at, const struct pack_field *field, void *target)
{
    struct text text;
    if (!pack_node_text(at, &text))
        return false;
    if (field->detail != 0 && text.length > (size_t)field->detail) {
        pack_problem(
            at, "%zu bytes of text; allowed: at most %d, a Chinese character is 3", text.length, field->detail);
        return false;
    }
    return pack_node_copy(at, target);
}

static bool read_money(struct pack_node at, const struct pack_field *field, void *target)
{
    (void)field;
    return pack_node_money(at, target);
}

static bool read_cap(struct pack_node at, const struct pack_field *field, void *target)
{
    struct policy_cap *cap = target;
    struct text text;
    (void)field;
    if (!pack_node_text(at, &text))
        return false;
    cap->limited = !text_equal(text, TEXT("none"));
    if (!cap->limited || (text.at[0] >= '0' && text.at[0] <= '9'))
        return !cap->limited || pack_node_money(at, &cap->amount);
    pack_problem(at, "`%.*s` is not a cap; allowed: yuan with two decimals, or `none`", TEXT_FORMAT(text));
    return false;
}

static bool read_rate(struct pack_node at, const struct pack_field *field, void *target)
{
    (void)field;
    return pack_node_rate(at, target);
}

static bool read_bool(struct pack_node at, const struct pack_field *field, void *target)
{
    (void)field;
    return pack_node_bool(at, target);
}

static bool read_int(struct pack_node at, const struct pack_field *field, void *target)
{
    return pack_node_int(at, field->detail, target);
}

static bool read_day(struct pack_node at, const struct pack_field *field, void *target)
{
    (void)field;
    return pack_node_day(at, target);
}

static bool read_month_day(struct pack_node at, const struct pack_field *field, void *target)
{
    (void)field;
    return pack_node_month_day(at, target);
}

static bool read_term(struct pack_node at, const struct pack_field *field, void *target)
{
    return pack_node_term(at, (enum term)field->detail, target);
}

static bool read_terms(struct pack_node at, const struct pack_field *field, void *target)
{
    term_set set = 0;
    bool good = pack_node_is_list(at);
    for (size_t i = 0; good && i < pack_node_count(at); i++) {
        struct pack_node item = pack_list_item(at, i);
        uint8_t value;
        good = pack_node_term(item, (enum term)field->detail, &value);
        if (good && term_holds(set, value)) {
            pack_problem(item, "`%s` stands twice; once is enough", term_name((enum term)field->detail, value));
            good = false;
        }
        set |= good ? term_bit(value) : 0;
    }
    *(term_set *)target = set;
    return good;
}

static bool read_cares(struct pack_node at, const struct pack_field *field, void *target)
{
    static const struct pack_field care = { .detail = TERM_CARE };
    term_set set;
    (void)field;
    if (!read_terms(at, &care, &set))
        return false;
    *(uint8_t *)target = (uint8_t)set;
    return true;
}

static bool read_classes(struct pack_node at, const struct pack_field *field, void *target)
{
    int set = 0, number;
    (void)field;
    if (!pack_node_is_list(at))
        return false;
    for (size_t i = 0; i < pack_node_count(at); i++) {
        if (!pack_node_int(pack_list_item(at, i), 3, &number))
            return false;
        set |= 1 << number;
    }
    *(uint8_t *)target = (uint8_t)set;
    return true;
}

static bool read_payers(struct pack_node at, const struct pack_field *field, void *target)
{
    struct pack_names payers = { .count = 0 };
    int set = 0, payer;
    (void)field;
    for (payer = 0; payer < PAYER_COUNT; payer++)
        pack_names_add(&payers, policy_payer_name((enum policy_payer)payer));
    if (at.node->type == YAML_SCALAR_NODE) {
        pack_names_add(&payers, "all");
        if (!pack_node_name(at, "payer", &payers, &payer))
            return false;
        *(uint8_t *)target = (uint8_t)(payer == PAYER_COUNT ? (1 << PAYER_COUNT) - 1 : 1 << payer);
        return true;
    }
    if (!pack_node_is_list(at))
        return false;
    for (size_t i = 0; i < pack_node_count(at); i++) {
        if (!pack_node_name(pack_list_item(at, i), "payer", &payers, &payer))
            return false;
        set |= 1 << payer;
    }
    *(uint8_t *)target = (uint8_t)set;
    return true;
}

static bool read_region(struct pack_node at, const struct pack_field *field, void *target)
{
    return pack_node_digits(at, (size_t)field->detail, target);
}

static bool read_prefix(struct pack_node at, const struct pack_field *field, void *target)
{
    const char *digits;
    (void)field;
    if (!pack_node_digits(at, 6, &digits))
        return false;
    *(struct text *)target = text_of(digits);
    return true;
}

static bool read_group(struct pack_node at, const struct pack_field *field, void *target)
{
    const struct policy_pack *pack = at.file->symbols->pack;
    struct pack_names groups = { .count = 0 };
    int place;
    (void)field;
    for (size_t i = 0; i < pack->group_count; i++)
        pack_names_add(&groups, pack->groups[i].name);
    if (!pack_node_name(at, "group", &groups, &place))
        return false;
    *(uint8_t *)target = (uint8_t)place;
    return true;
}

static bool read_source(struct pack_node at, const struct pack_field *field, void *target)
{
    const struct policy_pack *pack = at.file->symbols->pack;
    struct pack_names documents = { .count = 0 };
    int place;
    (void)field;
    for (size_t i = 0; i < pack->document_count; i++)
        pack_names_add(&documents, pack->documents[i].key);
    if (!pack_node_name(at, "document", &documents, &place))
        return false;
    *(const char **)target = pack->documents[place].key;
    return true;
}

/* What follows the pointer in memory: every list of pack.h has its count behind it. */
struct counted {
    const void *items;
    size_t count;
};

static bool read_earlier_rules(struct pack_node at, const struct pack_field *field, void *target)
{
    const struct pack_symbols *symbols = at.file->symbols;
    (void)field;
    if (!pack_node_is_list(at))
        return false;
    size_t count = pack_node_count(at);
    uint8_t *items = ARENA_ARRAY(at.file->arena, count, uint8_t);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        int place;
        if (!pack_node_name(pack_list_item(at, i), "rule", &symbols->rules, &place))
            return false;
        if (place >= symbols->now->index) {
            pack_problem(pack_list_item(at, i),
                "`%s` is not computed before this rule; allowed: rules earlier in `order`",
                symbols->rules.items[place]);
            return false;
        }
        items[i] = (uint8_t)place;
    }
    *(struct counted *)target = (struct counted){ items, count };
    return true;
}

static bool read_days(struct pack_node at, const struct pack_field *field, void *target)
{
    (void)field;
    if (!pack_node_is_list(at))
        return false;
    size_t count = pack_node_count(at);
    day *items = ARENA_ARRAY(at.file->arena, count, day);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!pack_node_day(pack_list_item(at, i), &items[i]))
            return false;
        if (i > 0 && day_cmp(items[i - 1], items[i]) >= 0) {
            pack_problem(pack_list_item(at, i), "not later than the day before it; days rise");
            return false;
        }
    }
    *(struct counted *)target = (struct counted){ items, count };
    return true;
}

/* The names of a list's terms, and which of them the mapping lacks. */
static bool check_terms(struct pack_node at, enum term list, bool all)
{
    struct pack_names names = { .count = 0 };
    struct pack_node value;
    for (int i = 1; i <= term_last(list); i++)
        pack_names_add(&names, term_name(list, i));
    if (!pack_map_check(at, &names))
        return false;
    bool good = true;
    for (size_t i = 0; all && i < names.count; i++)
        if (!pack_map_find(at, names.items[i], &value)) {
            pack_problem(at, "missing `%s`; every one of them needs a value", names.items[i]);
            good = false;
        }
    return good;
}

static int key_term(struct pack_node map, size_t i, enum term list)
{
    yaml_node_t *key = pack_map_key(map, i).node;
    return term_parse(list, (struct text){ (const char *)key->data.scalar.value, key->data.scalar.length });
}

static bool read_money_by_term(struct pack_node at, const struct pack_field *field, void *target)
{
    money *values = target;
    bool good = check_terms(at, (enum term)field->detail, true);
    for (size_t i = 0; good && i < pack_node_count(at); i++)
        good = pack_node_money(pack_map_value(at, i), &values[key_term(at, i, (enum term)field->detail)]);
    return good;
}

static bool read_rate_by_term(struct pack_node at, const struct pack_field *field, void *target)
{
    rate *values = target;
    bool good = check_terms(at, (enum term)field->detail, true);
    for (size_t i = 0; good && i < pack_node_count(at); i++)
        good = pack_node_rate(pack_map_value(at, i), &values[key_term(at, i, (enum term)field->detail)]);
    return good;
}

static bool read_purposes(struct pack_node at, const struct pack_field *field, void *target)
{
    uint8_t *values = target;
    bool good = check_terms(at, TERM_CARE, false);
    (void)field;
    for (size_t i = 0; good && i < pack_node_count(at); i++)
        good = pack_node_term(pack_map_value(at, i), TERM_PURPOSE, &values[key_term(at, i, TERM_CARE)]);
    return good;
}

static bool read_record(struct pack_node at, const struct pack_field *field, void *target)
{
    return pack_record_read(at, field->record, target);
}

static bool read_rows(struct pack_node at, const struct pack_field *field, void *target)
{
    if (!pack_node_is_list(at))
        return false;
    size_t count = pack_node_count(at);
    char *rows = arena_take_array(at.file->arena, count, field->record->size);
    bool good = rows != NULL;
    for (size_t i = 0; rows != NULL && i < count; i++)
        good &= pack_record_read(pack_list_item(at, i), field->record, rows + i * field->record->size);
    if (count == 0) {
        pack_problem(at, "an empty list; at least one row belongs here");
        good = false;
    }
    *(struct counted *)target = (struct counted){ rows, count };
    return good;
}

static const struct {
    reader read;
    const char *help;
} types[] = {
    [PACK_CUSTOM] = { NULL, "see its meaning" },
    [PACK_TEXT] = { read_text, "text" },
    [PACK_MONEY] = { read_money, "yuan with two decimals, like \"60000.00\"" },
    [PACK_CAP] = { read_cap, "yuan with two decimals, or `none`" },
    [PACK_RATE] = { read_rate, "a rate, like 70% or 12.25%" },
    [PACK_BOOL] = { read_bool, "true or false" },
    [PACK_INT] = { read_int, "a whole number" },
    [PACK_DAY] = { read_day, "YYYY-MM-DD" },
    [PACK_MONTH_DAY] = { read_month_day, "\"MM-DD\"" },
    [PACK_TERM] = { read_term, "a term" },
    [PACK_TERMS] = { read_terms, "a list of terms" },
    [PACK_CARES] = { read_cares, "a list of kinds of care" },
    [PACK_CLASSES] = { read_classes, "a list of 1, 2, 3" },
    [PACK_PAYERS] = { read_payers, "`all`, or a list of payers" },
    [PACK_REGION] = { read_region, "digits in quotes" },
    [PACK_PREFIX] = { read_prefix, "first digits of region codes, in quotes" },
    [PACK_GROUP] = { read_group, "a group of region.yaml" },
    [PACK_SOURCE] = { read_source, "a document of region.yaml" },
    [PACK_EARLIER_RULES] = { read_earlier_rules, "a list of rules earlier in `order`" },
    [PACK_DAYS] = { read_days, "a list of days, rising" },
    [PACK_MONEY_BY_TERM] = { read_money_by_term, "{ TERM: yuan } for each term" },
    [PACK_RATE_BY_TERM] = { read_rate_by_term, "{ TERM: rate } for each term" },
    [PACK_PURPOSES] = { read_purposes, "{ CARE: PURPOSE }" },
    [PACK_RECORD] = { read_record, "{ ... }" },
    [PACK_ROWS] = { read_rows, "a list of { ... }" },
};

bool pack_value_read(struct pack_node at, const struct pack_field *field, void *target)
{
    return types[field->type].read == NULL || types[field->type].read(at, field, target);
}

const char *pack_type_help(enum pack_type type)
{
    return types[type].help;
}
