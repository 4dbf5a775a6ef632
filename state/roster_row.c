#include "state/roster_row.h"

#include "policy/term.h"

/* Of two attributes of one name the last counts, as in every protobuf map. */
static struct text attribute(const struct roster_raw_row *raw, const char *name)
{
    struct text wanted = text_of(name);
    for (size_t i = raw->attribute_count; i > 0; i--)
        if (text_equal(raw->attributes[i - 1].name, wanted))
            return raw->attributes[i - 1].value;
    return TEXT_EMPTY;
}

/** More persons than any region has. */
#define HOLDERS_LIMIT 100000000

static void mark(struct roster_row *row, enum roster_field field, bool is_readable)
{
    if (!is_readable && row->bad_field == ROSTER_FIELD_NONE)
        row->bad_field = (uint8_t)field;
}

/* Digits alone: an amount below zero, a sign or a fraction is unreadable. */
static bool parse_number(struct text text, int64_t limit, int64_t *ret_number)
{
    int64_t number = 0;
    if (text.length == 0 || text.length > 18)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        number = number * 10 + (text.at[i] - '0');
    }
    if (number > limit)
        return false;
    *ret_number = number;
    return true;
}

static bool parse_money(struct text text, money *ret_amount)
{
    int64_t fen;
    if (!parse_number(text, MONEY_LIMIT_FEN, &fen))
        return false;
    *ret_amount = MONEY_FEN(fen);
    return true;
}

static bool parse_day(struct text text, day *ret_day)
{
    return day_parse(text.at, text.length, ret_day);
}

static bool parse_year(struct text text, int16_t *ret_year)
{
    int64_t year;
    if (text.length != 4 || !parse_number(text, 9999, &year) || year == 0)
        return false;
    *ret_year = (int16_t)year;
    return true;
}

/* YYYY, or YYYY-MM: a day of that month tells whether it is one. */
static bool parse_period(struct text text, struct roster_row *row)
{
    char first[] = "YYYY-MM-01";
    day first_day;
    if (text.length != 7)
        return parse_year(text, &row->year);
    memcpy(first, text.at, 7);
    if (!day_parse(first, sizeof first - 1, &first_day))
        return false;
    row->year = (int16_t)day_parts(first_day).year;
    row->month = (int8_t)day_parts(first_day).month;
    return true;
}

static bool parse_term(enum term list, struct text text, uint8_t *ret_term)
{
    int term = term_parse(list, text);
    if (term == 0)
        return false;
    *ret_term = (uint8_t)term;
    return true;
}

/* Only two categories have a funding; left out it is YEARLY, and nobody else's is looked at. */
static bool read_funding(const struct roster_header *header, struct text text, struct roster_row *row)
{
    bool is_employee = header->category == CATEGORY_EMPLOYEE_INSURED;
    if (!is_employee && header->category != CATEGORY_SUPPLEMENTARY_MEMBER)
        return true;
    row->funding = FUNDING_YEARLY;
    if (text_is_empty(text))
        return true;
    return parse_term(TERM_FUNDING, text, &row->funding) && !(is_employee && row->funding == FUNDING_FISCAL);
}

static bool read_corrected(struct text text, struct roster_row *row)
{
    row->corrects_name = text_equal(text, TEXT("true"));
    return row->corrects_name || text_is_empty(text) || text_equal(text, TEXT("false"));
}

static void read_grant(const struct roster_header *header, const struct roster_raw_row *raw, struct roster_row *row)
{
    mark(row, ROSTER_FIELD_FUNDING, read_funding(header, attribute(raw, "funding"), row));
    mark(row, ROSTER_FIELD_CORRECTED_NAME, read_corrected(attribute(raw, "corrected_name"), row));
}

static void read_contribution(const struct roster_raw_row *raw, struct roster_row *row)
{
    struct text credit = attribute(raw, "account_credit_fen");
    row->has_paid_on = parse_day(attribute(raw, "paid_on"), &row->paid_on);
    mark(row, ROSTER_FIELD_PAID_ON, row->has_paid_on);
    mark(row, ROSTER_FIELD_AMOUNT, parse_money(attribute(raw, "amount_fen"), &row->amount));
    mark(row, ROSTER_FIELD_ACCOUNT_CREDIT, text_is_empty(credit) || parse_money(credit, &row->account_credit));
}

