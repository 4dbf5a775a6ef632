#include "state/ledger.h"

#include "state/bytes.h"

bool ledger_subject_pays(uint8_t subject, uint8_t outcome)
{
    return (subject != SUBJECT_CASE && subject != SUBJECT_ENROLMENT) || outcome == OUTCOME_FINAL;
}

bool ledger_payee_same(const struct ledger_payee *a, const struct ledger_payee *b)
{
    bool is_person = a->kind != PAYEE_INSTITUTION && b->kind != PAYEE_INSTITUTION;
    return is_person || (a->kind == b->kind && text_equal(a->institution_code, b->institution_code));
}

bool ledger_subject_is(const struct ledger_subject *subject, const struct emitted_subject *emitted)
{
    struct text before = emitted->stored, after = subject->stored;
    return before.length <= after.length && memcmp(before.at, after.at, before.length) == 0;
}

/* What a sentence tells of the bands: a difference also where the amount is the same. */
static void put_stretch(struct bytes_writer *writer, const struct policy_line *line)
{
    bool is_told = line->stretch.bands != NULL && line->share.bp == 0;
    bytes_put_signed(writer, is_told ? line->stretch.from.fen : 0);
    bytes_put_signed(writer, is_told ? line->stretch.to.fen : 0);
    bytes_put_signed(writer, is_told ? line->stretch.change.bp : 0);
}

static void put_line(struct bytes_writer *writer, const struct policy_line *line)
{
    bytes_put_text(writer, text_of(line->rule->id));
    bytes_put_number(writer, line->fund);
    bytes_put_signed(writer, line->amount.fen);
    bytes_put_signed(writer, line->base.fen);
    bytes_put_signed(writer, line->deductible.fen);
    /* Where the cap bit, the sentence names it: another cap is a difference also where the amount is the same. */
    bytes_put_signed(writer, line->limit == LIMIT_YEAR ? line->cap.fen : 0);
    bytes_put_number(writer, (uint64_t)line->share.bp);
    bytes_put_number(writer, line->capped);
    bytes_put_number(writer, line->limit);
    bytes_put_number(writer, line->reason);
    put_stretch(writer, line);
}

/* Of all but an encounter the person is the payee. The last of a subject: see ledger_subject_is. */
static void put_payee(struct bytes_writer *writer, const struct ledger_subject *subject)
{
    if (subject->subject != SUBJECT_ENCOUNTER)
        return;
    bytes_put_number(writer, subject->payee.kind);
    bytes_put_text(writer, subject->payee.institution_code);
    bytes_put_text(writer, subject->payee.institution_name);
}

static void put_subject(struct bytes_writer *writer, const struct ledger_subject *subject)
{
    bytes_put_number(writer, subject->subject);
    bytes_put_number(writer, subject->outcome);
    bytes_put_signed(writer, subject->year);
    bytes_put_text(writer, subject->id);
    bytes_put_signed(writer, subject->hospital.fen);
    bytes_put_signed(writer, subject->account.fen);
    bytes_put_text(writer, subject->heir);
    bytes_put_signed(writer, subject->moved_on.n);
    bytes_put_number(writer, subject->line_count);
    for (size_t i = 0; i < subject->line_count; i++)
        put_line(writer, &subject->lines[i]);
    bytes_put_number(writer, subject->applied);
    bytes_put_number(writer, subject->half);
    bytes_put_number(writer, subject->reasons);
    bytes_put_number(writer, subject->at_admission);
    bytes_put_number(writer, subject->at_discharge);
    bytes_put_signed(writer, subject->burden.fen);
    put_payee(writer, subject);
}

static void put_watch(struct bytes_writer *writer, const struct ledger_watch *watch)
{
    bytes_put_signed(writer, watch->year);
    bytes_put_number(writer, watch->crossed);
    bytes_put_number(writer, watch->key_person);
    bytes_put_number(writer, watch->may_apply);
}

static bool warns(const struct ledger_watch *watch)
{
    return watch->crossed || watch->may_apply;
}

static size_t warning_count(const struct ledger *ledger)
{
    size_t count = 0;
    for (size_t i = 0; i < ledger->watch_count; i++)
        count += warns(&ledger->watches[i]);
    return count;
}

/* Each item stands behind its length, so that old and new can be compared without being read. The length has always
 * three bytes and is filled in afterwards: no item needs a buffer of its own. */
#define LENGTH_BYTES 3
#define LENGTH_LIMIT (1u << (7 * LENGTH_BYTES))

static size_t item_begin(struct bytes_writer *writer)
{
    static const uint8_t room[LENGTH_BYTES];
    bytes_put_raw(writer, room, sizeof room);
    return writer->length;
}

static void item_end(struct bytes_writer *writer, size_t from)
{
    size_t length = writer->length - from;
    if (writer->failed)
        return;
    CHECK(length < LENGTH_LIMIT); /* sixteen lines and a few texts of at most a few hundred bytes */
    for (int i = 0; i < LENGTH_BYTES; i++) {
        bool last = i == LENGTH_BYTES - 1;
        writer->at[from - LENGTH_BYTES + (size_t)i] = (uint8_t)((length & 0x7f) | (last ? 0 : 0x80));
        length >>= 7;
    }
}

/* Where each subject stands is known once nothing moves any more. */
static void note_subjects(struct ledger *ledger, struct text bytes)
{
    struct bytes_reader reader = bytes_reader_of(bytes);
    (void)bytes_get_number(&reader);
    for (size_t i = 0; i < ledger->subject_count; i++)
        ledger->subjects[i].stored = bytes_get_text(&reader);
}

