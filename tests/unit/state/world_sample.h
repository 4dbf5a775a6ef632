/** A person under one of the shipped packs: facts one line each, a fold, and the subject one asks for. */
#pragma once

#include "policy/pack_load.h"
#include "state/fold.h"
#include "tests/unit/state/fact_sample.h"

static struct arena *pack_arena;
static struct policy_packs packs;
static struct fact_list list;
static struct ledger ledger;
static const struct policy_pack *pack;
static struct fold_grant grants[4];
static size_t grant_count;

static int world_open(void **state)
{
    static struct pack_report report;
    pack_arena = arena_new(PACK_ARENA_BYTES);
    if (pack_arena == NULL
        || policy_packs_load(SETTLED_SOURCE_DIR "/policy/packs", pack_arena, &report, &packs) != STATUS_OK)
        return -1;
    return sample_open(state);
}

static int world_close(void **state)
{
    arena_free(pack_arena);
    return sample_close(state);
}

static void world_begin(const char *region)
{
    pack = policy_packs_find(&packs, text_of(region));
    assert_non_null(pack);
    list.count = grant_count = 0;
    sample_unused();
}

/* Event ids in the order of the calls; each call is recorded a second later. */
static inline struct fact *world_fact(uint8_t kind)
{
    static char ids[LIST_LIMIT][8];
    (void)snprintf(ids[list.count], sizeof ids[0], "e%02zu", list.count);
    return fact_made(kind, ids[list.count], (int)list.count);
}

static inline struct fact *world_hold(int category, day from)
{
    struct fact *fact = world_fact(FACT_IDENTITY);
    fact->identity = (struct fact_identity){ .category = (uint8_t)category,
        .action = IDENTITY_ACTION_GRANT,
        .effective_on = from,
        .relative_id = TEXT_EMPTY,
        .roster_id = TEXT_EMPTY,
        .reply_to = TEXT_EMPTY };
    list_add(&list, fact);
    return fact;
}

static inline struct policy_visit *world_visit(const char *id, int care, day on, int64_t fen)
{
    struct fact *fact = fact_stay(id, 1, on, fen);
    fact->discharge.visit.care = (uint8_t)care;
    fact->discharge.visit.institution_region = text_of(pack->region);
    list_add(&list, fact);
    return &fact->discharge.visit;
}

static inline struct fact_contribution *world_pay(int contribution, int year, int month, day on)
{
    struct fact *fact = world_fact(FACT_CONTRIBUTION);
    fact->contribution = (struct fact_contribution){
        .contribution = (uint8_t)contribution, .year = (int16_t)year, .month = (int8_t)month, .paid_on = on
    };
    list_add(&list, fact);
    return &fact->contribution;
}

static inline struct fact_case *world_act(int action, int scheme, day on)
{
    struct fact *fact = world_fact(FACT_CASE);
    fact->action = (struct fact_case){ .action = (uint8_t)action,
        .scheme = (uint8_t)scheme,
        .year = (int16_t)day_year(on),
        .on = on,
        .case_id = TEXT_EMPTY,
        .reason = TEXT_EMPTY,
        .counterparty_id = TEXT_EMPTY,
        .reply_to = TEXT_EMPTY };
    list_add(&list, fact);
    return &fact->action;
}

static inline void world_fold(void)
{
    const struct fold_input input = { .pack = pack,
        .person_id = TEXT("P"),
        .facts = list.items,
        .count = list.count,
        .grants = grants,
        .grant_count = grant_count };
    assert_int_equal(state_fold(&input, arena, &ledger), STATUS_OK);
}

static inline const struct ledger_subject *world_find(uint8_t kind, const char *id)
{
    for (size_t i = 0; i < ledger.subject_count; i++)
        if (ledger.subjects[i].subject == kind && text_equal(ledger.subjects[i].id, text_of(id)))
            return &ledger.subjects[i];
    return NULL;
}

static inline const struct ledger_subject *world_subject(uint8_t kind, const char *id)
{
    const struct ledger_subject *subject = world_find(kind, id);
    assert_non_null(subject);
    return subject;
}
