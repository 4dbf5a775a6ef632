/** The roster stage: topic `roster-update` in, changes of single persons (`identity-change`, `person-fact`) and a
 *  receipt for every list out. Run by the engine like every stage; a partition of the topic holds whole keys, in log
 *  order.
 *
 *  Parts are kept in slices until the last one is in; then the list is applied shard by shard (state/roster.h). Work
 *  beyond one step is resumed by a continuation: a record to the own partition in the same transaction, which names
 *  the step that is next. It only says "go on"; what is to be done stands in the store, and a continuation that does
 *  not name the next step does nothing. Lists that become complete meanwhile wait in the head of their key. */
#pragma once

#include "consumers/message.h"
#include "consumers/stage.h"

/** The header that marks a continuation. */
#define ROSTER_CONTINUATION "settled-continuation"
/** Rows and persons of a running list that one step handles, but for the last shard of them. Never changed: a rebuild
 *  must take the steps that the log's continuations name. */
#define ROSTER_STEP_WORK 5000

/** NULL when out of memory. The caller frees it (`ops->free`); `context` is lent for its life. */
struct stage *stage_roster_new(const struct consumer_context *context);
