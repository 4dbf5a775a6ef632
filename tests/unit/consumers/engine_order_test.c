/* Records of a partition are taken in the order of time over its topics, those of a topic in their own. */
#include "tests/unit/consumers/engine_stand.h"

enum { CREDIT, DEBIT };

struct fed {
    int topic;
    int64_t at;
};

static const char *const keys[PARTITIONS] = { "k0", "k1", "k2" };

static void give(struct stand *stand, int32_t partition, struct fed fed)
{
    const struct log_output record = {
        .topic = toy_topics[fed.topic], .partition = partition, .key = text_of(keys[partition]), .value = TEXT("1")
    };
    memory_broker_append(stand->world.broker, &record, (instant){ fed.at, 0 });
}

/* Where the answers to a key go. */
static int32_t answered_in(const struct stand *stand, const char *key)
{
    for (int32_t partition = 0; partition < PARTITIONS; partition++)
        for (int64_t offset = 0; offset < memory_broker_end(stand->world.broker, "sum", partition); offset++) {
            const struct log_output *record = memory_broker_record(stand->world.broker, "sum", partition, offset);
            if (record != NULL && text_equal(record->key, text_of(key)))
                return partition;
        }
    return 0;
}

/* The answers to the first partition, as "c0 d0 d1": topic and offset. */
static void check_order(const struct stand *stand, const char *expected)
{
    char found[256] = "";
    size_t length = 0;
    int32_t partition = answered_in(stand, keys[0]);
    for (int64_t offset = 0; offset < memory_broker_end(stand->world.broker, "sum", partition); offset++) {
        const struct log_output *record = memory_broker_record(stand->world.broker, "sum", partition, offset);
        struct toy_output output;
        if (record == NULL)
            continue;
        assert_true(toy_output_parse(record->value, &output));
        length += (size_t)snprintf(found + length, sizeof found - length, "%s%c%lld", length == 0 ? "" : " ",
            output.topic == CREDIT ? 'c' : 'd', output.offset);
    }
    assert_string_equal(found, expected);
}

/* What has arrived, each list ended by time 0, and the order in which it is answered. */
static void check_merge(const int64_t *credits, const int64_t *debits, const char *expected)
{
    struct stand stand;
    stand_begin(&stand);
    for (; *debits != 0; debits++)
        give(&stand, 0, (struct fed){ DEBIT, *debits });
    for (; *credits != 0; credits++)
        give(&stand, 0, (struct fed){ CREDIT, *credits });
    stand_turn(&stand, 20);
    check_order(&stand, expected);
    check_exact(&stand.world);
    stand_end(&stand);
}

#define TIMES(...) ((const int64_t[]){ __VA_ARGS__, 0 })

static void test_merge(void **state)
{
    (void)state;
    check_merge(TIMES(5, 6), TIMES(1, 2), "d0 d1 c0 c1");
    check_merge(TIMES(1, 4), TIMES(2, 3), "c0 d0 d1 c1");
    check_merge(TIMES(1, 2, 3), TIMES(1, 2, 3), "c0 d0 c1 d1 c2 d2"); /* at one time the stage's order counts */
    check_merge(TIMES(9, 1, 2), TIMES(3, 10), "d0 c0 c1 c2 d1");      /* times may go back, offsets never do */
    check_merge(TIMES(7, 8, 9), TIMES(1, 2, 3, 4, 5, 6, 10), "d0 d1 d2 d3 d4 d5 c0 c1 c2 d6"); /* over two batches */
}

/* Nothing says where the topics end. */
static void begin_without_ends(struct stand *stand)
{
    stand_begin(stand);
    stand->member.faulty.hides_ends = true;
}

/* One more has come: all that is answered by then. */
static void check_after(struct stand *stand, struct fed fed, const char *expected)
{
    give(stand, 0, fed);
    stand_turn(stand, 10);
    check_order(stand, expected);
}

/* The end of "credit" is not known: an older record may be on its way, and is, until nothing says so any more. */
static void test_waits_for_what_is_on_its_way(void **state)
{
    (void)state;
    struct stand stand;
    begin_without_ends(&stand);
    check_after(&stand, (struct fed){ DEBIT, 5 }, "");
    check_after(&stand, (struct fed){ CREDIT, 3 }, "c0");
    stand.member.faulty.hides_ends = false;
    check_after(&stand, (struct fed){ CREDIT, 4 }, "c0 c1 d0");
    stand_end(&stand);
}

/* All topics have been at their ends: whatever comes is taken at once, also before their ends are told again. */
static void test_in_step_waits_for_nobody(void **state)
{
    (void)state;
    struct stand stand;
    stand_begin(&stand);
    stand_turn(&stand, 10);
    stand.member.faulty.hides_ends = true;
    give(&stand, 0, (struct fed){ CREDIT, 1 });
    stand_turn(&stand, 1);
    give(&stand, 0, (struct fed){ DEBIT, 2 });
    stand_turn(&stand, 1);
    check_order(&stand, "c0 d0");
    stand_end(&stand);
}

/* A topic of which nothing is heard does not stop the others for ever. */
static void test_patience_ends(void **state)
{
    (void)state;
    struct stand stand;
    begin_without_ends(&stand);
    check_after(&stand, (struct fed){ DEBIT, 5 }, "");
    stand.world.now_ms += 5000;
    stand_turn(&stand, 2);
    check_order(&stand, "d0");
    stand_end(&stand);
}

/* Nor do others when there is no room to wait in; those that may go, go first. */
static void test_full_room(void **state)
{
    (void)state;
    struct stand stand;
    begin_without_ends(&stand);
    for (int64_t at = 1; at <= 40; at++)
        give(&stand, 0, (struct fed){ DEBIT, at });
    stand_turn(&stand, 10);
    int64_t answered = memory_broker_committed(stand.world.broker, toy_topics[DEBIT], 0);
    assert_in_range(answered, 7, 39);
    stand.world.now_ms += 6000;
    stand_turn(&stand, 20);
    check_exact(&stand.world);
    stand_end(&stand);
}

/* What waits is given back when the partitions go to somebody else, and is answered there. */
static void test_revoked_while_waiting(void **state)
{
    (void)state;
    struct stand stand;
    struct member other;
    begin_without_ends(&stand);
    for (int32_t partition = 0; partition < PARTITIONS; partition++)
        give(&stand, partition, (struct fed){ DEBIT, 5 });
    stand_turn(&stand, 10);
    member_begin(&other, &stand.world, &stand.config);
    stand.member.faulty.hides_ends = false;
    for (int i = 0; i < 30; i++) {
        stand_turn(&stand, 1);
        engine_turn(other.engine, NULL);
    }
    check_exact(&stand.world);
    member_end(&other);
    stand_end(&stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merge),
        cmocka_unit_test(test_waits_for_what_is_on_its_way),
        cmocka_unit_test(test_in_step_waits_for_nobody),
        cmocka_unit_test(test_patience_ends),
        cmocka_unit_test(test_full_room),
        cmocka_unit_test(test_revoked_while_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
