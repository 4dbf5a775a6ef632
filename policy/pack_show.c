#include "policy/pack_show.h"

#include "policy/pack_load_field.h"

#include <string.h>

#define INDENT_STEP 2

static void show_record(
    const struct policy_pack *pack, const struct pack_record *record, const void *values, FILE *stream, int indent);

/* ---- Plain values ---- */

static void show_money(const void *at, FILE *stream)
{
    char text[MONEY_TEXT_SIZE];
    const money *amount = at;
    fputs(amount->fen == INT64_MAX ? "以上" : money_format(*amount, text), stream);
}

static void show_rate(const void *at, FILE *stream)
{
    int bp = ((const rate *)at)->bp;
    fprintf(stream, bp % 100 == 0 ? "%d%%" : "%d.%02d%%", bp / 100, bp % 100);
}

static void show_term(int list, int value, FILE *stream)
{
    fprintf(stream, "%s %s", term_name((enum term)list, value), term_chinese((enum term)list, value));
}

static void show_terms(int list, uint32_t set, FILE *stream)
{
    const char *between = "";
    for (int value = 1; value < TERM_LIMIT; value++) {
        if (!term_holds(set, value))
            continue;
        fputs(between, stream);
        show_term(list, value, stream);
        between = "、";
    }
}

static void show_payers(uint8_t payers, FILE *stream)
{
    for (int payer = 0; payer < PAYER_COUNT; payer++)
        if ((payers >> payer) & 1)
            fprintf(stream, "%s ", policy_payer_name((enum policy_payer)payer));
}

static void show_cap(const struct policy_cap *cap, FILE *stream)
{
    if (cap->limited)
        show_money(&cap->amount, stream);
    else
        fputs("none 不设限额", stream);
}

/* Index 0 of a list by term is not used. */
static void show_by_term(const struct pack_field *field, const void *at, FILE *stream)
{
    for (int value = 1; value <= term_last((enum term)field->detail); value++) {
        fprintf(stream, "%s ", term_name((enum term)field->detail, value));
        if (field->type == PACK_MONEY_BY_TERM)
            show_money((const money *)at + value, stream);
        else
            show_rate((const rate *)at + value, stream);
        fputs("  ", stream);
    }
}

static void show_purposes(const uint8_t *purposes, FILE *stream)
{
    for (int care = 1; care <= term_last(TERM_CARE); care++)
        if (purposes[care] != 0)
            fprintf(stream, "%s %s  ", term_name(TERM_CARE, care), term_name(TERM_PURPOSE, purposes[care]));
}

/* ---- Values that hold others ---- */

static void show_earlier_rules(const struct policy_pack *pack, const void *at, FILE *stream)
{
    const uint8_t *const *indexes = at;
    const size_t *count = (const void *)((const char *)at + sizeof *indexes);
    for (size_t i = 0; i < *count; i++)
        fprintf(stream, "%s ", pack->rules[(*indexes)[i]].id);
}

static void show_rows(
    const struct policy_pack *pack, const struct pack_field *field, const void *at, FILE *stream, int indent)
{
    const char *const *rows = at;
    const size_t *count = (const void *)((const char *)at + sizeof *rows);
    for (size_t i = 0; i < *count; i++) {
        fprintf(stream, "\n%*s-", indent, "");
        show_record(pack, field->record, *rows + i * field->record->size, stream, indent + INDENT_STEP);
    }
}

static void show_value(
    const struct policy_pack *pack, const struct pack_field *field, const void *at, FILE *stream, int indent)
{
    switch (field->type) {
    case PACK_MONEY:
        show_money(at, stream);
        break;
    case PACK_CAP:
        show_cap(at, stream);
        break;
    case PACK_RATE:
        show_rate(at, stream);
        break;
    case PACK_BOOL:
        fputs(*(const bool *)at ? "true 是" : "false 否", stream);
        break;
    case PACK_INT:
        fprintf(stream, "%d", *(const int *)at);
        break;
    case PACK_MONTH_DAY:
        fprintf(stream, "%02d-%02d", ((const int *)at)[0], ((const int *)at)[1]);
        break;
    case PACK_DAY: {
        char text[DAY_TEXT_SIZE];
        fputs(day_format(*(const day *)at, text), stream);
        break;
    }
    case PACK_TERM:
        show_term(field->detail, *(const uint8_t *)at, stream);
        break;
    case PACK_TERMS:
        show_terms(field->detail, *(const term_set *)at, stream);
        break;
    case PACK_CLASSES:
        for (int n = 1; n <= 3; n++)
            if ((*(const uint8_t *)at >> n) & 1)
                fprintf(stream, "%d ", n);
        break;
    case PACK_PAYERS:
        show_payers(*(const uint8_t *)at, stream);
        break;
    case PACK_PREFIX:
        fprintf(stream, "%.*s", TEXT_FORMAT(*(const struct text *)at));
        break;
    case PACK_MONEY_BY_TERM:
    case PACK_RATE_BY_TERM:
        show_by_term(field, at, stream);
        break;
    case PACK_PURPOSES:
        show_purposes(at, stream);
        break;
    case PACK_EARLIER_RULES:
        show_earlier_rules(pack, at, stream);
        break;
    case PACK_RECORD:
        show_record(pack, field->record, at, stream, indent);
        break;
    case PACK_ROWS:
        show_rows(pack, field, at, stream, indent);
        break;
    case PACK_TEXT:
    case PACK_REGION:
    case PACK_SOURCE:
        fputs(*(const char *const *)at, stream);
        break;
    case PACK_CUSTOM:
    case PACK_CARES:
    case PACK_GROUP:
    case PACK_DAYS:
        break; /* of a rule or a region, not of figures */
    }
}

