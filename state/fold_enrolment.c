/* The premium of those who are helped to enrol (rules.md P13, P33, P34): one subject per year. */
#include "state/fold_parts.h"

static const struct policy_window *window_of(const struct policy_pack *pack, int year)
{
    for (size_t i = 0; i < pack->window_count; i++)
        if (pack->windows[i].year == year)
            return &pack->windows[i];
    return NULL;
}

/* The figures of the year that is paid for; of a year in which the policy began or ended, those nearest to its end. */
static const struct policy_version *version_of(const struct policy_pack *pack, int year)
{
    day last = day_of(year, 12, 31);
    return policy_rule_on(pack->enrolment, last.n > pack->in_force.to.n ? pack->in_force.to : last);
}

/* Pingshun art. 13: the whole premium, a share of it (at least the floor), or a fixed amount; never more than the
 * premium. */
static money subsidy(const struct policy_enrolment_row *row, money premium)
{
    money amount = row->fixed ? row->floor : money_share(premium, row->share);
    if (row->has_floor)
        amount = money_max(amount, row->floor);
    return money_min(amount, premium);
}

struct offer {
    const struct policy_enrolment_row *row;
    money amount;
};

static void better(struct offer *best, const struct policy_enrolment_row *row, money premium)
{
    money amount = subsidy(row, premium);
    if (best->row == NULL || money_cmp(amount, best->amount) > 0)
        *best = (struct offer){ row, amount };
}

/* What the holdings of one category say about an enrolment. */
struct recognition {
    bool within; /* held on some day of the window */
    bool later;  /* begun after closing, by the year's end */
    day began;   /* the earliest such beginning */
};

static struct recognition recognise(const struct fold *fold, int category, const struct policy_period *window, day last)
{
    struct recognition seen = { .began = last };
    for (size_t i = 0; i < fold->holdings.count; i++) {
        const struct holding *holding = &fold->holdings.items[i];
        if (holding->category != category)
            continue;
        if (holding->from.n <= window->to.n && holding->to.n > window->from.n)
            seen.within = true;
        if (holding->from.n > window->to.n && holding->from.n <= last.n) {
            seen.later = true;
            seen.began = holding->from.n < seen.began.n ? holding->from : seen.began;
        }
    }
    return seen;
}

struct judgement {
    struct offer certain; /* held in the window, or recognised after it and enrolled since */
    struct offer waiting; /* recognised after the window, not yet enrolled */
    bool paid_before;     /* a later recognition, but the premium had been paid before it */
};

static struct judgement judge(const struct fold *fold, const struct fact_enrolment *row,
    const struct policy_enrolment_values *values, const struct policy_window *window)
{
    struct judgement judgement = { .paid_before = false };
    for (size_t i = 0; i < values->count; i++) {
        struct recognition seen = recognise(fold, values->rows[i].category, &window->period, day_of(row->year, 12, 31));
        if (seen.within || (seen.later && row->paid && row->paid_on.n >= seen.began.n))
            better(&judgement.certain, &values->rows[i], row->premium);
        else if (seen.later && row->paid)
            judgement.paid_before = true;
        else if (seen.later)
            better(&judgement.waiting, &values->rows[i], row->premium);
    }
    return judgement;
}

static int reason_of(const struct judgement *judgement, const struct policy_window *window)
{
    if (window == NULL)
        return REASON_WINDOW_MISSING;
    if (judgement->certain.row != NULL || judgement->waiting.row != NULL)
        return 0;
    return judgement->paid_before ? REASON_PAID_BEFORE_RECOGNITION : REASON_NOT_ELIGIBLE;
}

static enum status settle_enrolment(struct fold *fold, const struct fact *fact, const struct policy_version *version)
{
    const struct policy_pack *pack = fold->input->pack;
    const struct fact_enrolment *row = &fact->enrolment;
    const struct policy_window *window = window_of(pack, row->year);
    struct judgement judgement = { .paid_before = false };
    if (window != NULL)
        judgement = judge(fold, row, &version->enrolment, window);
    int reason = reason_of(&judgement, window);
    struct offer offer = judgement.certain.row != NULL ? judgement.certain : judgement.waiting;
    struct policy_line line = { .rule = pack->enrolment, .fund = pack->enrolment->fund, .base = row->premium };
    if (reason == 0) {
        line.amount = offer.amount;
        line.share = offer.row->share;
        line.category = offer.row->category;
    } else {
        line.limit = LIMIT_REASON;
        line.reason = (uint8_t)reason;
    }
    struct policy_lines lines = { .count = 0 };
    policy_lines_add(&lines, &line);
    bool waits = reason == REASON_WINDOW_MISSING || (reason == 0 && judgement.certain.row == NULL);
    term_set held = window == NULL ? 0 : holdings_on(&fold->holdings, window->period.to);
    struct ledger_subject subject = { .subject = SUBJECT_ENROLMENT,
        .outcome = waits ? OUTCOME_PENDING : OUTCOME_FINAL,
        .applied = line.category,
        .half = HALF_SAME,
        .year = row->year,
        .id = fold_year_text(fold, row->year),
        .reasons = reason == 0 ? 0 : term_bit(reason),
        .at_admission = held,
        .at_discharge = held,
        .burden = money_sub(row->premium, line.amount),
        .cause = fact };
    return fold_add_subject(fold, &subject, &lines);
}

enum status fold_enrolments(struct fold *fold)
{
    const struct fold_range *range = &fold->kinds[FACT_ENROLMENT];
    if (fold->input->pack->enrolment == NULL)
        return STATUS_OK;
    for (size_t i = range->from; i < range->from + range->count; i++) {
        const struct fact *fact = fold->input->facts[i];
        /* Rows of one year stand together, the one that holds first. */
        bool superseded = i > range->from && fold->input->facts[i - 1]->enrolment.year == fact->enrolment.year;
        const struct policy_version *version = version_of(fold->input->pack, fact->enrolment.year);
        if (superseded || fact->enrolment.removed || version == NULL)
            continue;
        enum status status = settle_enrolment(fold, fact, version);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}
