/** A process that runs the toy stage over real Kafka and Redis: for runs that kill it. */
#pragma once

#include <sys/types.h>

struct toy_worker {
    const char *brokers;
    const char *redis;    /* host:port */
    const char *prefix;   /* of topics, group and Redis keys */
    const char *instance; /* NULL: a dynamic member */
    int workers;
};

/** Runs until SIGTERM, then closes cleanly; returns the exit code. */
int toy_worker_run(const struct toy_worker *worker);
/** Starts this very program again as such a process ("worker ..."); `toy_worker_main` there takes it up. */
pid_t toy_worker_spawn(const struct toy_worker *worker);
/** For main: runs a worker when the arguments say so, and returns its exit code, or -1. */
int toy_worker_main(int argc, char **argv);
