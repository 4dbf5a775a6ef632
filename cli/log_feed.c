#include "cli/log_feed.h"

#include "base/check.h"

#include <stdlib.h>

/* A record in one piece: itself, its headers, then all bytes. */
struct fed {
    struct log_record record;
    struct fed *next;
    struct log_header headers[];
};

struct log_feed {
    struct log log;
    const char *const *topics;
    struct log_feed_outlet outlet;
    bool was_assigned;
    int ends_said; /* topics of which the reader knows that it stands at their end */
    int64_t *ends; /* next offset of each topic */
    struct fed *first, *last;
};

static struct log_feed *feed_of(struct log *log)
{
    return (struct log_feed *)log;
}

/* ---- Feeding ---- */

static size_t bytes_of(const struct log_output *record)
{
    size_t size = record->key.length + record->value.length;
    for (size_t i = 0; i < record->header_count; i++)
        size += record->headers[i].name.length + record->headers[i].value.length;
    return size;
}

static struct text copy_text(char **at, struct text text)
{
    struct text copy = { *at, text.length };
    if (text.length != 0)
        memcpy(*at, text.at, text.length);
    *at += text.length;
    return copy;
}

static struct fed *copy_record(const struct log_output *record)
{
    size_t size = sizeof(struct fed) + record->header_count * sizeof(struct log_header);
    struct fed *fed = malloc(size + bytes_of(record));
    CHECK(fed != NULL);
    char *at = (char *)fed + size;
    *fed = (struct fed){ .record = { .has_value = true,
                             .headers = fed->headers,
                             .header_count = record->header_count,
                             .key = copy_text(&at, record->key),
                             .value = copy_text(&at, record->value),
                             .handle = fed } };
    for (size_t i = 0; i < record->header_count; i++) {
        fed->headers[i].name = copy_text(&at, record->headers[i].name);
        fed->headers[i].value = copy_text(&at, record->headers[i].value);
    }
    return fed;
}

static int find_topic(const struct log_feed *feed, const char *name)
{
    for (int i = 0; feed->topics[i] != NULL; i++)
        if (strcmp(feed->topics[i], name) == 0)
            return i;
    return -1;
}

bool log_feed_push(struct log *log, const struct log_output *record, instant appended_at)
{
    struct log_feed *feed = feed_of(log);
    int topic = find_topic(feed, record->topic);
    if (topic < 0)
        return false;
    struct fed *fed = copy_record(record);
    fed->record.topic = topic;
    fed->record.offset = feed->ends[topic]++;
    fed->record.partition_count = 1;
    fed->record.appended_at = appended_at;
    if (feed->first == NULL)
        feed->first = fed;
    else
        feed->last->next = fed;
    feed->last = fed;
    return true;
}

bool log_feed_is_empty(const struct log *log)
{
    return ((const struct log_feed *)log)->first == NULL;
}

/* ---- The log ---- */

static enum status feed_poll(struct log *log, int wait_ms, struct log_event *ret_event, struct fault *fault)
{
    static const int32_t partitions[] = { 0 };
    struct log_feed *feed = feed_of(log);
    struct fed *fed = feed->first;
    (void)wait_ms, (void)fault;
    *ret_event = (struct log_event){ .kind = LOG_NOTHING };
    if (!feed->was_assigned) {
        feed->was_assigned = true;
        *ret_event = (struct log_event){ .kind = LOG_ASSIGNED, .partitions = partitions, .partition_count = 1 };
    } else if (feed->topics[feed->ends_said] != NULL) {
        int topic = feed->ends_said++;
        *ret_event = (struct log_event){ .kind = LOG_END, .position = { .topic = topic, .offset = feed->ends[topic] } };
    } else if (fed != NULL) {
        feed->first = fed->next;
        *ret_event = (struct log_event){ .kind = LOG_RECORD, .record = fed->record };
    }
    return STATUS_OK;
}

static void feed_release(struct log *log, struct log_record *record)
{
    (void)log;
    free(record->handle);
}

static enum status feed_start(struct log *log, const struct log_position *positions, size_t count, struct fault *fault)
{
    (void)positions, (void)count, (void)fault;
    feed_of(log)->ends_said = 0;
    return STATUS_OK;
}

static void feed_stop(struct log *log)
{
    (void)log;
}

static enum status feed_committed(struct log *log, struct log_position *positions, size_t count, struct fault *fault)
{
    (void)log, (void)fault;
    for (size_t i = 0; i < count; i++)
        positions[i].offset = -1;
    return STATUS_OK;
}

static enum status feed_commit(struct log *log, const struct log_output *outputs, size_t output_count,
    const struct log_position *positions, size_t position_count, struct fault *fault)
{
    const struct log_feed *feed = feed_of(log);
    (void)positions, (void)position_count, (void)fault;
    for (size_t i = 0; i < output_count; i++)
        feed->outlet.take(feed->outlet.context, &outputs[i]);
    return STATUS_OK;
}

static enum status feed_reopen(struct log *log, struct fault *fault)
{
    (void)log, (void)fault;
    return STATUS_OK;
}

static void feed_close(struct log *log)
{
    struct log_feed *feed = feed_of(log);
    for (struct fed *fed = feed->first, *next; fed != NULL; fed = next) {
        next = fed->next;
        free(fed);
    }
    free(feed->ends);
    free(feed);
}

struct log *log_feed_new(const char *const *topics, struct log_feed_outlet outlet)
{
    static const struct log_ops ops = { .poll = feed_poll,
        .release = feed_release,
        .start = feed_start,
        .stop = feed_stop,
        .committed = feed_committed,
        .commit = feed_commit,
        .reopen = feed_reopen,
        .close = feed_close };
    struct log_feed *feed = calloc(1, sizeof *feed);
    size_t count = 0;
    while (topics[count] != NULL)
        count++;
    if (feed != NULL)
        feed->ends = calloc(count, sizeof *feed->ends);
    if (feed == NULL || feed->ends == NULL) {
        free(feed);
        return NULL;
    }
    feed->log.ops = &ops;
    feed->topics = topics;
    feed->outlet = outlet;
    return &feed->log;
}
