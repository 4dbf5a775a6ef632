/* Any order of the same facts, with any repeats, ends in the same bytes; what was told on the way adds up to what
 * stands at the end; and what stands at the end keeps within caps and costs. Every region whose pack is shipped. */
#include "policy/pack_load.h"
#include "state/person.h"

#include "tests/property/fold_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define SEEDS 3000
#define ORDERS 4
#define PACKS SETTLED_SOURCE_DIR "/policy/packs"
#define MONEY_PLACES 512
#define ARENA_BYTES ((size_t)64 << 20)

static struct policy_packs packs;
static struct arena *pack_arena;
static uint64_t seed; /* of the history at hand, for the message */

static int load(void **state)
{
    static struct pack_report report;
    (void)state;
    pack_arena = arena_new(PACK_ARENA_BYTES);
    enum status status = policy_packs_load(PACKS, pack_arena, &report, &packs);
    for (size_t i = 0; i < report.count; i++)
        print_error("%s\n", report.problems[i]);
    return status == STATUS_OK && packs.count >= 2 ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    arena_free(pack_arena);
    return 0;
}

#define MUST(condition)                                                                                                \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            fail_msg("seed %llu: %s", (unsigned long long)seed, #condition);                                           \
    } while (0)

/* ---- One history ---- */

struct history {
    const struct policy_pack *pack;
    struct fact facts[SAMPLE_FACTS];
    size_t count;
    struct person_policy policy;
};

static void history_roll(struct arena *arena, struct history *history)
{
    static const struct fold_grant grants[] = { { { "g1", 2 }, { 18800 }, { 12345 } },
        { { "g2", 2 }, { 19000 }, { 0 } } };
    history->pack = packs.items[sample_roll(packs.count)];
    history->count = 1 + sample_roll(SAMPLE_FACTS);
    for (size_t i = 0; i < history->count; i++) {
        sample_fact(history->pack, &history->facts[i]);
        assert_int_equal(fact_encode(arena, &history->facts[i]), STATUS_OK);
    }
    history->policy = (struct person_policy){ .pack = history->pack,
        .closed_years = sample_one_in(2) ? ~(year_set)0 : (year_set)sample_random(),
        .grants = grants,
        .grant_count = sample_roll(COUNT_OF(grants) + 1) };
}

/* What changed hands, by subject, rule and fund. */
struct place {
    uint8_t subject, fund;
    struct text id, rule;
    int64_t fen;
};

struct book {
    struct place places[MONEY_PLACES];
    size_t count;
};

static struct text kept(struct arena *arena, struct text text)
{
    char *copy = arena_copy(arena, text.at, text.length);
    assert_non_null(copy);
    return (struct text){ copy, text.length };
}

static void book_add(struct arena *arena, struct book *book, struct place line)
{
    for (size_t i = 0; i < book->count; i++) {
        struct place *place = &book->places[i];
        if (place->subject == line.subject && place->fund == line.fund && text_equal(place->id, line.id)
            && text_equal(place->rule, line.rule)) {
            place->fen += line.fen;
            return;
        }
    }
    assert_in_range(book->count, 0, MONEY_PLACES - 1);
    line.id = kept(arena, line.id);
    line.rule = kept(arena, line.rule);
    book->places[book->count++] = line;
}

static void book_change(struct arena *arena, struct book *book, const struct settlement_change *change)
{
    const struct ledger_subject *after = change->after;
    const struct emitted_subject *before = change->before;
    int64_t sum = 0;
    MUST((after == NULL) == (change->kind == DIFFERENCE_VOID)
        && (before == NULL) == (change->kind == DIFFERENCE_ORIGINAL));
    for (size_t i = 0; after != NULL && i < after->line_count; i++) {
        sum += change->deltas[i].fen;
        book_add(arena, book,
            (struct place){ after->subject, after->lines[i].fund, after->id, text_of(after->lines[i].rule->id),
                change->deltas[i].fen });
    }
    for (size_t i = 0; i < change->withdrawn_count; i++) {
        const struct emitted_line *line = change->withdrawn[i];
        int64_t fen = difference_paid_before(before, line).fen;
        sum -= fen;
        book_add(arena, book, (struct place){ before->subject, line->fund, before->id, line->rule, -fen });
    }
    MUST(sum == change->delta.fen);
}

