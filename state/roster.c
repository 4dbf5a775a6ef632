#include "state/roster.h"

#include "state/bytes.h"

#include <sodium.h>
#include <xxhash.h>

bool roster_is_running(const struct roster_header *header)
{
    return header->kind == ROSTER_HARDSHIP || header->kind == ROSTER_UNIT;
}

bool roster_is_full(const struct roster_header *header)
{
    return header->mode == ROSTER_FULL && roster_is_running(header);
}

bool roster_dates_mismatch(const struct roster_header *header)
{
    return day_cmp(header->stated_on, header->delivered_on) != 0 && text_is_empty(header->manual_note);
}

const char *roster_field_name(enum roster_field field)
{
    static const char *const names[ROSTER_FIELD_COUNT] = {
        [ROSTER_FIELD_NONE] = "",
        [ROSTER_FIELD_PERSON_ID] = "person_id",
        [ROSTER_FIELD_NAME] = "name",
        [ROSTER_FIELD_SCHEME] = "attributes.scheme",
        [ROSTER_FIELD_PERIOD] = "attributes.period",
        [ROSTER_FIELD_YEAR] = "attributes.year",
        [ROSTER_FIELD_RELATIVE_ID] = "attributes.relative_id",
        [ROSTER_FIELD_ACTION] = "action",
        [ROSTER_FIELD_FROM] = "from",
        [ROSTER_FIELD_RELATION] = "attributes.relation",
        [ROSTER_FIELD_PAID_ON] = "attributes.paid_on",
        [ROSTER_FIELD_AMOUNT] = "attributes.amount_fen",
        [ROSTER_FIELD_ACCOUNT_CREDIT] = "attributes.account_credit_fen",
        [ROSTER_FIELD_PREMIUM] = "attributes.premium_fen",
        [ROSTER_FIELD_FUNDING] = "attributes.funding",
        [ROSTER_FIELD_CORRECTED_NAME] = "attributes.corrected_name",
        [ROSTER_FIELD_FUND] = "attributes.fund",
        [ROSTER_FIELD_SOURCE] = "attributes.source",
        [ROSTER_FIELD_DATE] = "attributes.date",
        [ROSTER_FIELD_AMOUNT_SET] = "attributes.amount_fen",
        [ROSTER_FIELD_HOLDERS] = "attributes.holders",
    };
    CHECK((unsigned)field < ROSTER_FIELD_COUNT);
    return names[field];
}

static int int_cmp(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Rows that cannot be told apart for want of an attribute have zeros there; they are refused and never stand for
 * another. */
static int subject_cmp(const struct roster_row *a, const struct roster_row *b)
{
    int order = text_cmp(a->person_id, b->person_id);
    if (order == 0)
        order = int_cmp(a->scheme, b->scheme);
    if (order == 0)
        order = int_cmp(a->year, b->year);
    if (order == 0)
        order = int_cmp(a->month, b->month);
    return order != 0 ? order : text_cmp(a->relative_id, b->relative_id);
}

int roster_row_order(const void *a, const void *b)
{
    const struct roster_row *left = a, *right = b;
    int order = subject_cmp(left, right);
    if (order == 0)
        order = int_cmp(left->part, right->part);
    return order != 0 ? order : int_cmp(left->row, right->row);
}

int roster_refusal_order(const void *a, const void *b)
{
    const struct roster_refusal *left = a, *right = b;
    int order = int_cmp(left->part, right->part);
    return order != 0 ? order : int_cmp(left->row, right->row);
}

bool roster_row_same(const struct roster_row *a, const struct roster_row *b)
{
    return subject_cmp(a, b) == 0;
}

void roster_counts_add(struct roster_counts *sum, const struct roster_counts *counts)
{
    sum->rows += counts->rows;
    sum->taken += counts->taken;
    sum->refused += counts->refused;
    sum->granted += counts->granted;
    sum->revoked += counts->revoked;
    sum->unchanged += counts->unchanged;
}

struct roster_digest roster_digest_of(struct text bytes)
{
    struct roster_digest digest;
    crypto_generichash(digest.bytes, sizeof digest.bytes, (const unsigned char *)bytes.at, bytes.length, NULL, 0);
    return digest;
}

bool roster_digest_equal(const struct roster_digest *a, const struct roster_digest *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static struct store_key key_of(struct text bytes)
{
    struct roster_digest digest = roster_digest_of(bytes);
    struct store_key key;
    memcpy(key.bytes, digest.bytes, sizeof key.bytes);
    return key;
}

struct store_key roster_key_of_head(struct text roster_key)
{
    return key_of(roster_key);
}

enum status roster_key_of_list(
    struct arena *arena, const struct store_key *head, const struct roster_header *header, struct store_key *ret_key)
{
    struct bytes_writer writer = bytes_writer_of(arena, 256);
    bytes_put_raw(&writer, head, sizeof *head);
    bytes_put_text(&writer, header->source);
    bytes_put_text(&writer, header->roster_id);
    if (writer.failed)
        return STATUS_ARENA_FULL;
    *ret_key = key_of(bytes_written(&writer));
    return STATUS_OK;
}

/* Fixed length and a letter of its own: no two of these are ever made of the same bytes. */
static struct store_key key_below(const struct store_key *parent, char letter, uint32_t a, uint32_t b)
{
    struct {
        struct store_key parent;
        char letter[4];
        uint32_t a, b;
    } bytes = { .parent = *parent, .letter = { letter }, .a = a, .b = b };
    return key_of((struct text){ (const char *)&bytes, sizeof bytes });
}

struct store_key roster_key_of_slice(const struct store_key *list, int32_t part, uint32_t slice)
{
    return key_below(list, 'S', (uint32_t)part, slice);
}

struct store_key roster_key_of_shard(const struct store_key *head, uint32_t shard)
{
    return key_below(head, 'R', shard, 0);
}

struct store_key roster_key_of_refusals(const struct store_key *list, uint32_t shard)
{
    return key_below(list, 'X', shard, 0);
}

uint32_t roster_shard_of(struct text person_id)
{
    return (uint32_t)(XXH64(person_id.at, person_id.length, 0) % ROSTER_SHARDS);
}

/* About eight parts' worth of rows spread over as many slices: 16 for the hundred parts of a hundred thousand
 * rows. */
uint32_t roster_slices_of(int32_t parts)
{
    uint32_t slices = 1;
    while (slices < ROSTER_SHARDS && slices * 8 < (uint32_t)parts)
        slices *= 2;
    return slices;
}

uint32_t roster_slice_of(uint32_t shard, uint32_t slices)
{
    return shard / (ROSTER_SHARDS / slices);
}
