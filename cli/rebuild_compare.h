/** Compares what is stored of a partition, while a processor goes on writing there, with what is built again of it:
 *  byte for byte, each value at the very offsets at which it was read. */
#pragma once

#include "cli/rebuild.h"

#define REBUILD_DIFFERENCES_SHOWN 20

/** `built` is the store under `rebuild`; `live` is only read. */
struct rebuild_sides {
    struct store *live;
    struct store *built;
    struct rebuild *rebuild;
    int32_t partition;
    int pause_ms; /* before a difference is looked at again */
};

struct rebuild_comparison {
    uint64_t compared;                                 /* values */
    uint64_t differing;                                /* of them, those there on one side only included */
    struct store_key shown[REBUILD_DIFFERENCES_SHOWN]; /* the first of the differing */
};

/** A difference is looked at three times, because while a period is being closed persons are visited one after the
 *  other, not in an order of records. OK, also when values differ; what `rebuild_to_offsets` and the stores say. */
NODISCARD enum status rebuild_compare(
    const struct rebuild_sides *sides, struct rebuild_comparison *ret_comparison, struct fault *fault);
