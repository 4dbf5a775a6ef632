/** Every topic of the wire contract: its message, and who writes it. */
#pragma once

#include "base/text.h"

#include <protobuf-c/protobuf-c.h>

struct topic {
    const char *name;
    const ProtobufCMessageDescriptor *message; /* its `name` is the CloudEvents type */
    bool is_input;                             /* written by others, read by us */
    bool has_person_key;
};

extern const struct topic topics[];
extern const size_t topic_count;

/** NULL when there is none of that name. */
const struct topic *topic_find(struct text name);
