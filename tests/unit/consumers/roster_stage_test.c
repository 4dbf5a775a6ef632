/* Lists through the roster stage and the engine: each case sends parts and says everything that comes out. */
#include "tests/unit/consumers/roster_world.h"

#include "state/bytes.h"

static struct world world;
/* Identity numbers of persons 0 to 9. */
static char id[10][ID_SIZE];

static int setup(void **state)
{
    (void)state;
    for (int i = 0; i < (int)COUNT_OF(id); i++)
        person(i, id[i]);
    world_begin(&world, 3);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

#define ROWS(...)                                                                                                      \
    .rows = (const struct sent_row[]){ __VA_ARGS__ }, .row_count = COUNT_OF(((const struct sent_row[]){ __VA_ARGS__ }))
#define R(n, who, ...)                                                                                                 \
    {                                                                                                                  \
        .id = id[n], .name = (who), ##__VA_ARGS__                                                                      \
    }
#define SEND(...) world_send(&world, &(const struct sent){ __VA_ARGS__ })
#define EXPECT(text) world_expect(&world, text)

static void test_full_lists_follow_one_another(void **state)
{
    (void)state;
    SEND(ROWS(R(1, "Li"), R(2, "Wang")));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p1 2023-01-01 Li\n"
           "GRANT SUBSISTENCE_ALLOWANCE p2 2023-01-01 Wang\n"
           "R1 TAKEN 2=2+0 g2 r0 u0 1/1\n");
    SEND(.roster_id = "R2", .stated_on = "2023-02-01", ROWS(R(2, "Wang"), R(3, "Zhao", .from = "2023-02-10")));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p2 2023-02-01 Wang\n"
           "GRANT SUBSISTENCE_ALLOWANCE p3 2023-02-10 Zhao\n"
           "REVOKE SUBSISTENCE_ALLOWANCE p1 2023-02-01 Li\n"
           "R2 TAKEN 2=2+0 g1 r1 u1 1/1\n");
    SEND(.roster_id = "R3", .stated_on = "2023-03-01", .row_count = 0);
    EXPECT("REVOKE SUBSISTENCE_ALLOWANCE p2 2023-03-01 Wang\n"
           "REVOKE SUBSISTENCE_ALLOWANCE p3 2023-03-01 Zhao\n"
           "R3 TAKEN 0=0+0 g0 r2 u0 1/1\n");
}

static void test_deltas_before_and_after_the_first_full(void **state)
{
    (void)state;
    SEND(.mode = ROSTER_DELTA, ROWS(R(1, "Li"), R(2, "Wang")));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p1 2023-01-01 Li\n"
           "GRANT SUBSISTENCE_ALLOWANCE p2 2023-01-01 Wang\n"
           "R1 TAKEN 2=2+0 g2 r0 u0 1/1\n");
    SEND(.mode = ROSTER_DELTA, .roster_id = "R2", .stated_on = "2023-01-10",
        ROWS(R(2, "Wang", .action = 2, .from = "2023-01-15"), R(3, "Zhao", .action = 1), R(4, "Sun", .action = 2)));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p3 2023-01-10 Zhao\n"
           "REVOKE SUBSISTENCE_ALLOWANCE p2 2023-01-15 Wang\n"
           "REVOKE SUBSISTENCE_ALLOWANCE p4 2023-01-10 Sun\n"
           "R2 TAKEN 3=3+0 g1 r1 u1 1/1\n");
    SEND(.roster_id = "R3", .stated_on = "2023-02-01", ROWS(R(3, "Zhao", .action = 2, .from = "2023-02-20")));
    EXPECT("REVOKE SUBSISTENCE_ALLOWANCE p1 2023-02-01 Li\n"
           "REVOKE SUBSISTENCE_ALLOWANCE p3 2023-02-20 Zhao\n"
           "R3 TAKEN 1=1+0 g0 r2 u0 1/1\n");
}

