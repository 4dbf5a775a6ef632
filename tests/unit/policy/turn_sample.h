/** A turn around one hand-made rule: what a kind of rule is given, with nothing read from a file. Plain statics;
 *  each test begins with `sample_begin`. */
#pragma once

#include "base/check.h"
#include "policy/turn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define SAMPLE_FROM ((day){ 18628 }) /* 2021-01-01 */
#define SAMPLE_TO ((day){ 21914 })   /* 2029-12-31 */
#define ALL_PAYERS ((1u << PAYER_COUNT) - 1)
#define YUAN(amount) MONEY_FEN((int64_t)(amount)*100)
#define NO_CAP ((struct policy_cap){ 0 })
#define CAP_YUAN(yuan) ((struct policy_cap){ .limited = true, .amount = YUAN(yuan) })

static struct policy_visit visit;
static struct policy_stay stay;
static struct policy_gates gates;
static struct policy_year year;
static struct policy_lines lines;
static struct policy_pack pack;
static struct policy_rule rules[4];
static struct policy_version versions[4];
static struct policy_income incomes[2];
static struct policy_turn turn;

/* A rule with one version, in force from 2021 to 2029. */
static void sample_rule(uint8_t index, enum policy_kind kind, uint8_t fund)
{
    versions[index] = (struct policy_version){ .period = { SAMPLE_FROM, SAMPLE_TO }, .source = "made" };
    rules[index] = (struct policy_rule){ .index = index,
        .kind = (uint8_t)kind,
        .fund = fund,
        .cares = 0xff,
        .id = "made",
        .title = "made",
        .article = "1",
        .versions = &versions[index],
        .count = 1 };
    if (pack.rule_count <= index)
        pack.rule_count = index + 1u;
}

/* Income 29,178 from 2021; discharged on 2023-03-05; a designated hospital of the pack's own county. */
static void sample_begin(void)
{
    memset(&visit, 0, sizeof visit);
    memset(&year, 0, sizeof year);
    memset(&pack, 0, sizeof pack);
    lines.count = 0;
    visit.care = CARE_INPATIENT;
    visit.referral = REFERRAL_NOT_NEEDED;
    visit.channel = CHANNEL_ONE_STOP;
    visit.exclusion = EXCLUSION_NONE;
    visit.level = LEVEL_LEVEL_2;
    visit.designated = true;
    visit.institution_region = TEXT("140425");
    visit.account_owner = visit.account_beneficiary = TEXT_EMPTY;
    incomes[0] = (struct policy_income){ .year = 2022, .from = SAMPLE_FROM, .value = YUAN(29178) };
    pack.region = "140425";
    pack.province = TEXT("14");
    pack.in_force = (struct policy_period){ SAMPLE_FROM, SAMPLE_TO };
    pack.transition_to = SAMPLE_TO;
    pack.rules = rules;
    pack.group_count = 1;
    pack.incomes = incomes;
    pack.income_count = 1;
    stay = (struct policy_stay){ .visit = &visit, .admitted = { 19417 }, .discharged = { 19421 } };
    gates = (struct policy_gates){ .claim = CLAIM_NOT_NEEDED, .paid_months = -1 };
    turn = (struct policy_turn){ .pack = &pack, .stay = &stay, .gates = &gates, .year = &year, .lines = &lines };
}

/* In-policy cost alone makes up the bill. */
static void sample_cost(money in_policy)
{
    visit.in_policy = in_policy;
    visit.total = money_add(money_add(in_policy, visit.pre_self_pay), visit.out_of_catalogue);
}

/* Both days: what the stay's two days count. */
static void sample_hold(term_set categories)
{
    stay.at_admission = stay.at_discharge = turn.counted = categories;
}

/* The one line there is. */
static const struct policy_line *sample_line(void)
{
    assert_int_equal(lines.count, 1);
    return &lines.items[0];
}

static void line_is(const struct policy_line *line, int64_t base, int64_t deductible, int64_t amount)
{
    assert_int_equal(line->base.fen, base);
    assert_int_equal(line->deductible.fen, deductible);
    assert_int_equal(line->amount.fen, amount);
}
