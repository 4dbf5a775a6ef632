#include "base/arena.h"
#include "base/money.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Runs `act` in a child and hands back what it wrote to standard error and how it ended. */
static int end_of(void (*act)(void), char *text, size_t size)
{
    int ends[2], how;
    assert_return_code(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
        signal(SIGABRT, SIG_DFL); /* the test library's own handler would call it a failed test */
        dup2(ends[1], STDERR_FILENO);
        act();
        _exit(0);
    }
    close(ends[1]);
    ssize_t length = 0, more;
    while ((more = read(ends[0], text + length, size - 1 - (size_t)length)) > 0)
        length += more;
    text[length] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &how, 0), child);
    return how;
}

static void stops(void (*act)(void), const char *condition)
{
    char text[4096];
    int how = end_of(act, text, sizeof text);
    assert_false(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    if (strstr(text, condition) == NULL || strstr(text, "broken invariant") == NULL)
        fail_msg("no \"%s\" in: %s", condition, text);
}

static void hold(void)
{
    CHECK(1 + 1 == 2);
}

static void break_one(void)
{
    CHECK(1 + 1 == 3);
}

static void scale_by_nothing(void)
{
    money_scale(MONEY_FEN(1), 1, 0);
}

static void share_beyond_int64(void)
{
    money_share(MONEY_FEN(INT64_MAX), RATE_BP(RATE_WHOLE_BP + 1));
}

static void rewind_forward(void)
{
    struct arena *arena = arena_new(4096);
    arena_rewind(arena, 16);
}

static void broken_invariants_stop_the_program(void **state)
{
    (void)state;
    char text[256];
    assert_int_equal(end_of(hold, text, sizeof text), 0);
    assert_string_equal(text, "");
    stops(break_one, "1 + 1 == 3");
    stops(scale_by_nothing, "denominator > 0");
    stops(share_beyond_int64, "quotient <= INT64_MAX");
    stops(rewind_forward, "mark <= arena->used");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(broken_invariants_stop_the_program) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
