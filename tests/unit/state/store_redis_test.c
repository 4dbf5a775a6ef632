#include "state/store_redis.h"
#include "tests/unit/state/redis_server.h"
#include "tests/unit/state/store_suite.h"

static struct redis_server server;

static struct store *open_store(const char *user, const char *password)
{
    struct store_redis_config config = {
        .unix_path = server.socket, .stage = "toy", .user = user, .password = password, .command_timeout_ms = 300
    };
    return store_redis_new(&config);
}

static void test_suite(void **state)
{
    (void)state;
    redis_server_say(&server, "FLUSHALL");
    struct store *store = open_store(NULL, NULL);
    store_suite_run(store);
    store->ops->free(store);
}

/* The promise the compare-and-set stands on: a write from elsewhere, or a FLUSHALL, after WATCH and before EXEC. */
static void check_exec_after(const char *command, int want_type)
{
    redisContext *context = redisConnectUnix(server.socket);
    freeReplyObject(redisCommand(context, "SET offsets a=1"));
    freeReplyObject(redisCommand(context, "WATCH offsets"));
    redis_server_say(&server, command);
    freeReplyObject(redisCommand(context, "MULTI"));
    freeReplyObject(redisCommand(context, "SET value x"));
    redisReply *reply = redisCommand(context, "EXEC");
    assert_int_equal(reply->type, want_type);
    freeReplyObject(reply);
    redisFree(context);
}

static void test_watch(void **state)
{
    (void)state;
    check_exec_after("PING", REDIS_REPLY_ARRAY);
    check_exec_after("SET offsets a=2", REDIS_REPLY_NIL);
    check_exec_after("SET offsets a=1", REDIS_REPLY_NIL);
    check_exec_after("DEL offsets", REDIS_REPLY_NIL);
    check_exec_after("FLUSHALL", REDIS_REPLY_NIL);
}

static void check_unreachable(struct store *store, const char *text)
{
    struct fault fault = { .text = "" };
    struct store_item item = { suite_key(1), TEXT("x"), true };
    struct store_write write = {
        .partition = 1, .expected_offsets = TEXT_EMPTY, .offsets = TEXT("a=1"), .items = &item, .count = 1
    };
    assert_int_equal(store->ops->write(store, &write, 1, &fault), STATUS_STORE_UNREACHABLE);
    if (strstr(fault.text, text) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", fault.text, text);
}

/* What Redis refuses is not written in part, and works again once it does. */
static void test_refusals(void **state)
{
    (void)state;
    redis_server_say(&server, "FLUSHALL");
    struct store *store = open_store(NULL, NULL);
    redis_server_say(&server, "CONFIG SET maxmemory 1");
    check_unreachable(store, "OOM");
    redis_server_say(&server, "CONFIG SET maxmemory 0");
    redis_server_say(&server, "REPLICAOF 127.0.0.1 1");
    check_unreachable(store, "READONLY");
    redis_server_say(&server, "REPLICAOF NO ONE");
    suite_check(store, 1, 1, "", TEXT_EMPTY);
    struct store_item item = { suite_key(1), TEXT("x"), true };
    assert_int_equal(suite_write(store, 1, "", "a=1", &item, 1), STATUS_OK);
    store->ops->free(store);
}

static void test_password(void **state)
{
    (void)state;
    redis_server_say(&server, "ACL SETUSER worker on >secret ~settled:* +@all");
    redis_server_say(&server, "ACL SETUSER default -@all +acl|setuser");
    struct store *store = open_store(NULL, NULL);
    check_unreachable(store, "NOPERM");
    store->ops->free(store);
    store = open_store("worker", "wrong");
    check_unreachable(store, "WRONGPASS");
    store->ops->free(store);
    store = open_store("worker", "secret");
    assert_int_equal(store->ops->ping(store, NULL), STATUS_OK);
    store->ops->free(store);
    redis_server_say(&server, "ACL SETUSER default +@all");
}

/* Killed, silent, and back: each time the next call opens a new connection. */
static void test_server_goes_away(void **state)
{
    (void)state;
    struct store *store = open_store(NULL, NULL);
    assert_int_equal(store->ops->ping(store, NULL), STATUS_OK);
    kill(server.pid, SIGSTOP);
    assert_int_equal(store->ops->ping(store, NULL), STATUS_STORE_UNREACHABLE);
    kill(server.pid, SIGCONT);
    assert_int_equal(store->ops->ping(store, NULL), STATUS_OK);
    redis_server_kill(&server);
    check_unreachable(store, "");
    check_unreachable(store, "");
    redis_server_start(&server);
    assert_int_equal(store->ops->ping(store, NULL), STATUS_OK);
    suite_check(store, 1, 1, "", TEXT_EMPTY);
    store->ops->free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suite),
        cmocka_unit_test(test_watch),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_password),
        cmocka_unit_test(test_server_goes_away),
    };
    signal(SIGPIPE, SIG_IGN);
    redis_server_start(&server);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redis_server_stop(&server);
    return failed;
}
