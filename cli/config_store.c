#include "cli/config_store.h"

#include "state/store_redis.h"
#include "state/store_sealed.h"

#include <stdio.h>

/* A sealed value takes some hundred bytes more than the value, its bytes stand in memory twice for a moment, and all of
 * a batch's values are in the batch's memory. */
#define SEALED_PER_BATCH 4

struct store *config_store_new(const struct config *config, const char *stage, char name[CONFIG_STORE_NAME_SIZE])
{
    const struct config_redis *redis = &config->redis;
    const char *name_space = redis->name_space;
    snprintf(name, CONFIG_STORE_NAME_SIZE, "%s%s%s", name_space, name_space[0] == '\0' ? "" : ":", stage);
    const struct config_addresses *addresses = &redis->addresses;
    struct store_redis_config store = { .unix_path = addresses->items[0].unix_path,
        .address_count = addresses->count,
        .user = redis->user,
        .password = redis->password,
        .database = redis->database,
        .connect_timeout_ms = redis->connect_timeout_ms,
        .command_timeout_ms = redis->command_timeout_ms,
        .stage = name };
    for (size_t i = 0; i < addresses->count; i++)
        store.addresses[i] = (struct store_redis_address){ addresses->items[i].host, addresses->items[i].port };
    struct store *redis_store = store_redis_new(&store);
    if (redis_store == NULL || config->seal.count == 0)
        return redis_store;
    return store_sealed_new(redis_store, &config->seal, SEALED_PER_BATCH * ((size_t)config->batch_arena_mb << 20));
}
