/** Closing by configuration: a thread that says, on its day, that the month or the year is over (cli/closing.h).
 *  Several processes may say the same: repeats have no effect. */
#pragma once

#include "cli/config.h"
#include "policy/pack.h"

struct settled_close;

/** NULL in `ret_close` when nothing is to be closed. Both arguments are lent for its life. BAD_CONFIG (a region without
 *  a pack, a property that librdkafka refuses), SYSTEM or OK. */
NODISCARD enum status settled_close_start(const struct config *config, const struct policy_packs *packs,
    struct settled_close **ret_close, struct fault *fault);
/** NULL is fine. */
void settled_close_stop(struct settled_close *close);
