#include "consumers/logline.h"

#include "base/day.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static enum logline_level least = LOGLINE_INFO;

struct line {
    char bytes[2048];
    size_t length;
};

void logline_set_least(enum logline_level level)
{
    least = level;
}

/* Room for the closing `"}` and the end of line is always kept: a long text is cut, the line stays JSON. */
static void put(struct line *line, const char *bytes, size_t length)
{
    if (line->length + length + 4 > sizeof line->bytes)
        return;
    memcpy(line->bytes + line->length, bytes, length);
    line->length += length;
}

static void put_escaped(struct line *line, const char *text)
{
    for (; *text != '\0'; text++) {
        char escaped[8];
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            snprintf(escaped, sizeof escaped, "\\%c", c);
        else if (c < 0x20)
            snprintf(escaped, sizeof escaped, "\\u%04x", c);
        else
            snprintf(escaped, sizeof escaped, "%c", c);
        put(line, escaped, strlen(escaped));
    }
}

/* A pair goes in whole or not at all, but for its value's tail. */
static void put_pair(struct line *line, const char *name, const char *value)
{
    if (line->length + strlen(name) + 16 > sizeof line->bytes)
        return;
    put(line, line->length == 0 ? "{\"" : ",\"", 2);
    put_escaped(line, name);
    put(line, "\":\"", 3);
    put_escaped(line, value);
    line->bytes[line->length++] = '"';
}

void logline(enum logline_level level, const char *message, ...)
{
    static const char *const names[] = { "debug", "info", "warning", "error" };
    if (level < least)
        return;
    struct line line = { .length = 0 };
    struct timespec now;
    char time_text[INSTANT_TEXT_SIZE];
    clock_gettime(CLOCK_REALTIME, &now);
    instant_format((instant){ now.tv_sec, (int32_t)(now.tv_nsec / 1000000 * 1000000) }, time_text);
    put_pair(&line, "time", time_text);
    put_pair(&line, "level", names[level]);
    put_pair(&line, "message", message);
    va_list pairs;
    va_start(pairs, message);
    for (const char *name; (name = va_arg(pairs, const char *)) != NULL;)
        put_pair(&line, name, va_arg(pairs, const char *));
    va_end(pairs);
    line.bytes[line.length++] = '}';
    line.bytes[line.length++] = '\n';
    /* Nobody can be told that standard error is gone. */
    ssize_t written = write(STDERR_FILENO, line.bytes, line.length);
    (void)written;
}
