/** Reads the policy packs of a folder: each subfolder is one region, each of its *.yaml files is part of it
 *  (docs/new-county.md).
 *
 *  The same call serves the start of the processor and `settledctl policy check`: either every figure is in its
 *  place, or the report says line by line what is not. Shell code: it opens files. */
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "policy/pack.h"

#define PACK_PROBLEM_LIMIT 50
#define PACK_PROBLEM_SIZE 640
/** At most this many regions in one folder, files in one pack, and bytes in one file. */
#define PACK_LIMIT 64
#define PACK_FILE_LIMIT 32
#define PACK_FILE_BYTES ((size_t)256 << 10)
/** Enough address space for the arena of PACK_LIMIT packs; pages are touched only when used. */
#define PACK_ARENA_BYTES ((size_t)64 << 20)

/** What is wrong, each "file:line:column: what is wrong; what is allowed". The caller owns it; about 32 KB. */
struct pack_report {
    size_t count;
    size_t dropped; /* problems beyond the limit */
    char problems[PACK_PROBLEM_LIMIT][PACK_PROBLEM_SIZE];
};

/** Reads all packs below `folder`, or the one pack that `folder` itself is when it holds a region.yaml. Everything
 *  that `ret_packs` points to lives in `arena`, which the caller keeps as long as the packs are used. The report is
 *  emptied first. BAD_PACK: the report says why, and `ret_packs` is untouched. ARENA_FULL: the arena is too small. */
NODISCARD enum status policy_packs_load(
    const char *folder, struct arena *arena, struct pack_report *report, struct policy_packs *ret_packs);

/** All keys of region.yaml, of a rule and of every kind, as docs/new-county.md shows them (markdown), out of the
 *  tables that read them. False when `size` is too small. */
NODISCARD bool policy_pack_help(char *buffer, size_t size);
