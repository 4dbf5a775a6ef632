/** The store in Redis. Everything of partition 3 of the stage "person" lies under one hash tag:
 *
 *    settled:person:{3}:offsets        the offsets text
 *    settled:person:{3}:v:<16 bytes>   a value
 *    settled:person:{3}:keys           a sorted set of all value keys, for scan
 *
 *  The connection is closed after any error and opened anew by the next call; a reply that says OOM, READONLY, LOADING
 *  or MISCONF is STORE_UNREACHABLE like a lost connection. Of several addresses the one that says it is a primary is
 *  used, looked for anew with each connection. A Redis Cluster is known by its first MOVED: from then on each partition
 *  is asked where its slot lies, and the addresses are only where to begin. One thread per store. The process must not
 *  die of SIGPIPE. */
#pragma once

#include "state/store.h"

#define STORE_REDIS_ADDRESSES_MAX 8

struct store_redis_address {
    const char *host; /* NULL: "127.0.0.1" */
    int port;         /* 0: 6379 */
};

/** User and password are lent for the life of the store, the rest is copied; times in milliseconds, 0: the default. */
struct store_redis_config {
    struct store_redis_address addresses[STORE_REDIS_ADDRESSES_MAX];
    size_t address_count;   /* 0: one, the default */
    const char *unix_path;  /* not NULL: instead of addresses */
    const char *user;       /* NULL: the default user */
    const char *password;   /* NULL: no AUTH */
    int database;           /* 0, which is the only one of a Cluster */
    int connect_timeout_ms; /* 2,000 */
    int command_timeout_ms; /* 5,000 */
    const char *stage;      /* "person": part of every key; at most 32 bytes */
};

/** Opens no connection yet. NULL when out of memory. The caller owns it. */
struct store *store_redis_new(const struct store_redis_config *config);
