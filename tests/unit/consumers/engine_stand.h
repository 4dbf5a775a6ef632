/** One member in a world of its own, as most engine tests have it: set up, turned, crashed, started again, and taken
 *  down in one line each. It points into itself, so it does not move. */
#pragma once

#include "tests/unit/consumers/engine_world.h"

struct stand {
    struct world world;
    struct engine_config config;
    struct member member;
};

/* All but the member, for a test that changes the configuration before `stand_start`. */
static inline void stand_prepare(struct stand *stand)
{
    world_begin(&stand->world);
    stand->config = world_config(&stand->world);
}

static inline void stand_start(struct stand *stand)
{
    member_begin(&stand->member, &stand->world, &stand->config);
}

static inline void stand_begin(struct stand *stand)
{
    stand_prepare(stand);
    stand_start(stand);
}

static inline void stand_restart(struct stand *stand)
{
    member_end(&stand->member);
    stand_start(stand);
}

static inline void stand_end(struct stand *stand)
{
    member_end(&stand->member);
    world_end(&stand->world);
}

static inline void stand_turn(struct stand *stand, int count)
{
    for (int i = 0; i < count; i++)
        assert_int_not_equal(status_class(engine_turn(stand->member.engine, NULL)), STATUS_CLASS_STOP);
}

/* To the end, with a new start if the fault was a crash; false when all was over before the fault's turn came. */
static inline bool stand_run_through_fault(struct stand *stand)
{
    run(&stand->member);
    bool has_fired = stand->member.faulty.has_fired; /* a new start forgets it */
    if (stand->member.faulty.has_crashed) {
        stand_restart(stand);
        run(&stand->member);
    }
    return has_fired;
}

static inline struct engine_health stand_health(const struct stand *stand)
{
    struct engine_health health;
    engine_health(stand->member.engine, &health);
    return health;
}
