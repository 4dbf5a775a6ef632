/** What the files of the person stage share. Private to consumers/stage_person*.c. */
#pragma once

#include "consumers/period_close.h"
#include "consumers/stage_person.h"
#include "producers/settlement.h"
#include "state/calendar.h"
#include "state/case.h"
#include "state/frame.h"
#include "state/person.h"
#include "state/told.h"

struct stage_person {
    struct stage stage;
    struct stage_person_config config;
    struct arena *scratch; /* what folding one record takes, given back after each */
};

/** A decoded record: a message about a person, or a close of a period. */
struct person_input {
    bool is_close;
    bool is_astray; /* in a partition where its person is not at home */
    struct message message;
    struct period_close close;
};

/** One record's work, with what it is allowed to touch. */
struct person_turn {
    struct stage_person *stage;
    struct stage_turn *turn;
    const struct log_record *record;
};

enum person_value_kind { PERSON_VALUE_PERSON, PERSON_VALUE_CALENDAR, PERSON_VALUE_TOLD };

/** What a view entry of this stage holds. */
struct person_value {
    enum person_value_kind kind;
    struct person person;
    struct calendar calendar;
    struct told_list *told; /* of one person */
};

/** Makes the entry's parsed form from the store's bytes, once a batch. BAD_STATE, ARENA_FULL or OK. */
NODISCARD enum status stage_person_open_value(
    const struct person_turn *turn, struct view_entry *entry, enum person_value_kind kind);
/** Whether it holds a person: something that is neither a calendar nor what was told. */
bool stage_person_is_person(const struct view_entry *entry);

/** See `evidence` in consumers/stage.h. */
NODISCARD enum status stage_person_evidence(
    struct stage *base, struct stage_turn *turn, const struct log_record *record, struct outputs *outputs);

/** A region and what has happened to all of it, as the fold wants it. */
struct person_region {
    struct text region;
    const struct policy_pack *pack;
    struct view_entry *entry; /* the calendar's */
    struct calendar *calendar;
};

NODISCARD enum status stage_person_region(const struct person_turn *turn, struct text region,
    const struct policy_pack *pack, struct person_region *ret_region);

/** The person's state of an entry, read from the store's bytes once a batch. BAD_STATE, NEWER_STATE, SEALED_STATE,
 *  ARENA_FULL or OK. */
NODISCARD enum status stage_person_open(
    const struct person_turn *turn, struct view_entry *entry, struct person **ret_person);

/** One person's turn. */
struct person_settling {
    const struct person_region *region;
    struct view_entry *entry; /* the person's, opened */
    instant recorded_at;      /* the cause's */
    struct ledger ledger;     /* filled: what the facts come to, in the stage's scratch */
};

/** Folds the person, emits what has changed, and marks the entry when its bytes are other ones. */
NODISCARD enum status stage_person_settle(const struct person_turn *turn, struct person_settling *settling);

/** Tells the heirs of a person's account what they receive, or that it was another amount (rules.md S). */
NODISCARD enum status stage_person_inherit(const struct person_turn *turn, const struct producer_person *person,
    const struct difference *difference, instant recorded_at);

/** Applies a record of `period-close`: the opening of a closing, one of its batches, its end, or what was told. */
NODISCARD enum status stage_person_close(const struct person_turn *turn, const struct period_close *close);

/** What was told of a person, and the entry where it stands. */
NODISCARD enum status stage_person_told(const struct person_turn *turn, struct text region, struct text person_id,
    struct view_entry **ret_entry, struct told_list **ret_told);
/** Sends what was told to the own partition, to be remembered from there. Of `cause` the region, the period, the day
 *  and the instant are taken. */
NODISCARD enum status stage_person_send_told(
    const struct person_turn *turn, const struct period_close *cause, const struct period_told *told, size_t count);
/** Remembers what such a record carries; a repeat changes nothing. */
NODISCARD enum status stage_person_remember(const struct person_turn *turn, const struct period_close *close);

/** Whether a record came to a partition where its person's other facts do not come: its sender's client hashes keys in
 *  another way, or it gave no key. A record that was sent home once is at home wherever it lies. */
bool stage_person_is_astray(const struct log_record *record, struct text person_id);
/** Sends the record to its person's partition, in the same transaction; here it does nothing. */
NODISCARD enum status stage_person_send_home(const struct person_turn *turn, const struct message *message);

/** The case actions that do not fit, before and after a new one: those that fit no longer are reported (rules.md J,
 *  Cases). */
NODISCARD enum status stage_person_report_misfits(const struct person_turn *turn, const struct message *message,
    const struct case_files *before, const struct person *person);
NODISCARD enum status stage_person_case_files(
    const struct person_turn *turn, const struct person *person, struct case_files *ret_files);

/** A rejection of `fact` (which is the record's own, or one that stood before) for the reason in `fault`. */
NODISCARD enum status stage_person_report(
    const struct person_turn *turn, const struct message *message, const struct fact *fact, const struct fault *fault);
