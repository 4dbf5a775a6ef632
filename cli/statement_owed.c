#include "cli/statement_owed.h"

#include "base/day.h"

#include <stdio.h>
#include <string.h>

#define SETTLEMENT Settled__V1__Settlement
#define INSTITUTION SETTLED__V1__PAYMENT_REQUEST__PAYEE__INSTITUTION
#define PERSON SETTLED__V1__PAYMENT_REQUEST__PAYEE__PERSON

void statement_owed_begin(struct statement_owed *owed, struct arena *arena, const struct statement_owed_wanted *wanted)
{
    *owed = (struct statement_owed){ .arena = arena, .wanted = *wanted, .subject_count = 1, .debt_count = 1 };
}

void statement_owed_done(struct statement_owed *owed)
{
    key_index_done(&owed->ids);
    key_index_done(&owed->subjects);
    key_index_done(&owed->index);
}

static const char *copy(struct arena *arena, struct text text)
{
    const char *copied = arena_copy(arena, text.at, text.length);
    CHECK(copied != NULL);
    return copied;
}

/* ---- What was paid ---- */

/* What the hospital bears, and what comes from a personal account, no fund owes it. */
static bool is_of_fund(const Settled__V1__Settlement__Line *line)
{
    return line->fund != SETTLED__V1__SETTLEMENT__LINE__FUND__HOSPITAL
        && line->fund != SETTLED__V1__SETTLEMENT__LINE__FUND__ACCOUNT;
}

static int64_t funds_delta(const SETTLEMENT *settlement)
{
    int64_t fen = 0;
    for (size_t i = 0; i < settlement->n_lines; i++)
        fen += is_of_fund(settlement->lines[i]) ? settlement->lines[i]->delta_fen : 0;
    for (size_t i = 0; i < settlement->n_withdrawn; i++)
        fen += is_of_fund(settlement->withdrawn[i]) ? settlement->withdrawn[i]->delta_fen : 0;
    return fen;
}

static int64_t *funded_of(struct statement_owed *owed, const SETTLEMENT *settlement)
{
    const struct text texts[] = { text_of(settlement->region), text_of(settlement->person_id),
        text_of(settlement->subject_id) };
    struct store_key key = key_of_texts(texts, COUNT_OF(texts));
    uint32_t found = key_index_find(&owed->subjects, &key);
    if (found != 0)
        return &owed->funded_fen[found];
    owed->funded_fen = key_rows_grown(
        owed->arena, owed->funded_fen, owed->subject_count, &owed->subject_capacity, sizeof *owed->funded_fen);
    (void)key_index_add(&owed->subjects, &key, owed->subject_count);
    owed->funded_fen[owed->subject_count] = 0;
    return &owed->funded_fen[owed->subject_count++];
}

/* ---- Who is owed it ---- */

static bool is_in_month(const struct statement_owed *owed, const SETTLEMENT *settlement)
{
    char month[DAY_TEXT_SIZE];
    const Google__Protobuf__Timestamp *at = settlement->emitted_at;
    if (settlement->trigger != NULL && settlement->trigger->recorded_at != NULL)
        at = settlement->trigger->recorded_at;
    if (text_is_empty(owed->wanted.month))
        return true;
    if (at == NULL)
        return false;
    day_format(instant_day((instant){ at->seconds, at->nanos }), month);
    return text_equal(owed->wanted.month, (struct text){ month, strlen("YYYY-MM") });
}

static void add_debt(struct statement_owed *owed, const SETTLEMENT *settlement, const char *institution, int64_t fen)
{
    const struct text texts[] = { text_of(institution), text_of(settlement->subject_id),
        text_of(settlement->person_id) };
    if (!text_is_empty(owed->wanted.institution) && !text_equal(texts[0], owed->wanted.institution))
        return;
    struct store_key key = key_of_texts(texts, COUNT_OF(texts));
    uint32_t number = key_index_find(&owed->index, &key);
    if (number == 0) {
        owed->debts =
            key_rows_grown(owed->arena, owed->debts, owed->debt_count, &owed->debt_capacity, sizeof *owed->debts);
        number = owed->debt_count++;
        (void)key_index_add(&owed->index, &key, number);
        owed->debts[number] = (struct statement_debt){ copy(owed->arena, texts[0]), copy(owed->arena, texts[1]),
            copy(owed->arena, texts[2]), 0 };
    }
    owed->debts[number].fen += fen;
}

/* Money follows its payee: what was paid before goes with it from one to the other. Whom the settlement does not name,
 * as the first ones did not, was the institution. */
static void share_out(struct statement_owed *owed, const SETTLEMENT *settlement, int64_t before_fen, int64_t delta_fen)
{
    bool has_moved = settlement->former_payee != SETTLED__V1__PAYMENT_REQUEST__PAYEE__PAYEE_UNSPECIFIED;
    if (settlement->former_payee == INSTITUTION)
        add_debt(owed, settlement, settlement->former_institution_code, -before_fen);
    if (settlement->payee != PERSON)
        add_debt(owed, settlement, settlement->institution_code, delta_fen + (has_moved ? before_fen : 0));
}

void statement_owed_take(struct statement_owed *owed, const SETTLEMENT *settlement)
{
    struct text id = text_of(settlement->settlement_id), region = text_of(settlement->region);
    struct store_key key = key_of_texts(&id, 1);
    if (settlement->kind == SETTLED__V1__SETTLEMENT__KIND__TRIAL
        || settlement->subject != SETTLED__V1__SETTLEMENT__SUBJECT__ENCOUNTER
        || (!text_is_empty(owed->wanted.region) && !text_equal(owed->wanted.region, region))
        || !key_index_add(&owed->ids, &key, 1))
        return;
    int64_t *funded = funded_of(owed, settlement), delta = funds_delta(settlement), before = *funded;
    *funded += delta;
    if (is_in_month(owed, settlement))
        share_out(owed, settlement, before, delta);
}
