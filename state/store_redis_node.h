/** One Redis server, asked over one connection: what the files state/store_redis*.c share; nobody else includes it. */
#pragma once

#include "state/store_redis.h"

#include <hiredis/hiredis.h>

#define REDIS_KEY_SIZE 96 /* "settled:" stage ":{" 10 digits "}:offsets", or "}:v:" and 16 bytes */
#define REDIS_HOST_SIZE 256

struct redis_node {
    const struct store_redis_config *config; /* lent; where the server is stands here */
    char host[REDIS_HOST_SIZE];
    int port;
    redisContext *context; /* NULL: not connected */

    /* The command being built. Keys are rendered into `keys`, one of REDIS_KEY_SIZE bytes each; the rest is lent. */
    char *keys;
    const char **arguments;
    size_t *lengths;
    size_t argument_count, key_count, capacity;
};

/* store_redis_link.c: the connection and what comes back over it. After any failure it is closed: nobody knows what is
 * still on its way. */

/** Connects and logs in, unless that is done. STORE_UNREACHABLE also when several addresses are given and this is none
 *  of a primary. */
enum status redis_node_connect(struct redis_node *node, struct fault *fault);
void redis_node_disconnect(struct redis_node *node);
/** Closes the connection and returns STORE_UNREACHABLE. */
enum status redis_node_fail(struct redis_node *node, struct fault *fault, const char *text);
/** The caller frees the reply, which is no error. */
enum status redis_node_reply(struct redis_node *node, redisReply **ret_reply, struct fault *fault);
/** For replies of which only the success matters. */
enum status redis_node_replies(struct redis_node *node, size_t count, struct fault *fault);

/* store_redis_command.c: commands, word by word. */

/** Begins a command of at most `arguments` words, so that nothing moves while it is built. */
void redis_begin(struct redis_node *node, size_t arguments, const char *name);
void redis_add(struct redis_node *node, const void *bytes, size_t length);
void redis_add_text(struct redis_node *node, struct text text);
/** The key of this name in a partition. */
void redis_add_name(struct redis_node *node, int32_t partition, const char *name);
/** `prefix` is what redis_value_prefix made, the same for all of a partition. */
void redis_add_value_key(struct redis_node *node, struct text prefix, const struct store_key *value_key);
/** Into a buffer of REDIS_KEY_SIZE. */
struct text redis_value_prefix(const struct redis_node *node, int32_t partition, char *buffer);
/** Into hiredis' buffer; nothing is sent before the first reply is waited for. */
void redis_append(struct redis_node *node);
void redis_command_free(struct redis_node *node);

/* store_redis_node.c: as in struct store_ops, of a server that has all these partitions. */
enum status redis_node_read(
    struct redis_node *node, struct arena *arena, struct store_read *reads, size_t count, struct fault *fault);
enum status redis_node_write(struct redis_node *node, struct store_write *writes, size_t count, struct fault *fault);
enum status redis_node_ping(struct redis_node *node, struct fault *fault);

/** A page of the index: what store_ops.scan is given. */
struct redis_scan {
    int32_t partition;
    const struct store_key *after;
    size_t limit;
    struct store_key *ret_keys;
    size_t *ret_count;
};
enum status redis_node_scan(struct redis_node *node, const struct redis_scan *scan, struct fault *fault);
