/** How one value of the configuration is written and where it goes: the table of all keys, and a reader for each type.
 *  Private to cli/config*.c. A new key is a field in config.h, a line in the table, and a row in docs/operations.md. */
#pragma once

#include "cli/config.h"
#include "policy/pack_yaml.h"

enum config_type {
    CONFIG_TEXT,       /* not empty -> const char * */
    CONFIG_FOLDER,     /* not empty -> struct config_folder */
    CONFIG_WORD,       /* letters, digits, `.`, `_`, `-`, at most `most` -> const char * */
    CONFIG_INT,        /* least..most -> int */
    CONFIG_ADDRESSES,  /* host:port, several with commas, or a path that begins with `/` -> struct config_addresses */
    CONFIG_BOOL,       /* true or false -> bool */
    CONFIG_CLOCK,      /* "00:30" -> int, minutes after midnight */
    CONFIG_REGIONS,    /* a list of regions, or one text with commas -> struct config_regions */
    CONFIG_LISTEN,     /* host:port, or empty -> struct config_address */
    CONFIG_LEVEL,      /* debug, info, warning, error -> enum logline_level */
    CONFIG_PASSWORD,   /* a file whose first line is the text -> const char * */
    CONFIG_SECRET,     /* a file of CONFIG_SECRET_MIN bytes or more -> sets secret and has_own_secret */
    CONFIG_SEAL,       /* a file of keys -> struct seal_keys */
    CONFIG_PROPERTIES, /* a mapping of texts, for the clients `least` (enum log_kafka_client) -> config_properties */
};

struct config_field {
    const char *section; /* "kafka"; empty: the top */
    const char *key;
    enum config_type type;
    size_t offset; /* in struct config */
    int least, most;
};

extern const struct config_field config_fields[];
extern const size_t config_field_count;

/** Reads one value to its place. False after a problem. */
bool config_field_read(const struct config_field *field, struct pack_node at, struct config *config);
/** Adds or replaces one librdkafka property. False after a problem: it is ours to set, or there are too many. */
bool config_property_set(struct pack_node at, struct config_properties *properties, struct log_kafka_property property);
