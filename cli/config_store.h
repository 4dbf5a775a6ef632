/** The store of a stage as the configuration says, for every program that opens one. */
#pragma once

#include "cli/config.h"
#include "state/store.h"

/** Namespace, colon, stage. */
#define CONFIG_STORE_NAME_SIZE 64

/** Opens no connection yet. `name` is room for what the store is called in Redis, and must outlive it, as the
 *  configuration must. NULL when out of memory. The caller owns it. */
struct store *config_store_new(const struct config *config, const char *stage, char name[CONFIG_STORE_NAME_SIZE]);
