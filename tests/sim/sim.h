/** What all of the simulation shares: the seed's dice, what goes wrong how often in this run, the trace, and the end of
 *  a run that found something. One process runs many seeds, one after another; nothing is left of one but its arena. */
#pragma once

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define SIM_PARTITIONS_MAX 3
#define SIM_STAGES_MAX 4
#define SIM_SLOTS_MAX 3

/** How often, in 1000 chances each; 0: never in this run. Every seed brings weather of its own, so that each fault is
 *  met alone as well as with others. */
struct sim_weather {
#define FAULT(name, most) int name;
#include "tests/sim/fault.def"
#undef FAULT
};

struct sim {
    uint64_t seed;
    uint64_t dice;
    bool is_traced;
    bool is_calm; /* nothing goes wrong any more: the end of a run */
    struct sim_weather weather;
    struct arena *arena; /* of the run */
    int64_t events;
    int64_t now_seconds; /* of day; every worker's clock deviates from it */
};

/** One start of a worker's program, until it ends or is found dead. */
struct sim_process {
    char name[32]; /* "person-0.2": slot 0 of the stage, its second process */
    int64_t elapsed_ms;
    int64_t skew_seconds; /* of its clock of day */
    bool is_dead;         /* nothing it does reaches anybody any more */
};

/** Begins a run: dice and weather from the seed. */
void sim_begin(struct sim *sim, uint64_t seed, struct arena *arena);

uint64_t sim_random(struct sim *sim);
/** 0 .. sides - 1. */
int sim_roll(struct sim *sim, int sides);
static inline bool sim_one_in(struct sim *sim, int sides)
{
    return sim_roll(sim, sides) == 0;
}
/** Whether a fault of this frequency happens now; never in calm weather. */
bool sim_happens(struct sim *sim, int per_mille);

/** A line of the trace. */
void sim_say(const struct sim *sim, const char *format, ...) PRINTF_LIKE(2, 3);
/** The run has found something: says which seed and what, and ends the process. */
__attribute__((noreturn)) void sim_fail(const struct sim *sim, const char *format, ...) PRINTF_LIKE(2, 3);

/** Copies that live as long as the run. */
struct text sim_copy(struct sim *sim, struct text text);
void *sim_take(struct sim *sim, size_t size);
#define SIM_NEW(sim, type) ((type *)sim_take((sim), sizeof(type)))
