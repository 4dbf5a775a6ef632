/* Closing months and a year for many persons, over memory: in batches, with the worker dying between any two calls,
 * with the store lost in the middle, and rebuilt from the log with its topics in other orders. */
#include "consumers/engine.h"
#include "consumers/log_memory.h"
#include "consumers/logline.h"
#include "consumers/person_id.h"
#include "consumers/stage_person.h"
#include "policy/pack_load.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"
#include "state/store_memory.h"
#include "tests/integration/engine/faulty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include <cmocka.h>

enum { PARTITIONS = 2, PERSONS = 1300, TURNS_MAX = 100000 };
#define REGION "140425"
#define ID_SIZE (PERSON_ID_LENGTH + 1)
#define RECORDED_AT 1675000000 /* 2023-01-29 */

static struct policy_packs packs;
static struct arena *pack_arena;

static struct {
    struct memory_broker *broker;
    struct store *store;
    struct stage *stage;
    struct log *log;
    struct faulty faulty;
    struct engine *engine;
    struct arena *arena;
    int64_t now_ms;
    size_t batch_records_max;
} world;

/* ---- A worker that may die ---- */

static int64_t elapsed_ms(void *context)
{
    (void)context;
    return ++world.now_ms;
}

static instant now(void *context)
{
    (void)context;
    return (instant){ 1700000000, 0 };
}

static void start_worker(void)
{
    const struct engine_config config = { .name = "person",
        .arena_bytes = (size_t)256 << 20,
        .batch_records_max = world.batch_records_max,
        .gather_ms = 1,
        .clock = { now, elapsed_ms, NULL } };
    world.log = log_memory_new(world.broker, stage_person_topics);
    faulty_init(&world.faulty, world.log, world.store);
    assert_int_equal(
        engine_new(&config, &world.faulty.log, &world.faulty.store, world.stage, &world.engine, NULL), STATUS_OK);
}

static void kill_worker(void)
{
    engine_free(world.engine);
    world.log->ops->close(world.log);
}

static void begin(void)
{
    const struct stage_person_config config = { .context = { &packs } };
    world.broker = memory_broker_new(PARTITIONS);
    world.store = store_memory_new();
    world.stage = stage_person_new(&config);
    world.arena = arena_new((size_t)1 << 30);
    world.batch_records_max = 400;
    start_worker();
}

static void end(void)
{
    kill_worker();
    memory_broker_free(world.broker);
    world.store->ops->free(world.store);
    world.stage->ops->free(world.stage);
    arena_free(world.arena);
}

static bool all_committed(void)
{
    for (const char *const *topic = stage_person_topics; *topic != NULL; topic++)
        for (int32_t p = 0; p < PARTITIONS; p++) {
            int64_t last = memory_broker_end(world.broker, *topic, p);
            while (last > 0 && memory_broker_record(world.broker, *topic, p, last - 1) == NULL)
                last--;
            if (last > 0 && memory_broker_committed(world.broker, *topic, p) < last)
                return false;
        }
    return true;
}

/* Turns until nothing is left to do, or the worker has died, or so many turns are over. */
static void run(int turns)
{
    struct engine_health health;
    for (int turn = 0; turn < turns; turn++) {
        struct fault fault = { .status = STATUS_OK };
        enum status status = engine_turn(world.engine, &fault);
        if (world.faulty.has_crashed)
            return;
        engine_health(world.engine, &health);
        if (status_class(status) == STATUS_CLASS_STOP || health.partitions_stopped > 0)
            fail_msg("%s: %s %s", status_name(status), health.cause, fault.text);
        if (status == STATUS_AGAIN && health.state == ENGINE_LIVE && all_committed())
            return;
    }
    assert_true(turns < TURNS_MAX);
}

/* ---- What is sent ---- */

static char *person(int n)
{
    struct day_parts born = day_parts(day_add(day_of(1950, 1, 1), n));
    char digits[64], *id = arena_take(world.arena, ID_SIZE);
    snprintf(digits, sizeof digits, REGION "%04d%02d%02d%03d", born.year, born.month, born.day, 1);
    memcpy(id, digits, PERSON_ID_LENGTH - 1);
    id[PERSON_ID_LENGTH - 1] = person_id_check(digits);
    return id;
}

static void append(const char *topic, const ProtobufCMessage *message, struct log_output record, int64_t at)
{
    assert_int_equal(wire_pack(message, world.arena, &record.value), STATUS_OK);
    record.topic = topic;
    memory_broker_append(world.broker, &record, (instant){ at, 0 });
}

static Google__Protobuf__Timestamp *time_at(int64_t seconds)
{
    Google__Protobuf__Timestamp *time = ARENA_NEW(world.arena, Google__Protobuf__Timestamp);
    google__protobuf__timestamp__init(time);
    time->seconds = seconds;
    return time;
}

