/** Keeps what a broken invariant was computed from, as a file that `settledctl replay` reads: JSON lines. It names a
 *  person, so it goes to one folder, for its owner only (0600), and to nothing else. */
#pragma once

#include "consumers/engine.h"

/** Whether files can be kept in that folder, by making one and removing it: 0, or errno. */
int repro_try(const char *folder);

/** An `engine_witness.tell`; the context is the folder (a C string), or NULL: nothing is kept, and the log says so. The
 *  file is named after engine, partition, topic and offset; one that is there already is left alone. */
void repro_keep(void *context, const struct engine_evidence *evidence);
