#include "state/holding.h"

static bool is_change(const struct fact *fact)
{
    return fact->identity.action != IDENTITY_ACTION_NO_ACTION;
}

/* Whether two changes belong to one sequence: what one source says of one category (of one relative). */
static bool same_sequence(const struct fact *a, const struct fact *b)
{
    return a->identity.category == b->identity.category && text_equal(a->source, b->source)
        && text_equal(a->identity.relative_id, b->identity.relative_id);
}

/* The day on which the next change of the same sequence takes over. */
static day next_change(const struct fact *const *facts, size_t count, size_t at)
{
    for (size_t i = at + 1; i < count && same_sequence(facts[at], facts[i]); i++)
        if (is_change(facts[i]))
            return facts[i]->identity.effective_on;
    return day_add(DAY_LAST, 1);
}

enum status holdings_of(
    struct arena *arena, const struct fact *const *facts, size_t count, struct holdings *ret_holdings)
{
    struct holdings holdings = { .items = ARENA_ARRAY(arena, count + 1, struct holding) };
    if (holdings.items == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < count; i++) {
        const struct fact_identity *identity = &facts[i]->identity;
        if (identity->action != IDENTITY_ACTION_GRANT)
            continue;
        day to = next_change(facts, count, i);
        if (to.n > identity->effective_on.n)
            holdings.items[holdings.count++] = (struct holding){ .category = identity->category,
                .funding = identity->funding,
                .relation = identity->relation,
                .from = identity->effective_on,
                .to = to,
                .grant = facts[i] };
    }
    *ret_holdings = holdings;
    return STATUS_OK;
}

static bool covers(const struct holding *holding, day d)
{
    return holding->from.n <= d.n && d.n < holding->to.n;
}

term_set holdings_on(const struct holdings *holdings, day d)
{
    term_set set = 0;
    for (size_t i = 0; i < holdings->count; i++)
        if (covers(&holdings->items[i], d))
            set |= term_bit(holdings->items[i].category);
    return set;
}

const struct holding *holdings_latest(const struct holdings *holdings, int category, day d)
{
    const struct holding *latest = NULL;
    for (size_t i = 0; i < holdings->count; i++) {
        const struct holding *holding = &holdings->items[i];
        if (holding->category != category || !covers(holding, d))
            continue;
        if (latest == NULL || day_cmp(holding->from, latest->from) > 0
            || (day_cmp(holding->from, latest->from) == 0 && fact_content_cmp(holding->grant, latest->grant, NULL) > 0))
            latest = holding;
    }
    return latest;
}

bool holdings_unbroken(const struct holdings *holdings, term_set categories, day from, day to)
{
    /* Each round reaches the end of some stretch, so there are at most `count` rounds. */
    day reached = from;
    for (size_t round = 0; round <= holdings->count && reached.n <= to.n; round++) {
        day further = reached;
        for (size_t i = 0; i < holdings->count; i++) {
            const struct holding *holding = &holdings->items[i];
            if (term_holds(categories, holding->category) && covers(holding, reached) && holding->to.n > further.n)
                further = holding->to;
        }
        if (further.n == reached.n)
            return false;
        reached = further;
    }
    return reached.n > to.n;
}

day holdings_began(const struct holdings *holdings, int category, day d)
{
    day began = d;
    for (size_t round = 0; round <= holdings->count; round++) {
        day earlier = began;
        for (size_t i = 0; i < holdings->count; i++) {
            const struct holding *holding = &holdings->items[i];
            /* It reaches up to `began` or covers it: the stretch goes on further back. */
            if (holding->category == category && holding->from.n < earlier.n && holding->to.n >= began.n)
                earlier = holding->from;
        }
        if (earlier.n == began.n)
            break;
        began = earlier;
    }
    return began;
}
