/** The records of the benchmark, as bytes: 45 of a hundred admissions, 45 their discharges, 10 changes of identity;
 *  stays in Pingshun of
 *  so many persons. Record n is always the same, but for its time in the paced run. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum bench_topic { BENCH_ADMISSION, BENCH_DISCHARGE, BENCH_CHANGE, BENCH_TOPICS };
extern const char *const bench_topics[BENCH_TOPICS];

#define BENCH_VALUE_SIZE 1024

struct bench_record {
    enum bench_topic topic;
    char key[19]; /* the person */
    uint8_t value[BENCH_VALUE_SIZE];
    size_t length;
};

/** The n-th record; persons at most 30 million. */
void bench_record_make(uint64_t n, uint32_t persons, struct bench_record *ret_record);
