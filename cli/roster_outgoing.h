/** A list as records: its rows in parts, its name, its key. */
#pragma once

#include "cli/roster_sheet.h"
#include "consumers/log.h"

/** A part has at most so many rows, and so many bytes: a record stays well below a broker's limit. */
#define ROSTER_OUTGOING_PART_ROWS 1000
#define ROSTER_OUTGOING_PART_BYTES 600000

/** Everything lives in the arena it was made in. */
struct roster_outgoing {
    struct roster_header header; /* `parts` and, when it was empty, `roster_id` filled in */
    instant recorded_at;
    const struct roster_sheet *sheet;
    bool has_made_name; /* roster_id is a function of the content */
    size_t *firsts;     /* the first row of each part, and one beyond the last row */
    struct text key;
};

/** Cuts the rows into parts. A list without a name gets one that is a function of all it says, so that the same file
 *  sent twice with the same options is a repeat. BAD_VALUE: more parts than a list can have; ARENA_FULL. */
NODISCARD enum status roster_outgoing_make(struct arena *arena, const struct roster_header *header, instant recorded_at,
    const struct roster_sheet *sheet, struct roster_outgoing *ret_list);

/** The bytes of one part, 1 to header.parts. ARENA_FULL or OK. */
NODISCARD enum status roster_outgoing_part(
    struct arena *arena, const struct roster_outgoing *list, int32_t part, struct text *ret_value);

/** The row of the file that stands as `row` in `part`; 0 when there is none. */
long roster_outgoing_row(const struct roster_outgoing *list, int32_t part, int32_t row);
