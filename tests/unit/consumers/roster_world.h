/** A worker of the roster stage over memory, lists to send to it, and all that comes out as lines of text to compare
 *  with. */
#pragma once

#include "consumers/engine.h"
#include "consumers/log_memory.h"
#include "consumers/logline.h"
#include "consumers/person_id.h"
#include "consumers/roster_update.h"
#include "consumers/stage_roster.h"
#include "policy/term.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"
#include "state/store_memory.h"
#include "tests/integration/engine/faulty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define WORLD_TURNS_MAX 1000000
#define WORLD_ATTRIBUTES_MAX 8

/* A region that pays from one fund, and levies a tenth of payrolls for another: half of it is granted. */
static const struct policy_version world_levy = { .period = { DAY_FIRST, DAY_LAST },
    .levy = { .levy = { 1000 }, .grant_part = { 5000 }, .holder = CATEGORY_CIVIL_SERVANT_SUBSIDY } };
static const struct policy_rule world_rules[] = {
    { .id = "made.table", .kind = POLICY_CATEGORY_TABLE, .fund = FUND_ASSISTANCE },
    { .id = "made.levy", .kind = POLICY_LEVY_GRANT, .fund = FUND_CIVIL_SERVANT, .versions = &world_levy, .count = 1 },
};
static const struct policy_pack world_pack = {
    .region = "140425", .rules = world_rules, .rule_count = COUNT_OF(world_rules), .levy = &world_rules[1]
};
static const struct policy_pack *world_pack_list[] = { &world_pack };
static const struct policy_packs world_packs = { world_pack_list, 1 };
static const struct consumer_context world_context = { &world_packs };
static const char *const world_topics[] = { ROSTER_TOPIC, NULL };
static const char *const world_outputs[] = { "identity-change", "person-fact", "roster-receipt", "rejection",
    "fund-entry", "period-close" };

struct world {
    struct memory_broker *broker;
    struct store *store;
    struct stage *stage;
    struct log *log;
    struct faulty faulty;
    struct engine *engine;
    struct arena *arena; /* of what is sent and read */
    int32_t partitions;
    int64_t now_ms;
    int64_t told[COUNT_OF(world_outputs)][16]; /* outputs before these offsets are in `lines` or were skipped */
    size_t arena_bytes;
    size_t batch_records_max;
};

static inline int64_t world_elapsed_ms(void *context)
{
    return ++((struct world *)context)->now_ms;
}

static inline instant world_now(void *context)
{
    (void)context;
    return (instant){ 1700000000, 0 };
}

/* A worker dies when it is thrown away, and another takes over from the log and the store. */
static inline void world_start_worker(struct world *world)
{
    const struct engine_config config = { .name = "roster",
        .arena_bytes = world->arena_bytes,
        .batch_records_max = world->batch_records_max,
        .gather_ms = 1,
        .clock = { world_now, world_elapsed_ms, world } };
    world->log = log_memory_new(world->broker, world_topics);
    faulty_init(&world->faulty, world->log, world->store);
    assert_int_equal(
        engine_new(&config, &world->faulty.log, &world->faulty.store, world->stage, &world->engine, NULL), STATUS_OK);
}

static inline void world_kill_worker(struct world *world)
{
    engine_free(world->engine);
    world->log->ops->close(world->log);
}

static inline void world_begin(struct world *world, int32_t partitions)
{
    logline_set_least(LOGLINE_ERROR + 1);
    *world = (struct world){ .broker = memory_broker_new(partitions), .store = store_memory_new() };
    world->stage = stage_roster_new(&world_context);
    world->arena = arena_new((size_t)4 << 30);
    world->partitions = partitions;
    world->arena_bytes = (size_t)256 << 20;
    world->batch_records_max = 100;
    world_start_worker(world);
}

static inline void world_end(struct world *world)
{
    world_kill_worker(world);
    memory_broker_free(world->broker);
    world->store->ops->free(world->store);
    world->stage->ops->free(world->stage);
    arena_free(world->arena);
}

