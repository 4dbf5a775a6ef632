#include "state/store_redis_node.h"

#include <string.h>
#include <sys/time.h>

void redis_node_disconnect(struct redis_node *node)
{
    if (node->context != NULL)
        redisFree(node->context);
    node->context = NULL;
}

enum status redis_node_fail(struct redis_node *node, struct fault *fault, const char *text)
{
    fault_set(fault, STATUS_STORE_UNREACHABLE, "redis", "%.150s", text);
    redis_node_disconnect(node);
    return STATUS_STORE_UNREACHABLE;
}

enum status redis_node_reply(struct redis_node *node, redisReply **ret_reply, struct fault *fault)
{
    void *reply = NULL;
    if (redisGetReply(node->context, &reply) != REDIS_OK)
        return redis_node_fail(node, fault, node->context->errstr);
    *ret_reply = reply;
    if ((*ret_reply)->type != REDIS_REPLY_ERROR)
        return STATUS_OK;
    enum status status = redis_node_fail(node, fault, (*ret_reply)->str);
    freeReplyObject(reply);
    return status;
}

enum status redis_node_replies(struct redis_node *node, size_t count, struct fault *fault)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        redisReply *reply;
        status = redis_node_reply(node, &reply, fault);
        if (status == STATUS_OK)
            freeReplyObject(reply);
    }
    return status;
}

static enum status log_in(struct redis_node *node, struct fault *fault)
{
    const struct store_redis_config *config = node->config;
    size_t replies = 0;
    if (config->password != NULL && config->user != NULL)
        replies += redisAppendCommand(node->context, "AUTH %s %s", config->user, config->password) == REDIS_OK;
    else if (config->password != NULL)
        replies += redisAppendCommand(node->context, "AUTH %s", config->password) == REDIS_OK;
    if (config->database != 0)
        replies += redisAppendCommand(node->context, "SELECT %d", config->database) == REDIS_OK;
    return redis_node_replies(node, replies, fault);
}

static struct timeval milliseconds(int ms)
{
    return (struct timeval){ ms / 1000, ms % 1000 * 1000 };
}

/* With one address the operator has said which server it is, and a replica refuses the first write by itself. */
static enum status check_role(struct redis_node *node, struct fault *fault)
{
    redisReply *reply;
    if (node->config->address_count < 2)
        return STATUS_OK;
    redisAppendCommand(node->context, "ROLE");
    enum status status = redis_node_reply(node, &reply, fault);
    if (status != STATUS_OK)
        return status;
    bool is_primary =
        reply->type == REDIS_REPLY_ARRAY && reply->elements > 0 && strcmp(reply->element[0]->str, "master") == 0;
    freeReplyObject(reply);
    return is_primary ? STATUS_OK : redis_node_fail(node, fault, "none of the addresses is that of a primary");
}

enum status redis_node_connect(struct redis_node *node, struct fault *fault)
{
    const struct store_redis_config *config = node->config;
    struct timeval patience = milliseconds(config->connect_timeout_ms);
    if (node->context != NULL)
        return STATUS_OK;
    node->context = config->unix_path != NULL ? redisConnectUnixWithTimeout(config->unix_path, patience)
                                              : redisConnectWithTimeout(node->host, node->port, patience);
    if (node->context == NULL)
        return redis_node_fail(node, fault, "out of memory");
    if (node->context->err != 0)
        return redis_node_fail(node, fault, node->context->errstr);
    redisSetTimeout(node->context, milliseconds(config->command_timeout_ms));
    if (config->unix_path == NULL)
        redisEnableKeepAlive(node->context);
    enum status status = log_in(node, fault);
    return status == STATUS_OK ? check_role(node, fault) : status;
}
