/** Lists of persons, as plain values: what a list says, what was kept of it, and what a running list is.
 *
 *  A list comes in parts; a part's rows are spread over slices, so that a long list is applied shard by shard: a
 *  shard is what one hash of the person id selects, of the running list and of the rows. All rows of a person are in
 *  one shard, so that shards are independent, and none of them is large. Pure; the texts are lent by whoever decoded
 *  them. */
#pragma once

#include "base/arena.h"
#include "base/day.h"
#include "base/money.h"
#include "base/status.h"
#include "base/text.h"
#include "state/store.h"

/** How finely persons are spread; stored, so never changed. Slices of a list are a power of two of them. */
#define ROSTER_SHARDS 64
/** More parts than any list has: 40 million rows of a message each. */
#define ROSTER_PARTS_MAX 4096
/** A refused row is quoted with at most so many bytes of what was sent as its identity number. */
#define ROSTER_QUOTED_ID_MAX 64

/** Numbers as on the wire. */
enum roster_kind {
    ROSTER_HARDSHIP = 1,
    ROSTER_UNIT,
    ROSTER_CONTRIBUTION,
    ROSTER_ENROLMENT,
    ROSTER_FAMILY,
    ROSTER_FUND,
};
enum roster_mode { ROSTER_FULL = 1, ROSTER_DELTA };

/** What all parts of a list say alike. */
struct roster_header {
    struct text roster_id, source, region, department, manual_note;
    uint8_t kind;     /* ROSTER_... */
    uint8_t category; /* CATEGORY_..., 0 where none belongs */
    uint8_t mode;     /* ROSTER_FULL, ROSTER_DELTA */
    day stated_on, delivered_on;
    int32_t parts; /* 1..ROSTER_PARTS_MAX */
};

/** Whether a running list exists for it: HARDSHIP and UNIT. */
bool roster_is_running(const struct roster_header *header);
/** Whether it revokes whom it does not name: FULL, where a running list exists. */
bool roster_is_full(const struct roster_header *header);
/** Whether stated and delivered on different days without a word why: refused whole. */
bool roster_dates_mismatch(const struct roster_header *header);

/** What a row can be refused for, beside its status. */
enum roster_field {
    ROSTER_FIELD_NONE,
    ROSTER_FIELD_PERSON_ID,
    ROSTER_FIELD_NAME,
    ROSTER_FIELD_SCHEME, /* from here on attributes that tell rows of one person apart ... */
    ROSTER_FIELD_PERIOD,
    ROSTER_FIELD_YEAR,
    ROSTER_FIELD_RELATIVE_ID, /* ... to here */
    ROSTER_FIELD_ACTION,
    ROSTER_FIELD_FROM,
    ROSTER_FIELD_RELATION,
    ROSTER_FIELD_PAID_ON,
    ROSTER_FIELD_AMOUNT,
    ROSTER_FIELD_ACCOUNT_CREDIT,
    ROSTER_FIELD_PREMIUM,
    ROSTER_FIELD_FUNDING,
    ROSTER_FIELD_CORRECTED_NAME,
    ROSTER_FIELD_FUND,
    ROSTER_FIELD_SOURCE,
    ROSTER_FIELD_DATE,
    ROSTER_FIELD_AMOUNT_SET, /* the amount can be read, and is not the one that the policy sets */
    ROSTER_FIELD_HOLDERS,
    ROSTER_FIELD_COUNT
};
/** "person_id", "attributes.scheme"; "" for NONE. Lives for ever. */
const char *roster_field_name(enum roster_field field);

/** A row, read but not yet judged: judging needs the running list. */
struct roster_row {
    int32_t part, row; /* both from 1 */
    struct text person_id, name;
    bool is_bad_id;
    bool is_removal;
    bool corrects_name;
    uint8_t bad_field; /* ROSTER_FIELD_...: the first that cannot be read; NONE: all can */
    uint8_t scheme, funding, relation;
    int16_t year;
    int8_t month; /* of a contribution's period; 0: the whole year */
    bool has_paid_on;
    day from, paid_on;
    money amount, account_credit; /* `amount` is the premium of an enrolment */
    struct text relative_id;
    uint8_t fund, income; /* of a FUND row: FUND_..., INCOME_... */
    int64_t holders;      /* among whom a part of the levy on a payroll is shared */
};

/** By person, then by what tells rows of one person apart, then by part and row: sort_order of pointers to rows. */
int roster_row_order(const void *a, const void *b);
/** Whether the two rows speak of the same thing: same person, and scheme and period, year, or relative. */
bool roster_row_same(const struct roster_row *a, const struct roster_row *b);

/** Somebody on a running list. The days a row gave are kept, because a revocation must also undo a grant that begins
 *  only later (rules.md, Fine points). */
struct roster_entry {
    struct text person_id, name;
    day from_first, from_last; /* the first and the last day that a row gave for the category */
    uint8_t funding;
};

/** A row that was refused. The identity number is quoted as it was sent, cut to ROSTER_QUOTED_ID_MAX. */
struct roster_refusal {
    int32_t part, row;
    struct text person_id;
    enum status reason;
    uint8_t field; /* ROSTER_FIELD_... */
};

/** By part and row: sort_order of pointers to refusals. */
int roster_refusal_order(const void *a, const void *b);

/** For the receipt. `granted`, `revoked`, `unchanged` only where a running list exists. */
struct roster_counts {
    int64_t rows, taken, refused;
    int64_t granted, revoked; /* persons who came onto the running list, and who left it */
    int64_t unchanged;        /* taken rows that said what the running list said already */
};
void roster_counts_add(struct roster_counts *sum, const struct roster_counts *counts);

/** The digest of bytes: cryptographic, so that two contents never pass for one. */
#define ROSTER_DIGEST_SIZE 16
struct roster_digest {
    uint8_t bytes[ROSTER_DIGEST_SIZE];
};
struct roster_digest roster_digest_of(struct text bytes);
bool roster_digest_equal(const struct roster_digest *a, const struct roster_digest *b);

/** Where things are stored. A key's head; a list of the key; one slice of one part of a list; a shard of the key's
 *  running list; the refused rows of one shard of a list. */
struct store_key roster_key_of_head(struct text roster_key);
/** ARENA_FULL or OK. */
NODISCARD enum status roster_key_of_list(
    struct arena *arena, const struct store_key *head, const struct roster_header *header, struct store_key *ret_key);
struct store_key roster_key_of_slice(const struct store_key *list, int32_t part, uint32_t slice);
struct store_key roster_key_of_shard(const struct store_key *head, uint32_t shard);
struct store_key roster_key_of_refusals(const struct store_key *list, uint32_t shard);

/** Which shard a person is in, 0..ROSTER_SHARDS - 1, and how many slices each part of a list has: a part alone is one
 *  slice. */
uint32_t roster_shard_of(struct text person_id);
uint32_t roster_slices_of(int32_t parts);
/** The slice, of so many, that a shard is in. */
uint32_t roster_slice_of(uint32_t shard, uint32_t slices);
