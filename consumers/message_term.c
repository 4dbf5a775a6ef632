/* The numbers of policy/term.def are those of the wire: that is why decoders and producers hand them on without a
 * table. Relations and kinds of funding travel by name, in attributes. */
#include "policy/term.h"
#include "proto/settled.pb-c.h"

#define WIRE_CARE(name) SETTLED__V1__DISCHARGE__CARE__##name
#define WIRE_LEVEL(name) SETTLED__V1__INSTITUTION__LEVEL__##name
#define WIRE_CHARGE(name) SETTLED__V1__INSTITUTION__CHARGE_CLASS__##name
#define WIRE_REFERRAL(name) SETTLED__V1__DISCHARGE__REFERRAL__##name
#define WIRE_CHANNEL(name) SETTLED__V1__DISCHARGE__CHANNEL__##name
#define WIRE_EXCLUSION(name) SETTLED__V1__DISCHARGE__EXCLUSION__##name
#define WIRE_CATEGORY(name) SETTLED__V1__IDENTITY_CHANGE__CATEGORY__##name
#define WIRE_IDENTITY_ACTION(name) SETTLED__V1__IDENTITY_CHANGE__ACTION__##name
#define WIRE_RELATION(name) RELATION_##name
#define WIRE_FUNDING(name) FUNDING_##name
#define WIRE_ACCOUNT_USE(name) SETTLED__V1__ACCOUNT__USE__##name
#define WIRE_PURPOSE(name) SETTLED__V1__ACCOUNT__PURPOSE__##name
#define WIRE_SCHEME(name) SETTLED__V1__CASE_ACTION__SCHEME__##name
#define WIRE_CONTRIBUTION(name) SETTLED__V1__PERSON_FACT__CONTRIBUTION__SCHEME__##name
#define WIRE_ACTION(name) SETTLED__V1__CASE_ACTION__TYPE__##name
#define WIRE_SUBJECT(name) SETTLED__V1__SETTLEMENT__SUBJECT__##name
#define WIRE_OUTCOME(name) SETTLED__V1__SETTLEMENT__STATUS__##name
#define WIRE_REASON(name) SETTLED__V1__SETTLEMENT__REASON__##name
#define WIRE_FUND(name) SETTLED__V1__SETTLEMENT__LINE__FUND__##name
#define WIRE_INCOME(name) SETTLED__V1__FUND_ENTRY__INCOME__SOURCE__##name
#define WIRE_PAYEE(name) SETTLED__V1__PAYMENT_REQUEST__PAYEE__##name
#define WIRE_HALF(name) SETTLED__V1__SETTLEMENT__IDENTITY__HALF__##name
#define WIRE_WATCH(name) SETTLED__V1__WARNING__KIND__##name
#define WIRE_DEPARTMENT(name) SETTLED__V1__WARNING__DEPARTMENT__##name

#define TERM(list, name, number, chinese) _Static_assert((int)WIRE_##list(name) == list##_##name, #list " " #name);
#include "policy/term.def"
#undef TERM
