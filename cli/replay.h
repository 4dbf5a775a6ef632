/** The core without Kafka and Redis: every stage with its engine over a store in memory. What one stage writes for
 *  another is read by it at once; everything else goes to the outlet, in the order of its making. */
#pragma once

#include "cli/log_feed.h"
#include "policy/pack.h"

struct replay;

/** Lends the packs for its life. SYSTEM, or another status of class STOP, with `fault`. The caller owns it. */
NODISCARD enum status replay_new(
    const struct policy_packs *packs, struct log_feed_outlet outlet, struct replay **ret_replay, struct fault *fault);
/** The same over what is stored already: `store_of` opens the store of a stage ("person", "roster") and gives it away,
 *  and `secret` (16 bytes) is that of the keyed hash under which persons are stored there. */
typedef struct store *replay_store_of(void *context, const char *stage);
struct replay_ground {
    replay_store_of *store_of;
    void *context;
    const uint8_t *secret;
};
NODISCARD enum status replay_new_over(const struct policy_packs *packs, const struct replay_ground *ground,
    struct log_feed_outlet outlet, struct replay **ret_replay, struct fault *fault);
void replay_free(struct replay *replay);

/** Whether some stage reads this topic. */
bool replay_has(const struct replay *replay, const char *topic);

/** Runs one record and all it leads to. OK, or a status of class STOP: `fault` says why nothing can go on. */
NODISCARD enum status replay_run(
    struct replay *replay, const struct log_output *record, instant at, struct fault *fault);
