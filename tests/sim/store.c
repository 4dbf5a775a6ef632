#include "tests/sim/store.h"

#include "consumers/engine_offsets.h"

#include <stdio.h>

/* More values than a partition of a run ever holds. */
#define KEYS_MAX 512

struct sim_store {
    struct store store;
    struct sim_place *place;
    struct sim_process *process;
};

void sim_place_begin(struct sim_place *place, struct sim *sim, const struct sim_group *group)
{
    *place = (struct sim_place){ .sim = sim, .group = group, .now = store_memory_new() };
    CHECK(place->now != NULL);
}

void sim_place_end(struct sim_place *place)
{
    place->now->ops->free(place->now);
    for (int i = 0; i < SIM_SNAPSHOTS; i++)
        if (place->snapshots[i] != NULL)
            place->snapshots[i]->ops->free(place->snapshots[i]);
}

/* ---- Kafka commits first: nothing may stand here that the group has not committed ---- */

static void check_not_ahead(const struct sim_place *place, const struct store_write *write)
{
    const struct sim_group *group = place->group;
    int64_t next[ENGINE_TOPICS_MAX];
    if (text_equal(write->offsets, TEXT(ENGINE_OFFSETS_FORGETTING)))
        return;
    if (engine_offsets_parse(write->offsets, group->topics, next) != STATUS_OK)
        sim_fail(place->sim, "the %s store is given offsets that cannot be read", group->name);
    for (int topic = 0; topic < group->topic_count; topic++)
        if (next[topic] > 0 && next[topic] > group->committed[topic][write->partition])
            sim_fail(place->sim, "the %s store is at %s/%d@%lld, the group at %lld: ahead of what is committed",
                group->name, group->topics[topic], (int)write->partition, (long long)next[topic],
                (long long)group->committed[topic][write->partition]);
}

static void execute(const struct sim_place *place, struct store_write *write)
{
    enum status status = place->now->ops->write(place->now, write, 1, NULL);
    CHECK(status == STATUS_OK);
    if (write->ret_status == STATUS_OK)
        check_not_ahead(place, write);
    sim_say(place->sim, "store     %s/%d %s: %.*s", place->group->name, (int)write->partition,
        write->ret_status == STATUS_OK ? "written" : "has moved on", TEXT_FORMAT(write->offsets));
}

void sim_place_offsets(const struct sim_place *place, int32_t partition, int64_t *ret_next)
{
    size_t mark = arena_mark(place->sim->arena);
    struct store_read read = { .partition = partition };
    enum status status = place->now->ops->read(place->now, place->sim->arena, &read, 1, NULL);
    CHECK(status == STATUS_OK);
    status = engine_offsets_parse(read.ret_offsets, place->group->topics, ret_next);
    CHECK(status == STATUS_OK);
    arena_rewind(place->sim->arena, mark);
}

static bool partition_equals(
    const struct sim_place *place, struct store *other, int32_t partition, char *why, size_t size)
{
    struct store_key keys[2][KEYS_MAX];
    struct text values[2][KEYS_MAX];
    struct store_read reads[2];
    for (int i = 0; i < 2; i++) {
        struct store *store = i == 0 ? place->now : other;
        reads[i] = (struct store_read){ .partition = partition, .keys = keys[i], .ret_values = values[i] };
        enum status status = store->ops->scan(store, partition, NULL, KEYS_MAX, keys[i], &reads[i].count, NULL);
        if (status == STATUS_OK)
            status = store->ops->read(store, place->sim->arena, &reads[i], 1, NULL);
        CHECK(status == STATUS_OK && reads[i].count < KEYS_MAX);
    }
    snprintf(why, size, "partition %d: %zu values for %zu", (int)partition, reads[0].count, reads[1].count);
    if (reads[0].count != reads[1].count || !text_equal(reads[0].ret_offsets, reads[1].ret_offsets))
        return false;
    for (size_t i = 0; i < reads[0].count; i++) {
        snprintf(why, size, "partition %d, key %02x%02x: %zu bytes for %zu", (int)partition, keys[0][i].bytes[0],
            keys[0][i].bytes[1], values[0][i].length, values[1][i].length);
        if (memcmp(&keys[0][i], &keys[1][i], sizeof keys[0][i]) != 0 || !text_equal(values[0][i], values[1][i]))
            return false;
    }
    return true;
}