static void test_revocation_of_a_later_from_takes_effect_that_day(void **state)
{
    (void)state;
    SEND(ROWS(R(1, "Li", .from = "2023-06-01"), R(2, "Wang")));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p1 2023-06-01 Li\n"
           "GRANT SUBSISTENCE_ALLOWANCE p2 2023-01-01 Wang\n"
           "R1 TAKEN 2=2+0 g2 r0 u0 1/1\n");
    SEND(.mode = ROSTER_DELTA, .roster_id = "R2", .stated_on = "2023-02-01", ROWS(R(2, "Wang", .from = "2023-07-01")));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p2 2023-07-01 Wang\n"
           "R2 TAKEN 1=1+0 g0 r0 u1 1/1\n");
    SEND(.roster_id = "R3", .stated_on = "2023-03-01");
    EXPECT("REVOKE SUBSISTENCE_ALLOWANCE p1 2023-06-01 Li\n"
           "REVOKE SUBSISTENCE_ALLOWANCE p2 2023-03-01 Wang\n"
           "REVOKE SUBSISTENCE_ALLOWANCE p2 2023-07-01 Wang\n"
           "R3 TAKEN 0=0+0 g0 r2 u0 1/1\n");
}

static void test_rows_are_refused_one_by_one(void **state)
{
    (void)state;
    SEND(ROWS(R(1, "Li"), R(2, "Wang"), R(3, "Zhao")));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p1 2023-01-01 Li\n"
           "GRANT SUBSISTENCE_ALLOWANCE p2 2023-01-01 Wang\n"
           "GRANT SUBSISTENCE_ALLOWANCE p3 2023-01-01 Zhao\n"
           "R1 TAKEN 3=3+0 g3 r0 u0 1/1\n");
    SEND(.roster_id = "R2", .stated_on = "2023-02-01",
        ROWS({ .id = "140425197305110036", .name = "Bad" }, { .name = "None" }, R(1, ""), R(2, "Weng"), R(4, "Sun"),
            R(4, "Sun"), R(5, "Zhou", .from = "2023-02-30"), R(5, "Zhou"), R(6, "Wu", .action = 7),
            R(3, "Chao", .attributes = "corrected_name=true"), R(7, "Zheng", .attributes = "corrected_name=yes")));
    EXPECT(
        "GRANT SUBSISTENCE_ALLOWANCE p3 2023-02-01 Chao\n"
        "GRANT SUBSISTENCE_ALLOWANCE p4 2023-02-01 Sun\n"
        "GRANT SUBSISTENCE_ALLOWANCE p5 2023-02-01 Zhou\n"
        "R2 TAKEN 11=3+8 g2 r0 u0 1/1, 1.1 BAD_PERSON_ID person_id, 1.2 BAD_PERSON_ID person_id, 1.3 MISSING_FIELD name"
        ", 1.4 NAME_MISMATCH name, 1.6 DUPLICATE_ROW , 1.7 BAD_ATTRIBUTE from, 1.9 BAD_ATTRIBUTE action"
        ", 1.11 BAD_ATTRIBUTE attributes.corrected_name\n");
    SEND(.roster_id = "R3", .stated_on = "2023-03-01", ROWS(R(3, "Chao")));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p3 2023-03-01 Chao\n"
           "REVOKE SUBSISTENCE_ALLOWANCE p1 2023-03-01 Li\n"
           "REVOKE SUBSISTENCE_ALLOWANCE p2 2023-03-01 Wang\n"
           "REVOKE SUBSISTENCE_ALLOWANCE p4 2023-03-01 Sun\n"
           "REVOKE SUBSISTENCE_ALLOWANCE p5 2023-03-01 Zhou\n"
           "R3 TAKEN 1=1+0 g0 r4 u1 1/1\n");
}

