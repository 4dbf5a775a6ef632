/** The tables of keys, one for each kind of rule. Private to the loader. */
#pragma once

#include "policy/pack_load_field.h"

#include <stddef.h>

/* pack_load_visit.c */
extern const struct pack_record pack_base_record;
extern const struct pack_record pack_bands_record;
extern const struct pack_record pack_category_table_record;
extern const struct pack_record pack_top_up_record;
extern const struct pack_record pack_catalogue_record;
extern const struct pack_record pack_excess_record;
extern const struct pack_record pack_per_visit_record;

/** The rows of a table, each of `size` bytes, begin with their category: each category may have one row. */
bool pack_rows_are_distinct(struct pack_node at, const void *rows, size_t count, size_t size);

/* pack_load_yearly.c */
extern const struct pack_record pack_account_record;
extern const struct pack_record pack_case_subsidy_record;
extern const struct pack_record pack_enrolment_record;
extern const struct pack_record pack_watch_record;
extern const struct pack_record pack_levy_record;
extern const struct pack_record pack_reserve_record;
extern const struct pack_record pack_shared_cap_record;
extern const struct pack_record pack_bar_record;
extern const struct pack_record pack_application_record;
extern const struct pack_record pack_claim_record;
extern const struct pack_record pack_duty_record;
