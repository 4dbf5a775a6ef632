/* Every list of which all parts came is answered, whatever the stage itself thinks of it. */
#include "tests/sim/oracle.h"

#include "consumers/roster_update.h"
#include "proto/wire.h"

#define LISTS_MAX 16

struct sent_list {
    struct text roster_id;
    int32_t parts, came;
    bool has[ROSTER_PARTS_MAX + 1];
    bool is_answered;
};

struct sent_lists {
    struct sent_list items[LISTS_MAX];
    size_t count;
};

static struct sent_list *find(struct sent_lists *lists, struct text roster_id)
{
    for (size_t i = 0; i < lists->count; i++)
        if (text_equal(lists->items[i].roster_id, roster_id))
            return &lists->items[i];
    return NULL;
}

static void take_part(struct oracle *oracle, struct sent_lists *lists, const struct sim_entry *entry)
{
    struct roster_part part;
    if (entry->state != SIM_COMMITTED || entry->by != NULL
        || consumer_roster_update_decode(oracle->context, oracle->scratch, entry->record.value, &part, NULL)
            != STATUS_OK)
        return;
    struct sent_list *list = find(lists, part.header.roster_id);
    if (list == NULL) {
        CHECK(lists->count < LISTS_MAX);
        list = &lists->items[lists->count++];
        *list = (struct sent_list){ .roster_id = part.header.roster_id, .parts = part.header.parts };
    }
    list->came += !list->has[part.part];
    list->has[part.part] = true;
}

static void take_receipt(struct oracle *oracle, struct sent_lists *lists, const struct sim_entry *entry)
{
    const ProtobufCMessage *message;
    if (entry->state != SIM_COMMITTED)
        return;
    enum status status =
        wire_unpack(&settled__v1__roster_receipt__descriptor, oracle->scratch, entry->record.value, &message, NULL);
    CHECK(status == STATUS_OK);
    struct sent_list *list = find(lists, text_of(((const Settled__V1__RosterReceipt *)message)->roster_id));
    if (list != NULL)
        list->is_answered = true;
}

static void each(struct oracle *oracle, const char *topic, struct sent_lists *lists,
    void (*take)(struct oracle *oracle, struct sent_lists *lists, const struct sim_entry *entry))
{
    for (int32_t p = 0; p < oracle->broker->partition_count; p++) {
        const struct sim_tail *tail = &sim_broker_topic(oracle->broker, topic)->tails[p];
        for (int64_t i = 0; i < tail->count; i++)
            take(oracle, lists, tail->entries[i]);
    }
}

void oracle_end_lists(struct oracle *oracle)
{
    static struct sent_lists lists;
    lists.count = 0;
    each(oracle, ROSTER_TOPIC, &lists, take_part);
    each(oracle, "roster-receipt", &lists, take_receipt);
    for (size_t i = 0; i < lists.count; i++)
        if (lists.items[i].came == lists.items[i].parts && !lists.items[i].is_answered)
            sim_fail(oracle->sim, "list %.*s of %d parts was never answered", TEXT_FORMAT(lists.items[i].roster_id),
                (int)lists.items[i].parts);
    arena_reset(oracle->scratch);
}
