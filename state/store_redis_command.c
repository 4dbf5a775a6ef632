#include "state/store_redis_node.h"

#include <stdio.h>
#include <stdlib.h>

#define ARGUMENTS_MIN 64

static void *must(void *memory)
{
    CHECK(memory != NULL);
    return memory;
}

void redis_begin(struct redis_node *node, size_t arguments, const char *name)
{
    if (arguments > node->capacity) {
        node->capacity = arguments < ARGUMENTS_MIN ? ARGUMENTS_MIN : arguments + arguments / 2;
        node->keys = must(realloc(node->keys, node->capacity * REDIS_KEY_SIZE));
        node->arguments = must(realloc(node->arguments, node->capacity * sizeof *node->arguments));
        node->lengths = must(realloc(node->lengths, node->capacity * sizeof *node->lengths));
    }
    node->argument_count = 1;
    node->key_count = 0;
    node->arguments[0] = name;
    node->lengths[0] = strlen(name);
}

void redis_add(struct redis_node *node, const void *bytes, size_t length)
{
    CHECK(node->argument_count < node->capacity);
    node->arguments[node->argument_count] = bytes;
    node->lengths[node->argument_count++] = length;
}

void redis_add_text(struct redis_node *node, struct text text)
{
    redis_add(node, text.at, text.length);
}

void redis_add_name(struct redis_node *node, int32_t partition, const char *name)
{
    char *key = node->keys + node->key_count++ * REDIS_KEY_SIZE;
    int length = snprintf(key, REDIS_KEY_SIZE, "settled:%s:{%d}:%s", node->config->stage, (int)partition, name);
    CHECK(length > 0 && length < REDIS_KEY_SIZE);
    redis_add(node, key, (size_t)length);
}

void redis_add_value_key(struct redis_node *node, struct text prefix, const struct store_key *value_key)
{
    char *key = node->keys + node->key_count++ * REDIS_KEY_SIZE;
    memcpy(key, prefix.at, prefix.length);
    memcpy(key + prefix.length, value_key->bytes, sizeof value_key->bytes);
    redis_add(node, key, prefix.length + sizeof value_key->bytes);
}

struct text redis_value_prefix(const struct redis_node *node, int32_t partition, char *buffer)
{
    int length = snprintf(buffer, REDIS_KEY_SIZE, "settled:%s:{%d}:v:", node->config->stage, (int)partition);
    CHECK(length > 0 && length + 16 < REDIS_KEY_SIZE);
    return (struct text){ buffer, (size_t)length };
}

void redis_append(struct redis_node *node)
{
    int status = redisAppendCommandArgv(node->context, (int)node->argument_count, node->arguments, node->lengths);
    CHECK(status == REDIS_OK);
}

void redis_command_free(struct redis_node *node)
{
    free(node->keys);
    free(node->arguments);
    free(node->lengths);
}
