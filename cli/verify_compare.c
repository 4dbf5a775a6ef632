#include "cli/verify_compare.h"

#include "policy/term.h"
#include "state/ledger.h"

const char *verify_cause_sentence(enum verify_cause cause)
{
    static const char *const sentences[] = {
#define CAUSE(name, sentence) sentence,
#include "cli/verify_cause.def"
#undef CAUSE
    };
    return sentences[cause];
}

struct comparison {
    struct verify_book *book;
    struct verify_person *person;
    enum verify_value value;
    struct verify_differences *differences;
};

/* ---- Differences ---- */

static enum status add(struct verify_differences *differences, const struct verify_difference *difference)
{
    if (differences->count == differences->capacity) {
        size_t capacity = differences->capacity == 0 ? 16 : 2 * differences->capacity;
        void *items = arena_grow(
            differences->arena, differences->items, differences->count, capacity, sizeof *differences->items);
        if (items == NULL)
            return STATUS_ARENA_FULL;
        differences->items = items;
        differences->capacity = capacity;
    }
    differences->items[differences->count++] = *difference;
    return STATUS_OK;
}

static bool is_same(const struct verify_said *a, const struct verify_said *b)
{
    return a->status == b->status && a->paid_fen == b->paid_fen && a->lines == b->lines
        && a->account_fen == b->account_fen && a->hospital_fen == b->hospital_fen;
}

/* The deltas' fingerprint is that of what was said, unless the subject's money is held. */
static bool is_moved_as_said(const struct verify_subject *subject)
{
    bool pays = ledger_subject_pays(subject->subject, subject->said.status);
    return subject->moved_fen == subject->said.paid_fen && subject->moved_lines == (pays ? subject->said.lines : 0);
}

/* `stored` is empty where the ledger does not have the subject. */
static enum verify_cause cause_of(
    const struct comparison *comparison, const struct verify_subject *subject, const struct verify_said *stored)
{
    if (comparison->value != VERIFY_VALUE_THERE)
        return comparison->value == VERIFY_VALUE_GONE ? VERIFY_CAUSE_VALUE_GONE : VERIFY_CAUSE_DAMAGED;
    if (subject->moved_fen == stored->paid_fen && subject->said.paid_fen == stored->paid_fen)
        return stored->status == 0 ? VERIFY_CAUSE_NOT_IN_LEDGER : VERIFY_CAUSE_LINES_OTHER;
    if (is_same(&subject->said, stored))
        return subject->moved_fen > stored->paid_fen ? VERIFY_CAUSE_TOO_MUCH_IN_TOPIC
                                                     : VERIFY_CAUSE_TOO_LITTLE_IN_TOPIC;
    return stored->status == 0 ? VERIFY_CAUSE_NOT_IN_LEDGER : VERIFY_CAUSE_LEDGER_OTHER;
}

static enum status compare(
    const struct comparison *comparison, const struct verify_subject *subject, const struct verify_said *stored)
{
    struct verify_difference difference = { .subject = subject->subject,
        .id = text_of(subject->id),
        .topic = MONEY_FEN(subject->moved_fen),
        .ledger = MONEY_FEN(stored->paid_fen) };
    enum status status = STATUS_OK;
    comparison->differences->compared++;
    comparison->differences->topic = money_add(comparison->differences->topic, difference.topic);
    if (!is_same(&subject->said, stored) || !is_moved_as_said(subject)) {
        difference.cause = cause_of(comparison, subject, stored);
        status = add(comparison->differences, &difference);
    }
    if (subject->repeats > 0 && status == STATUS_OK) {
        difference.cause = VERIFY_CAUSE_EMITTED_TWICE;
        difference.topic = money_add(difference.topic, MONEY_FEN(subject->repeated_fen));
        difference.count = subject->repeats;
        status = add(comparison->differences, &difference);
    }
    if (subject->unsound > 0 && status == STATUS_OK) {
        difference.cause = VERIFY_CAUSE_UNSOUND;
        difference.topic = MONEY_FEN(subject->moved_fen);
        difference.count = subject->unsound;
        status = add(comparison->differences, &difference);
    }
    return status;
}

