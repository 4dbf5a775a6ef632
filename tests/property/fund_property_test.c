/* Random settlements of some payees, closes and crashes through the fund stage: what is requested for each payee, what
 * the ledger has paid and what the settlements moved are the same to the fen, and a store built again from the topics
 * holds the same bytes. SETTLED_TEST_SEED picks one seed. */
#include "consumers/engine.h"
#include "consumers/log_memory.h"
#include "consumers/logline.h"
#include "consumers/stage_fund.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"
#include "state/store_memory.h"
#include "tests/integration/engine/faulty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SEEDS 60
#define PARTITIONS 3
#define REGIONS 2
#define SUBJECTS 24
#define PAYEES 700 /* of them two indexes' worth can be in one month */
#define FUNDS 3
#define EVENTS 120
#define TURNS_MAX 100000

static const struct policy_pack packs_made[REGIONS] = { { .region = "100000" }, { .region = "200000" } };
static const struct policy_pack *pack_list[] = { &packs_made[0], &packs_made[1] };
static const struct policy_packs packs = { pack_list, REGIONS };
static const uint8_t fund_of_line[FUNDS] = { FUND_ASSISTANCE, FUND_POOL, FUND_HOSPITAL };
static const char *const rule_of_line[FUNDS] = { "made.table", "made.visit", "made.catalogue" };

/* What stands of a subject. */
struct subject {
    bool is_there;
    int payee; /* even: an institution, odd: a person */
    int64_t fen[FUNDS];
};

struct world {
    unsigned seed;
    struct memory_broker *broker;
    struct store *store;
    struct stage *stage;
    struct log *log;
    struct faulty faulty;
    struct engine *engine;
    struct arena *arena;
    int64_t now_ms;
    struct subject subjects[REGIONS][SUBJECTS];
    int64_t owed[REGIONS][PAYEES][FUNDS]; /* the model: what each payee has in the end */
};

static int pick(struct world *world, int below)
{
    world->seed = world->seed * 1103515245u + 12345u;
    return (int)(world->seed >> 8) % below;
}

static instant now(void *context)
{
    (void)context;
    return (instant){ 1700000000, 0 };
}

static int64_t elapsed(void *context)
{
    return ++((struct world *)context)->now_ms;
}

/* ---- The worker ---- */

static void start_worker(struct world *world)
{
    const struct engine_config config = { .name = "fund",
        .arena_bytes = (size_t)256 << 20,
        .batch_records_max = 1 + (size_t)pick(world, 30),
        .gather_ms = 1,
        .clock = { now, elapsed, world } };
    world->log = log_memory_new(world->broker, stage_fund_topics);
    faulty_init(&world->faulty, world->log, world->store);
    if (pick(world, 2) == 0) {
        world->faulty.kind = pick(world, 2) == 0 ? FAULTY_CRASH_BEFORE : FAULTY_CRASH_AFTER;
        world->faulty.at = pick(world, 200);
    }
    assert_int_equal(
        engine_new(&config, &world->faulty.log, &world->faulty.store, world->stage, &world->engine, NULL), STATUS_OK);
}

static void stop_worker(struct world *world)
{
    engine_free(world->engine);
    world->log->ops->close(world->log);
}

static bool all_committed(const struct world *world)
{
    for (const char *const *topic = stage_fund_topics; *topic != NULL; topic++)
        for (int32_t p = 0; p < PARTITIONS; p++) {
            int64_t last = memory_broker_end(world->broker, *topic, p);
            while (last > 0 && memory_broker_record(world->broker, *topic, p, last - 1) == NULL)
                last--;
            if (last > 0 && memory_broker_committed(world->broker, *topic, p) < last)
                return false;
        }
    return true;
}

static void run(struct world *world)
{
    struct engine_health health;
    for (int turn = 0; turn < TURNS_MAX; turn++) {
        struct fault fault = { .status = STATUS_OK };
        enum status status = engine_turn(world->engine, &fault);
        if (world->faulty.has_crashed) {
            stop_worker(world);
            start_worker(world);
            continue;
        }
        engine_health(world->engine, &health);
        if (status_class(status) == STATUS_CLASS_STOP || health.partitions_stopped > 0)
            fail_msg("%s: %s %s", status_name(status), health.cause, fault.text);
        if (status == STATUS_AGAIN && health.state == ENGINE_LIVE && all_committed(world))
            return;
    }
    fail_msg("no end");
}

