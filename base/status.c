#include "base/status.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    const char *name;
    enum status_class class;
    const char *sentence;
} table[STATUS_COUNT] = {
#define STATUS(name, class, sentence) { #name, STATUS_CLASS_##class, sentence },
#include "base/status.def"
#undef STATUS
};

const char *status_name(enum status status)
{
    CHECK((unsigned)status < STATUS_COUNT);
    return table[status].name;
}

const char *status_sentence(enum status status)
{
    CHECK((unsigned)status < STATUS_COUNT);
    return table[status].sentence;
}

enum status_class status_class(enum status status)
{
    CHECK((unsigned)status < STATUS_COUNT);
    return table[status].class;
}

/* A fault ends up in records and logs, which are UTF-8: half a character at the cut would make them unreadable. */
static void end_between_characters(char *text, size_t length)
{
    size_t lead = length - 1;
    while (lead > 0 && ((unsigned char)text[lead] & 0xc0) == 0x80)
        lead--;
    if (!text_is_utf8((struct text){ text + lead, length - lead }))
        text[lead] = '\0';
}

static PRINTF_LIKE(3, 0) void fill(char *buffer, size_t size, const char *format, va_list arguments)
{
    int wanted = vsnprintf(buffer, size, format, arguments);
    if (wanted >= (int)size)
        end_between_characters(buffer, size - 1);
}

static PRINTF_LIKE(3, 4) void fill_with(char *buffer, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(buffer, size, format, arguments);
    va_end(arguments);
}

enum status fault_set(struct fault *fault, enum status status, const char *field, const char *format, ...)
{
    if (fault == NULL)
        return status;
    fault->status = status;
    fill_with(fault->field, sizeof fault->field, "%s", field == NULL ? "" : field);
    va_list arguments;
    va_start(arguments, format);
    fill(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    return status;
}
