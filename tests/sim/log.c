#include "tests/sim/log.h"

struct cursor {
    int64_t offset;
    bool is_started, end_was_said;
    int64_t end_said_at;
};

struct sim_log {
    struct log log;
    struct sim_broker *broker;
    struct sim_group *group;
    struct sim_process *process;
    int slot;
    int epoch;         /* of its producer */
    bool needs_reopen; /* the producer is broken, or was never made */
    bool is_replaced;
    int generation; /* of the assignment held; 0: none */
    int32_t owned[SIM_PARTITIONS_MAX];
    size_t owned_count;
    struct cursor cursors[ENGINE_TOPICS_MAX][SIM_PARTITIONS_MAX];
};

static struct sim_log *log_of(struct log *log)
{
    return (struct sim_log *)log;
}

static struct sim *sim_of(const struct sim_log *log)
{
    return log->broker->sim;
}

/* ---- The group: eager range assignment, told by polling ---- */

static size_t member_index(const struct sim_log *log)
{
    size_t i = 0;
    while (i < log->group->member_count && log->group->members[i] != log)
        i++;
    return i;
}

static void join(struct sim_log *log)
{
    CHECK(log->group->member_count < SIM_MEMBERS_MAX);
    log->group->members[log->group->member_count++] = log;
    log->group->generation++;
}

static void leave(struct sim_log *log)
{
    struct sim_group *group = log->group;
    size_t at = member_index(log);
    if (at == group->member_count)
        return;
    group->member_count--;
    memmove(&group->members[at], &group->members[at + 1], (group->member_count - at) * sizeof group->members[0]);
    group->generation++;
}

void sim_log_expel(struct log *log)
{
    leave(log_of(log));
}

void sim_log_replace(struct log *log)
{
    leave(log_of(log));
    log_of(log)->is_replaced = true;
}

static bool is_current(const struct sim_log *log)
{
    return log->generation == log->group->generation && member_index(log) < log->group->member_count;
}

bool sim_log_is_settled(struct log *log)
{
    return is_current(log_of(log));
}

/* Range: member i of m takes a run of partitions, the first `count % m` members one more than the others. */
static void assign(struct sim_log *log, struct log_event *ret_event)
{
    size_t members = log->group->member_count, me = member_index(log), count = (size_t)log->broker->partition_count;
    size_t each = count / members, more = count % members;
    size_t first = me * each + (me < more ? me : more);
    log->owned_count = each + (me < more);
    for (size_t i = 0; i < log->owned_count; i++)
        log->owned[i] = (int32_t)(first + i);
    log->generation = log->group->generation;
    sim_say(sim_of(log), "%s owns %zu partitions from %zu, generation %d", log->process->name, log->owned_count, first,
        log->generation);
    *ret_event =
        (struct log_event){ .kind = LOG_ASSIGNED, .partitions = log->owned, .partition_count = log->owned_count };
}

static void rebalance(struct sim_log *log, struct log_event *ret_event)
{
    if (member_index(log) == log->group->member_count)
        join(log);
    memset(log->cursors, 0, sizeof log->cursors);
    if (log->generation == 0) {
        assign(log, ret_event);
        return;
    }
    sim_say(sim_of(log), "%s loses its partitions", log->process->name);
    log->generation = 0;
    log->owned_count = 0;
    *ret_event = (struct log_event){ .kind = LOG_REVOKED };
}

/* ---- Reading ---- */

static struct sim_tail *tail_of(const struct sim_log *log, int topic, int32_t partition)
{
    return &sim_broker_topic(log->broker, log->group->topics[topic])->tails[partition];
}

static void give_record(const struct sim_log *log, const struct log_position *at, const struct sim_entry *entry,
    struct log_event *ret_event)
{
    const struct log_output *record = &entry->record;
    *ret_event = (struct log_event){ .kind = LOG_RECORD,
        .record = { .topic = at->topic,
            .partition = at->partition,
            .partition_count = log->broker->partition_count,
            .offset = at->offset,
            .appended_at = entry->appended_at,
            .key = record->key,
            .value = record->value,
            .has_value = true,
            .headers = record->headers,
            .header_count = record->header_count } };
    sim_say(sim_of(log), "%s   reads %s/%d@%lld", log->process->name, log->group->topics[at->topic], (int)at->partition,
        (long long)at->offset);
}

