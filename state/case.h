/** Applications: one machine per (person, scheme, year), judged over the whole set of actions (rules.md J, Cases).
 *  Pure. */
#pragma once

#include "state/fact.h"

enum case_stage {
    CASE_NONE,
    CASE_APPLIED,
    CASE_APPROVED,
    CASE_NOTICE,
    CASE_OBJECTED,
    CASE_PASSED,
    CASE_PAID,
    CASE_REJECTED,
    CASE_WITHDRAWN,
    CASE_STAGE_COUNT
};

struct case_file {
    uint8_t scheme; /* SCHEME_... */
    uint8_t stage;  /* CASE_... */
    bool approved;  /* approved, and not rejected or withdrawn since */
    int year;
    struct text id;           /* of its first accepted APPLY */
    const struct fact *first; /* that APPLY: it names a case whose id another year's case has taken */
    day applied_on;           /* of the APPLY that opened it last */
    day approved_on;          /* of the last accepted APPROVE; with `approved` */
    money aid;                /* found at that review */
    const struct fact *opened_by;
};

struct case_files {
    struct case_file *items;
    size_t count;
    const struct fact **misfits; /* actions that do not fit where they stand */
    size_t misfit_count;
};

/** Judges the case actions of a person, which stand in fact_order; other actions (claims, account requests) are passed
 *  over. Files without an accepted APPLY are left out. ARENA_FULL or OK. */
NODISCARD enum status case_files_of(
    struct arena *arena, const struct fact *const *facts, size_t count, struct case_files *ret_files);

/** The file of a scheme and year; NULL when there is none. */
const struct case_file *case_files_find(const struct case_files *files, int scheme, int year);
