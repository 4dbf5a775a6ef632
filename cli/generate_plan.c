#include "cli/generate_plan.h"

#include "base/check.h"

#include <stdlib.h>

#define DAY_SECONDS INT64_C(86400)
#define ROWS_OF_PART 250

struct planner {
    const struct generate_options *options;
    struct plan *plan;
    struct random random; /* of what happens to the records, in the order of planning */
    size_t limit;         /* no more records than this */
};

static void add(struct planner *planner, struct planned planned)
{
    struct plan *plan = planner->plan;
    if (plan->count == planner->limit)
        return;
    if (plan->count == plan->capacity) {
        plan->capacity = plan->capacity * 2 + 1024;
        plan->items = realloc(plan->items, plan->capacity * sizeof *plan->items);
        CHECK(plan->items != NULL);
    }
    planned.order = (uint32_t)plan->count;
    plan->items[plan->count++] = planned;
}

/* ---- Lists ---- */

uint32_t generate_part_citizens(const struct county_list *list)
{
    return 100 * ROWS_OF_PART / list->percent;
}

day generate_edition_day(const struct generate_options *options, int edition)
{
    return day_add(options->from, (options->to.n - options->from.n) * edition / GENERATE_EDITIONS);
}

/* In the night of the day they are stated on; lists of one key after each other, the parts of a list in no order. */
static void plan_list(struct planner *planner, struct planned part)
{
    const struct generate_options *options = planner->options;
    const struct county_list *list = &options->counties[part.county]->lists[part.version];
    int64_t begins = day_begin(generate_edition_day(options, (int)part.number)).seconds;
    for (part.citizen = 0; part.citizen < options->persons; part.citizen += generate_part_citizens(list)) {
        part.arrives_at = begins + random_between(&planner->random, 0, 3600);
        add(planner, part);
    }
}

static void plan_lists(struct planner *planner, uint8_t county)
{
    for (uint32_t edition = 0; edition < GENERATE_EDITIONS; edition++)
        for (size_t list = 0; list < planner->options->counties[county]->list_count; list++)
            plan_list(planner,
                (struct planned){
                    .county = county, .kind = PLANNED_LIST, .number = edition, .version = (uint8_t)list });
}

/* ---- Visits ---- */

/* Within the hour, or late; and sometimes again. */
static void send(struct planner *planner, struct planned planned, int64_t happened_at)
{
    const struct generate_mix *mix = &planner->options->mix;
    planned.arrives_at = happened_at + random_between(&planner->random, 5, 3600);
    if (random_percent(&planner->random, mix->late))
        planned.arrives_at += random_between(&planner->random, 0, 30 * DAY_SECONDS);
    add(planner, planned);
    if (!random_percent(&planner->random, mix->repeated))
        return;
    planned.arrives_at += random_between(&planner->random, 0, 3 * DAY_SECONDS);
    add(planner, planned);
}

static void send_void(struct planner *planner, struct planned planned, int64_t discharged_at)
{
    const struct generate_mix *mix = &planner->options->mix;
    planned.kind = PLANNED_VOID;
    planned.version++;
    if (random_percent(&planner->random, mix->early_void))
        send(planner, planned, discharged_at - 3600);
    else if (random_percent(&planner->random, mix->voided))
        send(planner, planned, discharged_at + random_between(&planner->random, 1, 20) * DAY_SECONDS);
}

static void send_change(struct planner *planner, struct planned planned, const struct stay *stay)
{
    bool is_heard_late = random_percent(&planner->random, 50);
    planned.kind = PLANNED_CHANGE;
    send(planner, planned, is_heard_late ? stay->discharged_at.seconds + 5 * DAY_SECONDS : stay->admitted_at.seconds);
}

static void plan_visit(struct planner *planner, struct planned planned)
{
    const struct generate_options *options = planner->options;
    const struct generate_mix *mix = &options->mix;
    const struct stay_choice choice = { options->seed, planned.citizen, planned.number, 1, options->from, options->to };
    const struct stay stay = generate_stay(options->counties[planned.county], &choice);
    int64_t discharged_at = stay.discharged_at.seconds;
    planned.version = 1;
    planned.kind = PLANNED_BAD;
    if (random_percent(&planner->random, mix->bad)) {
        send(planner, planned, discharged_at);
        return;
    }
    planned.kind = PLANNED_ADMISSION;
    if (stay.visit.care == CARE_INPATIENT && !random_percent(&planner->random, mix->unadmitted))
        send(planner, planned, stay.admitted_at.seconds);
    planned.kind = PLANNED_TRIAL;
    if (random_percent(&planner->random, mix->trial))
        send(planner, planned, discharged_at - 3600);
    if (random_percent(&planner->random, mix->changed))
        send_change(planner, planned, &stay);
    planned.kind = PLANNED_DISCHARGE;
    send(planner, planned, discharged_at);
    if (random_percent(&planner->random, mix->corrected)) {
        planned.version++;
        send(planner, planned, discharged_at + random_between(&planner->random, 1, 20) * DAY_SECONDS);
    }
    send_void(planner, planned, discharged_at);
}

/* Some are ill often, most are not: of two citizens drawn the one with the lower number. */
static uint32_t choose_citizen(struct planner *planner)
{
    int64_t a = random_below(&planner->random, planner->options->persons);
    int64_t b = random_below(&planner->random, planner->options->persons);
    return (uint32_t)(a < b ? a : b);
}

static int by_arrival(const void *a, const void *b)
{
    const struct planned *left = a, *right = b;
    if (left->arrives_at != right->arrives_at)
        return left->arrives_at < right->arrives_at ? -1 : 1;
    return (left->order > right->order) - (left->order < right->order);
}

void generate_plan(const struct generate_options *options, struct plan *ret_plan)
{
    *ret_plan = (struct plan){ 0 };
    struct planner planner = {
        .options = options, .plan = ret_plan, .random = random_at(options->seed, 0, 0), .limit = SIZE_MAX
    };
    uint32_t *visits = calloc(options->persons * options->county_count, sizeof *visits);
    CHECK(visits != NULL);
    for (size_t county = 0; county < options->county_count; county++)
        plan_lists(&planner, (uint8_t)county);
    planner.limit = ret_plan->count + options->events;
    for (size_t i = 0; ret_plan->count < planner.limit; i++) {
        struct planned planned = { .county = (uint8_t)(i % options->county_count),
            .citizen = choose_citizen(&planner) };
        planned.number = ++visits[planned.county * options->persons + planned.citizen];
        plan_visit(&planner, planned);
    }
    free(visits);
    if (ret_plan->count != 0)
        qsort(ret_plan->items, ret_plan->count, sizeof *ret_plan->items, by_arrival);
}