/* Whether this cursor has something to say: a record, or once that it stands at the end. */
static bool look(struct sim_log *log, int topic, int32_t partition, struct log_event *ret_event)
{
    struct cursor *cursor = &log->cursors[topic][partition];
    const struct sim_entry *entry;
    if (!cursor->is_started)
        return false;
    cursor->offset = sim_tail_next(tail_of(log, topic, partition), cursor->offset, &entry);
    struct log_position at = { topic, partition, cursor->offset };
    if (entry != NULL) {
        give_record(log, &at, entry, ret_event);
        cursor->offset++;
        cursor->end_was_said = false;
        return true;
    }
    if (cursor->end_was_said && cursor->end_said_at == cursor->offset)
        return false;
    cursor->end_was_said = true;
    cursor->end_said_at = cursor->offset;
    *ret_event = (struct log_event){ .kind = LOG_END, .position = at };
    return true;
}

/* Topics and partitions in any order, a topic of a partition in its own. */
static bool look_anywhere(struct sim_log *log, struct log_event *ret_event)
{
    int count = log->group->topic_count * (int)log->owned_count;
    int first = count == 0 ? 0 : sim_roll(sim_of(log), count);
    for (int i = 0; i < count; i++) {
        int at = (first + i) % count;
        if (look(log, at % log->group->topic_count, log->owned[at / log->group->topic_count], ret_event))
            return true;
    }
    return false;
}

static bool is_away(const struct sim_log *log, int per_mille)
{
    return log->process->is_dead || log->broker->is_away || sim_happens(sim_of(log), per_mille);
}

static enum status sim_poll(struct log *base, int wait_ms, struct log_event *ret_event, struct fault *fault)
{
    struct sim_log *log = log_of(base);
    const struct sim_weather *weather = &sim_of(log)->weather;
    *ret_event = (struct log_event){ .kind = LOG_NOTHING };
    if (log->is_replaced)
        return fault_set(fault, STATUS_FENCED, "log.poll", "another process has this name");
    if (is_away(log, weather->poll_refused)) {
        log->process->elapsed_ms += wait_ms;
        return fault_set(fault, STATUS_KAFKA_UNREACHABLE, "log.poll", "all brokers down");
    }
    bool notices = !is_current(log) && !sim_happens(sim_of(log), weather->rebalance_noticed_late);
    if (notices || log->generation == 0) {
        rebalance(log, ret_event);
        return STATUS_OK;
    }
    if (sim_happens(sim_of(log), weather->poll_gives_nothing) || !look_anywhere(log, ret_event))
        log->process->elapsed_ms += wait_ms;
    return STATUS_OK;
}

static void sim_release(struct log *log, struct log_record *record)
{
    (void)log, (void)record; /* the broker keeps everything */
}

static enum status sim_start(struct log *base, const struct log_position *positions, size_t count, struct fault *fault)
{
    struct sim_log *log = log_of(base);
    if (is_away(log, sim_of(log)->weather.call_refused))
        return fault_set(fault, STATUS_KAFKA_UNREACHABLE, "log.start", "no answer");
    memset(log->cursors, 0, sizeof log->cursors);
    for (size_t i = 0; i < count; i++) {
        const struct log_position *at = &positions[i];
        if (at->offset < 0 || at->offset > tail_of(log, at->topic, at->partition)->count)
            sim_fail(sim_of(log), "%s starts at %s/%d@%lld, which never was", log->process->name,
                log->group->topics[at->topic], (int)at->partition, (long long)at->offset);
        log->cursors[at->topic][at->partition] = (struct cursor){ .offset = at->offset, .is_started = true };
    }
    return STATUS_OK;
}

static void sim_stop(struct log *log)
{
    memset(log_of(log)->cursors, 0, sizeof log_of(log)->cursors);
}

static enum status sim_committed_offsets(
    struct log *base, struct log_position *positions, size_t count, struct fault *fault)
{
    struct sim_log *log = log_of(base);
    if (is_away(log, sim_of(log)->weather.call_refused))
        return fault_set(fault, STATUS_KAFKA_UNREACHABLE, "log.committed", "no answer");
    for (size_t i = 0; i < count; i++)
        if (sim_broker_is_unstable(log->broker, log->group, positions[i].topic, positions[i].partition))
            return fault_set(fault, STATUS_KAFKA_UNREACHABLE, "log.committed", "a transaction is pending");
    for (size_t i = 0; i < count; i++)
        positions[i].offset = log->group->committed[positions[i].topic][positions[i].partition];
    return STATUS_OK;
}

