/* region.yaml: names, documents, groups, the order of the rules, and the figures that belong to the region as a
 * whole. */
#include "policy/pack_load_field.h"

#include <stddef.h>

struct income_draft {
    struct policy_income income;
    const char *source;
    bool sample;
};

struct window_draft {
    struct policy_window window;
    const char *source;
    bool sample;
};

struct calendar_draft {
    int year;
    const char *source;
    const day *holidays;
    size_t holiday_count;
    const day *working_weekends;
    size_t working_weekend_count;
};

struct transition_draft {
    day to;
    term_set categories;
    const char *article;
};

struct region_draft {
    const char *region;
    const char *name;
    const char *article; /* of identity_rule */
    struct text province;
    struct policy_period in_force;
    struct transition_draft transition;
    const struct income_draft *incomes;
    size_t income_count;
    const struct window_draft *windows;
    size_t window_count;
    const struct calendar_draft *years;
    size_t year_count;
};

#define AT(type, member) offsetof(struct type, member)
#define OPTIONAL true
#define REQUIRED false

static const struct pack_field income_fields[] = {
    { "year", PACK_INT, AT(income_draft, income.year), REQUIRED, 9999, NULL, "of the figure" },
    { "published_on", PACK_DAY, AT(income_draft, income.published_on), REQUIRED, 0, NULL,
        "in force from the first of the month after" },
    { "value_yuan", PACK_MONEY, AT(income_draft, income.value), REQUIRED, 0, NULL, "per head; rounded to the yuan" },
    { "source", PACK_SOURCE, AT(income_draft, source), REQUIRED, 0, NULL, "who published it" },
    { "sample", PACK_BOOL, AT(income_draft, sample), OPTIONAL, 0, NULL, "true: not from a document" },
};
static const struct pack_record income_record = PACK_RECORD_OF(struct income_draft, income_fields, NULL);

static const struct pack_field window_fields[] = {
    { "year", PACK_INT, AT(window_draft, window.year), REQUIRED, 9999, NULL, "of the insurance" },
    { "opens", PACK_DAY, AT(window_draft, window.period.from), REQUIRED, 0, NULL, "the first day to pay" },
    { "closes", PACK_DAY, AT(window_draft, window.period.to), REQUIRED, 0, NULL, "the last day to pay" },
    { "source", PACK_SOURCE, AT(window_draft, source), REQUIRED, 0, NULL, "who announced it" },
    { "sample", PACK_BOOL, AT(window_draft, sample), OPTIONAL, 0, NULL, "true: not from a document" },
};

static bool finish_window(struct pack_node at, void *values)
{
    const struct window_draft *draft = values;
    if (day_cmp(draft->window.period.from, draft->window.period.to) <= 0)
        return true;
    pack_problem(at, "closes before it opens; allowed: `closes` on or after `opens`");
    return false;
}
static const struct pack_record window_record = PACK_RECORD_OF(struct window_draft, window_fields, finish_window);

static const struct pack_field calendar_fields[] = {
    { "year", PACK_INT, AT(calendar_draft, year), REQUIRED, 9999, NULL, "of the days below" },
    { "source", PACK_SOURCE, AT(calendar_draft, source), REQUIRED, 0, NULL, "the announcement" },
    { "holidays", PACK_DAYS, AT(calendar_draft, holidays), REQUIRED, 0, NULL, "days on which nobody works" },
    { "working_weekends", PACK_DAYS, AT(calendar_draft, working_weekends), REQUIRED, 0, NULL,
        "Saturdays and Sundays on which everybody does" },
};

static bool check_year(struct pack_node map, const char *key, int year, bool weekend)
{
    struct pack_node list;
    bool good = true;
    CHECK(pack_map_find(map, key, &list));
    for (size_t i = 0; i < pack_node_count(list); i++) {
        day d = DAY_FIRST;
        CHECK(pack_node_day(pack_list_item(list, i), &d));
        if (day_year(d) == year && (!weekend || day_weekday(d) >= 6))
            continue;
        pack_problem(pack_list_item(list, i), "not of this year; allowed: a %s of %d",
            weekend ? "Saturday or Sunday" : "day", year);
        good = false;
    }
    return good;
}

