/** The partition on which a key is at home: where Kafka's Java client puts it, and every client that is set to. */
#pragma once

#include "base/text.h"

#include <stdint.h>

/** 0 .. partition_count - 1. */
int32_t home_partition(struct text key, int32_t partition_count);