static inline bool world_all_committed(const struct world *world)
{
    for (int32_t p = 0; p < world->partitions; p++) {
        int64_t last = memory_broker_end(world->broker, ROSTER_TOPIC, p);
        while (last > 0 && memory_broker_record(world->broker, ROSTER_TOPIC, p, last - 1) == NULL)
            last--;
        if (last > 0 && memory_broker_committed(world->broker, ROSTER_TOPIC, p) < last)
            return false;
    }
    return true;
}

/* Turns until nothing is left to do, or the worker crashed. */
static inline void world_run(struct world *world)
{
    struct engine_health health;
    for (int turn = 0; turn < WORLD_TURNS_MAX; turn++) {
        struct fault fault = { .status = STATUS_OK };
        enum status status = engine_turn(world->engine, &fault);
        if (world->faulty.has_crashed)
            return;
        engine_health(world->engine, &health);
        if (status_class(status) == STATUS_CLASS_STOP || health.partitions_stopped > 0)
            fail_msg("%s: %s %s", status_name(status), health.cause, fault.text);
        if (status == STATUS_AGAIN && health.state == ENGINE_LIVE && world_all_committed(world))
            return;
    }
    fail_msg("no end after %d turns", WORLD_TURNS_MAX);
}

/* ---- What is sent ---- */

struct sent_row {
    const char *id, *name;
    int action;             /* 0, 1 ADD, 2 REMOVE */
    const char *from;       /* NULL: left out */
    const char *attributes; /* "scheme=EMPLOYEE period=2023-01"; NULL: none */
};

/* What is NULL or zero is as in `sent_defaults`. */
struct sent {
    const char *roster_id, *source, *region, *department, *stated_on, *delivered_on, *note, *key;
    int kind, category, mode, part, parts;
    int64_t recorded_at;
    const struct sent_row *rows;
    size_t row_count;
};

#define NO_CATEGORY (-1)

static inline struct sent sent_with_defaults(const struct sent *given)
{
    struct sent sent = *given;
    sent.roster_id = sent.roster_id == NULL ? "R1" : sent.roster_id;
    sent.source = sent.source == NULL ? "upload" : sent.source;
    sent.region = sent.region == NULL ? "140425" : sent.region;
    sent.department = sent.department == NULL ? "civil" : sent.department;
    sent.stated_on = sent.stated_on == NULL ? "2023-01-01" : sent.stated_on;
    sent.delivered_on = sent.delivered_on == NULL ? sent.stated_on : sent.delivered_on;
    sent.note = sent.note == NULL ? "" : sent.note;
    sent.kind = sent.kind == 0 ? ROSTER_HARDSHIP : sent.kind;
    sent.category = sent.category == 0 ? CATEGORY_SUBSISTENCE_ALLOWANCE : sent.category;
    if (sent.category == NO_CATEGORY)
        sent.category = 0;
    sent.mode = sent.mode == 0 ? ROSTER_FULL : sent.mode;
    sent.recorded_at = sent.recorded_at == 0 ? 1680000000 : sent.recorded_at;
    return sent;
}

static inline char *world_text(struct world *world, const char *text)
{
    return wire_text(world->arena, text_of(text));
}

typedef Settled__V1__RosterUpdate__Row__AttributesEntry sent_attribute;

static inline void fill_attributes(struct world *world, const char *text, Settled__V1__RosterUpdate__Row *row)
{
    row->attributes = ARENA_ARRAY(world->arena, WORLD_ATTRIBUTES_MAX, sent_attribute *);
    char *copy = world_text(world, text), *rest = NULL;
    for (char *pair = strtok_r(copy, " ", &rest); pair != NULL; pair = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(pair, '=');
        sent_attribute *attribute = ARENA_NEW(world->arena, sent_attribute);
        *value = '\0';
        settled__v1__roster_update__row__attributes_entry__init(attribute);
        attribute->key = pair;
        attribute->value = value + 1;
        row->attributes[row->n_attributes++] = attribute;
    }
}

