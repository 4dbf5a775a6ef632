/** The columns of offices' lists and the words in them, as offices write both: cli/roster_column.def says what there
 *  is, cli/roster.yaml how it is spelled. */
#pragma once

#include "cli/roster_cell.h"
#include "policy/pack_load.h"
#include "state/roster.h"

#define ROSTER_KIND_BIT(name) (1u << ROSTER_##name)

enum roster_column {
#define COLUMN(name, key, cell, attribute, kinds, required) ROSTER_COLUMN_##name,
#include "cli/roster_column.def"
#undef COLUMN
    ROSTER_COLUMN_COUNT,
    ROSTER_COLUMN_IGNORED = ROSTER_COLUMN_COUNT, /* known, and says nothing */
    ROSTER_COLUMN_UNKNOWN,
};

struct roster_column_kind {
    const char *key;
    enum roster_cell cell;
    const char *attribute; /* NULL: a field of the row */
    unsigned kinds;        /* ROSTER_KIND_BIT of the lists that know it */
    unsigned required;     /* of those that need it */
};
extern const struct roster_column_kind roster_columns[ROSTER_COLUMN_COUNT];

/** What was read from the file; everything lives in the arena it was read into. */
struct roster_words;

/** Reads `path`; NULL: $SETTLED_ROSTER_WORDS, else the file beside this program. BAD_CONFIG: the report, which is
 *  emptied first, says why, each problem with its line; ARENA_FULL. */
NODISCARD enum status roster_words_load(
    const char *path, struct arena *arena, struct pack_report *report, const struct roster_words **ret_words);

/** The column of a heading in a list of this kind. Takes some of the arena. */
enum roster_column roster_words_column(
    const struct roster_words *words, struct arena *arena, struct text heading, uint8_t kind);
/** How the column is called in Chinese: the first of its spellings. */
struct text roster_words_heading(const struct roster_words *words, enum roster_column column);

/** Whether the column's cells are words: `ret_value` is then the wire's value of this one. UNKNOWN_WORD or
 *  NONE; of other columns the text itself. */
enum roster_complaint roster_words_value(
    const struct roster_words *words, enum roster_column column, struct text word, struct text *ret_value);
