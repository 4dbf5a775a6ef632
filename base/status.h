/** The closed list of outcomes, and the note a shell function leaves when it fails. */
#pragma once

#include "base/check.h"

enum status {
#define STATUS(name, class, sentence) STATUS_##name,
#include "base/status.def"
#undef STATUS
    STATUS_COUNT
};

/** What to do about a status: nothing, reject the record, try again, abort the batch and recover, stop. */
enum status_class { STATUS_CLASS_OK, STATUS_CLASS_REJECT, STATUS_CLASS_RETRY, STATUS_CLASS_ABORT, STATUS_CLASS_STOP };

const char *status_name(enum status status);     /* "BAD_PERSON_ID"; lives for ever */
const char *status_sentence(enum status status); /* one English clause; lives for ever */
enum status_class status_class(enum status status);

/** Why a call failed: the status, the field or place it is about, and a short text. Never holds an id or a name.
 *  The caller owns it; `fault_set` cuts what does not fit. */
struct fault {
    enum status status;
    char field[64]; /* "costs.total_fen", "kafka.brokers"; empty when it is about no field */
    char text[192];
};

/** Fills `fault` (which may be NULL) and returns `status`, so that a failing function ends in one line. */
enum status fault_set(struct fault *fault, enum status status, const char *field, const char *format, ...)
    PRINTF_LIKE(4, 5);
