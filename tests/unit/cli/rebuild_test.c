#include "cli/rebuild_compare.h"
#include "consumers/engine_offsets.h"
#include "consumers/log_until.h"
#include "tests/unit/consumers/engine_world.h"

/* ---- A log that reads one partition of the broker, and belongs to no group ---- */

struct reader {
    struct log log;
    struct memory_broker *broker;
    int32_t partition;
    bool is_told;
    int64_t next[TOY_TOPIC_COUNT];
    bool end_was_said[TOY_TOPIC_COUNT];
    int turn;
};

static struct reader *reader_of(struct log *log)
{
    return (struct reader *)log;
}

static void fill(const struct reader *reader, int topic, int64_t offset, struct log_event *ret_event)
{
    const struct log_output *stored =
        memory_broker_record(reader->broker, toy_topics[topic], reader->partition, offset);
    if (stored == NULL)
        return; /* a transaction marker */
    ret_event->kind = LOG_RECORD;
    ret_event->record = (struct log_record){ .topic = topic,
        .partition = reader->partition,
        .offset = offset,
        .appended_at = { 1, 0 },
        .key = stored->key,
        .value = stored->value,
        .has_value = true };
}

static enum status reader_poll(struct log *log, int wait_ms, struct log_event *ret_event, struct fault *fault)
{
    (void)wait_ms, (void)fault;
    struct reader *reader = reader_of(log);
    *ret_event = (struct log_event){ .kind = LOG_NOTHING };
    if (!reader->is_told) {
        reader->is_told = true;
        *ret_event = (struct log_event){ .kind = LOG_ASSIGNED, .partitions = &reader->partition, .partition_count = 1 };
        return STATUS_OK;
    }
    int topic = reader->turn++ % TOY_TOPIC_COUNT;
    int64_t end = memory_broker_end(reader->broker, toy_topics[topic], reader->partition);
    if (reader->next[topic] >= 0 && reader->next[topic] < end) {
        reader->end_was_said[topic] = false;
        fill(reader, topic, reader->next[topic]++, ret_event);
    } else if (reader->next[topic] >= 0 && !reader->end_was_said[topic]) {
        reader->end_was_said[topic] = true;
        ret_event->kind = LOG_END;
        ret_event->position = (struct log_position){ topic, reader->partition, reader->next[topic] };
    }
    return STATUS_OK;
}

static void reader_release(struct log *log, struct log_record *record)
{
    (void)log, (void)record;
}

static enum status reader_start(
    struct log *log, const struct log_position *positions, size_t count, struct fault *fault)
{
    (void)fault;
    for (int topic = 0; topic < TOY_TOPIC_COUNT; topic++)
        reader_of(log)->next[topic] = -1;
    for (size_t i = 0; i < count; i++) {
        reader_of(log)->next[positions[i].topic] = positions[i].offset;
        reader_of(log)->end_was_said[positions[i].topic] = false;
    }
    return STATUS_OK;
}

static void reader_stop(struct log *log)
{
    assert_int_equal(reader_start(log, NULL, 0, NULL), STATUS_OK);
}

static enum status reader_committed(struct log *log, struct log_position *positions, size_t count, struct fault *fault)
{
    (void)fault;
    for (size_t i = 0; i < count; i++)
        positions[i].offset =
            memory_broker_committed(reader_of(log)->broker, toy_topics[positions[i].topic], positions[i].partition);
    return STATUS_OK;
}

static void reader_close(struct log *log)
{
    free(log);
}

static struct log *reader_new(struct memory_broker *broker, int32_t partition)
{
    static const struct log_ops ops = { .poll = reader_poll,
        .release = reader_release,
        .start = reader_start,
        .stop = reader_stop,
        .committed = reader_committed,
        .close = reader_close };
    struct reader *reader = calloc(1, sizeof *reader);
    assert_non_null(reader);
    *reader = (struct reader){ .log.ops = &ops, .broker = broker, .partition = partition };
    assert_int_equal(reader_start(&reader->log, NULL, 0, NULL), STATUS_OK);
    return &reader->log;
}

/* ---- A toy county, live under one member, of which one partition is built again beside it ---- */

struct stand {
    struct world world;
    struct member member;
    struct engine_config config;
    struct store *built;
    struct rebuild *rebuild;
    struct rebuild_comparison comparison;
};

static void begin(struct stand *stand, int32_t partition)
{
    *stand = (struct stand){ .comparison = { .compared = 0 } };
    world_begin(&stand->world);
    stand->config = world_config(&stand->world);
    member_begin(&stand->member, &stand->world, &stand->config);
    feed_some(&stand->world, 150);
    run(&stand->member);
    stand->built = store_memory_new();
    const struct rebuild_parts parts = { .config = stand->config,
        .partition = partition,
        .log = reader_new(stand->world.broker, partition),
        .store = stand->built,
        .stage = stand->world.stage };
    assert_int_equal(rebuild_new(&parts, &stand->rebuild, NULL), STATUS_OK);
}

static void end(struct stand *stand)
{
    rebuild_free(stand->rebuild);
    stand->built->ops->free(stand->built);
    member_end(&stand->member);
    world_end(&stand->world);
}

static enum status compare(struct stand *stand, int32_t partition)
{
    const struct rebuild_sides sides = { stand->world.store, stand->built, stand->rebuild, partition, 0 };
    struct fault fault;
    return rebuild_compare(&sides, &stand->comparison, &fault);
}