static void test_the_first_row_taken_stands_across_parts(void **state)
{
    (void)state;
    SEND(.part = 2, .parts = 2, ROWS(R(1, "Li", .from = "2023-01-02"), R(2, "Wang", .from = "2023-01-05")));
    EXPECT("");
    SEND(.part = 1, .parts = 2, .recorded_at = 1680000001, ROWS(R(2, "Wang", .from = "never"), R(1, "Li")));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p1 2023-01-01 Li\n"
           "GRANT SUBSISTENCE_ALLOWANCE p2 2023-01-05 Wang\n"
           "R1 TAKEN 4=2+2 g2 r0 u0 1/1, 1.1 BAD_ATTRIBUTE from, 2.1 DUPLICATE_ROW \n");
}

static void test_parts_in_any_order_twice_and_interleaved(void **state)
{
    (void)state;
    SEND(.part = 3, .parts = 3, ROWS(R(3, "Zhao")));
    SEND(.roster_id = "R2", .part = 2, .parts = 2, ROWS(R(5, "Zhou")));
    SEND(.part = 1, .parts = 3, ROWS(R(1, "Li")));
    SEND(.part = 3, .parts = 3, .recorded_at = 1690000000, ROWS(R(3, "Zhao")));
    EXPECT("");
    SEND(.roster_id = "R2", .part = 1, .parts = 2, ROWS(R(1, "Li")));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p1 2023-01-01 Li\n"
           "GRANT SUBSISTENCE_ALLOWANCE p5 2023-01-01 Zhou\n"
           "R2 TAKEN 2=2+0 g2 r0 u0 1/1\n");
    SEND(.part = 2, .parts = 3, ROWS(R(2, "Wang")));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p1 2023-01-01 Li\n"
           "GRANT SUBSISTENCE_ALLOWANCE p2 2023-01-01 Wang\n"
           "GRANT SUBSISTENCE_ALLOWANCE p3 2023-01-01 Zhao\n"
           "REVOKE SUBSISTENCE_ALLOWANCE p5 2023-01-01 Zhou\n"
           "R1 TAKEN 3=3+0 g2 r1 u1 1/1\n");
    SEND(.part = 2, .parts = 3, ROWS(R(2, "Wang")));
    EXPECT("");
}

static void test_another_source_or_key_is_another_list(void **state)
{
    (void)state;
    SEND(.part = 1, .parts = 2, ROWS(R(1, "Li")));
    SEND(.source = "other", .part = 2, .parts = 2, ROWS(R(2, "Wang")));
    SEND(.category = CATEGORY_EXTREME_POVERTY, ROWS(R(1, "Li")));
    SEND(.department = "rural", ROWS(R(1, "Li")));
    SEND(.kind = ROSTER_UNIT, ROWS(R(1, "Li")));
    EXPECT("GRANT EXTREME_POVERTY p1 2023-01-01 Li\n"
           "GRANT SUBSISTENCE_ALLOWANCE p1 2023-01-01 Li\n"
           "GRANT SUBSISTENCE_ALLOWANCE p1 2023-01-01 Li\n"
           "R1 TAKEN 1=1+0 g1 r0 u0 1/1\nR1 TAKEN 1=1+0 g1 r0 u0 1/1\nR1 TAKEN 1=1+0 g1 r0 u0 1/1\n");
}

static void test_dates_must_agree_or_be_explained(void **state)
{
    (void)state;
    SEND(.delivered_on = "2023-01-02", .part = 2, .parts = 3, ROWS(R(1, "Li")));
    EXPECT("R1 REFUSED DATE_MISMATCH 1=0+1 g0 r0 u0 1/1\n");
    SEND(.delivered_on = "2023-01-02", .part = 1, .parts = 3, ROWS(R(2, "Wang")));
    SEND(.delivered_on = "2023-01-02", .part = 2, .parts = 3, ROWS(R(1, "Li")));
    EXPECT("");
    SEND(.delivered_on = "2023-01-01", .part = 1, .parts = 3, ROWS(R(2, "Wang"))); /* the id is spent */
    EXPECT("R1 REFUSED PARTS_DISAGREE 1=0+1 g0 r0 u0 1/1\n");
    SEND(.roster_id = "R2", .delivered_on = "", ROWS(R(1, "Li")));
    EXPECT("R2 REFUSED DATE_MISMATCH 1=0+1 g0 r0 u0 1/1\n");
    SEND(.roster_id = "R3", .delivered_on = "2023-01-02", .note = "holiday", ROWS(R(1, "Li")));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p1 2023-01-01 Li\nR3 TAKEN 1=1+0 g1 r0 u0 1/1\n");
}

