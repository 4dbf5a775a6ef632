/** The last settlement of every subject: what `replay --final` prints. */
#pragma once

#include "base/status.h"
#include "base/text.h"

struct finals;

/** NULL when out of memory. */
struct finals *finals_new(void);
void finals_free(struct finals *finals);

/** Notes the bytes of one settlement; it takes the place of the one before on its subject. A TRIAL is no settlement of
 *  anything. */
void finals_note(struct finals *finals, struct text value);

typedef void finals_visit(void *context, struct text value);
/** Visits the bytes of all that do not end VOID, sorted by region, person, subject and subject id. */
void finals_each(struct finals *finals, finals_visit *visit, void *context);
