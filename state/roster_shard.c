#include "state/roster_shard.h"

#include "base/sort.h"

struct work {
    const struct roster_header *header;
    struct roster_result result;
};

static void add_entry(struct work *work, const struct roster_entry *entry)
{
    work->result.entries[work->result.entry_count++] = *entry;
}

static void add_change(struct work *work, const struct roster_change *change)
{
    work->result.changes[work->result.change_count++] = *change;
}

/* Whoever is revoked on a day before his grant begins is revoked on the day it begins; and if he was granted from two
 * days, one before and one after, on both. Granted from 1 January and again from 1 June, revoked on 1 April: revoked
 * on 1 April and on 1 June. */
static void revoke(struct work *work, const struct roster_entry *entry, const struct roster_change *change)
{
    struct roster_change first = *change;
    if (entry != NULL && day_cmp(entry->from_first, first.effective_on) > 0)
        first.effective_on = entry->from_first;
    add_change(work, &first);
    if (entry == NULL || day_cmp(entry->from_last, first.effective_on) <= 0)
        return;
    struct roster_change later = first;
    later.effective_on = entry->from_last;
    later.is_later = true;
    add_change(work, &later);
}

static void revoke_absent(struct work *work, const struct roster_entry *entry)
{
    struct roster_change change = { .person_id = entry->person_id, .name = entry->name, .is_removal = true };
    change.funding = entry->funding;
    change.effective_on = work->header->stated_on;
    revoke(work, entry, &change);
    work->result.counts.revoked++;
}

/* The running list's own view of a row that was taken; false when the person leaves it. */
static void take_running(struct work *work, const struct roster_entry *entry, const struct roster_change *change)
{
    struct roster_counts *counts = &work->result.counts;
    if (change->is_removal) {
        revoke(work, entry, change);
        counts->revoked += entry != NULL;
        counts->unchanged += entry == NULL;
        return;
    }
    struct roster_entry after = { .person_id = change->person_id, .name = change->name, .funding = change->funding };
    after.from_first = after.from_last = change->effective_on;
    if (entry != NULL && day_cmp(entry->from_first, after.from_first) < 0)
        after.from_first = entry->from_first;
    if (entry != NULL && day_cmp(entry->from_last, after.from_last) > 0)
        after.from_last = entry->from_last;
    add_change(work, change);
    add_entry(work, &after);
    counts->granted += entry == NULL;
    counts->unchanged += entry != NULL && text_equal(entry->name, after.name) && entry->funding == after.funding;
}

static void take(struct work *work, const struct roster_entry *entry, const struct roster_row *row)
{
    struct roster_change change = { .row = row, .person_id = row->person_id, .name = row->name };
    change.is_removal = row->is_removal;
    change.funding = row->funding;
    change.effective_on = row->from;
    work->result.counts.taken++;
    if (roster_is_running(work->header))
        take_running(work, entry, &change);
    else
        add_change(work, &change);
}

struct verdict {
    enum status reason; /* OK: taken */
    enum roster_field field;
};

static bool is_subject_field(enum roster_field field)
{
    return field >= ROSTER_FIELD_SCHEME && field <= ROSTER_FIELD_RELATIVE_ID;
}

/* contract.md, RosterUpdate: the checks in the order listed; the first row taken stands. Money that goes into a fund
 * has no person. */
static struct verdict judge(const struct roster_header *header, const struct roster_entry *entry,
    const struct roster_row *taken, const struct roster_row *row)
{
    bool has_person = header->kind != ROSTER_FUND;
    if (row->is_bad_id)
        return (struct verdict){ STATUS_BAD_PERSON_ID, ROSTER_FIELD_PERSON_ID };
    if (has_person && text_is_empty(row->name))
        return (struct verdict){ STATUS_MISSING_FIELD, ROSTER_FIELD_NAME };
    if (entry != NULL && !row->corrects_name && !text_equal(row->name, entry->name))
        return (struct verdict){ STATUS_NAME_MISMATCH, ROSTER_FIELD_NAME };
    if (has_person && taken != NULL && !is_subject_field(row->bad_field) && roster_row_same(taken, row))
        return (struct verdict){ STATUS_DUPLICATE_ROW, ROSTER_FIELD_NONE };
    if (row->bad_field == ROSTER_FIELD_AMOUNT_SET)
        return (struct verdict){ STATUS_AMOUNT_MISMATCH, row->bad_field };
    if (row->bad_field != ROSTER_FIELD_NONE)
        return (struct verdict){ STATUS_BAD_ATTRIBUTE, row->bad_field };
    return (struct verdict){ STATUS_OK, ROSTER_FIELD_NONE };
}

