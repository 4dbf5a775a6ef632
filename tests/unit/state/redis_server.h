/** A redis-server of the test's own, on a socket in a folder of its own; gone with `redis_server_stop`. */
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
        snprintf(server->folder, sizeof server->folder, "/tmp/settled-redis-XXXXXX");
        if (mkdtemp(server->folder) == NULL)
            abort();
        snprintf(server->socket, sizeof server->socket, "%s/s", server->folder);
    }
    server->pid = fork();
    if (server->pid == 0) {
        execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", server->socket, "--save", "", "--dir",
            server->folder, "--logfile", "/dev/null", (char *)NULL);
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
    redis_server_kill(server);
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
