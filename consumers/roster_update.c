#include "consumers/roster_update.h"

#include "consumers/message_check.h"
#include "consumers/person_id.h"
#include "proto/wire.h"
#include "state/roster_code.h"
#include "state/roster_row.h"

#include <stdio.h>

#define WIRE_KIND(name) SETTLED__V1__ROSTER_UPDATE__KIND__##name
_Static_assert((int)WIRE_KIND(HARDSHIP) == ROSTER_HARDSHIP && (int)WIRE_KIND(UNIT) == ROSTER_UNIT, "as on the wire");
_Static_assert((int)WIRE_KIND(CONTRIBUTION) == ROSTER_CONTRIBUTION, "as on the wire");
_Static_assert((int)WIRE_KIND(ENROLMENT) == ROSTER_ENROLMENT, "as on the wire");
_Static_assert((int)WIRE_KIND(FAMILY) == ROSTER_FAMILY && (int)WIRE_KIND(FUND) == ROSTER_FUND, "as on the wire");
_Static_assert((int)SETTLED__V1__ROSTER_UPDATE__MODE__FULL == ROSTER_FULL, "as on the wire");
_Static_assert((int)SETTLED__V1__ROSTER_UPDATE__MODE__DELTA == ROSTER_DELTA, "as on the wire");

/** A day that no list is stated on: delivered_on was left out. */
#define NOT_DELIVERED ((day){ INT32_MIN })

static bool is_running_kind(int kind)
{
    return kind == ROSTER_HARDSHIP || kind == ROSTER_UNIT;
}

static void check_given(struct message_check *check, const Settled__V1__RosterUpdate *wire)
{
    message_text_given(check, text_of(wire->roster_id), "roster_id");
    message_text_given(check, text_of(wire->source), "source");
    message_value_given(check, wire->recorded_at != NULL, "recorded_at");
    message_text_given(check, text_of(wire->region), "region");
    message_text_given(check, text_of(wire->department), "department");
    message_value_given(check, wire->kind != 0, "kind");
    if (is_running_kind((int)wire->kind)) {
        message_value_given(check, wire->category != 0, "category");
        message_value_given(check, wire->mode != 0, "mode");
    }
    message_text_given(check, text_of(wire->stated_on), "stated_on");
}

/* A list of relatives by category would have one row for each person; relatives are kind FAMILY. */
static void check_values(
    struct message_check *check, const struct roster_part *part, const Settled__V1__RosterUpdate *wire)
{
    if (roster_is_running(&part->header) && part->header.category == CATEGORY_RELATIVE)
        message_refuse(check, STATUS_BAD_VALUE, "category");
    if (wire->parts < 0 || wire->parts > ROSTER_PARTS_MAX)
        message_refuse(check, STATUS_BAD_VALUE, "parts");
    if (part->part < 1 || part->part > part->header.parts)
        message_refuse(check, STATUS_BAD_VALUE, "part");
}

static void read_header(struct message_check *check, const Settled__V1__RosterUpdate *wire, struct roster_part *part)
{
    struct roster_header *header = &part->header;
    *header = (struct roster_header){ .roster_id = text_of(wire->roster_id), .source = text_of(wire->source) };
    header->region = text_of(wire->region);
    header->department = text_of(wire->department);
    header->manual_note = text_of(wire->manual_note);
    message_range_check(check, (int)wire->kind, ROSTER_FUND, "kind");
    header->kind = (uint8_t)wire->kind;
    header->category = message_term_read(check, TERM_CATEGORY, (int)wire->category, "category", 0);
    message_range_check(check, (int)wire->mode, ROSTER_DELTA, "mode");
    header->mode = wire->mode == 0 ? ROSTER_DELTA : (uint8_t)wire->mode;
    part->recorded_at = message_instant_read(check, wire->recorded_at, "recorded_at");
    header->stated_on = message_day_read(check, text_of(wire->stated_on), "stated_on");
    header->delivered_on = NOT_DELIVERED;
    if (wire->delivered_on[0] != '\0')
        header->delivered_on = message_day_read(check, text_of(wire->delivered_on), "delivered_on");
    header->parts = wire->parts == 0 ? 1 : wire->parts;
    part->part = wire->part == 0 ? 1 : wire->part;
}

/* ---- Rows ---- */

static enum status lend_row(
    struct arena *arena, const Settled__V1__RosterUpdate__Row *wire, struct roster_raw_row *ret_row)
{
    struct roster_attribute *attributes = ARENA_ARRAY(arena, wire->n_attributes, struct roster_attribute);
    if (attributes == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < wire->n_attributes; i++) {
        attributes[i].name = text_of(wire->attributes[i]->key);
        attributes[i].value = text_of(wire->attributes[i]->value);
    }
    *ret_row = (struct roster_raw_row){ .person_id = text_of(wire->person_id), .name = text_of(wire->name) };
    ret_row->from = text_of(wire->from);
    ret_row->action = (int)wire->action;
    ret_row->attributes = attributes;
    ret_row->attribute_count = wire->n_attributes;
    return STATUS_OK;
}

static enum status lend_rows(
    struct arena *arena, const Settled__V1__RosterUpdate *wire, struct roster_raw_row **ret_rows)
{
    struct roster_raw_row *rows = ARENA_ARRAY(arena, wire->n_rows, struct roster_raw_row);
    if (rows == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < wire->n_rows; i++)
        if (lend_row(arena, wire->rows[i], &rows[i]) != STATUS_OK)
            return STATUS_ARENA_FULL;
    *ret_rows = rows;
    return STATUS_OK;
}

