#include "state/fold.h"

#include "state/encounter.h"
#include "state/fold_parts.h"

#include <string.h>

/* ---- One subject ---- */

/* The lines outlive the outcome they were computed in. */
static enum status keep_lines(struct fold *fold, struct ledger_subject *subject, const struct policy_lines *lines)
{
    struct policy_line *kept = arena_take_bytes(fold->arena, (lines->count + 1) * sizeof *kept);
    if (kept == NULL)
        return STATUS_ARENA_FULL;
    memcpy(kept, lines->items, lines->count * sizeof *kept);
    subject->lines = kept;
    subject->line_count = lines->count;
    for (size_t i = 0; i < lines->count; i++) {
        money *total = kept[i].fund == FUND_HOSPITAL ? &subject->hospital
            : kept[i].fund == FUND_ACCOUNT           ? &subject->account
                                                     : &subject->benefit;
        *total = money_add(*total, kept[i].amount);
    }
    return STATUS_OK;
}

/* rules.md G5: what is left to the person; account money is the person's own. */
static money burden_of(const struct policy_visit *visit, const struct policy_lines *lines)
{
    money burden = money_sub(visit->total, policy_visit_paid(visit));
    for (size_t i = 0; i < lines->count; i++)
        burden = money_sub(burden, lines->items[i].amount);
    return burden;
}

/* Wrong money must not leave: these hold for every subject, in release builds too. Only an account movement has no
 * burden of the person's that account money could be part of. */
static enum status check_subject(const struct ledger_subject *subject)
{
    for (size_t i = 0; i < subject->line_count; i++)
        if (subject->lines[i].amount.fen < 0 || subject->lines[i].deductible.fen < 0
            || subject->lines[i].deductible.fen > subject->lines[i].base.fen)
            return STATUS_INVARIANT_BROKEN;
    if (subject->burden.fen < 0 || subject->account.fen < 0)
        return STATUS_INVARIANT_BROKEN;
    bool within = subject->subject == SUBJECT_ACCOUNT || subject->account.fen <= subject->burden.fen;
    return within ? STATUS_OK : STATUS_INVARIANT_BROKEN;
}

/* The next place in the ledger, zeroed: large, and so filled where it stands. */
static struct ledger_subject *next_subject(const struct fold *fold)
{
    CHECK(fold->ledger.subject_count < fold->subject_room);
    return &fold->ledger.subjects[fold->ledger.subject_count];
}

static enum status finish_subject(struct fold *fold, struct ledger_subject *subject, const struct policy_lines *lines)
{
    fold->ledger.subject_count++;
    enum status status = keep_lines(fold, subject, lines);
    return status == STATUS_OK ? check_subject(subject) : status;
}

enum status fold_add_subject(struct fold *fold, const struct ledger_subject *subject, const struct policy_lines *lines)
{
    struct ledger_subject *added = next_subject(fold);
    *added = *subject;
    return finish_subject(fold, added, lines);
}

/* ---- One encounter ---- */

/* Settled at the desk, the money is the institution's, which did not ask the person for it. */
static struct ledger_payee payee_of(const struct policy_visit *visit)
{
    return (struct ledger_payee){ .kind = visit->channel == CHANNEL_MANUAL ? PAYEE_PERSON : PAYEE_INSTITUTION,
        .institution_code = visit->institution_code,
        .institution_name = visit->institution_name };
}

/* What left the person's burden arrived at a fund or the hospital, to the fen; and no benefit is above the cost. */
static bool adds_up(const struct policy_visit *visit, const struct ledger_subject *subject)
{
    money arrived = money_add(money_add(subject->benefit, subject->hospital), subject->burden);
    money left_by_others = money_sub(visit->total, policy_visit_paid(visit));
    return money_cmp(arrived, left_by_others) == 0 && money_cmp(subject->benefit, visit->total) <= 0;
}

static void describe(const struct fold *fold, const struct encounter *encounter, const struct policy_stay *stay,
    struct ledger_subject *subject)
{
    subject->subject = SUBJECT_ENCOUNTER;
    subject->year = fold->year_number;
    subject->id = encounter->discharge->discharge.encounter_id;
    subject->at_admission = encounter->admission_missing ? 0 : stay->at_admission;
    subject->at_discharge = stay->at_discharge;
    subject->cause = encounter->discharge;
    subject->payee = payee_of(stay->visit);
}

static void settle_stay(struct fold *fold, const struct encounter *encounter, const struct policy_stay *stay,
    struct policy_outcome *outcome)
{
    if (encounter->admission_missing) {
        policy_settle_without_admission(outcome);
        return;
    }
    struct policy_gates gates = fold_gates(fold, encounter);
    policy_settle(fold->input->pack, stay, &gates, &fold->year, outcome);
}

static enum status settle_encounter(struct fold *fold, const struct encounter *encounter)
{
    struct policy_stay stay = encounter_stay(encounter, &fold->holdings);
    struct policy_outcome outcome;
    enum status status = fold_move_account(fold, encounter->discharged);
    if (status != STATUS_OK)
        return status;
    settle_stay(fold, encounter, &stay, &outcome);
    struct ledger_subject *subject = next_subject(fold);
    describe(fold, encounter, &stay, subject);
    subject->outcome = outcome.outcome;
    subject->applied = outcome.applied;
    subject->half = outcome.half;
    subject->reasons = outcome.reasons;
    subject->burden = burden_of(stay.visit, &outcome.lines);
    fold_use_account(fold, encounter, subject);
    fold->year_burden = money_add(fold->year_burden, subject->burden);
    fold->last_discharge = encounter->discharged;
    status = finish_subject(fold, subject, &outcome.lines);
    if (status != STATUS_OK)
        return status;
    return outcome.caps_hold && adds_up(stay.visit, subject) ? STATUS_OK : STATUS_INVARIANT_BROKEN;
}

