/** A stage small enough to check by hand: a running sum per key, and every record answered by one output that names it.
 *
 *  Topics "credit" and "debit"; the value is a number, optionally with a word before it:
 *    "7"          adds 7 (credit) or takes it (debit)
 *    "pair 7"     the same for the key and, read late, for its twin
 *    "chain 3"    adds 1 and writes "chain 2" to its own partition of "credit", down to "chain 0"
 *    "big 100000" adds 1 and takes so many bytes of the arena
 *    "break 0"    says that an invariant is broken
 *  anything else is refused. Output "sum": "<topic>/<partition>/<offset> <delta> <sum>"; refusals go to "refused". */
#pragma once

#include "consumers/stage.h"

#define TOY_TOPIC_COUNT 2

struct stage *toy_stage_new(void);
extern const char *const toy_topics[]; /* NULL-terminated: credit, debit */
extern const char *const toy_sum_topic, *const toy_refused_topic;
/** Puts a prefix before all topic names, so that runs do not meet on one broker. Before any use. */
void toy_topics_prefix(const char *prefix);

/** The store key of a record key, and the sum in a stored value; 0 for the empty one. */
struct store_key toy_key(struct text key);
int64_t toy_sum(struct text value);

/** Reads an output back. */
struct toy_output {
    int topic; /* 0 credit, 1 debit */
    int partition;
    long long offset, delta, sum;
};
bool toy_output_parse(struct text value, struct toy_output *ret_output);