static inline void fill_rows(struct world *world, const struct sent *sent, Settled__V1__RosterUpdate *wire)
{
    wire->rows = ARENA_ARRAY(world->arena, sent->row_count, Settled__V1__RosterUpdate__Row *);
    wire->n_rows = sent->row_count;
    for (size_t i = 0; i < sent->row_count; i++) {
        const struct sent_row *from = &sent->rows[i];
        Settled__V1__RosterUpdate__Row *row = ARENA_NEW(world->arena, Settled__V1__RosterUpdate__Row);
        settled__v1__roster_update__row__init(row);
        row->person_id = world_text(world, from->id == NULL ? "" : from->id);
        row->name = world_text(world, from->name == NULL ? "" : from->name);
        row->action = (Settled__V1__RosterUpdate__Row__Action)from->action;
        row->from = world_text(world, from->from == NULL ? "" : from->from);
        if (from->attributes != NULL)
            fill_attributes(world, from->attributes, row);
        wire->rows[i] = row;
    }
}

static inline struct text world_pack_list_message(struct world *world, const struct sent *sent)
{
    Settled__V1__RosterUpdate wire = SETTLED__V1__ROSTER_UPDATE__INIT;
    Google__Protobuf__Timestamp recorded_at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    recorded_at.seconds = sent->recorded_at;
    wire.roster_id = world_text(world, sent->roster_id);
    wire.source = world_text(world, sent->source);
    wire.recorded_at = &recorded_at;
    wire.region = world_text(world, sent->region);
    wire.department = world_text(world, sent->department);
    wire.kind = (Settled__V1__RosterUpdate__Kind)sent->kind;
    wire.category = (Settled__V1__IdentityChange__Category)sent->category;
    wire.mode = (Settled__V1__RosterUpdate__Mode)sent->mode;
    wire.stated_on = world_text(world, sent->stated_on);
    wire.delivered_on = world_text(world, sent->delivered_on);
    wire.manual_note = world_text(world, sent->note);
    wire.part = sent->part;
    wire.parts = sent->parts;
    fill_rows(world, sent, &wire);
    struct text value;
    assert_int_equal(wire_pack(&wire.base, world->arena, &value), STATUS_OK);
    return value;
}

static inline struct text world_key(struct world *world, const struct sent *sent)
{
    struct roster_header header = { .region = text_of(sent->region), .department = text_of(sent->department) };
    struct text key = text_of(sent->key);
    header.kind = (uint8_t)sent->kind;
    header.category = (uint8_t)sent->category;
    if (sent->key == NULL)
        assert_int_equal(consumer_roster_key(world->arena, &header, &key), STATUS_OK);
    return key;
}

static inline void world_append(struct world *world, const struct log_output *record)
{
    memory_broker_append(world->broker, record, (instant){ 1, 0 });
}

static inline void world_send(struct world *world, const struct sent *given)
{
    struct sent sent = sent_with_defaults(given);
    struct log_output record = { .topic = ROSTER_TOPIC, .partition = -1, .key = world_key(world, &sent) };
    record.value = world_pack_list_message(world, &sent);
    world_append(world, &record);
}

/* ---- What comes out ---- */

/* The identity number of the n-th person: born so many days after 1950-01-01. ID_SIZE bytes. */
#define ID_SIZE (PERSON_ID_LENGTH + 1)
static inline char *person(int n, char *id)
{
    struct day_parts born = day_parts(day_add(day_of(1950, 1, 1), n % 20000));
    char digits[64];
    snprintf(digits, sizeof digits, "140425%04d%02d%02d%03d", born.year, born.month, born.day, n / 20000 % 1000);
    memcpy(id, digits, PERSON_ID_LENGTH - 1);
    id[PERSON_ID_LENGTH - 1] = person_id_check(digits);
    id[PERSON_ID_LENGTH] = '\0';
    return id;
}

