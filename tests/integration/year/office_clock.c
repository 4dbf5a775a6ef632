/* The clock of an office for a copy of settledctl: SETTLED_TEST_CLOCK, in seconds since 1970, is when the program
 * began. Only our own calls are led here (--wrap); librdkafka keeps the machine's clock. */
#include <stdlib.h>
#include <time.h>

int __real_clock_gettime(clockid_t clock, struct timespec *ret_time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_time);

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_time)
{
    static time_t later_s; /* the machine's clock less the office's */
    const char *began = getenv("SETTLED_TEST_CLOCK");
    int result = __real_clock_gettime(clock, ret_time);
    if (clock != CLOCK_REALTIME || began == NULL)
        return result;
    if (later_s == 0)
        later_s = ret_time->tv_sec - strtol(began, NULL, 10);
    ret_time->tv_sec -= later_s;
    return result;
}
