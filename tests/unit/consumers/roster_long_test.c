/* Lists that take many steps: how long, with how much memory, and what happens when the worker dies in between. */
#include "tests/unit/consumers/roster_world.h"

#include "producers/roster_receipt.h"
#include "state/roster_code.h"

#include <sys/resource.h>
#include <time.h>

static struct world world;

/* Persons [first, first + count) in so many parts; the names of those whose number `spoilt` divides are missing. */
struct long_list {
    struct sent sent;
    int first, count, parts;
    int spoilt;
    const char *attributes; /* of every row */
};

static void send_part(const struct long_list *list, int part)
{
    int from = (int)((long long)list->count * (part - 1) / list->parts);
    int to = (int)((long long)list->count * part / list->parts);
    struct sent sent = list->sent;
    struct sent_row *rows = calloc((size_t)(to - from) + 1, sizeof *rows);
    char(*ids)[ID_SIZE] = calloc((size_t)(to - from) + 1, sizeof *ids);
    assert_true(rows != NULL && ids != NULL);
    for (int i = from; i < to; i++) {
        bool is_spoilt = list->spoilt != 0 && i % list->spoilt == 0;
        rows[i - from] =
            (struct sent_row){ .id = person(list->first + i, ids[i - from]), .name = is_spoilt ? "" : "Zhang" };
        rows[i - from].attributes = list->attributes;
    }
    sent.part = part;
    sent.parts = list->parts;
    sent.rows = rows;
    sent.row_count = (size_t)(to - from);
    size_t mark = arena_mark(world.arena);
    world_send(&world, &sent);
    arena_rewind(world.arena, mark);
    free(ids);
    free(rows);
}

static void send_all(const struct long_list *list)
{
    for (int part = 1; part <= list->parts; part++)
        send_part(list, (part * 37) % list->parts + 1);
}

/* What the store holds. */
struct contents {
    size_t values, bytes, largest;
    uint64_t sum; /* of keys and values, in any order */
};

static void add_value(struct contents *contents, const struct store_key *key, struct text value)
{
    struct roster_digest digest = roster_digest_of(value);
    uint64_t halves[2], part;
    memcpy(halves, digest.bytes, sizeof halves);
    memcpy(&part, key->bytes, sizeof part);
    contents->sum += halves[0] ^ (part * UINT64_C(0x9e3779b97f4a7c15));
    contents->values++;
    contents->bytes += value.length;
    contents->largest = value.length > contents->largest ? value.length : contents->largest;
}

static struct contents store_contents(void)
{
    struct contents contents = { 0 };
    struct arena *arena = arena_new((size_t)1 << 30);
    for (int32_t p = 0; p < world.partitions; p++) {
        struct store_key keys[64], last;
        size_t count = 0;
        bool is_first = true;
        do {
            assert_int_equal(
                world.store->ops->scan(world.store, p, is_first ? NULL : &last, 64, keys, &count, NULL), STATUS_OK);
            for (size_t i = 0; i < count; i++) {
                struct text value;
                struct store_read read = { .partition = p, .keys = &keys[i], .count = 1, .ret_values = &value };
                assert_int_equal(world.store->ops->read(world.store, arena, &read, 1, NULL), STATUS_OK);
                add_value(&contents, &keys[i], value);
                last = keys[i];
            }
            is_first = false;
        } while (count == 64);
    }
    arena_free(arena);
    return contents;
}