static bool finish_calendar(struct pack_node at, void *values)
{
    const struct calendar_draft *draft = values;
    bool good = check_year(at, "holidays", draft->year, false);
    return check_year(at, "working_weekends", draft->year, true) && good;
}
static const struct pack_record calendar_record =
    PACK_RECORD_OF(struct calendar_draft, calendar_fields, finish_calendar);

static const struct pack_field transition_fields[] = {
    { "to", PACK_DAY, AT(transition_draft, to), REQUIRED, 0, NULL, "the last day of the transition period" },
    { "categories", PACK_TERMS, AT(transition_draft, categories), REQUIRED, TERM_CATEGORY, NULL,
        "that count no longer after it" },
    { "article", PACK_TEXT, AT(transition_draft, article), REQUIRED, 0, NULL, "of the document" },
};
static const struct pack_record transition_record = PACK_RECORD_OF(struct transition_draft, transition_fields, NULL);

static const struct pack_field document_fields[] = {
    { "title", PACK_TEXT, offsetof(struct policy_document, title), REQUIRED, 0, NULL, "in Chinese" },
    { "number", PACK_TEXT, offsetof(struct policy_document, number), OPTIONAL, 0, NULL, "of the document" },
};
static const struct pack_record document_record = PACK_RECORD_OF(struct policy_document, document_fields, NULL);

static const struct pack_field region_fields[] = {
    { "region", PACK_REGION, AT(region_draft, region), REQUIRED, 6, NULL, "GB/T 2260 code of the place" },
    { "name", PACK_TEXT, AT(region_draft, name), REQUIRED, 0, NULL, "in Chinese" },
    { "province", PACK_PREFIX, AT(region_draft, province), REQUIRED, 0, NULL,
        "with which the codes of its province begin" },
    { "in_force", PACK_RECORD, AT(region_draft, in_force), REQUIRED, 0, &pack_period_record,
        "the policy's first and last day" },
    { "identity_rule", PACK_CUSTOM, 0, REQUIRED, 0, NULL, "stay_union, at_discharge or at_admission" },
    { "transition", PACK_RECORD, AT(region_draft, transition), OPTIONAL, 0, &transition_record, "categories that end" },
    { "documents", PACK_CUSTOM, 0, REQUIRED, 0, &document_record, "key -> { title, number }: what `source` names" },
    { "groups", PACK_CUSTOM, 0, REQUIRED, 0, NULL, "rules that are barred, pending and capped together" },
    { "order", PACK_CUSTOM, 0, REQUIRED, 0, NULL, "every rule's id, in the order of computation" },
    { "incomes", PACK_ROWS, AT(region_draft, incomes), OPTIONAL, 0, &income_record, "disposable income per head" },
    { "enrolment_windows", PACK_ROWS, AT(region_draft, windows), OPTIONAL, 0, &window_record,
        "when premiums are paid" },
    { "calendar", PACK_ROWS, AT(region_draft, years), OPTIONAL, 0, &calendar_record, "for working days" },
    { "readings", PACK_CUSTOM, 0, OPTIONAL, 0, &pack_reading_record,
        "key -> { text, taken }: where the document leaves room" },
};
const struct pack_record pack_region_record = PACK_RECORD_OF(struct region_draft, region_fields, NULL);

#define DOCUMENT_LIMIT 32

static bool read_documents(struct pack_node at, struct policy_pack *pack)
{
    if (!pack_map_check(at, NULL))
        return false;
    size_t count = pack_node_count(at);
    if (count > DOCUMENT_LIMIT) {
        pack_problem(at, "%zu documents; allowed: at most %d", count, DOCUMENT_LIMIT);
        return false;
    }
    struct policy_document *documents = ARENA_ARRAY(at.file->arena, count, struct policy_document);
    if (documents == NULL)
        return false;
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        documents[i].number = documents[i].key = "";
        good &= pack_node_copy(pack_map_key(at, i), &documents[i].key);
        good &= pack_record_read(pack_map_value(at, i), &document_record, &documents[i]);
    }
    pack->documents = documents;
    pack->document_count = count;
    return good;
}

