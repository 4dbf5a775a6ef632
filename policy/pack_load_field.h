/** Tables of keys: which keys a mapping of a pack may have, of what type, and where each value goes. A new figure
 *  of a rule is one line in such a table (pack_load_kinds.c); reading, "unknown key", "missing key" and the help
 *  page all come from it. Private to the loader. */
#pragma once

#include "policy/pack_yaml.h"

/** How a value is written in YAML, and what its place in memory is. */
enum pack_type {
    PACK_CUSTOM,        /* read by the caller; only the key is known here */
    PACK_TEXT,          /* at most `detail` bytes, 0: any number -> const char * */
    PACK_MONEY,         /* -> money */
    PACK_CAP,           /* an amount or `none` -> struct policy_cap */
    PACK_RATE,          /* -> rate */
    PACK_BOOL,          /* -> bool */
    PACK_INT,           /* 0..detail -> int */
    PACK_DAY,           /* -> day */
    PACK_MONTH_DAY,     /* "MM-DD" -> two ints that stand side by side */
    PACK_TERM,          /* a term of list `detail` -> uint8_t */
    PACK_TERMS,         /* a list of terms -> term_set */
    PACK_CARES,         /* a list of kinds of care -> uint8_t, bit n */
    PACK_CLASSES,       /* a list of numbers 1..3 -> uint8_t, bit n */
    PACK_PAYERS,        /* `all` or a list of payers -> uint8_t, bit n */
    PACK_REGION,        /* up to `detail` digits -> const char * */
    PACK_PREFIX,        /* up to six digits -> struct text */
    PACK_GROUP,         /* a group of the pack -> uint8_t, its index */
    PACK_SOURCE,        /* a document of the pack -> const char *, its key */
    PACK_EARLIER_RULES, /* a list of rules that stand earlier in the order -> const uint8_t * and a count behind it */
    PACK_DAYS,          /* a list of days, rising -> const day * and a count behind it */
    PACK_MONEY_BY_TERM, /* { TERM: amount } for every term of list `detail` -> money[] */
    PACK_RATE_BY_TERM,  /* the same with rates -> rate[] */
    PACK_PURPOSES,      /* { CARE: PURPOSE } -> uint8_t[], by care */
    PACK_RECORD,        /* a mapping by `record` -> in place */
    PACK_ROWS,          /* a list of mappings by `record` -> const struct * and a count behind it */
};

struct pack_record;

struct pack_field {
    const char *key;
    enum pack_type type;
    size_t offset;
    bool optional;
    int detail;
    const struct pack_record *record;
    const char *help; /* one clause in English for docs/new-county.md */
};

struct pack_record {
    size_t size; /* of the struct that the offsets are in */
    const struct pack_field *fields;
    size_t count;
    /* Called when every key was read; checks what one key cannot show, and completes the values. NULL: nothing to
     * do. */
    bool (*finish)(struct pack_node at, void *values);
};

/** One mapping may be read into several structs at once. */
struct pack_part {
    const struct pack_record *record;
    void *values;
};

/** What a rule may name. */
struct pack_symbols {
    struct policy_pack *pack;      /* being built: its groups and documents are known */
    struct pack_names rules;       /* region.yaml's order: the place is the rule's index */
    bool complete;                 /* documents, groups, order and in_force could be read */
    const struct policy_rule *now; /* the rule being read */
};

/** Reads a mapping: problems for unknown, duplicate and missing keys and for bad values. False when there was any. */
bool pack_parts_read(struct pack_node at, const struct pack_part *parts, size_t count);
bool pack_record_read(struct pack_node at, const struct pack_record *record, void *values);

/** Finds the field of a key in a record, or NULL. */
const struct pack_field *pack_record_find(const struct pack_record *record, struct text key);

/** Reads one value by its field's type (pack_load_value.c). */
bool pack_value_read(struct pack_node at, const struct pack_field *field, void *target);

/** "yuan with two decimals": how a type is written. */
const char *pack_type_help(enum pack_type type);

#define PACK_RECORD_OF(type, fields, finish)                                                                           \
    {                                                                                                                  \
        sizeof(type), (fields), COUNT_OF(fields), (finish)                                                             \
    }

/** The kinds (pack_load_kinds.c): the record of a version's figures and which of the rule's own keys have a meaning. */
struct pack_kind {
    const struct pack_record *values;
    bool group, fund, care; /* required when true, refused when false */
    size_t lines;           /* that one rule can give one visit, or the year's end, at most */
};
const struct pack_kind *pack_kind_of(enum policy_kind kind);

/** The keys of region.yaml (pack_load_region.c); of a rule, of its figures whatever its kind, of { from, to } and of
 *  { text, taken } (pack_load_rule.c). */
extern const struct pack_record pack_region_record;
extern const struct pack_record pack_rule_record;
extern const struct pack_record pack_version_record;
extern const struct pack_record pack_period_record;
extern const struct pack_record pack_reading_record;

/** Reads one rule of a file's `rules` list into `rule`, whose index is set by its id (pack_load_rule.c). */
bool pack_rule_read(struct pack_node at, struct policy_rule *rules);
/** Reads `readings` of a rule or a region: each names one of the keys beside it (pack_load_rule.c). */
bool pack_readings_read(
    struct pack_node at, const struct pack_names *keys, const struct policy_reading **ret_readings, size_t *ret_count);
/** Reads region.yaml into the symbols and their pack (pack_load_region.c). */
bool pack_region_read(struct pack_node at, struct pack_symbols *symbols);