static void test_parts_that_disagree(void **state)
{
    (void)state;
    SEND(.part = 1, .parts = 2, ROWS(R(1, "Li")));
    SEND(.part = 1, .parts = 2, ROWS(R(1, "Lee")));
    EXPECT("R1 REFUSED PARTS_DISAGREE 1=0+1 g0 r0 u0 1/1\n");
    SEND(.part = 2, .parts = 2, ROWS(R(2, "Wang")));
    EXPECT("");
    SEND(.roster_id = "R2", .part = 1, .parts = 2, ROWS(R(1, "Li")));
    SEND(.roster_id = "R2", .part = 2, .parts = 3, ROWS(R(2, "Wang")));
    EXPECT("R2 REFUSED PARTS_DISAGREE 1=0+1 g0 r0 u0 1/1\n");
    SEND(.roster_id = "R3", .part = 1, .parts = 2, ROWS(R(1, "Li")));
    SEND(.roster_id = "R3", .part = 2, .parts = 2, .mode = ROSTER_DELTA, ROWS(R(2, "Wang")));
    EXPECT("R3 REFUSED PARTS_DISAGREE 1=0+1 g0 r0 u0 1/1\n");
    SEND(.roster_id = "R4", ROWS(R(1, "Li")));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p1 2023-01-01 Li\nR4 TAKEN 1=1+0 g1 r0 u0 1/1\n");
    SEND(.roster_id = "R4", ROWS(R(1, "Li"), R(2, "Wang")));
    EXPECT("R4 REFUSED PARTS_DISAGREE 2=0+2 g0 r0 u0 1/1\n");
}

static void test_a_list_of_before_the_last_full_is_out_of_order(void **state)
{
    (void)state;
    SEND(.stated_on = "2023-02-01", ROWS(R(1, "Li")));
    SEND(.roster_id = "R2", .stated_on = "2023-01-31", .mode = ROSTER_DELTA, ROWS(R(2, "Wang")));
    SEND(.roster_id = "R3", .stated_on = "2023-02-01", .mode = ROSTER_DELTA, ROWS(R(2, "Wang")));
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p1 2023-02-01 Li\n"
           "GRANT SUBSISTENCE_ALLOWANCE p2 2023-02-01 Wang\n"
           "R1 TAKEN 1=1+0 g1 r0 u0 1/1\n"
           "R2 REFUSED OUT_OF_ORDER 1=0+1 g0 r0 u0 1/1\n"
           "R3 TAKEN 1=1+0 g1 r0 u0 1/1\n");
}

static void test_funding(void **state)
{
    (void)state;
    SEND(.category = CATEGORY_SUPPLEMENTARY_MEMBER,
        ROWS(R(1, "Li", .attributes = "funding=FISCAL"), R(2, "Wang"), R(3, "Zhao", .attributes = "funding=NO")));
    EXPECT("GRANT SUPPLEMENTARY_MEMBER p1 2023-01-01 Li FISCAL\n"
           "GRANT SUPPLEMENTARY_MEMBER p2 2023-01-01 Wang YEARLY\n"
           "R1 TAKEN 3=2+1 g2 r0 u0 1/1, 1.3 BAD_ATTRIBUTE attributes.funding\n");
    SEND(.category = CATEGORY_EMPLOYEE_INSURED,
        ROWS(R(1, "Li", .attributes = "funding=FISCAL"), R(2, "Wang", .attributes = "funding=MONTHLY")));
    EXPECT("GRANT EMPLOYEE_INSURED p2 2023-01-01 Wang MONTHLY\n"
           "R1 TAKEN 2=1+1 g1 r0 u0 1/1, 1.1 BAD_ATTRIBUTE attributes.funding\n");
}

