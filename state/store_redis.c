/* Which server is asked. Alone, or with replicas: all partitions of one, the first of the addresses that is a primary.
 * In a Cluster: each partition where its slot lies, as the last MOVED has said.
 *
 * A slot that is just being moved is waited for: its keys are in two places, and a read or a write names many, so that
 * hardly any could be served by following ASK. Until all is moved the servers say ASK or TRYAGAIN, which is
 * STORE_UNREACHABLE like a server that is loading; then they say MOVED. */
#include "state/store_redis_node.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODES_MAX 256 /* of a Cluster, over the life of the store */
#define HOPS_MAX 5    /* MOVED from server to server, until they agree */
#define UNIX_PATH_SIZE 108

struct store_redis {
    struct store store;
    struct store_redis_config config;
    char stage[40], unix_path[UNIX_PATH_SIZE];
    struct redis_node *nodes[NODES_MAX]; /* first those of the configuration, then those heard of */
    size_t node_count;
    size_t home;     /* who is asked when nobody knows better */
    bool is_cluster; /* has said so */
    int *routes;     /* by partition, the node that has it; -1: ask at home */
    size_t route_count;
};

static struct store_redis *redis_of(struct store *store)
{
    return (struct store_redis *)store;
}

/* ---- Servers ---- */

static struct redis_node *add_node(struct store_redis *redis, const char *host, int port)
{
    struct redis_node *node = redis->node_count == NODES_MAX ? NULL : calloc(1, sizeof *node);
    if (node == NULL)
        return NULL;
    node->config = &redis->config;
    node->port = port;
    snprintf(node->host, sizeof node->host, "%s", host);
    redis->nodes[redis->node_count++] = node;
    return node;
}

/* The place of a node in the table; -1 when there are too many. */
static int find_node(struct store_redis *redis, const char *host, int port)
{
    for (size_t i = 0; i < redis->node_count; i++)
        if (redis->nodes[i]->port == port && strcmp(redis->nodes[i]->host, host) == 0)
            return (int)i;
    return add_node(redis, host, port) == NULL ? -1 : (int)redis->node_count - 1;
}

/* Connects to the first server, from the present home on, that lets itself be used. */
static enum status find_home(struct store_redis *redis, struct fault *fault)
{
    enum status status = STATUS_OK;
    for (size_t tries = 0; tries < redis->node_count; tries++) {
        status = redis_node_connect(redis->nodes[redis->home], fault);
        if (status == STATUS_OK)
            return STATUS_OK;
        redis->home = (redis->home + 1) % redis->node_count;
    }
    return status;
}

/* ---- Where partitions lie ---- */

static int *route_of(struct store_redis *redis, int32_t partition)
{
    size_t wanted = (size_t)partition + 1;
    if (wanted > redis->route_count) {
        redis->routes = realloc(redis->routes, wanted * sizeof *redis->routes);
        CHECK(redis->routes != NULL);
        for (; redis->route_count < wanted; redis->route_count++)
            redis->routes[redis->route_count] = -1;
    }
    return &redis->routes[partition];
}

/* "MOVED 3999 127.0.0.1:6381"; without a host, or with `?`, it is a port of the server that said so. */
static bool parse_moved(const char *text, const char *asked, char *ret_host, int *ret_port)
{
    char address[REDIS_HOST_SIZE];
    if (sscanf(text, "MOVED %*d %255s", address) != 1)
        return false;
    char *colon = strrchr(address, ':');
    if (colon == NULL || (*ret_port = atoi(colon + 1)) == 0)
        return false;
    *colon = '\0';
    bool is_named = address[0] != '\0' && strcmp(address, "?") != 0;
    snprintf(ret_host, REDIS_HOST_SIZE, "%s", is_named ? address : asked);
    return true;
}

/* "TRYAGAIN ...", not "Connection refused": the server is there. */
static bool is_answer(const char *text)
{
    return isupper((unsigned char)text[0]) && isupper((unsigned char)text[1]);
}

/* After a failure: true when the partition is now to be asked for elsewhere. */
static bool learn_route(struct store_redis *redis, const struct redis_node *asked, int *route, const char *text)
{
    char host[REDIS_HOST_SIZE];
    int port;
    if (parse_moved(text, asked->host, host, &port)) {
        *route = find_node(redis, host, port);
        return *route >= 0;
    }
    if (*route < 0 || is_answer(text))
        return false;
    *route = -1; /* the others may know who has taken its place */
    return true;
}

/* ---- Calls ---- */

/* One call for one partition. */
struct call {
    enum status (*make)(struct redis_node *node, const struct call *call, struct fault *fault);
    int32_t partition;
    struct arena *arena;
    struct store_read *read;
    struct store_write *write;
    const struct redis_scan *scan;
};

static enum status make_read(struct redis_node *node, const struct call *call, struct fault *fault)
{
    return redis_node_read(node, call->arena, call->read, 1, fault);
}

static enum status make_write(struct redis_node *node, const struct call *call, struct fault *fault)
{
    return redis_node_write(node, call->write, 1, fault);
}

static enum status make_ping(struct redis_node *node, const struct call *call, struct fault *fault)
{
    (void)call;
    return redis_node_ping(node, fault);
}

static enum status make_scan(struct redis_node *node, const struct call *call, struct fault *fault)
{
    return redis_node_scan(node, call->scan, fault);
}

