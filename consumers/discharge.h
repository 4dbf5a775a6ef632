/** Topic `discharge`: an episode of care has ended, with its costs and what others paid before us. */
#pragma once

#include "consumers/message.h"

/** See message_decode and message_encode in consumers/message.h. */
NODISCARD enum status consumer_discharge_decode(const struct consumer_context *context, struct arena *arena,
    struct text value, struct message *ret_message, struct fault *fault);
NODISCARD enum status consumer_discharge_encode(
    const struct message *message, struct arena *arena, struct text *ret_value);
