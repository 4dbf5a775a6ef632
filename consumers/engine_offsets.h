/** The text a store keeps beside a partition's values: the next offset of every topic, by name, so that sets of topics
 *  may grow, and a checksum last. "admission=45 discharge=123 check=3735928559". Pure. */
#pragma once

#include "base/status.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

/** Longer is refused when an engine is made, and when it is read from a store. */
#define ENGINE_OFFSETS_SIZE 1024

/** What stands there while a partition's values are deleted, so that nobody takes what is left of them for whole. */
#define ENGINE_OFFSETS_FORGETTING "forgetting"

/** `topics` is NULL-terminated; `ret_next` has one per topic, 0 for those not named. BAD_STATE when it is not such a
 *  text; NEWER_STATE when it says `format=2` or more, as a text would that this version misreads. */
NODISCARD enum status engine_offsets_parse(struct text offsets, const char *const *topics, int64_t *ret_next);
/** Writes at most ENGINE_OFFSETS_SIZE bytes and returns how many; 0 when they do not fit. */
size_t engine_offsets_format(const char *const *topics, const int64_t *next, char *buffer);