static void grant(int n, int64_t at)
{
    Settled__V1__IdentityChange wire = SETTLED__V1__IDENTITY_CHANGE__INIT;
    wire.event_id = wire.source = wire.name = (char *)(uintptr_t) "civil";
    wire.recorded_at = time_at(RECORDED_AT);
    wire.region = (char *)(uintptr_t)REGION;
    wire.person_id = person(n);
    wire.category = SETTLED__V1__IDENTITY_CHANGE__CATEGORY__SUBSISTENCE_ALLOWANCE;
    wire.action = SETTLED__V1__IDENTITY_CHANGE__ACTION__GRANT;
    wire.effective_on = (char *)(uintptr_t) "2023-01-07";
    append("identity-change", &wire.base, (struct log_output){ .partition = -1, .key = text_of(wire.person_id) }, at);
}

/* A chronic visit of class 2, for which the year's end pays: out of the catalogue so much that every other person is
 * above the threshold. */
static void visit(int n, int64_t at)
{
    Settled__V1__Discharge wire = SETTLED__V1__DISCHARGE__INIT;
    Settled__V1__Institution institution = SETTLED__V1__INSTITUTION__INIT;
    Settled__V1__Costs costs = SETTLED__V1__COSTS__INIT;
    wire.event_id = wire.source = wire.name = wire.encounter_id = (char *)(uintptr_t) "E1";
    wire.version = 1;
    wire.recorded_at = time_at(RECORDED_AT);
    wire.discharged_at = time_at(RECORDED_AT - 86400);
    wire.region = institution.region = (char *)(uintptr_t)REGION;
    wire.person_id = person(n);
    wire.care = SETTLED__V1__DISCHARGE__CARE__CHRONIC;
    wire.chronic_class = 2;
    institution.code = institution.name = (char *)(uintptr_t) "H";
    institution.designated = true;
    wire.institution = &institution;
    costs.in_policy_fen = 10000;
    costs.out_of_catalogue_fen = n % 2 == 0 ? 700000 : 1000;
    costs.total_fen = costs.in_policy_fen + costs.out_of_catalogue_fen;
    wire.costs = &costs;
    append("discharge", &wire.base, (struct log_output){ .partition = -1, .key = text_of(wire.person_id) }, at);
}

static void persons(int from, int to, int64_t at)
{
    for (int n = from; n < to; n++) {
        grant(n, at);
        visit(n, at);
    }
}

static void close_period(const char *period, const char *closed_on, int64_t at)
{
    Settled__V1__PeriodClose wire = SETTLED__V1__PERIOD_CLOSE__INIT;
    wire.event_id = wire.period = (char *)(uintptr_t)period;
    wire.recorded_at = time_at(RECORDED_AT);
    wire.region = (char *)(uintptr_t)REGION;
    wire.closed_on = (char *)(uintptr_t)closed_on;
    for (int32_t p = 0; p < PARTITIONS; p++)
        append("period-close", &wire.base, (struct log_output){ .partition = p, .key = TEXT(REGION) }, at);
}

/* ---- What comes out ---- */

/* Counted for each person; nobody may have any of them twice. */
struct outcome {
    struct {
        uint8_t crossed, january, february, year_end, overdue;
        bool is_new_in_january, is_new_in_february;
    } of[PERSONS];
    int64_t listed[2], told[2]; /* MONTHLY records and what LIST_END says, January and February */
    int ends[2];
};

static int number_of(const char *id)
{
    day born;
    char text[] = { id[6], id[7], id[8], id[9], '-', id[10], id[11], '-', id[12], id[13], '\0' };
    assert_true(day_parse(text, 10, &born));
    return born.n - day_of(1950, 1, 1).n;
}

static void take_warning(struct outcome *outcome, const Settled__V1__Warning *warning)
{
    int month = strcmp(warning->period, "2023-02") == 0;
    if (warning->kind == SETTLED__V1__WARNING__KIND__LIST_END) {
        outcome->ends[month]++;
        outcome->told[month] += warning->count;
        return;
    }
    int n = number_of(warning->person_id);
    if (warning->kind == SETTLED__V1__WARNING__KIND__CROSSED)
        outcome->of[n].crossed++;
    else if (warning->kind == SETTLED__V1__WARNING__KIND__REPLY_OVERDUE)
        outcome->of[n].overdue++;
    else if (warning->kind == SETTLED__V1__WARNING__KIND__MONTHLY) {
        outcome->listed[month]++;
        *(month == 0 ? &outcome->of[n].january : &outcome->of[n].february) += 1;
        *(month == 0 ? &outcome->of[n].is_new_in_january : &outcome->of[n].is_new_in_february) =
            warning->new_this_month;
    }
}

