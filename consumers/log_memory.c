#include "consumers/log_memory.h"

#include "consumers/home.h"

#include <stdlib.h>

#define MEMBERS_MAX 16

struct stored {
    struct log_output record;
    instant appended_at;
};

struct tail {
    struct stored **items; /* NULL item: a transaction marker */
    int64_t count, capacity;
    int64_t committed;
    bool is_touched; /* by the transaction at hand */
};

struct topic {
    char *name;
    struct tail *tails; /* one per partition */
};

struct memory_log;

struct memory_broker {
    int32_t partition_count;
    struct topic *topics;
    size_t topic_count;
    struct memory_log *members[MEMBERS_MAX];
    size_t member_count;
    int generation;
    instant now; /* that of the newest append: outputs carry it */
};

struct cursor {
    int64_t offset;
    bool is_started, end_was_said;
};

struct memory_log {
    struct log log;
    struct memory_broker *broker;
    size_t *topics; /* index in the broker of each topic of ours */
    int topic_count;
    int generation; /* of the assignment held; 0: none */
    int32_t *owned;
    size_t owned_count;
    struct cursor *cursors; /* topic_count x partition_count */
    size_t turn;            /* which cursor is looked at next, so that topics interleave */
};

static void *must(void *memory)
{
    CHECK(memory != NULL);
    return memory;
}

static char *copy_bytes(struct text from)
{
    char *copy = must(malloc(from.length + 1));
    if (from.length != 0)
        memcpy(copy, from.at, from.length);
    copy[from.length] = '\0';
    return copy;
}

static struct text copy_text(struct text from)
{
    return (struct text){ copy_bytes(from), from.length };
}

/* ---- The broker ---- */

struct memory_broker *memory_broker_new(int32_t partition_count)
{
    struct memory_broker *broker = calloc(1, sizeof *broker);
    if (broker != NULL) {
        broker->partition_count = partition_count;
        broker->generation = 1;
    }
    return broker;
}

static void free_text(struct text text)
{
    free((void *)(uintptr_t)text.at);
}

static void free_stored(struct stored *stored)
{
    if (stored == NULL)
        return;
    for (size_t i = 0; i < stored->record.header_count; i++) {
        free_text(stored->record.headers[i].name);
        free_text(stored->record.headers[i].value);
    }
    free((void *)(uintptr_t)stored->record.headers);
    free_text(stored->record.key);
    free_text(stored->record.value);
    free(stored);
}

static void free_tail(struct tail *tail)
{
    for (int64_t i = 0; i < tail->count; i++)
        free_stored(tail->items[i]);
    free(tail->items);
}

void memory_broker_free(struct memory_broker *broker)
{
    if (broker == NULL)
        return;
    CHECK(broker->member_count == 0);
    for (size_t topic = 0; topic < broker->topic_count; topic++) {
        for (int32_t p = 0; p < broker->partition_count; p++)
            free_tail(&broker->topics[topic].tails[p]);
        free(broker->topics[topic].tails);
        free(broker->topics[topic].name);
    }
    free(broker->topics);
    free(broker);
}

static struct topic *find_topic(const struct memory_broker *broker, const char *name)
{
    for (size_t i = 0; i < broker->topic_count; i++)
        if (strcmp(broker->topics[i].name, name) == 0)
            return &broker->topics[i];
    return NULL;
}

static struct topic *find_or_add_topic(struct memory_broker *broker, const char *name)
{
    struct topic *topic = find_topic(broker, name);
    if (topic != NULL)
        return topic;
    broker->topics = must(realloc(broker->topics, (broker->topic_count + 1) * sizeof *broker->topics));
    topic = &broker->topics[broker->topic_count++];
    topic->name = copy_bytes(text_of(name));
    topic->tails = must(calloc((size_t)broker->partition_count, sizeof *topic->tails));
    for (int32_t p = 0; p < broker->partition_count; p++)
        topic->tails[p].committed = -1;
    return topic;
}

