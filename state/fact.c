#include "state/fact.h"

/* Facts of one topic share their identities: contributions, enrolments and credits all come by `person-fact`. */
static int topic_of(const struct fact *fact)
{
    return fact->kind == FACT_ENROLMENT || fact->kind == FACT_CREDIT ? FACT_CONTRIBUTION : fact->kind;
}

bool fact_same_identity(const struct fact *a, const struct fact *b)
{
    return topic_of(a) == topic_of(b) && text_equal(a->event_id, b->event_id) && text_equal(a->source, b->source);
}

int fact_content_cmp(const struct fact *a, const struct fact *b, fact_bytes_cmp bytes_cmp)
{
    int order = instant_cmp(a->recorded_at, b->recorded_at);
    if (order == 0)
        order = text_cmp(a->event_id, b->event_id);
    if (order == 0)
        order = text_cmp(a->source, b->source);
    return order != 0 || bytes_cmp == NULL ? order : bytes_cmp(a, b);
}

static int number_cmp(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* An encounter's series: the winner first. */
static int series_order(const struct fact *a, const struct fact *b, struct text a_id, struct text b_id, int versions)
{
    int order = text_cmp(a_id, b_id);
    if (order == 0)
        order = -versions;
    return order != 0 ? order : -fact_content_cmp(a, b, NULL);
}

static int identity_order(const struct fact *a, const struct fact *b)
{
    int order = number_cmp(a->identity.category, b->identity.category);
    if (order == 0)
        order = text_cmp(a->identity.relative_id, b->identity.relative_id);
    if (order == 0)
        order = text_cmp(a->source, b->source);
    if (order == 0)
        order = day_cmp(a->identity.effective_on, b->identity.effective_on);
    return order != 0 ? order : fact_content_cmp(a, b, NULL);
}

/* Rows of amounts: by what they are about, the one that holds first. */
static int contribution_order(const struct fact *a, const struct fact *b)
{
    int order = number_cmp(a->contribution.contribution, b->contribution.contribution);
    if (order == 0)
        order = number_cmp(a->contribution.year, b->contribution.year);
    if (order == 0)
        order = number_cmp(a->contribution.month, b->contribution.month);
    return order != 0 ? order : -fact_content_cmp(a, b, NULL);
}

/* Actions of one day are judged in this order (rules.md J, Cases): a withdrawal before the notice begins, money
 * last. */
static int case_rank(uint8_t action)
{
    static const uint8_t ranks[TERM_LIMIT] = { [ACTION_APPLY] = 1,
        [ACTION_APPROVE] = 2,
        [ACTION_REJECT] = 3,
        [ACTION_WITHDRAW] = 4,
        [ACTION_NOTICE_START] = 5,
        [ACTION_NOTICE_PASSED] = 6,
        [ACTION_OBJECTION] = 7,
        [ACTION_PAY_CONFIRMED] = 8 };
    return ranks[action] != 0 ? ranks[action] : 8 + action;
}

static int case_order(const struct fact *a, const struct fact *b)
{
    int order = number_cmp(a->action.scheme, b->action.scheme);
    if (order == 0)
        order = number_cmp(a->action.year, b->action.year);
    if (order == 0)
        order = day_cmp(a->action.on, b->action.on);
    if (order == 0)
        order = number_cmp(case_rank(a->action.action), case_rank(b->action.action));
    return order != 0 ? order : fact_content_cmp(a, b, NULL);
}

int fact_order(const struct fact *a, const struct fact *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    int order;
    switch (a->kind) {
    case FACT_ADMISSION:
        return series_order(a, b, a->admission.encounter_id, b->admission.encounter_id,
            number_cmp(a->admission.version, b->admission.version));
    case FACT_DISCHARGE:
        return series_order(a, b, a->discharge.encounter_id, b->discharge.encounter_id,
            number_cmp(a->discharge.version, b->discharge.version));
    case FACT_IDENTITY:
        return identity_order(a, b);
    case FACT_CONTRIBUTION:
        return contribution_order(a, b);
    case FACT_ENROLMENT:
        order = number_cmp(a->enrolment.year, b->enrolment.year);
        return order != 0 ? order : -fact_content_cmp(a, b, NULL);
    case FACT_CREDIT:
        order = day_cmp(a->credit.credited_on, b->credit.credited_on);
        return order != 0 ? order : fact_content_cmp(a, b, NULL);
    default:
        return case_order(a, b);
    }
}

bool fact_is_series_rival(const struct fact *a, const struct fact *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == FACT_ADMISSION)
        return a->admission.version == b->admission.version
            && text_equal(a->admission.encounter_id, b->admission.encounter_id);
    if (a->kind == FACT_DISCHARGE)
        return a->discharge.version == b->discharge.version
            && text_equal(a->discharge.encounter_id, b->discharge.encounter_id);
    return false;
}
