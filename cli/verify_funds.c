#include "cli/verify_funds.h"

#include "cli/config_store.h"
#include "cli/key_index.h"
#include "cli/line.h"
#include "cli/verify_fund.h"
#include "consumers/stage_fund.h"

#include <string.h>
#include <time.h>

#define BOOK_BYTES ((size_t)1 << 30)
#define SCRATCH_BYTES ((size_t)256 << 20)
#define PATIENCE_MS 30000
#define ROUND_MS 300
#define ROUNDS_MOST 24
/** Rounds in which nothing moved: what differs then is a difference. */
#define ROUNDS_STILL 5

struct run {
    const struct verify_funds_request *request;
    struct kafka_reader *topics;
    struct store *store;
    struct verify_funds funds;
    struct arena *scratch;
    struct key_index requests; /* the ids of payment requests */
    uint64_t records;
    enum status status; /* of taking records */
};

/* ---- The topics ---- */

static enum status take_message(struct run *run, const ProtobufCMessage *message)
{
    if (message->descriptor == &settled__v1__fund_entry__descriptor)
        return verify_fund_take_entry(&run->funds, (const Settled__V1__FundEntry *)message);
    const Settled__V1__PaymentRequest *request = (const Settled__V1__PaymentRequest *)message;
    struct text id = text_of(request->payment_request_id);
    struct store_key key = key_of_texts(&id, 1);
    return key_index_add(&run->requests, &key, 1) ? verify_fund_take_request(&run->funds, request) : STATUS_OK;
}

static enum status take_value(struct run *run, struct text topic, struct text value)
{
    ProtobufCMessage *message;
    struct fault fault;
    if (text_equal(topic, TEXT("settlement")))
        return verify_fund_take_settlement(&run->funds, run->scratch, value);
    if (line_unpack(topic_find(topic), value, &message, &fault) != STATUS_OK)
        return STATUS_OK;
    enum status status = take_message(run, message);
    protobuf_c_message_free_unpacked(message, NULL);
    return status;
}

static void take_record(void *context, const rd_kafka_message_t *record)
{
    struct run *run = context;
    run->records++;
    if (record->payload == NULL || run->status != STATUS_OK)
        return;
    run->status =
        take_value(run, text_of(rd_kafka_topic_name(record->rkt)), (struct text){ record->payload, record->len });
    arena_reset(run->scratch);
}

static bool complain(const struct run *run, const char *what)
{
    command_complain(run->request->command, "funds: %s", what);
    return false;
}

static bool read_topics(struct run *run)
{
    if (!kafka_reader_ask_ends(run->topics) || !kafka_reader_drain(run->topics, PATIENCE_MS, take_record, run))
        return false;
    return run->status == STATUS_OK || complain(run, status_sentence(run->status));
}

/* ---- The stored ledgers ---- */

/* What a round has seen; two that are equal have seen nothing move. */
struct seen {
    uint64_t records;
    struct store_key ledgers;
};

static enum status add_hash(struct arena *arena, const struct fund_ledger *ledger, struct seen *seen)
{
    struct text texts[2] = { { (const char *)seen->ledgers.bytes, sizeof seen->ledgers.bytes }, TEXT_EMPTY };
    enum status status = fund_ledger_encode(arena, ledger, &texts[1]);
    if (status == STATUS_OK)
        seen->ledgers = key_of_texts(texts, COUNT_OF(texts));
    return status;
}

static bool is_damage(enum status status)
{
    return status == STATUS_BAD_STATE || status == STATUS_NEWER_STATE || status == STATUS_SEALED_STATE;
}

static bool compare_region(
    struct run *run, const struct verify_fund *fund, FILE *stream, struct verify_fund_found *found, struct seen *seen)
{
    struct fund_ledger ledger;
    struct fault fault = { .status = STATUS_OK };
    const struct stage_fund_query query = { run->store, run->request->config->secret, fund->region };
    enum status status = stage_fund_load(&query, run->scratch, &ledger, &fault);
    if (is_damage(status)) {
        found->differences++;
        if (stream != NULL)
            fprintf(stream, "%.*s funds: %s\n", TEXT_FORMAT(fund->region), status_sentence(status));
        return true;
    }
    bool is_there = status == STATUS_OK;
    if (is_there)
        status = add_hash(run->scratch, &ledger, seen);
    if (status != STATUS_OK && status != STATUS_AGAIN)
        return complain(run, fault.text[0] == '\0' ? status_sentence(status) : fault.text);
    verify_fund_compare(fund, is_there ? &ledger : NULL, stream, found);
    return true;
}

static bool compare_all(struct run *run, FILE *stream, struct verify_fund_found *ret_found, struct seen *ret_seen)
{
    *ret_found = (struct verify_fund_found){ 0 };
    *ret_seen = (struct seen){ .records = run->records };
    bool good = true;
    for (const struct verify_fund *fund = run->funds.first; fund != NULL && good; fund = fund->next) {
        good = compare_region(run, fund, stream, ret_found, ret_seen);
        arena_reset(run->scratch);
    }
    return good;
}

/* ---- Rounds ---- */

static bool run_rounds(struct run *run, struct verify_total *total)
{
    const struct timespec pause = { 0, ROUND_MS * 1000000L };
    struct verify_fund_found found;
    struct seen seen, before = { 0 };
    int still = 0;
    for (int round = 0; round < ROUNDS_MOST; round++) {
        if (!read_topics(run) || !compare_all(run, NULL, &found, &seen))
            return false;
        still = seen.records == before.records && memcmp(&seen.ledgers, &before.ledgers, sizeof seen.ledgers) == 0
            ? still + 1
            : 0;
        if (found.differences == 0 || still >= ROUNDS_STILL)
            break;
        before = seen;
        nanosleep(&pause, NULL);
    }
    bool moves = found.differences > 0 && still < ROUNDS_STILL;
    if (!moves && found.differences > 0 && !compare_all(run, run->request->stream, &found, &seen))
        return false;
    total->funds_moved = moves;
    total->fund_sums = found.compared;
    total->outgo = found.outgo;
    total->differences += moves ? 0 : found.differences;
    return true;
}

bool verify_funds(const struct verify_funds_request *request, struct verify_total *total)
{
    static const char *const names[] = { "settlement", "fund-entry", "payment-request", NULL };
    char name[CONFIG_STORE_NAME_SIZE];
    const struct kafka_reading reading = {
        .command = request->command, .config = request->config, .topics = names, .from_beginning = true
    };
    struct run run = { .request = request,
        .funds = { .arena = arena_new(BOOK_BYTES) },
        .scratch = arena_new(SCRATCH_BYTES),
        .store = config_store_new(request->config, "fund", name),
        .topics = kafka_reader_new(&reading) };
    CHECK(run.funds.arena != NULL && run.scratch != NULL && run.store != NULL);
    bool good = run.topics != NULL && kafka_reader_has_beginning(run.topics) && run_rounds(&run, total);
    kafka_reader_free(run.topics);
    run.store->ops->free(run.store);
    key_index_done(&run.requests);
    arena_free(run.scratch);
    arena_free(run.funds.arena);
    return good;
}
