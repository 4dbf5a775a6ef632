/** What the benchmark's programs share of librdkafka. Whatever fails ends the program with a sentence. */
#pragma once

#include "base/check.h"

#include <librdkafka/rdkafka.h>

#include <stdint.h>

__attribute__((noreturn)) void bench_fail(const char *what, const char *why);
/** Names and values in turn, ended by NULL. The caller owns the client. */
rd_kafka_t *bench_client(rd_kafka_type_t type, const char *const *settings);
int64_t bench_now_us(void); /* of day: comparable between programs of one machine */
