#include "tests/sim/book.h"

#define KIND(name) SETTLED__V1__SETTLEMENT__KIND__##name

/* ---- What changes hands ---- */

static void add_line(struct book *book, struct book_line line)
{
    for (size_t i = 0; i < book->line_count; i++) {
        struct book_line *known = &book->lines[i];
        if (known->subject == line.subject && known->fund == line.fund && text_equal(known->id, line.id)
            && text_equal(known->rule, line.rule)) {
            known->fen += line.fen;
            return;
        }
    }
    CHECK(book->line_count < BOOK_LINES_MAX);
    line.id = sim_copy(book->sim, line.id);
    line.rule = sim_copy(book->sim, line.rule);
    book->lines[book->line_count++] = line;
}

static void add_lines(struct book *book, const Settled__V1__Settlement *settlement,
    Settled__V1__Settlement__Line *const *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (lines[i]->delta_fen != 0)
            add_line(book,
                (struct book_line){ (uint8_t)settlement->subject, (uint8_t)lines[i]->fund,
                    text_of(settlement->subject_id), text_of(lines[i]->rule), lines[i]->delta_fen });
}

/* ---- The last word ---- */

static struct book_subject *find_subject(const struct book *book, uint8_t subject, struct text id)
{
    for (size_t i = 0; i < book->subject_count; i++)
        if (book->subjects[i].subject == subject && text_equal(book->subjects[i].id, id))
            return (struct book_subject *)(uintptr_t)&book->subjects[i];
    return NULL;
}

/* A subject begins with ORIGINAL, goes on with ADJUSTMENT or VOID, and after a VOID begins again. */
static void check_kind(const struct book *book, const struct book_subject *known, int kind)
{
    bool stands = known != NULL && known->kind != KIND(VOID);
    if (stands != (kind != (int)KIND(ORIGINAL)))
        sim_fail(book->sim, "a settlement of kind %d was told where %s stood: one was lost, or told twice", kind,
            stands ? "one" : "none");
}

void book_settlement(struct book *book, const Settled__V1__Settlement *settlement)
{
    struct text id = text_of(settlement->subject_id);
    struct book_subject *known = find_subject(book, (uint8_t)settlement->subject, id);
    if (settlement->kind == KIND(TRIAL))
        return;
    check_kind(book, known, (int)settlement->kind);
    if (known == NULL) {
        CHECK(book->subject_count < BOOK_SUBJECTS_MAX);
        known = &book->subjects[book->subject_count++];
        known->subject = (uint8_t)settlement->subject;
        known->id = sim_copy(book->sim, id);
    }
    known->kind = (uint8_t)settlement->kind;
    known->status = (uint8_t)settlement->status;
    if (settlement->totals != NULL) {
        known->benefit_fen = settlement->totals->benefit_fen;
        known->hospital_fen = settlement->totals->hospital_fen;
        known->account_fen = settlement->totals->account_fen;
        known->burden_fen = settlement->totals->personal_burden_fen;
    }
    add_lines(book, settlement, settlement->lines, settlement->n_lines);
    add_lines(book, settlement, settlement->withdrawn, settlement->n_withdrawn);
}

void book_warning(struct book *book, const Settled__V1__Warning *warning)
{
    size_t at = 0;
    bool crossed = warning->kind == SETTLED__V1__WARNING__KIND__CROSSED;
    if (!crossed && warning->kind != SETTLED__V1__WARNING__KIND__WITHDRAWN)
        return;
    while (at < book->year_count && book->years[at].year != warning->year)
        at++;
    CHECK(at < BOOK_YEARS_MAX);
    if (at == book->year_count)
        book->years[book->year_count++] = (struct book_year){ .year = warning->year };
    book->years[at].crossed += crossed ? 1 : -1;
    if (book->years[at].crossed < 0 || book->years[at].crossed > 1)
        sim_fail(book->sim, "a warning of %d was %s twice, or lost in between", warning->year,
            crossed ? "given" : "taken back");
}

/* ---- Against the ledger ---- */

