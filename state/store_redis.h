/** The store in Redis. Everything of partition 3 of the stage "person" lies under one hash tag:
 *
 *    settled:person:{3}:offsets        the offsets text
 *    settled:person:{3}:v:<16 bytes>   a value
 *    settled:person:{3}:keys           a sorted set of all value keys, for scan
 *
 *  The connection is closed after any error and opened anew by the next call; a reply that says OOM, READONLY, LOADING
 *  or MISCONF is STORE_UNREACHABLE like a lost connection. One thread per store. The process must not die of
 *  SIGPIPE. */
#pragma once

#include "state/store.h"

/** Texts are lent for the life of the store; times in milliseconds, 0: the default. */
struct store_redis_config {
    const char *host;      /* "127.0.0.1" */
    int port;              /* 6379 */
    const char *unix_path; /* not NULL: instead of host and port */
    const char *user;      /* NULL: the default user */
    const char *password;  /* NULL: no AUTH */
    int database;
    int connect_timeout_ms; /* 2,000 */
    int command_timeout_ms; /* 5,000 */
    const char *stage;      /* "person": part of every key; at most 32 bytes */
};

/** Opens no connection yet. NULL when out of memory. The caller owns it. */
struct store *store_redis_new(const struct store_redis_config *config);
