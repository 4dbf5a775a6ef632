/** Facts made by hand, one line each, in one arena; and a list of them in the order of a state. */
#pragma once

#include "state/fact_codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define LIST_LIMIT 32

static struct arena *arena;

static int sample_open(void **state)
{
    (void)state;
    arena = arena_new((size_t)16 << 20);
    return arena == NULL;
}

static int sample_close(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* Recorded `second` seconds after an instant that is later than all else. */
static struct fact *fact_made(uint8_t kind, const char *event_id, int second)
{
    struct fact *fact = ARENA_NEW(arena, struct fact);
    assert_non_null(fact);
    *fact = (struct fact){ .kind = kind,
        .source = TEXT("s"),
        .event_id = text_of(event_id),
        .name = TEXT("李四"),
        .recorded_at = { 2000000000 + second, 0 } };
    return fact;
}

static struct fact *fact_identity(const char *event_id, int category, int action, day effective_on)
{
    struct fact *fact = fact_made(FACT_IDENTITY, event_id, 0);
    fact->identity = (struct fact_identity){ .category = (uint8_t)category,
        .action = (uint8_t)action,
        .effective_on = effective_on,
        .relative_id = TEXT_EMPTY,
        .roster_id = TEXT_EMPTY,
        .reply_to = TEXT_EMPTY };
    return fact;
}

static struct fact *fact_admission(const char *encounter_id, int64_t version, instant admitted_at)
{
    struct fact *fact = fact_made(FACT_ADMISSION, encounter_id, (int)version);
    fact->admission = (struct fact_admission){ .encounter_id = text_of(encounter_id),
        .version = version,
        .admitted_at = admitted_at,
        .institution_code = TEXT_EMPTY,
        .institution_name = TEXT_EMPTY };
    return fact;
}

/* A stay at a designated hospital at home that is discharged at `discharged_at`; its own admission is not said. */
static struct fact *fact_discharge(const char *encounter_id, int64_t version, instant discharged_at)
{
    struct fact *fact = fact_made(FACT_DISCHARGE, encounter_id, (int)version);
    fact->discharge = (struct fact_discharge){
        .encounter_id = text_of(encounter_id), .version = version, .discharged_at = discharged_at
    };
    fact->discharge.visit = (struct policy_visit){ .care = CARE_INPATIENT,
        .referral = REFERRAL_NOT_NEEDED,
        .channel = CHANNEL_ONE_STOP,
        .exclusion = EXCLUSION_NONE,
        .level = LEVEL_LEVEL_1,
        .designated = true,
        .institution_code = TEXT("H"),
        .institution_name = TEXT("医院"),
        .institution_region = TEXT("140425"),
        .account_owner = TEXT_EMPTY,
        .account_beneficiary = TEXT_EMPTY };
    return fact;
}

/* The same with an admission of its own on the same day, and an in-policy bill. */
static struct fact *fact_stay(const char *encounter_id, int64_t version, day discharged, int64_t in_policy)
{
    struct fact *fact = fact_discharge(encounter_id, version, day_begin(discharged));
    fact->discharge.has_admitted_at = true;
    fact->discharge.admitted_at = fact->discharge.discharged_at;
    fact->discharge.visit.total = fact->discharge.visit.in_policy = MONEY_FEN(in_policy);
    return fact;
}

struct fact_list {
    const struct fact *items[LIST_LIMIT];
    size_t count;
};

/* Keeps the list in fact_order, as a state does. */
static void list_add(struct fact_list *list, const struct fact *fact)
{
    assert_in_range(list->count, 0, LIST_LIMIT - 1);
    size_t at = list->count++;
    for (; at > 0 && fact_order(list->items[at - 1], fact) > 0; at--)
        list->items[at] = list->items[at - 1];
    list->items[at] = fact;
}

/* Not every test needs every maker. */
static inline void sample_unused(void)
{
    (void)fact_identity, (void)fact_admission, (void)fact_stay, (void)list_add, (void)sample_open, (void)sample_close;
}