static int32_t partition_of(const struct memory_broker *broker, const struct log_output *record)
{
    if (record->partition >= 0)
        return record->partition % broker->partition_count;
    return home_partition(record->key, broker->partition_count);
}

static int64_t push(struct tail *tail, struct stored *stored)
{
    if (tail->count == tail->capacity) {
        tail->capacity = tail->capacity == 0 ? 64 : tail->capacity * 2;
        tail->items = must(realloc(tail->items, (size_t)tail->capacity * sizeof *tail->items));
    }
    tail->items[tail->count] = stored;
    return tail->count++;
}

static struct stored *copy_record(const struct log_output *record, const char *topic, int32_t partition)
{
    struct stored *stored = must(calloc(1, sizeof *stored));
    struct log_header *headers = must(calloc(record->header_count + 1, sizeof *headers));
    for (size_t i = 0; i < record->header_count; i++) {
        headers[i].name = copy_text(record->headers[i].name);
        headers[i].value = copy_text(record->headers[i].value);
    }
    stored->record = (struct log_output){ .topic = topic,
        .partition = partition,
        .key = copy_text(record->key),
        .value = copy_text(record->value),
        .headers = headers,
        .header_count = record->header_count };
    return stored;
}

int64_t memory_broker_append(struct memory_broker *broker, const struct log_output *record, instant appended_at)
{
    struct topic *topic = find_or_add_topic(broker, record->topic);
    struct tail *tail = &topic->tails[partition_of(broker, record)];
    struct stored *stored = copy_record(record, topic->name, (int32_t)(tail - topic->tails));
    stored->appended_at = broker->now = appended_at;
    tail->is_touched = true;
    return push(tail, stored);
}

int64_t memory_broker_end(const struct memory_broker *broker, const char *topic, int32_t partition)
{
    const struct topic *found = find_topic(broker, topic);
    return found == NULL ? 0 : found->tails[partition].count;
}

const struct log_output *memory_broker_record(
    const struct memory_broker *broker, const char *topic, int32_t partition, int64_t offset)
{
    const struct topic *found = find_topic(broker, topic);
    CHECK(found != NULL && offset < found->tails[partition].count);
    const struct stored *stored = found->tails[partition].items[offset];
    return stored == NULL ? NULL : &stored->record;
}

int64_t memory_broker_committed(const struct memory_broker *broker, const char *topic, int32_t partition)
{
    const struct topic *found = find_topic(broker, topic);
    return found == NULL ? -1 : found->tails[partition].committed;
}

/* ---- The group ---- */

static struct memory_log *memory_of(struct log *log)
{
    return (struct memory_log *)log;
}

static size_t member_index(const struct memory_log *log)
{
    size_t i = 0;
    while (i < log->broker->member_count && log->broker->members[i] != log)
        i++;
    return i;
}

static bool is_member(const struct memory_log *log)
{
    return member_index(log) < log->broker->member_count;
}

static void join(struct memory_log *log)
{
    CHECK(log->broker->member_count < MEMBERS_MAX);
    log->broker->members[log->broker->member_count++] = log;
    log->broker->generation++;
}

static void leave(struct memory_log *log)
{
    struct memory_broker *broker = log->broker;
    size_t at = member_index(log);
    if (at == broker->member_count)
        return;
    memmove(
        &broker->members[at], &broker->members[at + 1], (broker->member_count - at - 1) * sizeof broker->members[0]);
    broker->member_count--;
    broker->generation++;
}

void log_memory_expel(struct log *log)
{
    leave(memory_of(log));
}

static struct cursor *cursor_of(struct memory_log *log, int topic, int32_t partition)
{
    return &log->cursors[(size_t)topic * (size_t)log->broker->partition_count + (size_t)partition];
}

static void forget_cursors(struct memory_log *log)
{
    memset(log->cursors, 0, (size_t)log->topic_count * (size_t)log->broker->partition_count * sizeof *log->cursors);
}

