/** Topic `admission`: a stay in hospital begins. */
#pragma once

#include "consumers/message.h"

/** See message_decode and message_encode in consumers/message.h. */
NODISCARD enum status consumer_admission_decode(const struct consumer_context *context, struct arena *arena,
    struct text value, struct message *ret_message, struct fault *fault);
NODISCARD enum status consumer_admission_encode(
    const struct message *message, struct arena *arena, struct text *ret_value);
