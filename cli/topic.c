#include "cli/topic.h"

#include "base/check.h"
#include "proto/settled.pb-c.h"

const struct topic topics[] = {
    { "admission", &settled__v1__admission__descriptor, true, true },
    { "discharge", &settled__v1__discharge__descriptor, true, true },
    { "identity-change", &settled__v1__identity_change__descriptor, true, true },
    { "roster-update", &settled__v1__roster_update__descriptor, true, false },
    { "person-fact", &settled__v1__person_fact__descriptor, true, true },
    { "case-action", &settled__v1__case_action__descriptor, true, true },
    { "period-close", &settled__v1__period_close__descriptor, true, false },
    { "fund-entry", &settled__v1__fund_entry__descriptor, true, false },
    { "settlement", &settled__v1__settlement__descriptor, false, true },
    { "warning", &settled__v1__warning__descriptor, false, true },
    { "roster-receipt", &settled__v1__roster_receipt__descriptor, false, false },
    { "rejection", &settled__v1__rejection__descriptor, false, false },
    { "payment-request", &settled__v1__payment_request__descriptor, false, false },
};
const size_t topic_count = COUNT_OF(topics);

const struct topic *topic_find(struct text name)
{
    for (size_t i = 0; i < topic_count; i++)
        if (text_equal(text_of(topics[i].name), name))
            return &topics[i];
    return NULL;
}
