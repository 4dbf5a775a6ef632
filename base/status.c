#include "base/status.h"

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

enum status fault_set(struct fault *fault, enum status status, const char *field, const char *format, ...)
{
    if (fault == NULL)
        return status;
    fault->status = status;
    snprintf(fault->field, sizeof fault->field, "%s", field == NULL ? "" : field);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    return status;
}
