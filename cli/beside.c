#include "cli/beside.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool beside_program(const char *const *places, char ret_path[BESIDE_PATH_SIZE])
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0)
        return false;
    program[length] = '\0';
    *strrchr(program, '/') = '\0';
    for (; *places != NULL; places++) {
        int written = snprintf(ret_path, BESIDE_PATH_SIZE, "%s/%s", program, *places);
        if (written > 0 && written < BESIDE_PATH_SIZE && access(ret_path, R_OK) == 0)
            return true;
    }
    return false;
}