/* ---- One order ---- */

struct end {
    struct text bytes;
    struct ledger ledger;
    struct book book;
};

static void settle(struct arena *arena, const struct history *history, struct person *person, struct end *end)
{
    struct difference difference;
    MUST(person_settle(arena, person, &history->policy, &end->ledger, &difference) == STATUS_OK);
    for (size_t i = 0; i < difference.settlement_count; i++)
        book_change(arena, &end->book, &difference.settlements[i]);
}

/* Between batches a person is bytes. */
static void store_and_read(struct arena *arena, struct person *person)
{
    struct text bytes;
    struct person read;
    assert_int_equal(person_encode(arena, person, &bytes), STATUS_OK);
    MUST(person_decode(arena, bytes, &read) == STATUS_OK);
    struct text again;
    assert_int_equal(person_encode(arena, &read, &again), STATUS_OK);
    MUST(text_equal(bytes, again));
    *person = read;
}

static int by_bytes(const struct fact *a, const struct fact *b)
{
    return text_cmp(a->stored, b->stored);
}

static void add(struct arena *arena, struct person *person, const struct fact *fact)
{
    struct person_added added;
    size_t before = person->count;
    MUST(person_add(arena, person, fact, by_bytes, &added) == STATUS_OK);
    MUST(person->count == before || (added.changed && person->count == before + 1));
}

static void shuffle(size_t *order, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = sample_roll(i), kept_aside = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept_aside;
    }
}

static void run_order(struct arena *arena, const struct history *history, struct end *end)
{
    struct person person = { .region = text_of(history->pack->region), .person_id = TEXT("P") };
    size_t order[2 * SAMPLE_FACTS], count = 0;
    for (size_t i = 0; i < history->count; i++) {
        order[count++] = i;
        if (sample_one_in(4))
            order[count++] = i;
    }
    shuffle(order, count);
    end->book.count = 0;
    for (size_t i = 0; i < count; i++) {
        add(arena, &person, &history->facts[order[i]]);
        if (sample_one_in(3))
            settle(arena, history, &person, end);
        if (sample_one_in(6))
            store_and_read(arena, &person);
    }
    settle(arena, history, &person, end);
    assert_int_equal(person_encode(arena, &person, &end->bytes), STATUS_OK);
}

/* ---- What must hold at the end ---- */

static void check_told(struct arena *arena, struct end *end)
{
    for (size_t i = 0; i < end->ledger.subject_count; i++) {
        const struct ledger_subject *subject = &end->ledger.subjects[i];
        bool pays = ledger_subject_pays(subject->subject, subject->outcome);
        for (size_t line = 0; line < subject->line_count; line++)
            book_add(arena, &end->book,
                (struct place){ subject->subject, subject->lines[line].fund, subject->id,
                    text_of(subject->lines[line].rule->id), pays ? -subject->lines[line].amount.fen : 0 });
    }
    for (size_t i = 0; i < end->book.count; i++)
        MUST(end->book.places[i].fen == 0);
}

static void check_lines(const struct ledger_subject *subject)
{
    int64_t benefit = 0, hospital = 0;
    for (size_t i = 0; i < subject->line_count; i++) {
        const struct policy_line *line = &subject->lines[i];
        MUST(line->amount.fen >= 0 && line->deductible.fen >= 0 && line->deductible.fen <= line->base.fen);
        MUST(line->limit != LIMIT_REASON || line->amount.fen == 0);
        *(line->fund == FUND_HOSPITAL ? &hospital : &benefit) += line->amount.fen;
    }
    MUST(benefit == subject->benefit.fen && hospital == subject->hospital.fen);
    MUST(subject->outcome >= OUTCOME_FINAL && subject->outcome <= OUTCOME_LAPSED);
}

/* rules.md G5: no burden below zero, no benefit above what is left of the cost. */
static void check_encounter(const struct ledger_subject *subject)
{
    const struct policy_visit *visit = &subject->cause->discharge.visit;
    int64_t left = money_sub(visit->total, policy_visit_paid(visit)).fen;
    MUST(subject->burden.fen == left - subject->benefit.fen - subject->hospital.fen);
    MUST(subject->burden.fen >= 0 && subject->account.fen >= 0 && subject->account.fen <= subject->burden.fen);
    if (term_holds(subject->reasons, REASON_EXCLUDED_COST) || term_holds(subject->reasons, REASON_NOT_DESIGNATED))
        MUST(subject->benefit.fen == 0 && subject->hospital.fen == 0);
}

