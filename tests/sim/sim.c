#include "tests/sim/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* splitmix64: every seed is as good as another. */
uint64_t sim_random(struct sim *sim)
{
    uint64_t z = sim->dice += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int sim_roll(struct sim *sim, int sides)
{
    return (int)(sim_random(sim) % (uint64_t)sides);
}

bool sim_happens(struct sim *sim, int per_mille)
{
    return !sim->is_calm && per_mille != 0 && sim_roll(sim, 1000) < per_mille;
}

static void roll_weather(struct sim *sim)
{
    int known = 1 + sim_roll(sim, 4); /* of every four faults about so many */
#define FAULT(name, most) sim->weather.name = sim_roll(sim, 4) < known ? 1 + sim_roll(sim, (most)) : 0;
#include "tests/sim/fault.def"
#undef FAULT
}

void sim_begin(struct sim *sim, uint64_t seed, struct arena *arena)
{
    bool is_traced = sim->is_traced;
    *sim = (struct sim){ .seed = seed, .dice = seed, .is_traced = is_traced, .arena = arena };
    sim->now_seconds = 1700000000;
    roll_weather(sim);
}

void sim_say(const struct sim *sim, const char *format, ...)
{
    va_list arguments;
    if (!sim->is_traced)
        return;
    printf("%6lld  ", (long long)sim->events);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

void sim_fail(const struct sim *sim, const char *format, ...)
{
    va_list arguments;
    fflush(stdout);
    fprintf(stderr, "seed %llu, event %lld: ", (unsigned long long)sim->seed, (long long)sim->events);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nstep by step: sim --seed %llu --trace\n", (unsigned long long)sim->seed);
    exit(1);
}

void *sim_take(struct sim *sim, size_t size)
{
    void *memory = arena_take(sim->arena, size);
    CHECK(memory != NULL);
    return memory;
}

struct text sim_copy(struct sim *sim, struct text text)
{
    char *copy = arena_copy(sim->arena, text.at, text.length);
    CHECK(copy != NULL);
    return (struct text){ copy, text.length };
}
