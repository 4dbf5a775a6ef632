/** A row of a list, from the texts of the message to a plain value. Nothing is refused here: what cannot be read is
 *  marked, because the order of the checks (contract.md, RosterUpdate) needs the running list in between. Pure; texts
 *  stay lent. */
#pragma once

#include "state/roster.h"

struct roster_attribute {
    struct text name, value;
};

/** As the message has it. */
struct roster_raw_row {
    struct text person_id, name, from;
    int action; /* 0 left out, 1 ADD, 2 REMOVE */
    const struct roster_attribute *attributes;
    size_t attribute_count;
};

typedef bool (*roster_id_check)(struct text person_id);

/** Fills everything but `part` and `row`. */
void roster_row_read(const struct roster_header *header, const struct roster_raw_row *raw, roster_id_check is_person_id,
    struct roster_row *ret_row);
