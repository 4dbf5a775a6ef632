/* One program for all targets: SETTLED_FUZZ_TARGET says which one runs. Built once, so that ./check stays short. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#define ARENA_BYTES ((size_t)256 << 20)

int LLVMFuzzerInitialize(int *count, char ***words);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct target {
    const char *name;
    fuzz_run *run;
} targets[] = {
#define TARGET(name, function) { name, fuzz_##function },
#include "target.def"
#undef TARGET
};

static const struct target *chosen;
static struct arena *arena;

void fuzz_check_fault(enum status status, const struct fault *fault)
{
    CHECK(fault->status == status && fault->text[0] != '\0');
    CHECK(text_is_utf8(text_of(fault->text)) && text_is_utf8(text_of(fault->field)));
}

int LLVMFuzzerInitialize(int *count, char ***words)
{
    const char *name = getenv("SETTLED_FUZZ_TARGET");
    (void)count, (void)words;
    for (size_t i = 0; name != NULL && i < COUNT_OF(targets); i++)
        if (strcmp(targets[i].name, name) == 0)
            chosen = &targets[i];
    arena = arena_new(ARENA_BYTES);
    if (chosen != NULL && arena != NULL)
        return 0;
    fprintf(stderr, "SETTLED_FUZZ_TARGET is none of:");
    for (size_t i = 0; i < COUNT_OF(targets); i++)
        fprintf(stderr, " %s", targets[i].name);
    fprintf(stderr, "\n");
    exit(2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    chosen->run(arena, (struct text){ (const char *)data, size });
    arena_reset(arena);
    return 0;
}
