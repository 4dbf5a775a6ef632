#include "state/person.h"

#include "state/fact_codec.h"
#include "state/frame.h"

#include <string.h>

static enum status get_facts(struct arena *arena, struct bytes_reader *reader, struct person *person)
{
    uint64_t count = bytes_get_number(reader);
    if (count > FACT_LIMIT)
        return STATUS_BAD_STATE;
    person->capacity = count + 4;
    person->facts = ARENA_ARRAY(arena, person->capacity, const struct fact *);
    struct fact *facts = arena_take_bytes(arena, (count + 1) * sizeof *facts); /* fact_decode sets all of each */
    if (person->facts == NULL || facts == NULL)
        return STATUS_ARENA_FULL;
    for (; person->count < count; person->count++) {
        struct fact *fact = &facts[person->count];
        enum status status = fact_decode(arena, bytes_get_text(reader), fact);
        if (status != STATUS_OK)
            return status;
        person->facts[person->count] = fact;
    }
    return STATUS_OK;
}

enum status person_decode(struct arena *arena, struct text bytes, struct person *ret_person)
{
    struct person person = { 0 };
    if (!text_is_empty(bytes)) {
        struct bytes_reader reader = frame_open(bytes, FRAME_PERSON);
        if (reader.failed)
            return STATUS_BAD_STATE;
        person.region = bytes_get_text(&reader);
        person.person_id = bytes_get_text(&reader);
        enum status status = get_facts(arena, &reader, &person);
        if (status != STATUS_OK)
            return status;
        person.emitted = bytes_get_text(&reader);
        status = frame_close(&reader);
        if (status != STATUS_OK)
            return status;
    }
    *ret_person = person;
    return STATUS_OK;
}

static size_t expected_size(const struct person *person)
{
    size_t size = 64 + person->emitted.length;
    for (size_t i = 0; i < person->count; i++)
        size += person->facts[i]->stored.length + 3;
    return size;
}

enum status person_encode(struct arena *arena, const struct person *person, struct text *ret_bytes)
{
    struct bytes_writer writer = frame_begin(arena, FRAME_PERSON, expected_size(person));
    bytes_put_text(&writer, person->region);
    bytes_put_text(&writer, person->person_id);
    bytes_put_number(&writer, person->count);
    for (size_t i = 0; i < person->count; i++)
        bytes_put_text(&writer, person->facts[i]->stored);
    bytes_put_text(&writer, person->emitted);
    return frame_finish(&writer, ret_bytes);
}

/* ---- Adding a fact ---- */

static void take_out(struct person *person, size_t at)
{
    person->count--;
    memmove(person->facts + at, person->facts + at + 1, (person->count - at) * sizeof *person->facts);
}

/* Where the fact belongs: before the first that does not precede it. */
static size_t place_of(const struct person *person, const struct fact *fact)
{
    size_t low = 0, high = person->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (fact_order(person->facts[middle], fact) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum status put_in(struct arena *arena, struct person *person, const struct fact *fact)
{
    if (person->count >= FACT_LIMIT)
        return STATUS_TOO_MANY_FACTS;
    if (person->count == person->capacity) {
        size_t capacity = person->capacity * 2 + 4;
        const struct fact **grown = arena_grow(arena, person->facts, person->count, capacity, sizeof *grown);
        if (grown == NULL)
            return STATUS_ARENA_FULL;
        person->facts = grown;
        person->capacity = capacity;
    }
    size_t at = place_of(person, fact);
    memmove(person->facts + at + 1, person->facts + at, (person->count - at) * sizeof *person->facts);
    person->facts[at] = fact;
    person->count++;
    return STATUS_OK;
}

/* A rival under another event id for the same version of the same encounter: both are kept, one is reported. */
static const struct fact *losing_rival(const struct person *person, const struct fact *fact, fact_bytes_cmp bytes_cmp)
{
    for (size_t i = 0; i < person->count; i++)
        if (person->facts[i] != fact && fact_is_series_rival(person->facts[i], fact))
            return fact_content_cmp(person->facts[i], fact, bytes_cmp) > 0 ? fact : person->facts[i];
    return NULL;
}

enum status person_add(struct arena *arena, struct person *person, const struct fact *fact, fact_bytes_cmp bytes_cmp,
    struct person_added *ret_added)
{
    struct person_added added = { 0 };
    for (size_t i = 0; i < person->count; i++) {
        const struct fact *known = person->facts[i];
        if (!fact_same_identity(known, fact))
            continue;
        if (text_equal(known->stored, fact->stored)) {
            *ret_added = added;
            return STATUS_OK;
        }
        if (fact_content_cmp(known, fact, bytes_cmp) > 0) {
            added.loser = fact;
            *ret_added = added;
            return STATUS_OK;
        }
        added.loser = known;
        take_out(person, i);
        break;
    }
    enum status status = put_in(arena, person, fact);
    if (status != STATUS_OK)
        return status;
    added.changed = true;
    if (added.loser == NULL)
        added.loser = losing_rival(person, fact, bytes_cmp);
    *ret_added = added;
    return STATUS_OK;
}

/* ---- Settling ---- */

enum status person_settle(struct arena *arena, struct person *person, const struct person_policy *policy,
    struct ledger *ret_ledger, struct difference *ret_difference)
{
    struct fold_input input = { .pack = policy->pack,
        .person_id = person->person_id,
        .facts = person->facts,
        .count = person->count,
        .closed_years = policy->closed_years,
        .grants = policy->grants,
        .grant_count = policy->grant_count };
    struct ledger ledger;
    struct emitted before;
    struct text bytes;
    enum status status = state_fold(&input, arena, &ledger);
    if (status == STATUS_OK)
        status = ledger_encode(arena, &ledger, &bytes);
    if (status != STATUS_OK)
        return status;
    *ret_difference = (struct difference){ 0 };
    if (ret_ledger != NULL)
        *ret_ledger = ledger;
    if (text_equal(bytes, person->emitted))
        return STATUS_OK;
    status = ledger_decode(arena, person->emitted, &before);
    if (status == STATUS_OK)
        status = difference_of(arena, &ledger, &before, ret_difference);
    if (status == STATUS_OK)
        person->emitted = bytes;
    return status;
}
