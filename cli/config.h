/** The configuration of the processor and of the commands that speak to the same Kafka and Redis: one YAML file, and
 *  over it the environment (docs/operations.md; deploy/settled.example.yaml shows every key).
 *
 *  A key `brokers` of the section `kafka` is overridden by SETTLED_KAFKA_BROKERS, and the librdkafka property
 *  `sasl.password` by SETTLED_KAFKA_PROPERTIES_SASL_PASSWORD. Every problem is one line with its place:
 *  file:line:column, or the variable. */
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "consumers/log_kafka.h"
#include "consumers/logline.h"
#include "policy/pack_load.h"
#include "state/store_sealed.h"

#include <stdint.h>

#define CONFIG_WORKERS_MAX 256
#define CONFIG_PROPERTIES_MAX 128
#define CONFIG_ADDRESSES_MAX 8
#define CONFIG_REGIONS_MAX 64
#define CONFIG_SECRET_MIN 16
#define CONFIG_SECRET_MAX 4096
/** Enough for one configuration. */
#define CONFIG_ARENA_BYTES ((size_t)4 << 20)

/** Where a server is, or where we listen. */
struct config_address {
    const char *host;      /* NULL: nowhere, or a Unix socket */
    int port;              /* 0: none */
    const char *unix_path; /* NULL: host and port */
};

/** Of one Redis, its replicas and the nodes of its Cluster. */
struct config_addresses {
    struct config_address items[CONFIG_ADDRESSES_MAX];
    size_t count;
};

struct config_properties {
    struct log_kafka_property items[CONFIG_PROPERTIES_MAX];
    size_t count;
};

struct config_kafka {
    const char *brokers;
    const char *group; /* each stage appends its name: "settled-person" */
    struct config_properties properties;
};

struct config_redis {
    struct config_addresses addresses;
    const char *user;       /* NULL: the default user */
    const char *password;   /* NULL: no AUTH; from password_file when that is given */
    const char *name_space; /* goes before the stage in every key; empty: none */
    int database;
    int connect_timeout_ms;
    int command_timeout_ms;
};

struct config_regions {
    const char *items[CONFIG_REGIONS_MAX]; /* six digits each */
    size_t count;                          /* 0: every region that has a pack */
};

/** What `settled` says by itself when a period is over (cli/settled_close.h). */
struct config_close {
    bool month;
    bool year;
    int at_minute; /* after midnight in Asia/Shanghai */
    struct config_regions regions;
};

/** A folder that is written to, and where it was named. Only who writes there asks whether that can be. */
struct config_folder {
    const char *path;  /* NULL: none */
    const char *place; /* "settled.yaml:7:12", for a problem */
};

struct config {
    const char *instance;           /* the host's name when not given; unique in the group, the same after a restart */
    int workers;                    /* of the person stage */
    const char *packs;              /* a folder */
    struct config_folder repro_dir; /* for what a broken invariant was computed from */
    struct config_kafka kafka;
    struct config_redis redis;
    struct seal_keys seal; /* of stored values; none: they are not sealed */
    uint8_t secret[16];    /* of the keyed hash under which persons are stored */
    bool has_own_secret;   /* false: state.key_file is not given, and `secret` is the one everybody knows */
    int batch_records;
    int batch_gather_ms;
    int batch_arena_mb;
    struct config_address listen; /* host NULL: no HTTP */
    struct config_close close;
    enum logline_level log_level;
};

/** Reads a file and the environment; the environment alone when `path` is NULL, and then `packs` may stay NULL: for
 *  commands that fold nothing. All texts live in `arena`; the report is emptied first. BAD_CONFIG: the report
 *  says why; ARENA_FULL. `ret_config` is untouched unless OK. */
NODISCARD enum status config_load(
    const char *path, struct arena *arena, struct pack_report *report, struct config *ret_config);

/** The report, a problem a line, to standard error. */
void config_print_report(const struct pack_report *report);
