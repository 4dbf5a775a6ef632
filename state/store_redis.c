#include "state/store_redis.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

#define KEY_SIZE 96 /* "settled:" stage ":{" 10 digits "}:offsets", or "}:v:" and 16 bytes */
#define ARGUMENTS_MIN 64

struct store_redis {
    struct store store;
    struct store_redis_config config;
    redisContext *context; /* NULL: not connected */

    /* The command being built. Keys are rendered into `keys`, one of KEY_SIZE bytes each; the rest is lent. */
    char *keys;
    const char **arguments;
    size_t *lengths;
    size_t argument_count, key_count, capacity;
};

static struct store_redis *redis_of(struct store *store)
{
    return (struct store_redis *)store;
}

/* ---- Connection ---- */

static void disconnect(struct store_redis *redis)
{
    if (redis->context != NULL)
        redisFree(redis->context);
    redis->context = NULL;
}

/* Whatever went wrong: nobody knows what is still on its way, so the connection is not used again. */
static enum status unreachable(struct store_redis *redis, struct fault *fault, const char *what, const char *text)
{
    fault_set(fault, STATUS_STORE_UNREACHABLE, what, "%.150s", text);
    disconnect(redis);
    return STATUS_STORE_UNREACHABLE;
}

static enum status next_reply(struct store_redis *redis, redisReply **ret_reply, struct fault *fault)
{
    void *reply = NULL;
    if (redisGetReply(redis->context, &reply) != REDIS_OK)
        return unreachable(redis, fault, "redis", redis->context->errstr);
    *ret_reply = reply;
    if ((*ret_reply)->type != REDIS_REPLY_ERROR)
        return STATUS_OK;
    enum status status = unreachable(redis, fault, "redis", (*ret_reply)->str);
    freeReplyObject(reply);
    return status;
}

/* For replies of which only the success matters. */
static enum status expect_replies(struct store_redis *redis, size_t count, struct fault *fault)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        redisReply *reply;
        status = next_reply(redis, &reply, fault);
        if (status == STATUS_OK)
            freeReplyObject(reply);
    }
    return status;
}

static enum status log_in(struct store_redis *redis, struct fault *fault)
{
    const struct store_redis_config *config = &redis->config;
    size_t replies = 0;
    if (config->password != NULL && config->user != NULL)
        replies += redisAppendCommand(redis->context, "AUTH %s %s", config->user, config->password) == REDIS_OK;
    else if (config->password != NULL)
        replies += redisAppendCommand(redis->context, "AUTH %s", config->password) == REDIS_OK;
    if (config->database != 0)
        replies += redisAppendCommand(redis->context, "SELECT %d", config->database) == REDIS_OK;
    return expect_replies(redis, replies, fault);
}

static struct timeval milliseconds(int ms)
{
    return (struct timeval){ ms / 1000, ms % 1000 * 1000 };
}

static enum status connect_to(struct store_redis *redis, struct fault *fault)
{
    const struct store_redis_config *config = &redis->config;
    struct timeval patience = milliseconds(config->connect_timeout_ms);
    if (redis->context != NULL)
        return STATUS_OK;
    redis->context = config->unix_path != NULL ? redisConnectUnixWithTimeout(config->unix_path, patience)
                                               : redisConnectWithTimeout(config->host, config->port, patience);
    if (redis->context == NULL)
        return unreachable(redis, fault, "redis", "out of memory");
    if (redis->context->err != 0)
        return unreachable(redis, fault, "redis", redis->context->errstr);
    redisSetTimeout(redis->context, milliseconds(config->command_timeout_ms));
    if (config->unix_path == NULL)
        redisEnableKeepAlive(redis->context);
    return log_in(redis, fault);
}

/* ---- Commands ---- */

static void *must(void *memory)
{
    CHECK(memory != NULL);
    return memory;
}

/* Begins a command of at most `arguments` words, so that nothing moves while it is built. */
static void begin(struct store_redis *redis, size_t arguments, const char *name)
{
    if (arguments > redis->capacity) {
        redis->capacity = arguments < ARGUMENTS_MIN ? ARGUMENTS_MIN : arguments + arguments / 2;
        redis->keys = must(realloc(redis->keys, redis->capacity * KEY_SIZE));
        redis->arguments = must(realloc(redis->arguments, redis->capacity * sizeof *redis->arguments));
        redis->lengths = must(realloc(redis->lengths, redis->capacity * sizeof *redis->lengths));
    }
    redis->argument_count = 1;
    redis->key_count = 0;
    redis->arguments[0] = name;
    redis->lengths[0] = strlen(name);
}