static size_t count_lines(const struct lines *lines, const char *beginning)
{
    size_t count = 0;
    for (size_t i = 0; i < lines->count; i++)
        count += strncmp(lines->at[i], beginning, strlen(beginning)) == 0;
    return count;
}

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static int setup(void **state)
{
    (void)state;
    world_begin(&world, 2);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

static void test_a_hundred_thousand_rows_in_a_hundred_parts(void **state)
{
    (void)state;
    struct timespec start;
    struct rusage before, after;
    world_kill_worker(&world);
    /* more than this no batch takes, and the list is refused if one step does not fit */
    world.arena_bytes = (size_t)48 << 20;
    world_start_worker(&world);
    struct long_list list = { .first = 0, .count = 100000, .parts = 100 };
    send_all(&list);
    getrusage(RUSAGE_SELF, &before);
    clock_gettime(CLOCK_MONOTONIC, &start);
    world_run(&world);
    getrusage(RUSAGE_SELF, &after);
    struct contents contents = store_contents();
    print_message(
        "100,000 rows: %.2f s, peak memory %ld MiB before and %ld MiB after, %zu values of %zu bytes, largest %zu\n",
        seconds_since(&start), before.ru_maxrss / 1024, after.ru_maxrss / 1024, contents.values, contents.bytes,
        contents.largest);
    struct lines lines = world_tell(&world);
    assert_int_equal(count_lines(&lines, "GRANT "), 100000);
    assert_int_equal(count_lines(&lines, "R1 TAKEN 100000=100000+0 g100000 r0 u0 1/1"), 1);
    assert_int_equal(lines.count, 100001);
    free(lines.at);
    assert_int_equal(contents.values, 2 + ROSTER_SHARDS); /* head, list, running list: all slices are gone */
    assert_true(contents.largest < 200000);

    struct long_list next = {
        .sent = { .roster_id = "R2", .stated_on = "2023-02-01" }, .first = 500, .count = 100000, .parts = 100
    };
    struct long_list delta = { .sent = { .roster_id = "R3", .stated_on = "2023-02-02", .mode = ROSTER_DELTA },
        .first = 0,
        .count = 300,
        .parts = 1 };
    send_all(&next);
    send_all(&delta);
    world_run(&world);
    lines = world_tell(&world);
    assert_int_equal(count_lines(&lines, "GRANT "), 100300);
    assert_int_equal(count_lines(&lines, "REVOKE "), 500);
    assert_string_equal(lines.at[lines.count - 2], "R2 TAKEN 100000=100000+0 g500 r500 u99500 1/1");
    assert_string_equal(lines.at[lines.count - 1], "R3 TAKEN 300=300+0 g300 r0 u0 1/1");
    free(lines.at);
}

/* How many records a topic has, aborted ones left out. */
static size_t count_records(const char *topic)
{
    size_t count = 0;
    for (int32_t p = 0; p < world.partitions; p++)
        for (int64_t at = 0; at < memory_broker_end(world.broker, topic, p); at++)
            count += memory_broker_record(world.broker, topic, p, at) != NULL;
    return count;
}

/* Changes, facts and entries are counted, not read: there are hundreds of thousands. */
static void pass_over_all_but_receipts(void)
{
    for (size_t topic = 0; topic < COUNT_OF(world_outputs); topic++)
        for (int32_t p = 0; p < world.partitions && strcmp(world_outputs[topic], "roster-receipt") != 0; p++)
            world.told[topic][p] = memory_broker_end(world.broker, world_outputs[topic], p);
}

/* Parts out of order, between those of other lists, and every one twice. */
static void send_mixed(struct long_list *lists, size_t count)
{
    for (int part = 0; part < 2 * lists[0].parts; part++)
        for (size_t i = 0; i < count; i++)
            send_part(&lists[i], (part * 37 + (int)i) % lists[i].parts + 1);
}

static void test_every_kind_at_a_countys_size(void **state)
{
    (void)state;
    enum { ROWS = 100000 };
#define LARGE(name, of_kind, ...)                                                                                      \
    {                                                                                                                  \
        .sent = { .roster_id = (name), .kind = (of_kind), __VA_ARGS__ }, .count = ROWS, .parts = 100                   \
    }
    struct long_list lists[] = {
        LARGE("H", ROSTER_HARDSHIP, .mode = ROSTER_FULL),
        LARGE("U", ROSTER_UNIT, .category = CATEGORY_RETIRED),
        LARGE("C", ROSTER_CONTRIBUTION, .category = NO_CATEGORY),
        LARGE("E", ROSTER_ENROLMENT, .category = NO_CATEGORY),
        LARGE("R", ROSTER_FAMILY, .category = NO_CATEGORY),
        LARGE("F", ROSTER_FUND, .category = NO_CATEGORY),
    };
    char relative[ID_SIZE], family[64];
    snprintf(family, sizeof family, "relation=CHILD relative_id=%s", person(ROWS + 1, relative));
    lists[2].attributes = "scheme=EMPLOYEE period=2023-02 paid_on=2023-02-09 amount_fen=11250";
    lists[3].attributes = "year=2024 premium_fen=38000";
    lists[4].attributes = family;
    lists[5].attributes = "fund=ASSISTANCE source=CENTRAL amount_fen=5 date=2023-01-01";
    world_kill_worker(&world);
    world.arena_bytes = (size_t)48 << 20;
    world_start_worker(&world);
    send_mixed(lists, COUNT_OF(lists));
    world_run(&world);
    assert_int_equal(count_records("identity-change"), 3 * ROWS);
    assert_int_equal(count_records("person-fact"), 2 * ROWS);
    assert_int_equal(count_records("fund-entry"), ROWS);
    assert_true(store_contents().largest < 200000);
    pass_over_all_but_receipts();
    struct lines lines = world_tell(&world);
    assert_int_equal(lines.count, COUNT_OF(lists));
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        char taken[64];
        snprintf(
            taken, sizeof taken, "%s TAKEN 100000=100000+0 g%d r0 u0 1/1", lists[i].sent.roster_id, i < 2 ? ROWS : 0);
        assert_int_equal(count_lines(&lines, taken), 1);
    }
    free(lines.at);
}

