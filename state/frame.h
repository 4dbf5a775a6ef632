/** The frame around every stored value: a format number, what kind of value it is, the contents, and a checksum over
 *  all of it. A value that is cut, damaged, of another kind or of a newer format does not open. Pure. */
#pragma once

#include "base/status.h"
#include "state/bytes.h"

/** The format written; every one up to it is read. It goes up when a kind of value is written in a form that the
 *  version before would misread (tests/samples/README.md). A test builds a program that writes the next one. */
#ifndef FRAME_FORMAT
#define FRAME_FORMAT 1
#endif

enum frame_kind {
    FRAME_ROSTER_HEAD = 1,
    FRAME_ROSTER_LIST,
    FRAME_ROSTER_SLICE,
    FRAME_ROSTER_RUNNING,
    FRAME_ROSTER_REFUSALS,
    FRAME_PERSON,
    FRAME_CALENDAR,
    FRAME_SEALED, /* state/store_sealed.h: only the store looks into it */
    FRAME_TOLD,
    FRAME_FUND_LEDGER,
    FRAME_FUND_PAYEE,
    FRAME_FUND_INDEX,
    FRAME_FUND_ROW,
    FRAME_KIND_END, /* no kind: one behind the last */
};

/** A writer with room for about `expected` bytes, in which the frame has begun. */
struct bytes_writer frame_begin(struct arena *arena, enum frame_kind kind, size_t expected);
/** Ends the frame. ARENA_FULL (also when any write before failed) or OK. */
NODISCARD enum status frame_finish(struct bytes_writer *writer, struct text *ret_bytes);

/** Whether the bytes begin as a value of this kind does; says nothing of their soundness. */
bool frame_is(struct text bytes, enum frame_kind kind);

/** A reader of the contents, failed from the start when the frame is not right. */
struct bytes_reader frame_open(struct text bytes, enum frame_kind kind);
/** BAD_STATE unless all of the contents was read and nothing ran over its end. */
NODISCARD enum status frame_close(const struct bytes_reader *reader);

/** Why bytes that did not open or could not be read are refused, with `fault` filled: BAD_STATE (damaged), NEWER_STATE,
 *  SEALED_STATE (with the name of the key). */
enum status frame_judge(struct text bytes, struct fault *fault);
