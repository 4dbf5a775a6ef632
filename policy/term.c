#include "policy/term.h"

struct entry {
    const char *name;
    const char *chinese;
};

/* Indexed by list and number; what term.def does not name stays NULL. */
static const struct entry entries[TERM_COUNT][TERM_LIMIT] = {
#define TERM(list, term, number, text) [TERM_##list][number] = { #term, text },
#include "policy/term.def"
#undef TERM
};

static const struct entry *find(enum term list, int value)
{
    static const struct entry unknown = { "", "" };
    if (value < 0 || value >= TERM_LIMIT || entries[list][value].name == NULL)
        return &unknown;
    return &entries[list][value];
}

const char *term_name(enum term list, int value)
{
    return find(list, value)->name;
}

const char *term_chinese(enum term list, int value)
{
    return find(list, value)->chinese;
}

int term_parse(enum term list, struct text name)
{
    for (int value = 1; value < TERM_LIMIT; value++)
        if (entries[list][value].name != NULL && text_equal(text_of(entries[list][value].name), name))
            return value;
    return 0;
}

int term_last(enum term list)
{
    int last = 0;
    for (int value = 1; value < TERM_LIMIT; value++)
        if (entries[list][value].name != NULL)
            last = value;
    return last;
}
