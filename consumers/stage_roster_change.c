/* The changes of a list as records: what a department says of single persons, in messages like those it could have
 * sent itself. */
#include "consumers/identity_change.h"
#include "consumers/period_close.h"
#include "consumers/person_fact.h"
#include "consumers/roster_update.h"
#include "consumers/stage_roster_run.h"
#include "policy/levy.h"
#include "policy/term.h"
#include "producers/envelope.h"
#include "producers/fund_entry.h"

#include <stdio.h>

/* Eight bytes of the list's key, which tells apart lists of one name of two keys or sources. */
#define TAG_BYTES 8
#define SUBJECT_SIZE 64

/* What tells the changes of one person in one list apart; empty where there is one only. */
static void write_subject(const struct roster_header *header, const struct roster_change *change, char *subject)
{
    const struct roster_row *row = change->row;
    subject[0] = '\0';
    if (header->kind == ROSTER_FAMILY)
        snprintf(subject, SUBJECT_SIZE, "/%.*s", TEXT_FORMAT(row->relative_id));
    if (header->kind == ROSTER_ENROLMENT)
        snprintf(subject, SUBJECT_SIZE, "/%04d", row->year);
    if (header->kind == ROSTER_FUND)
        snprintf(subject, SUBJECT_SIZE, "grant/%d/%d", (int)row->part, (int)row->row);
    if (header->kind == ROSTER_CONTRIBUTION && row->month == 0)
        snprintf(subject, SUBJECT_SIZE, "/%s/%04d", term_name(TERM_CONTRIBUTION, row->scheme), row->year);
    if (header->kind == ROSTER_CONTRIBUTION && row->month != 0)
        snprintf(
            subject, SUBJECT_SIZE, "/%s/%04d-%02d", term_name(TERM_CONTRIBUTION, row->scheme), row->year, row->month);
}

static enum status event_id(
    struct arena *arena, const struct roster_job *job, const struct roster_change *change, struct text *ret_id)
{
    const struct roster_header *header = &job->value->list.header;
    char subject[SUBJECT_SIZE], tag[2 * TAG_BYTES + 1];
    write_subject(header, change, subject);
    for (size_t i = 0; i < TAG_BYTES; i++)
        snprintf(tag + 2 * i, 3, "%02x", job->key.bytes[i]);
    size_t size = header->roster_id.length + change->person_id.length + sizeof subject + sizeof tag + sizeof "///later";
    char *id = arena_take(arena, size);
    if (id == NULL)
        return STATUS_ARENA_FULL;
    int length = snprintf(id, size, "%.*s/%.*s%s/%s%s", TEXT_FORMAT(header->roster_id), TEXT_FORMAT(change->person_id),
        subject, tag, change->is_later ? "/later" : "");
    *ret_id = (struct text){ id, (size_t)length };
    return STATUS_OK;
}

static void fill_identity(const struct roster_header *header, const struct roster_change *change, struct fact *fact)
{
    struct fact_identity *identity = &fact->identity;
    fact->kind = FACT_IDENTITY;
    *identity = (struct fact_identity){ .category = header->category, .effective_on = change->effective_on };
    identity->action = change->is_removal ? IDENTITY_ACTION_REVOKE : IDENTITY_ACTION_GRANT;
    identity->roster_id = header->roster_id;
    identity->reply_to = identity->relative_id = TEXT_EMPTY;
    identity->funding = change->is_removal ? 0 : change->funding;
    if (header->kind != ROSTER_FAMILY)
        return;
    identity->category = CATEGORY_RELATIVE;
    identity->relation = change->row->relation;
    identity->relative_id = change->row->relative_id;
}

static void fill_contribution(const struct roster_row *row, struct fact *fact)
{
    fact->kind = FACT_CONTRIBUTION;
    fact->contribution = (struct fact_contribution){ .contribution = row->scheme,
        .removed = row->is_removal,
        .year = row->year,
        .month = row->month,
        .paid_on = row->paid_on,
        .amount = row->amount,
        .account_credit = row->account_credit };
}

static void fill_enrolment(const struct roster_row *row, struct fact *fact)
{
    fact->kind = FACT_ENROLMENT;
    fact->enrolment = (struct fact_enrolment){ .removed = row->is_removal,
        .paid = row->has_paid_on && !row->is_removal,
        .year = row->year,
        .paid_on = row->paid_on,
        .premium = row->amount };
}

static void fill_fact(const struct roster_header *header, const struct roster_change *change, struct fact *fact)
{
    if (header->kind == ROSTER_CONTRIBUTION)
        fill_contribution(change->row, fact);
    else if (header->kind == ROSTER_ENROLMENT)
        fill_enrolment(change->row, fact);
    else
        fill_identity(header, change, fact);
}

