/** Resident identity numbers by GB 11643: 6 digits of place, 8 of birth date, 3 of sequence, a check character.
 *  Pure. */
#pragma once

#include "base/text.h"

#define PERSON_ID_LENGTH 18

/** 18 characters, a birth date that is a real day, the check character right, `X` upper case. */
bool person_id_is_valid(struct text id);

/** The check character (ISO 7064 MOD 11-2) that belongs behind these 17 digits. */
char person_id_check(const char digits[17]);