/* At most `length` bytes of a text, between characters. */
static struct text cut(struct text text, size_t length)
{
    if (text.length <= length)
        return text;
    while (length > 0 && ((unsigned char)text.at[length] & 0xc0) == 0x80)
        length--;
    return (struct text){ text.at, length };
}

static void refuse(struct work *work, const struct roster_row *row, struct verdict verdict)
{
    struct roster_refusal refusal = { .part = row->part, .row = row->row, .reason = verdict.reason };
    refusal.person_id = cut(row->person_id, ROSTER_QUOTED_ID_MAX);
    refusal.field = (uint8_t)verdict.field;
    work->result.refusals[work->result.refusal_count++] = refusal;
    work->result.counts.refused++;
}

/* All rows of one person, and what the running list says of him (NULL: nothing). A refused row neither adds nor
 * changes him, and does not let him be missed. */
static void apply_person(
    struct work *work, const struct roster_entry *entry, const struct roster_row *const *rows, size_t count)
{
    const struct roster_row *taken = NULL;
    for (size_t i = 0; i < count; i++) {
        struct verdict verdict = judge(work->header, entry, taken, rows[i]);
        if (verdict.reason != STATUS_OK) {
            refuse(work, rows[i], verdict);
            continue;
        }
        take(work, entry, rows[i]);
        taken = rows[i];
    }
    if (taken == NULL && entry != NULL)
        add_entry(work, entry);
}

static void apply_absent(struct work *work, const struct roster_entry *entry)
{
    if (roster_is_full(work->header))
        revoke_absent(work, entry);
    else
        add_entry(work, entry);
}

static size_t rows_of_person(const struct roster_shard *shard, size_t first)
{
    size_t end = first;
    while (end < shard->row_count && text_equal(shard->rows[end]->person_id, shard->rows[first]->person_id))
        end++;
    return end - first;
}

/* Both sides are in order of person id: one walk over both. */
static void merge(struct work *work, const struct roster_shard *shard)
{
    size_t row = 0, entry = 0;
    while (row < shard->row_count || entry < shard->entry_count) {
        int order = row == shard->row_count ? 1
            : entry == shard->entry_count   ? -1
                                            : text_cmp(shard->rows[row]->person_id, shard->entries[entry].person_id);
        if (order > 0) {
            apply_absent(work, &shard->entries[entry++]);
            continue;
        }
        size_t count = rows_of_person(shard, row);
        apply_person(work, order == 0 ? &shard->entries[entry++] : NULL, shard->rows + row, count);
        row += count;
    }
}

static enum status sort_refusals(struct arena *arena, struct roster_result *result)
{
    size_t count = result->refusal_count;
    const void **order = ARENA_ARRAY(arena, count, const void *);
    struct roster_refusal *sorted = ARENA_ARRAY(arena, count, struct roster_refusal);
    if (order == NULL || sorted == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < count; i++)
        order[i] = &result->refusals[i];
    enum status status = sort_pointers(arena, order, count, roster_refusal_order);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        sorted[i] = *(const struct roster_refusal *)order[i];
    result->refusals = sorted;
    return STATUS_OK;
}

/* Nobody is revoked but by a row or for want of one, and each revocation is at most two changes. */
static enum status make_room(struct arena *arena, const struct roster_shard *shard, struct roster_result *result)
{
    result->changes = ARENA_ARRAY(arena, 2 * (shard->row_count + shard->entry_count), struct roster_change);
    result->refusals = ARENA_ARRAY(arena, shard->row_count, struct roster_refusal);
    result->entries = ARENA_ARRAY(arena, shard->row_count + shard->entry_count, struct roster_entry);
    bool is_full = result->changes == NULL || result->refusals == NULL || result->entries == NULL;
    return is_full ? STATUS_ARENA_FULL : STATUS_OK;
}

enum status roster_shard_apply(struct arena *arena, const struct roster_header *header,
    const struct roster_shard *shard, struct roster_result *ret_result)
{
    struct work work = { .header = header };
    enum status status = make_room(arena, shard, &work.result);
    if (status == STATUS_OK)
        status = sort_pointers(arena, (const void **)shard->rows, shard->row_count, roster_row_order);
    if (status != STATUS_OK)
        return status;
    work.result.counts.rows = (int64_t)shard->row_count;
    merge(&work, shard);
    status = sort_refusals(arena, &work.result);
    if (status == STATUS_OK)
        *ret_result = work.result;
    return status;
}