/* A list of new names, each once, at most `limit`. */
static bool read_new_names(struct pack_node at, size_t limit, struct pack_names *ret_names)
{
    if (!pack_node_is_list(at))
        return false;
    size_t count = pack_node_count(at);
    if (count > limit) {
        pack_problem(at, "%zu of them; allowed: at most %zu", count, limit);
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        const char *name;
        if (!pack_node_copy(pack_list_item(at, i), &name))
            return false;
        if (strlen(name) > POLICY_ID_BYTES) {
            pack_problem(
                pack_list_item(at, i), "%zu bytes of a name; allowed: at most %d", strlen(name), POLICY_ID_BYTES);
            good = false;
        } else if (pack_names_find(ret_names, text_of(name)) >= 0) {
            pack_problem(pack_list_item(at, i), "duplicate `%s`; each stands once", name);
            good = false;
        } else {
            pack_names_add(ret_names, name);
        }
    }
    return good;
}

static bool read_groups(struct pack_node at, struct policy_pack *pack)
{
    struct pack_names names = { .count = 0 };
    bool good = read_new_names(at, POLICY_GROUP_LIMIT, &names);
    for (size_t i = 0; i < names.count; i++)
        pack->groups[i].name = names.items[i];
    pack->group_count = names.count;
    return good;
}

static bool read_identity(struct pack_node at, struct policy_pack *pack)
{
    static const struct pack_names rules = { { "stay_union", "at_discharge", "at_admission" }, 3 };
    int place;
    if (!pack_node_name(at, "identity rule", &rules, &place))
        return false;
    pack->identity_rule = (enum policy_identity_rule)place;
    return true;
}

static bool read_region_readings(struct pack_node at, struct policy_pack *pack)
{
    struct pack_names keys = { .count = 0 };
    for (size_t i = 0; i < pack_region_record.count; i++)
        pack_names_add(&keys, pack_region_record.fields[i].key);
    return pack_readings_read(at, &keys, &pack->readings, &pack->reading_count);
}

/* What rules refer to comes first, so that a mistake elsewhere in the file is not repeated by every rule. */
static bool read_symbols(struct pack_node at, struct pack_symbols *symbols)
{
    struct pack_node value;
    bool good = pack_map_find(at, "documents", &value) && read_documents(value, symbols->pack);
    good &= pack_map_find(at, "groups", &value) && read_groups(value, symbols->pack);
    good &= pack_map_find(at, "order", &value) && read_new_names(value, POLICY_RULE_LIMIT, &symbols->rules);
    symbols->complete = good;
    if (pack_map_find(at, "identity_rule", &value))
        good &= read_identity(value, symbols->pack);
    if (pack_map_find(at, "readings", &value))
        good &= read_region_readings(value, symbols->pack);
    return good;
}

/* The figure counts in whole yuan, half up, from the month after its publication (Pingshun art. 47). */
static bool take_incomes(struct pack_node at, const struct region_draft *draft, struct policy_pack *pack)
{
    struct policy_income *incomes = ARENA_ARRAY(at.file->arena, draft->income_count, struct policy_income);
    struct pack_node list;
    if (incomes == NULL || !pack_map_find(at, "incomes", &list))
        return incomes != NULL;
    for (size_t i = 0; i < draft->income_count; i++) {
        incomes[i] = draft->incomes[i].income;
        incomes[i].value = MONEY_FEN((incomes[i].value.fen + 50) / 100 * 100);
        incomes[i].from = day_first_of_next_month(incomes[i].published_on);
        pack->sample |= draft->incomes[i].sample;
        if (i > 0 && day_cmp(incomes[i].from, incomes[i - 1].from) <= 0) {
            pack_problem(pack_list_item(list, i), "in force no later than the figure before it; figures rise in time");
            return false;
        }
    }
    pack->incomes = incomes;
    pack->income_count = draft->income_count;
    return true;
}

