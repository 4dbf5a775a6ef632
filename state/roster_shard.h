/** What a list does to one shard of its running list: the judgment of each row, the changes, and the running list
 *  afterwards. Pure; everything new comes from the arena, and texts stay lent by rows and entries. */
#pragma once

#include "state/roster.h"

/** One thing that becomes different for one person: a grant or a revocation where a category is meant, else an amount
 *  or a relative added or taken back. */
struct roster_change {
    const struct roster_row *row; /* NULL: revoked because a FULL list does not name the person */
    struct text person_id, name;
    bool is_removal;
    bool is_later; /* the second revocation of a person, of a grant that begins after the first takes effect */
    uint8_t funding;
    day effective_on;
};

struct roster_shard {
    const struct roster_row **rows; /* of this shard, of all parts; sorted by roster_shard_apply */
    size_t row_count;
    const struct roster_entry *entries; /* the running list, by person id; none where there is no running list */
    size_t entry_count;
};

struct roster_result {
    struct roster_change *changes; /* by person id */
    size_t change_count;
    struct roster_refusal *refusals; /* by part and row */
    size_t refusal_count;
    struct roster_entry *entries; /* by person id */
    size_t entry_count;
    struct roster_counts counts;
};

/** OK or ARENA_FULL. */
NODISCARD enum status roster_shard_apply(struct arena *arena, const struct roster_header *header,
    const struct roster_shard *shard, struct roster_result *ret_result);
