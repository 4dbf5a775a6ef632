/* bench-fold PACKS [ENCOUNTERS]: nanoseconds of one discharge of a person who has had so many encounters this year:
 * reading the state; adding the fact and settling, which is the fold, the ledger's bytes and the difference to those
 * before; of that the fold alone; and writing the state. A stay of a person on subsistence allowance in Pingshun, whose
 * assistance, top-up, catalogue and tilt rules are all asked. */
#include "policy/pack_load.h"
#include "state/fact_codec.h"
#include "state/person.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ARENA_BYTES ((size_t)256 << 20)
#define ROUNDS 2000
#define REPEATS 15 /* the fastest counts: whatever else the machine does only adds */

struct times {
    double decode_ns, settle_ns, fold_ns, encode_ns;
    size_t state_bytes;
};

struct bench {
    struct arena *facts_arena; /* what lives through a whole measurement */
    struct arena *arena;       /* of one event */
    struct person_policy policy;
    struct text state; /* before the event */
    const struct fact *event;
};

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void must(enum status status)
{
    if (status == STATUS_OK)
        return;
    fprintf(stderr, "bench-fold: %s\n", status_name(status));
    exit(1);
}

/* ---- Facts ---- */

static struct text id_of(struct arena *arena, const char *prefix, int number)
{
    char id[32];
    int length = snprintf(id, sizeof id, "%s%06d", prefix, number);
    return (struct text){ arena_copy(arena, id, (size_t)length), (size_t)length };
}

static struct fact *new_fact(struct arena *arena, uint8_t kind, const char *prefix, int number)
{
    struct fact *fact = ARENA_NEW(arena, struct fact);
    CHECK(fact != NULL);
    fact->kind = kind;
    fact->source = TEXT("H14042500001");
    fact->event_id = id_of(arena, prefix, number);
    fact->name = TEXT("王秀英");
    fact->recorded_at = (instant){ 1672531200 + 7200 + number * 172800, 0 };
    return fact;
}

static struct fact *new_grant(struct arena *arena, int category, int number)
{
    struct fact *fact = new_fact(arena, FACT_IDENTITY, "G", number);
    fact->source = TEXT("民政局");
    fact->identity.category = (uint8_t)category;
    fact->identity.action = IDENTITY_ACTION_GRANT;
    fact->identity.effective_on = day_of(2022, 6, 1);
    fact->identity.relative_id = fact->identity.roster_id = fact->identity.reply_to = TEXT_EMPTY;
    return fact;
}

static struct fact *new_admission(struct arena *arena, int number)
{
    struct fact *fact = new_fact(arena, FACT_ADMISSION, "A", number);
    fact->admission = (struct fact_admission){ .encounter_id = id_of(arena, "ZY", number),
        .version = 1,
        .admitted_at = { fact->recorded_at.seconds - 100000, 0 },
        .institution_code = TEXT("H14042500001"),
        .institution_name = TEXT("平顺县人民医院") };
    return fact;
}

static struct fact *new_discharge(struct arena *arena, int number)
{
    struct fact *fact = new_fact(arena, FACT_DISCHARGE, "D", number);
    struct fact_discharge *discharge = &fact->discharge;
    discharge->encounter_id = id_of(arena, "ZY", number);
    discharge->version = 1;
    discharge->discharged_at = (instant){ fact->recorded_at.seconds - 3600, 0 };
    discharge->visit = (struct policy_visit){ .care = CARE_INPATIENT,
        .referral = REFERRAL_NOT_NEEDED,
        .channel = CHANNEL_ONE_STOP,
        .exclusion = EXCLUSION_NONE,
        .level = LEVEL_LEVEL_2,
        .charge_class = CHARGE_CLASS_2_COUNTY,
        .designated = true,
        .institution_code = TEXT("H14042500001"),
        .institution_name = TEXT("平顺县人民医院"),
        .institution_region = TEXT("140425"),
        .account_owner = TEXT_EMPTY,
        .account_beneficiary = TEXT_EMPTY,
        .total = { 812345 },
        .in_policy = { 702345 },
        .pre_self_pay = { 20000 },
        .out_of_catalogue = { 90000 },
        .basic_deductible = { 40000 } };
    discharge->visit.paid[PAYER_BASIC] = MONEY_FEN(480000 + number);
    return fact;
}

static void add(struct bench *bench, struct person *person, struct fact *fact)
{
    struct person_added added;
    must(fact_encode(bench->facts_arena, fact));
    must(person_add(bench->facts_arena, person, fact, NULL, &added));
}

