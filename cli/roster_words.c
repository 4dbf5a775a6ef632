#include "cli/roster_words.h"

#include "cli/beside.h"
#include "policy/pack_yaml.h"
#include "policy/term.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_BYTES_MAX ((size_t)1 << 20)

const struct roster_column_kind roster_columns[ROSTER_COLUMN_COUNT] = {
#define COLUMN(name, key, cell, attribute, kinds, required) { key, ROSTER_CELL_##cell, attribute, kinds, required },
#include "cli/roster_column.def"
#undef COLUMN
};

/* One spelling of a heading or a word; the same one may stand under several columns. */
struct spelling {
    struct text text;
    enum roster_column column;
    struct text value; /* of a word: as on the wire */
};

struct spellings {
    struct spelling *items;
    size_t count, capacity;
};

struct roster_words {
    struct arena *arena;
    struct spellings headings, words, remarks;
    struct text titles[ROSTER_COLUMN_COUNT];
};

/* ---- Comparing ---- */

/* The wire's values of a column of words, from 1; NULL beyond the last one. */
static const char *wire_values(enum roster_column column, int value)
{
    static const struct {
        enum roster_column column;
        enum term list;
    } lists[] = { { ROSTER_COLUMN_FUNDING, TERM_FUNDING }, { ROSTER_COLUMN_SCHEME, TERM_CONTRIBUTION },
        { ROSTER_COLUMN_RELATION, TERM_RELATION }, { ROSTER_COLUMN_FUND, TERM_FUND },
        { ROSTER_COLUMN_SOURCE, TERM_INCOME } };
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (lists[i].column == column)
            return value <= term_last(lists[i].list) ? term_name(lists[i].list, value) : NULL;
    if (column == ROSTER_COLUMN_ACTION)
        return value == 1 ? "ADD" : value == 2 ? "REMOVE" : NULL;
    if (column == ROSTER_COLUMN_CORRECTED_NAME)
        return value == 1 ? "true" : value == 2 ? "false" : NULL;
    return NULL;
}

static bool is_of_words(enum roster_column column)
{
    return wire_values(column, 1) != NULL;
}

static bool is_same_letters(struct text a, struct text b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++)
        if (tolower((unsigned char)a.at[i]) != tolower((unsigned char)b.at[i]))
            return false;
    return true;
}

static const struct spelling *find(const struct spellings *spellings, struct text text, unsigned column)
{
    for (size_t i = 0; i < spellings->count; i++)
        if (spellings->items[i].column == column && is_same_letters(spellings->items[i].text, text))
            return &spellings->items[i];
    return NULL;
}

static size_t find_from(struct text text, size_t at, char wanted)
{
    while (at < text.length && text.at[at] != wanted)
        at++;
    return at;
}

/* "身份证号（必填）*" is 身份证号; "金额（万元）" stays what it is, and is thereby unknown. */
static struct text without_remarks(const struct roster_words *words, struct arena *arena, struct text heading)
{
    struct text plain = roster_cell_plain(arena, heading);
    char *kept = arena_copy(arena, plain.at, plain.length);
    size_t length = 0;
    if (kept == NULL)
        return TEXT_EMPTY;
    for (size_t i = 0; i < plain.length; i++) {
        size_t end = plain.at[i] == '(' ? find_from(plain, i, ')') : plain.length;
        struct text remark = { plain.at + i + 1, end == plain.length ? 0 : end - i - 1 };
        if (end < plain.length && find(&words->remarks, remark, ROSTER_COLUMN_IGNORED) != NULL)
            i = end;
        else if (plain.at[i] != '*' && plain.at[i] != ':')
            kept[length++] = plain.at[i];
    }
    return (struct text){ kept, length };
}