/* Another worker, and at times an empty store. */
static void replace_worker(struct world *world, bool forgets)
{
    stop_worker(world);
    if (forgets) {
        world->store->ops->free(world->store);
        world->store = store_memory_new();
    }
    start_worker(world);
}

/* ---- What is sent ---- */

static void send(struct world *world, const char *topic, int32_t partition, const ProtobufCMessage *message)
{
    struct log_output record = { .topic = topic, .partition = partition, .key = TEXT("") };
    assert_int_equal(wire_pack(message, world->arena, &record.value), STATUS_OK);
    memory_broker_append(world->broker, &record, (instant){ 1, 0 });
}

static Google__Protobuf__Timestamp time_in(int month)
{
    Google__Protobuf__Timestamp time = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    time.seconds = day_begin(day_of(2023, month, 15)).seconds;
    return time;
}

static char *payee_text(char *buffer, int payee)
{
    sprintf(buffer, "%s%d", payee % 2 == 0 ? "H" : "P", payee);
    return buffer;
}

static char *region_of(int region)
{
    return (char *)(uintptr_t)packs_made[region].region;
}

static size_t fill_line(Settled__V1__Settlement__Line *line, int i, int64_t amount, int64_t delta)
{
    settled__v1__settlement__line__init(line);
    line->rule = (char *)(uintptr_t)rule_of_line[i];
    line->fund = (Settled__V1__Settlement__Line__Fund)fund_of_line[i];
    line->amount_fen = amount;
    line->delta_fen = delta;
    return 1;
}

static void book(struct world *world, int region, const struct subject *subject, int sign)
{
    for (int i = 0; i < FUNDS && subject->is_there; i++)
        world->owed[region][subject->payee][i] += sign * subject->fen[i];
}

/* From what stood of the subject to what stands now. */
static void settle(struct world *world, int region, const struct subject *before, const struct subject *after)
{
    Settled__V1__Settlement wire = SETTLED__V1__SETTLEMENT__INIT;
    Settled__V1__Settlement__Trigger trigger = SETTLED__V1__SETTLEMENT__TRIGGER__INIT;
    Google__Protobuf__Timestamp recorded_at = time_in(1 + pick(world, 10));
    Settled__V1__Settlement__Line lines[FUNDS], *line_list[FUNDS], *withdrawn[FUNDS];
    char payee[16], former[16];
    const struct subject *paid = after->is_there ? after : before;
    trigger.recorded_at = &recorded_at;
    wire.trigger = &trigger;
    wire.region = region_of(region);
    (void)payee_text(payee, paid->payee);
    wire.person_id = paid->payee % 2 == 1 ? payee : (char *)(uintptr_t) "P1";
    wire.kind = after->is_there ? SETTLED__V1__SETTLEMENT__KIND__ADJUSTMENT : SETTLED__V1__SETTLEMENT__KIND__VOID;
    wire.status = SETTLED__V1__SETTLEMENT__STATUS__FINAL;
    wire.subject = SETTLED__V1__SETTLEMENT__SUBJECT__ENCOUNTER;
    for (int i = 0; i < FUNDS; i++) {
        int64_t was = before->is_there ? before->fen[i] : 0, is = after->is_there ? after->fen[i] : 0;
        fill_line(&lines[i], i, is, is - was);
        if (after->is_there && is != 0)
            line_list[wire.n_lines++] = &lines[i];
        else if (was != 0)
            withdrawn[wire.n_withdrawn++] = &lines[i];
    }
    wire.lines = line_list;
    wire.withdrawn = withdrawn;
    wire.payee = paid->payee % 2 == 0 ? SETTLED__V1__PAYMENT_REQUEST__PAYEE__INSTITUTION
                                      : SETTLED__V1__PAYMENT_REQUEST__PAYEE__PERSON;
    if (paid->payee % 2 == 0)
        wire.institution_code = payee;
    /* A person stays the same one; an institution may be another, or pass to the person. */
    if (after->is_there && before->is_there && before->payee != after->payee) {
        wire.former_payee = SETTLED__V1__PAYMENT_REQUEST__PAYEE__INSTITUTION;
        wire.former_institution_code = payee_text(former, before->payee);
    }
    send(world, "settlement", pick(world, PARTITIONS), &wire.base);
}

