#include "state/difference.h"

/* ---- Lines ---- */

static money paid_amount(bool pays, money amount)
{
    return pays ? amount : MONEY_ZERO;
}

money difference_paid_before(const struct emitted_subject *before, const struct emitted_line *line)
{
    return paid_amount(ledger_subject_pays(before->subject, before->outcome), line->amount);
}

static bool is_same_line(const struct policy_line *after, const struct emitted_line *before)
{
    return after->fund == before->fund && text_equal(text_of(after->rule->id), before->rule);
}

static const struct emitted_line *find_before(const struct emitted_subject *before, const struct policy_line *line)
{
    for (size_t i = 0; before != NULL && i < before->line_count; i++)
        if (is_same_line(line, &before->lines[i]))
            return &before->lines[i];
    return NULL;
}

static bool stands_after(const struct ledger_subject *after, const struct emitted_line *line)
{
    for (size_t i = 0; after != NULL && i < after->line_count; i++)
        if (is_same_line(&after->lines[i], line))
            return true;
    return false;
}

static enum status fill_deltas(struct arena *arena, struct settlement_change *change)
{
    const struct ledger_subject *after = change->after;
    size_t count = after == NULL ? 0 : after->line_count;
    money *deltas = ARENA_ARRAY(arena, count + 1, money);
    if (deltas == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < count; i++) {
        const struct emitted_line *before = find_before(change->before, &after->lines[i]);
        deltas[i] = paid_amount(ledger_subject_pays(after->subject, after->outcome), after->lines[i].amount);
        if (before != NULL)
            deltas[i] = money_sub(deltas[i], difference_paid_before(change->before, before));
        change->delta = money_add(change->delta, deltas[i]);
    }
    change->deltas = deltas;
    return STATUS_OK;
}

static enum status fill_withdrawn(struct arena *arena, struct settlement_change *change)
{
    size_t count = change->before == NULL ? 0 : change->before->line_count;
    const struct emitted_line **withdrawn = ARENA_ARRAY(arena, count + 1, const struct emitted_line *);
    if (withdrawn == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < count; i++) {
        const struct emitted_line *line = &change->before->lines[i];
        if (stands_after(change->after, line))
            continue;
        withdrawn[change->withdrawn_count++] = line;
        change->delta = money_sub(change->delta, difference_paid_before(change->before, line));
    }
    change->withdrawn = withdrawn;
    return STATUS_OK;
}

/* ---- Subjects ---- */

struct comparison {
    struct arena *arena;
    const struct ledger *after;
    const struct emitted *before;
    bool *matched;   /* by subject of `before` */
    size_t expected; /* where the next subject most likely stands in `before` */
    struct difference *difference;
};

static struct emitted_subject *match(struct comparison *comparison, const struct ledger_subject *after)
{
    const struct emitted *before = comparison->before;
    /* Both stand in the order of the fold, so the first look nearly always hits. */
    for (size_t i = 0; i < before->subject_count; i++) {
        size_t at = (comparison->expected + i) % before->subject_count;
        struct emitted_subject *subject = &before->subjects[at];
        if (subject->subject != after->subject || !text_equal(subject->id, after->id))
            continue;
        comparison->matched[at] = true;
        comparison->expected = at + 1;
        return subject;
    }
    return NULL;
}

static enum status add_settlement(
    struct comparison *comparison, uint8_t kind, const struct ledger_subject *after, struct emitted_subject *before)
{
    enum status status = before == NULL ? STATUS_OK : ledger_lines_decode(comparison->arena, before);
    if (status != STATUS_OK)
        return status;
    struct settlement_change *change = &comparison->difference->settlements[comparison->difference->settlement_count++];
    *change = (struct settlement_change){ .kind = kind, .after = after, .before = before };
    status = fill_deltas(comparison->arena, change);
    return status == STATUS_OK ? fill_withdrawn(comparison->arena, change) : status;
}

