/* The changes of a list as records: what a department says of single persons, in messages like those it could have
 * sent itself. */
#include "consumers/identity_change.h"
#include "consumers/person_fact.h"
#include "consumers/stage_roster_run.h"
#include "policy/term.h"
#include "producers/envelope.h"

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

/* Money that goes into a fund is nobody's; its receipt is all that leaves here. */
enum status stage_roster_emit_changes(
    struct roster_run *run, const struct roster_job *job, const struct roster_change *changes, size_t count)
{
    const struct roster_list *list = &job->value->list;
    enum status status = STATUS_OK;
    if (list->header.kind == ROSTER_FUND)
        return STATUS_OK;
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
