/** What is remembered of a key's lists between records: one head per key (which list is being applied, which wait),
 *  one record per list (which parts are in, and for ever which contents they had). Pure. */
#pragma once

#include "state/roster.h"

enum roster_list_state {
    ROSTER_LIST_OPEN = 1, /* parts are missing */
    ROSTER_LIST_COMPLETE, /* all are in: it has its place in the sequence of its key, whether applied yet or not */
    ROSTER_LIST_REFUSED,  /* whole; its roster id is spent */
};

struct roster_list {
    uint8_t state;
    enum status reason; /* of a refused list */
    struct roster_header header;
    instant recorded_at; /* of part 1, once it is in */
    int64_t rows;        /* in the parts that are in */
    int32_t parts_in;
    struct roster_digest header_digest;
    struct roster_digest *parts; /* the contents of each part, header.parts of them; all zero: not in */
};

/** A part that came. */
struct roster_part {
    struct roster_header header;
    instant recorded_at;
    int32_t part; /* from 1 */
    struct roster_row *rows;
    size_t row_count;
    struct roster_digest header_digest, content_digest;
};

/** A list of which nothing is in yet. ARENA_FULL or OK. */
NODISCARD enum status roster_list_begin(
    struct arena *arena, const struct roster_part *part, struct roster_list *ret_list);

enum roster_verdict {
    ROSTER_PART_NEW,
    ROSTER_PART_REPEAT,    /* is in already, with this content */
    ROSTER_PART_DISAGREES, /* another header, another count or another content */
};
enum roster_verdict roster_list_judge(const struct roster_list *list, const struct roster_part *part);

/** Notes that a new part is in. The list is COMPLETE when it was the last missing one of an OPEN list. */
void roster_list_enter(struct roster_list *list, const struct roster_part *part);
bool roster_list_has(const struct roster_list *list, int32_t part);

/** How far the first job of a head is. */
enum roster_phase {
    ROSTER_PHASE_BEGIN,   /* not looked at yet */
    ROSTER_PHASE_APPLY,   /* shards before `shard` are done */
    ROSTER_PHASE_RECEIPT, /* all rows are judged; `receipts` of the receipts are out */
    ROSTER_PHASE_DISCARD, /* refused whole: slices before `shard` are gone */
};

struct roster_head {
    bool has_full;
    day full_stated_on;     /* of the last applied FULL list */
    uint64_t step;          /* counts the steps that left work undone: what a continuation must name */
    struct store_key *jobs; /* lists, in order; the first is being worked on, the others wait their turn */
    size_t job_count;

    /* Of the first job. */
    uint8_t phase;
    uint32_t shard;
    uint32_t receipts;
    uint64_t refusing_shards; /* bit n: shard n has a value of refused rows */
    struct roster_counts counts;
};

/** Puts a list at the end of the queue. ARENA_FULL or OK. */
NODISCARD enum status roster_head_push(struct arena *arena, struct roster_head *head, const struct store_key *list);
/** Ends the first job. */
void roster_head_pop(struct roster_head *head);
/** Whether a list comes too late: it is stated before the last applied FULL list of its key. */
bool roster_head_is_past(const struct roster_head *head, const struct roster_header *header);
