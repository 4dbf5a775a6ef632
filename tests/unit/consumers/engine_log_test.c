/* The log suite over memory; tests/integration/engine/engine_kafka_test.c runs it over Kafka. */
#include "consumers/log_memory.h"
#include "tests/integration/engine/log_suite.h"

static struct memory_broker *broker;

static void put(const char *key, const char *value)
{
    struct log_output record = { .topic = toy_topics[0], .partition = 0, .key = text_of(key), .value = text_of(value) };
    memory_broker_append(broker, &record, (instant){ 1, 0 });
}

static void test_suite(void **state)
{
    (void)state;
    broker = memory_broker_new(SUITE_PARTITIONS);
    struct log *log = log_memory_new(broker, toy_topics);
    log_suite_run(log, put);
    log->ops->close(log);
    memory_broker_free(broker);
}

static void check_partition(const char *key, int32_t want)
{
    broker = memory_broker_new(12);
    struct log_output record = { .topic = "t", .partition = -1, .key = text_of(key), .value = TEXT("x") };
    memory_broker_append(broker, &record, (instant){ 1, 0 });
    assert_int_equal(memory_broker_end(broker, "t", want), 1);
    memory_broker_free(broker);
}

/* What Java's Utils.toPositive(Utils.murmur2(key)) % 12 gives for keys whose hashes its own tests list. */
static void test_murmur2(void **state)
{
    (void)state;
    check_partition("21", (int32_t)((-973932308 & 0x7fffffff) % 12));
    check_partition("foobar", (int32_t)((-790332482 & 0x7fffffff) % 12));
    check_partition("a-little-bit-long-string", (int32_t)((-985981536 & 0x7fffffff) % 12));
    check_partition("a-little-bit-longer-string", (int32_t)((-1486304829 & 0x7fffffff) % 12));
    check_partition("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", (int32_t)((-58897971 & 0x7fffffff) % 12));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_suite), cmocka_unit_test(test_murmur2) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
