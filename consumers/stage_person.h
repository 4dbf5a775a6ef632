/** The person stage: admissions, discharges, identity changes, person facts and case actions, folded per (region,
 *  person) into settlements and warnings. docs/architecture.md, "One record's way". */
#pragma once

#include "consumers/message.h"
#include "consumers/stage.h"

struct stage_person_config {
    struct consumer_context context; /* the packs: lent for the stage's life */
    uint8_t key_secret[16];          /* of the keyed hash under which a person is stored */
    size_t visit_most;               /* persons that a closing visits in one go; 0: 500 */
};

/** NULL when out of memory. */
struct stage *stage_person_new(const struct stage_person_config *config);

/** Its topics, NULL-terminated: all with the same number of partitions. */
extern const char *const stage_person_topics[];

/** The key under which a person's state is stored. */
struct store_key stage_person_key(const uint8_t secret[16], struct text region, struct text person_id);
/** The key of a region's calendar (state/calendar.h), in every partition. */
struct store_key stage_person_calendar_key(const uint8_t secret[16], struct text region);
/** The key of what was told of a person (state/told.h), in the person's partition. */
struct store_key stage_person_told_key(const uint8_t secret[16], struct text region, struct text person_id);