enum roster_column roster_words_column(
    const struct roster_words *words, struct arena *arena, struct text heading, uint8_t kind)
{
    struct text plain = without_remarks(words, arena, heading);
    bool is_known = plain.length == 0 || find(&words->headings, plain, ROSTER_COLUMN_IGNORED) != NULL;
    for (unsigned column = 0; column < ROSTER_COLUMN_COUNT; column++) {
        if (find(&words->headings, plain, column) == NULL)
            continue;
        if ((roster_columns[column].kinds >> kind & 1) != 0)
            return (enum roster_column)column;
        is_known = true;
    }
    return is_known ? ROSTER_COLUMN_IGNORED : ROSTER_COLUMN_UNKNOWN;
}

struct text roster_words_heading(const struct roster_words *words, enum roster_column column)
{
    return words->titles[column];
}

enum roster_complaint roster_words_value(
    const struct roster_words *words, enum roster_column column, struct text word, struct text *ret_value)
{
    const struct spelling *known = find(&words->words, word, column);
    bool must_be_known = is_of_words(column) && word.length > 0;
    *ret_value = known == NULL ? word : known->value;
    for (int value = 1; known == NULL && must_be_known && wire_values(column, value) != NULL; value++)
        if (is_same_letters(text_of(wire_values(column, value)), word)) {
            *ret_value = text_of(wire_values(column, value));
            return ROSTER_COMPLAINT_NONE;
        }
    return known == NULL && must_be_known ? ROSTER_COMPLAINT_UNKNOWN_WORD : ROSTER_COMPLAINT_NONE;
}

/* ---- Reading the file ---- */

static void add(struct roster_words *words, struct spellings *to, const struct spelling *spelling)
{
    if (to->count == to->capacity) {
        size_t capacity = to->capacity == 0 ? 64 : 2 * to->capacity;
        struct spelling *items = arena_grow(words->arena, to->items, to->count, capacity, sizeof *items);
        if (items == NULL)
            return;
        to->items = items;
        to->capacity = capacity;
    }
    to->items[to->count++] = *spelling;
}

static bool add_list(struct roster_words *words, struct spellings *to, struct pack_node list, struct spelling spelling)
{
    bool good = pack_node_is_list(list);
    for (size_t i = 0; good && i < pack_node_count(list); i++) {
        const char *text;
        good = pack_node_copy(pack_list_item(list, i), &text);
        if (!good)
            break;
        /* Headings are compared without their brackets, so they are kept without them. */
        spelling.text = to == &words->headings ? without_remarks(words, words->arena, text_of(text))
                                               : roster_cell_plain(words->arena, text_of(text));
        if (find(to, spelling.text, spelling.column) != NULL) {
            pack_problem(pack_list_item(list, i), "this spelling stands here twice");
            return false;
        }
        add(words, to, &spelling);
    }
    return good;
}

static bool read_columns(struct roster_words *words, struct pack_node map)
{
    struct pack_names names = { .count = 0 };
    for (size_t i = 0; i < ROSTER_COLUMN_COUNT; i++)
        pack_names_add(&names, roster_columns[i].key);
    bool good = pack_map_check(map, &names);
    for (unsigned column = 0; good && column < ROSTER_COLUMN_COUNT; column++) {
        struct pack_node list;
        const char *title;
        if (!pack_map_find(map, roster_columns[column].key, &list)) {
            pack_problem(map, "no spelling of `%s`; each column needs one", roster_columns[column].key);
            return false;
        }
        good = add_list(words, &words->headings, list, (struct spelling){ .column = (enum roster_column)column })
            && pack_node_count(list) > 0 && pack_node_copy(pack_list_item(list, 0), &title);
        if (good)
            words->titles[column] = text_of(title);
    }
    return good;
}

static bool read_values(struct roster_words *words, struct pack_node map, enum roster_column column)
{
    struct pack_names names = { .count = 0 };
    for (int value = 1; is_of_words(column) && wire_values(column, value) != NULL; value++)
        pack_names_add(&names, wire_values(column, value));
    bool good = pack_map_check(map, is_of_words(column) ? &names : NULL);
    for (size_t i = 0; good && i < pack_node_count(map); i++) {
        const char *value;
        good = pack_node_copy(pack_map_key(map, i), &value)
            && add_list(words, &words->words, pack_map_value(map, i),
                (struct spelling){ .column = column, .value = text_of(value) });
    }
    return good;
}

