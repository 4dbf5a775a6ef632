/** One JSON line per event of the process, to standard error: time, level, message and named texts. Thread-safe: a line
 *  is one write. Callers never pass an identity number or a name of a person. */
#pragma once

enum logline_level { LOGLINE_DEBUG, LOGLINE_INFO, LOGLINE_WARNING, LOGLINE_ERROR };

/** Name and value in turn, ended by NULL: `logline(LOGLINE_INFO, "live", "worker", "0", NULL)`. */
void logline(enum logline_level level, const char *message, ...) __attribute__((sentinel));
/** Lines below `level` are not written; INFO at first. Called before threads begin. */
void logline_set_least(enum logline_level level);
