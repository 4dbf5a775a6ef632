/** A checked message: what the bytes of a person-keyed record become before anything is folded.
 *
 *  Each topic has a file with a pair: decode reads and checks, encode writes the canonical bytes back. Decoding
 *  applies the contract's defaults, so what encode writes is complete, and decodes to an equal message. The checks
 *  run in one fixed order, so that two readers of one record give the same reason: that of base/status.def, but that
 *  a text too long is found, with all that proto/wire.h finds, before what is missing. */
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "policy/pack.h"
#include "state/fact.h"

/** What decoding needs beside the bytes. Lent; outlives the worker. */
struct consumer_context {
    const struct policy_packs *packs;
};

/** All texts, and `fact.action.encounter_ids`, live in the arena of the decode. */
struct message {
    struct text region;
    struct text person_id;
    bool trial; /* of a discharge: settle, and remember nothing */
    struct fact fact;
    const struct policy_pack *pack; /* of the region; never NULL after decode, not looked at by encode */
};

/** Bytes to a checked message. OK; a status of class REJECT with `fault` filled and *ret_message untouched;
 *  ARENA_FULL. */
typedef enum status message_decode(const struct consumer_context *context, struct arena *arena, struct text value,
    struct message *ret_message, struct fault *fault);
/** A message that decode made, to its canonical bytes in the arena. OK or ARENA_FULL. */
typedef enum status message_encode(const struct message *message, struct arena *arena, struct text *ret_value);

struct message_codec {
    const char *topic; /* "discharge" */
    const char *type;  /* "settled.v1.Discharge": the CloudEvents type */
    message_decode *decode;
    message_encode *encode;
};

/** The codec of a topic; NULL when it is not keyed by person. */
const struct message_codec *message_codec_find(struct text topic);
/** The codec of the messages that carry facts of this kind (FACT_...). */
const struct message_codec *message_codec_of(int fact_kind);

/** Decodes, and refuses a record whose key is given and not the person of its message (KEY_MISMATCH, the last
 *  check): it lies in a partition whose worker does not own that person. */
struct message_record {
    const struct message_codec *codec;
    struct text key;
    struct text value;
};
NODISCARD enum status message_record_decode(const struct consumer_context *context, struct arena *arena,
    const struct message_record *record, struct message *ret_message, struct fault *fault);

/** A `fact_bytes_cmp`: contract.md's last tie-break. Both facts are of one kind. Takes memory of its own for the
 *  moment. */
int message_fact_bytes_cmp(const struct fact *a, const struct fact *b);
