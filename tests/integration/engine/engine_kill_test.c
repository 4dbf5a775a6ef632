/* The toy stage over real Kafka and Redis: two processes, one of them killed again and again, Redis emptied once; at
 * the end every record is answered exactly once and every key's sums form one unbroken chain.
 * Needs SETTLED_TEST_BROKERS and SETTLED_TEST_REDIS (tests/services/with); says so and passes without. */
#include "tests/integration/engine/kafka_side.h"
#include "tests/integration/engine/toy_stage.h"
#include "tests/integration/engine/toy_worker.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <hiredis/hiredis.h>

#define PARTITIONS 6
#define RECORDS 40000
#define KEYS 500
#define KILLS 8
#define PATIENCE_NS INT64_C(90000000000)

static struct toy_worker pattern;

static void begin(char *prefix, size_t size)
{
    const char *const topics[] = { toy_topics[0], toy_topics[1], toy_sum_topic, toy_refused_topic };
    snprintf(prefix, size, "t%lld-", (long long)(kafka_side_now_ns() / 1000));
    toy_topics_prefix(prefix);
    kafka_side_create(getenv("SETTLED_TEST_BROKERS"), topics, COUNT_OF(topics), PARTITIONS);
    pattern = (struct toy_worker){ getenv("SETTLED_TEST_BROKERS"), getenv("SETTLED_TEST_REDIS"), prefix, NULL, 2 };
}

static void send_some(rd_kafka_t *producer, int from, int count)
{
    for (int i = from; i < from + count; i++) {
        char key[16], value[16];
        int key_length = snprintf(key, sizeof key, "k%d", i * 7 % KEYS);
        int length = snprintf(value, sizeof value, i % 1000 == 5 ? "x%d" : "%d", i % 97 + 1);
        kafka_side_send(producer, toy_topics[i % 2], (struct text){ key, (size_t)key_length },
            (struct text){ value, (size_t)length }, 0);
    }
}

static void empty_redis(void)
{
    char host[64];
    int port;
    assert_int_equal(sscanf(pattern.redis, "%63[^:]:%d", host, &port), 2);
    redisContext *context = redisConnect(host, port);
    freeReplyObject(redisCommand(context, "FLUSHALL"));
    redisFree(context);
}

static void end_process(pid_t pid, int signal_number)
{
    int status;
    kill(pid, signal_number);
    waitpid(pid, &status, 0);
    if (signal_number == SIGTERM)
        assert_int_equal(status, 0);
}

struct answers {
    unsigned char seen[2][PARTITIONS][RECORDS];
    long long sums[KEYS];
    int count;
};

static int key_number(const rd_kafka_message_t *message)
{
    char text[16] = "";
    memcpy(text, message->key, message->key_len < 15 ? message->key_len : 15);
    return atoi(text + 1);
}

static void take_answer(struct answers *answers, const rd_kafka_message_t *message)
{
    struct toy_output output;
    assert_true(toy_output_parse((struct text){ message->payload, message->len }, &output));
    assert_int_equal(answers->seen[output.topic][output.partition][output.offset]++, 0);
    long long *sum = &answers->sums[key_number(message)];
    *sum += output.delta;
    if (*sum != output.sum)
        fail_msg("%d/%d/%lld: the sum is %lld and should be %lld", output.topic, output.partition, output.offset,
            output.sum, *sum);
    answers->count++;
}

/* Until as many as were sent have come, and then a while longer, for those that must not come. */
static void read_answers(struct answers *answers, int want)
{
    rd_kafka_t *reader = kafka_side_reader(pattern.brokers, toy_sum_topic, PARTITIONS);
    int64_t until_ns = kafka_side_now_ns() + PATIENCE_NS;
    while (kafka_side_now_ns() < until_ns) {
        rd_kafka_message_t *message = kafka_side_next(reader, 100);
        if (message != NULL) {
            take_answer(answers, message);
            rd_kafka_message_destroy(message);
        }
        if (answers->count == want && until_ns > kafka_side_now_ns() + 2000000000)
            until_ns = kafka_side_now_ns() + 2000000000;
    }
    rd_kafka_consumer_close(reader);
    rd_kafka_destroy(reader);
    assert_int_equal(answers->count, want);
}

static void check_refusals(int want)
{
    rd_kafka_t *reader = kafka_side_reader(pattern.brokers, toy_refused_topic, PARTITIONS);
    rd_kafka_message_t *message;
    int count = 0;
    while ((message = kafka_side_next(reader, 2000)) != NULL) {
        count++;
        rd_kafka_message_destroy(message);
    }
    rd_kafka_consumer_close(reader);
    rd_kafka_destroy(reader);
    assert_int_equal(count, want);
}

static void test_kills(void **state)
{
    (void)state;
    char prefix[32];
    begin(prefix, sizeof prefix);
    struct toy_worker first = pattern, second = pattern;
    first.instance = "a"; /* a static member: its partitions wait for it */
    second.instance = NULL;
    pid_t one = toy_worker_spawn(&first), two = toy_worker_spawn(&second);
    rd_kafka_t *producer = kafka_side_producer(pattern.brokers);
    srandom((unsigned)kafka_side_now_ns());
    for (int i = 0; i < KILLS; i++) {
        send_some(producer, i * (RECORDS / KILLS), RECORDS / KILLS);
        usleep((useconds_t)(400000 + random() % 900000));
        if (i == KILLS - 2)
            empty_redis();
        pid_t *victim = i % 3 == 2 ? &two : &one;
        end_process(*victim, SIGKILL);
        *victim = toy_worker_spawn(victim == &one ? &first : &second);
    }
    kafka_side_finish(producer);
    struct answers *answers = calloc(1, sizeof *answers);
    read_answers(answers, RECORDS - RECORDS / 1000);
    check_refusals(RECORDS / 1000);
    free(answers);
    end_process(one, SIGTERM);
    end_process(two, SIGTERM);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_kills) };
    int code = toy_worker_main(argc, argv);
    if (code >= 0)
        return code;
    if (getenv("SETTLED_TEST_BROKERS") == NULL || getenv("SETTLED_TEST_REDIS") == NULL) {
        printf("skipped: no SETTLED_TEST_BROKERS, SETTLED_TEST_REDIS (tests/services/with)\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