bool sim_place_equals(
    const struct sim_place *place, const struct store *other, int32_t partition_count, char *why, size_t size)
{
    struct store *readable = (struct store *)(uintptr_t)other;
    for (int32_t p = 0; p < partition_count; p++)
        if (!partition_equals(place, readable, p, why, size))
            return false;
    return true;
}

/* ---- What happens to it from outside ---- */

void sim_place_keep(struct sim_place *place)
{
    struct store **snapshot = &place->snapshots[sim_roll(place->sim, SIM_SNAPSHOTS)];
    if (place->was_damaged)
        return; /* a second damage while the first is mended stops a partition, as it should */
    if (*snapshot != NULL)
        (*snapshot)->ops->free(*snapshot);
    *snapshot = store_memory_copy(place->now);
    CHECK(*snapshot != NULL);
}

void sim_place_roll_back(struct sim_place *place)
{
    const struct store *snapshot = place->snapshots[sim_roll(place->sim, SIM_SNAPSHOTS)];
    if (snapshot == NULL)
        return;
    sim_say(place->sim, "store     %s is rolled back", place->group->name);
    store_memory_restore(place->now, snapshot);
}

void sim_place_empty(struct sim_place *place)
{
    sim_say(place->sim, "store     %s is emptied", place->group->name);
    store_memory_clear(place->now);
}

static struct text flipped(struct sim *sim, struct text bytes)
{
    struct text copy = sim_copy(sim, bytes);
    char *byte = (char *)(uintptr_t)copy.at + sim_roll(sim, (int)copy.length);
    *byte = (char)(*byte ^ (1 << sim_roll(sim, 8)));
    return copy;
}

/* One bit, or the end is missing. */
static struct text damaged(struct sim *sim, struct text bytes)
{
    return sim_one_in(sim, 2) ? flipped(sim, bytes)
                              : (struct text){ bytes.at, 1 + (size_t)sim_roll(sim, (int)bytes.length - 1) };
}

void sim_place_damage(struct sim_place *place, int32_t partition)
{
    struct sim *sim = place->sim;
    struct store *now = place->now;
    struct store_key keys[KEYS_MAX], key;
    struct text value;
    struct store_read read = { .partition = partition, .keys = &key, .count = 1, .ret_values = &value };
    size_t count;
    if (place->was_damaged)
        return;
    enum status status = now->ops->scan(now, partition, NULL, KEYS_MAX, keys, &count, NULL);
    if (status == STATUS_OK && count != 0) {
        key = keys[sim_roll(sim, (int)count)];
        status = now->ops->read(now, sim->arena, &read, 1, NULL);
        const struct store_item item = { .key = key, .value = damaged(sim, value) };
        struct store_write write = { partition, read.ret_offsets, read.ret_offsets, &item, 1, STATUS_OK };
        bool is_value = sim_one_in(sim, 2);
        write.count = is_value;
        if (!is_value)
            write.offsets = flipped(sim, read.ret_offsets);
        sim_say(sim, "store     %s of %s/%d damaged", is_value ? "a value" : "the offsets", place->group->name,
            (int)partition);
        if (status == STATUS_OK)
            status = now->ops->write(now, &write, 1, NULL);
        place->was_damaged = true;
    }
    CHECK(status == STATUS_OK);
}

void sim_place_arrive(struct sim_place *place)
{
    struct sim_late_write *late = place->late;
    if (late == NULL)
        return;
    place->late = late->next;
    sim_say(place->sim, "store     a late write arrives");
    execute(place, &late->write);
}

/* ---- A connection ---- */

static struct sim_store *store_of(struct store *store)
{
    return (struct sim_store *)store;
}

/* Whether the call goes through; a good moment for the store to change under a worker that is in the middle of a
 * step. */
