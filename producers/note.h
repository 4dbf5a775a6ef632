/** The sentence of a settlement line: Chinese that a patient can read, with base, deductible, rate, cap and article,
 *  also where the answer is zero, and then why. */
#pragma once

#include "base/arena.h"
#include "policy/line.h"

/** The sentence, in the arena and NUL-terminated; NULL when the arena is full. */
NODISCARD const char *producer_note(struct arena *arena, const struct policy_line *line);

/** The sentence of a line that no longer applies. */
NODISCARD const char *producer_note_withdrawn(struct arena *arena);
