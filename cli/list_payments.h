/** What finance pays out for a month, as a list with its total. Pure but for the table it is written to. */
#pragma once

#include "base/arena.h"
#include "cli/table.h"
#include "proto/settled.pb-c.h"

struct list_payments_wanted {
    const char *month;  /* YYYY-MM */
    const char *region; /* NULL: all */
};

struct list_payments;

/** Lives in the arena, with everything it gathers; `wanted` is lent. */
struct list_payments *list_payments_new(struct arena *arena, const struct list_payments_wanted *wanted);
void list_payments_take(struct list_payments *list, const Settled__V1__PaymentRequest *request);

extern const struct table_column list_payments_columns[];
extern const size_t list_payments_column_count;
/** The rows by region, fund and payee, each request once, and the total. */
NODISCARD enum status list_payments_write(struct list_payments *list, struct table *table, size_t *ret_count);