static int64_t owed(const struct ledger *ledger, const struct book_line *line)
{
    int64_t fen = 0;
    for (size_t i = 0; i < ledger->subject_count; i++) {
        const struct ledger_subject *subject = &ledger->subjects[i];
        if (subject->subject != line->subject || !text_equal(subject->id, line->id)
            || !ledger_subject_pays(subject->subject, subject->outcome))
            continue;
        for (size_t at = 0; at < subject->line_count; at++)
            if (subject->lines[at].fund == line->fund && text_equal(text_of(subject->lines[at].rule->id), line->rule))
                fen += subject->lines[at].amount.fen;
    }
    return fen;
}

static void check_subject(const struct book *book, const struct ledger_subject *subject)
{
    const struct book_subject *told = find_subject(book, subject->subject, subject->id);
    if (told == NULL || told->kind == KIND(VOID))
        sim_fail(book->sim, "a settlement is owed (subject %d, %.*s) and was not told", subject->subject,
            TEXT_FORMAT(subject->id));
    if (told->status != subject->outcome || told->benefit_fen != subject->benefit.fen
        || told->hospital_fen != subject->hospital.fen || told->account_fen != subject->account.fen
        || told->burden_fen != subject->burden.fen)
        sim_fail(book->sim,
            "the last settlement told (subject %d, %.*s) is not what the facts come to: %lld/%lld/%lld/%lld fen, "
            "status %d, for %lld/%lld/%lld/%lld, %d",
            subject->subject, TEXT_FORMAT(subject->id), (long long)told->benefit_fen, (long long)told->hospital_fen,
            (long long)told->account_fen, (long long)told->burden_fen, told->status, (long long)subject->benefit.fen,
            (long long)subject->hospital.fen, (long long)subject->account.fen, (long long)subject->burden.fen,
            subject->outcome);
    bool pays = ledger_subject_pays(subject->subject, subject->outcome);
    for (size_t i = 0; i < subject->line_count; i++) {
        const struct policy_line *line = &subject->lines[i];
        bool is_told = !pays || line->amount.fen == 0;
        for (size_t at = 0; at < book->line_count && !is_told; at++)
            is_told = book->lines[at].subject == subject->subject && text_equal(book->lines[at].id, subject->id)
                && book->lines[at].fund == line->fund && text_equal(book->lines[at].rule, text_of(line->rule->id));
        if (!is_told)
            sim_fail(book->sim, "%lld fen of %s were never told", (long long)line->amount.fen, line->rule->id);
    }
}

static bool is_in(const struct ledger *ledger, const struct book_subject *told)
{
    for (size_t i = 0; i < ledger->subject_count; i++)
        if (ledger->subjects[i].subject == told->subject && text_equal(ledger->subjects[i].id, told->id))
            return true;
    return false;
}

static bool has_crossed(const struct ledger *ledger, int year)
{
    for (size_t i = 0; i < ledger->watch_count; i++)
        if (ledger->watches[i].year == year)
            return ledger->watches[i].crossed;
    return false;
}

static void check_warnings(const struct book *book, const struct ledger *ledger)
{
    int crossed = 0, told = 0;
    for (size_t i = 0; i < ledger->watch_count; i++)
        crossed += ledger->watches[i].crossed;
    for (size_t i = 0; i < book->year_count; i++) {
        told += book->years[i].crossed;
        if (book->years[i].crossed != (int)has_crossed(ledger, book->years[i].year))
            sim_fail(book->sim, "the warning of %d was lost, or not taken back", book->years[i].year);
    }
    if (crossed != told)
        sim_fail(book->sim, "%d warnings stand and %d were told", crossed, told);
}

void book_check(const struct book *book, const struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->subject_count; i++)
        check_subject(book, &ledger->subjects[i]);
    for (size_t i = 0; i < book->subject_count; i++)
        if (book->subjects[i].kind != KIND(VOID) && !is_in(ledger, &book->subjects[i]))
            sim_fail(book->sim, "a settlement stands (subject %d, %.*s) that nothing supports",
                book->subjects[i].subject, TEXT_FORMAT(book->subjects[i].id));
    for (size_t i = 0; i < book->line_count; i++) {
        int64_t fen = owed(ledger, &book->lines[i]);
        if (fen != book->lines[i].fen)
            sim_fail(book->sim, "%.*s of %.*s comes to %lld fen, and %lld were told", TEXT_FORMAT(book->lines[i].rule),
                TEXT_FORMAT(book->lines[i].id), (long long)fen, (long long)book->lines[i].fen);
    }
    check_warnings(book, ledger);
}
