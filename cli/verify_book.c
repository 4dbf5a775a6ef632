#include "cli/verify_book.h"

#include "consumers/stage_person.h"
#include "policy/term.h"
#include "state/ledger.h"

#include <stdio.h>
#include <string.h>

void verify_book_begin(struct verify_book *book, struct arena *arena, const uint8_t *secret)
{
    *book = (struct verify_book){ .arena = arena, .secret = secret, .person_count = 1, .subject_count = 1 };
}

void verify_book_done(struct verify_book *book)
{
    key_index_done(&book->person_index);
    key_index_done(&book->subject_index);
    key_index_done(&book->ids);
}

/* ---- Persons and subjects ---- */

uint32_t verify_book_person(
    struct verify_book *book, const struct store_key *key, struct text region, struct text person_id)
{
    uint32_t number = key_index_find(&book->person_index, key);
    if (number == 0) {
        book->persons = key_rows_grown(
            book->arena, book->persons, book->person_count, &book->person_capacity, sizeof *book->persons);
        number = book->person_count++;
        book->persons[number] = (struct verify_person){ .key = *key };
        (void)key_index_add(&book->person_index, key, number);
    }
    struct verify_person *person = &book->persons[number];
    if (person->person_id[0] == '\0') {
        snprintf(person->region, sizeof person->region, "%.*s", TEXT_FORMAT(region));
        snprintf(person->person_id, sizeof person->person_id, "%.*s", TEXT_FORMAT(person_id));
    }
    return number;
}

static struct store_key subject_key(const struct verify_person *person, uint8_t subject, struct text id)
{
    const struct text texts[] = { { (const char *)person->key.bytes, sizeof person->key.bytes },
        { (const char *)&subject, 1 }, id };
    return key_of_texts(texts, COUNT_OF(texts));
}

uint32_t verify_book_find(const struct verify_book *book, uint32_t person, uint8_t subject, struct text id)
{
    struct store_key key = subject_key(&book->persons[person], subject, id);
    return key_index_find(&book->subject_index, &key);
}

static struct verify_subject *subject_of(struct verify_book *book, uint32_t number, uint8_t subject, struct text id)
{
    struct store_key key = subject_key(&book->persons[number], subject, id);
    uint32_t found = key_index_find(&book->subject_index, &key);
    if (found != 0)
        return &book->subjects[found];
    struct verify_person *person = &book->persons[number];
    book->subjects = key_rows_grown(
        book->arena, book->subjects, book->subject_count, &book->subject_capacity, sizeof *book->subjects);
    uint32_t added = book->subject_count++;
    const char *copy = arena_copy(book->arena, id.at, id.length);
    CHECK(copy != NULL && key_index_add(&book->subject_index, &key, added));
    book->subjects[added] = (struct verify_subject){ .next = person->first, .subject = subject, .id = copy };
    person->first = added;
    return &book->subjects[added];
}

/* ---- Settlements ---- */

/* A sum of amounts times odd numbers that only rule and fund decide: what is equal here is equal line by line. */
uint64_t verify_line(uint64_t lines, struct text rule, int fund, int64_t fen)
{
    const struct text texts[] = { rule, { (const char *)&fund, sizeof fund } };
    struct store_key key = key_of_texts(texts, COUNT_OF(texts));
    uint64_t factor;
    memcpy(&factor, key.bytes, sizeof factor);
    return lines + (factor | 1) * (uint64_t)fen;
}

static int64_t sum_lines(
    Settled__V1__Settlement__Line *const *lines, size_t count, uint64_t *moved_lines, struct verify_said *said)
{
    int64_t delta_fen = 0;
    for (size_t i = 0; i < count; i++) {
        struct text rule = text_of(lines[i]->rule);
        delta_fen += lines[i]->delta_fen;
        *moved_lines = verify_line(*moved_lines, rule, (int)lines[i]->fund, lines[i]->delta_fen);
        said->lines = verify_line(said->lines, rule, (int)lines[i]->fund, lines[i]->amount_fen);
        said->paid_fen += lines[i]->amount_fen;
    }
    return delta_fen;
}

static struct verify_said begin_said(const Settled__V1__Settlement *settlement)
{
    if (settlement->kind == SETTLED__V1__SETTLEMENT__KIND__VOID)
        return (struct verify_said){ 0 };
    struct verify_said said = { .status = (uint8_t)settlement->status };
    if (settlement->totals != NULL) {
        said.account_fen = settlement->totals->account_fen;
        said.hospital_fen = settlement->totals->hospital_fen;
    }
    return said;
}

static void add_up(struct verify_subject *subject, const Settled__V1__Settlement *settlement)
{
    struct verify_said said = begin_said(settlement);
    int64_t delta_fen = sum_lines(settlement->lines, settlement->n_lines, &subject->moved_lines, &said)
        + sum_lines(settlement->withdrawn, settlement->n_withdrawn, &subject->moved_lines, &said);
    if (!ledger_subject_pays(subject->subject, said.status))
        said.paid_fen = 0;
    subject->said = said;
    subject->moved_fen += settlement->delta_fen;
    subject->unsound = (uint16_t)(subject->unsound + (delta_fen != settlement->delta_fen));
}

void verify_book_take(struct verify_book *book, const Settled__V1__Settlement *settlement)
{
    struct text region = text_of(settlement->region), person_id = text_of(settlement->person_id);
    if (settlement->kind == SETTLED__V1__SETTLEMENT__KIND__TRIAL) {
        book->trials++;
        return;
    }
    struct store_key key = stage_person_key(book->secret, region, person_id);
    uint32_t person = verify_book_person(book, &key, region, person_id);
    struct verify_subject *subject =
        subject_of(book, person, (uint8_t)settlement->subject, text_of(settlement->subject_id));
    struct text id = text_of(settlement->settlement_id);
    struct store_key id_key = key_of_texts(&id, 1);
    if (!key_index_add(&book->ids, &id_key, 1)) {
        subject->repeats++;
        subject->repeated_fen += settlement->delta_fen;
        return;
    }
    book->settlements++;
    add_up(subject, settlement);
}
