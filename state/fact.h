/** Facts: what is known of one person in one region. A person's year is the set of them, and money is a fold over the
 *  set.
 *
 *  A fact is a plain value; its texts are lent by whoever decoded it (the batch's arena or the stored bytes). A fact's
 *  identity within (region, person) is (kind's topic, source, event id); of two contents with one identity the winner
 *  is decided by fact_content_cmp, and only the winner is kept (contract.md, Conventions). */
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "policy/visit.h"

/** In the order in which they stand in a state. The topic decides identity: CONTRIBUTION, ENROLMENT and CREDIT share
 *  one. */
enum fact_kind {
    FACT_ADMISSION = 1,
    FACT_DISCHARGE,
    FACT_IDENTITY,
    FACT_CONTRIBUTION,
    FACT_ENROLMENT,
    FACT_CREDIT,
    FACT_CASE,
    FACT_KIND_COUNT
};

struct fact_admission {
    struct text encounter_id;
    int64_t version;
    bool voided;
    instant admitted_at;
    struct text institution_code, institution_name; /* as the message gave them */
};

struct fact_discharge {
    struct text encounter_id;
    int64_t version;
    bool voided;
    bool has_admitted_at;
    instant admitted_at; /* the Discharge's own; for what is not a stay it is discharged_at when left out */
    instant discharged_at;
    struct policy_visit visit;
};

struct fact_identity {
    uint8_t category; /* CATEGORY_..., 0 with NO_ACTION */
    uint8_t action;   /* IDENTITY_ACTION_... */
    uint8_t funding;  /* FUNDING_..., 0 not given */
    uint8_t relation; /* RELATION_... with CATEGORY_RELATIVE */
    day effective_on;
    struct text relative_id; /* with CATEGORY_RELATIVE */
    struct text roster_id;
    struct text reply_to; /* the warning this answers */
};

/** A row of a contribution list; `removed` takes back the earlier row of the same (scheme, period). */
struct fact_contribution {
    uint8_t contribution; /* CONTRIBUTION_... */
    bool removed;
    int16_t year;
    int8_t month; /* 1..12; 0: the whole year */
    day paid_on;
    money amount;
    money account_credit;
};

/** A row of an enrolment list; identity (year). */
struct fact_enrolment {
    bool removed;
    bool paid; /* false: not yet enrolled */
    int16_t year;
    day paid_on;
    money premium;
};

/** Money that arrives on a personal account from elsewhere: an inheritance. */
struct fact_credit {
    day credited_on;
    money amount;
    struct text cause_id; /* the case action that moved it */
};

struct fact_case {
    uint8_t action; /* ACTION_... */
    uint8_t scheme; /* SCHEME_..., 0 where none belongs */
    int16_t year;   /* never 0: the year of `on` when the message left it out */
    day on;
    struct text case_id;
    struct text reason;
    struct text counterparty_id;
    struct text reply_to;
    money amount;
    const struct text *encounter_ids;
    size_t encounter_count;
};

struct fact {
    uint8_t kind;       /* FACT_... */
    struct text stored; /* its bytes in a state (state/codec.h); empty until encoded */
    struct text source;
    struct text event_id;
    struct text name; /* of the person, as this message spelled it */
    instant recorded_at;
    union {
        struct fact_admission admission;
        struct fact_discharge discharge;
        struct fact_identity identity;
        struct fact_contribution contribution;
        struct fact_enrolment enrolment;
        struct fact_credit credit;
        struct fact_case action;
    };
};

/** Room that one person's facts may take; more is TOO_MANY_FACTS. A dialysis patient has about 150 encounters a
 *  year. */
#define FACT_LIMIT 8192

/** Compares the deterministic protobuf bytes of two facts of one kind; given by the edge, which alone knows the
 *  messages. It is asked only when everything else of contract.md's order is equal. */
typedef int (*fact_bytes_cmp)(const struct fact *a, const struct fact *b);

/** Whether two facts speak for the same (topic, source, event id). */
bool fact_same_identity(const struct fact *a, const struct fact *b);

/** Above 0 when `a` wins over `b` at equal identity or version: the later recorded_at, then the greater event id, then
 *  source, then the greater deterministic protobuf bytes. `bytes_cmp` may be NULL where two identities cannot be
 *  equal. */
int fact_content_cmp(const struct fact *a, const struct fact *b, fact_bytes_cmp bytes_cmp);

/** The order in which facts stand in a state: by kind, then what they are about, winners first. Total over a person's
 *  facts, whose identities differ; so the same facts always stand in the same order. */
int fact_order(const struct fact *a, const struct fact *b);

/** Whether two facts of different identity claim the same version of the same encounter: the one that loses is
 *  reported. */
bool fact_is_series_rival(const struct fact *a, const struct fact *b);
