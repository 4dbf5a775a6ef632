#include "state/calendar.h"

#include "state/frame.h"

/* ---- Bytes ---- */

static struct fold_grant get_grant(struct bytes_reader *reader)
{
    struct fold_grant grant = { .event_id = bytes_get_text(reader) };
    grant.on.n = (int32_t)bytes_get_signed(reader);
    grant.per_head.fen = bytes_get_signed(reader);
    return grant;
}

static void put_grant(struct bytes_writer *writer, const struct fold_grant *grant)
{
    bytes_put_text(writer, grant->event_id);
    bytes_put_signed(writer, grant->on.n);
    bytes_put_signed(writer, grant->per_head.fen);
}

static struct calendar_job get_job(struct bytes_reader *reader)
{
    struct calendar_job job = { .event_id = bytes_get_text(reader) };
    job.recorded_at.seconds = bytes_get_signed(reader);
    job.recorded_at.nanos = (int32_t)bytes_get_signed(reader);
    job.closed_on.n = (int32_t)bytes_get_signed(reader);
    job.year = (int16_t)bytes_get_signed(reader);
    job.month = (int8_t)bytes_get_signed(reader);
    job.grant = get_grant(reader);
    return job;
}

static void put_job(struct bytes_writer *writer, const struct calendar_job *job)
{
    bytes_put_text(writer, job->event_id);
    bytes_put_signed(writer, job->recorded_at.seconds);
    bytes_put_signed(writer, job->recorded_at.nanos);
    bytes_put_signed(writer, job->closed_on.n);
    bytes_put_signed(writer, job->year);
    bytes_put_signed(writer, job->month);
    put_grant(writer, &job->grant);
}

/* A count above the room is damage. */
static size_t get_count(struct bytes_reader *reader, size_t limit)
{
    uint64_t count = bytes_get_number(reader);
    reader->failed = reader->failed || count > limit;
    return reader->failed ? 0 : count;
}

/* Calendars written before there were months end with the grants. */
static void get_months_and_jobs(struct bytes_reader *reader, struct calendar *calendar)
{
    if (bytes_at_end(reader))
        return;
    size_t months = get_count(reader, CALENDAR_MONTH_LIMIT);
    for (; calendar->month_count < months; calendar->month_count++)
        calendar->months[calendar->month_count] = (int16_t)bytes_get_signed(reader);
    size_t jobs = get_count(reader, CALENDAR_JOB_LIMIT);
    for (; calendar->job_count < jobs; calendar->job_count++)
        calendar->jobs[calendar->job_count] = get_job(reader);
    calendar->reached = bytes_get_text(reader);
}

enum status calendar_decode(struct arena *arena, struct text bytes, struct calendar *ret_calendar)
{
    struct calendar calendar = { .grants = ARENA_ARRAY(arena, CALENDAR_GRANT_LIMIT, struct fold_grant),
        .months = ARENA_ARRAY(arena, CALENDAR_MONTH_LIMIT, int16_t),
        .jobs = ARENA_ARRAY(arena, CALENDAR_JOB_LIMIT, struct calendar_job),
        .reached = TEXT_EMPTY };
    if (calendar.grants == NULL || calendar.months == NULL || calendar.jobs == NULL)
        return STATUS_ARENA_FULL;
    if (!text_is_empty(bytes)) {
        struct bytes_reader reader = frame_open(bytes, FRAME_CALENDAR);
        calendar.closed_years = bytes_get_number(&reader);
        size_t grants = get_count(&reader, CALENDAR_GRANT_LIMIT);
        for (; calendar.grant_count < grants; calendar.grant_count++)
            calendar.grants[calendar.grant_count] = get_grant(&reader);
        get_months_and_jobs(&reader, &calendar);
        enum status status = frame_close(&reader);
        if (status != STATUS_OK)
            return status;
    }
    *ret_calendar = calendar;
    return STATUS_OK;
}