static void test_contributions(void **state)
{
    (void)state;
#define PAID "paid_on=2023-02-09 amount_fen=11250"
    SEND(.kind = ROSTER_CONTRIBUTION, .category = NO_CATEGORY, .department = "insurance",
        ROWS(R(1, "Li", .attributes = "scheme=SUPPLEMENTARY period=2023-02 " PAID),
            R(1, "Li", .attributes = "scheme=EMPLOYEE period=2023-02 account_credit_fen=30 " PAID),
            R(1, "Li", .attributes = "scheme=EMPLOYEE period=2023-02 " PAID),
            R(1, "Li", .attributes = "scheme=EMPLOYEE period=2023 " PAID),
            R(1, "Li", .attributes = "scheme=EMPLOYEE period=2023-13 " PAID),
            R(1, "Li", .attributes = "scheme=OTHER period=2023-01 " PAID),
            R(2, "Wang", .attributes = "scheme=EMPLOYEE period=2023-01 paid_on=2023-01-10 amount_fen=-1"),
            R(2, "Wang", .attributes = "scheme=EMPLOYEE period=2023-01 amount_fen=1"),
            R(2, "Wang", .action = 2, .attributes = "scheme=EMPLOYEE period=2023-01 " PAID)));
    EXPECT("ADD p1 EMPLOYEE 2023 2023-02-09 11250 0\n"
           "ADD p1 EMPLOYEE 2023-02 2023-02-09 11250 30\n"
           "ADD p1 SUPPLEMENTARY 2023-02 2023-02-09 11250 0\n"
           "REMOVE p2 EMPLOYEE 2023-01  11250 0\n"
           "R1 TAKEN 9=4+5 g0 r0 u0 1/1, 1.3 DUPLICATE_ROW , 1.5 BAD_ATTRIBUTE attributes.period"
           ", 1.6 BAD_ATTRIBUTE attributes.scheme, 1.7 BAD_ATTRIBUTE attributes.amount_fen"
           ", 1.8 BAD_ATTRIBUTE attributes.paid_on\n");
}

static void test_enrolments_relatives_and_funds(void **state)
{
    (void)state;
    char relative[64], unknown[] = "relative_id=140425197305110036 relation=CHILD";
    snprintf(relative, sizeof relative, "relation=CHILD relative_id=%s", id[9]);
    SEND(.kind = ROSTER_ENROLMENT, .category = NO_CATEGORY,
        ROWS(R(1, "Li", .attributes = "year=2024 premium_fen=38000 paid_on=2023-10-01"),
            R(2, "Wang", .attributes = "year=2024 premium_fen=38000"),
            R(2, "Wang", .attributes = "year=2024 premium_fen=1"),
            R(3, "Zhao", .attributes = "year=24 premium_fen=38000")));
    EXPECT("ADD p1 2024 2023-10-01 38000\nADD p2 2024  38000\n"
           "R1 TAKEN 4=2+2 g0 r0 u0 1/1, 1.3 DUPLICATE_ROW , 1.4 BAD_ATTRIBUTE attributes.year\n");
    SEND(.kind = ROSTER_FAMILY, .category = NO_CATEGORY,
        ROWS(R(1, "Li", .attributes = relative), R(1, "Li", .attributes = relative),
            R(2, "Wang", .attributes = unknown),
            R(3, "Zhao", .action = 2, .attributes = relative, .from = "2023-05-01")));
    EXPECT("GRANT RELATIVE p1 2023-01-01 Li CHILD p9\nREVOKE RELATIVE p3 2023-05-01 Zhao CHILD p9\n"
           "R1 TAKEN 4=2+2 g0 r0 u0 1/1, 1.2 DUPLICATE_ROW , 1.3 BAD_ATTRIBUTE attributes.relative_id\n");
    SEND(.kind = ROSTER_FUND, .category = NO_CATEGORY,
        ROWS({ .attributes = "fund=ASSISTANCE source=CENTRAL amount_fen=5 date=2023-01-01" },
            { .attributes = "fund=ASSISTANCE source=CENTRAL amount_fen=5 date=2023-01-01" },
            { .attributes = "fund=ASSISTANCE amount_fen=5 date=2023-01-01" }));
    EXPECT("R1 TAKEN 3=2+1 g0 r0 u0 1/1, 1.3 BAD_ATTRIBUTE attributes.source\n"
           "INCOME 140425 ASSISTANCE CENTRAL 2023-01-01 5\nINCOME 140425 ASSISTANCE CENTRAL 2023-01-01 5\n");
}