static void add(struct store_redis *redis, const void *bytes, size_t length)
{
    CHECK(redis->argument_count < redis->capacity);
    redis->arguments[redis->argument_count] = bytes;
    redis->lengths[redis->argument_count++] = length;
}

static void add_text(struct store_redis *redis, struct text text)
{
    add(redis, text.at, text.length);
}

static void add_name(struct store_redis *redis, int32_t partition, const char *name)
{
    char *key = redis->keys + redis->key_count++ * KEY_SIZE;
    int length = snprintf(key, KEY_SIZE, "settled:%s:{%d}:%s", redis->config.stage, (int)partition, name);
    CHECK(length > 0 && length < KEY_SIZE);
    add(redis, key, (size_t)length);
}

/* `prefix` is the rendered "settled:...:v:", the same for all of a partition. */
static void add_value_key(struct store_redis *redis, struct text prefix, const struct store_key *value_key)
{
    char *key = redis->keys + redis->key_count++ * KEY_SIZE;
    memcpy(key, prefix.at, prefix.length);
    memcpy(key + prefix.length, value_key->bytes, sizeof value_key->bytes);
    add(redis, key, prefix.length + sizeof value_key->bytes);
}

static struct text value_prefix(const struct store_redis *redis, int32_t partition, char *buffer)
{
    int length = snprintf(buffer, KEY_SIZE, "settled:%s:{%d}:v:", redis->config.stage, (int)partition);
    CHECK(length > 0 && length + 16 < KEY_SIZE);
    return (struct text){ buffer, (size_t)length };
}

/* Into hiredis' buffer; nothing is sent before the first reply is waited for. */
static void append(struct store_redis *redis)
{
    int status = redisAppendCommandArgv(redis->context, (int)redis->argument_count, redis->arguments, redis->lengths);
    CHECK(status == REDIS_OK);
}

static struct text reply_text(const redisReply *reply)
{
    return reply->type == REDIS_REPLY_STRING ? (struct text){ reply->str, reply->len } : TEXT_EMPTY;
}

/* ---- Read ---- */

static void append_read(struct store_redis *redis, const struct store_read *read)
{
    char buffer[KEY_SIZE];
    struct text prefix = value_prefix(redis, read->partition, buffer);
    begin(redis, read->count + 2, "MGET");
    add_name(redis, read->partition, "offsets");
    for (size_t i = 0; i < read->count; i++)
        add_value_key(redis, prefix, &read->keys[i]);
    append(redis);
}

static enum status copy_out(struct arena *arena, const redisReply *reply, struct text *ret_text)
{
    struct text from = reply_text(reply);
    *ret_text = TEXT_EMPTY;
    if (from.length == 0)
        return STATUS_OK;
    char *copy = arena_copy(arena, from.at, from.length);
    if (copy == NULL)
        return STATUS_ARENA_FULL;
    *ret_text = (struct text){ copy, from.length };
    return STATUS_OK;
}

static enum status copy_read(struct arena *arena, const redisReply *reply, struct store_read *read)
{
    enum status status = copy_out(arena, reply->element[0], &read->ret_offsets);
    for (size_t i = 0; i < read->count && status == STATUS_OK; i++)
        status = copy_out(arena, reply->element[i + 1], &read->ret_values[i]);
    return status;
}

static enum status take_read(
    struct store_redis *redis, struct arena *arena, struct store_read *read, struct fault *fault)
{
    redisReply *reply;
    enum status status = next_reply(redis, &reply, fault);
    if (status != STATUS_OK)
        return status;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != read->count + 1)
        status = unreachable(redis, fault, "redis", "MGET gave another number of values");
    else if (copy_read(arena, reply, read) != STATUS_OK)
        status = STATUS_ARENA_FULL;
    freeReplyObject(reply);
    return status;
}

/* Every reply is taken, also when the arena is full: the connection stays in step. */
static enum status redis_read(
    struct store *store, struct arena *arena, struct store_read *reads, size_t count, struct fault *fault)
{
    struct store_redis *redis = redis_of(store);
    enum status status = connect_to(redis, fault), result = STATUS_OK;
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        append_read(redis, &reads[i]);
    for (size_t i = 0; i < count; i++) {
        status = take_read(redis, arena, &reads[i], fault);
        if (status == STATUS_STORE_UNREACHABLE)
            return status;
        result = status == STATUS_OK ? result : status;
    }
    return result;
}

/* ---- Write: WATCH and compare in one round trip, MULTI to EXEC in a second ----
 *
 * The compare-and-set is Redis' own optimistic lock: whatever touches one of the watched offsets after the comparison,
 * be it another worker or a FLUSHALL, makes EXEC do nothing. No script, and so none that can fail while the writes
 * behind it succeed. */