static void change_one(struct world *world)
{
    int region = pick(world, REGIONS);
    struct subject *subject = &world->subjects[region][pick(world, SUBJECTS)], before = *subject;
    subject->is_there = pick(world, 6) != 0;
    if (!before.is_there || (before.payee % 2 == 0 && pick(world, 4) == 0))
        subject->payee = pick(world, PAYEES);
    for (int i = 0; i < FUNDS; i++)
        subject->fen[i] = pick(world, 3) == 0 ? 0 : pick(world, 1000);
    if (!subject->is_there && !before.is_there)
        return;
    settle(world, region, &before, subject);
    book(world, region, &before, -1);
    book(world, region, subject, 1);
}

/* Many payees at once, so that a close takes several steps. */
static void change_many(struct world *world)
{
    int region = pick(world, REGIONS);
    struct subject nothing = { .is_there = false }, one = { .is_there = true };
    for (one.payee = 0; one.payee < PAYEES; one.payee++) {
        one.fen[0] = 1 + pick(world, 100);
        settle(world, region, &nothing, &one);
        book(world, region, &one, 1);
    }
}

static void close_period(struct world *world, int region, const char *period)
{
    Settled__V1__PeriodClose wire = SETTLED__V1__PERIOD_CLOSE__INIT;
    Google__Protobuf__Timestamp recorded_at = time_in(12);
    wire.event_id = (char *)(uintptr_t) "close";
    wire.recorded_at = &recorded_at;
    wire.region = region_of(region);
    wire.period = (char *)(uintptr_t)period;
    for (int32_t p = 0; p < PARTITIONS; p++)
        send(world, "period-close", p, &wire.base);
}

/* ---- What came out ---- */

struct requested {
    int64_t of_payee[REGIONS][PAYEES][FUNDS];
    int64_t of_month[REGIONS][FUNDS][13];
};

static const Settled__V1__PaymentRequest *read_request(struct world *world, int32_t partition, int64_t at)
{
    const struct log_output *record = memory_broker_record(world->broker, "payment-request", partition, at);
    const ProtobufCMessage *message;
    if (record == NULL)
        return NULL;
    assert_int_equal(
        wire_unpack(&settled__v1__payment_request__descriptor, world->arena, record->value, &message, NULL), STATUS_OK);
    return (const Settled__V1__PaymentRequest *)message;
}

static void add_request(struct requested *requested, const Settled__V1__PaymentRequest *request)
{
    int region = request->region[0] - '1', fund = (int)request->fund == FUND_POOL;
    bool is_institution = request->payee == SETTLED__V1__PAYMENT_REQUEST__PAYEE__INSTITUTION;
    int payee = atoi((is_institution ? request->institution_code : request->person_id) + 1);
    assert_int_equal(payee % 2 == 0, is_institution);
    assert_int_equal((int)request->fund, fund_of_line[fund]);
    assert_true(request->amount_fen != 0 && request->settlements > 0);
    requested->of_payee[region][payee][fund] += request->amount_fen;
    requested->of_month[region][fund][atoi(request->month + 5)] += request->amount_fen;
}

static struct requested *read_requests(struct world *world)
{
    struct requested *requested = calloc(1, sizeof *requested);
    assert_non_null(requested);
    for (int32_t p = 0; p < PARTITIONS; p++)
        for (int64_t at = 0; at < memory_broker_end(world->broker, "payment-request", p); at++) {
            const Settled__V1__PaymentRequest *request = read_request(world, p, at);
            if (request != NULL)
                add_request(requested, request);
        }
    return requested;
}

