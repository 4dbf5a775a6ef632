#include "cli/generate_roster.h"

#include "consumers/message_check.h"
#include "proto/json.h"
#include "proto/wire.h"

#include <stdio.h>

#define ROW Settled__V1__RosterUpdate__Row
#define ATTRIBUTE Settled__V1__RosterUpdate__Row__AttributesEntry
/* Of a part's rows one in so many is wrong. */
#define WRONG_EVERY 150

struct roster_writing {
    const struct generate_options *options;
    const struct county *county;
    const struct county_list *list;
    struct arena *arena;
    const struct planned *part;
    struct random random; /* of the wrong rows */
    ROW **rows;
    size_t row_count;
};

static bool is_delta(const struct planned *part)
{
    return part->number % 2 == 1;
}

static bool is_listed(const struct roster_writing *writing, uint32_t citizen, int edition)
{
    return county_is_listed(writing->county, writing->options->seed, writing->part->version, citizen, edition);
}

static char *copy_text(struct roster_writing *writing, const char *text)
{
    return wire_text(writing->arena, text_of(text));
}

static enum status add_funding(struct roster_writing *writing, ROW *row)
{
    ATTRIBUTE *entry = ARENA_NEW(writing->arena, ATTRIBUTE);
    row->attributes = ARENA_ARRAY(writing->arena, 1, ATTRIBUTE *);
    if (entry == NULL || row->attributes == NULL)
        return STATUS_ARENA_FULL;
    settled__v1__roster_update__row__attributes_entry__init(entry);
    entry->key = copy_text(writing, "funding");
    entry->value = copy_text(writing, writing->list->funding);
    row->attributes[0] = entry;
    row->n_attributes = 1;
    return STATUS_OK;
}

/* A digit mistyped, a name forgotten, a row twice: what a clerk in a hurry does. */
static void make_mistake(struct roster_writing *writing, ROW *row)
{
    int64_t chance = random_below(&writing->random, 3 * WRONG_EVERY);
    if (chance == 0)
        row->person_id[16] = row->person_id[16] == '9' ? '0' : (char)(row->person_id[16] + 1);
    else if (chance == 1)
        row->name = copy_text(writing, "");
    else if (chance == 2)
        writing->rows[writing->row_count++] = row;
}

static enum status add_row(struct roster_writing *writing, uint32_t number, bool is_removed)
{
    struct citizen citizen = county_citizen(writing->county, writing->options->seed, number);
    ROW *row = ARENA_NEW(writing->arena, ROW);
    if (row == NULL)
        return STATUS_ARENA_FULL;
    settled__v1__roster_update__row__init(row);
    row->person_id = copy_text(writing, citizen.id);
    row->name = copy_text(writing, citizen.name);
    if (is_removed)
        row->action = SETTLED__V1__ROSTER_UPDATE__ROW__ACTION__REMOVE;
    writing->rows[writing->row_count++] = row;
    make_mistake(writing, row);
    return writing->list->funding == NULL ? STATUS_OK : add_funding(writing, row);
}

/* A whole list has everybody who is on it; a change has who came and who went since the edition before. */
static enum status consider(struct roster_writing *writing, uint32_t citizen)
{
    int edition = (int)writing->part->number;
    bool is_on = is_listed(writing, citizen, edition);
    if (!is_delta(writing->part))
        return is_on ? add_row(writing, citizen, false) : STATUS_OK;
    return is_on == is_listed(writing, citizen, edition - 1) ? STATUS_OK : add_row(writing, citizen, !is_on);
}

static enum status add_rows(struct roster_writing *writing, Settled__V1__RosterUpdate *wire)
{
    uint32_t end = writing->part->citizen + generate_part_citizens(writing->list);
    if (end > writing->options->persons)
        end = writing->options->persons;
    writing->rows = ARENA_ARRAY(writing->arena, 2 * (end - writing->part->citizen), ROW *);
    if (writing->rows == NULL)
        return STATUS_ARENA_FULL;
    enum status status = STATUS_OK;
    for (uint32_t citizen = writing->part->citizen; citizen < end && status == STATUS_OK; citizen++)
        status = consider(writing, citizen);
    wire->rows = writing->rows;
    wire->n_rows = writing->row_count;
    return status;
}

static void fill_head(struct roster_writing *writing, Settled__V1__RosterUpdate *wire, Google__Protobuf__Timestamp *at)
{
    char roster_id[64];
    const struct planned *part = writing->part;
    uint32_t citizens = generate_part_citizens(writing->list);
    day stated_on = generate_edition_day(writing->options, (int)part->number);
    snprintf(roster_id, sizeof roster_id, "MD%s-%u-%u", writing->county->region, part->version, part->number);
    wire->roster_id = copy_text(writing, roster_id);
    wire->source = wire->department = copy_text(writing, writing->list->department);
    wire->recorded_at = message_timestamp((instant){ day_begin(stated_on).seconds, 0 }, at);
    wire->region = copy_text(writing, writing->county->region);
    wire->kind =
        writing->list->is_unit ? SETTLED__V1__ROSTER_UPDATE__KIND__UNIT : SETTLED__V1__ROSTER_UPDATE__KIND__HARDSHIP;
    wire->category = (Settled__V1__IdentityChange__Category)writing->list->category;
    wire->mode = is_delta(part) ? SETTLED__V1__ROSTER_UPDATE__MODE__DELTA : SETTLED__V1__ROSTER_UPDATE__MODE__FULL;
    wire->stated_on = wire->delivered_on = message_day_text(writing->arena, stated_on);
    wire->part = (int32_t)(part->citizen / citizens + 1);
    wire->parts = (int32_t)((writing->options->persons + citizens - 1) / citizens);
}

enum status generate_roster(
    const struct generate_options *options, const struct planned *part, struct arena *arena, json_t **ret_value)
{
    const struct county *county = options->counties[part->county];
    struct roster_writing writing = { .options = options,
        .county = county,
        .list = &county->lists[part->version],
        .arena = arena,
        .part = part,
        .random = random_at(options->seed, part->citizen, 6000000 + part->number * 1000 + part->version) };
    Settled__V1__RosterUpdate wire = SETTLED__V1__ROSTER_UPDATE__INIT;
    Google__Protobuf__Timestamp recorded_at;
    fill_head(&writing, &wire, &recorded_at);
    enum status status = add_rows(&writing, &wire);
    if (status == STATUS_OK && arena_is_full(arena))
        status = STATUS_ARENA_FULL;
    return status == STATUS_OK ? proto_json_write_value(&wire.base, ret_value, NULL) : status;
}
