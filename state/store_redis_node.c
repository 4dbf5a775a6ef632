#include "state/store_redis_node.h"

#include <stdio.h>

static struct text reply_text(const redisReply *reply)
{
    return reply->type == REDIS_REPLY_STRING ? (struct text){ reply->str, reply->len } : TEXT_EMPTY;
}

/* ---- Read ---- */

static void append_read(struct redis_node *node, const struct store_read *read)
{
    char buffer[REDIS_KEY_SIZE];
    struct text prefix = redis_value_prefix(node, read->partition, buffer);
    redis_begin(node, read->count + 2, "MGET");
    redis_add_name(node, read->partition, "offsets");
    for (size_t i = 0; i < read->count; i++)
        redis_add_value_key(node, prefix, &read->keys[i]);
    redis_append(node);
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

static enum status take_read(struct redis_node *node, struct arena *arena, struct store_read *read, struct fault *fault)
{
    redisReply *reply;
    enum status status = redis_node_reply(node, &reply, fault);
    if (status != STATUS_OK)
        return status;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != read->count + 1)
        status = redis_node_fail(node, fault, "MGET gave another number of values");
    else if (copy_read(arena, reply, read) != STATUS_OK)
        status = STATUS_ARENA_FULL;
    freeReplyObject(reply);
    return status;
}

/* Every reply is taken, also when the arena is full: the connection stays in step. */
enum status redis_node_read(
    struct redis_node *node, struct arena *arena, struct store_read *reads, size_t count, struct fault *fault)
{
    enum status status = redis_node_connect(node, fault), result = STATUS_OK;
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        append_read(node, &reads[i]);
    for (size_t i = 0; i < count; i++) {
        status = take_read(node, arena, &reads[i], fault);
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

static void append_watch(struct redis_node *node, const struct store_write *writes, size_t count)
{
    static const char *const names[] = { "WATCH", "MGET" };
    for (size_t command = 0; command < COUNT_OF(names); command++) {
        redis_begin(node, count + 1, names[command]);
        for (size_t i = 0; i < count; i++)
            redis_add_name(node, writes[i].partition, "offsets");
        redis_append(node);
    }
}

/* Marks the writes whose offsets are not what the batch read. */
static enum status compare(struct redis_node *node, struct store_write *writes, size_t count, struct fault *fault)
{
    redisReply *reply;
    append_watch(node, writes, count);
    enum status status = redis_node_replies(node, 1, fault);
    if (status == STATUS_OK)
        status = redis_node_reply(node, &reply, fault);
    if (status != STATUS_OK)
        return status;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != count)
        status = redis_node_fail(node, fault, "MGET gave another number of values");
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        bool is_same = text_equal(reply_text(reply->element[i]), writes[i].expected_offsets);
        writes[i].ret_status = is_same ? STATUS_OK : STATUS_STORE_MOVED_ON;
    }
    freeReplyObject(reply);
    return status;
}

