/** The list of warnings of a closed month, as a department receives it: what stood when the month was closed. Pure but
 *  for the table it is written to. */
#pragma once

#include "base/arena.h"
#include "cli/table.h"
#include "proto/settled.pb-c.h"

#include <stdio.h>

struct list_warnings_wanted {
    const char *month;  /* YYYY-MM */
    const char *region; /* NULL: all */
    int department;     /* DEPARTMENT_...; 0: all */
};

struct list_warnings;

/** Lives in the arena, with everything it gathers; `wanted` is lent. */
struct list_warnings *list_warnings_new(struct arena *arena, const struct list_warnings_wanted *wanted);
void list_warnings_take(struct list_warnings *list, const Settled__V1__Warning *warning);

/** Once all is taken. Whether every one of the partitions has closed the month in every region and as many warnings are
 *  here as it said; what is missing is printed to `complaints`, in Chinese. */
bool list_warnings_is_whole(struct list_warnings *list, int32_t partitions, FILE *complaints);

extern const struct table_column list_warnings_columns[];
extern const size_t list_warnings_column_count;
/** The rows of the department, sorted. */
NODISCARD enum status list_warnings_write(const struct list_warnings *list, struct table *table, size_t *ret_count);
