/** Broken invariants. `CHECK` stays on in release builds: the program stops before wrong money leaves it.
 *  It is for what cannot happen; what is merely unfortunate is an `enum status`. */
#pragma once

#define CHECK(condition) ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

/** Writes one line to standard error (never data of a person) and aborts. */
__attribute__((noreturn, cold)) void check_failed(const char *condition, const char *file, int line);

#define NODISCARD __attribute__((warn_unused_result))
#define PRINTF_LIKE(text_at, arguments_at) __attribute__((format(printf, text_at, arguments_at)))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
