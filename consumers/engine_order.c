/* Between the log and the batch: a room in which records wait for their turn.
 *
 * A log gives each topic of a partition in its own order, and the topics in chunks, side by side: after a pause a
 * discharge may come long before the admission that was sent a week earlier. Any order ends in the same money, but on
 * the way a patient would be told "pending" and a department be warned for nothing. So a batch takes of each partition
 * the oldest of the topics' first records, again and again, and every topic in its own order: any prefix of it is a
 * position. */
#include "consumers/engine_state.h"

#include <stdlib.h>

/* A topic that is neither here nor at its end is waited for so long, then no more: its broker may be away. Fetches of a
 * second were seen on a busy machine. */
#define PATIENCE_MS 5000
/* So many records are taken of one partition before the others are looked at again. */
#define RUN_RECORDS 32
/* The room holds so many batches: chunks of all topics of all partitions should meet in it. */
#define ROOM_BATCHES 4

bool engine_room_open(struct engine *engine)
{
    engine->room_size = ROOM_BATCHES * engine->config.batch_records_max;
    engine->room = calloc(engine->room_size + 1, sizeof *engine->room); /* number 0 is nobody */
    return engine->room != NULL;
}

bool engine_room_is_full(const struct engine *engine)
{
    return engine->room_count == engine->room_size;
}

/* Places that were given back come first, so that a room never filled takes little memory. */
static uint32_t free_place(struct engine *engine)
{
    uint32_t place = engine->room_free;
    if (place == 0)
        return ++engine->room_used;
    engine->room_free = engine->room[place].next;
    return place;
}

void engine_room_put(struct engine *engine, struct partition *partition, const struct log_record *record)
{
    struct line *line = &partition->lines[record->topic];
    CHECK(!engine_room_is_full(engine));
    uint32_t place = free_place(engine);
    engine->room[place] = (struct waiting){ *record, 0 };
    if (line->first == 0)
        line->first = place;
    else
        engine->room[line->last].next = place;
    line->last = place;
    engine->room_count++;
    partition->held++;
    partition->is_at_end[record->topic] = false;
}

static struct log_record take_first(struct engine *engine, struct line *line)
{
    uint32_t place = line->first;
    struct log_record record = engine->room[place].record;
    line->first = engine->room[place].next;
    engine->room[place].next = engine->room_free;
    engine->room_free = place;
    engine->room_count--;
    return record;
}

static void empty_line(struct engine *engine, struct partition *partition, struct line *line)
{
    while (line->first != 0) {
        struct log_record record = take_first(engine, line);
        partition->held--;
        engine->log->ops->release(engine->log, &record);
    }
}

void engine_room_empty(struct engine *engine)
{
    for (size_t i = 0; i < engine->partition_count; i++)
        for (int topic = 0; topic < engine->topic_count; topic++)
            empty_line(engine, &engine->partitions[i], &engine->partitions[i].lines[topic]);
}

/* ---- Being in step ---- */

void engine_order_begin(struct engine *engine, struct partition *partition)
{
    for (int topic = 0; topic < engine->topic_count; topic++)
        partition->is_at_end[topic] = false;
    partition->is_in_step = false;
    partition->blocked_since_ms = 0;
}

void engine_order_note_end(struct engine *engine, struct partition *partition, int topic)
{
    partition->is_at_end[topic] = true;
    for (int other = 0; other < engine->topic_count; other++)
        if (!partition->is_at_end[other])
            return;
    partition->is_in_step = true;
}

/* Behind on a backlog, the next record of an empty topic may be older than all that is here. Once all topics have been
 * at their ends together nobody waits for anybody: what comes later is not old. A replay has been told already, in its
 * order. */
static bool may_be_older(const struct partition *partition, int topic)
{
    return partition->is_live && !partition->is_stopped && !partition->is_in_step && !partition->is_at_end[topic];
}

/* ---- Taking turns ---- */

static instant time_of_first(const struct engine *engine, const struct partition *partition, int topic)
{
    return engine->room[partition->lines[topic].first].record.appended_at;
}

/* Whose first record is the oldest; at the same time the order of the stage's topics counts. -1: nothing waits, or it
 * waits for another topic, if that matters. */
static int next_topic(const struct engine *engine, const struct partition *partition, bool matters)
{
    int oldest = -1;
    for (int topic = 0; topic < engine->topic_count; topic++) {
        if (partition->lines[topic].first == 0) {
            if (matters && may_be_older(partition, topic))
                return -1;
            continue;
        }
        if (oldest < 0
            || instant_cmp(time_of_first(engine, partition, topic), time_of_first(engine, partition, oldest)) < 0)
            oldest = topic;
    }
    return oldest;
}

static struct partition *next_partition(const struct engine *engine, bool matters)
{
    struct partition *oldest = NULL;
    instant oldest_at = { 0, 0 };
    for (size_t i = 0; i < engine->partition_count; i++) {
        struct partition *partition = &engine->partitions[i];
        int topic = next_topic(engine, partition, matters);
        if (topic < 0 || (oldest != NULL && instant_cmp(time_of_first(engine, partition, topic), oldest_at) >= 0))
            continue;
        oldest = partition;
        oldest_at = time_of_first(engine, partition, topic);
    }
    return oldest;
}

static bool take_run(struct engine *engine, bool matters)
{
    struct partition *partition = next_partition(engine, matters);
    int topic = partition == NULL ? -1 : next_topic(engine, partition, matters);
    for (int taken = 0; topic >= 0 && taken < RUN_RECORDS && engine->held_count < engine->batch_limit; taken++) {
        struct log_record record = take_first(engine, &partition->lines[topic]);
        engine_hold(engine, &record);
        partition->blocked_since_ms = 0;
        topic = next_topic(engine, partition, matters);
    }
    return partition != NULL;
}

static void fill(struct engine *engine, bool matters)
{
    while (engine->held_count < engine->batch_limit && take_run(engine, matters))
        continue;
}

static void watch_patience(struct engine *engine, struct partition *partition)
{
    bool is_blocked = next_topic(engine, partition, true) < 0 && next_topic(engine, partition, false) >= 0;
    int64_t now = is_blocked ? engine_elapsed_ms(engine) : 0;
    if (!is_blocked)
        partition->blocked_since_ms = 0;
    else if (partition->blocked_since_ms == 0)
        partition->blocked_since_ms = now;
    else if (now - partition->blocked_since_ms > PATIENCE_MS)
        partition->is_in_step = true;
}

void engine_line_up(struct engine *engine)
{
    bool was_full = engine_room_is_full(engine);
    fill(engine, true);
    if (was_full)
        fill(engine, false); /* no room to wait for anybody; small batches would be all commit */
    for (size_t i = 0; i < engine->partition_count; i++)
        watch_patience(engine, &engine->partitions[i]);
}