static bool is_amount_of(const struct policy_rule *duty, const struct roster_row *row)
{
    day period = day_of(row->year, row->month == 0 ? 1 : row->month, 1);
    const struct policy_version *version = duty == NULL ? NULL : policy_rule_on(duty, period);
    if (version == NULL || version->duty.contribution != row->scheme)
        return true;
    money set = row->month == 0 ? version->duty.yearly_amount : version->duty.monthly_amount;
    return money_cmp(row->amount, set) == 0;
}

/* Qingyang 三（一）: a contribution of another amount than the policy sets for its period is told to its sender and not
 * counted. What takes a contribution back is not asked. */
static bool is_amount_set(const struct policy_pack *pack, const struct roster_row *row)
{
    bool is_set = true;
    for (size_t i = 0; i < pack->group_count && !row->is_removal; i++)
        is_set = is_set && is_amount_of(pack->groups[i].duty, row);
    return is_set;
}

static bool has_fund(const struct policy_pack *pack, uint8_t fund)
{
    bool is_fund = fund != FUND_HOSPITAL && fund != FUND_ACCOUNT, found = false;
    for (size_t i = 0; i < pack->rule_count; i++)
        found = found || pack->rules[i].fund == fund;
    return is_fund && found;
}

/* A fund that no rule of the region pays from has no ledger; a payroll is levied, and an agency paid, where a rule says
 * so. */
static enum roster_field check_fund(const struct policy_pack *pack, const struct roster_row *row)
{
    const struct policy_rule *levy = pack->levy;
    bool needs_levy = row->income == INCOME_PAYROLL || row->income == INCOME_AGENCY_FEE;
    if (!has_fund(pack, row->fund))
        return ROSTER_FIELD_FUND;
    if (!needs_levy)
        return ROSTER_FIELD_NONE;
    if (levy == NULL || levy->fund != row->fund)
        return ROSTER_FIELD_SOURCE;
    return policy_rule_on(levy, row->paid_on) == NULL ? ROSTER_FIELD_DATE : ROSTER_FIELD_NONE;
}

static void read_row(const struct policy_pack *pack, const struct roster_header *header,
    const struct roster_raw_row *raw, struct roster_row *ret_row)
{
    roster_row_read(header, raw, person_id_is_valid, ret_row);
    if (header->kind == ROSTER_FUND && ret_row->bad_field == ROSTER_FIELD_NONE)
        ret_row->bad_field = (uint8_t)check_fund(pack, ret_row);
    if (header->kind == ROSTER_CONTRIBUTION && ret_row->bad_field == ROSTER_FIELD_NONE && !is_amount_set(pack, ret_row))
        ret_row->bad_field = ROSTER_FIELD_AMOUNT_SET;
}

static enum status read_raw(
    struct arena *arena, const struct policy_pack *pack, const struct roster_raw_row *raw, struct roster_part *part)
{
    for (size_t i = 0; i < part->row_count; i++) {
        read_row(pack, &part->header, &raw[i], &part->rows[i]);
        part->rows[i].part = part->part;
        part->rows[i].row = (int32_t)i + 1;
    }
    enum status status = roster_digest_header(arena, &part->header, &part->header_digest);
    return status == STATUS_OK ? roster_digest_rows(arena, raw, part->row_count, &part->content_digest) : status;
}

/* What is needed for reading alone is given back: many parts are in one batch. */
static enum status read_rows(struct arena *arena, const struct policy_pack *pack, const Settled__V1__RosterUpdate *wire,
    struct roster_part *part)
{
    struct roster_raw_row *raw;
    part->rows = ARENA_ARRAY(arena, wire->n_rows, struct roster_row);
    part->row_count = wire->n_rows;
    size_t mark = arena_mark(arena);
    if (part->rows == NULL)
        return STATUS_ARENA_FULL;
    enum status status = lend_rows(arena, wire, &raw);
    if (status == STATUS_OK)
        status = read_raw(arena, pack, raw, part);
    arena_rewind(arena, mark);
    return status;
}

enum status consumer_roster_update_decode(const struct consumer_context *context, struct arena *arena,
    struct text value, struct roster_part *ret_part, struct fault *fault)
{
    const ProtobufCMessage *unpacked;
    enum status status = wire_unpack(&settled__v1__roster_update__descriptor, arena, value, &unpacked, fault);
    if (status != STATUS_OK)
        return status;
    const Settled__V1__RosterUpdate *wire = (const Settled__V1__RosterUpdate *)unpacked;
    struct message_check check = { STATUS_OK, fault };
    struct roster_part part = { 0 };
    const struct policy_pack *pack;
    check_given(&check, wire);
    message_region_read(&check, context, text_of(wire->region), &pack);
    read_header(&check, wire, &part);
    check_values(&check, &part, wire);
    if (check.status != STATUS_OK)
        return check.status;
    status = read_rows(arena, pack, wire, &part);
    if (status == STATUS_OK)
        *ret_part = part;
    return status;
}

static const char *kind_name(int kind)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&settled__v1__roster_update__kind__descriptor, kind);
    CHECK(value != NULL);
    return value->name;
}

enum status consumer_roster_key(struct arena *arena, const struct roster_header *header, struct text *ret_key)
{
    const char *kind = kind_name(header->kind), *category = term_name(TERM_CATEGORY, header->category);
    size_t size = header->region.length + header->department.length + strlen(kind) + strlen(category) + 4;
    char *key = arena_take(arena, size);
    if (key == NULL)
        return STATUS_ARENA_FULL;
    int length = snprintf(
        key, size, "%.*s|%.*s|%s|%s", TEXT_FORMAT(header->region), TEXT_FORMAT(header->department), kind, category);
    *ret_key = (struct text){ key, (size_t)length };
    return STATUS_OK;
}