static void test_many_refused_rows_take_several_receipts(void **state)
{
    (void)state;
    struct long_list list = { .count = 20000, .parts = 20, .spoilt = 2 };
    send_all(&list);
    world_run(&world);
    struct lines lines = world_tell(&world);
    assert_int_equal(lines.count, 10000 + 3);
    for (int i = 0; i < 3; i++) {
        char beginning[128];
        int first = i * RECEIPT_ROWS_MAX * 2; /* every other row, a thousand rows in a part */
        snprintf(beginning, sizeof beginning,
            "R1 TAKEN 20000=10000+10000 g10000 r0 u0 %d/3, %d.%d MISSING_FIELD name, ", i + 1, first / 1000 + 1,
            first % 1000 + 1);
        assert_true(strncmp(lines.at[10000 + i], beginning, strlen(beginning)) == 0);
    }
    free(lines.at);
    assert_int_equal(store_contents().values, 2 + ROSTER_SHARDS);
}

static void test_a_refused_list_leaves_nothing_but_its_name(void **state)
{
    (void)state;
    struct long_list list = { .count = 20000, .parts = 20 };
    for (int part = 1; part < 20; part++)
        send_part(&list, part);
    world_run(&world);
    assert_true(store_contents().values > 19);
    list.sent.note = "another header";
    send_part(&list, 20);
    world_expect(&world, "R1 REFUSED PARTS_DISAGREE 19000=0+19000 g0 r0 u0 1/1\n");
    assert_int_equal(store_contents().values, 2);
    list.sent.roster_id = "R2";
    list.sent.stated_on = "2023-02-01";
    list.parts = 1;
    list.count = 0;
    send_all(&list);
    world_expect(&world, "R2 TAKEN 0=0+0 g0 r0 u0 1/1\n");
}

/* The end of the first and the beginning of the second are in one step, and both are in slice 0. */
static void test_lists_of_one_part_follow_one_another(void **state)
{
    (void)state;
    struct long_list first = { .count = 7000, .parts = 1 };
    struct long_list second = { .sent = { .roster_id = "R2" }, .first = 7000, .count = 10, .parts = 1 };
    send_all(&first);
    send_all(&second);
    world_run(&world);
    struct lines lines = world_tell(&world);
    assert_int_equal(count_lines(&lines, "R1 TAKEN 7000=7000+0 g7000 r0 u0 1/1"), 1);
    assert_int_equal(count_lines(&lines, "R2 TAKEN 10=10+0 g10 r7000 u0 1/1"), 1);
    free(lines.at);
}

/* ---- Crashes ---- */

