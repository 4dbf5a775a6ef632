#include "consumers/person_id.h"

#include "base/day.h"

char person_id_check(const char digits[17])
{
    static const uint8_t weights[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    unsigned sum = 0;
    for (int i = 0; i < 17; i++)
        sum += weights[i] * (unsigned)(digits[i] - '0');
    return "10X98765432"[sum % 11];
}

static int number(const char *digits, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

bool person_id_is_valid(struct text id)
{
    if (id.length != PERSON_ID_LENGTH)
        return false;
    for (int i = 0; i < PERSON_ID_LENGTH - 1; i++)
        if (id.at[i] < '0' || id.at[i] > '9')
            return false;
    int year = number(id.at + 6, 4), month = number(id.at + 10, 2), date = number(id.at + 12, 2);
    if (year == 0 || month < 1 || month > 12 || date < 1 || date > days_in_month(year, month))
        return false;
    return person_id_check(id.at) == id.at[17];
}
