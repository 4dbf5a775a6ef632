/* What a row says, and which of its fields cannot be read. */
#include "state/roster_row.h"

#include "policy/term.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ATTRIBUTES_MAX 6

/* The check of identity numbers is somebody else's: here "ok" is one. */
static bool is_ok(struct text id)
{
    return text_equal(id, TEXT("ok"));
}

struct given {
    int kind, category;
    const char *id, *from;
    int action;
    struct roster_attribute attributes[ATTRIBUTES_MAX];
};

static struct roster_row read_row(const struct given *given)
{
    struct roster_header header = { .kind = (uint8_t)given->kind, .category = (uint8_t)given->category };
    struct roster_raw_row raw = { .name = TEXT("Li"), .from = text_of(given->from), .action = given->action };
    struct roster_row row;
    raw.person_id = text_of(given->id == NULL ? "ok" : given->id);
    raw.attributes = given->attributes;
    while (raw.attribute_count < ATTRIBUTES_MAX && given->attributes[raw.attribute_count].name.length > 0)
        raw.attribute_count++;
    header.stated_on = day_of(2023, 1, 31);
    roster_row_read(&header, &raw, is_ok, &row);
    return row;
}

#define READ(...) read_row(&(const struct given){ __VA_ARGS__ })
#define BAD(field, ...) assert_int_equal(READ(__VA_ARGS__).bad_field, ROSTER_FIELD_##field)
#define A(name, value)                                                                                                 \
    {                                                                                                                  \
        TEXT(name), TEXT(value)                                                                                        \
    }

static void test_person_action_and_day(void **state)
{
    (void)state;
    assert_true(READ(.kind = ROSTER_HARDSHIP, .id = "no").is_bad_id);
    assert_true(READ(.kind = ROSTER_HARDSHIP, .id = "").is_bad_id);
    assert_false(READ(.kind = ROSTER_HARDSHIP).is_bad_id);
    assert_false(READ(.kind = ROSTER_FUND, .id = "").is_bad_id);
    assert_false(READ(.kind = ROSTER_HARDSHIP, .action = 1).is_removal);
    assert_true(READ(.kind = ROSTER_HARDSHIP, .action = 2).is_removal);
    BAD(ACTION, .kind = ROSTER_HARDSHIP, .action = 3);
    BAD(ACTION, .kind = ROSTER_HARDSHIP, .action = -1);
    BAD(FROM, .kind = ROSTER_HARDSHIP, .from = "2023-02-29");
    BAD(FROM, .kind = ROSTER_HARDSHIP, .from = "2023-2-1");
    assert_int_equal(READ(.kind = ROSTER_HARDSHIP).from.n, day_of(2023, 1, 31).n);
    assert_int_equal(READ(.kind = ROSTER_HARDSHIP, .from = "2024-02-29").from.n, day_of(2024, 2, 29).n);
}

static void test_grants(void **state)
{
    (void)state;
    BAD(CORRECTED_NAME, .kind = ROSTER_UNIT, .attributes = { A("corrected_name", "1") });
    BAD(NONE, .kind = ROSTER_UNIT, .attributes = { A("corrected_name", "false") });
    assert_true(READ(.kind = ROSTER_UNIT, .attributes = { A("corrected_name", "true") }).corrects_name);
    BAD(FUNDING, .kind = ROSTER_UNIT, .category = CATEGORY_SUPPLEMENTARY_MEMBER,
        .attributes = { A("funding", "fiscal") });
    BAD(FUNDING, .kind = ROSTER_UNIT, .category = CATEGORY_EMPLOYEE_INSURED, .attributes = { A("funding", "FISCAL") });
    BAD(NONE, .kind = ROSTER_UNIT, .category = CATEGORY_RETIRED,
        .attributes = { A("funding", "anything"), A("note", "x") });
    assert_int_equal(READ(.kind = ROSTER_UNIT, .category = CATEGORY_EMPLOYEE_INSURED).funding, FUNDING_YEARLY);
    assert_int_equal(READ(.kind = ROSTER_UNIT, .category = CATEGORY_RETIRED).funding, 0);
    struct roster_row last = READ(.kind = ROSTER_UNIT, .category = CATEGORY_SUPPLEMENTARY_MEMBER,
        .attributes = { A("funding", "FISCAL"), A("funding", "MONTHLY") });
    assert_int_equal(last.funding, FUNDING_MONTHLY);
}

#define CONTRIBUTION(...) .kind = ROSTER_CONTRIBUTION, .attributes = { __VA_ARGS__ }
#define SCHEME A("scheme", "EMPLOYEE")
#define PERIOD A("period", "2023-02")
#define PAID_ON A("paid_on", "2023-02-09")
#define AMOUNT A("amount_fen", "11250")

