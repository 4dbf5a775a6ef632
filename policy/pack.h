/** A region's policy as data: what the loader makes of policy/packs/<region>/ and the rules are computed from.
 *
 *  A pack is built once (policy/pack_load.h), never changes, and is shared by all threads. Every figure stands in a
 *  version of a rule, with the days on which it holds and its source. Amounts are fen, shares are basis points.
 *  Nothing here allocates. */
#pragma once

#include "policy/visit.h"

/** A pack has at most this many rules, groups, and lines on one settlement; the loader refuses more. */
#define POLICY_RULE_LIMIT 32
#define POLICY_GROUP_LIMIT 4
#define POLICY_LINE_LIMIT 16
/** Bytes of a rule's id at most: it is a name on the wire. */
#define POLICY_ID_BYTES 128
/** Bytes of a rule's title and article at most, so that the sentence of its lines fits a text field of the wire. */
#define POLICY_TITLE_BYTES 96
#define POLICY_ARTICLE_BYTES 120

enum policy_kind {
#define KIND(name, text) POLICY_##name,
#include "policy/kind.def"
#undef KIND
    POLICY_KIND_COUNT
};
const char *policy_kind_name(enum policy_kind kind);

/** Both days belong to it. */
struct policy_period {
    day from;
    day to;
};

static inline bool policy_period_has(const struct policy_period *period, day d)
{
    return d.n >= period->from.n && d.n <= period->to.n;
}

/** A cap that may be absent: `limited` false means that there is none. */
struct policy_cap {
    bool limited;
    money amount; /* fen a year */
};

/** `over` is excluded, `up_to` included; bands touch; the last one's up_to is INT64_MAX. */
struct policy_band {
    money over;
    money up_to;
    rate share;
};

struct policy_bands {
    const struct policy_band *items;
    size_t count;
};

/** What a rule computes on: in-policy cost less these payers (bit n = enum policy_payer n) and, where it says so,
 *  the basic insurance's deductible; never below zero. With `computed_critical_illness`, an absent critical-illness
 *  payment is replaced by the line that the pack computed (rules.md G4: the in-policy self-pay S is all seven
 *  payers with this flag). */
struct policy_base {
    uint8_t less_payers;
    bool less_basic_deductible;
    bool computed_critical_illness;
};

/** For persons of some category: a smaller deductible, a higher rate, no cap (Pingshun art. 6). */
struct policy_preference {
    term_set categories;  /* of which one counts; empty: nobody is preferred */
    rate deductible_part; /* what remains of the deductible: 50% */
    rate rate_plus;       /* added to each band's rate */
    bool uncapped;
};

struct policy_bands_values {
    term_set holders;      /* all held on the discharge day */
    bool holders_required; /* true: otherwise NOT_ELIGIBLE; false: otherwise the rule is silent */
    bool only_if_unpaid;   /* only where no critical-illness payment was given */
    bool accumulate;       /* bands run over the year; false: each visit begins anew */
    struct policy_base base;
    money deductible; /* of the year; bands begin above it */
    struct policy_bands bands;
    struct policy_cap cap;  /* of the year */
    rate unregistered_less; /* taken off each band's rate, never below zero */
    struct policy_preference preference;
};

struct policy_category_row {
    uint8_t category;
    rate income_share; /* the year's deductible as a share of the income figure; 0: none */
    rate share;
};

struct policy_category_table_values {
    struct policy_base base;
    const struct policy_category_row *rows; /* in the order in which a tie is decided (rules.md P19) */
    size_t count;
    term_set categories;      /* of all rows */
    uint8_t year_end_classes; /* bit n: chronic class n is paid once, at the year's end */
};

struct policy_top_up_values {
    term_set categories; /* the applied one must be among them */
    rate target;         /* of the in-policy cost, all payers together */
};

struct policy_catalogue_values {
    term_set categories;      /* one of them counts */
    rate limit[5];            /* by CHARGE_..., of the total; index 0 unused */
    term_set fund_categories; /* applied: the fund pays `fund_share` within the limit */
    rate fund_share;
};

struct policy_excess_values {
    struct policy_base base;
    rate above_income; /* the threshold as a share of the income figure */
    rate share;
    struct policy_cap cap;      /* of the year, the rule's own */
    term_set referrals;         /* REFERRAL_... with which a visit qualifies */
    const uint8_t *minus_rules; /* indexes of the rules whose lines are taken off the base first */
    size_t minus_count;
};

