/** Every stage of the processor, once: for what is done to all of them alike. */
#pragma once

#include "consumers/message.h"
#include "consumers/stage.h"

/** What a stage is made of. */
struct stages_ground {
    const struct consumer_context *context; /* lent for the stage's life */
    const uint8_t *secret;                  /* 16 bytes: of the keyed hash under which persons are stored */
};

struct stages_entry {
    const char *name; /* as its `ops->name` */
    /** NULL when out of memory. The caller owns it. */
    struct stage *(*make)(const struct stages_ground *ground);
};

extern const struct stages_entry stages_all[];
extern const size_t stages_count;
