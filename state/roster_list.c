#include "state/roster_list.h"

enum status roster_list_begin(struct arena *arena, const struct roster_part *part, struct roster_list *ret_list)
{
    struct roster_list list = { .state = ROSTER_LIST_OPEN, .header = part->header };
    list.header_digest = part->header_digest;
    list.parts = ARENA_ARRAY(arena, (size_t)part->header.parts, struct roster_digest);
    if (list.parts == NULL)
        return STATUS_ARENA_FULL;
    *ret_list = list;
    return STATUS_OK;
}

bool roster_list_has(const struct roster_list *list, int32_t part)
{
    static const struct roster_digest missing;
    return !roster_digest_equal(&list->parts[part - 1], &missing);
}

/* The header has the number of parts in it, so that `part` is within the list once the headers are the same. */
enum roster_verdict roster_list_judge(const struct roster_list *list, const struct roster_part *part)
{
    if (!roster_digest_equal(&list->header_digest, &part->header_digest))
        return ROSTER_PART_DISAGREES;
    if (!roster_list_has(list, part->part))
        return ROSTER_PART_NEW;
    bool is_repeat = roster_digest_equal(&list->parts[part->part - 1], &part->content_digest);
    return is_repeat ? ROSTER_PART_REPEAT : ROSTER_PART_DISAGREES;
}

void roster_list_enter(struct roster_list *list, const struct roster_part *part)
{
    CHECK(part->part >= 1 && part->part <= list->header.parts);
    list->parts[part->part - 1] = part->content_digest;
    list->parts_in++;
    list->rows += (int64_t)part->row_count;
    if (part->part == 1)
        list->recorded_at = part->recorded_at;
    if (list->state == ROSTER_LIST_OPEN && list->parts_in == list->header.parts)
        list->state = ROSTER_LIST_COMPLETE;
}

enum status roster_head_push(struct arena *arena, struct roster_head *head, const struct store_key *list)
{
    struct store_key *jobs = arena_grow(arena, head->jobs, head->job_count, head->job_count + 1, sizeof *jobs);
    if (jobs == NULL)
        return STATUS_ARENA_FULL;
    jobs[head->job_count++] = *list;
    head->jobs = jobs;
    return STATUS_OK;
}

void roster_head_pop(struct roster_head *head)
{
    CHECK(head->job_count > 0);
    head->jobs++;
    head->job_count--;
    head->phase = ROSTER_PHASE_BEGIN;
    head->shard = head->receipts = 0;
    head->refusing_shards = 0;
    head->counts = (struct roster_counts){ 0 };
}

bool roster_head_is_past(const struct roster_head *head, const struct roster_header *header)
{
    return roster_is_running(header) && head->has_full && day_cmp(header->stated_on, head->full_stated_on) < 0;
}