/* The size of what an optional figure holds; 0 where it shows itself whether it was given. */
static size_t size_of(const struct pack_field *field)
{
    if (field->type == PACK_RECORD)
        return field->record->size;
    if (field->type == PACK_MONEY)
        return sizeof(money);
    if (field->type == PACK_BOOL || field->type == PACK_TERM || field->type == PACK_CLASSES)
        return 1;
    return field->type == PACK_CAP || field->type == PACK_PREFIX ? 0 : sizeof(int32_t);
}

/* Figures that were left out are zero; nothing is to be said of them. */
static bool is_left_out(const struct pack_field *field, const char *at)
{
    if (field->type == PACK_CAP)
        return !((const struct policy_cap *)(const void *)at)->limited;
    if (field->type == PACK_PREFIX)
        return ((const struct text *)(const void *)at)->length == 0;
    for (size_t i = 0; i < size_of(field); i++)
        if (at[i] != 0)
            return false;
    return true;
}

static void show_record(
    const struct policy_pack *pack, const struct pack_record *record, const void *values, FILE *stream, int indent)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct pack_field *field = &record->fields[i];
        const char *at = (const char *)values + field->offset;
        if (field->optional && is_left_out(field, at))
            continue;
        fprintf(stream, "\n%*s%s: ", indent, "", field->key);
        show_value(pack, field, at, stream, indent + INDENT_STEP);
    }
}

/* ---- The rule ---- */

static const char *document_title(const struct policy_pack *pack, const char *key)
{
    for (size_t i = 0; i < pack->document_count; i++)
        if (strcmp(pack->documents[i].key, key) == 0)
            return pack->documents[i].title;
    return key;
}

static void show_version(
    const struct policy_pack *pack, const struct policy_rule *rule, const struct policy_version *version, FILE *stream)
{
    char from[DAY_TEXT_SIZE], to[DAY_TEXT_SIZE];
    const void *figures = &version->bands; /* all kinds' figures begin at the same place */
    fprintf(stream, "\n%s 至 %s（%s）", day_format(version->period.from, from),
        version->period.to.n == DAY_LAST.n ? "今" : day_format(version->period.to, to),
        document_title(pack, version->source));
    show_record(pack, pack_kind_of((enum policy_kind)rule->kind)->values, figures, stream, INDENT_STEP);
    fputc('\n', stream);
}

static void show_readings(const struct policy_reading *readings, size_t count, FILE *stream)
{
    for (size_t i = 0; i < count; i++)
        fprintf(
            stream, "\n理解 %s\n  原文：%s\n  取义：%s\n", readings[i].parameter, readings[i].text, readings[i].taken);
}

void policy_pack_show(const struct policy_pack *pack, const struct policy_rule *rule, FILE *stream)
{
    fprintf(stream, "%s  %s\n%s %s  %s\nkind: %s", rule->id, rule->title, pack->region, pack->name, rule->article,
        policy_kind_name((enum policy_kind)rule->kind));
    if (rule->fund != 0) {
        fputs("  fund: ", stream);
        show_term(TERM_FUND, rule->fund, stream);
    }
    if (rule->cares != 0) {
        fputs("  care: ", stream);
        show_terms(TERM_CARE, rule->cares, stream);
    }
    fprintf(stream, "\n\n%s\n", rule->text);
    show_readings(rule->readings, rule->reading_count, stream);
    for (size_t i = 0; i < rule->count; i++)
        show_version(pack, rule, &rule->versions[i], stream);
}
