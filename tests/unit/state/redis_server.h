/** A redis-server of the test's own, on a socket in a folder of its own; gone with `redis_server_stop`. With a port it
 *  listens there too, and with one for the bus it is a node of a Cluster. */
#pragma once

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <hiredis/hiredis.h>

struct redis_server {
    pid_t pid;
    int port, bus_port; /* 0: none */
    char folder[64];
    char socket[96];
};

static inline void redis_server_wait(const struct redis_server *server)
{
    for (int tries = 0; tries < 500; tries++) {
        redisContext *context = redisConnectUnix(server->socket);
        int failed = context == NULL || context->err != 0;
        if (context != NULL)
            redisFree(context);
        if (!failed)
            return;
        usleep(10000);
    }
}

static inline void redis_server_start(struct redis_server *server)
{
    if (server->folder[0] == '\0') {
        char folder[sizeof server->folder] = "/tmp/settled-redis-XXXXXX";
        if (mkdtemp(folder) == NULL)
            abort();
        memcpy(server->folder, folder, sizeof folder);
        snprintf(server->socket, sizeof server->socket, "%s/s", folder);
    }
    char port[8], bus_port[8];
    snprintf(port, sizeof port, "%d", server->port);
    snprintf(bus_port, sizeof bus_port, "%d", server->bus_port);
    server->pid = fork();
    if (server->pid == 0) {
        execlp("redis-server", "redis-server", "--port", port, "--unixsocket", server->socket, "--save", "",
            "--repl-diskless-sync-delay", "0", "--dir", server->folder, "--logfile", "/dev/null", "--cluster-port",
            bus_port, "--cluster-enabled", server->bus_port == 0 ? "no" : "yes", (char *)NULL);
        _exit(127);
    }
    redis_server_wait(server);
}

static inline void redis_server_kill(struct redis_server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    unlink(server->socket);
}

static inline void redis_server_stop(struct redis_server *server)
{
    char nodes[96];
    redis_server_kill(server);
    snprintf(nodes, sizeof nodes, "%s/nodes.conf", server->folder);
    unlink(nodes);
    rmdir(server->folder);
}

/* One command from outside, as an operator or another client would send it. */
static inline void redis_server_say(const struct redis_server *server, const char *command)
{
    redisContext *context = redisConnectUnix(server->socket);
    redisReply *reply = redisCommand(context, command);
    if (reply != NULL)
        freeReplyObject(reply);
    redisFree(context);
}

/* The same, with its answer: a text or a number as a text. */
static inline void redis_server_ask(const struct redis_server *server, const char *command, char *answer, size_t size)
{
    redisContext *context = redisConnectUnix(server->socket);
    redisReply *reply = redisCommand(context, command);
    if (reply->type == REDIS_REPLY_INTEGER)
        snprintf(answer, size, "%lld", reply->integer);
    else
        snprintf(answer, size, "%s", reply->str == NULL ? "" : reply->str);
    freeReplyObject(reply);
    redisFree(context);
}