static size_t append_set(struct redis_node *node, const struct store_write *write, struct text prefix)
{
    redis_begin(node, 2 * write->count + 3, "MSET");
    redis_add_name(node, write->partition, "offsets");
    redis_add_text(node, write->offsets);
    for (size_t i = 0; i < write->count; i++)
        if (write->items[i].value.length != 0) {
            redis_add_value_key(node, prefix, &write->items[i].key);
            redis_add_text(node, write->items[i].value);
        }
    redis_append(node);
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

static size_t append_delete(struct redis_node *node, const struct store_write *write, struct text prefix)
{
    size_t count = count_items(write, is_deletion);
    if (count == 0)
        return 0;
    redis_begin(node, count + 1, "DEL");
    for (size_t i = 0; i < write->count; i++)
        if (is_deletion(&write->items[i]))
            redis_add_value_key(node, prefix, &write->items[i].key);
    redis_append(node);
    redis_begin(node, count + 2, "ZREM");
    redis_add_name(node, write->partition, "keys");
    for (size_t i = 0; i < write->count; i++)
        if (is_deletion(&write->items[i]))
            redis_add(node, write->items[i].key.bytes, sizeof write->items[i].key.bytes);
    redis_append(node);
    return 2;
}

static size_t append_index(struct redis_node *node, const struct store_write *write)
{
    size_t count = count_items(write, is_entry);
    if (count == 0)
        return 0;
    redis_begin(node, 2 * count + 2, "ZADD");
    redis_add_name(node, write->partition, "keys");
    for (size_t i = 0; i < write->count; i++)
        if (is_entry(&write->items[i])) {
            redis_add(node, "0", 1);
            redis_add(node, write->items[i].key.bytes, sizeof write->items[i].key.bytes);
        }
    redis_append(node);
    return 1;
}

static size_t append_write(struct redis_node *node, const struct store_write *write)
{
    char buffer[REDIS_KEY_SIZE];
    struct text prefix = redis_value_prefix(node, write->partition, buffer);
    size_t commands = append_set(node, write, prefix);
    commands += append_delete(node, write, prefix);
    return commands + append_index(node, write);
}

/* The reply of EXEC: nil when a watched key was touched; an error inside is no weather: a key of another type,
 * so that somebody else writes under our names. */
static enum status check_exec(struct redis_node *node, const redisReply *reply, bool *ret_is_done, struct fault *fault)
{
    if (reply->type != REDIS_REPLY_ARRAY && reply->type != REDIS_REPLY_NIL)
        return redis_node_fail(node, fault, "EXEC gave neither an array nor nil");
    *ret_is_done = reply->type == REDIS_REPLY_ARRAY;
    for (size_t i = 0; *ret_is_done && i < reply->elements; i++)
        if (reply->element[i]->type == REDIS_REPLY_ERROR)
            return fault_set(fault, STATUS_BAD_CONFIG, "redis", "%.150s", reply->element[i]->str);
    return STATUS_OK;
}

static enum status execute(struct redis_node *node, size_t commands, bool *ret_is_done, struct fault *fault)
{
    redisReply *reply;
    enum status status = redis_node_replies(node, 1 + commands, fault); /* OK, then QUEUED for each */
    if (status == STATUS_OK)
        status = redis_node_reply(node, &reply, fault);
    if (status != STATUS_OK)
        return status;
    status = check_exec(node, reply, ret_is_done, fault);
    freeReplyObject(reply);
    return status;
}

static enum status write_those_that_match(
    struct redis_node *node, struct store_write *writes, size_t count, struct fault *fault)
{
    size_t commands = 0;
    bool is_done = false;
    redis_begin(node, 1, "MULTI");
    redis_append(node);
    for (size_t i = 0; i < count; i++)
        if (writes[i].ret_status == STATUS_OK)
            commands += append_write(node, &writes[i]);
    redis_begin(node, 1, "EXEC");
    redis_append(node);
    enum status status = execute(node, commands, &is_done, fault);
    for (size_t i = 0; i < count && !is_done; i++)
        writes[i].ret_status = STATUS_STORE_MOVED_ON;
    return status;
}

enum status redis_node_write(struct redis_node *node, struct store_write *writes, size_t count, struct fault *fault)
{
    enum status status = redis_node_connect(node, fault);
    if (status == STATUS_OK)
        status = compare(node, writes, count, fault);
    if (status == STATUS_OK)
        status = write_those_that_match(node, writes, count, fault);
    return status;
}

/* ---- Scan and ping ---- */

static enum status take_keys(
    struct redis_node *node, const redisReply *reply, struct store_key *ret_keys, struct fault *fault)
{
    for (size_t i = 0; i < reply->elements; i++) {
        struct text member = reply_text(reply->element[i]);
        if (member.length != sizeof ret_keys[i].bytes)
            return redis_node_fail(node, fault, "a key of another length in the index");
        memcpy(ret_keys[i].bytes, member.at, member.length);
    }
    return STATUS_OK;
}

static void append_scan(struct redis_node *node, int32_t partition, const struct store_key *after, size_t limit)
{
    char from[sizeof after->bytes + 1] = "-", limit_text[24];
    if (after != NULL) {
        from[0] = '(';
        memcpy(from + 1, after->bytes, sizeof after->bytes);
    }
    int length = snprintf(limit_text, sizeof limit_text, "%zu", limit);
    redis_begin(node, 7, "ZRANGEBYLEX");
    redis_add_name(node, partition, "keys");
    redis_add(node, from, after == NULL ? 1 : sizeof from);
    redis_add_text(node, TEXT("+"));
    redis_add_text(node, TEXT("LIMIT"));
    redis_add_text(node, TEXT("0"));
    redis_add(node, limit_text, (size_t)length);
    redis_append(node);
}

enum status redis_node_scan(struct redis_node *node, const struct redis_scan *scan, struct fault *fault)
{
    redisReply *reply;
    enum status status = redis_node_connect(node, fault);
    if (status != STATUS_OK)
        return status;
    append_scan(node, scan->partition, scan->after, scan->limit);
    status = redis_node_reply(node, &reply, fault);
    if (status != STATUS_OK)
        return status;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements > scan->limit)
        status = redis_node_fail(node, fault, "ZRANGEBYLEX gave no list");
    else
        status = take_keys(node, reply, scan->ret_keys, fault);
    if (status == STATUS_OK)
        *scan->ret_count = reply->elements;
    freeReplyObject(reply);
    return status;
}

/* A write, so that a replica or a full server does not look healthy. */
enum status redis_node_ping(struct redis_node *node, struct fault *fault)
{
    enum status status = redis_node_connect(node, fault);
    if (status != STATUS_OK)
        return status;
    redisAppendCommand(node->context, "SET settled:%s:{0}:ping 1 PX 1000", node->config->stage);
    return redis_node_replies(node, 1, fault);
}
