/** The lines of files, one after the other, each with its place for messages. */
#pragma once

#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>

struct input {
    char *const *files; /* NULL-terminated; "-" is standard input */
    FILE *stream;       /* of files[0]; NULL before it is opened */
    char *buffer;
    size_t capacity;
    long number; /* of the line read last, in its file */
};

enum input_result { INPUT_LINE, INPUT_END, INPUT_FAILED };

/** Lends the next line that is not empty, without its end, until the next call. FAILED: `errno` says why files[0]
 *  cannot be read. */
enum input_result input_next(struct input *input, struct text *ret_line);
void input_done(struct input *input);
/** "FILE" of the line read last. */
const char *input_file(const struct input *input);
/** "FILE:LINE: field: why" to standard error. */
void input_complain(const struct input *input, const struct fault *fault);