enum status calendar_encode(struct arena *arena, const struct calendar *calendar, struct text *ret_bytes)
{
    struct bytes_writer writer = frame_begin(arena, FRAME_CALENDAR, 64);
    bytes_put_number(&writer, calendar->closed_years);
    bytes_put_number(&writer, calendar->grant_count);
    for (size_t i = 0; i < calendar->grant_count; i++)
        put_grant(&writer, &calendar->grants[i]);
    bytes_put_number(&writer, calendar->month_count);
    for (size_t i = 0; i < calendar->month_count; i++)
        bytes_put_signed(&writer, calendar->months[i]);
    bytes_put_number(&writer, calendar->job_count);
    for (size_t i = 0; i < calendar->job_count; i++)
        put_job(&writer, &calendar->jobs[i]);
    bytes_put_text(&writer, calendar->reached);
    return frame_finish(&writer, ret_bytes);
}

/* ---- What counts for everybody ---- */

static bool is_in_reach(int year)
{
    return year >= 2000 && year < 2064;
}

bool calendar_close_year(struct calendar *calendar, int year)
{
    year_set before = calendar->closed_years;
    if (is_in_reach(year))
        calendar->closed_years |= (year_set)1 << (year - 2000);
    return calendar->closed_years != before;
}

static size_t month_place(const struct calendar *calendar, int number)
{
    size_t at = 0;
    while (at < calendar->month_count && calendar->months[at] < number)
        at++;
    return at;
}

static bool is_month_closed(const struct calendar *calendar, int year, int month)
{
    int number = year * 12 + month - 1;
    size_t at = month_place(calendar, number);
    return at < calendar->month_count && calendar->months[at] == number;
}

bool calendar_close_month(struct calendar *calendar, int year, int month)
{
    if (!is_in_reach(year) || is_month_closed(calendar, year, month))
        return false;
    size_t at = month_place(calendar, year * 12 + month - 1);
    memmove(calendar->months + at + 1, calendar->months + at, (calendar->month_count - at) * sizeof *calendar->months);
    calendar->months[at] = (int16_t)(year * 12 + month - 1);
    calendar->month_count++;
    return true;
}

static bool is_greater(const struct fold_grant *a, const struct fold_grant *b)
{
    int order = money_cmp(a->per_head, b->per_head);
    return order > 0 || (order == 0 && day_cmp(a->on, b->on) > 0);
}

static size_t grant_place(const struct calendar *calendar, struct text event_id)
{
    size_t at = 0;
    while (at < calendar->grant_count && text_cmp(calendar->grants[at].event_id, event_id) < 0)
        at++;
    return at;
}

static bool is_grant_at(const struct calendar *calendar, size_t at, struct text event_id)
{
    return at < calendar->grant_count && text_equal(calendar->grants[at].event_id, event_id);
}

static bool is_grant_known(const struct calendar *calendar, const struct fold_grant *grant)
{
    size_t at = grant_place(calendar, grant->event_id);
    return is_grant_at(calendar, at, grant->event_id) && !is_greater(grant, &calendar->grants[at]);
}

enum status calendar_add_grant(struct calendar *calendar, const struct fold_grant *grant, bool *ret_changed)
{
    size_t at = grant_place(calendar, grant->event_id);
    *ret_changed = !is_grant_known(calendar, grant);
    if (!*ret_changed)
        return STATUS_OK;
    if (!is_grant_at(calendar, at, grant->event_id)) {
        if (calendar->grant_count == CALENDAR_GRANT_LIMIT)
            return STATUS_TOO_MANY_FACTS;
        memmove(
            calendar->grants + at + 1, calendar->grants + at, (calendar->grant_count - at) * sizeof *calendar->grants);
        calendar->grant_count++;
    }
    calendar->grants[at] = *grant;
    return STATUS_OK;
}

/* ---- Closings ---- */