static enum status reach(struct sim_store *store, const char *what, struct fault *fault)
{
    struct sim *sim = store->place->sim;
    if (sim_happens(sim, sim->weather.store_upset_between_calls)) {
        if (sim_one_in(sim, 4))
            sim_place_empty(store->place);
        else
            sim_place_roll_back(store->place);
    }
    if (sim_happens(sim, sim->weather.store_answers_late))
        store->process->elapsed_ms += sim_roll(sim, 3000);
    if (!store->process->is_dead && !store->place->is_away && !sim_happens(sim, sim->weather.store_refuses))
        return STATUS_OK;
    sim_say(sim, "%s   %s: the store does not answer", store->process->name, what);
    return fault_set(fault, STATUS_STORE_UNREACHABLE, what, "no answer");
}

static enum status sim_read(
    struct store *base, struct arena *arena, struct store_read *reads, size_t count, struct fault *fault)
{
    struct sim_store *store = store_of(base);
    enum status status = reach(store, "store.read", fault);
    struct store *now = store->place->now;
    return status == STATUS_OK ? now->ops->read(now, arena, reads, count, fault) : status;
}

static enum status sim_scan(struct store *base, int32_t partition, const struct store_key *after, size_t limit,
    struct store_key *ret_keys, size_t *ret_count, struct fault *fault)
{
    struct sim_store *store = store_of(base);
    enum status status = reach(store, "store.scan", fault);
    struct store *now = store->place->now;
    return status == STATUS_OK ? now->ops->scan(now, partition, after, limit, ret_keys, ret_count, fault) : status;
}

static enum status sim_ping(struct store *base, struct fault *fault)
{
    return reach(store_of(base), "store.ping", fault);
}

static void send_late(struct sim_place *place, const struct store_write *write)
{
    struct sim *sim = place->sim;
    struct sim_late_write *late = SIM_NEW(sim, struct sim_late_write), **last = &place->late;
    struct store_item *items = sim_take(sim, (write->count + 1) * sizeof *items);
    for (size_t i = 0; i < write->count; i++) {
        items[i] = write->items[i];
        items[i].value = sim_copy(sim, write->items[i].value);
    }
    late->write = *write;
    late->write.items = items;
    late->write.expected_offsets = sim_copy(sim, write->expected_offsets);
    late->write.offsets = sim_copy(sim, write->offsets);
    while (*last != NULL)
        last = &(*last)->next;
    *last = late;
}

/* What becomes of the partitions of a write: the first so many are written; the others are not, or come late. */
static size_t write_some(struct sim_store *store, struct store_write *writes, size_t count)
{
    struct sim_place *place = store->place;
    struct sim *sim = place->sim;
    const struct sim_weather *weather = &sim->weather;
    size_t done = count;
    bool is_late = sim_happens(sim, weather->write_comes_late);
    if (sim_happens(sim, weather->dies_in_write))
        store->process->is_dead = true;
    if (is_late || store->process->is_dead || sim_happens(sim, weather->write_partly))
        done = (size_t)sim_roll(sim, (int)count + 1);
    for (size_t i = 0; i < done; i++)
        execute(place, &writes[i]);
    for (size_t i = done; i < count && is_late; i++)
        send_late(place, &writes[i]);
    return done;
}

static enum status sim_write(struct store *base, struct store_write *writes, size_t count, struct fault *fault)
{
    struct sim_store *store = store_of(base);
    struct sim *sim = store->place->sim;
    enum status status = reach(store, "store.write", fault);
    if (status != STATUS_OK)
        return status;
    bool is_done = write_some(store, writes, count) == count && !store->process->is_dead;
    if (is_done && !sim_happens(sim, sim->weather.write_answer_lost))
        return STATUS_OK;
    sim_say(sim, "%s   its write failed, or nobody knows", store->process->name);
    return fault_set(fault, STATUS_STORE_UNREACHABLE, "store.write", "no answer");
}

static void sim_store_free(struct store *store)
{
    (void)store; /* in the run's arena */
}

struct store *sim_store_new(struct sim_place *place, struct sim_process *process)
{
    static const struct store_ops ops = {
        .read = sim_read, .write = sim_write, .scan = sim_scan, .ping = sim_ping, .free = sim_store_free
    };
    struct sim_store *store = SIM_NEW(place->sim, struct sim_store);
    *store = (struct sim_store){ .store.ops = &ops, .place = place, .process = process };
    return &store->store;
}
