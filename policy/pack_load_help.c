/* All keys as markdown, out of the very tables that read them: the page cannot fall behind the code. */
#include "policy/pack_load_field.h"

#include <stdarg.h>
#include <stdio.h>

struct page {
    char *at;
    size_t size;
    size_t used; /* above size: it did not fit */
};

static void put(struct page *page, const char *format, ...) PRINTF_LIKE(2, 3);

static void put(struct page *page, const char *format, ...)
{
    va_list arguments;
    size_t room = page->used < page->size ? page->size - page->used : 0;
    va_start(arguments, format);
    int wrote = vsnprintf(room == 0 ? NULL : page->at + page->used, room, format, arguments);
    va_end(arguments);
    page->used += wrote < 0 ? page->size : (size_t)wrote;
}

/* The lists of term.def that packs write, as this page calls them. */
static const struct {
    enum term list;
    const char *name;
} lists[] = {
    { TERM_CATEGORY, "category" },
    { TERM_CARE, "care" },
    { TERM_LEVEL, "hospital level" },
    { TERM_CHARGE, "charge class" },
    { TERM_REFERRAL, "referral" },
    { TERM_FUND, "fund" },
    { TERM_PURPOSE, "purpose" },
    { TERM_RELATION, "relation" },
    { TERM_SCHEME, "scheme" },
    { TERM_CONTRIBUTION, "contribution" },
    { TERM_DEPARTMENT, "department" },
};

static bool is_of_terms(enum pack_type type)
{
    return type == PACK_TERM || type == PACK_TERMS || type == PACK_MONEY_BY_TERM || type == PACK_RATE_BY_TERM;
}

static const char *list_name(const struct pack_field *field)
{
    for (size_t i = 0; is_of_terms(field->type) && i < COUNT_OF(lists); i++)
        if ((int)lists[i].list == field->detail)
            return lists[i].name;
    return "";
}

static void put_terms(struct page *page)
{
    put(page, "### Terms\n\n| list | terms |\n|---|---|\n");
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        put(page, "| %s |", lists[i].name);
        for (int value = 1; value <= term_last(lists[i].list); value++)
            put(page, "%s `%s` %s", value == 1 ? "" : ",", term_name(lists[i].list, value),
                term_chinese(lists[i].list, value));
        put(page, " |\n");
    }
    put(page, "\nPayers, in `less_payers`:");
    for (int payer = 0; payer < PAYER_COUNT; payer++)
        put(page, "%s `%s`", payer == 0 ? "" : ",", policy_payer_name((enum policy_payer)payer));
    put(page, ".\n");
}

/* As it is written: `term: category`, `text, at most 96 bytes`. */
static void put_type(struct page *page, const struct pack_field *field)
{
    const char *list = list_name(field);
    put(page, "%s%s%s", pack_type_help(field->type), list[0] == '\0' ? "" : ": ", list);
    if (field->type == PACK_TEXT && field->detail != 0)
        put(page, ", at most %d bytes", field->detail);
}

static void put_record(struct page *page, const struct pack_record *record, const char *above)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct pack_field *field = &record->fields[i];
        put(page, "| `%s%s` | ", above, field->key);
        put_type(page, field);
        put(page, " | %s | %s |\n", field->optional ? "may be left out" : "required", field->help);
        if (field->record != NULL) {
            char below[64];
            snprintf(below, sizeof below, "%s%s.", above, field->key);
            put_record(page, field->record, below);
        }
    }
}

static void put_table(struct page *page, const struct pack_record *record)
{
    put(page, "| key | written as | | meaning |\n|---|---|---|---|\n");
    put_record(page, record, "");
    put(page, "\n");
}

static void put_kind(struct page *page, enum policy_kind kind)
{
    const struct pack_kind *about = pack_kind_of(kind);
    bool none = !about->group && !about->fund && !about->care;
    put(page, "### `%s`\n\nThe rule needs%s%s%s%s.\n\n", policy_kind_name(kind), about->group ? " `group`" : "",
        about->fund ? " `fund`" : "", about->care ? " `care`" : "", none ? " no group, fund or care" : "");
    put_table(page, about->values);
}

bool policy_pack_help(char *buffer, size_t size)
{
    struct page page = { buffer, size, 0 };
    put(&page, "### `region.yaml`\n\n");
    put_table(&page, &pack_region_record);
    put(&page, "### A rule\n\n");
    put_table(&page, &pack_rule_record);
    put(&page, "### Under each day of `values`, beside the kind's own keys\n\n");
    put_table(&page, &pack_version_record);
    for (int kind = 0; kind < POLICY_KIND_COUNT; kind++)
        put_kind(&page, (enum policy_kind)kind);
    put_terms(&page);
    return page.used < size;
}