/* To the server that has the partition, wherever that is said to be. What was refused with MOVED was not done, so that
 * it can be done again. */
static enum status follow(struct store_redis *redis, const struct call *call, struct fault *fault)
{
    for (int hops = 0;; hops++) {
        int *route = route_of(redis, call->partition);
        enum status status = *route < 0 ? find_home(redis, fault) : STATUS_OK;
        if (status != STATUS_OK)
            return status;
        struct redis_node *node = redis->nodes[*route < 0 ? redis->home : (size_t)*route];
        status = call->make(node, call, fault);
        if (status != STATUS_STORE_UNREACHABLE || hops == HOPS_MAX || !learn_route(redis, node, route, fault->text))
            return status;
    }
}

/* A server of a Cluster has told so by refusing the whole of a call. */
static bool notice_cluster(struct store_redis *redis, enum status status, const struct fault *fault)
{
    if (status == STATUS_STORE_UNREACHABLE)
        redis->is_cluster |= strncmp(fault->text, "MOVED ", 6) == 0 || strncmp(fault->text, "CROSSSLOT ", 10) == 0;
    return redis->is_cluster;
}

static enum status redis_read(
    struct store *store, struct arena *arena, struct store_read *reads, size_t count, struct fault *fault)
{
    struct store_redis *redis = redis_of(store);
    struct fault own;
    fault = fault == NULL ? &own : fault;
    if (!redis->is_cluster) {
        enum status status = find_home(redis, fault);
        if (status == STATUS_OK)
            status = redis_node_read(redis->nodes[redis->home], arena, reads, count, fault);
        if (!notice_cluster(redis, status, fault))
            return status;
    }
    enum status status = STATUS_OK, result = STATUS_OK;
    for (size_t i = 0; i < count && status != STATUS_STORE_UNREACHABLE; i++) {
        const struct call call = {
            .make = make_read, .partition = reads[i].partition, .arena = arena, .read = &reads[i]
        };
        status = follow(redis, &call, fault);
        result = status == STATUS_OK ? result : status;
    }
    return result;
}

/* In a Cluster one transaction per partition, each in two round trips: EXEC forgets what was watched for the next. */
static enum status redis_write(struct store *store, struct store_write *writes, size_t count, struct fault *fault)
{
    struct store_redis *redis = redis_of(store);
    struct fault own;
    fault = fault == NULL ? &own : fault;
    if (!redis->is_cluster) {
        enum status status = find_home(redis, fault);
        if (status == STATUS_OK)
            status = redis_node_write(redis->nodes[redis->home], writes, count, fault);
        if (!notice_cluster(redis, status, fault))
            return status;
    }
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct call call = { .make = make_write, .partition = writes[i].partition, .write = &writes[i] };
        status = follow(redis, &call, fault);
    }
    return status;
}

static enum status redis_scan(struct store *store, int32_t partition, const struct store_key *after, size_t limit,
    struct store_key *ret_keys, size_t *ret_count, struct fault *fault)
{
    const struct redis_scan scan = { partition, after, limit, ret_keys, ret_count };
    const struct call call = { .make = make_scan, .partition = partition, .scan = &scan };
    struct fault own;
    return follow(redis_of(store), &call, fault == NULL ? &own : fault);
}

static enum status redis_ping(struct store *store, struct fault *fault)
{
    const struct call call = { .make = make_ping, .partition = 0 };
    struct fault own;
    return follow(redis_of(store), &call, fault == NULL ? &own : fault);
}

/* ---- Opening and closing ---- */

static void redis_free(struct store *store)
{
    struct store_redis *redis = redis_of(store);
    for (size_t i = 0; i < redis->node_count; i++) {
        redis_node_disconnect(redis->nodes[i]);
        redis_command_free(redis->nodes[i]);
        free(redis->nodes[i]);
    }
    free(redis->routes);
    free(redis);
}

static void copy_config(struct store_redis *redis, const struct store_redis_config *config)
{
    redis->config = *config;
    snprintf(redis->stage, sizeof redis->stage, "%s", config->stage);
    redis->config.stage = redis->stage;
    if (config->unix_path != NULL) {
        snprintf(redis->unix_path, sizeof redis->unix_path, "%s", config->unix_path);
        redis->config.unix_path = redis->unix_path;
    }
    if (config->address_count == 0)
        redis->config.address_count = 1;
    if (config->connect_timeout_ms == 0)
        redis->config.connect_timeout_ms = 2000;
    if (config->command_timeout_ms == 0)
        redis->config.command_timeout_ms = 5000;
}

struct store *store_redis_new(const struct store_redis_config *config)
{
    static const struct store_ops ops = {
        .read = redis_read, .write = redis_write, .scan = redis_scan, .ping = redis_ping, .free = redis_free
    };
    CHECK(config->address_count <= STORE_REDIS_ADDRESSES_MAX);
    struct store_redis *redis = calloc(1, sizeof *redis);
    if (redis == NULL)
        return NULL;
    redis->store.ops = &ops;
    copy_config(redis, config);
    for (size_t i = 0; i < redis->config.address_count; i++) {
        const struct store_redis_address *address = &config->addresses[i];
        if (add_node(
                redis, address->host == NULL ? "127.0.0.1" : address->host, address->port == 0 ? 6379 : address->port)
            == NULL) {
            redis_free(&redis->store);
            return NULL;
        }
    }
    return &redis->store;
}