/* A person after `encounters - 1` stays, and the discharge of the next one. */
static void prepare(struct bench *bench, int encounters)
{
    struct person person = { .region = TEXT("140425"), .person_id = TEXT("140425195603124528"), .emitted = TEXT_EMPTY };
    struct difference difference;
    arena_reset(bench->facts_arena);
    add(bench, &person, new_grant(bench->facts_arena, CATEGORY_SUBSISTENCE_ALLOWANCE, 1));
    add(bench, &person, new_grant(bench->facts_arena, CATEGORY_RESIDENT_INSURED, 2));
    for (int i = 1; i <= encounters; i++)
        add(bench, &person, new_admission(bench->facts_arena, i));
    for (int i = 1; i < encounters; i++)
        add(bench, &person, new_discharge(bench->facts_arena, i));
    must(person_settle(bench->facts_arena, &person, &bench->policy, NULL, &difference));
    must(person_encode(bench->facts_arena, &person, &bench->state));
    struct fact *event = new_discharge(bench->facts_arena, encounters);
    must(fact_encode(bench->facts_arena, event));
    bench->event = event;
}

/* ---- Measuring ---- */

static struct times measure_once(struct bench *bench)
{
    struct times times = { 0 };
    for (int round = 0; round < ROUNDS; round++) {
        struct person person;
        struct person_added added;
        struct difference difference;
        struct text bytes;
        arena_reset(bench->arena);
        double start = now_ns();
        must(person_decode(bench->arena, bench->state, &person));
        double decoded = now_ns();
        must(person_add(bench->arena, &person, bench->event, NULL, &added));
        must(person_settle(bench->arena, &person, &bench->policy, NULL, &difference));
        double settled = now_ns();
        must(person_encode(bench->arena, &person, &bytes));
        double encoded = now_ns();
        const struct fold_input input = {
            .pack = bench->policy.pack, .person_id = person.person_id, .facts = person.facts, .count = person.count
        };
        struct ledger ledger;
        double folding = now_ns();
        must(state_fold(&input, bench->arena, &ledger));
        times.fold_ns += (now_ns() - folding) / ROUNDS;
        CHECK(added.changed && difference.settlement_count == 1);
        times.decode_ns += (decoded - start) / ROUNDS;
        times.settle_ns += (settled - decoded) / ROUNDS;
        times.encode_ns += (encoded - settled) / ROUNDS;
        times.state_bytes = bytes.length;
    }
    return times;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

static struct times measure(struct bench *bench, int encounters)
{
    prepare(bench, encounters);
    struct times best = measure_once(bench);
    for (int i = 1; i < REPEATS; i++) {
        struct times times = measure_once(bench);
        best.decode_ns = least(best.decode_ns, times.decode_ns);
        best.settle_ns = least(best.settle_ns, times.settle_ns);
        best.fold_ns = least(best.fold_ns, times.fold_ns);
        best.encode_ns = least(best.encode_ns, times.encode_ns);
    }
    return best;
}

static void load_policy(struct bench *bench, const char *folder, struct policy_packs *packs)
{
    static struct pack_report report;
    struct arena *arena = arena_new(PACK_ARENA_BYTES);
    must(policy_packs_load(folder, arena, &report, packs));
    bench->policy.pack = policy_packs_find(packs, TEXT("140425"));
    CHECK(bench->policy.pack != NULL);
}

static void print_row(struct bench *bench, int encounters)
{
    struct times times = measure(bench, encounters);
    printf("%10d %10.0f %10.0f %10.0f %14.0f %10.0f %10zu\n", encounters, times.decode_ns, times.settle_ns,
        times.fold_ns, times.fold_ns / encounters, times.encode_ns, times.state_bytes);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const int counts[] = { 1, 2, 5, 10, 20, 50, 100, 150 };
    struct policy_packs packs;
    struct bench bench = { .facts_arena = arena_new(ARENA_BYTES), .arena = arena_new(ARENA_BYTES) };
    if (argc < 2 || argc > 3 || (argc == 3 && atoi(argv[2]) < 1)) {
        fprintf(stderr, "usage: bench-fold PACKS [ENCOUNTERS]\n");
        return 2;
    }
    load_policy(&bench, argv[1], &packs);
    printf("%10s %10s %10s %10s %14s %10s %10s\n", "encounters", "decode ns", "settle ns", "fold ns", "per encounter",
        "encode ns", "bytes");
    for (size_t i = 0; argc == 2 && i < COUNT_OF(counts); i++)
        print_row(&bench, counts[i]);
    if (argc == 3)
        print_row(&bench, atoi(argv[2]));
    return 0;
}
