/** The stored bytes of everything that is kept of lists: a format, a kind, the contents, and a checksum over all of
 *  it.
 *
 *  Decoding lends texts from the bytes and takes the rest from the arena. A value that is damaged, of another kind or
 *  of a newer format is BAD_STATE. Encoding is canonical: equal values give equal bytes. */
#pragma once

#include "state/roster_list.h"

/** All rows of one part that are in one slice, in row order. */
struct roster_slice {
    int32_t part;
    struct roster_row *rows;
    size_t count;
};

/** One shard of a running list, by person id. */
struct roster_running {
    struct roster_entry *entries;
    size_t count;
};

/** The refused rows of one shard of a list, by part and row. */
struct roster_refusals {
    struct roster_refusal *items;
    size_t count;
};

/** OK or ARENA_FULL. */
NODISCARD enum status roster_head_encode(struct arena *arena, const struct roster_head *head, struct text *ret_bytes);
NODISCARD enum status roster_list_encode(struct arena *arena, const struct roster_list *list, struct text *ret_bytes);
NODISCARD enum status roster_slice_encode(
    struct arena *arena, const struct roster_slice *slice, struct text *ret_bytes);
NODISCARD enum status roster_running_encode(
    struct arena *arena, const struct roster_running *running, struct text *ret_bytes);
NODISCARD enum status roster_refusals_encode(
    struct arena *arena, const struct roster_refusals *refusals, struct text *ret_bytes);

/** OK, BAD_STATE or ARENA_FULL. */
NODISCARD enum status roster_head_decode(struct arena *arena, struct text bytes, struct roster_head *ret_head);
NODISCARD enum status roster_list_decode(struct arena *arena, struct text bytes, struct roster_list *ret_list);
NODISCARD enum status roster_slice_decode(struct arena *arena, struct text bytes, struct roster_slice *ret_slice);
NODISCARD enum status roster_running_decode(struct arena *arena, struct text bytes, struct roster_running *ret_running);
NODISCARD enum status roster_refusals_decode(
    struct arena *arena, struct text bytes, struct roster_refusals *ret_refusals);

/** The digests by which parts are compared: of what all parts say alike, and of all that a part says but
 *  `recorded_at`. Raw rows, because a difference in what is not read is a difference too. ARENA_FULL or OK. */
struct roster_raw_row;
NODISCARD enum status roster_digest_header(
    struct arena *arena, const struct roster_header *header, struct roster_digest *ret_digest);
NODISCARD enum status roster_digest_rows(
    struct arena *arena, const struct roster_raw_row *rows, size_t count, struct roster_digest *ret_digest);