/* Range: member i of m takes a run of partitions, the first `count % m` members one more than the others. */
static void assign(struct memory_log *log, struct log_event *ret_event)
{
    size_t members = log->broker->member_count, me = member_index(log), count = (size_t)log->broker->partition_count;
    size_t each = count / members, more = count % members;
    size_t first = me * each + (me < more ? me : more);
    log->owned_count = each + (me < more);
    for (size_t i = 0; i < log->owned_count; i++)
        log->owned[i] = (int32_t)(first + i);
    log->generation = log->broker->generation;
    forget_cursors(log);
    *ret_event =
        (struct log_event){ .kind = LOG_ASSIGNED, .partitions = log->owned, .partition_count = log->owned_count };
}

static void rebalance(struct memory_log *log, struct log_event *ret_event)
{
    if (!is_member(log))
        join(log);
    if (log->generation == 0) {
        assign(log, ret_event);
        return;
    }
    log->generation = 0;
    log->owned_count = 0;
    forget_cursors(log);
    *ret_event = (struct log_event){ .kind = LOG_REVOKED };
}

/* ---- The log ---- */

static struct tail *tail_of(struct memory_log *log, int topic, int32_t partition)
{
    return &log->broker->topics[log->topics[topic]].tails[partition];
}

static void fill_record(const struct stored *stored, int topic, int64_t offset, struct log_event *ret_event)
{
    const struct log_output *record = &stored->record;
    *ret_event = (struct log_event){ .kind = LOG_RECORD,
        .record = { .topic = topic,
            .partition = record->partition,
            .offset = offset,
            .appended_at = stored->appended_at,
            .key = record->key,
            .value = record->value,
            .has_value = true,
            .headers = record->headers,
            .header_count = record->header_count } };
}

/* Whether this cursor has something to say: a record, or once that it stands at the end. */
static bool look(struct memory_log *log, int topic, int32_t partition, struct log_event *ret_event)
{
    struct cursor *cursor = cursor_of(log, topic, partition);
    const struct tail *tail = tail_of(log, topic, partition);
    if (!cursor->is_started)
        return false;
    while (cursor->offset < tail->count && tail->items[cursor->offset] == NULL)
        cursor->offset++;
    if (cursor->offset < tail->count) {
        fill_record(tail->items[cursor->offset], topic, cursor->offset, ret_event);
        ret_event->record.partition_count = log->broker->partition_count;
        cursor->offset++;
        cursor->end_was_said = false;
        return true;
    }
    if (cursor->end_was_said)
        return false;
    cursor->end_was_said = true;
    *ret_event = (struct log_event){ .kind = LOG_END,
        .position = { .topic = topic, .partition = partition, .offset = cursor->offset } };
    return true;
}

static enum status memory_poll(struct log *base, int wait_ms, struct log_event *ret_event, struct fault *fault)
{
    (void)wait_ms;
    (void)fault;
    struct memory_log *log = memory_of(base);
    *ret_event = (struct log_event){ .kind = LOG_NOTHING };
    if (log->generation != log->broker->generation || !is_member(log)) {
        rebalance(log, ret_event);
        return STATUS_OK;
    }
    size_t cursors = (size_t)log->topic_count * log->owned_count;
    for (size_t i = 0; i < cursors; i++) {
        size_t at = log->turn++ % cursors;
        if (look(log, (int)(at % (size_t)log->topic_count), log->owned[at / (size_t)log->topic_count], ret_event))
            return STATUS_OK;
    }
    return STATUS_OK;
}

static void memory_release(struct log *log, struct log_record *record)
{
    (void)log;
    (void)record;
}

