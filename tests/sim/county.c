#include "tests/sim/county.h"

#include "consumers/period_close.h"
#include "consumers/person_id.h"
#include "tests/property/fold_sample.h"

#include <stdio.h>

/* The month of tests/property/fold_sample.h's 2000000000 seconds. */
#define RECORDED_YEAR 2033
#define RECORDED_MONTH 5

void county_add(struct county *county, const struct log_output *record)
{
    if (county->count < COUNTY_RECORDS_MAX)
        county->records[county->count++] = *record;
}

static const char *kept(struct county *county, const char *text)
{
    return sim_copy(county->sim, text_of(text)).at;
}

static void roll_persons(struct county *county)
{
    county->person_count = 1 + sim_roll(county->sim, COUNTY_PERSONS_MAX);
    for (int i = 0; i < county->person_count; i++) {
        char id[64];
        snprintf(id, sizeof id, "%s19600101%03d", county->pack->region, 1 + i + 10 * sim_roll(county->sim, 90));
        id[PERSON_ID_LENGTH - 1] = person_id_check(id);
        id[PERSON_ID_LENGTH] = '\0';
        county->persons[i] = text_of(kept(county, id));
    }
}

static struct text any_person(struct county *county)
{
    return county->persons[sim_roll(county->sim, county->person_count)];
}

/* ---- A fact of a person ---- */

/* The sample's relatives, owners and heirs are names; here they are persons. */
static void name_persons(struct county *county, struct fact *fact)
{
    struct policy_visit *visit = &fact->discharge.visit;
    if (fact->kind == FACT_DISCHARGE && visit->account_owner.length != 0)
        visit->account_owner = any_person(county);
    if (fact->kind == FACT_DISCHARGE && visit->account_beneficiary.length != 0)
        visit->account_beneficiary = any_person(county);
    if (fact->kind == FACT_IDENTITY && fact->identity.category == CATEGORY_RELATIVE)
        fact->identity.relative_id = any_person(county);
    if (fact->kind == FACT_IDENTITY && fact->identity.category != CATEGORY_SUPPLEMENTARY_MEMBER
        && fact->identity.category != CATEGORY_EMPLOYEE_INSURED)
        fact->identity.funding = 0; /* no message says it */
    if (fact->kind == FACT_CASE)
        fact->action.counterparty_id = any_person(county);
    if (fact->kind == FACT_CASE && sim_one_in(county->sim, 4))
        fact->action.action = ACTION_ACCOUNT_INHERIT;
}

static void add_message(struct county *county, const struct message *message)
{
    const struct message_codec *codec = message_codec_of(message->fact.kind);
    struct sim *sim = county->sim;
    struct log_output record = { .topic = codec->topic, .partition = -1, .key = message->person_id };
    enum status status = codec->encode(message, sim->arena, &record.value);
    CHECK(status == STATUS_OK);
    if (sim_one_in(sim, 12)) { /* another client hashes otherwise, or gives no key */
        record.partition = sim_roll(sim, county->partition_count);
        record.key = sim_one_in(sim, 2) ? TEXT_EMPTY : record.key;
    }
    if (sim_one_in(sim, 30))
        record.value = TEXT("rubbish");
    county_add(county, &record);
}

static void add_fact(struct county *county)
{
    struct message message = { .region = text_of(county->pack->region), .person_id = any_person(county) };
    sample_fact(county->pack, &message.fact);
    if (message.fact.kind == FACT_CREDIT)
        return; /* made by ourselves alone */
    name_persons(county, &message.fact);
    message.trial =
        message.fact.kind == FACT_DISCHARGE && !message.fact.discharge.voided && sim_one_in(county->sim, 12);
    add_message(county, &message);
}

static uint8_t standing_category(struct county *county)
{
    uint8_t category;
    do
        category = sample_category(county->pack);
    while (category == CATEGORY_RELATIVE);
    return category;
}