/* The way back. */
static inline int person_number(const char *id)
{
    day born;
    char text[] = { id[6], id[7], id[8], id[9], '-', id[10], id[11], '-', id[12], id[13], '\0' };
    if (!person_id_is_valid(text_of(id)) || !day_parse(text, 10, &born))
        return -1;
    return born.n - day_of(1950, 1, 1).n + 20000 * atoi((char[]){ id[14], id[15], id[16], '\0' });
}

#define LINE_SIZE 1024
struct lines {
    char (*at)[LINE_SIZE];
    size_t count, capacity;
};

static inline char *lines_add(struct lines *lines)
{
    if (lines->count == lines->capacity) {
        lines->capacity = lines->capacity == 0 ? 64 : 2 * lines->capacity;
        lines->at = realloc(lines->at, lines->capacity * sizeof *lines->at);
        assert_non_null(lines->at);
    }
    lines->at[lines->count][0] = '\0';
    return lines->at[lines->count++];
}

static inline void line_of_change(const Settled__V1__IdentityChange *change, char *line)
{
    size_t length = (size_t)snprintf(line, LINE_SIZE, "%s %s p%d %s %s",
        change->action == SETTLED__V1__IDENTITY_CHANGE__ACTION__GRANT ? "GRANT" : "REVOKE",
        term_name(TERM_CATEGORY, (int)change->category), person_number(change->person_id), change->effective_on,
        change->name);
    for (size_t i = 0; i < change->n_attributes; i++) {
        const char *value = change->attributes[i]->value;
        if (person_id_is_valid(text_of(value)))
            length += (size_t)snprintf(line + length, LINE_SIZE - length, " p%d", person_number(value));
        else
            length += (size_t)snprintf(line + length, LINE_SIZE - length, " %s", value);
    }
}

static inline void line_of_fact(const Settled__V1__PersonFact *fact, char *line)
{
    const char *action = fact->action == SETTLED__V1__PERSON_FACT__ACTION__REMOVE ? "REMOVE" : "ADD";
    const Settled__V1__PersonFact__Contribution *contribution = fact->contribution;
    const Settled__V1__PersonFact__Enrolment *enrolment = fact->enrolment;
    if (fact->fact_case == SETTLED__V1__PERSON_FACT__FACT_CONTRIBUTION)
        snprintf(line, LINE_SIZE, "%s p%d %s %s %s %lld %lld", action, person_number(fact->person_id),
            term_name(TERM_CONTRIBUTION, (int)contribution->scheme), contribution->period, contribution->paid_on,
            (long long)contribution->amount_fen, (long long)contribution->account_credit_fen);
    else
        snprintf(line, LINE_SIZE, "%s p%d %d %s %lld", action, person_number(fact->person_id), enrolment->year,
            enrolment->paid_on, (long long)enrolment->premium_fen);
}

static inline void line_of_receipt(const Settled__V1__RosterReceipt *receipt, char *line)
{
    size_t length = (size_t)snprintf(line, LINE_SIZE, "%s %s%s%s %lld=%lld+%lld g%lld r%lld u%lld %d/%d",
        receipt->roster_id, receipt->outcome == SETTLED__V1__ROSTER_RECEIPT__OUTCOME__TAKEN ? "TAKEN" : "REFUSED",
        receipt->reason[0] == '\0' ? "" : " ", receipt->reason, (long long)receipt->rows, (long long)receipt->taken,
        (long long)receipt->refused, (long long)receipt->granted, (long long)receipt->revoked,
        (long long)receipt->unchanged, receipt->number, receipt->numbers);
    for (size_t i = 0; i < receipt->n_refused_rows && length < LINE_SIZE - 200; i++) {
        const Settled__V1__RosterReceipt__RefusedRow *row = receipt->refused_rows[i];
        assert_true(row->detail[0] != '\0');
        length += (size_t)snprintf(
            line + length, LINE_SIZE - length, ", %d.%d %s %s", row->part, row->row, row->reason, row->field);
    }
}

