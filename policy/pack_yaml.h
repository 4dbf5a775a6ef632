/** A small walker over one YAML file of a pack: every node knows its file, line and column, and every reader of a
 *  value either gives it back or writes one problem that says where, what is wrong, and what is allowed.
 *
 *  Readers return false after they have written their problem; callers go on, so that a report is complete. The
 *  document lives until `pack_file_done`; texts that must outlive it are copied into the arena. */
#pragma once

#include "base/arena.h"
#include "base/day.h"
#include "base/money.h"
#include "policy/pack_load.h"
#include "policy/term.h"

#include <yaml.h>

struct pack_symbols;

struct pack_file {
    const char *path; /* as problems show it */
    struct arena *arena;
    struct pack_report *report;
    struct pack_symbols *symbols; /* what rules may refer to: pack_load_field.h */
    bool open;                    /* the document below holds something */
    yaml_document_t document;
};

/** A value: lent by its file. */
struct pack_node {
    struct pack_file *file;
    yaml_node_t *node;
};

/** Known names, for "did you mean" and "allowed". The strings are lent. */
#define PACK_NAME_LIMIT 64
struct pack_names {
    const char *items[PACK_NAME_LIMIT];
    size_t count;
};

/** Parses UTF-8 text into `file`, whose path, arena and report are set. False after a problem. */
NODISCARD bool pack_file_parse(struct pack_file *file, const char *bytes, size_t length);
void pack_file_done(struct pack_file *file);
struct pack_node pack_file_root(struct pack_file *file);

/** Notes "file:line:column: ...", at a place or about a whole file (or folder). What does not fit the report is
 *  counted. */
void pack_problem(struct pack_node at, const char *format, ...) PRINTF_LIKE(2, 3);
void pack_problem_in(struct pack_report *report, const char *path, const char *format, ...) PRINTF_LIKE(3, 4);
/** "file:line:column" of a node, cut where it does not fit: for a problem that is found later. */
void pack_node_place(struct pack_node at, char *ret_place, size_t size);
/** "unknown <what> `<text>`, did you mean `x`?; allowed: a, b, c". */
void pack_problem_unknown(struct pack_node at, const char *what, struct text given, const struct pack_names *known);

void pack_names_add(struct pack_names *names, const char *name);
/** The place of a name, or -1. */
int pack_names_find(const struct pack_names *names, struct text name);

/** Mappings and lists. `is_map` and `is_list` write a problem when the node is something else. */
bool pack_node_is_map(struct pack_node at);
bool pack_node_is_list(struct pack_node at);
size_t pack_node_count(struct pack_node at);
struct pack_node pack_map_key(struct pack_node map, size_t i);
struct pack_node pack_map_value(struct pack_node map, size_t i);
struct pack_node pack_list_item(struct pack_node list, size_t i);
bool pack_map_find(struct pack_node map, const char *key, struct pack_node *ret_value);
/** Only known keys, each once. */
bool pack_map_check(struct pack_node map, const struct pack_names *known);

/** Scalars (pack_yaml_scalar.c). */
bool pack_node_text(struct pack_node at, struct text *ret_text);     /* not empty; lent by the document */
bool pack_node_copy(struct pack_node at, const char **ret_text);     /* not empty; in the arena */
bool pack_node_money(struct pack_node at, money *ret_amount);        /* "60000.00": yuan, two decimals, not negative */
bool pack_node_rate(struct pack_node at, rate *ret_rate);            /* 70% or 12.25%, at most 100% */
bool pack_node_day(struct pack_node at, day *ret_day);               /* YYYY-MM-DD */
bool pack_node_month_day(struct pack_node at, int ret_month_day[2]); /* "06-30": month and day */
bool pack_node_bool(struct pack_node at, bool *ret_bool);            /* true or false */
bool pack_node_int(struct pack_node at, int most, int *ret_int);     /* 0..most */
bool pack_node_digits(struct pack_node at, size_t most, const char **ret_digits); /* 1..most digits; in the arena */
bool pack_node_term(struct pack_node at, enum term list, uint8_t *ret_term);
bool pack_node_name(struct pack_node at, const char *what, const struct pack_names *known, int *ret_place);
