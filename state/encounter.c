#include "state/encounter.h"

#include "base/sort.h"

/* The first fact at or after `*at` that heads an encounter's series of this kind, and a step past the series. */
static const struct fact *next_series(const struct fact *const *facts, size_t count, size_t *at)
{
    const struct fact *head = facts[(*at)++];
    struct text id = head->kind == FACT_ADMISSION ? head->admission.encounter_id : head->discharge.encounter_id;
    while (*at < count && facts[*at]->kind == head->kind
        && text_equal(
            id, head->kind == FACT_ADMISSION ? facts[*at]->admission.encounter_id : facts[*at]->discharge.encounter_id))
        (*at)++;
    return head;
}

/* Admissions and discharges both stand in order of encounter id: one pass joins them. */
static const struct fact *admission_of(
    const struct fact *const *facts, size_t count, size_t *at, struct text encounter_id)
{
    while (*at < count && facts[*at]->kind == FACT_ADMISSION) {
        int order = text_cmp(facts[*at]->admission.encounter_id, encounter_id);
        if (order > 0)
            return NULL;
        const struct fact *head = next_series(facts, count, at);
        if (order == 0)
            return head->admission.voided ? NULL : head;
    }
    return NULL;
}

static struct encounter join(const struct fact *discharge, const struct fact *admission)
{
    const struct fact_discharge *said = &discharge->discharge;
    struct encounter encounter = { .discharge = discharge, .discharged = instant_day(said->discharged_at) };
    encounter.admitted = encounter.discharged;
    if (said->visit.care != CARE_INPATIENT)
        return encounter;
    /* The discharge's own instant wins; an admission later than the discharge does not count (contract.md,
     * Discharge). */
    if (said->has_admitted_at)
        encounter.admitted = instant_day(said->admitted_at);
    else if (admission != NULL && instant_cmp(admission->admission.admitted_at, said->discharged_at) <= 0)
        encounter.admitted = instant_day(admission->admission.admitted_at);
    else
        encounter.admission_missing = true;
    return encounter;
}

static int encounter_order(const void *a, const void *b)
{
    const struct fact_discharge *left = &((const struct encounter *)a)->discharge->discharge;
    const struct fact_discharge *right = &((const struct encounter *)b)->discharge->discharge;
    int order = instant_cmp(left->discharged_at, right->discharged_at);
    return order != 0 ? order : text_cmp(left->encounter_id, right->encounter_id);
}

/* Encounter ids mostly grow with time, and then nothing is to be done. */
static bool is_sorted(const struct encounters *encounters)
{
    for (size_t i = 1; i < encounters->count; i++)
        if (encounter_order(&encounters->items[i - 1], &encounters->items[i]) > 0)
            return false;
    return true;
}

static enum status sort_encounters(struct arena *arena, struct encounters *encounters)
{
    const void **order = (const void **)arena_take_array(arena, encounters->count + 1, sizeof *order);
    struct encounter *sorted = ARENA_ARRAY(arena, encounters->count + 1, struct encounter);
    if (order == NULL || sorted == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < encounters->count; i++)
        order[i] = &encounters->items[i];
    enum status status = sort_pointers(arena, order, encounters->count, encounter_order);
    for (size_t i = 0; i < encounters->count && status == STATUS_OK; i++)
        sorted[i] = *(const struct encounter *)order[i];
    encounters->items = sorted;
    return status;
}

enum status encounters_of(
    struct arena *arena, const struct fact *const *facts, size_t count, struct encounters *ret_encounters)
{
    size_t admission_at = 0, at = 0;
    while (at < count && facts[at]->kind < FACT_DISCHARGE)
        at++;
    struct encounters encounters = { .items = ARENA_ARRAY(arena, count - at + 1, struct encounter) };
    if (encounters.items == NULL)
        return STATUS_ARENA_FULL;
    while (at < count && facts[at]->kind == FACT_DISCHARGE) {
        const struct fact *discharge = next_series(facts, count, &at);
        if (discharge->discharge.voided)
            continue;
        const struct fact *admission = admission_of(facts, count, &admission_at, discharge->discharge.encounter_id);
        encounters.items[encounters.count++] = join(discharge, admission);
    }
    enum status status = is_sorted(&encounters) ? STATUS_OK : sort_encounters(arena, &encounters);
    if (status == STATUS_OK)
        *ret_encounters = encounters;
    return status;
}

struct policy_stay encounter_stay(const struct encounter *encounter, const struct holdings *holdings)
{
    term_set at_discharge = holdings_on(holdings, encounter->discharged);
    bool is_one_day = encounter->admitted.n == encounter->discharged.n;
    return (struct policy_stay){ .visit = &encounter->discharge->discharge.visit,
        .admitted = encounter->admitted,
        .discharged = encounter->discharged,
        .at_admission = is_one_day ? at_discharge : holdings_on(holdings, encounter->admitted),
        .at_discharge = at_discharge };
}
