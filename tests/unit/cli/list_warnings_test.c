/* Whether a month's list is whole: what the partitions sent, and what they say they sent. */
#include "cli/list_rows.h"
#include "cli/list_warnings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MONTH "2023-05"
#define WARNING Settled__V1__Warning
#define PARTITIONS 2

struct given {
    char kind; /* M: a row, E: an end, C: something else */
    const char *region, *period, *person;
    int32_t partition;
    int64_t offset, count; /* of an end */
};

static void take(struct list_warnings *list, const struct given *given)
{
    WARNING warning = SETTLED__V1__WARNING__INIT;
    Settled__V1__Settlement__Trigger trigger = SETTLED__V1__SETTLEMENT__TRIGGER__INIT;
    warning.kind = given->kind == 'M' ? SETTLED__V1__WARNING__KIND__MONTHLY
        : given->kind == 'E'          ? SETTLED__V1__WARNING__KIND__LIST_END
                                      : SETTLED__V1__WARNING__KIND__CROSSED;
    warning.region = (char *)(uintptr_t)given->region;
    warning.period = (char *)(uintptr_t)given->period;
    warning.person_id = (char *)(uintptr_t)given->person;
    warning.warning_id = (char *)(uintptr_t)given->person;
    warning.count = given->count;
    trigger.partition = given->partition;
    trigger.offset = given->offset;
    warning.trigger = given->partition < 0 ? NULL : &trigger;
    list_warnings_take(list, &warning);
}

static void check(const char *region, const struct given *given, size_t count, const char *complaints)
{
    char *said = NULL;
    size_t length;
    struct arena *arena = arena_new(LIST_ARENA_BYTES);
    const struct list_warnings_wanted wanted = { MONTH, region, 0 };
    struct list_warnings *list = list_warnings_new(arena, &wanted);
    for (size_t i = 0; i < count; i++)
        take(list, &given[i]);
    FILE *stream = open_memstream(&said, &length);
    bool whole = list_warnings_is_whole(list, PARTITIONS, stream);
    fclose(stream);
    assert_string_equal(said, complaints);
    assert_int_equal(whole, complaints[0] == '\0');
    free(said);
    arena_free(arena);
}

#define CHECK_LIST(region, complaints, ...)                                                                            \
    do {                                                                                                               \
        const struct given given[] = { __VA_ARGS__ };                                                                  \
        check(region, given, COUNT_OF(given), complaints);                                                             \
    } while (0)
#define ROW(region, person, partition)                                                                                 \
    {                                                                                                                  \
        'M', region, MONTH, person, partition, 0, 0                                                                    \
    }
#define END(region, partition, count)                                                                                  \
    {                                                                                                                  \
        'E', region, MONTH, "", partition, 5, count                                                                    \
    }
#define HEAD(region) region " " MONTH "的名单还不完整：\n"

static void test_nothing_there(void **state)
{
    (void)state;
    check(NULL, NULL, 0, MONTH "还没有月结：一条名单记录也没有\n");
    CHECK_LIST(NULL, MONTH "还没有月结：一条名单记录也没有\n", { 'C', "R", MONTH, "a", 0, 0, 0 },
        { 'M', "R", "2023-04", "a", 0, 0, 0 }, { 'E', "R", "2023", "a", 0, 0, 0 });
    check("R", NULL, 0, HEAD("R") "  分区0：还没有月结完毕（已有0条）\n  分区1：还没有月结完毕（已有0条）\n");
}

static void test_counts(void **state)
{
    (void)state;
    CHECK_LIST(NULL, "", ROW("R", "a", 0), ROW("R", "b", 1), ROW("R", "c", 1), END("R", 1, 2), END("R", 0, 1));
    CHECK_LIST(NULL, "", END("R", 1, 0), END("R", 0, 0));
    CHECK_LIST(NULL, HEAD("R") "  分区1：应有2条，现有1条\n", ROW("R", "b", 1), END("R", 1, 2), END("R", 0, 0));
    CHECK_LIST(NULL, HEAD("R") "  分区0：还没有月结完毕（已有1条）\n", ROW("R", "b", 0), END("R", 1, 0));
    CHECK_LIST(NULL, HEAD("R") "  分区0：应有0条，现有1条\n", ROW("R", "b", 0), END("R", 1, 0), END("R", 0, 0));
}

static void test_twice_counts_once(void **state)
{
    (void)state;
    CHECK_LIST(NULL, "", ROW("R", "a", 0), ROW("R", "a", 0), END("R", 0, 1), END("R", 0, 1), END("R", 1, 0));
}

static void test_the_last_word_of_a_partition_holds(void **state)
{
    (void)state;
    CHECK_LIST(
        NULL, "", ROW("R", "a", 0), { 'E', "R", MONTH, "", 0, 9, 1 }, { 'E', "R", MONTH, "", 0, 5, 0 }, END("R", 1, 0));
}

static void test_regions(void **state)
{
    (void)state;
    CHECK_LIST(NULL, HEAD("S") "  分区1：还没有月结完毕（已有0条）\n", END("R", 0, 0), END("R", 1, 0), END("S", 0, 0));
    CHECK_LIST("R", "", END("R", 0, 0), END("R", 1, 0), END("S", 0, 0));
    CHECK_LIST("R", HEAD("R") "  分区0：应有0条，现有1条\n", ROW("R", "a", 0), ROW("S", "b", 1), END("R", 0, 0),
        END("R", 1, 0));
}

static void test_a_partition_that_does_not_exist(void **state)
{
    (void)state;
    CHECK_LIST(NULL, HEAD("R") "  分区0：应有2条，现有0条\nR " MONTH "：有2条不知来自哪个分区\n", ROW("R", "a", -1),
        ROW("R", "b", 2), END("R", 0, 2), END("R", 1, 0));
    CHECK_LIST(NULL, "R " MONTH "：有1条不知来自哪个分区\n", ROW("R", "a", -1), END("R", 0, 0), END("R", 1, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_there),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_twice_counts_once),
        cmocka_unit_test(test_the_last_word_of_a_partition_holds),
        cmocka_unit_test(test_regions),
        cmocka_unit_test(test_a_partition_that_does_not_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