/* ---- The ledger ---- */

static struct verify_said said_of(const struct emitted_subject *emitted)
{
    struct verify_said said = {
        .status = emitted->outcome, .account_fen = emitted->account.fen, .hospital_fen = emitted->hospital.fen
    };
    for (size_t i = 0; i < emitted->line_count; i++) {
        const struct emitted_line *line = &emitted->lines[i];
        said.lines = verify_line(said.lines, line->rule, line->fund, line->amount.fen);
        said.paid_fen += line->amount.fen;
    }
    if (!ledger_subject_pays(emitted->subject, emitted->outcome))
        said.paid_fen = 0;
    return said;
}

static enum status compare_stored(struct comparison *comparison, struct emitted_subject *emitted)
{
    enum status status = ledger_lines_decode(comparison->differences->arena, emitted);
    if (status != STATUS_OK)
        return status;
    struct verify_said stored = said_of(emitted);
    uint32_t person = (uint32_t)(comparison->person - comparison->book->persons);
    uint32_t found = verify_book_find(comparison->book, person, emitted->subject, emitted->id);
    comparison->differences->ledger = money_add(comparison->differences->ledger, MONEY_FEN(stored.paid_fen));
    if (found != 0) {
        comparison->book->subjects[found].is_seen = true;
        return compare(comparison, &comparison->book->subjects[found], &stored);
    }
    const struct verify_difference difference = { .cause = VERIFY_CAUSE_MISSING_IN_TOPIC,
        .subject = emitted->subject,
        .id = emitted->id,
        .ledger = MONEY_FEN(stored.paid_fen) };
    comparison->differences->compared++;
    return add(comparison->differences, &difference);
}

static enum status compare_ledger(struct comparison *comparison, struct text bytes)
{
    struct emitted emitted;
    enum status status = ledger_decode(comparison->differences->arena, bytes, &emitted);
    for (size_t i = 0; i < emitted.subject_count && status == STATUS_OK; i++)
        status = compare_stored(comparison, &emitted.subjects[i]);
    return status;
}

/* What the topic has and the ledger has not; a void that took all back is not there by right. */
static enum status compare_rest(struct comparison *comparison)
{
    static const struct verify_said nothing = { 0 };
    struct verify_subject *subjects = comparison->book->subjects;
    enum status status = STATUS_OK;
    for (uint32_t i = comparison->person->first; i != 0 && status == STATUS_OK; i = subjects[i].next)
        if (!subjects[i].is_seen)
            status = compare(comparison, &subjects[i], &nothing);
    return status;
}

/* A value that is gone, or damaged, and of which the topic says nothing either. */
static enum status add_value(struct comparison *comparison)
{
    const struct verify_difference difference = {
        .cause = comparison->value == VERIFY_VALUE_GONE ? VERIFY_CAUSE_VALUE_GONE : VERIFY_CAUSE_DAMAGED,
        .id = TEXT_EMPTY
    };
    return add(comparison->differences, &difference);
}

enum status verify_compare(struct verify_book *book, uint32_t person, enum verify_value value, struct text emitted,
    struct verify_differences *differences)
{
    struct comparison comparison = { book, &book->persons[person], value, differences };
    struct verify_differences before = *differences;
    enum status status = STATUS_OK;
    comparison.person->is_seen = true;
    for (uint32_t i = comparison.person->first; i != 0; i = book->subjects[i].next)
        book->subjects[i].is_seen = false;
    if (value == VERIFY_VALUE_THERE)
        status = compare_ledger(&comparison, emitted);
    if (status == STATUS_BAD_STATE)
        return *differences = before, verify_compare(book, person, VERIFY_VALUE_DAMAGED, TEXT_EMPTY, differences);
    if (status == STATUS_OK)
        status = compare_rest(&comparison);
    if (status == STATUS_OK && value != VERIFY_VALUE_THERE && differences->count == before.count)
        status = add_value(&comparison);
    return status;
}