struct policy_per_visit_values {
    term_set holders;    /* all held on the day, else NOT_ELIGIBLE */
    money deductible[4]; /* by LEVEL_..., per visit; index 0 unused */
    rate share[4];
    uint8_t plus_category; /* RETIRED: */
    rate plus;             /* points more */
    struct policy_cap cap;
    struct policy_cap plus_cap;       /* the cap of those with plus_category */
    uint8_t paid_months_category;     /* with this category's funding MONTHLY and without plus_category: */
    uint8_t paid_months_contribution; /* cap / 12 x months of this CONTRIBUTION_... paid; 0: no such rule */
};

struct policy_account_values {
    term_set holders;       /* credited monthly while all of them are held */
    uint8_t since_category; /* from the month after this holding began */
    money monthly_credit;
    day credited_from;             /* the first month that is credited */
    term_set purposes;             /* allowed */
    term_set institution_purposes; /* of these: only at a designated institution, exclusion NONE */
    term_set relations;            /* RELATION_... for whom it may be used */
    term_set default_cares;        /* CARE_... that use the account when the message does not say */
    uint8_t default_purpose[8];    /* by CARE_... */
};

struct policy_case_subsidy_values {
    uint8_t scheme;     /* SCHEME_... */
    term_set cares;     /* CARE_... that count */
    struct text within; /* region prefix: only hospitals standing there count; empty: any designated one */
    struct policy_base base;
    term_set hardship; /* one of them held on the day of approval */
    money hardship_deductible, deductible;
    rate hardship_share, share;
    struct policy_cap cap;
    uint8_t household; /* LOCAL_HOUSEHOLD: this with one of `insured`, or `insured` for `insured_years` */
    term_set insured;
    int insured_years;
    int apply_month, apply_day; /* of the next year: the last day to apply */
    int first_year;             /* costs of this year are the first that count */
};

struct policy_enrolment_row {
    uint8_t category;
    rate share;     /* of the premium */
    bool has_floor; /* at least floor, at most the premium */
    money floor;
    bool fixed; /* min(premium, floor) whatever the share */
};

struct policy_enrolment_values {
    const struct policy_enrolment_row *rows;
    size_t count;
};

struct policy_watch_values {
    term_set key_categories; /* one held on the day of the last discharge */
    money key_threshold;     /* warned when above */
    term_set other_categories;
    money other_threshold;
    term_set departments;
    int list_day; /* of the next month: the monthly list is due */
    int reply_working_days;
    int claim_warning_days; /* before a manual claim lapses */
};

struct policy_levy_values {
    rate levy;       /* of the payroll */
    rate grant_part; /* of the levy: shared equally among the holders */
    uint8_t holder;  /* CATEGORY_... */
    rate agency_fee_least, agency_fee_most;
};

struct policy_reserve_values {
    rate yearly; /* of the year's income */
    rate most;   /* of it: what the reserve may hold */
};

struct policy_shared_cap_row {
    uint8_t category;
    struct policy_cap cap;
};

struct policy_shared_cap_values {
    const struct policy_shared_cap_row *rows;
    size_t count;
};

struct policy_bar_values {
    struct text inside; /* region prefix within which nothing is barred */
    term_set referrals; /* REFERRAL_... that are barred outside */
};

struct policy_application_values {
    term_set categories;
    uint8_t scheme;
};

struct policy_claim_values {
    int days; /* from the last discharge that the claim names */
};

struct policy_duty_values {
    uint8_t category;     /* whose funding decides: SUPPLEMENTARY_MEMBER */
    uint8_t contribution; /* CONTRIBUTION_... */
    int due_day;          /* of each month's own month */
    int december_due_day;
    int yearly_month, yearly_day; /* the last day for those who pay by the year */
    bool makeup;                  /* paying later brings the benefit back */
    money yearly_amount, monthly_amount;
};

/** One rule's figures during one period. */
struct policy_version {
    struct policy_period period;
    const char *source; /* key of the pack's documents */
    union {
        struct policy_bands_values bands;
        struct policy_category_table_values table;
        struct policy_top_up_values top_up;
        struct policy_catalogue_values catalogue;
        struct policy_excess_values excess;
        struct policy_per_visit_values per_visit;
        struct policy_account_values account;
        struct policy_case_subsidy_values case_subsidy;
        struct policy_enrolment_values enrolment;
        struct policy_watch_values watch;
        struct policy_levy_values levy;
        struct policy_reserve_values reserve;
        struct policy_shared_cap_values shared_cap;
        struct policy_bar_values bar;
        struct policy_application_values application;
        struct policy_claim_values claim;
        struct policy_duty_values duty;
    };
};

/** A place where the document leaves room, and how it is read here: another reading is another value of the
 *  parameter. */
