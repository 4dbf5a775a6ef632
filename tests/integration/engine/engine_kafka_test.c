/* The log suite over real Kafka, and what only Kafka can do: fence, refuse a position that is gone, refuse a setting.
 * Needs SETTLED_TEST_BROKERS; says so and passes without. */
#include "consumers/log_kafka.h"
#include "tests/integration/engine/kafka_side.h"
#include "tests/integration/engine/log_suite.h"

static const char *brokers;
static char prefix[32];
static char group[40], transactional_id[40];

static enum status open_log(const char *property, const char *value, struct log **ret_log, struct fault *fault)
{
    struct log_kafka_property properties[] = { { "session.timeout.ms", "6000", LOG_KAFKA_BOTH },
        { property, value, LOG_KAFKA_BOTH } };
    struct log_kafka_config config = { .brokers = brokers,
        .group = group,
        .transactional_id = transactional_id,
        .topics = toy_topics,
        .properties = properties,
        .property_count = property == NULL ? 1 : 2 };
    return log_kafka_new(&config, ret_log, fault);
}

static void begin(void)
{
    const char *const topics[] = { toy_topics[0], toy_topics[1] };
    snprintf(prefix, sizeof prefix, "l%lld-", (long long)(kafka_side_now_ns() / 1000));
    snprintf(group, sizeof group, "%sgroup", prefix);
    snprintf(transactional_id, sizeof transactional_id, "%stxn", prefix);
    toy_topics_prefix(prefix);
    kafka_side_create(brokers, topics, 2, SUITE_PARTITIONS);
}

static void put(const char *key, const char *value)
{
    rd_kafka_t *producer = kafka_side_producer(brokers);
    rd_kafka_resp_err_t error = rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(toy_topics[0]), RD_KAFKA_V_PARTITION(0),
        RD_KAFKA_V_KEY(key, strlen(key)), RD_KAFKA_V_VALUE((void *)(uintptr_t)value, strlen(value)),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    assert_int_equal(error, RD_KAFKA_RESP_ERR_NO_ERROR);
    kafka_side_finish(producer);
}

static void test_suite(void **state)
{
    (void)state;
    struct log *log;
    begin();
    assert_int_equal(open_log(NULL, NULL, &log, NULL), STATUS_OK);
    log_suite_run(log, put);
    log->ops->close(log);
}

/* A second worker under the same transactional id: the first one's commit fails, its records are seen by nobody, and
 * after `reopen` it is the first that may commit. */
static void test_fenced(void **state)
{
    (void)state;
    struct log *first, *second;
    struct log_output output = { .topic = toy_topics[1], .partition = 1, .key = TEXT("b"), .value = TEXT("2") };
    struct log_position position = { 0, 0, 1 };
    begin();
    assert_int_equal(open_log(NULL, NULL, &first, NULL), STATUS_OK);
    suite_next(first, LOG_ASSIGNED);
    assert_int_equal(first->ops->reopen(first, NULL), STATUS_OK);
    assert_int_equal(open_log(NULL, NULL, &second, NULL), STATUS_OK);
    assert_int_equal(second->ops->reopen(second, NULL), STATUS_OK);
    assert_int_equal(first->ops->commit(first, &output, 1, &position, 1, NULL), STATUS_TRANSACTION_FAILED);
    assert_int_equal(first->ops->commit(first, &output, 1, &position, 1, NULL), STATUS_TRANSACTION_FAILED);
    assert_int_equal(suite_committed(first, 0, 0), -1);
    second->ops->close(second);
    first->ops->close(first);
}

/* A position that Kafka does not have is said, never silently moved. */
static void test_truncated(void **state)
{
    (void)state;
    struct log *log;
    struct log_event event;
    enum status status = STATUS_OK;
    begin();
    assert_int_equal(open_log(NULL, NULL, &log, NULL), STATUS_OK);
    suite_next(log, LOG_ASSIGNED);
    suite_start(log, 1000);
    for (int turn = 0; turn < SUITE_TURNS && status == STATUS_OK; turn++)
        status = log->ops->poll(log, 100, &event, NULL);
    assert_int_equal(status, STATUS_LOG_TRUNCATED);
    log->ops->close(log);
}

static void test_bad_setting(void **state)
{
    (void)state;
    struct log *log;
    struct fault fault;
    assert_int_equal(open_log("no.such.property", "1", &log, &fault), STATUS_BAD_CONFIG);
    assert_string_equal(fault.field, "kafka.no.such.property");
    assert_int_equal(open_log("linger.ms", "soon", &log, &fault), STATUS_BAD_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suite),
        cmocka_unit_test(test_fenced),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_bad_setting),
    };
    brokers = getenv("SETTLED_TEST_BROKERS");
    if (brokers == NULL) {
        printf("skipped: no SETTLED_TEST_BROKERS (tests/services/with)\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
