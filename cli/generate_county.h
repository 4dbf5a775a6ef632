/** A county that never was: its people, its hospitals, its departments' lists. Everything is a function of the seed
 *  and a number,
 *  so that nothing has to be kept. Names of places are real, persons are made up. */
#pragma once

#include "base/day.h"
#include "cli/generate_random.h"
#include "policy/term.h"

#include <stddef.h>

#define COUNTY_HOSPITALS 7
#define COUNTY_PHARMACY 4 /* its place among the hospitals */

struct county_hospital {
    const char *code;
    const char *name;
    const char *region;
    uint8_t level;
    uint8_t charge_class;
    bool designated;
};

/** A list that a department keeps: who holds a category. */
struct county_list {
    const char *department;
    bool is_unit;        /* kind UNIT; else HARDSHIP */
    uint8_t category;    /* CATEGORY_... */
    uint8_t percent;     /* of the people */
    const char *funding; /* the attribute of that name; NULL: none */
};

struct county {
    const char *region;
    const char *name;
    const struct county_list *lists;
    size_t list_count;
    uint8_t cares[8];                                   /* by CARE_...: of a hundred visits; index 0 unused */
    struct county_hospital hospitals[COUNTY_HOSPITALS]; /* nearest first */
};

/** NULL when nobody has described that region here. */
const struct county *county_find(const char *region, size_t length);
/** The regions there are, for help: "140425,140522,...". */
const char *county_regions(void);

struct citizen {
    char id[19];
    char name[16];
};

/** The citizen of that number; different numbers below 30 million have different ids. */
struct citizen county_citizen(const struct county *county, uint64_t seed, uint32_t number);
/** Whether a citizen stands on the list at its `edition`; few change from one edition to the next. */
bool county_is_listed(const struct county *county, uint64_t seed, size_t list, uint32_t number, int edition);
