/** Topic `person-fact`: one contribution, enrolment or account credit of one person, made out of list rows. */
#pragma once

#include "consumers/message.h"

/** See message_decode and message_encode in consumers/message.h. */
NODISCARD enum status consumer_person_fact_decode(const struct consumer_context *context, struct arena *arena,
    struct text value, struct message *ret_message, struct fault *fault);
NODISCARD enum status consumer_person_fact_encode(
    const struct message *message, struct arena *arena, struct text *ret_value);