/* One list that takes several steps and refuses rows, and one that waits behind it. */
static void send_two_lists(void)
{
    struct long_list first = { .count = 7000, .parts = 9, .spoilt = 10 };
    struct long_list second = {
        .sent = { .roster_id = "R2", .stated_on = "2023-02-01" }, .first = 5000, .count = 3000, .parts = 2
    };
    send_all(&first);
    send_all(&second);
}

static uint64_t digest_lines(const struct lines *lines)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < lines->count; i++) {
        struct roster_digest digest = roster_digest_of(text_of(lines->at[i]));
        uint64_t half;
        memcpy(&half, digest.bytes, sizeof half);
        sum += half; /* receipts may come from batches that are cut otherwise, never in another number */
    }
    return sum;
}

struct outcome {
    uint64_t lines, store;
    size_t line_count;
};

static struct outcome finish(void)
{
    world_run(&world);
    struct lines lines = world_tell(&world);
    struct outcome outcome = { digest_lines(&lines), store_contents().sum, lines.count };
    free(lines.at);
    return outcome;
}

static struct outcome crash_once(enum faulty_kind kind, long at, bool *ret_fired)
{
    setup(NULL);
    send_two_lists();
    world.faulty.kind = kind;
    world.faulty.at = at;
    world_run(&world);
    *ret_fired = world.faulty.has_fired;
    if (world.faulty.has_crashed) {
        world_kill_worker(&world);
        world_start_worker(&world);
    }
    struct outcome outcome = finish();
    teardown(NULL);
    return outcome;
}

/* The worker is thrown away before and after calls of log and store, and another one goes on; the outcome is the same
 * to the byte. The stride keeps the test short; over all kinds it still meets every step of a turn many times. */
static void test_crashes_change_nothing(void **state)
{
    (void)state;
    static const enum faulty_kind kinds[] = { FAULTY_CRASH_BEFORE, FAULTY_CRASH_AFTER, FAULTY_BEFORE, FAULTY_AFTER };
    bool has_fired = false;
    struct outcome expected = crash_once(FAULTY_NOT, 0, &has_fired);
    assert_int_equal(expected.line_count, 6300 + 3000 + 4500 + 2); /* granted, granted, revoked, receipts */
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        long runs = 0, at = (long)kind;
        do {
            struct outcome outcome = crash_once(kinds[kind], at, &has_fired);
            if (memcmp(&outcome, &expected, sizeof outcome) != 0)
                fail_msg("kind %zu, call %ld: %zu lines for %zu", kind, at, outcome.line_count, expected.line_count);
            at += 11;
            runs++;
        } while (has_fired);
        print_message("kind %zu: %ld runs\n", kind, runs);
    }
}

/* The store is lost after all is done: recovery reads the log again, says nothing twice, and ends with the same
 * values. */
static void test_an_empty_store_is_rebuilt(void **state)
{
    (void)state;
    setup(NULL);
    send_two_lists();
    world_run(&world);
    struct lines lines = world_tell(&world);
    uint64_t expected = store_contents().sum;
    free(lines.at);
    world_kill_worker(&world);
    store_memory_clear(world.store);
    assert_int_equal(store_contents().values, 0);
    world_start_worker(&world);
    struct outcome outcome = finish();
    assert_int_equal(outcome.line_count, 0);
    assert_true(outcome.store == expected);
    teardown(NULL);
}

/* ---- Continuations ---- */

/* How many continuations of these steps are in the log: `counts[n]` of step n. */
#define STEPS_MAX 32
static void count_continuations(int *counts)
{
    memset(counts, 0, STEPS_MAX * sizeof *counts);
    for (int32_t p = 0; p < world.partitions; p++)
        for (int64_t at = 0; at < memory_broker_end(world.broker, ROSTER_TOPIC, p); at++) {
            const struct log_output *record = memory_broker_record(world.broker, ROSTER_TOPIC, p, at);
            if (record != NULL && record->value.length == 1 && record->value.at[0] < STEPS_MAX)
                counts[(int)record->value.at[0]]++;
        }
}