struct policy_reading {
    const char *parameter; /* the key in the pack's YAML */
    const char *text;      /* the document's own words */
    const char *taken;     /* the reading, in Chinese */
};

struct policy_rule {
    uint8_t index; /* its place in the pack, in which order rules are computed and lines are written */
    uint8_t kind;  /* POLICY_... */
    uint8_t group;
    uint8_t fund;        /* FUND_... of its lines */
    uint8_t cares;       /* bit n: applies to CARE_ n */
    bool in_province;    /* only hospitals of the pack's province */
    const char *id;      /* "pingshun.inpatient" */
    const char *title;   /* "住院救助" */
    const char *article; /* "第十四条" */
    const char *text;    /* the article's own sentence, for `policy explain` */
    const struct policy_reading *readings;
    size_t reading_count;
    const struct policy_version *versions; /* in order of time, each day in at most one */
    size_t count;
};

/** Rules that are gated together: barred, pending and capped as one. NULL: no such gate. */
struct policy_group {
    const char *name;
    const struct policy_rule *bar;
    const struct policy_rule *application;
    const struct policy_rule *claim;
    const struct policy_rule *duty;
    const struct policy_rule *shared_cap;
};

/** The disposable income per head, rounded to the yuan, in force from `from` until the next one's. */
struct policy_income {
    int year;
    day published_on;
    day from;
    money value;
};

struct policy_window {
    int year;
    struct policy_period period;
};

struct policy_document {
    const char *key;
    const char *title;
    const char *number; /* "阳政办发〔2021〕53号"; "" when it has none */
};

/** How a stay's two days count (rules.md, Identity). */
enum policy_identity_rule { IDENTITY_STAY_UNION, IDENTITY_AT_DISCHARGE, IDENTITY_AT_ADMISSION };

struct policy_pack {
    const char *region;   /* "140425" */
    const char *name;     /* "平顺县" */
    const char *version;  /* digest of the files it was made from: `policy_version` */
    struct text province; /* region prefix */
    struct policy_period in_force;
    enum policy_identity_rule identity_rule;
    term_set transitional; /* categories that count no longer after transition_to */
    day transition_to;
    const struct policy_rule *rules;
    size_t rule_count;
    struct policy_group groups[POLICY_GROUP_LIMIT];
    size_t group_count;
    /* Where the rules of these kinds are; NULL when the region has none. */
    const struct policy_rule *watch;
    const struct policy_rule *account;
    const struct policy_rule *case_subsidy;
    const struct policy_rule *enrolment;
    const struct policy_rule *levy;
    const struct policy_rule *reserve;
    const struct policy_rule *year_end;  /* the category table with year_end_classes */
    const struct policy_income *incomes; /* in order of `from` */
    size_t income_count;
    const struct policy_window *windows;
    size_t window_count;
    const day *holidays; /* working days of the week on which nobody works, sorted */
    size_t holiday_count;
    const day *working_weekends; /* sorted */
    size_t working_weekend_count;
    const struct policy_document *documents;
    size_t document_count;
    const struct policy_reading *readings; /* of the region's own parameters: identity_rule, transition */
    size_t reading_count;
    bool sample; /* some figures are samples and marked so */
};

/** The figures that hold on that day; NULL when none do. */
static inline const struct policy_version *policy_rule_on(const struct policy_rule *rule, day d)
{
    for (size_t i = 0; i < rule->count; i++)
        if (policy_period_has(&rule->versions[i].period, d))
            return &rule->versions[i];
    return NULL;
}

/** The same for what goes on before the first and after the last day of the region's policies: the figures nearest to
 *  that day. NULL also for a rule that the region does not have. */
const struct policy_version *policy_rule_near(const struct policy_pack *pack, const struct policy_rule *rule, day d);

/** The last day on which a manual claim of what was discharged that day is in time (Pingshun art. 39); false when the
 *  region asks for none. */
bool policy_claim_deadline(const struct policy_pack *pack, day discharged, day *ret_deadline);

/** The income figure in force on that day; false when there is none yet (Pingshun art. 47). */
bool policy_income_on(const struct policy_pack *pack, day d, money *ret_income);

/** The day that lies `count` working days after `d`, by the pack's calendar. */
day policy_working_days_after(const struct policy_pack *pack, day d, int count);

/** All packs of a process, sorted by region. */
struct policy_packs {
    const struct policy_pack **items;
    size_t count;
};

/** NULL when no pack covers the region. */
const struct policy_pack *policy_packs_find(const struct policy_packs *packs, struct text region);