static void append_watch(struct store_redis *redis, const struct store_write *writes, size_t count)
{
    static const char *const names[] = { "WATCH", "MGET" };
    for (size_t command = 0; command < COUNT_OF(names); command++) {
        begin(redis, count + 1, names[command]);
        for (size_t i = 0; i < count; i++)
            add_name(redis, writes[i].partition, "offsets");
        append(redis);
    }
}

/* Marks the writes whose offsets are not what the batch read. */
static enum status compare(struct store_redis *redis, struct store_write *writes, size_t count, struct fault *fault)
{
    redisReply *reply;
    append_watch(redis, writes, count);
    enum status status = expect_replies(redis, 1, fault);
    if (status == STATUS_OK)
        status = next_reply(redis, &reply, fault);
    if (status != STATUS_OK)
        return status;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != count)
        status = unreachable(redis, fault, "redis", "MGET gave another number of values");
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        bool is_same = text_equal(reply_text(reply->element[i]), writes[i].expected_offsets);
        writes[i].ret_status = is_same ? STATUS_OK : STATUS_STORE_MOVED_ON;
    }
    freeReplyObject(reply);
    return status;
}

static size_t append_set(struct store_redis *redis, const struct store_write *write, struct text prefix)
{
    begin(redis, 2 * write->count + 3, "MSET");
    add_name(redis, write->partition, "offsets");
    add_text(redis, write->offsets);
    for (size_t i = 0; i < write->count; i++)
        if (write->items[i].value.length != 0) {
            add_value_key(redis, prefix, &write->items[i].key);
            add_text(redis, write->items[i].value);
        }
    append(redis);
    return 1;
}

static bool is_deletion(const struct store_item *item)
{
    return item->value.length == 0;
}

static bool is_entry(const struct store_item *item)
{
    return item->is_new && item->value.length != 0;
}

static size_t count_items(const struct store_write *write, bool (*is_meant)(const struct store_item *item))
{
    size_t count = 0;
    for (size_t i = 0; i < write->count; i++)
        count += is_meant(&write->items[i]);
    return count;
}

static size_t append_delete(struct store_redis *redis, const struct store_write *write, struct text prefix)
{
    size_t count = count_items(write, is_deletion);
    if (count == 0)
        return 0;
    begin(redis, count + 1, "DEL");
    for (size_t i = 0; i < write->count; i++)
        if (is_deletion(&write->items[i]))
            add_value_key(redis, prefix, &write->items[i].key);
    append(redis);
    begin(redis, count + 2, "ZREM");
    add_name(redis, write->partition, "keys");
    for (size_t i = 0; i < write->count; i++)
        if (is_deletion(&write->items[i]))
            add(redis, write->items[i].key.bytes, sizeof write->items[i].key.bytes);
    append(redis);
    return 2;
}

static size_t append_index(struct store_redis *redis, const struct store_write *write)
{
    size_t count = count_items(write, is_entry);
    if (count == 0)
        return 0;
    begin(redis, 2 * count + 2, "ZADD");
    add_name(redis, write->partition, "keys");
    for (size_t i = 0; i < write->count; i++)
        if (is_entry(&write->items[i])) {
            add(redis, "0", 1);
            add(redis, write->items[i].key.bytes, sizeof write->items[i].key.bytes);
        }
    append(redis);
    return 1;
}

static size_t append_write(struct store_redis *redis, const struct store_write *write)
{
    char buffer[KEY_SIZE];
    struct text prefix = value_prefix(redis, write->partition, buffer);
    size_t commands = append_set(redis, write, prefix);
    commands += append_delete(redis, write, prefix);
    return commands + append_index(redis, write);
}

/* The reply of EXEC: nil when a watched key was touched; an error inside is no weather: a key of another type,
 * so that somebody else writes under our names. */
static enum status check_exec(
    struct store_redis *redis, const redisReply *reply, bool *ret_is_done, struct fault *fault)
{
    if (reply->type != REDIS_REPLY_ARRAY && reply->type != REDIS_REPLY_NIL)
        return unreachable(redis, fault, "redis", "EXEC gave neither an array nor nil");
    *ret_is_done = reply->type == REDIS_REPLY_ARRAY;
    for (size_t i = 0; *ret_is_done && i < reply->elements; i++)
        if (reply->element[i]->type == REDIS_REPLY_ERROR)
            return fault_set(fault, STATUS_BAD_CONFIG, "redis", "%.150s", reply->element[i]->str);
    return STATUS_OK;
}

static enum status execute(struct store_redis *redis, size_t commands, bool *ret_is_done, struct fault *fault)
{
    redisReply *reply;
    enum status status = expect_replies(redis, 1 + commands, fault); /* OK, then QUEUED for each */
    if (status == STATUS_OK)
        status = next_reply(redis, &reply, fault);
    if (status != STATUS_OK)
        return status;
    status = check_exec(redis, reply, ret_is_done, fault);
    freeReplyObject(reply);
    return status;
}

