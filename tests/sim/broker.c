#include "tests/sim/broker.h"

#include "consumers/home.h"

void sim_broker_begin(struct sim_broker *broker, struct sim *sim, int32_t partition_count)
{
    *broker = (struct sim_broker){ .sim = sim, .partition_count = partition_count };
}

struct sim_topic *sim_broker_topic(struct sim_broker *broker, const char *name)
{
    for (size_t i = 0; i < broker->topic_count; i++)
        if (strcmp(broker->topics[i].name, name) == 0)
            return &broker->topics[i];
    CHECK(broker->topic_count < SIM_TOPICS_MAX);
    struct sim_topic *topic = &broker->topics[broker->topic_count++];
    topic->name = sim_copy(broker->sim, text_of(name)).at;
    return topic;
}

struct sim_group *sim_broker_group(struct sim_broker *broker, const char *name, const char *const *topics)
{
    CHECK(broker->group_count < SIM_STAGES_MAX);
    struct sim_group *group = &broker->groups[broker->group_count++];
    *group = (struct sim_group){ .name = name, .topics = topics, .generation = 1 };
    for (; topics[group->topic_count] != NULL; group->topic_count++)
        (void)sim_broker_topic(broker, topics[group->topic_count]);
    for (int topic = 0; topic < ENGINE_TOPICS_MAX; topic++)
        for (int32_t p = 0; p < SIM_PARTITIONS_MAX; p++)
            group->committed[topic][p] = -1;
    return group;
}

/* ---- Appending ---- */

static void push(struct sim *sim, struct sim_tail *tail, struct sim_entry *entry)
{
    if (tail->count == tail->capacity) {
        size_t doubled = tail->capacity == 0 ? 32 : (size_t)tail->capacity * 2;
        tail->entries = arena_grow(sim->arena, tail->entries, (size_t)tail->count, doubled, sizeof *tail->entries);
        CHECK(tail->entries != NULL);
        tail->capacity = (int64_t)doubled;
    }
    tail->entries[tail->count++] = entry;
}

static struct sim_entry *copy_record(struct sim *sim, const struct log_output *record)
{
    struct sim_entry *entry = SIM_NEW(sim, struct sim_entry);
    struct log_header *headers = sim_take(sim, (record->header_count + 1) * sizeof *headers);
    for (size_t i = 0; i < record->header_count; i++)
        headers[i] =
            (struct log_header){ sim_copy(sim, record->headers[i].name), sim_copy(sim, record->headers[i].value) };
    entry->record = *record;
    entry->record.key = sim_copy(sim, record->key);
    entry->record.value = sim_copy(sim, record->value);
    entry->record.headers = headers;
    entry->appended_at = (instant){ sim->now_seconds, 0 };
    return entry;
}

static struct sim_entry *append(struct sim_broker *broker, const struct log_output *record, enum sim_entry_state state)
{
    struct sim_topic *topic = sim_broker_topic(broker, record->topic);
    struct sim_entry *entry = copy_record(broker->sim, record);
    entry->record.topic = topic->name;
    entry->state = (uint8_t)state;
    if (record->partition < 0)
        entry->record.partition = home_partition(record->key, broker->partition_count);
    push(broker->sim, &topic->tails[entry->record.partition], entry);
    return entry;
}

void sim_broker_append(struct sim_broker *broker, const struct log_output *record)
{
    const struct sim_entry *entry = append(broker, record, SIM_COMMITTED);
    sim_say(broker->sim, "input     %s/%d@%lld", entry->record.topic, (int)entry->record.partition,
        (long long)sim_broker_topic(broker, record->topic)->tails[entry->record.partition].count - 1);
}

/* ---- Transactions ---- */