static struct text ledger_bytes(struct world *world, int region, struct fund_ledger *ret_ledger)
{
    static const uint8_t secret[16];
    const struct stage_fund_query query = { world->store, secret, text_of(packs_made[region].region) };
    struct text bytes = TEXT_EMPTY;
    struct fault fault;
    *ret_ledger = (struct fund_ledger){ .region = query.region };
    enum status status = stage_fund_load(&query, world->arena, ret_ledger, &fault);
    assert_true(status == STATUS_OK || status == STATUS_AGAIN);
    assert_int_equal(fund_ledger_encode(world->arena, ret_ledger, &bytes), STATUS_OK);
    return bytes;
}

/* Sum by sum: requests of a payee = what its settlements left it; requests of a month = the ledger's outgo. */
static void check(struct world *world)
{
    struct requested *requested = read_requests(world);
    for (int region = 0; region < REGIONS; region++) {
        struct fund_ledger ledger;
        (void)ledger_bytes(world, region, &ledger);
        for (int payee = 0; payee < PAYEES; payee++)
            for (int i = 0; i < 2; i++)
                assert_int_equal(requested->of_payee[region][payee][i], world->owed[region][payee][i]);
        for (int i = 0; i < 2; i++)
            for (int month = 1; month <= 12; month++) {
                const struct fund_book *found = fund_ledger_find(&ledger, fund_of_line[i]);
                struct fund_span span = { FUND_MONTH(2023, month), FUND_MONTH(2023, month) };
                int64_t paid = found == NULL ? 0 : fund_book_outgo(found, span).fen;
                assert_int_equal(requested->of_month[region][i][month], paid);
            }
        assert_null(fund_ledger_find(&ledger, FUND_HOSPITAL));
    }
    free(requested);
}

static void check_rebuilt(struct world *world)
{
    struct fund_ledger ledger;
    struct text before[REGIONS];
    for (int region = 0; region < REGIONS; region++)
        before[region] = ledger_bytes(world, region, &ledger);
    int64_t requests = 0, again = 0;
    for (int32_t p = 0; p < PARTITIONS; p++)
        requests += memory_broker_end(world->broker, "payment-request", p);
    replace_worker(world, true);
    run(world);
    for (int region = 0; region < REGIONS; region++)
        assert_true(text_equal(before[region], ledger_bytes(world, region, &ledger)));
    for (int32_t p = 0; p < PARTITIONS; p++)
        again += memory_broker_end(world->broker, "payment-request", p);
    assert_int_equal(requests, again);
}

/* ---- One county ---- */

static void live(struct world *world)
{
    char period[16];
    for (int event = 0, month = 1; event < EVENTS; event++) {
        int what = pick(world, 40);
        if (what == 0)
            change_many(world);
        else if (what == 1 && month < 9) {
            snprintf(period, sizeof period, "2023-%02d", month += pick(world, 3));
            for (int region = 0; region < REGIONS; region++)
                close_period(world, region, period);
        } else if (what == 2)
            run(world);
        else if (what == 3)
            replace_worker(world, pick(world, 2) == 0);
        else
            change_one(world);
    }
    run(world);
    for (int again = 0; again < 2; again++)
        for (int region = 0; region < REGIONS; region++)
            close_period(world, region, "2023-12");
    run(world);
}

static void county(unsigned seed)
{
    const struct stage_fund_config config = { .context = { &packs } };
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    logline_set_least(LOGLINE_ERROR + 1);
    world->seed = seed;
    world->broker = memory_broker_new(PARTITIONS);
    world->store = store_memory_new();
    world->stage = stage_fund_new(&config);
    world->arena = arena_new((size_t)1 << 30);
    start_worker(world);
    live(world);
    check(world);
    check_rebuilt(world);
    stop_worker(world);
    memory_broker_free(world->broker);
    world->store->ops->free(world->store);
    world->stage->ops->free(world->stage);
    arena_free(world->arena);
    free(world);
}

static void requests_ledger_and_settlements_agree(void **state)
{
    (void)state;
    const char *given = getenv("SETTLED_TEST_SEED");
    unsigned first = given == NULL ? 1 : (unsigned)atoi(given), count = given == NULL ? SEEDS : 1;
    for (unsigned seed = first; seed < first + count; seed++) {
        print_message("seed %u\n", seed);
        county(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(requests_ledger_and_settlements_agree) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
