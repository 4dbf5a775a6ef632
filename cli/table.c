#include "cli/table.h"

#include "cli/table_format.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct table {
    const struct table_format *format;
    struct table_writer *writer;
    const struct table_column *columns;
    size_t count;
    uint32_t rows;
    int64_t sums[TABLE_COLUMNS_MAX];
    char *path, *unfinished; /* the file while it is written, beside the one it becomes */
};

static const struct table_format *format_of(const char *path)
{
    static const struct table_format *const formats[] = { &table_csv, &table_xlsx };
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        size_t length = strlen(path), ending = strlen(formats[i]->ending);
        if (length > ending && strcasecmp(path + length - ending, formats[i]->ending) == 0)
            return formats[i];
    }
    return NULL;
}

bool table_takes(const char *path)
{
    return format_of(path) != NULL;
}

static void forget(struct table *table)
{
    free(table->path);
    free(table->unfinished);
    free(table);
}

enum status table_new(const struct table_form *form, struct table **ret_table, struct fault *fault)
{
    const struct table_format *format = format_of(form->path);
    CHECK(form->count <= TABLE_COLUMNS_MAX);
    if (format == NULL)
        return fault_set(fault, STATUS_BAD_VALUE, "out", "neither .xlsx nor .csv");
    struct table *table = calloc(1, sizeof *table);
    CHECK(table != NULL);
    *table = (struct table){ .format = format, .columns = form->columns, .count = form->count, .rows = 1 };
    table->path = strdup(form->path);
    CHECK(table->path != NULL && asprintf(&table->unfinished, "%s.unfinished", form->path) > 0);
    table->writer = format->open(table->unfinished, form);
    if (table->writer == NULL) {
        forget(table);
        return fault_set(fault, STATUS_SYSTEM, "out", "%s", strerror(errno));
    }
    *ret_table = table;
    return STATUS_OK;
}

static bool is_summed(enum table_kind kind)
{
    return kind == TABLE_YUAN || kind == TABLE_COUNT;
}

enum status table_add(struct table *table, const struct table_cell *cells)
{
    if (table->rows + 1 >= table->format->rows_max) /* one is left for the total */
        return STATUS_TOO_LARGE;
    table->rows++;
    for (size_t i = 0; i < table->count; i++)
        if (is_summed(table->columns[i].kind) && cells[i].text != NULL)
            table->sums[i] += cells[i].number;
    return table->format->add(table->writer, cells) ? STATUS_OK : STATUS_SYSTEM;
}

enum status table_add_total(struct table *table)
{
    struct table_cell sums[TABLE_COLUMNS_MAX] = { 0 };
    for (size_t i = 0; i < table->count; i++)
        if (is_summed(table->columns[i].kind))
            sums[i] = table_number(table->sums[i]);
    return table->format->add_total(table->writer, sums) ? STATUS_OK : STATUS_SYSTEM;
}

enum status table_finish(struct table *table, struct fault *fault)
{
    bool good = table->format->close(table->writer) && rename(table->unfinished, table->path) == 0;
    enum status status = good ? STATUS_OK : fault_set(fault, STATUS_SYSTEM, "out", "%s", strerror(errno));
    if (!good)
        (void)remove(table->unfinished);
    forget(table);
    return status;
}

void table_discard(struct table *table)
{
    (void)table->format->close(table->writer);
    (void)remove(table->unfinished);
    forget(table);
}
