/** Outputs as people read them: Chinese, amounts in yuan, identity numbers masked. */
#pragma once

#include "cli/topic.h"

#include <stdbool.h>
#include <stdio.h>

/** Prints one record; false, with nothing printed, when there is no reading of its topic or it is no message. */
bool reading_print(const struct topic *topic, struct text value, FILE *stream);