static void take_record(struct outcome *outcome, const char *topic, struct text value)
{
    const ProtobufCMessage *message;
    bool is_warning = strcmp(topic, "warning") == 0;
    assert_int_equal(wire_unpack(is_warning ? &settled__v1__warning__descriptor : &settled__v1__settlement__descriptor,
                         world.arena, value, &message, NULL),
        STATUS_OK);
    const Settled__V1__Settlement *settlement = (const Settled__V1__Settlement *)message;
    if (is_warning)
        take_warning(outcome, (const Settled__V1__Warning *)message);
    else if (settlement->subject == SETTLED__V1__SETTLEMENT__SUBJECT__YEAR_END
        && settlement->kind == SETTLED__V1__SETTLEMENT__KIND__ORIGINAL)
        outcome->of[number_of(settlement->person_id)].year_end++;
}

static struct outcome outcome_now(void)
{
    struct outcome outcome = { 0 };
    static const char *const topics[] = { "warning", "settlement" };
    for (size_t t = 0; t < COUNT_OF(topics); t++)
        for (int32_t p = 0; p < PARTITIONS; p++)
            for (int64_t offset = 0; offset < memory_broker_end(world.broker, topics[t], p); offset++) {
                const struct log_output *record = memory_broker_record(world.broker, topics[t], p, offset);
                size_t mark = arena_mark(world.arena);
                if (record != NULL)
                    take_record(&outcome, topics[t], record->value);
                arena_rewind(world.arena, mark);
            }
    for (int32_t p = 0; p < PARTITIONS; p++)
        assert_int_equal(memory_broker_end(world.broker, "rejection", p), 0);
    return outcome;
}

/* Whoever is even is above the threshold. Nobody stands twice, nobody is missing, and the ends count right. */
static void as_it_must_be(const struct outcome *outcome)
{
    for (int n = 0; n < PERSONS; n++) {
        int above = n % 2 == 0;
        if (outcome->of[n].crossed != above || outcome->of[n].january != above || outcome->of[n].february != above
            || outcome->of[n].overdue != above || outcome->of[n].year_end != 1)
            fail_msg("person %d: crossed %d, january %d, february %d, overdue %d, year's end %d", n,
                outcome->of[n].crossed, outcome->of[n].january, outcome->of[n].february, outcome->of[n].overdue,
                outcome->of[n].year_end);
        assert_int_equal(outcome->of[n].is_new_in_january, above);
        assert_false(outcome->of[n].is_new_in_february);
    }
    for (int month = 0; month < 2; month++) {
        assert_int_equal(outcome->ends[month], PARTITIONS);
        assert_int_equal(outcome->told[month], outcome->listed[month]);
        assert_int_equal(outcome->listed[month], PERSONS / 2);
    }
}

/* A sum over all that the store holds, in any order. */
static uint64_t contents(void)
{
    uint64_t sum = 0;
    for (int32_t p = 0; p < PARTITIONS; p++) {
        struct store_key keys[256] = { 0 };
        size_t count = COUNT_OF(keys);
        for (bool is_first = true; count == COUNT_OF(keys); is_first = false) {
            struct store_key after = keys[COUNT_OF(keys) - 1];
            assert_int_equal(
                world.store->ops->scan(world.store, p, is_first ? NULL : &after, COUNT_OF(keys), keys, &count, NULL),
                STATUS_OK);
            for (size_t i = 0; i < count; i++) {
                struct text value;
                struct store_read read = { .partition = p, .keys = &keys[i], .count = 1, .ret_values = &value };
                size_t mark = arena_mark(world.arena);
                assert_int_equal(world.store->ops->read(world.store, world.arena, &read, 1, NULL), STATUS_OK);
                sum += XXH3_64bits_withSeed(value.at, value.length, XXH3_64bits(&keys[i], sizeof keys[i]));
                arena_rewind(world.arena, mark);
            }
        }
    }
    return sum;
}

/* ---- The tests ---- */

static void all_closes(int64_t at)
{
    close_period("2023-01", "2023-02-10", at);
    close_period("2023-01", "2023-02-11", at);
    close_period("2023", "2024-01-01", at);
    close_period("2023-02", "2023-03-01", at);
}

static void lives_through(enum faulty_kind kind, long at, bool *ret_fired)
{
    begin();
    persons(0, PERSONS, 100);
    run(TURNS_MAX);
    all_closes(200);
    world.faulty.kind = kind;
    world.faulty.at = at;
    run(TURNS_MAX);
    *ret_fired = world.faulty.has_fired;
    if (world.faulty.has_crashed) {
        kill_worker();
        start_worker();
        run(TURNS_MAX);
    }
    struct outcome outcome = outcome_now();
    as_it_must_be(&outcome);
    end();
}

