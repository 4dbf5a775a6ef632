/** A worker's consumer and transactional producer over the broker of a run, with everything that can go wrong between
 *  them. Closing it is the end of the process, not a clean leaving: the group finds out. */
#pragma once

#include "tests/sim/broker.h"

/** Joins the group in the name of a slot. */
struct log *sim_log_new(struct sim_broker *broker, struct sim_group *group, int slot, struct sim_process *process);
/** Whether it knows which partitions are its own now. */
bool sim_log_is_settled(struct log *log);
/** The group takes this member for dead, as after a session time-out; it finds out, and joins anew. */
void sim_log_expel(struct log *log);
/** Another process has taken this one's name: it may never come back. */
void sim_log_replace(struct log *log);
