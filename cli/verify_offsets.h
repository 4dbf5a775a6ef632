/** How far the processor is: what its group has committed, and whether Redis has come as far. */
#pragma once

#include "base/text.h"
#include "cli/kafka.h"

#define VERIFY_TOPICS_MAX 16

struct verify_offsets {
    const struct command *command;
    rd_kafka_t *client; /* of the group, which it never joins */
    int32_t partitions; /* of each of the person stage's topics */
    int32_t homes;      /* among the first so many of these persons live */
    size_t topics;
    int64_t *committed; /* by partition and topic */
};

/** Opens a client, and asks once; `partitions` and `homes` are known then.
 *  False after a complaint; verify_offsets_done in any case. */
bool verify_offsets_open(struct verify_offsets *offsets, const struct command *command, const struct config *config);
/** What is committed now; a pending transaction is waited for. False after a complaint. */
bool verify_offsets_ask(struct verify_offsets *offsets);
/** Whether the text that Redis keeps with the partition is before what was committed when last asked. */
bool verify_offsets_lag(const struct verify_offsets *offsets, int32_t partition, struct text stored);
void verify_offsets_done(struct verify_offsets *offsets);