/* ---- One year ---- */

static enum status settle_year_end(struct fold *fold)
{
    if (!fold->year.year_end_visits || !year_set_has(fold->input->closed_years, fold->year_number))
        return STATUS_OK;
    struct policy_lines lines;
    policy_settle_year_end(fold->input->pack, fold->year_number, &fold->year, &lines);
    struct ledger_subject subject = {
        .subject = SUBJECT_YEAR_END, .outcome = OUTCOME_FINAL, .half = HALF_SAME, .year = fold->year_number
    };
    subject.id = fold_year_text(fold, fold->year_number);
    for (size_t i = 0; i < lines.count; i++)
        fold->year_burden = money_sub(fold->year_burden, lines.items[i].amount);
    return fold->year_burden.fen < 0 ? STATUS_INVARIANT_BROKEN : fold_add_subject(fold, &subject, &lines);
}

static void begin_year(struct fold *fold, int year)
{
    fold->year_number = year;
    fold->year_burden = MONEY_ZERO;
    memset(&fold->year, 0, sizeof fold->year);
}

static enum status settle_year(struct fold *fold, size_t *at)
{
    begin_year(fold, day_year(fold->encounters.items[*at].discharged));
    /* Comparing with the year's last day spares a calendar computation per encounter. */
    day last = day_of(fold->year_number, 12, 31);
    for (; *at < fold->encounters.count && fold->encounters.items[*at].discharged.n <= last.n; (*at)++) {
        enum status status = settle_encounter(fold, &fold->encounters.items[*at]);
        if (status != STATUS_OK)
            return status;
    }
    enum status status = settle_year_end(fold);
    if (status == STATUS_OK)
        fold_watch_year(fold);
    return status;
}

/* ---- All of it ---- */

/* How many years the encounters, which stand in order, lie in. */
static size_t years_of(const struct encounters *encounters)
{
    size_t count = 0;
    day last = DAY_FIRST;
    for (size_t i = 0; i < encounters->count; i++) {
        if (encounters->items[i].discharged.n <= last.n)
            continue;
        last = day_of(day_year(encounters->items[i].discharged), 12, 31);
        count++;
    }
    return count;
}

/* At most one subject per encounter, per year's end, and per case action, enrolment row or grant. */
static enum status make_room(struct fold *fold)
{
    size_t encounters = fold->encounters.count, years = years_of(&fold->encounters);
    fold->subject_room = encounters + years + fold->kinds[FACT_CASE].count + fold->kinds[FACT_ENROLMENT].count
        + fold->input->grant_count + 1;
    fold->ledger.subjects = ARENA_ARRAY(fold->arena, fold->subject_room, struct ledger_subject);
    fold->ledger.watches = ARENA_ARRAY(fold->arena, years + 1, struct ledger_watch);
    return fold->ledger.subjects == NULL || fold->ledger.watches == NULL ? STATUS_ARENA_FULL : STATUS_OK;
}

static struct text latest_name(const struct fold_input *input)
{
    const struct fact *latest = NULL;
    for (size_t i = 0; i < input->count; i++) {
        const struct fact *fact = input->facts[i];
        if (!text_is_empty(fact->name) && (latest == NULL || fact_content_cmp(fact, latest, NULL) > 0))
            latest = fact;
    }
    return latest == NULL ? TEXT_EMPTY : latest->name;
}

static const struct policy_rule *find_per_visit(const struct policy_pack *pack)
{
    for (size_t i = 0; i < pack->rule_count; i++)
        if (pack->rules[i].kind == POLICY_PER_VISIT)
            return &pack->rules[i];
    return NULL;
}

static enum status prepare(struct fold *fold)
{
    const struct fold_input *input = fold->input;
    fold_find_kinds(fold);
    fold->per_visit = find_per_visit(input->pack);
    enum status status = holdings_of(
        fold->arena, input->facts + fold->kinds[FACT_IDENTITY].from, fold->kinds[FACT_IDENTITY].count, &fold->holdings);
    if (status == STATUS_OK)
        status = encounters_of(fold->arena, input->facts, input->count, &fold->encounters);
    if (status == STATUS_OK)
        status = case_files_of(
            fold->arena, input->facts + fold->kinds[FACT_CASE].from, fold->kinds[FACT_CASE].count, &fold->cases);
    if (status == STATUS_OK)
        status = fold_open_account(fold);
    return status == STATUS_OK ? make_room(fold) : status;
}

enum status state_fold(const struct fold_input *input, struct arena *arena, struct ledger *ret_ledger)
{
    struct fold fold = { .input = input, .arena = arena };
    enum status status = prepare(&fold);
    for (size_t at = 0; status == STATUS_OK && at < fold.encounters.count;)
        status = settle_year(&fold, &at);
    if (status == STATUS_OK)
        status = fold_move_account(&fold, day_add(DAY_LAST, 1));
    if (status == STATUS_OK)
        status = fold_cases(&fold);
    if (status == STATUS_OK)
        status = fold_enrolments(&fold);
    if (status == STATUS_OK)
        status = fold_grants(&fold);
    if (status != STATUS_OK)
        return status;
    fold.ledger.person_name = latest_name(input);
    *ret_ledger = fold.ledger;
    return STATUS_OK;
}