static enum status write_those_that_match(
    struct store_redis *redis, struct store_write *writes, size_t count, struct fault *fault)
{
    size_t commands = 0;
    bool is_done = false;
    begin(redis, 1, "MULTI");
    append(redis);
    for (size_t i = 0; i < count; i++)
        if (writes[i].ret_status == STATUS_OK)
            commands += append_write(redis, &writes[i]);
    begin(redis, 1, "EXEC");
    append(redis);
    enum status status = execute(redis, commands, &is_done, fault);
    for (size_t i = 0; i < count && !is_done; i++)
        writes[i].ret_status = STATUS_STORE_MOVED_ON;
    return status;
}

static enum status redis_write(struct store *store, struct store_write *writes, size_t count, struct fault *fault)
{
    struct store_redis *redis = redis_of(store);
    enum status status = connect_to(redis, fault);
    if (status == STATUS_OK)
        status = compare(redis, writes, count, fault);
    if (status == STATUS_OK)
        status = write_those_that_match(redis, writes, count, fault);
    return status;
}

/* ---- Scan and ping ---- */

static enum status take_keys(
    struct store_redis *redis, const redisReply *reply, struct store_key *ret_keys, struct fault *fault)
{
    for (size_t i = 0; i < reply->elements; i++) {
        struct text member = reply_text(reply->element[i]);
        if (member.length != sizeof ret_keys[i].bytes)
            return unreachable(redis, fault, "redis", "a key of another length in the index");
        memcpy(ret_keys[i].bytes, member.at, member.length);
    }
    return STATUS_OK;
}

static void append_scan(struct store_redis *redis, int32_t partition, const struct store_key *after, size_t limit)
{
    char from[sizeof after->bytes + 1] = "-", limit_text[24];
    if (after != NULL) {
        from[0] = '(';
        memcpy(from + 1, after->bytes, sizeof after->bytes);
    }
    int length = snprintf(limit_text, sizeof limit_text, "%zu", limit);
    begin(redis, 7, "ZRANGEBYLEX");
    add_name(redis, partition, "keys");
    add(redis, from, after == NULL ? 1 : sizeof from);
    add_text(redis, TEXT("+"));
    add_text(redis, TEXT("LIMIT"));
    add_text(redis, TEXT("0"));
    add(redis, limit_text, (size_t)length);
    append(redis);
}

static enum status redis_scan(struct store *store, int32_t partition, const struct store_key *after, size_t limit,
    struct store_key *ret_keys, size_t *ret_count, struct fault *fault)
{
    struct store_redis *redis = redis_of(store);
    redisReply *reply;
    enum status status = connect_to(redis, fault);
    if (status != STATUS_OK)
        return status;
    append_scan(redis, partition, after, limit);
    status = next_reply(redis, &reply, fault);
    if (status != STATUS_OK)
        return status;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements > limit)
        status = unreachable(redis, fault, "redis", "ZRANGEBYLEX gave no list");
    else
        status = take_keys(redis, reply, ret_keys, fault);
    if (status == STATUS_OK)
        *ret_count = reply->elements;
    freeReplyObject(reply);
    return status;
}

/* A write, so that a replica or a full server does not look healthy. */
static enum status redis_ping(struct store *store, struct fault *fault)
{
    struct store_redis *redis = redis_of(store);
    enum status status = connect_to(redis, fault);
    if (status != STATUS_OK)
        return status;
    redisAppendCommand(redis->context, "SET settled:%s:ping 1 PX 1000", redis->config.stage);
    return expect_replies(redis, 1, fault);
}

static void redis_free(struct store *store)
{
    struct store_redis *redis = redis_of(store);
    disconnect(redis);
    free(redis->keys);
    free(redis->arguments);
    free(redis->lengths);
    free(redis);
}

struct store *store_redis_new(const struct store_redis_config *config)
{
    static const struct store_ops ops = {
        .read = redis_read, .write = redis_write, .scan = redis_scan, .ping = redis_ping, .free = redis_free
    };
    struct store_redis *redis = calloc(1, sizeof *redis);
    if (redis == NULL)
        return NULL;
    redis->store.ops = &ops;
    redis->config = *config;
    if (config->host == NULL)
        redis->config.host = "127.0.0.1";
    if (config->port == 0)
        redis->config.port = 6379;
    if (config->connect_timeout_ms == 0)
        redis->config.connect_timeout_ms = 2000;
    if (config->command_timeout_ms == 0)
        redis->config.command_timeout_ms = 5000;
    return &redis->store;
}