static void add_watch(struct comparison *comparison, struct watch_change change)
{
    comparison->difference->watches[comparison->difference->watch_count++] = change;
}

/* Pingshun art. 21: the hospital's part is reported when it first appears. */
static void compare_hospital(
    struct comparison *comparison, const struct ledger_subject *after, const struct emitted_subject *before)
{
    bool was_over = before != NULL && before->hospital.fen > 0;
    if (after->hospital.fen > 0 && !was_over)
        add_watch(comparison,
            (struct watch_change){ .kind = WATCH_HOSPITAL_OVER_RATIO, .year = after->year, .subject = after });
}

static enum status compare_subjects(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->after->subject_count; i++) {
        const struct ledger_subject *after = &comparison->after->subjects[i];
        struct emitted_subject *before = match(comparison, after);
        if (before != NULL && ledger_subject_is(after, before))
            continue;
        enum status status =
            add_settlement(comparison, before == NULL ? DIFFERENCE_ORIGINAL : DIFFERENCE_ADJUSTMENT, after, before);
        if (status != STATUS_OK)
            return status;
        compare_hospital(comparison, after, before);
    }
    for (size_t i = 0; i < comparison->before->subject_count; i++) {
        if (comparison->matched[i])
            continue;
        enum status status = add_settlement(comparison, DIFFERENCE_VOID, NULL, &comparison->before->subjects[i]);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* ---- Watches ---- */

static const struct ledger_watch *watch_after(const struct ledger *ledger, int year)
{
    for (size_t i = 0; i < ledger->watch_count; i++)
        if (ledger->watches[i].year == year)
            return &ledger->watches[i];
    return NULL;
}

static const struct emitted_watch *watch_before(const struct emitted *emitted, int year)
{
    for (size_t i = 0; i < emitted->watch_count; i++)
        if (emitted->watches[i].year == year)
            return &emitted->watches[i];
    return NULL;
}

static void compare_watches(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->after->watch_count; i++) {
        const struct ledger_watch *after = &comparison->after->watches[i];
        const struct emitted_watch *before = watch_before(comparison->before, after->year);
        struct watch_change change = { .year = after->year, .key_person = after->key_person, .watch = after };
        if (after->crossed && (before == NULL || !before->crossed)) {
            change.kind = WATCH_CROSSED;
            add_watch(comparison, change);
        }
        if (after->may_apply && (before == NULL || !before->may_apply)) {
            change.kind = WATCH_MAY_APPLY;
            add_watch(comparison, change);
        }
    }
    for (size_t i = 0; i < comparison->before->watch_count; i++) {
        const struct emitted_watch *before = &comparison->before->watches[i];
        const struct ledger_watch *after = watch_after(comparison->after, before->year);
        if (before->crossed && (after == NULL || !after->crossed))
            add_watch(comparison,
                (struct watch_change){ .kind = WATCH_WITHDRAWN,
                    .year = before->year,
                    .key_person = after == NULL ? before->key_person : after->key_person,
                    .watch = after });
    }
}

enum status difference_of(
    struct arena *arena, const struct ledger *after, const struct emitted *before, struct difference *ret_difference)
{
    size_t settlements = after->subject_count + before->subject_count;
    size_t watches = after->subject_count + 2 * after->watch_count + before->watch_count;
    struct difference difference = { .settlements = ARENA_ARRAY(arena, settlements + 1, struct settlement_change),
        .watches = ARENA_ARRAY(arena, watches + 1, struct watch_change) };
    struct comparison comparison = { .arena = arena,
        .after = after,
        .before = before,
        .matched = ARENA_ARRAY(arena, before->subject_count + 1, bool),
        .difference = &difference };
    if (difference.settlements == NULL || difference.watches == NULL || comparison.matched == NULL)
        return STATUS_ARENA_FULL;
    enum status status = compare_subjects(&comparison);
    if (status != STATUS_OK)
        return status;
    compare_watches(&comparison);
    *ret_difference = difference;
    return STATUS_OK;
}
