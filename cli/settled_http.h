/** The processor's HTTP: /healthz, /readyz and /metrics, read only, in a thread of its own. */
#pragma once

#include "cli/settled_workers.h"

struct settled_http;

/** Listens; the workers are lent until `settled_http_stop`. SYSTEM: the address cannot be had, `fault` says why. */
NODISCARD enum status settled_http_start(const struct config_address *listen, const struct settled_workers *workers,
    struct settled_http **ret_http, struct fault *fault);
/** NULL is fine. */
void settled_http_stop(struct settled_http *http);