static const struct {
    const char *rule;
    int64_t fen;
} yearly_caps[] = { { "yangcheng.inpatient", 1000000 }, { "qingyang.supplementary", 30000000 },
    { "shangluo.outpatient", 200000 }, { "jingning.high_cost", 10000000 }, { "pingshun.tilt", 3000000 } };

static int64_t paid_in_year(const struct ledger *ledger, int year, const char *rule)
{
    int64_t sum = 0;
    for (size_t i = 0; i < ledger->subject_count; i++)
        for (size_t line = 0; ledger->subjects[i].year == year && line < ledger->subjects[i].line_count; line++)
            if (strcmp(ledger->subjects[i].lines[line].rule->id, rule) == 0)
                sum += ledger->subjects[i].lines[line].amount.fen;
    return sum;
}

static int64_t shared_cap_of(int category)
{
    switch (category) {
    case CATEGORY_EXTREME_POVERTY:
    case CATEGORY_RETURNED_TO_POVERTY:
        return INT64_MAX;
    case CATEGORY_LOW_INCOME_MARGIN:
    case CATEGORY_ILLNESS_IMPOVERISHED:
        return 4000000;
    default:
        return 6000000;
    }
}

/* Pingshun art. 18: whoever is paid under a category with a limit is not above it then. Subjects stand in the
 * fold's order. */
static void check_shared_cap(const struct ledger *ledger)
{
    static const char *const shared[] = { "pingshun.inpatient", "pingshun.top_up", "pingshun.chronic",
        "pingshun.special_drug" };
    int64_t used = 0;
    int year = 0;
    for (size_t i = 0; i < ledger->subject_count; i++) {
        const struct ledger_subject *subject = &ledger->subjects[i];
        used = subject->year == year ? used : 0;
        year = subject->year;
        int64_t paid = 0;
        for (size_t line = 0; line < subject->line_count; line++)
            for (size_t rule = 0; rule < COUNT_OF(shared); rule++)
                if (strcmp(subject->lines[line].rule->id, shared[rule]) == 0)
                    paid += subject->lines[line].amount.fen;
        used += subject->subject == SUBJECT_ENCOUNTER ? paid : 0;
        MUST(subject->subject != SUBJECT_ENCOUNTER || paid == 0 || used <= shared_cap_of(subject->applied));
    }
}

static void check_end(const struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->subject_count; i++) {
        const struct ledger_subject *subject = &ledger->subjects[i];
        check_lines(subject);
        if (subject->subject == SUBJECT_ENCOUNTER)
            check_encounter(subject);
        for (size_t cap = 0; cap < COUNT_OF(yearly_caps); cap++)
            MUST(paid_in_year(ledger, subject->year, yearly_caps[cap].rule) <= yearly_caps[cap].fen);
    }
    check_shared_cap(ledger);
}

/* ---- The test ---- */

static void any_order_and_any_repeat_end_alike(void **state)
{
    static struct history history;
    static struct end first, other;
    struct arena *arena = arena_new(ARENA_BYTES);
    (void)state;
    size_t paid = 0;
    for (seed = 1; seed <= SEEDS; seed++) {
        arena_reset(arena);
        sample_state = seed;
        history_roll(arena, &history);
        run_order(arena, &history, &first);
        check_end(&first.ledger);
        for (size_t i = 0; i < first.ledger.subject_count; i++)
            paid += first.ledger.subjects[i].benefit.fen > 0;
        check_told(arena, &first);
        for (int order = 1; order < ORDERS; order++) {
            run_order(arena, &history, &other);
            MUST(text_equal(first.bytes, other.bytes));
            check_told(arena, &other);
        }
    }
    /* Histories in which nothing is paid would prove nothing. */
    assert_in_range(paid, SEEDS / 4, SIZE_MAX);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(any_order_and_any_repeat_end_alike) };
    return cmocka_run_group_tests_name("fold_order", tests, load, unload);
}