static struct text offsets_of(struct store *store, struct arena *arena, int32_t partition)
{
    struct store_read read = { .partition = partition };
    assert_int_equal(store->ops->read(store, arena, &read, 1, NULL), STATUS_OK);
    return read.ret_offsets;
}

static void set_value(struct store *store, int32_t partition, const struct store_key *key, struct text value)
{
    struct arena *arena = arena_new(1 << 16);
    struct text offsets = offsets_of(store, arena, partition);
    const struct store_item item = { .key = *key, .value = value };
    struct store_write write = {
        .partition = partition, .expected_offsets = offsets, .offsets = offsets, .items = &item, .count = 1
    };
    assert_int_equal(store->ops->write(store, &write, 1, NULL), STATUS_OK);
    arena_free(arena);
}

/* To the committed offsets and no further, without an output and without a commit. */
static void test_an_empty_store_is_filled(void **state)
{
    (void)state;
    for (int32_t partition = 0; partition < PARTITIONS; partition++) {
        struct stand stand;
        begin(&stand, partition);
        int64_t sums = memory_broker_end(stand.world.broker, "sum", 0);
        feed_some(&stand.world, 50); /* not committed: not read */
        assert_int_equal(rebuild_to_committed(stand.rebuild, NULL), STATUS_OK);
        assert_int_equal(memory_broker_end(stand.world.broker, "sum", 0), sums);
        assert_int_equal(compare(&stand, partition), STATUS_OK);
        assert_int_equal(stand.comparison.differing, 0);
        struct arena *arena = arena_new(1 << 16);
        assert_true(
            text_equal(offsets_of(stand.world.store, arena, partition), offsets_of(stand.built, arena, partition)));
        arena_free(arena);
        assert_true(rebuild_records(stand.rebuild) > 20);
        end(&stand);
    }
}

/* At any moment of a run the two sides agree: each comparison takes the one up to the offsets of the other. */
static void test_beside_a_running_member(void **state)
{
    (void)state;
    struct stand stand;
    begin(&stand, 1);
    for (int round = 0; round < 30; round++) {
        feed_some(&stand.world, 40);
        for (int turn = 0; turn < 3; turn++)
            engine_turn(stand.member.engine, NULL);
        assert_int_equal(compare(&stand, 1), STATUS_OK);
        assert_int_equal(stand.comparison.differing, 0);
        assert_true(stand.comparison.compared > 0);
    }
    end(&stand);
}

static void test_every_difference_is_named(void **state)
{
    (void)state;
    struct stand stand;
    struct store_key keys[3], new_key = { "nobody has this" };
    size_t count = 0;
    begin(&stand, 0);
    struct store *live = stand.world.store;
    assert_int_equal(live->ops->scan(live, 0, NULL, 3, keys, &count, NULL), STATUS_OK);
    assert_int_equal(count, 3);
    set_value(live, 0, &keys[0], TEXT("4711"));
    set_value(live, 0, &keys[1], TEXT_EMPTY);
    set_value(live, 0, &new_key, TEXT("1"));
    assert_int_equal(compare(&stand, 0), STATUS_OK);
    assert_int_equal(stand.comparison.differing, 3);
    for (int i = 0; i < 3; i++) {
        const struct store_key *want = i == 2 ? &new_key : &keys[i];
        bool found = false;
        for (int shown = 0; shown < 3; shown++)
            found |= memcmp(&stand.comparison.shown[shown], want, sizeof *want) == 0;
        assert_true(found);
    }
    end(&stand);
}

/* As a store holds them. */
static struct text credit_offset(int64_t offset, char buffer[ENGINE_OFFSETS_SIZE])
{
    static const char *const topics[] = { "credit", NULL };
    return (struct text){ buffer, engine_offsets_format(topics, &offset, buffer) };
}

static void test_offsets_that_went_back_or_cannot_be_read(void **state)
{
    (void)state;
    struct stand stand;
    struct fault fault;
    char offsets[ENGINE_OFFSETS_SIZE];
    begin(&stand, 0);
    assert_int_equal(rebuild_to_committed(stand.rebuild, NULL), STATUS_OK);
    assert_int_equal(rebuild_to_offsets(stand.rebuild, credit_offset(1, offsets), &fault), STATUS_STORE_MOVED_ON);
    assert_int_equal(rebuild_to_offsets(stand.rebuild, TEXT("credit="), &fault), STATUS_BAD_STATE);
    assert_int_equal(rebuild_to_offsets(stand.rebuild, TEXT("format=9"), &fault), STATUS_NEWER_STATE);
    end(&stand);
}

/* What stops a partition of the processor stops its rebuild, and is said. */
static void test_a_record_that_breaks_an_invariant(void **state)
{
    (void)state;
    struct stand stand;
    struct fault fault;
    begin(&stand, 2);
    struct log_output record = { .topic = "credit", .partition = 2, .key = TEXT("k"), .value = TEXT("break 0") };
    int64_t offset = memory_broker_append(stand.world.broker, &record, (instant){ 1, 0 });
    char offsets[ENGINE_OFFSETS_SIZE];
    assert_int_equal(
        rebuild_to_offsets(stand.rebuild, credit_offset(offset + 1, offsets), &fault), STATUS_INVARIANT_BROKEN);
    assert_string_equal(fault.text, "on purpose");
    end(&stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_store_is_filled),
        cmocka_unit_test(test_beside_a_running_member),
        cmocka_unit_test(test_every_difference_is_named),
        cmocka_unit_test(test_offsets_that_went_back_or_cannot_be_read),
        cmocka_unit_test(test_a_record_that_breaks_an_invariant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
