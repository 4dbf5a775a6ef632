/* Records of a partition are taken in the order of time over its topics, those of a topic in their own. */
#include "tests/unit/consumers/engine_world.h"

enum { CREDIT, DEBIT };

struct fed {
    int topic;
    int64_t at;
};

struct scene {
    struct world world;
    struct member member;
};

static void scene_begin(struct scene *scene)
{
    world_begin(&scene->world);
    struct engine_config config = world_config(&scene->world);
    member_begin(&scene->member, &scene->world, &config);
}

static void scene_end(struct scene *scene)
{
    member_end(&scene->member);
    world_end(&scene->world);
}

static const char *const keys[PARTITIONS] = { "k0", "k1", "k2" };

static void give(struct scene *scene, int32_t partition, struct fed fed)
{
    const struct log_output record = {
        .topic = toy_topics[fed.topic], .partition = partition, .key = text_of(keys[partition]), .value = TEXT("1")
    };
    memory_broker_append(scene->world.broker, &record, (instant){ fed.at, 0 });
}

static void turn(struct scene *scene, int count)
{
    for (int i = 0; i < count; i++)
        assert_int_not_equal(status_class(engine_turn(scene->member.engine, NULL)), STATUS_CLASS_STOP);
}

/* Where the answers to a key go. */
static int32_t answered_in(const struct scene *scene, const char *key)
{
    for (int32_t partition = 0; partition < PARTITIONS; partition++)
        for (int64_t offset = 0; offset < memory_broker_end(scene->world.broker, "sum", partition); offset++) {
            const struct log_output *record = memory_broker_record(scene->world.broker, "sum", partition, offset);
            if (record != NULL && text_equal(record->key, text_of(key)))
                return partition;
        }
    return 0;
}

/* The answers to the first partition, as "c0 d0 d1": topic and offset. */
static void check_order(const struct scene *scene, const char *expected)
{
    char found[256] = "";
    size_t length = 0;
    int32_t partition = answered_in(scene, keys[0]);
    for (int64_t offset = 0; offset < memory_broker_end(scene->world.broker, "sum", partition); offset++) {
        const struct log_output *record = memory_broker_record(scene->world.broker, "sum", partition, offset);
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
    struct scene scene;
    scene_begin(&scene);
    for (; *debits != 0; debits++)
        give(&scene, 0, (struct fed){ DEBIT, *debits });
    for (; *credits != 0; credits++)
        give(&scene, 0, (struct fed){ CREDIT, *credits });
    turn(&scene, 20);
    check_order(&scene, expected);
    check_exact(&scene.world);
    scene_end(&scene);
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

/* The end of "credit" is not known: an older record may be on its way, and is, until nothing says so any more. */
static void test_waits_for_what_is_on_its_way(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene);
    scene.member.faulty.hides_ends = true;
    give(&scene, 0, (struct fed){ DEBIT, 5 });
    turn(&scene, 10);
    check_order(&scene, "");
    give(&scene, 0, (struct fed){ CREDIT, 3 });
    turn(&scene, 10);
    check_order(&scene, "c0");
    scene.member.faulty.hides_ends = false;
    give(&scene, 0, (struct fed){ CREDIT, 4 });
    turn(&scene, 10);
    check_order(&scene, "c0 c1 d0");
    scene_end(&scene);
}

/* All topics have been at their ends: whatever comes is taken at once, also before their ends are told again. */
static void test_in_step_waits_for_nobody(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene);
    turn(&scene, 10);
    scene.member.faulty.hides_ends = true;
    give(&scene, 0, (struct fed){ CREDIT, 1 });
    turn(&scene, 1);
    give(&scene, 0, (struct fed){ DEBIT, 2 });
    turn(&scene, 1);
    check_order(&scene, "c0 d0");
    scene_end(&scene);
}

/* A topic of which nothing is heard does not stop the others for ever. */
static void test_patience_ends(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene);
    scene.member.faulty.hides_ends = true;
    give(&scene, 0, (struct fed){ DEBIT, 5 });
    turn(&scene, 10);
    check_order(&scene, "");
    scene.world.now_ms += 5000;
    turn(&scene, 2);
    check_order(&scene, "d0");
    scene_end(&scene);
}

/* Nor do others when there is no room to wait in; those that may go, go first. */
static void test_full_room(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene);
    scene.member.faulty.hides_ends = true;
    for (int64_t at = 1; at <= 40; at++)
        give(&scene, 0, (struct fed){ DEBIT, at });
    turn(&scene, 10);
    int64_t answered = memory_broker_committed(scene.world.broker, toy_topics[DEBIT], 0);
    assert_in_range(answered, 7, 39);
    scene.world.now_ms += 6000;
    turn(&scene, 20);
    check_exact(&scene.world);
    scene_end(&scene);
}

/* What waits is given back when the partitions go to somebody else, and is answered there. */
static void test_revoked_while_waiting(void **state)
{
    (void)state;
    struct scene scene;
    struct member other;
    scene_begin(&scene);
    scene.member.faulty.hides_ends = true;
    for (int32_t partition = 0; partition < PARTITIONS; partition++)
        give(&scene, partition, (struct fed){ DEBIT, 5 });
    turn(&scene, 10);
    struct engine_config config = world_config(&scene.world);
    member_begin(&other, &scene.world, &config);
    scene.member.faulty.hides_ends = false;
    for (int i = 0; i < 30; i++) {
        turn(&scene, 1);
        engine_turn(other.engine, NULL);
    }
    check_exact(&scene.world);
    member_end(&other);
    scene_end(&scene);
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