static bool read_words(struct roster_words *words, struct pack_node map)
{
    struct pack_names names = { .count = 0 };
    for (unsigned column = 0; column < ROSTER_COLUMN_COUNT; column++)
        if (is_of_words((enum roster_column)column))
            pack_names_add(&names, roster_columns[column].key);
    bool good = pack_map_check(map, &names);
    for (unsigned column = 0; good && column < ROSTER_COLUMN_COUNT; column++) {
        struct pack_node values;
        if (pack_map_find(map, roster_columns[column].key, &values))
            good = read_values(words, values, (enum roster_column)column);
    }
    return good;
}

static bool read_document(struct roster_words *words, struct pack_node root)
{
    static const struct pack_names keys = { { "columns", "ignored", "remarks", "words" }, 4 };
    const struct spelling ignored = { .column = ROSTER_COLUMN_IGNORED };
    struct pack_node node;
    bool good = pack_map_check(root, &keys);
    /* Remarks first: headings are kept without them. */
    if (good && pack_map_find(root, "remarks", &node))
        good = add_list(words, &words->remarks, node, ignored);
    if (good && pack_map_find(root, "ignored", &node))
        good = add_list(words, &words->headings, node, ignored);
    if (good && pack_map_find(root, "words", &node))
        good = read_words(words, node);
    if (good && pack_map_find(root, "columns", &node))
        return read_columns(words, node);
    if (good)
        pack_problem(root, "missing key `columns`");
    return false;
}

static bool read_bytes(const char *path, char *bytes, size_t *ret_length)
{
    FILE *stream = fopen(path, "rbe");
    if (stream == NULL)
        return false;
    *ret_length = fread(bytes, 1, FILE_BYTES_MAX, stream);
    bool good = ferror(stream) == 0;
    fclose(stream);
    return good;
}

static bool read_file(struct roster_words *words, const char *path, struct pack_report *report)
{
    struct pack_file file = { .path = path, .arena = words->arena, .report = report };
    size_t length = 0;
    char *bytes = arena_take(words->arena, FILE_BYTES_MAX);
    if (bytes == NULL)
        return false;
    if (!read_bytes(path, bytes, &length)) {
        pack_problem_in(report, path, "%s", strerror(errno));
        return false;
    }
    bool good = pack_file_parse(&file, bytes, length) && read_document(words, pack_file_root(&file));
    pack_file_done(&file);
    return good;
}

static const char *find_file(char found[BESIDE_PATH_SIZE])
{
    static const char *const places[] = { "../share/settled/roster.yaml", "../../../cli/roster.yaml", NULL };
    const char *path = getenv("SETTLED_ROSTER_WORDS");
    return path != NULL ? path : beside_program(places, found) ? found : NULL;
}

enum status roster_words_load(
    const char *path, struct arena *arena, struct pack_report *report, const struct roster_words **ret_words)
{
    char found[BESIDE_PATH_SIZE];
    struct roster_words *words = ARENA_NEW(arena, struct roster_words);
    report->count = report->dropped = 0;
    if (path == NULL)
        path = find_file(found);
    if (path == NULL) {
        pack_problem_in(
            report, "roster.yaml", "not beside this program; give --words FILE or set SETTLED_ROSTER_WORDS");
        return STATUS_BAD_CONFIG;
    }
    if (words == NULL)
        return STATUS_ARENA_FULL;
    words->arena = arena;
    bool good = read_file(words, path, report);
    if (arena_is_full(arena))
        return STATUS_ARENA_FULL;
    if (good)
        *ret_words = words;
    return good ? STATUS_OK : STATUS_BAD_CONFIG;
}
