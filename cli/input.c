#include "cli/input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_stdin(const struct input *input)
{
    return strcmp(input->files[0], "-") == 0;
}

static bool open_file(struct input *input)
{
    input->stream = is_stdin(input) ? stdin : fopen(input->files[0], "r");
    input->number = 0;
    return input->stream != NULL;
}

static void close_file(struct input *input)
{
    if (input->stream != NULL && input->stream != stdin)
        fclose(input->stream);
    input->stream = NULL;
}

static struct text trim(const char *line, size_t length)
{
    while (length > 0 && strchr(" \t\r\n", line[length - 1]) != NULL && line[length - 1] != '\0')
        length--;
    return (struct text){ line, length };
}

enum input_result input_next(struct input *input, struct text *ret_line)
{
    while (input->files[0] != NULL) {
        if (input->stream == NULL && !open_file(input))
            return INPUT_FAILED;
        errno = 0;
        ssize_t length = getline(&input->buffer, &input->capacity, input->stream);
        if (length < 0) {
            if (!feof(input->stream))
                return INPUT_FAILED;
            close_file(input);
            input->files++;
            continue;
        }
        input->number++;
        *ret_line = trim(input->buffer, (size_t)length);
        if (!text_is_empty(*ret_line))
            return INPUT_LINE;
    }
    return INPUT_END;
}

void input_done(struct input *input)
{
    close_file(input);
    free(input->buffer);
}

const char *input_file(const struct input *input)
{
    return input->files[0];
}

void input_complain(const struct input *input, const struct fault *fault)
{
    fflush(stdout);
    fprintf(stderr, "%s:%ld: %s%s%s\n", input_file(input), input->number, fault->field,
        fault->field[0] == '\0' ? "" : ": ", fault->text);
}
