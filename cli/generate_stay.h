/** One visit of one citizen: where, when, and what it cost. A function of the seed, the citizen and the visit's
 *  number; a corrected
 *  version differs in its amounts. Whatever comes out passes the checks of consumers/. Pure. */
#pragma once

#include "cli/generate_county.h"
#include "policy/visit.h"

struct stay_choice {
    uint64_t seed;
    uint32_t citizen;
    uint32_t number;
    int version;  /* from 1 */
    day from, to; /* of the discharge */
};

struct stay {
    const struct county_hospital *hospital;
    struct policy_visit visit; /* but its texts */
    bool has_own_admission;    /* the discharge says when the stay began */
    instant admitted_at;
    instant discharged_at;
};

struct stay generate_stay(const struct county *county, const struct stay_choice *choice);