static bool is_grant(const struct calendar_job *job)
{
    return !money_is_zero(job->grant.per_head);
}

static bool is_known(const struct calendar *calendar, const struct calendar_job *job)
{
    if (is_grant(job))
        return is_grant_known(calendar, &job->grant);
    if (!is_in_reach(job->year))
        return true;
    return job->month == 0 ? year_set_has(calendar->closed_years, job->year)
                           : is_month_closed(calendar, job->year, job->month);
}

/* Whether `waiting` will say what `job` says. */
static bool covers(const struct calendar_job *waiting, const struct calendar_job *job)
{
    if (is_grant(waiting) != is_grant(job))
        return false;
    if (is_grant(job))
        return text_equal(waiting->grant.event_id, job->grant.event_id) && !is_greater(&job->grant, &waiting->grant);
    return waiting->year == job->year && waiting->month == job->month;
}

/* Every closing that waits may be a grant. */
static bool has_room(const struct calendar *calendar, const struct calendar_job *job)
{
    return calendar->job_count < CALENDAR_JOB_LIMIT
        && (!is_grant(job) || calendar->grant_count + calendar->job_count < CALENDAR_GRANT_LIMIT);
}

enum status calendar_add_job(struct calendar *calendar, const struct calendar_job *job, bool *ret_changed)
{
    bool is_new = !is_known(calendar, job);
    for (size_t i = 0; i < calendar->job_count && is_new; i++)
        is_new = !covers(&calendar->jobs[i], job);
    if (is_new && !has_room(calendar, job))
        return STATUS_TOO_MANY_FACTS;
    if (is_new)
        calendar->jobs[calendar->job_count++] = *job;
    *ret_changed = is_new;
    return STATUS_OK;
}

const struct calendar_job *calendar_job_under_way(const struct calendar *calendar)
{
    return calendar->job_count == 0 ? NULL : &calendar->jobs[0];
}

void calendar_finish_job(struct calendar *calendar)
{
    const struct calendar_job *job = calendar_job_under_way(calendar);
    bool changed;
    if (is_grant(job))
        CHECK(calendar_add_grant(calendar, &job->grant, &changed) == STATUS_OK);
    else if (job->month == 0)
        (void)calendar_close_year(calendar, job->year);
    else
        (void)calendar_close_month(calendar, job->year, job->month);
    calendar->job_count--;
    memmove(calendar->jobs, calendar->jobs + 1, calendar->job_count * sizeof *calendar->jobs);
    calendar->reached = TEXT_EMPTY;
}

static enum status add_grant_under_way(
    struct arena *arena, const struct calendar *calendar, const struct fold_grant *grant, struct calendar_sight *sight)
{
    struct calendar with = *calendar;
    bool changed;
    with.grants = ARENA_ARRAY(arena, CALENDAR_GRANT_LIMIT, struct fold_grant);
    if (with.grants == NULL)
        return STATUS_ARENA_FULL;
    if (calendar->grant_count != 0)
        memcpy(with.grants, calendar->grants, calendar->grant_count * sizeof *calendar->grants);
    enum status status = calendar_add_grant(&with, grant, &changed);
    sight->grants = with.grants;
    sight->grant_count = with.grant_count;
    return status;
}

enum status calendar_seen_by(
    struct arena *arena, const struct calendar *calendar, struct text key, struct calendar_sight *ret_sight)
{
    const struct calendar_job *job = calendar_job_under_way(calendar);
    *ret_sight = (struct calendar_sight){ calendar->closed_years, calendar->grants, calendar->grant_count };
    if (job == NULL || text_is_empty(calendar->reached) || text_cmp(key, calendar->reached) > 0)
        return STATUS_OK;
    if (is_grant(job))
        return add_grant_under_way(arena, calendar, &job->grant, ret_sight);
    if (job->month == 0)
        ret_sight->closed_years |= (year_set)1 << (job->year - 2000);
    return STATUS_OK;
}
