/** A month as options and records write it. */
#pragma once

#include "base/day.h"

#include <stdio.h>

/** Whether the text is YYYY-MM of a real month. */
static inline bool month_is_written(const char *text)
{
    char first[DAY_TEXT_SIZE];
    day ignored;
    int length = snprintf(first, sizeof first, "%s-01", text);
    return length == 10 && day_parse(first, (size_t)length, &ignored);
}
