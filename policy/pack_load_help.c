/* The keys of a kind as markdown, out of the very tables that read them: the page cannot fall behind the code. */
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

static void put_record(struct page *page, const struct pack_record *record, const char *above)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct pack_field *field = &record->fields[i];
        put(page, "| `%s%s` | %s | %s | %s |\n", above, field->key, pack_type_help(field->type),
            field->optional ? "may be left out" : "required", field->help);
        if (field->record != NULL) {
            char below[64];
            snprintf(below, sizeof below, "%s%s.", above, field->key);
            put_record(page, field->record, below);
        }
    }
}

bool policy_kind_help(enum policy_kind kind, char *buffer, size_t size)
{
    const struct pack_kind *about = pack_kind_of(kind);
    struct page page = { buffer, size, 0 };
    put(&page, "#### `%s`\n\nBeside its figures the rule has%s%s%s.\n\n", policy_kind_name(kind),
        about->group ? " `group`" : "", about->fund ? " `fund`" : "",
        about->care                         ? " `care`"
            : !about->group && !about->fund ? " no further keys"
                                            : "");
    put(&page, "| key | written as | | meaning |\n|---|---|---|---|\n");
    put_record(&page, about->values, "");
    return page.used < size;
}
