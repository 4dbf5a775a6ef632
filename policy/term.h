/** The field's terms as numbers: kinds of care, categories of persons, reasons, funds. Names and numbers are those of
 *  the wire (consumers and producers prove it at compile time), the list is policy/term.def. */
#pragma once

#include "base/text.h"

#include <stdint.h>

/** Which list of term.def a value belongs to. */
enum term {
    TERM_CARE,
    TERM_LEVEL,
    TERM_CHARGE,
    TERM_REFERRAL,
    TERM_CHANNEL,
    TERM_EXCLUSION,
    TERM_CATEGORY,
    TERM_IDENTITY_ACTION,
    TERM_RELATION,
    TERM_FUNDING,
    TERM_ACCOUNT_USE,
    TERM_PURPOSE,
    TERM_SCHEME,
    TERM_CONTRIBUTION,
    TERM_ACTION,
    TERM_SUBJECT,
    TERM_OUTCOME,
    TERM_REASON,
    TERM_FUND,
    TERM_INCOME,
    TERM_PAYEE,
    TERM_HALF,
    TERM_WATCH,
    TERM_DEPARTMENT,
    TERM_COUNT
};

/** CARE_INPATIENT, CATEGORY_EXTREME_POVERTY, REASON_ARREARS ... Zero always means "not given". */
enum {
#define TERM(list, name, number, chinese) list##_##name = number,
#include "policy/term.def"
#undef TERM
};

/** One more than the largest number of any list: room for an array indexed by a term. */
#define TERM_LIMIT 20

/** A set of categories, reasons or departments: bit n is the term with number n. */
typedef uint32_t term_set;

static inline term_set term_bit(int value)
{
    return (term_set)1 << value;
}

static inline int term_holds(term_set set, int value)
{
    return (set >> value) & 1;
}

/** "INPATIENT" and "住院"; "" for a number the list does not have. Both live for ever. */
const char *term_name(enum term list, int value);
const char *term_chinese(enum term list, int value);
/** The number of a name, 0 when the list does not have it. */
int term_parse(enum term list, struct text name);
/** The largest number of the list. */
int term_last(enum term list);