struct sim_transaction *sim_broker_transact(struct sim_broker *broker, const struct sim_transaction *begun,
    const struct log_output *outputs, size_t output_count)
{
    struct sim *sim = broker->sim;
    struct sim_transaction *transaction = SIM_NEW(sim, struct sim_transaction);
    *transaction = *begun;
    transaction->outputs = sim_take(sim, (output_count + 1) * sizeof(struct sim_entry *));
    transaction->output_count = output_count;
    transaction->positions = sim_take(sim, (begun->position_count + 1) * sizeof *begun->positions);
    memcpy(transaction->positions, begun->positions, begun->position_count * sizeof *begun->positions);
    for (size_t i = 0; i < output_count; i++) {
        transaction->outputs[i] = append(broker, &outputs[i], SIM_OPEN);
        transaction->outputs[i]->by = begun->group;
    }
    if (broker->hanging_count == broker->hanging_capacity) {
        size_t doubled = broker->hanging_capacity * 2 + 8;
        broker->hanging =
            arena_grow(sim->arena, broker->hanging, broker->hanging_count, doubled, sizeof(struct sim_transaction *));
        CHECK(broker->hanging != NULL);
        broker->hanging_capacity = doubled;
    }
    broker->hanging[broker->hanging_count++] = transaction;
    return transaction;
}

static void forget(struct sim_broker *broker, const struct sim_transaction *transaction)
{
    size_t at = 0;
    while (broker->hanging[at] != transaction)
        at++;
    broker->hanging[at] = broker->hanging[--broker->hanging_count];
}

/* A marker takes an offset of its own in each partition that was written to. */
static void push_markers(struct sim_broker *broker, const struct sim_transaction *transaction)
{
    static struct sim_entry marker = { .state = SIM_MARKER };
    const struct sim_tail *marked[SIM_TOPICS_MAX * SIM_PARTITIONS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < transaction->output_count; i++) {
        const struct log_output *record = &transaction->outputs[i]->record;
        struct sim_tail *tail = &sim_broker_topic(broker, record->topic)->tails[record->partition];
        size_t at = 0;
        while (at < count && marked[at] != tail)
            at++;
        if (at < count)
            continue;
        marked[count++] = tail;
        push(broker->sim, tail, &marker);
    }
}

void sim_broker_end(struct sim_broker *broker, struct sim_transaction *transaction, bool is_commit)
{
    struct sim_group *group = transaction->group;
    CHECK(!transaction->is_over);
    sim_say(broker->sim, "broker    %s %s-%d's transaction of %zu outputs", is_commit ? "commits" : "aborts",
        group->name, transaction->slot, transaction->output_count);
    forget(broker, transaction);
    transaction->is_over = true;
    for (size_t i = 0; i < transaction->output_count; i++)
        transaction->outputs[i]->state = is_commit ? SIM_COMMITTED : SIM_ABORTED;
    push_markers(broker, transaction);
    if (!is_commit)
        return;
    broker->committed(broker->context, transaction);
    for (size_t i = 0; i < transaction->position_count; i++) {
        const struct log_position *position = &transaction->positions[i];
        group->committed[position->topic][position->partition] = position->offset;
    }
}

int sim_broker_init_transactions(struct sim_broker *broker, struct sim_group *group, int slot)
{
    for (size_t i = broker->hanging_count; i-- > 0;)
        if (broker->hanging[i]->group == group && broker->hanging[i]->slot == slot)
            sim_broker_end(broker, broker->hanging[i], false);
    return ++group->epochs[slot];
}

void sim_broker_settle_one(struct sim_broker *broker, bool is_commit)
{
    if (broker->hanging_count != 0)
        sim_broker_end(broker, broker->hanging[sim_roll(broker->sim, (int)broker->hanging_count)], is_commit);
}

bool sim_broker_is_unstable(
    const struct sim_broker *broker, const struct sim_group *group, int topic, int32_t partition)
{
    for (size_t i = 0; i < broker->hanging_count; i++) {
        const struct sim_transaction *transaction = broker->hanging[i];
        for (size_t at = 0; at < transaction->position_count && transaction->group == group; at++)
            if (transaction->positions[at].topic == topic && transaction->positions[at].partition == partition)
                return true;
    }
    return false;
}

/* ---- Reading ---- */

int64_t sim_tail_next(const struct sim_tail *tail, int64_t offset, const struct sim_entry **ret_entry)
{
    *ret_entry = NULL;
    for (; offset < tail->count; offset++) {
        const struct sim_entry *entry = tail->entries[offset];
        if (entry->state == SIM_OPEN)
            return offset;
        if (entry->state != SIM_COMMITTED)
            continue;
        *ret_entry = entry;
        return offset;
    }
    return offset;
}
