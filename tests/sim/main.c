/* sim --seeds FROM COUNT      so many runs, one seed after another; ends at the first that finds something
 * sim --seed N [--trace]      one run; with every event
 *
 * Nothing but the seed decides what happens. */
#include "tests/sim/world.h"

#include "consumers/logline.h"
#include "policy/pack_load.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

/* A run takes milliseconds; one that takes so long hangs in a single step. */
#define RUN_SECONDS_MAX 60
#define RUN_BYTES ((size_t)256 << 20)

static struct sim sim;

/* A broken CHECK, or no end: which seed it was is all that can be said here. */
static void say_seed(int signal_number)
{
    char line[96];
    int length = snprintf(line, sizeof line, "seed %llu: signal %d\n", (unsigned long long)sim.seed, signal_number);
    if (write(STDERR_FILENO, line, (size_t)length) < 0)
        _exit(2);
    _exit(1);
}

static void load_packs(struct arena *arena, struct policy_packs *ret_packs)
{
    static struct pack_report report;
    const char *folder = getenv("SETTLED_PACKS");
    if (policy_packs_load(folder == NULL ? SETTLED_SOURCE_DIR "/policy/packs" : folder, arena, &report, ret_packs)
        == STATUS_OK)
        return;
    fprintf(stderr, "%s\n", report.count == 0 ? "no packs" : report.problems[0]);
    exit(2);
}

static int run(uint64_t from, uint64_t count)
{
    struct policy_packs packs;
    struct arena *pack_arena = arena_new(PACK_ARENA_BYTES);
    CHECK(pack_arena != NULL);
    load_packs(pack_arena, &packs);
    const struct consumer_context context = { &packs };
    struct arena *arena = arena_new(RUN_BYTES), *scratch = arena_new(RUN_BYTES);
    int64_t paid = 0, events = 0;
    CHECK(arena != NULL && scratch != NULL);
    for (uint64_t seed = from; seed < from + count; seed++) {
        alarm(RUN_SECONDS_MAX);
        sim_begin(&sim, seed, arena);
        paid += world_run(&sim, &context, scratch) > 0;
        events += sim.events;
        arena_reset(arena);
    }
    arena_free(scratch);
    arena_free(arena);
    arena_free(pack_arena);
    printf("%llu seeds from %llu, %lld turns; in %lld of them somebody was paid\n", (unsigned long long)count,
        (unsigned long long)from, (long long)events, (long long)paid);
    return 5 * paid >= (int64_t)count || count < 100 ? 0 : 1;
}

static uint64_t number(const char *text)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno == 0 && *end == '\0' && end != text)
        return value;
    fprintf(stderr, "sim: not a number: %s\n", text);
    exit(2);
}

int main(int count, char **arguments)
{
    logline_set_least(LOGLINE_ERROR + 1);
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0); /* hundreds of short-lived arenas: a huge page each would be half the time */
    signal(SIGABRT, say_seed);
    signal(SIGALRM, say_seed);
    signal(SIGSEGV, say_seed);
    if (count == 4 && strcmp(arguments[1], "--seeds") == 0)
        return run(number(arguments[2]), number(arguments[3]));
    sim.is_traced = count == 4 && strcmp(arguments[3], "--trace") == 0;
    if ((count == 3 || sim.is_traced) && strcmp(arguments[1], "--seed") == 0)
        return run(number(arguments[2]), 1);
    fprintf(stderr, "usage: sim --seeds FROM COUNT | sim --seed N [--trace]\n");
    return 2;
}