/* ---- Writing ---- */

static enum status failed(struct sim_log *log, struct fault *fault, const char *why)
{
    log->needs_reopen = true;
    sim_say(sim_of(log), "%s   its transaction failed: %s", log->process->name, why);
    return fault_set(fault, STATUS_TRANSACTION_FAILED, "log.commit", "%s", why);
}

/* Whether the transaction begins at all, and its positions are taken. */
static enum status admit(struct sim_log *log, struct fault *fault)
{
    if (log->epoch != log->group->epochs[log->slot] && !log->needs_reopen)
        return fault_set(fault, STATUS_FENCED, "log.commit", "a newer producer has this transactional id");
    if (log->needs_reopen)
        return failed(log, fault, "the producer is broken and was not made anew");
    if (is_away(log, sim_of(log)->weather.transaction_refused))
        return failed(log, fault, "no broker");
    return STATUS_OK;
}

/* It may hang, and be ended much later by nobody in particular; a dying worker's is at its worst. */
static enum status end(struct sim_log *log, struct sim_transaction *transaction, struct fault *fault)
{
    struct sim *sim = sim_of(log);
    const struct sim_weather *weather = &sim->weather;
    if (sim_happens(sim, weather->transaction_hangs))
        return failed(log, fault, "no answer, and it hangs");
    if (sim_happens(sim, weather->transaction_aborted)) {
        sim_broker_end(log->broker, transaction, false);
        return failed(log, fault, "aborted");
    }
    if (sim_happens(sim, weather->dies_in_commit)) {
        log->process->is_dead = true;
        if (sim_one_in(sim, 2))
            sim_broker_end(log->broker, transaction, true);
        return failed(log, fault, "the worker died in it");
    }
    sim_broker_end(log->broker, transaction, true);
    return sim_happens(sim, weather->transaction_answer_lost) ? failed(log, fault, "no answer, and it is committed")
                                                              : STATUS_OK;
}

static enum status sim_commit(struct log *base, const struct log_output *outputs, size_t output_count,
    const struct log_position *positions, size_t position_count, struct fault *fault)
{
    struct sim_log *log = log_of(base);
    enum status status = admit(log, fault);
    if (status != STATUS_OK)
        return status;
    const struct sim_transaction begun = { .group = log->group,
        .slot = log->slot,
        .epoch = log->epoch,
        .positions = (struct log_position *)(uintptr_t)positions,
        .position_count = position_count };
    sim_say(sim_of(log), "%s   writes %zu outputs and %zu positions", log->process->name, output_count, position_count);
    struct sim_transaction *transaction = sim_broker_transact(log->broker, &begun, outputs, output_count);
    if (!is_current(log)) {
        sim_broker_end(log->broker, transaction, false);
        return failed(log, fault, "its generation is over");
    }
    return end(log, transaction, fault);
}

static enum status sim_reopen(struct log *base, struct fault *fault)
{
    struct sim_log *log = log_of(base);
    if (log->is_replaced)
        return fault_set(fault, STATUS_FENCED, "log.reopen", "another process has this name");
    if (is_away(log, sim_of(log)->weather.call_refused))
        return fault_set(fault, STATUS_KAFKA_UNREACHABLE, "log.reopen", "no answer");
    log->epoch = sim_broker_init_transactions(log->broker, log->group, log->slot);
    log->needs_reopen = false;
    return STATUS_OK;
}

static void sim_close(struct log *log)
{
    leave(log_of(log));
}

struct log *sim_log_new(struct sim_broker *broker, struct sim_group *group, int slot, struct sim_process *process)
{
    static const struct log_ops ops = { .poll = sim_poll,
        .release = sim_release,
        .start = sim_start,
        .stop = sim_stop,
        .committed = sim_committed_offsets,
        .commit = sim_commit,
        .reopen = sim_reopen,
        .close = sim_close };
    struct sim_log *log = SIM_NEW(broker->sim, struct sim_log);
    *log = (struct sim_log){
        .log.ops = &ops, .broker = broker, .group = group, .process = process, .slot = slot, .needs_reopen = true
    };
    join(log);
    return &log->log;
}