static inline void line_of_income(const Settled__V1__FundEntry *entry, char *line)
{
    const Settled__V1__FundEntry__Income *income = entry->income;
    assert_non_null(income);
    snprintf(line, LINE_SIZE, "INCOME %s %s %s %s %lld%s", entry->region, term_name(TERM_FUND, (int)income->fund),
        term_name(TERM_INCOME, (int)income->source), income->date, (long long)income->amount_fen,
        income->removed ? " REMOVE" : "");
}

static inline void line_of_grant(const Settled__V1__PeriodClose *close, char *line)
{
    snprintf(line, LINE_SIZE, "ANNOUNCE %s%s %lld", close->period, close->grant_on, (long long)close->grant_fen);
}

static inline void line_of_output(struct world *world, size_t topic, const struct log_output *record, char *line)
{
    static const ProtobufCMessageDescriptor *const descriptors[] = { &settled__v1__identity_change__descriptor,
        &settled__v1__person_fact__descriptor, &settled__v1__roster_receipt__descriptor,
        &settled__v1__rejection__descriptor, &settled__v1__fund_entry__descriptor,
        &settled__v1__period_close__descriptor };
    size_t mark = arena_mark(world->arena);
    const ProtobufCMessage *message;
    assert_true(record->value.length < 900000);
    assert_int_equal(wire_unpack(descriptors[topic], world->arena, record->value, &message, NULL), STATUS_OK);
    switch (topic) {
    case 0:
        line_of_change((const Settled__V1__IdentityChange *)message, line);
        break;
    case 1:
        line_of_fact((const Settled__V1__PersonFact *)message, line);
        break;
    case 2:
        line_of_receipt((const Settled__V1__RosterReceipt *)message, line);
        break;
    case 4:
        line_of_income((const Settled__V1__FundEntry *)message, line);
        break;
    case 5:
        line_of_grant((const Settled__V1__PeriodClose *)message, line);
        break;
    default:
        snprintf(line, LINE_SIZE, "%s %s", ((const Settled__V1__Rejection *)message)->reason,
            ((const Settled__V1__Rejection *)message)->field);
    }
    arena_rewind(world->arena, mark);
}

static inline int line_order(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* What came out since the last look: changes in order of their text, then receipts and rejections as they came. */
static inline struct lines world_tell(struct world *world)
{
    struct lines lines = { 0 };
    for (size_t topic = 0; topic < COUNT_OF(world_outputs); topic++) {
        size_t first = lines.count;
        for (int32_t p = 0; p < world->partitions; p++)
            for (int64_t *at = &world->told[topic][p]; *at < memory_broker_end(world->broker, world_outputs[topic], p);
                 ++*at) {
                const struct log_output *record = memory_broker_record(world->broker, world_outputs[topic], p, *at);
                if (record != NULL)
                    line_of_output(world, topic, record, lines_add(&lines));
            }
        if (topic < 2 && lines.count > first)
            qsort(lines.at + first, lines.count - first, LINE_SIZE, line_order);
    }
    return lines;
}

/* `expected`: the lines, each followed by a newline. */
static inline void world_expect(struct world *world, const char *expected)
{
    world_run(world);
    struct lines lines = world_tell(world);
    size_t size = 1;
    for (size_t i = 0; i < lines.count; i++)
        size += strlen(lines.at[i]) + 1;
    char *all = calloc(1, size), *end = all;
    assert_non_null(all);
    for (size_t i = 0; i < lines.count; i++)
        end = stpcpy(stpcpy(end, lines.at[i]), "\n");
    assert_string_equal(all, expected);
    free(all);
    free(lines.at);
}
