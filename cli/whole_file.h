/** A file as one text. */
#pragma once

#include "base/arena.h"
#include "base/text.h"
#include "cli/command.h"

#include <stdbool.h>

/** Reads `path` ("-": standard input) into the arena, at most 2^20 x `limit_mb` bytes. False after a complaint. */
bool whole_file_read(
    const struct command *command, struct arena *arena, const char *path, size_t limit_mb, struct text *ret_bytes);
