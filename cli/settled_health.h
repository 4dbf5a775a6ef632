/** What the workers say of themselves, as others read it: the answer of /healthz and /readyz in JSON, and the
 *  Prometheus text of /metrics. Knows no socket. Nothing here names a person. */
#pragma once

#include "cli/settled_workers.h"

#include <stdbool.h>

/** All workers together. */
struct settled_verdict {
    bool is_healthy; /* nobody waits for a server, but for those aside */
    bool is_ready;   /* all are live, and no partition was stopped, but for those aside */
};
struct settled_verdict settled_health_judge(const struct settled_member *members, size_t count);

/** One JSON object: the status of the whole, the reason when it waits, and each worker. malloc'ed, the caller frees it;
 *  NULL: no memory. */
char *settled_health_json(const struct settled_member *members, size_t count);
/** The Prometheus text format 0.0.4. Likewise. */
char *settled_health_metrics(const struct settled_member *members, size_t count);
