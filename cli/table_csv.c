/* CSV as RFC 4180 has it, with the byte order mark by which Excel knows UTF-8. A text that a spreadsheet would take for
 * a formula gets a quote before it, which spreadsheets take for "this is text": names come from outside. */
#include "base/money.h"
#include "cli/table_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct table_writer {
    FILE *stream;
    const struct table_column *columns;
    size_t count;
};

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Half-width and full-width signs, and what is skipped before them. */
static bool is_formula(const char *text)
{
    static const char *const signs[] = { "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠" };
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (begins_with(text, signs[i]))
            return true;
    return false;
}

static void put_text(FILE *stream, const char *text)
{
    const char *sign = is_formula(text) ? "'" : "";
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fprintf(stream, "%s%s", sign, text);
        return;
    }
    fprintf(stream, "\"%s", sign);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', stream);
        fputc(*text, stream);
    }
    fputc('"', stream);
}

static void put_cell(FILE *stream, enum table_kind kind, const struct table_cell *cell)
{
    char buffer[MONEY_TEXT_SIZE];
    if (cell->text == NULL)
        return;
    if (kind == TABLE_YUAN)
        fputs(money_format(MONEY_FEN(cell->number), buffer), stream);
    else if (kind == TABLE_COUNT || kind == TABLE_NUMBER)
        fprintf(stream, "%lld", (long long)cell->number);
    else
        put_text(stream, cell->text);
}

static bool add(struct table_writer *writer, const struct table_cell *cells)
{
    for (size_t i = 0; i < writer->count; i++) {
        if (i > 0)
            fputc(',', writer->stream);
        put_cell(writer->stream, writer->columns[i].kind, &cells[i]);
    }
    return fputs("\r\n", writer->stream) != EOF;
}

static bool add_total(struct table_writer *writer, const struct table_cell *sums)
{
    fputs(TABLE_TOTAL, writer->stream);
    for (size_t i = 1; i < writer->count; i++) {
        fputc(',', writer->stream);
        put_cell(writer->stream, writer->columns[i].kind, &sums[i]);
    }
    return fputs("\r\n", writer->stream) != EOF;
}

static struct table_writer *open_csv(const char *path, const struct table_form *form)
{
    FILE *stream = fopen(path, "wbe");
    if (stream == NULL)
        return NULL;
    struct table_writer *writer = malloc(sizeof *writer);
    CHECK(writer != NULL);
    *writer = (struct table_writer){ stream, form->columns, form->count };
    fputs("\xef\xbb\xbf", stream);
    for (size_t i = 0; i < form->count; i++)
        fprintf(stream, "%s%s", i == 0 ? "" : ",", form->columns[i].heading);
    fputs("\r\n", stream);
    return writer;
}

static bool close_csv(struct table_writer *writer)
{
    bool good = !ferror(writer->stream);
    good = fclose(writer->stream) == 0 && good;
    free(writer);
    return good;
}

const struct table_format table_csv = { ".csv", UINT32_MAX, open_csv, add, add_total, close_csv };