static void read_enrolment(const struct roster_raw_row *raw, struct roster_row *row)
{
    struct text paid_on = attribute(raw, "paid_on");
    row->has_paid_on = parse_day(paid_on, &row->paid_on);
    mark(row, ROSTER_FIELD_PREMIUM, parse_money(attribute(raw, "premium_fen"), &row->amount));
    mark(row, ROSTER_FIELD_PAID_ON, row->has_paid_on || text_is_empty(paid_on));
}

static void read_fund(const struct roster_raw_row *raw, struct roster_row *row)
{
    struct text holders = attribute(raw, "holders");
    mark(row, ROSTER_FIELD_FUND, parse_term(TERM_FUND, attribute(raw, "fund"), &row->fund));
    mark(row, ROSTER_FIELD_SOURCE, parse_term(TERM_INCOME, attribute(raw, "source"), &row->income));
    mark(row, ROSTER_FIELD_AMOUNT, parse_money(attribute(raw, "amount_fen"), &row->amount));
    mark(row, ROSTER_FIELD_DATE, parse_day(attribute(raw, "date"), &row->paid_on));
    /* A payroll is levied for its holders, of whom there is one at least. */
    bool is_payroll = row->income == INCOME_PAYROLL;
    bool is_read = parse_number(holders, HOLDERS_LIMIT, &row->holders);
    mark(row, ROSTER_FIELD_HOLDERS, is_payroll ? is_read && row->holders > 0 : is_read || text_is_empty(holders));
}

/* What tells rows of one person apart is read first: a row whose subject is unknown cannot be anybody's duplicate. */
static void read_subject(const struct roster_header *header, const struct roster_raw_row *raw,
    roster_id_check is_person_id, struct roster_row *row)
{
    switch ((enum roster_kind)header->kind) {
    case ROSTER_CONTRIBUTION:
        mark(row, ROSTER_FIELD_SCHEME, parse_term(TERM_CONTRIBUTION, attribute(raw, "scheme"), &row->scheme));
        mark(row, ROSTER_FIELD_PERIOD, parse_period(attribute(raw, "period"), row));
        break;
    case ROSTER_ENROLMENT:
        mark(row, ROSTER_FIELD_YEAR, parse_year(attribute(raw, "year"), &row->year));
        break;
    case ROSTER_FAMILY:
        row->relative_id = attribute(raw, "relative_id");
        mark(row, ROSTER_FIELD_RELATIVE_ID, is_person_id(row->relative_id));
        break;
    case ROSTER_HARDSHIP:
    case ROSTER_UNIT:
    case ROSTER_FUND:
        break;
    }
}

static void read_rest(const struct roster_header *header, const struct roster_raw_row *raw, struct roster_row *row)
{
    switch ((enum roster_kind)header->kind) {
    case ROSTER_HARDSHIP:
    case ROSTER_UNIT:
        read_grant(header, raw, row);
        break;
    case ROSTER_CONTRIBUTION:
        read_contribution(raw, row);
        break;
    case ROSTER_ENROLMENT:
        read_enrolment(raw, row);
        break;
    case ROSTER_FAMILY:
        mark(row, ROSTER_FIELD_RELATION, parse_term(TERM_RELATION, attribute(raw, "relation"), &row->relation));
        break;
    case ROSTER_FUND:
        read_fund(raw, row);
        break;
    }
}

void roster_row_read(const struct roster_header *header, const struct roster_raw_row *raw, roster_id_check is_person_id,
    struct roster_row *ret_row)
{
    *ret_row = (struct roster_row){ .person_id = raw->person_id, .name = raw->name, .from = header->stated_on };
    ret_row->relative_id = TEXT_EMPTY;
    ret_row->is_bad_id = header->kind != ROSTER_FUND && !is_person_id(raw->person_id);
    ret_row->is_removal = raw->action == 2;
    read_subject(header, raw, is_person_id, ret_row);
    mark(ret_row, ROSTER_FIELD_ACTION, raw->action >= 0 && raw->action <= 2);
    mark(ret_row, ROSTER_FIELD_FROM, text_is_empty(raw->from) || parse_day(raw->from, &ret_row->from));
    read_rest(header, raw, ret_row);
}
