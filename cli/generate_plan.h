/** Which records a generated county sends, and in which order they arrive. A plan is small: what a record says is
 *  made from the seed
 *  only when it is written (cli/generate_record.h). */
#pragma once

#include "cli/generate_stay.h"

/** How often, of a hundred visits. */
struct generate_mix {
    int corrected;  /* a higher version comes later */
    int voided;     /* the last version is voided later */
    int early_void; /* the void comes before what it voids */
    int trial;      /* a trial beforehand */
    int changed;    /* the patient's identity changes during the stay; half of these changes are heard of after it */
    int unadmitted; /* the admission never comes */
    int late;       /* of all records: days or weeks on the way */
    int repeated;   /* of all records: sent again */
    int bad;        /* of all visits: a record that must be refused instead */
};

struct generate_options {
    uint64_t seed;
    uint32_t persons; /* of each region */
    size_t events;    /* beside the lists */
    day from, to;
    struct generate_mix mix;
    const struct county *counties[8];
    size_t county_count;
};

enum planned_kind {
    PLANNED_LIST,
    PLANNED_ADMISSION,
    PLANNED_DISCHARGE,
    PLANNED_VOID,
    PLANNED_TRIAL,
    PLANNED_CHANGE,
    PLANNED_BAD,
};

/** One record. */
struct planned {
    int64_t arrives_at; /* seconds since 1970 */
    uint32_t order;     /* among those that arrive together */
    uint32_t citizen;   /* of a list: the first one of the part */
    uint32_t number;    /* of the visit; of a list: its edition */
    uint8_t county;
    uint8_t kind;    /* PLANNED_... */
    uint8_t version; /* of the visit; of a list: its place among the county's lists */
};

struct plan {
    struct planned *items; /* in the order of arrival */
    size_t count, capacity;
};

/** The citizens that one part of a list is about; the last one is cut at the number of persons. */
uint32_t generate_part_citizens(const struct county_list *list);
/** The day an edition is stated on: editions are spread evenly over the time. */
day generate_edition_day(const struct generate_options *options, int edition);
/** 0 and 2 are FULL, 1 and 3 are DELTA. */
#define GENERATE_EDITIONS 4

/** Fills the plan; the caller frees `items`. */
void generate_plan(const struct generate_options *options, struct plan *ret_plan);
