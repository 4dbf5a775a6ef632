#include "tests/sim/county.h"

#include "consumers/roster_update.h"
#include "policy/term.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"

#include <stdio.h>

typedef Settled__V1__RosterUpdate list_message;
typedef Settled__V1__RosterUpdate__Row row_message;
typedef Settled__V1__RosterUpdate__Row__AttributesEntry attribute_message;

/* A list of so many parts takes more than one step of the stage: its continuation is part of the run. */
#define LONG_LIST_PARTS 65

struct sheet {
    struct county *county;
    list_message message;
    struct text key;
};

static char *text_in(struct sheet *sheet, const char *text)
{
    return wire_text(sheet->county->sim->arena, text_of(text));
}

static void add_attribute(struct sheet *sheet, row_message *row, const char *name, const char *value)
{
    attribute_message *attribute = SIM_NEW(sheet->county->sim, attribute_message);
    settled__v1__roster_update__row__attributes_entry__init(attribute);
    attribute->key = text_in(sheet, name);
    attribute->value = text_in(sheet, value);
    row->attributes[row->n_attributes++] = attribute;
}

static void fill_contribution(struct sheet *sheet, row_message *row)
{
    static const char *const amounts[] = { "135000", "11250", "40000", "x" };
    char period[16];
    struct sim *sim = sheet->county->sim;
    snprintf(period, sizeof period, "%d-%02d", day_year(sheet->county->pack->in_force.from), 1 + sim_roll(sim, 3));
    row->attributes = sim_take(sim, 5 * sizeof(attribute_message *));
    add_attribute(sheet, row, "scheme", sim_one_in(sim, 2) ? "EMPLOYEE" : "SUPPLEMENTARY");
    add_attribute(sheet, row, "period", period);
    add_attribute(sheet, row, "paid_on", sheet->message.stated_on);
    add_attribute(sheet, row, "amount_fen", amounts[sim_roll(sim, 4)]);
    add_attribute(sheet, row, "account_credit_fen", "5000");
}

static void fill_income(struct sheet *sheet, row_message *row)
{
    struct sim *sim = sheet->county->sim;
    row->attributes = sim_take(sim, 4 * sizeof(attribute_message *));
    add_attribute(sheet, row, "fund", sim_one_in(sim, 2) ? "ASSISTANCE" : "CIVIL_SERVANT");
    add_attribute(sheet, row, "source", sim_one_in(sim, 2) ? "PAYROLL" : "COUNTY");
    add_attribute(sheet, row, "amount_fen", sim_one_in(sim, 2) ? "1000000" : "77");
    add_attribute(sheet, row, "date", sheet->message.stated_on);
    row->person_id = text_in(sheet, "");
    row->name = text_in(sheet, "");
}

static row_message *new_row(struct sheet *sheet)
{
    struct county *county = sheet->county;
    row_message *row = SIM_NEW(county->sim, row_message);
    settled__v1__roster_update__row__init(row);
    row->person_id = wire_text(county->sim->arena, county->persons[sim_roll(county->sim, county->person_count)]);
    row->name = text_in(sheet, sim_one_in(county->sim, 12) ? "" : "李四");
    row->action = sim_one_in(county->sim, 8) ? SETTLED__V1__ROSTER_UPDATE__ROW__ACTION__REMOVE
                                             : SETTLED__V1__ROSTER_UPDATE__ROW__ACTION__ADD;
    if (sheet->message.kind == SETTLED__V1__ROSTER_UPDATE__KIND__CONTRIBUTION)
        fill_contribution(sheet, row);
    if (sheet->message.kind == SETTLED__V1__ROSTER_UPDATE__KIND__FUND)
        fill_income(sheet, row);
    return row;
}

static void add_part(struct sheet *sheet, int part)
{
    struct sim *sim = sheet->county->sim;
    struct log_output record = { .topic = ROSTER_TOPIC, .partition = -1, .key = sheet->key };
    sheet->message.part = part;
    sheet->message.n_rows = (size_t)sim_roll(sim, 3);
    sheet->message.rows = sim_take(sim, 2 * sizeof(row_message *));
    for (size_t i = 0; i < sheet->message.n_rows; i++)
        sheet->message.rows[i] = new_row(sheet);
    enum status status = wire_pack(&sheet->message.base, sim->arena, &record.value);
    CHECK(status == STATUS_OK);
    county_add(sheet->county, &record);
}

static void fill_head(struct sheet *sheet, int number)
{
    static const Settled__V1__RosterUpdate__Kind kinds[] = { SETTLED__V1__ROSTER_UPDATE__KIND__HARDSHIP,
        SETTLED__V1__ROSTER_UPDATE__KIND__HARDSHIP, SETTLED__V1__ROSTER_UPDATE__KIND__CONTRIBUTION,
        SETTLED__V1__ROSTER_UPDATE__KIND__FUND };
    struct county *county = sheet->county;
    struct sim *sim = county->sim;
    Google__Protobuf__Timestamp *recorded_at = SIM_NEW(sim, Google__Protobuf__Timestamp);
    char id[16], stated_on[DAY_TEXT_SIZE];
    google__protobuf__timestamp__init(recorded_at);
    recorded_at->seconds = 2000000000;
    snprintf(id, sizeof id, "L%d", number);
    settled__v1__roster_update__init(&sheet->message);
    sheet->message.roster_id = text_in(sheet, id);
    sheet->message.source = text_in(sheet, "upload");
    sheet->message.recorded_at = recorded_at;
    sheet->message.region = text_in(sheet, county->pack->region);
    sheet->message.department = text_in(sheet, "civil");
    sheet->message.kind = kinds[sim_roll(sim, COUNT_OF(kinds))];
    if (sheet->message.kind == SETTLED__V1__ROSTER_UPDATE__KIND__HARDSHIP)
        sheet->message.category = SETTLED__V1__IDENTITY_CHANGE__CATEGORY__SUBSISTENCE_ALLOWANCE;
    sheet->message.mode =
        sim_one_in(sim, 2) ? SETTLED__V1__ROSTER_UPDATE__MODE__FULL : SETTLED__V1__ROSTER_UPDATE__MODE__DELTA;
    day day_stated = day_add(county->pack->in_force.from, sim_roll(sim, 60));
    sheet->message.stated_on = text_in(sheet, day_format(day_stated, stated_on));
    sheet->message.delivered_on = sim_one_in(sim, 10) ? text_in(sheet, "2024-01-01") : sheet->message.stated_on;
    sheet->message.parts = number == 0 && sim_one_in(sim, 3) ? LONG_LIST_PARTS : 1 + sim_roll(sim, 4);
    struct roster_header header = { .region = text_of(county->pack->region), .department = TEXT("civil") };
    header.kind = (uint8_t)sheet->message.kind;
    header.category = (uint8_t)sheet->message.category;
    enum status status = consumer_roster_key(sim->arena, &header, &sheet->key);
    CHECK(status == STATUS_OK);
}

void county_roll_lists(struct county *county)
{
    int lists = 1 + sim_roll(county->sim, 3);
    for (int number = 0; number < lists; number++) {
        struct sheet sheet = { .county = county };
        fill_head(&sheet, number);
        for (int part = 1; part <= sheet.message.parts; part++)
            add_part(&sheet, part);
    }
}