static void test_contributions(void **state)
{
    (void)state;
    BAD(SCHEME, CONTRIBUTION(PERIOD, PAID_ON, AMOUNT));
    BAD(SCHEME, CONTRIBUTION(A("scheme", "employee"), PERIOD, PAID_ON, AMOUNT));
    BAD(PERIOD, CONTRIBUTION(SCHEME, PAID_ON, AMOUNT));
    BAD(PERIOD, CONTRIBUTION(SCHEME, A("period", "2023-00"), PAID_ON, AMOUNT));
    BAD(PERIOD, CONTRIBUTION(SCHEME, A("period", "2023-13"), PAID_ON, AMOUNT));
    BAD(PERIOD, CONTRIBUTION(SCHEME, A("period", "202302"), PAID_ON, AMOUNT));
    BAD(PERIOD, CONTRIBUTION(SCHEME, A("period", "0000"), PAID_ON, AMOUNT));
    BAD(PAID_ON, CONTRIBUTION(SCHEME, PERIOD, AMOUNT));
    BAD(AMOUNT, CONTRIBUTION(SCHEME, PERIOD, PAID_ON));
    BAD(AMOUNT, CONTRIBUTION(SCHEME, PERIOD, PAID_ON, A("amount_fen", "-1")));
    BAD(AMOUNT, CONTRIBUTION(SCHEME, PERIOD, PAID_ON, A("amount_fen", "112.50")));
    BAD(AMOUNT, CONTRIBUTION(SCHEME, PERIOD, PAID_ON, A("amount_fen", "10000000000001")));
    BAD(AMOUNT, CONTRIBUTION(SCHEME, PERIOD, PAID_ON, A("amount_fen", "18446744073709551617")));
    BAD(ACCOUNT_CREDIT, CONTRIBUTION(SCHEME, PERIOD, PAID_ON, AMOUNT, A("account_credit_fen", "x")));
    struct roster_row row = READ(CONTRIBUTION(SCHEME, PERIOD, PAID_ON, AMOUNT, A("account_credit_fen", "30")));
    assert_int_equal(row.bad_field, ROSTER_FIELD_NONE);
    assert_int_equal(row.year * 100 + row.month, 202302);
    assert_int_equal(row.amount.fen, 11250);
    assert_int_equal(row.account_credit.fen, 30);
    row = READ(CONTRIBUTION(SCHEME, A("period", "2023"), PAID_ON, A("amount_fen", "10000000000000")));
    assert_int_equal(row.bad_field, ROSTER_FIELD_NONE);
    assert_int_equal(row.year * 100 + row.month, 202300);
}

#define FUND(from, ...) .kind = ROSTER_FUND, .attributes = { A("fund", "ASSISTANCE"), A("source", from), __VA_ARGS__ }

static void test_enrolments_relatives_and_funds(void **state)
{
    (void)state;
    BAD(YEAR, .kind = ROSTER_ENROLMENT, .attributes = { A("premium_fen", "1") });
    BAD(YEAR, .kind = ROSTER_ENROLMENT, .attributes = { A("year", "+202"), A("premium_fen", "1") });
    BAD(PREMIUM, .kind = ROSTER_ENROLMENT, .attributes = { A("year", "2024") });
    BAD(PAID_ON, .kind = ROSTER_ENROLMENT,
        .attributes = { A("year", "2024"), A("premium_fen", "1"), A("paid_on", "x") });
    assert_false(
        READ(.kind = ROSTER_ENROLMENT, .attributes = { A("year", "2024"), A("premium_fen", "1") }).has_paid_on);
    BAD(NONE, .kind = ROSTER_ENROLMENT, .attributes = { A("year", "2024"), A("premium_fen", "0"), A("paid_on", "") });
    BAD(RELATIVE_ID, .kind = ROSTER_FAMILY, .attributes = { A("relation", "CHILD") });
    BAD(RELATIVE_ID, .kind = ROSTER_FAMILY, .attributes = { A("relative_id", "no"), A("relation", "CHILD") });
    BAD(RELATION, .kind = ROSTER_FAMILY, .attributes = { A("relative_id", "ok"), A("relation", "UNCLE") });
    BAD(NONE, .kind = ROSTER_FAMILY, .attributes = { A("relative_id", "ok"), A("relation", "PARENT") });
    BAD(FUND, .kind = ROSTER_FUND, .attributes = { A("source", "x"), A("amount_fen", "1"), A("date", "2023-01-01") });
    BAD(SOURCE, .kind = ROSTER_FUND, .attributes = { A("fund", "ASSISTANCE"), A("amount_fen", "1") });
    BAD(SOURCE, FUND("x", A("amount_fen", "1")));
    BAD(AMOUNT, FUND("CENTRAL"));
    BAD(DATE, FUND("CENTRAL", A("amount_fen", "1")));
}

static void test_funds(void **state)
{
    (void)state;
    const struct roster_row row = READ(FUND("GAP", A("amount_fen", "17"), A("date", "2023-02-28")));
    assert_int_equal(row.bad_field, ROSTER_FIELD_NONE);
    assert_int_equal(row.fund, FUND_ASSISTANCE);
    assert_int_equal(row.income, INCOME_GAP);
    assert_int_equal(row.amount.fen, 17);
    assert_int_equal(row.paid_on.n, day_of(2023, 2, 28).n);
    BAD(HOLDERS, FUND("PAYROLL", A("amount_fen", "1"), A("date", "2023-01-01")));
    BAD(HOLDERS, FUND("PAYROLL", A("amount_fen", "1"), A("date", "2023-01-01"), A("holders", "0")));
    BAD(HOLDERS, FUND("GAP", A("amount_fen", "1"), A("date", "2023-01-01"), A("holders", "x")));
    BAD(NONE, FUND("GAP", A("amount_fen", "1"), A("date", "2023-01-01"), A("holders", "")));
    assert_int_equal(
        READ(FUND("PAYROLL", A("amount_fen", "1"), A("date", "2023-01-01"), A("holders", "3"))).holders, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_person_action_and_day),
        cmocka_unit_test(test_grants),
        cmocka_unit_test(test_contributions),
        cmocka_unit_test(test_enrolments_relatives_and_funds),
        cmocka_unit_test(test_funds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
