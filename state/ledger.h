/** What a person's facts come to: every settlement subject with its lines, and whom to warn about. The fold makes it;
 *  its stored bytes are what was last emitted, so that a difference can be taken also after a policy pack has
 *  changed. */
#pragma once

#include "policy/settle.h"
#include "state/fact.h"

/** Who receives what the funds pay for a subject (Pingshun art. 26): the institution that let the person go without
 *  paying it, or the person. */
struct ledger_payee {
    uint8_t kind;                                   /* PAYEE_...; 0: not known, of bytes from before it was stored */
    struct text institution_code, institution_name; /* where the encounter was, whoever is paid; else empty */
};

/** Whether money that went to one goes to the other as well. */
bool ledger_payee_same(const struct ledger_payee *a, const struct ledger_payee *b);

/** One subject of settlements: an encounter, a case, a year's end, an enrolment, an account movement. */
struct ledger_subject {
    uint8_t subject; /* SUBJECT_... */
    uint8_t outcome; /* OUTCOME_... */
    uint8_t applied; /* CATEGORY_... */
    uint8_t half;    /* HALF_... */
    int year;
    struct text id;
    term_set reasons;
    term_set at_admission;
    term_set at_discharge;
    const struct policy_line *lines;
    size_t line_count;
    money benefit;            /* the lines paid by funds */
    money hospital;           /* what the hospital bears */
    money account;            /* from the personal account */
    money burden;             /* the person's, account money included (rules.md G5) */
    const struct fact *cause; /* the discharge or case action it is about; NULL for a year's end */
    struct text heir;         /* whose account receives `account`, with an inheritance; else empty */
    day moved_on;             /* with an heir */
    struct ledger_payee payee;
    struct text stored; /* its bytes */
};

/** One year's watch: whether the burden is above a threshold (Pingshun art. 30). Only what warns of something is
 *  stored, the rest is there so that a warning taken back can say to what. */
struct ledger_watch {
    int year;
    bool crossed;
    bool key_person;
    bool may_apply; /* the base is above the subsidy's deductible and no case exists */
    money burden;
    money threshold;
};

struct ledger {
    struct ledger_subject *subjects; /* in the order of the fold: by year, instant, id */
    size_t subject_count;
    struct ledger_watch *watches; /* of every year with an encounter, by year */
    size_t watch_count;
    struct text person_name; /* as the latest fact spelled it */
};

/** Whether a subject's amounts change hands: an application's money does only once it is FINAL (rules.md J). */
bool ledger_subject_pays(uint8_t subject, uint8_t outcome);

/** The ledger's bytes; fills each item's `stored`. ARENA_FULL or OK. */
NODISCARD enum status ledger_encode(struct arena *arena, struct ledger *ledger, struct text *ret_bytes);

/** A line as it was emitted. */
struct emitted_line {
    struct text rule;
    uint8_t fund;
    money amount;
};

/** A subject as it was emitted, read back from the bytes. */
struct emitted_subject {
    uint8_t subject;
    uint8_t outcome;
    int year;
    struct text id;
    money hospital;
    const struct emitted_line *lines; /* NULL before ledger_lines_decode */
    size_t line_count;
    money account;
    struct text heir; /* and when, see ledger_subject */
    day moved_on;
    struct ledger_payee payee; /* with the lines */
    struct text stored;
    struct text stored_lines;
};

struct emitted_watch {
    int year;
    bool crossed;
    bool key_person;
    bool may_apply;
};

struct emitted {
    struct emitted_subject *subjects;
    size_t subject_count;
    struct emitted_watch *watches;
    size_t watch_count;
};

/** Reads a ledger's bytes, but not the lines: most subjects stay as they are, and equal bytes tell it. Texts are lent
 *  from the bytes. Empty bytes are an empty ledger. BAD_STATE, ARENA_FULL or OK. */
NODISCARD enum status ledger_decode(struct arena *arena, struct text bytes, struct emitted *ret_emitted);

/** Whether the subject says what was emitted. Bytes from before the payee was stored end where it begins: they say the
 *  same. */
bool ledger_subject_is(const struct ledger_subject *subject, const struct emitted_subject *emitted);

/** Reads a subject's lines and payee, the first time. BAD_STATE, ARENA_FULL or OK. */
NODISCARD enum status ledger_lines_decode(struct arena *arena, struct emitted_subject *subject);