/* A payroll of 3000.00: the levy is 300.00, half of it 150.00, for seven 21.42 each; told once to each partition. */
static void test_a_payroll_is_levied_and_granted(void **state)
{
    (void)state;
    SEND(.kind = ROSTER_FUND, .category = NO_CATEGORY,
        ROWS({ .attributes = "fund=CIVIL_SERVANT source=PAYROLL amount_fen=300000 date=2023-01-01 holders=7" },
            { .attributes = "fund=ASSISTANCE source=PAYROLL amount_fen=300000 date=2023-01-01 holders=7" },
            { .attributes = "fund=POOL source=CENTRAL amount_fen=1 date=2023-01-01" },
            { .attributes = "fund=ACCOUNT source=CENTRAL amount_fen=1 date=2023-01-01" },
            { .attributes = "fund=CIVIL_SERVANT source=AGENCY_FEE amount_fen=1 date=2023-01-01" }));
    EXPECT("R1 TAKEN 5=2+3 g0 r0 u0 1/1, 1.2 BAD_ATTRIBUTE attributes.source, 1.3 BAD_ATTRIBUTE attributes.fund"
           ", 1.4 BAD_ATTRIBUTE attributes.fund\n"
           "INCOME 140425 CIVIL_SERVANT PAYROLL 2023-01-01 300000\n"
           "INCOME 140425 CIVIL_SERVANT AGENCY_FEE 2023-01-01 1\n"
           "ANNOUNCE 2023-01-01 2142\nANNOUNCE 2023-01-01 2142\nANNOUNCE 2023-01-01 2142\n");
    SEND(.roster_id = "R2", .kind = ROSTER_FUND, .category = NO_CATEGORY,
        ROWS({ .action = 2,
            .attributes = "fund=CIVIL_SERVANT source=PAYROLL amount_fen=300000 date=2023-01-01 holders=7" }));
    EXPECT("R2 TAKEN 1=1+0 g0 r0 u0 1/1\nINCOME 140425 CIVIL_SERVANT PAYROLL 2023-01-01 300000 REMOVE\n");
}

static void test_what_is_no_list_is_rejected(void **state)
{
    (void)state;
    struct log_output junk = { .topic = ROSTER_TOPIC, .key = TEXT("k"), .value = TEXT("\xff\xff") };
    world_append(&world, &junk);
    EXPECT("NOT_PROTOBUF \n");
    SEND(.roster_id = "");
    EXPECT("MISSING_FIELD roster_id\n");
    SEND(.category = NO_CATEGORY, .key = "x");
    EXPECT("MISSING_FIELD category\n");
    SEND(.region = "110000");
    EXPECT("UNKNOWN_REGION region\n");
    SEND(.kind = 9, .key = "x");
    EXPECT("UNKNOWN_ENUM kind\n");
    SEND(.category = 99, .key = "x");
    EXPECT("UNKNOWN_ENUM category\n");
    SEND(.mode = 3);
    EXPECT("UNKNOWN_ENUM mode\n");
    SEND(.category = CATEGORY_RELATIVE);
    EXPECT("BAD_VALUE category\n");
    SEND(.stated_on = "2023-02-29");
    EXPECT("BAD_DATE stated_on\n");
    SEND(.part = 3, .parts = 2);
    EXPECT("BAD_VALUE part\n");
    SEND(.parts = ROSTER_PARTS_MAX + 1);
    EXPECT("BAD_VALUE parts\n");
    SEND(.key = "140425|civil|HARDSHIP|EXTREME_POVERTY");
    EXPECT("KEY_MISMATCH \n");
    SEND(.key = "");
    EXPECT("KEY_MISMATCH \n");
}

