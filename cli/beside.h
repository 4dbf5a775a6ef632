/** Files that come with the programs: as installed, or in the source tree that the build folder lies in. */
#pragma once

#include <limits.h>
#include <stdbool.h>

#define BESIDE_PATH_SIZE (2 * PATH_MAX)

/** The first of `places` (NULL-terminated, relative to the folder of the running program) that can be read. */
bool beside_program(const char *const *places, char ret_path[BESIDE_PATH_SIZE]);
