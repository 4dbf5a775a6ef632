#include "cli/settled_close.h"

#include "cli/closing.h"
#include "consumers/logline.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LOOK_SECONDS 15  /* how soon the minute is noticed */
#define RETRY_SECONDS 60 /* after Kafka did not take it */

struct settled_close {
    const struct config *config;
    const struct policy_packs *packs;
    rd_kafka_t *producer;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stopped;
    bool is_stopping;
    struct closing_period month, year; /* said last by this process; year 0: none yet */
};

static instant now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (instant){ time.tv_sec, (int32_t)time.tv_nsec };
}

/* ---- Saying it ---- */

static size_t region_count(const struct settled_close *close)
{
    const struct config_regions *regions = &close->config->close.regions;
    return regions->count == 0 ? close->packs->count : regions->count;
}

static struct text region_at(const struct settled_close *close, size_t i)
{
    const struct config_regions *regions = &close->config->close.regions;
    return text_of(regions->count == 0 ? close->packs->items[i]->region : regions->items[i]);
}

static bool say(struct settled_close *close, struct text region, struct closing_period period)
{
    char id[CLOSING_ID_SIZE];
    struct fault fault;
    int partitions;
    struct closing closing = { .region = region, .year = period.year, .month = period.month, .recorded_at = now() };
    closing.closed_on = instant_day(closing.recorded_at);
    closing_event_id(&closing, id);
    enum status status = closing_send(close->producer, &closing, &partitions, &fault);
    if (status == STATUS_OK)
        logline(LOGLINE_INFO, "said that a period is over", "event_id", id, NULL);
    else
        logline(LOGLINE_WARNING, "cannot say that a period is over; trying again", "event_id", id, "status",
            status_name(status), "cause", fault.text, NULL);
    return status == STATUS_OK;
}

/* True when there is nothing left to say. */
static bool say_to_all(struct settled_close *close, struct closing_period due, struct closing_period *said)
{
    if (due.year == said->year && due.month == said->month)
        return true;
    for (size_t i = 0; i < region_count(close); i++)
        if (!say(close, region_at(close, i), due))
            return false;
    *said = due;
    return true;
}

static bool look(struct settled_close *close)
{
    const struct config_close *config = &close->config->close;
    instant at = now();
    bool good = true;
    if (config->month)
        good = say_to_all(close, closing_due_month(at, config->at_minute), &close->month);
    if (config->year)
        good &= say_to_all(close, closing_due_year(at, config->at_minute), &close->year);
    return good;
}

/* ---- The thread ---- */

static bool wait_or_stop(struct settled_close *close, int seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds;
    pthread_mutex_lock(&close->lock);
    int waited = 0;
    while (!close->is_stopping && waited == 0)
        waited = pthread_cond_timedwait(&close->stopped, &close->lock, &until);
    bool is_stopping = close->is_stopping;
    pthread_mutex_unlock(&close->lock);
    return is_stopping;
}

static void *run(void *argument)
{
    struct settled_close *close = argument;
    bool good;
    do
        good = look(close);
    while (!wait_or_stop(close, good ? LOOK_SECONDS : RETRY_SECONDS));
    return NULL;
}

static enum status check_regions(const struct config *config, const struct policy_packs *packs, struct fault *fault)
{
    for (size_t i = 0; i < config->close.regions.count; i++)
        if (policy_packs_find(packs, text_of(config->close.regions.items[i])) == NULL)
            return fault_set(
                fault, STATUS_BAD_CONFIG, "close.regions", "no pack for %s", config->close.regions.items[i]);
    return STATUS_OK;
}

enum status settled_close_start(const struct config *config, const struct policy_packs *packs,
    struct settled_close **ret_close, struct fault *fault)
{
    *ret_close = NULL;
    if (!config->close.month && !config->close.year)
        return STATUS_OK;
    enum status status = check_regions(config, packs, fault);
    struct settled_close *close = status == STATUS_OK ? calloc(1, sizeof *close) : NULL;
    if (status == STATUS_OK && close == NULL)
        return fault_set(fault, STATUS_SYSTEM, "close", "out of memory");
    if (status == STATUS_OK)
        status = closing_producer_new(&config->kafka, &close->producer, fault);
    if (status != STATUS_OK) {
        free(close);
        return status;
    }
    close->config = config;
    close->packs = packs;
    pthread_mutex_init(&close->lock, NULL);
    pthread_cond_init(&close->stopped, NULL);
    CHECK(pthread_create(&close->thread, NULL, run, close) == 0);
    *ret_close = close;
    return STATUS_OK;
}

void settled_close_stop(struct settled_close *close)
{
    if (close == NULL)
        return;
    pthread_mutex_lock(&close->lock);
    close->is_stopping = true;
    pthread_cond_signal(&close->stopped);
    pthread_mutex_unlock(&close->lock);
    pthread_join(close->thread, NULL);
    rd_kafka_destroy(close->producer);
    pthread_cond_destroy(&close->stopped);
    pthread_mutex_destroy(&close->lock);
    free(close);
}
