/** The store in memory, beyond store.h: what a simulation does to a store from outside. */
#pragma once

#include "state/store.h"

/** A deep copy, as a replica would have it; NULL when out of memory. The caller owns it. */
struct store *store_memory_copy(const struct store *store);
/** Makes `store` hold exactly what `snapshot` holds, as after a failover that lost the last writes. */
void store_memory_restore(struct store *store, const struct store *snapshot);
/** Forgets everything, as FLUSHALL does. */
void store_memory_clear(struct store *store);
