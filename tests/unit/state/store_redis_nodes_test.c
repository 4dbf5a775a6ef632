/* More than one server: a primary with its replica, and a Redis Cluster of which a slot moves. */
#include "state/store_redis.h"
#include "tests/unit/state/redis_server.h"
#include "tests/unit/state/store_suite.h"

#include <netinet/in.h>
#include <sys/socket.h>

#define SERVERS 3
#define TRIES 1000
#define TRY_US 10000

static struct redis_server servers[SERVERS];

static int free_port(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    close(listener);
    return ntohs(address.sin_port);
}

static void start_servers(bool is_cluster)
{
    for (int i = 0; i < SERVERS; i++) {
        servers[i] = (struct redis_server){ .port = free_port(), .bus_port = is_cluster ? free_port() : 0 };
        redis_server_start(&servers[i]);
    }
}

static void stop_servers(void)
{
    for (int i = 0; i < SERVERS; i++)
        redis_server_stop(&servers[i]);
}

static void say(int server, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(int server, const char *format, ...)
{
    char command[256];
    va_list values;
    va_start(values, format);
    vsnprintf(command, sizeof command, format, values);
    va_end(values);
    redis_server_say(&servers[server], command);
}

static void await(int server, const char *command, const char *part)
{
    char answer[8192] = "";
    for (int tries = 0; tries < TRIES && strstr(answer, part) == NULL; tries++, usleep(TRY_US))
        redis_server_ask(&servers[server], command, answer, sizeof answer);
    if (strstr(answer, part) == NULL)
        fail_msg("%s does not say %s: %s", command, part, answer);
}

static struct store *open_store(void)
{
    struct store_redis_config config = { .address_count = SERVERS, .stage = "toy", .command_timeout_ms = 2000 };
    for (int i = 0; i < SERVERS; i++)
        config.addresses[i] = (struct store_redis_address){ "127.0.0.1", servers[i].port };
    return store_redis_new(&config);
}

/* ---- A primary and its replicas ---- */

/* The addresses stand in any order: here the primary is the last. */
static void test_failover(void **state)
{
    (void)state;
    struct store_item item = { suite_key(1), TEXT("x"), true };
    start_servers(false);
    for (int i = 0; i < 2; i++) {
        say(i, "REPLICAOF 127.0.0.1 %d", servers[2].port);
        await(i, "INFO replication", "master_link_status:up");
    }
    struct store *store = open_store();
    assert_int_equal(suite_write(store, 1, "", "a=1", &item, 1), STATUS_OK);
    say(2, "WAIT 2 10000");
    await(1, "GET settled:toy:{1}:offsets", "a=1");
    kill(servers[2].pid, SIGSTOP); /* gone, as far as anybody can tell */
    say(1, "REPLICAOF NO ONE");
    assert_int_equal(suite_write(store, 1, "a=1", "a=2", &item, 1), STATUS_STORE_UNREACHABLE);
    kill(servers[2].pid, SIGCONT);
    say(2, "REPLICAOF 127.0.0.1 %d", servers[1].port);
    await(2, "INFO replication", "master_link_status:up");
    assert_int_equal(suite_write(store, 1, "a=1", "a=2", &item, 1), STATUS_OK);
    await(1, "GET settled:toy:{1}:offsets", "a=2");
    say(1, "REPLICAOF 127.0.0.1 %d", servers[0].port); /* now nobody is a primary */
    struct fault fault = { .text = "" };
    assert_int_equal(store->ops->ping(store, &fault), STATUS_STORE_UNREACHABLE);
    assert_int_equal(store->ops->ping(store, &fault), STATUS_STORE_UNREACHABLE);
    assert_non_null(strstr(fault.text, "none of the addresses is that of a primary"));
    store->ops->free(store);
    stop_servers();
}

/* ---- A Cluster ---- */

static void join_cluster(void)
{
    static const char *const slots[SERVERS] = { "0 5000", "5001 11000", "11001 16383" };
    start_servers(true);
    for (int i = 0; i < SERVERS; i++)
        say(i, "CLUSTER ADDSLOTSRANGE %s", slots[i]);
    for (int i = 1; i < SERVERS; i++)
        say(0, "CLUSTER MEET 127.0.0.1 %d %d", servers[i].port, servers[i].bus_port);
    for (int i = 0; i < SERVERS; i++)
        await(i, "CLUSTER INFO", "cluster_state:ok");
}

static int owner_of(int slot)
{
    return slot <= 5000 ? 0 : slot <= 11000 ? 1 : 2;
}

static int slot_of(int partition)
{
    char command[48], slot[16];
    snprintf(command, sizeof command, "CLUSTER KEYSLOT {%d}", partition);
    redis_server_ask(&servers[0], command, slot, sizeof slot);
    return atoi(slot);
}

/* As redis-cli --cluster reshard does it, in two halves. */
static void begin_move(int slot, int from, int to)
{
    char from_id[64], to_id[64];
    redis_server_ask(&servers[from], "CLUSTER MYID", from_id, sizeof from_id);
    redis_server_ask(&servers[to], "CLUSTER MYID", to_id, sizeof to_id);
    say(to, "CLUSTER SETSLOT %d IMPORTING %s", slot, from_id);
    say(from, "CLUSTER SETSLOT %d MIGRATING %s", slot, to_id);
}

static void end_move(int slot, int from, int to)
{
    char id[64];
    redisContext *context = redisConnectUnix(servers[from].socket);
    redisReply *keys = redisCommand(context, "CLUSTER GETKEYSINSLOT %d 1000", slot);
    for (size_t i = 0; i < keys->elements; i++)
        freeReplyObject(redisCommand(
            context, "MIGRATE 127.0.0.1 %d %b 0 5000", servers[to].port, keys->element[i]->str, keys->element[i]->len));
    freeReplyObject(keys);
    redisFree(context);
    redis_server_ask(&servers[to], "CLUSTER MYID", id, sizeof id);
    for (int i = 0; i < SERVERS; i++)
        say((to + i) % SERVERS, "CLUSTER SETSLOT %d NODE %s", slot, id);
}

static void check_moving(struct store *store, const char *says)
{
    struct fault fault = { .text = "" };
    struct store_item items[2] = { { suite_key(1), TEXT("y"), false }, { suite_key(2), TEXT("z"), true } };
    struct store_write write = {
        .partition = 1, .expected_offsets = TEXT("a=1"), .offsets = TEXT("a=2"), .items = items, .count = 2
    };
    assert_int_equal(store->ops->write(store, &write, 1, &fault), STATUS_STORE_UNREACHABLE);
    if (strstr(fault.text, says) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", fault.text, says);
}

/* While a slot moves nothing of it is written in part; afterwards it is found where it is now. */
static void test_cluster(void **state)
{
    (void)state;
    struct store_item item = { suite_key(1), TEXT("x"), true };
    join_cluster();
    struct store *store = open_store();
    store_suite_run(store);
    say(owner_of(slot_of(1)), "DEL settled:toy:{1}:offsets");
    assert_int_equal(suite_write(store, 1, "", "a=1", &item, 1), STATUS_OK);
    int slot = slot_of(1), from = owner_of(slot), to = (from + 1) % SERVERS;
    begin_move(slot, from, to);
    check_moving(store, "TRYAGAIN");
    suite_check(store, 1, 1, "a=1", TEXT("x"));
    end_move(slot, from, to);
    suite_check(store, 1, 1, "a=1", TEXT("x"));
    item.value = TEXT("y");
    assert_int_equal(suite_write(store, 1, "a=1", "a=2", &item, 1), STATUS_OK);
    suite_check(store, 1, 1, "a=2", TEXT("y"));
    /* A node that is gone is asked for at the others. */
    redis_server_kill(&servers[to]);
    assert_int_equal(suite_write(store, 1, "a=2", "a=3", &item, 1), STATUS_STORE_UNREACHABLE);
    redis_server_start(&servers[to]);
    store->ops->free(store);
    stop_servers();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failover),
        cmocka_unit_test(test_cluster),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
