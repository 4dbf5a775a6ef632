/** The checks that messages share. They are written one below the other: the first that fails fills the fault, and
 *  those after it do nothing, so a decoder is a flat list in the order of consumers/message.h. No value of a field
 *  ever gets into a fault. */
#pragma once

#include "consumers/message.h"
#include "proto/settled.pb-c.h"

struct message_check {
    enum status status; /* OK until something is wrong */
    struct fault *fault;
};

/** Refuses, unless something is wrong already. */
void message_refuse(struct message_check *check, enum status status, const char *field);

/** What every person-keyed message begins with. */
struct message_head {
    struct text event_id;
    struct text source;
    const Google__Protobuf__Timestamp *recorded_at;
    struct text region;
    struct text person_id;
};
#define MESSAGE_HEAD(wire)                                                                                             \
    ((struct message_head){ text_of((wire)->event_id), text_of((wire)->source), (wire)->recorded_at,                   \
        text_of((wire)->region), text_of((wire)->person_id) })

/** MISSING_FIELD for each of its fields, in their order. */
void message_head_given(struct message_check *check, const struct message_head *head);
/** BAD_PERSON_ID; lets the message carry who and where. */
void message_person_read(struct message_check *check, const struct message_head *head, struct message *message);
/** UNKNOWN_REGION; finds the pack. */
void message_region_read(struct message_check *check, const struct consumer_context *context, struct text region,
    const struct policy_pack **ret_pack);
/** BAD_DATE for recorded_at; fills the fact's identity. */
void message_identity_read(struct message_check *check, const struct message_head *head, struct fact *fact);

/** MISSING_FIELD when empty. */
void message_text_given(struct message_check *check, struct text text, const char *field);
/** MISSING_FIELD when zero or NULL. */
void message_value_given(struct message_check *check, bool given, const char *field);
/** BAD_PERSON_ID. */
void message_person_check(struct message_check *check, struct text id, const char *field);
/** UNKNOWN_ENUM unless the list of term.def has the number; 0, left out, becomes `fallback`. */
uint8_t message_term_read(struct message_check *check, enum term list, int value, const char *field, uint8_t fallback);
/** UNKNOWN_ENUM unless 0 <= value <= last. */
void message_range_check(struct message_check *check, int value, int last, const char *field);
/** BAD_DATE unless it is an instant of the years 0001 to 9999; NULL gives zero. */
instant message_instant_read(
    struct message_check *check, const Google__Protobuf__Timestamp *timestamp, const char *field);
/** BAD_DATE unless it is YYYY-MM-DD. */
day message_day_read(struct message_check *check, struct text text, const char *field);

/** A period, YYYY-MM or YYYY; month 0 is the whole year. BAD_DATE when it is neither. */
struct message_period {
    int16_t year;
    int8_t month;
};
struct message_period message_period_read(struct message_check *check, struct text text, const char *field);
#define MESSAGE_PERIOD_SIZE 8
/** Writes the period; `buffer` has MESSAGE_PERIOD_SIZE bytes. Returns buffer. */
char *message_period_format(struct message_period period, char *buffer);

struct message_amount {
    int64_t fen;
    const char *field;
};
/** NEGATIVE_AMOUNT for the first below zero, then AMOUNT_TOO_LARGE for the first above MONEY_LIMIT_FEN: sums of what
 *  is left cannot overflow. */
void message_amounts_check(struct message_check *check, const struct message_amount *amounts, size_t count);

/** The same for an amount that may come back: AMOUNT_TOO_LARGE beyond MONEY_LIMIT_FEN either way. */
void message_delta_check(struct message_check *check, int64_t fen, const char *field);

/** IN_THE_FUTURE when `at` is later than `recorded_at` by more than a day. */
void message_past_check(struct message_check *check, instant at, instant recorded_at, const char *field);

/** For encode: a timestamp in `storage`, ready to be pointed at. */
Google__Protobuf__Timestamp *message_timestamp(instant at, Google__Protobuf__Timestamp *storage);
/** For encode: YYYY-MM-DD, a copy in the arena; empty text when the arena is full. */
char *message_day_text(struct arena *arena, day d);

/** For encode: fills the five fields of MESSAGE_HEAD and nothing else; `time` is where the timestamp may live. */
#define MESSAGE_HEAD_FILL(wire, message, arena, time)                                                                  \
    do {                                                                                                               \
        (wire)->event_id = wire_text((arena), (message)->fact.event_id);                                               \
        (wire)->source = wire_text((arena), (message)->fact.source);                                                   \
        (wire)->recorded_at = message_timestamp((message)->fact.recorded_at, (time));                                  \
        (wire)->region = wire_text((arena), (message)->region);                                                        \
        (wire)->person_id = wire_text((arena), (message)->person_id);                                                  \
    } while (0)