enum status ledger_encode(struct arena *arena, struct ledger *ledger, struct text *ret_bytes)
{
    struct bytes_writer writer = bytes_writer_of(arena, 64 + ledger->subject_count * 384);
    bytes_put_number(&writer, ledger->subject_count);
    for (size_t i = 0; i < ledger->subject_count; i++) {
        size_t from = item_begin(&writer);
        put_subject(&writer, &ledger->subjects[i]);
        item_end(&writer, from);
    }
    bytes_put_number(&writer, warning_count(ledger));
    for (size_t i = 0; i < ledger->watch_count; i++) {
        if (!warns(&ledger->watches[i]))
            continue;
        size_t from = item_begin(&writer);
        put_watch(&writer, &ledger->watches[i]);
        item_end(&writer, from);
    }
    if (writer.failed)
        return STATUS_ARENA_FULL;
    *ret_bytes = bytes_written(&writer);
    note_subjects(ledger, *ret_bytes);
    return STATUS_OK;
}

static void get_line(struct bytes_reader *reader, struct emitted_line *ret_line)
{
    ret_line->rule = bytes_get_text(reader);
    ret_line->fund = (uint8_t)bytes_get_number(reader);
    ret_line->amount.fen = bytes_get_signed(reader);
    for (int skipped = 0; skipped < 10; skipped++) /* base, deductible, cap, share, capped, limit, reason, stretch */
        (void)bytes_get_number(reader);
}

/* It stands behind identity, reasons and burden. */
static struct ledger_payee get_payee(struct bytes_reader *reader, uint8_t subject)
{
    struct ledger_payee payee = { PAYEE_PERSON, TEXT_EMPTY, TEXT_EMPTY };
    if (subject != SUBJECT_ENCOUNTER)
        return payee;
    for (int skipped = 0; skipped < 6; skipped++) /* applied, half, reasons, held at admission and discharge, burden */
        (void)bytes_get_number(reader);
    if (reader->failed || bytes_at_end(reader))
        return (struct ledger_payee){ 0, TEXT_EMPTY, TEXT_EMPTY };
    payee.kind = (uint8_t)bytes_get_number(reader);
    payee.institution_code = bytes_get_text(reader);
    payee.institution_name = bytes_get_text(reader);
    return payee;
}

enum status ledger_lines_decode(struct arena *arena, struct emitted_subject *subject)
{
    if (subject->lines != NULL)
        return STATUS_OK;
    struct bytes_reader reader = bytes_reader_of(subject->stored_lines);
    uint64_t count = bytes_get_number(&reader);
    if (count > POLICY_LINE_LIMIT)
        return STATUS_BAD_STATE;
    struct emitted_line *lines = ARENA_ARRAY(arena, count + 1, struct emitted_line);
    if (lines == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < count; i++)
        get_line(&reader, &lines[i]);
    subject->payee = get_payee(&reader, subject->subject);
    if (reader.failed)
        return STATUS_BAD_STATE;
    subject->lines = lines;
    subject->line_count = count;
    return STATUS_OK;
}

static enum status get_subject(struct bytes_reader *all, struct emitted_subject *ret_subject)
{
    ret_subject->stored = bytes_get_text(all);
    struct bytes_reader reader = bytes_reader_of(ret_subject->stored);
    ret_subject->subject = (uint8_t)bytes_get_number(&reader);
    ret_subject->outcome = (uint8_t)bytes_get_number(&reader);
    ret_subject->year = (int)bytes_get_signed(&reader);
    ret_subject->id = bytes_get_text(&reader);
    ret_subject->hospital.fen = bytes_get_signed(&reader);
    ret_subject->account.fen = bytes_get_signed(&reader);
    ret_subject->heir = bytes_get_text(&reader);
    ret_subject->moved_on.n = (int32_t)bytes_get_signed(&reader);
    ret_subject->stored_lines = (struct text){ (const char *)reader.at, (size_t)(reader.end - reader.at) };
    return reader.failed ? STATUS_BAD_STATE : STATUS_OK;
}

static void get_watch(struct bytes_reader *all, struct emitted_watch *ret_watch)
{
    struct bytes_reader reader = bytes_reader_of(bytes_get_text(all));
    ret_watch->year = (int)bytes_get_signed(&reader);
    ret_watch->crossed = bytes_get_number(&reader) != 0;
    ret_watch->key_person = bytes_get_number(&reader) != 0;
    ret_watch->may_apply = bytes_get_number(&reader) != 0;
}

enum status ledger_decode(struct arena *arena, struct text bytes, struct emitted *ret_emitted)
{
    struct emitted emitted = { 0 };
    if (text_is_empty(bytes)) {
        *ret_emitted = emitted;
        return STATUS_OK;
    }
    struct bytes_reader reader = bytes_reader_of(bytes);
    emitted.subject_count = bytes_get_count(&reader);
    if (reader.failed)
        return STATUS_BAD_STATE;
    emitted.subjects = ARENA_ARRAY(arena, emitted.subject_count + 1, struct emitted_subject);
    if (emitted.subjects == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < emitted.subject_count; i++) {
        enum status status = get_subject(&reader, &emitted.subjects[i]);
        if (status != STATUS_OK)
            return status;
    }
    emitted.watch_count = bytes_get_count(&reader);
    if (reader.failed)
        return STATUS_BAD_STATE;
    emitted.watches = ARENA_ARRAY(arena, emitted.watch_count + 1, struct emitted_watch);
    if (emitted.watches == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < emitted.watch_count; i++)
        get_watch(&reader, &emitted.watches[i]);
    *ret_emitted = emitted;
    return bytes_at_end(&reader) ? STATUS_OK : STATUS_BAD_STATE;
}