static void forge(int step)
{
    const struct log_header mark = { TEXT(ROSTER_CONTINUATION), TEXT("1") };
    const char value = (char)step;
    struct log_output forged = { .topic = ROSTER_TOPIC, .partition = -1, .headers = &mark, .header_count = 1 };
    forged.key = TEXT("140425|civil|HARDSHIP|SUBSISTENCE_ALLOWANCE");
    forged.value = (struct text){ &value, 1 };
    world_append(&world, &forged);
}

/* However often somebody says "go on", there is one chain of steps, and each is taken once. */
static void test_forged_continuations_do_not_multiply(void **state)
{
    (void)state;
    struct long_list list = { .count = 20000, .parts = 20 };
    int counts[STEPS_MAX];
    send_all(&list);
    for (int again = 0; again < 5; again++)
        for (int step = 0; step < STEPS_MAX; step++)
            forge(step);
    world_run(&world);
    struct lines lines = world_tell(&world);
    assert_int_equal(lines.count, 20001);
    free(lines.at);
    count_continuations(counts);
    assert_int_equal(counts[0], 5);
    for (int step = 1, last = 6; step < STEPS_MAX; step++) {
        assert_true(counts[step] == last || counts[step] == 5);
        last = counts[step];
    }
    assert_int_equal(counts[1], 6);
}

/* Another version might have cut its steps otherwise: then the log's continuations name none that is next. */
static void lose_the_next_step(void)
{
    struct store_key key = roster_key_of_head(TEXT("140425|civil|HARDSHIP|SUBSISTENCE_ALLOWANCE"));
    for (int32_t p = 0; p < world.partitions; p++) {
        struct text value;
        struct roster_head head;
        struct store_read read = { .partition = p, .keys = &key, .count = 1, .ret_values = &value };
        struct store_item item = { .key = key };
        assert_int_equal(world.store->ops->read(world.store, world.arena, &read, 1, NULL), STATUS_OK);
        if (text_is_empty(value))
            continue;
        assert_int_equal(roster_head_decode(world.arena, value, &head), STATUS_OK);
        assert_int_equal(head.job_count, 1);
        head.step = 1000;
        assert_int_equal(roster_head_encode(world.arena, &head, &item.value), STATUS_OK);
        struct store_write write = {
            .partition = p, .expected_offsets = read.ret_offsets, .offsets = read.ret_offsets
        };
        write.items = &item;
        write.count = 1;
        assert_int_equal(world.store->ops->write(world.store, &write, 1, NULL), STATUS_OK);
        assert_int_equal(write.ret_status, STATUS_OK);
    }
}

static void test_the_next_list_wakes_one_that_stands_still(void **state)
{
    (void)state;
    struct long_list list = { .count = 20000, .parts = 20 };
    struct long_list next = { .sent = { .roster_id = "R2" }, .count = 10, .parts = 1 };
    int counts[STEPS_MAX];
    send_all(&list);
    do {
        enum status status = engine_turn(world.engine, NULL);
        assert_int_not_equal(status_class(status), STATUS_CLASS_STOP);
        count_continuations(counts);
    } while (counts[1] == 0);
    lose_the_next_step();
    world_run(&world);
    struct lines lines = world_tell(&world);
    assert_int_equal(count_lines(&lines, "R1 "), 0);
    free(lines.at);
    send_all(&next);
    world_run(&world);
    lines = world_tell(&world);
    assert_int_equal(count_lines(&lines, "R1 TAKEN 20000=20000+0"), 1);
    assert_int_equal(count_lines(&lines, "R2 TAKEN 10=10+0 g0 r19990 u10"), 1);
    free(lines.at);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_hundred_thousand_rows_in_a_hundred_parts),
        TEST(every_kind_at_a_countys_size),
        TEST(many_refused_rows_take_several_receipts),
        TEST(a_refused_list_leaves_nothing_but_its_name),
        TEST(lists_of_one_part_follow_one_another),
        TEST(forged_continuations_do_not_multiply),
        TEST(the_next_list_wakes_one_that_stands_still),
        cmocka_unit_test(test_crashes_change_nothing),
        cmocka_unit_test(test_an_empty_store_is_rebuilt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