static enum status emit_message(struct roster_run *run, const struct message *message)
{
    struct arena *arena = run->turn->arena;
    const struct message_codec *codec = message_codec_of(message->fact.kind);
    struct log_output output = { .topic = codec->topic, .partition = -1, .key = message->person_id };
    struct log_header *headers = ARENA_ARRAY(arena, ENVELOPE_HEADER_LIMIT, struct log_header);
    const struct envelope envelope = { .topic = codec->topic,
        .type = codec->type,
        .id = message->fact.event_id,
        .region = message->region,
        .at = message->fact.recorded_at,
        .key = message->person_id,
        .cause = run->record };
    if (headers == NULL)
        return STATUS_ARENA_FULL;
    enum status status = producer_envelope_headers(arena, &envelope, headers, &output.header_count);
    if (status == STATUS_OK)
        status = codec->encode(message, arena, &output.value);
    output.headers = headers;
    return status == STATUS_OK ? outputs_add(run->turn->outputs, &output) : status;
}

/* ---- Rows of FUND lists ---- */

static struct fund_row fund_row_of(const struct roster_header *header, const struct roster_row *row)
{
    return (struct fund_row){ .roster_id = header->roster_id,
        .fund = row->fund,
        .source = row->income,
        .amount = row->amount,
        .on = row->paid_on,
        .removed = row->is_removal };
}

/* Yangcheng 五（一）: a part of the levy on a payroll is granted to its holders at once, in every partition. A row taken
 * back takes back the levy; what was granted was paid. */
static enum status announce_grant(
    struct roster_run *run, const struct roster_job *job, const struct roster_change *change)
{
    const struct roster_list *list = &job->value->list;
    const struct roster_row *row = change->row;
    const struct policy_pack *pack = policy_packs_find(run->packs, list->header.region);
    const struct policy_version *version =
        pack == NULL || pack->levy == NULL ? NULL : policy_rule_on(pack->levy, row->paid_on);
    if (row->income != INCOME_PAYROLL || row->is_removal || version == NULL)
        return STATUS_OK;
    struct period_close close = { .recorded_at = list->recorded_at,
        .region = list->header.region,
        .closed_on = row->paid_on,
        .grant_on = row->paid_on,
        .cursor = TEXT_EMPTY };
    close.grant = policy_levy_per_head(&version->levy, policy_levy_of(&version->levy, row->amount), row->holders);
    if (money_is_zero(close.grant))
        return STATUS_OK;
    struct log_output output = { .topic = "period-close", .partition = LOG_EVERY_PARTITION, .key = close.region };
    enum status status = event_id(run->turn->arena, job, change, &close.event_id);
    if (status == STATUS_OK)
        status = consumer_period_close_encode(&close, run->turn->arena, &output.value);
    return status == STATUS_OK ? outputs_add(run->turn->outputs, &output) : status;
}

static enum status emit_income(struct roster_run *run, const struct roster_job *job, const struct roster_change *change)
{
    const struct roster_list *list = &job->value->list;
    struct fund_entry entry = {
        .kind = FUND_ENTRY_INCOME, .region = list->header.region, .recorded_at = list->recorded_at
    };
    const struct producer_cause cause = { .topic = ROSTER_TOPIC, .record = run->record };
    entry.row = fund_row_of(&list->header, change->row);
    unsigned number = (unsigned)change->row->part << 20 | (unsigned)change->row->row;
    enum status status = producer_fund_entry_emit(run->turn->outputs, &cause, &entry, number);
    return status == STATUS_OK ? announce_grant(run, job, change) : status;
}

/* Rows from before funds were kept do not say what they are: their list has its receipt, and is sent again. */
static enum status emit_fund(
    struct roster_run *run, const struct roster_job *job, const struct roster_change *changes, size_t count)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (changes[i].row->fund != 0)
            status = emit_income(run, job, &changes[i]);
    return status;
}

enum status stage_roster_emit_changes(
    struct roster_run *run, const struct roster_job *job, const struct roster_change *changes, size_t count)
{
    const struct roster_list *list = &job->value->list;
    enum status status = STATUS_OK;
    if (list->header.kind == ROSTER_FUND)
        return emit_fund(run, job, changes, count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct message message = { .region = list->header.region, .person_id = changes[i].person_id };
        message.fact.source = list->header.department;
        message.fact.name = changes[i].name;
        message.fact.recorded_at = list->recorded_at;
        fill_fact(&list->header, &changes[i], &message.fact);
        status = event_id(run->turn->arena, job, &changes[i], &message.fact.event_id);
        if (status == STATUS_OK)
            status = emit_message(run, &message);
    }
    return status;
}
