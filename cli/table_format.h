/** How a table becomes a file: one of these for each kind of file. Used by table.c alone. */
#pragma once

#include "cli/table.h"

struct table_writer;

struct table_format {
    const char *ending; /* ".csv" */
    uint32_t rows_max;  /* headings and total included */
    /** Opens `path` and writes the headings; NULL when it cannot be written, `errno` says why. */
    struct table_writer *(*open)(const char *path, const struct table_form *form);
    bool (*add)(struct table_writer *writer, const struct table_cell *cells);
    /** The total row: `sums` has a cell per column, empty where nothing is summed. */
    bool (*add_total)(struct table_writer *writer, const struct table_cell *sums);
    /** Frees the writer; false when the file is not whole. */
    bool (*close)(struct table_writer *writer);
};

extern const struct table_format table_csv;
extern const struct table_format table_xlsx;

#define TABLE_TOTAL "合计"