static void test_forged_continuations_do_nothing(void **state)
{
    (void)state;
    const struct log_header mark = { TEXT(ROSTER_CONTINUATION), TEXT("1") };
    struct log_output forged = { .topic = ROSTER_TOPIC, .partition = -1, .headers = &mark, .header_count = 1 };
    forged.key = TEXT("140425|civil|HARDSHIP|SUBSISTENCE_ALLOWANCE");
    forged.value = TEXT("\x01");
    world_append(&world, &forged);
    SEND(ROWS(R(1, "Li")));
    world_append(&world, &forged);
    EXPECT("GRANT SUBSISTENCE_ALLOWANCE p1 2023-01-01 Li\nR1 TAKEN 1=1+0 g1 r0 u0 1/1\n");
    forged.value = TEXT("\x80");
    world_append(&world, &forged);
    forged.value = TEXT_EMPTY;
    world_append(&world, &forged);
    EXPECT("NOT_PROTOBUF \nNOT_PROTOBUF \n");
}

/* The ids of all changes so far, which must begin with `prefix` and differ from each other. */
static void expect_event_ids(const char *prefix, size_t expected)
{
    struct text ids[16];
    size_t count = 0;
    world_run(&world);
    for (int32_t p = 0; p < world.partitions; p++)
        for (int64_t at = 0; at < memory_broker_end(world.broker, "identity-change", p); at++) {
            const struct log_output *record = memory_broker_record(world.broker, "identity-change", p, at);
            for (size_t i = 0; record != NULL && i < record->header_count; i++)
                if (text_equal(record->headers[i].name, TEXT("ce_id")))
                    ids[count++] = record->headers[i].value;
        }
    assert_int_equal(count, expected);
    for (size_t i = 0; i < count; i++) {
        assert_true(text_begins(ids[i], text_of(prefix)));
        for (size_t j = 0; j < i; j++)
            assert_false(text_equal(ids[i], ids[j]));
    }
}

/* Two keys and two sources use one roster id, and one list revokes twice. */
static void test_event_ids_never_collide(void **state)
{
    (void)state;
    char prefix[64];
    snprintf(prefix, sizeof prefix, "R1/%s/", id[1]);
    SEND(ROWS(R(1, "Li")));
    SEND(.source = "other", .stated_on = "2023-02-01", ROWS(R(1, "Li", .from = "2023-09-01")));
    SEND(.kind = ROSTER_UNIT, ROWS(R(1, "Li")));
    SEND(.category = CATEGORY_RETIRED, ROWS(R(1, "Li")));
    SEND(.source = "third", .stated_on = "2023-03-01", ROWS(R(1, "Li", .action = 2)));
    expect_event_ids(prefix, 6);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(full_lists_follow_one_another),
        TEST(deltas_before_and_after_the_first_full),
        TEST(revocation_of_a_later_from_takes_effect_that_day),
        TEST(rows_are_refused_one_by_one),
        TEST(the_first_row_taken_stands_across_parts),
        TEST(parts_in_any_order_twice_and_interleaved),
        TEST(another_source_or_key_is_another_list),
        TEST(dates_must_agree_or_be_explained),
        TEST(parts_that_disagree),
        TEST(a_list_of_before_the_last_full_is_out_of_order),
        TEST(funding),
        TEST(contributions),
        TEST(enrolments_relatives_and_funds),
        TEST(a_payroll_is_levied_and_granted),
        TEST(what_is_no_list_is_rejected),
        TEST(forged_continuations_do_nothing),
        TEST(event_ids_never_collide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