static enum status memory_start(
    struct log *base, const struct log_position *positions, size_t count, struct fault *fault)
{
    struct memory_log *log = memory_of(base);
    forget_cursors(log);
    for (size_t i = 0; i < count; i++) {
        const struct log_position *position = &positions[i];
        if (position->offset > tail_of(log, position->topic, position->partition)->count)
            return fault_set(fault, STATUS_LOG_TRUNCATED, "log.start", "topic %d, partition %d, offset %lld",
                position->topic, (int)position->partition, (long long)position->offset);
        struct cursor *cursor = cursor_of(log, position->topic, position->partition);
        *cursor = (struct cursor){ .offset = position->offset, .is_started = true };
    }
    return STATUS_OK;
}

static void memory_stop(struct log *log)
{
    forget_cursors(memory_of(log));
}

static enum status memory_committed(struct log *log, struct log_position *positions, size_t count, struct fault *fault)
{
    (void)fault;
    for (size_t i = 0; i < count; i++)
        positions[i].offset = tail_of(memory_of(log), positions[i].topic, positions[i].partition)->committed;
    return STATUS_OK;
}

/* Kafka ends a transaction with a marker in each partition it wrote to, which takes an offset of its own. */
static void push_markers(struct memory_broker *broker)
{
    for (size_t topic = 0; topic < broker->topic_count; topic++)
        for (int32_t p = 0; p < broker->partition_count; p++)
            if (broker->topics[topic].tails[p].is_touched)
                push(&broker->topics[topic].tails[p], NULL);
}

static void forget_touches(struct memory_broker *broker)
{
    for (size_t topic = 0; topic < broker->topic_count; topic++)
        for (int32_t p = 0; p < broker->partition_count; p++)
            broker->topics[topic].tails[p].is_touched = false;
}

static void append_output(struct memory_broker *broker, const struct log_output *output)
{
    struct log_output copy = *output;
    if (output->partition != LOG_EVERY_PARTITION) {
        memory_broker_append(broker, output, broker->now);
        return;
    }
    for (copy.partition = 0; copy.partition < broker->partition_count; copy.partition++)
        memory_broker_append(broker, &copy, broker->now);
}

static enum status memory_commit(struct log *base, const struct log_output *outputs, size_t output_count,
    const struct log_position *positions, size_t position_count, struct fault *fault)
{
    struct memory_log *log = memory_of(base);
    if (log->generation != log->broker->generation || !is_member(log))
        return fault_set(fault, STATUS_TRANSACTION_FAILED, "log.commit", "generation %d is over", log->generation);
    forget_touches(log->broker);
    for (size_t i = 0; i < output_count; i++)
        append_output(log->broker, &outputs[i]);
    push_markers(log->broker);
    for (size_t i = 0; i < position_count; i++)
        tail_of(log, positions[i].topic, positions[i].partition)->committed = positions[i].offset;
    return STATUS_OK;
}

static enum status memory_reopen(struct log *log, struct fault *fault)
{
    (void)log;
    (void)fault;
    return STATUS_OK;
}

static void memory_close(struct log *base)
{
    struct memory_log *log = memory_of(base);
    leave(log);
    free(log->topics);
    free(log->owned);
    free(log->cursors);
    free(log);
}

struct log *log_memory_new(struct memory_broker *broker, const char *const *topics)
{
    static const struct log_ops ops = { .poll = memory_poll,
        .release = memory_release,
        .start = memory_start,
        .stop = memory_stop,
        .committed = memory_committed,
        .commit = memory_commit,
        .reopen = memory_reopen,
        .close = memory_close };
    struct memory_log *log = must(calloc(1, sizeof *log));
    log->log.ops = &ops;
    log->broker = broker;
    while (topics[log->topic_count] != NULL)
        log->topic_count++;
    log->topics = must(calloc((size_t)log->topic_count + 1, sizeof *log->topics));
    for (int i = 0; i < log->topic_count; i++)
        log->topics[i] = (size_t)(find_or_add_topic(broker, topics[i]) - broker->topics);
    log->owned = must(calloc((size_t)broker->partition_count + 1, sizeof *log->owned));
    log->cursors = must(calloc((size_t)log->topic_count * (size_t)broker->partition_count + 1, sizeof *log->cursors));
    join(log);
    return &log->log;
}