static bool take_windows(struct pack_node at, const struct region_draft *draft, struct policy_pack *pack)
{
    struct policy_window *windows = ARENA_ARRAY(at.file->arena, draft->window_count, struct policy_window);
    struct pack_node list;
    if (windows == NULL || !pack_map_find(at, "enrolment_windows", &list))
        return windows != NULL;
    for (size_t i = 0; i < draft->window_count; i++) {
        windows[i] = draft->windows[i].window;
        pack->sample |= draft->windows[i].sample;
        if (i > 0 && windows[i].year <= windows[i - 1].year) {
            pack_problem(pack_list_item(list, i), "a window for %d stands already or belongs above; years rise",
                windows[i].year);
            return false;
        }
    }
    pack->windows = windows;
    pack->window_count = draft->window_count;
    return true;
}

static day *join_days(day *end, const day *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        *end++ = items[i];
    return end;
}

/* Years rise and days rise within each, so the joined days rise too. */
static bool take_calendar(struct pack_node at, const struct region_draft *draft, struct policy_pack *pack)
{
    struct pack_node list;
    size_t holidays = 0, weekends = 0;
    if (!pack_map_find(at, "calendar", &list))
        return true;
    for (size_t i = 0; i < draft->year_count; i++) {
        holidays += draft->years[i].holiday_count;
        weekends += draft->years[i].working_weekend_count;
        if (i > 0 && draft->years[i].year <= draft->years[i - 1].year) {
            pack_problem(
                pack_list_item(list, i), "%d stands already or belongs above; years rise", draft->years[i].year);
            return false;
        }
    }
    day *off = ARENA_ARRAY(at.file->arena, holidays, day), *on = ARENA_ARRAY(at.file->arena, weekends, day);
    if (off == NULL || on == NULL)
        return false;
    pack->holidays = off;
    pack->working_weekends = on;
    for (size_t i = 0; i < draft->year_count; i++) {
        off = join_days(off, draft->years[i].holidays, draft->years[i].holiday_count);
        on = join_days(on, draft->years[i].working_weekends, draft->years[i].working_weekend_count);
    }
    pack->holiday_count = holidays;
    pack->working_weekend_count = weekends;
    return true;
}

static bool take(struct pack_node at, const struct region_draft *draft, struct policy_pack *pack)
{
    struct pack_node value;
    pack->region = draft->region;
    pack->name = draft->name;
    pack->province = draft->province;
    pack->transitional = draft->transition.categories;
    pack->transition_to = pack_map_find(at, "transition", &value) ? draft->transition.to : pack->in_force.to;
    bool good = take_incomes(at, draft, pack);
    good &= take_windows(at, draft, pack);
    return take_calendar(at, draft, pack) && good;
}

/* "331127" lies in "33": anything else is a slip of the pen. */
static bool check_region(struct pack_node at, const struct policy_pack *pack)
{
    if (strlen(pack->region) == 6 && text_begins(text_of(pack->region), pack->province))
        return true;
    pack_problem(at, "region `%s` is not one of province `%.*s`; allowed: six digits that begin with the province's",
        pack->region, TEXT_FORMAT(pack->province));
    return false;
}

bool pack_region_read(struct pack_node at, struct pack_symbols *symbols)
{
    struct region_draft draft = { .region = NULL };
    bool good = read_symbols(at, symbols);
    bool complete = pack_record_read(at, &pack_region_record, &draft);
    symbols->pack->in_force = draft.in_force;
    symbols->complete &= draft.in_force.from.n != 0 && draft.in_force.from.n <= draft.in_force.to.n;
    if (!complete)
        return false;
    good &= take(at, &draft, symbols->pack);
    return check_region(at, symbols->pack) && good;
}
