/** Saying that a month or a year is over, or announcing a grant: one PeriodClose to every partition of `period-close`.
 *  The event id is a function of what is said, so that saying it twice, or by several processes, is a repeat. */
#pragma once

#include "base/money.h"
#include "cli/config.h"

#include <librdkafka/rdkafka.h>

#define CLOSING_TOPIC "period-close"

struct closing {
    struct text region; /* six digits */
    int year;
    int month; /* 1..12; 0: the whole year */
    day closed_on;
    instant recorded_at;
    money grant;  /* nothing: the period is closed; else only this grant per head is announced, */
    day grant_on; /* to who is a holder on this day */
};

/** The latest period that is over at `now`, `at_minute` minutes after its last midnight (Asia/Shanghai). */
struct closing_period {
    int year;
    int month; /* 0: of a year */
};
struct closing_period closing_due_month(instant now, int at_minute);
struct closing_period closing_due_year(instant now, int at_minute);

/** Whether `d` is behind the last day of the period. */
bool closing_is_over(struct closing_period period, day d);

/** "close/140425/2023-05", "grant/140522/2022/50000/2022-06-30"; returns `buffer`. */
#define CLOSING_ID_SIZE 96
char *closing_event_id(const struct closing *closing, char *buffer);

/** An idempotent producer for this Kafka, connected or not; rd_kafka_destroy when done. BAD_CONFIG (a property that
 *  librdkafka refuses) or OK. */
NODISCARD enum status closing_producer_new(
    const struct config_kafka *kafka, rd_kafka_t **ret_producer, struct fault *fault);

/** Sends it to every partition and waits until all have it. KAFKA_UNREACHABLE (nobody knows which have it: say it
 *  again), BAD_CONFIG (no such topic) or OK with the number of partitions. */
NODISCARD enum status closing_send(
    rd_kafka_t *producer, const struct closing *closing, int *ret_partitions, struct fault *fault);