/* What the region's rules ask for, held all the time: otherwise nobody would be paid anything. */
static void add_standing(struct county *county, int person, int number)
{
    struct message message = { .region = text_of(county->pack->region), .person_id = county->persons[person] };
    char id[16];
    sample_fact(county->pack, &message.fact);
    sample_identity(county->pack, &message.fact);
    snprintf(id, sizeof id, "standing%d", number);
    message.fact.event_id = text_of(kept(county, id));
    message.fact.identity.action = IDENTITY_ACTION_GRANT;
    message.fact.identity.category = standing_category(county);
    message.fact.identity.effective_on = day_of(2015, 1, 1);
    message.fact.identity.relation = 0;
    message.fact.identity.relative_id = TEXT_EMPTY;
    name_persons(county, &message.fact);
    add_message(county, &message);
}

/* ---- The end of a month or of a year, or a grant for everybody ---- */

static void roll_close(struct county *county, struct period_close *close)
{
    struct sim *sim = county->sim;
    day first = county->pack->in_force.from;
    close->year = (int16_t)(day_year(first) + sim_roll(sim, 2));
    close->month = sim_one_in(sim, 2) ? 0 : (int8_t)(1 + sim_roll(sim, 4));
    close->closed_on = day_add(first, sim_roll(sim, 800));
    close->event_id = text_of(sim_one_in(sim, 3) ? "c2" : "c1");
    if (!sim_one_in(sim, 3))
        return;
    close->event_id = text_of(sim_one_in(sim, 2) ? "g1" : "g2");
    close->grant = MONEY_FEN(1 + sim_roll(sim, 20000));
    close->grant_on = day_add(first, sim_roll(sim, 40));
}

static void send_close(struct county *county, struct period_close *close)
{
    close->recorded_at = (instant){ 2000000000, 0 };
    close->region = text_of(county->pack->region);
    for (int32_t p = 0; p < county->partition_count; p++) {
        struct log_output record = { .topic = "period-close", .partition = p, .key = TEXT_EMPTY };
        close->partition = p;
        enum status status = consumer_period_close_encode(close, county->sim->arena, &record.value);
        CHECK(status == STATUS_OK);
        county_add(county, &record);
    }
}

static void add_close(struct county *county)
{
    struct period_close close = { 0 };
    roll_close(county, &close);
    send_close(county, &close);
}

/* The end of the time in which the sample's facts are recorded: what the funds pay falls due. */
static void add_last_close(struct county *county)
{
    struct period_close close = { .event_id = TEXT("last"),
        .year = RECORDED_YEAR,
        .month = sim_one_in(county->sim, 3) ? 0 : RECORDED_MONTH,
        .closed_on = day_of(RECORDED_YEAR + 1, 1, 1) };
    send_close(county, &close);
}

/* ---- All of it ---- */

static void repeat_some(struct county *county)
{
    size_t count = county->count;
    for (size_t i = 0; i < count; i++)
        if (sim_one_in(county->sim, 6))
            county_add(county, &county->records[i]);
}

static void shuffle(struct county *county)
{
    for (size_t i = county->count; i > 1; i--) {
        size_t other = (size_t)sim_roll(county->sim, (int)i);
        struct log_output aside = county->records[i - 1];
        county->records[i - 1] = county->records[other];
        county->records[other] = aside;
    }
}

void county_roll(struct county *county, struct sim *sim, const struct consumer_context *context, int32_t partitions)
{
    const struct policy_packs *packs = context->packs;
    *county = (struct county){ .sim = sim, .context = context, .partition_count = partitions };
    county->pack = packs->items[sim_roll(sim, (int)packs->count)];
    sample_state = sim_random(sim);
    roll_persons(county);
    for (int person = 0; person < county->person_count; person++)
        for (int number = sim_roll(sim, 5); number > 0; number--)
            add_standing(county, person, number);
    for (int left = 12 + sim_roll(sim, 36); left > 0; left--)
        add_fact(county);
    for (int left = sim_roll(sim, 4); left > 0; left--)
        add_close(county);
    if (sim_one_in(sim, 3))
        county_roll_lists(county);
    repeat_some(county);
    shuffle(county);
    county->early = county->count;
    if (sim_one_in(sim, 2))
        add_last_close(county);
}
