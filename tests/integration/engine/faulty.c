#include "tests/integration/engine/faulty.h"

#define OF(base, member) ((struct faulty *)(void *)((char *)(base)-offsetof(struct faulty, member)))

/* Whether this call is the one; a crashed process makes no calls that work. */
static enum faulty_kind now(struct faulty *faulty)
{
    if (faulty->has_crashed)
        return FAULTY_CRASH_BEFORE;
    if (faulty->kind == FAULTY_NOT || faulty->calls++ != faulty->at)
        return FAULTY_NOT;
    faulty->has_fired = true;
    faulty->has_crashed = faulty->kind >= FAULTY_CRASH_BEFORE;
    return faulty->kind;
}

#define PASS(faulty, failure, call)                                                                                    \
    do {                                                                                                               \
        enum faulty_kind kind = now(faulty);                                                                           \
        if (kind == FAULTY_BEFORE || kind == FAULTY_CRASH_BEFORE)                                                      \
            return fault_set(fault, (failure), "faulty", "before");                                                    \
        enum status status = (call);                                                                                   \
        return kind == FAULTY_NOT ? status : fault_set(fault, (failure), "faulty", "after");                           \
    } while (0)

/* A poll has no "after": what it returned would be lost, which no Kafka does. */
static enum status faulty_poll(struct log *log, int wait_ms, struct log_event *ret_event, struct fault *fault)
{
    struct faulty *faulty = OF(log, log);
    faulty->polls++;
    if (now(faulty) != FAULTY_NOT)
        return fault_set(fault, STATUS_KAFKA_UNREACHABLE, "faulty", "poll");
    enum status status = faulty->real_log->ops->poll(faulty->real_log, wait_ms, ret_event, fault);
    if (status == STATUS_OK && faulty->hides_ends && ret_event->kind == LOG_END)
        ret_event->kind = LOG_NOTHING;
    return status;
}

static void faulty_release(struct log *log, struct log_record *record)
{
    struct faulty *faulty = OF(log, log);
    faulty->real_log->ops->release(faulty->real_log, record);
}

static enum status faulty_start(
    struct log *log, const struct log_position *positions, size_t count, struct fault *fault)
{
    struct faulty *faulty = OF(log, log);
    PASS(faulty, STATUS_KAFKA_UNREACHABLE, faulty->real_log->ops->start(faulty->real_log, positions, count, fault));
}

static void faulty_stop(struct log *log)
{
    struct faulty *faulty = OF(log, log);
    faulty->real_log->ops->stop(faulty->real_log);
}

static enum status faulty_committed(struct log *log, struct log_position *positions, size_t count, struct fault *fault)
{
    struct faulty *faulty = OF(log, log);
    PASS(faulty, STATUS_KAFKA_UNREACHABLE, faulty->real_log->ops->committed(faulty->real_log, positions, count, fault));
}

static enum status faulty_commit(struct log *log, const struct log_output *outputs, size_t output_count,
    const struct log_position *positions, size_t position_count, struct fault *fault)
{
    struct faulty *faulty = OF(log, log);
    PASS(faulty, STATUS_TRANSACTION_FAILED,
        faulty->real_log->ops->commit(faulty->real_log, outputs, output_count, positions, position_count, fault));
}

static enum status faulty_reopen(struct log *log, struct fault *fault)
{
    struct faulty *faulty = OF(log, log);
    PASS(faulty, STATUS_KAFKA_UNREACHABLE, faulty->real_log->ops->reopen(faulty->real_log, fault));
}

static enum status faulty_read(
    struct store *store, struct arena *arena, struct store_read *reads, size_t count, struct fault *fault)
{
    struct faulty *faulty = OF(store, store);
    faulty->store_calls++;
    if (faulty->is_store_away)
        return fault_set(fault, STATUS_STORE_UNREACHABLE, "faulty", "away");
    PASS(faulty, STATUS_STORE_UNREACHABLE,
        faulty->real_store->ops->read(faulty->real_store, arena, reads, count, fault));
}

static enum status faulty_write(struct store *store, struct store_write *writes, size_t count, struct fault *fault)
{
    struct faulty *faulty = OF(store, store);
    faulty->store_calls++;
    if (faulty->is_store_away)
        return fault_set(fault, STATUS_STORE_UNREACHABLE, "faulty", "away");
    PASS(faulty, STATUS_STORE_UNREACHABLE, faulty->real_store->ops->write(faulty->real_store, writes, count, fault));
}

static enum status faulty_scan(struct store *store, int32_t partition, const struct store_key *after, size_t limit,
    struct store_key *ret_keys, size_t *ret_count, struct fault *fault)
{
    struct faulty *faulty = OF(store, store);
    faulty->store_calls++;
    if (faulty->is_store_away)
        return fault_set(fault, STATUS_STORE_UNREACHABLE, "faulty", "away");
    PASS(faulty, STATUS_STORE_UNREACHABLE,
        faulty->real_store->ops->scan(faulty->real_store, partition, after, limit, ret_keys, ret_count, fault));
}

void faulty_init(struct faulty *faulty, struct log *log, struct store *store)
{
    static const struct log_ops log_ops = { .poll = faulty_poll,
        .release = faulty_release,
        .start = faulty_start,
        .stop = faulty_stop,
        .committed = faulty_committed,
        .commit = faulty_commit,
        .reopen = faulty_reopen };
    static const struct store_ops store_ops = { .read = faulty_read, .write = faulty_write, .scan = faulty_scan };
    *faulty = (struct faulty){ .log.ops = &log_ops, .store.ops = &store_ops, .real_log = log, .real_store = store };
}
