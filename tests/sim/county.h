/** What is sent in a run: a few persons' facts near every edge of time, repeats, trials, records in the wrong
 *  partition, rubbish, closes of months and years, grants for everybody, and lists in parts. */
#pragma once

#include "consumers/log.h"
#include "consumers/message.h"
#include "tests/sim/sim.h"

#define COUNTY_PERSONS_MAX 5
#define COUNTY_RECORDS_MAX 256

struct county {
    struct sim *sim;
    const struct consumer_context *context;
    const struct policy_pack *pack;
    int32_t partition_count;
    struct text persons[COUNTY_PERSONS_MAX];
    int person_count;
    struct log_output records[COUNTY_RECORDS_MAX]; /* in the order of their sending */
    size_t count;
    size_t early; /* so many first; the others when these have mostly been read */
};

/** Everything lives in the arena of the run. */
void county_roll(struct county *county, struct sim *sim, const struct consumer_context *context, int32_t partitions);

/** Of county_list.c: the parts of some lists, not yet among the others. */
void county_roll_lists(struct county *county);
/** Of county.c: one record more. */
void county_add(struct county *county, const struct log_output *record);
