#include "cli/stages.h"

#include "consumers/stage_fund.h"
#include "consumers/stage_person.h"
#include "consumers/stage_roster.h"

static struct stage *make_person(const struct stages_ground *ground)
{
    struct stage_person_config config = { .context = *ground->context };
    memcpy(config.key_secret, ground->secret, sizeof config.key_secret);
    return stage_person_new(&config);
}

static struct stage *make_roster(const struct stages_ground *ground)
{
    return stage_roster_new(ground->context);
}

static struct stage *make_fund(const struct stages_ground *ground)
{
    struct stage_fund_config config = { .context = *ground->context };
    memcpy(config.key_secret, ground->secret, sizeof config.key_secret);
    return stage_fund_new(&config);
}

const struct stages_entry stages_all[] = {
    { "person", make_person },
    { "roster", make_roster },
    { "fund", make_fund },
};
const size_t stages_count = COUNT_OF(stages_all);
