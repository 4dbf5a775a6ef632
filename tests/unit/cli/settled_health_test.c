#include "cli/settled_health.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct settled_member member_in(const char *name, enum engine_state state)
{
    struct settled_member member = { .name = name, .health = { .state = state } };
    return member;
}

/* One worker in `first`, one in `second`: whether the whole is healthy, whether it is ready, and who speaks for it. */
static void judged(enum engine_state first, enum engine_state second, bool is_healthy, bool is_ready)
{
    const struct settled_member members[] = { member_in("person-0", first), member_in("person-1", second) };
    const struct settled_verdict verdict = settled_health_judge(members, COUNT_OF(members));
    if (verdict.is_healthy != is_healthy || verdict.is_ready != is_ready)
        fail_msg("%s and %s: healthy %d, ready %d", engine_state_name(first), engine_state_name(second),
            verdict.is_healthy, verdict.is_ready);
}

static void waiting_is_not_healthy_and_only_live_is_ready(void **state)
{
    (void)state;
    judged(ENGINE_STARTING, ENGINE_STARTING, true, false);
    judged(ENGINE_LIVE, ENGINE_STARTING, true, false);
    judged(ENGINE_LIVE, ENGINE_RECOVERING, true, false);
    judged(ENGINE_WAITING_FOR_KAFKA, ENGINE_LIVE, false, false);
    judged(ENGINE_LIVE, ENGINE_WAITING_FOR_REDIS, false, false);
    judged(ENGINE_LIVE, ENGINE_LIVE, true, true);
}

static void a_stopped_partition_is_not_ready_but_no_reason_to_restart(void **state)
{
    (void)state;
    struct settled_member member = member_in("person-0", ENGINE_LIVE);
    member.health.partitions_stopped = 1;
    const struct settled_verdict verdict = settled_health_judge(&member, 1);
    assert_true(verdict.is_healthy);
    assert_false(verdict.is_ready);
}

/* Hospitals are answered while the funds' ledger waits; the status says that it does. */
static void who_stands_aside_holds_nobody_up(void **state)
{
    (void)state;
    struct settled_member members[] = { member_in("person-0", ENGINE_LIVE),
        member_in("fund-0", ENGINE_WAITING_FOR_KAFKA) };
    members[1].is_aside = true;
    const struct settled_verdict verdict = settled_health_judge(members, COUNT_OF(members));
    assert_true(verdict.is_healthy && verdict.is_ready);
    char *text = settled_health_json(members, COUNT_OF(members));
    assert_non_null(strstr(text, "\"status\":\"waiting for kafka\""));
    free(text);
}

static json_t *json_of(const struct settled_member *members, size_t count)
{
    json_error_t error;
    char *text = settled_health_json(members, count);
    assert_non_null(text);
    json_t *json = json_loads(text, 0, &error);
    assert_non_null(json);
    free(text);
    return json;
}

static void says(const struct settled_member *members, size_t count, const char *status, const char *reason)
{
    json_t *json = json_of(members, count);
    assert_string_equal(json_string_value(json_object_get(json, "status")), status);
    if (reason == NULL)
        assert_null(json_object_get(json, "reason"));
    else
        assert_string_equal(json_string_value(json_object_get(json, "reason")), reason);
    assert_int_equal(json_array_size(json_object_get(json, "workers")), count);
    json_decref(json);
}

static void the_worst_off_speaks_for_all(void **state)
{
    (void)state;
    struct settled_member members[] = { member_in("person-0", ENGINE_LIVE), member_in("person-1", ENGINE_LIVE) };
    says(members, 2, "live", NULL);
    members[1].health.state = ENGINE_RECOVERING;
    says(members, 2, "recovering", NULL);
    members[0].health.state = ENGINE_STARTING;
    says(members, 2, "starting", NULL);
    members[1].health.state = ENGINE_WAITING_FOR_REDIS;
    strcpy(members[1].health.cause, "refused: \"no\"");
    says(members, 2, "waiting for redis", "refused: \"no\"");
    members[0].health.state = ENGINE_WAITING_FOR_KAFKA;
    strcpy(members[0].health.cause, "1/1 brokers are down");
    says(members, 2, "waiting for kafka", "1/1 brokers are down");
}

static void stopped_partitions_are_named_as_far_as_they_are_kept(void **state)
{
    (void)state;
    struct settled_member member = member_in("person-0", ENGINE_LIVE);
    member.health.partitions_stopped = ENGINE_STOPPED_SHOWN + 1;
    member.health.stopped[0] = 7;
    json_t *json = json_of(&member, 1);
    const json_t *stopped = json_object_get(json_array_get(json_object_get(json, "workers"), 0), "partitionsStopped");
    assert_int_equal(json_array_size(stopped), ENGINE_STOPPED_SHOWN);
    assert_int_equal(json_integer_value(json_array_get(stopped, 0)), 7);
    json_decref(json);
}

static void has_line(const char *text, const char *line)
{
    const char *at = strstr(text, line);
    if (at == NULL || (at != text && at[-1] != '\n') || at[strlen(line)] != '\n')
        fail_msg("no line `%s`", line);
}

static void metrics_have_help_type_and_a_line_per_worker(void **state)
{
    (void)state;
    struct settled_member members[] = { member_in("person-0", ENGINE_LIVE), member_in("roster-0", ENGINE_RECOVERING) };
    members[0].health.metrics[ENGINE_METRIC_records] = 18446744073709551615U;
    members[1].health.behind = 12;
    char *text = settled_health_metrics(members, COUNT_OF(members));
    assert_non_null(text);
    has_line(text, "# HELP settled_records_total input records applied, those of replay included");
    has_line(text, "# TYPE settled_records_total counter");
    has_line(text, "settled_records_total{worker=\"person-0\"} 18446744073709551615");
    has_line(text, "settled_records_total{worker=\"roster-0\"} 0");
    has_line(text, "settled_behind_records{worker=\"roster-0\"} 12");
    has_line(text, "settled_state{worker=\"person-0\",state=\"live\"} 1");
    has_line(text, "settled_state{worker=\"person-0\",state=\"waiting for redis\"} 0");
    free(text);
}

/* The page for operators has every number that there is. */
static void every_metric_is_on_the_page(void **state)
{
    (void)state;
    static char page[1 << 17];
    static const char *const names[] = {
#define METRIC(name, kind, sentence) "| `settled_" #name "_total` | " sentence " |",
#include "consumers/metric.def"
#undef METRIC
    };
    FILE *file = fopen(SETTLED_SOURCE_DIR "/docs/operations.md", "r");
    assert_non_null(file);
    page[fread(page, 1, sizeof page - 1, file)] = '\0';
    fclose(file);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        has_line(page, names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_is_not_healthy_and_only_live_is_ready),
        cmocka_unit_test(who_stands_aside_holds_nobody_up),
        cmocka_unit_test(a_stopped_partition_is_not_ready_but_no_reason_to_restart),
        cmocka_unit_test(the_worst_off_speaks_for_all),
        cmocka_unit_test(stopped_partitions_are_named_as_far_as_they_are_kept),
        cmocka_unit_test(metrics_have_help_type_and_a_line_per_worker),
        cmocka_unit_test(every_metric_is_on_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