static void a_worker_may_die_at_any_call(void **state)
{
    (void)state;
    static const enum faulty_kind kinds[] = { FAULTY_NOT, FAULTY_CRASH_BEFORE, FAULTY_CRASH_AFTER, FAULTY_AFTER };
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        bool has_fired = false;
        long at = (long)kind;
        do {
            lives_through(kinds[kind], at, &has_fired);
            at += 41;
        } while (has_fired);
        print_message("kind %zu: %ld calls\n", kind, at);
    }
}

/* The store forgets everything after so many turns of the closing. `closes_at` above 100 and the topics are read in
 * the order in which they were written; below, a rebuild reads all closings before the first person. */
static void store_lost_after(int turns, int64_t closes_at)
{
    begin();
    persons(0, PERSONS, 100);
    run(TURNS_MAX);
    all_closes(closes_at);
    run(turns);
    kill_worker();
    store_memory_clear(world.store);
    world.batch_records_max = 150;
    start_worker();
    run(TURNS_MAX);
    struct outcome outcome = outcome_now();
    as_it_must_be(&outcome);
    end();
}

static void the_store_may_be_lost_at_any_time(void **state)
{
    (void)state;
    for (int turns = 0; turns < 20; turns++) {
        store_lost_after(turns, 200);
        store_lost_after(turns, 10);
    }
}

/* The same log, read in another order, ends in the same bytes; and nothing is told again. */
static void rebuilt_is_the_same(void)
{
    uint64_t before = contents();
    struct outcome told = outcome_now();
    kill_worker();
    store_memory_clear(world.store);
    world.batch_records_max = 90;
    start_worker();
    run(TURNS_MAX);
    struct outcome again = outcome_now();
    assert_memory_equal(&told, &again, sizeof told);
    assert_true(contents() == before);
}

static void a_rebuild_ends_in_the_same_bytes(void **state)
{
    (void)state;
    static const int64_t closes_at[] = { 200, 10 };
    for (size_t i = 0; i < COUNT_OF(closes_at); i++) {
        begin();
        persons(0, PERSONS, 100);
        run(TURNS_MAX);
        all_closes(closes_at[i]);
        run(TURNS_MAX);
        rebuilt_is_the_same();
        end();
    }
}

/* Closed when hardly anybody was there; a rebuild meets them all before the first batch, and they crossed later. */
static void persons_may_come_after_the_close(void **state)
{
    (void)state;
    begin();
    persons(0, 10, 50);
    run(TURNS_MAX);
    all_closes(200);
    run(TURNS_MAX);
    persons(10, PERSONS, 100);
    run(TURNS_MAX);
    struct outcome outcome = outcome_now();
    assert_int_equal(outcome.listed[0], 5);
    assert_int_equal(outcome.told[0], 5);
    for (int n = 0; n < PERSONS; n++)
        assert_int_equal(outcome.of[n].year_end, 1);
    rebuilt_is_the_same();
    end();
}

static void a_close_may_come_to_one_partition_only(void **state)
{
    (void)state;
    begin();
    persons(0, PERSONS, 100);
    run(TURNS_MAX);
    Settled__V1__PeriodClose wire = SETTLED__V1__PERIOD_CLOSE__INIT;
    wire.event_id = wire.period = (char *)(uintptr_t) "2023-01";
    wire.recorded_at = time_at(RECORDED_AT);
    wire.region = (char *)(uintptr_t)REGION;
    append("period-close", &wire.base, (struct log_output){ .partition = 1, .key = TEXT(REGION) }, 200);
    run(TURNS_MAX);
    struct outcome outcome = outcome_now();
    assert_int_equal(outcome.ends[0], 1);
    assert_true(outcome.listed[0] > 0 && outcome.listed[0] < PERSONS / 2);
    all_closes(300);
    run(TURNS_MAX);
    outcome = outcome_now();
    as_it_must_be(&outcome);
    end();
}

static int load(void **state)
{
    static struct pack_report report;
    (void)state;
    logline_set_least(LOGLINE_ERROR + 1);
    pack_arena = arena_new(PACK_ARENA_BYTES);
    return policy_packs_load(SETTLED_SOURCE_DIR "/policy/packs/pingshun", pack_arena, &report, &packs) == STATUS_OK
        ? 0
        : -1;
}

static int unload(void **state)
{
    (void)state;
    arena_free(pack_arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_may_die_at_any_call),
        cmocka_unit_test(the_store_may_be_lost_at_any_time),
        cmocka_unit_test(a_rebuild_ends_in_the_same_bytes),
        cmocka_unit_test(persons_may_come_after_the_close),
        cmocka_unit_test(a_close_may_come_to_one_partition_only),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
