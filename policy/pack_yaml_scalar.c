#include "policy/pack_yaml.h"

#include <stdlib.h>

bool pack_node_text(struct pack_node at, struct text *ret_text)
{
    if (at.node->type != YAML_SCALAR_NODE) {
        pack_problem(at, "a %s where a single value belongs; allowed: one value",
            at.node->type == YAML_MAPPING_NODE ? "mapping" : "list");
        return false;
    }
    if (at.node->data.scalar.length == 0) {
        pack_problem(at, "an empty value; every key given needs one");
        return false;
    }
    *ret_text = (struct text){ (const char *)at.node->data.scalar.value, at.node->data.scalar.length };
    return true;
}

bool pack_node_copy(struct pack_node at, const char **ret_text)
{
    struct text text;
    if (!pack_node_text(at, &text))
        return false;
    const char *copy = arena_copy(at.file->arena, text.at, text.length);
    if (copy == NULL)
        return false;
    *ret_text = copy;
    return true;
}

static size_t count_digits(struct text text, size_t from)
{
    size_t count = 0;
    while (from + count < text.length && text.at[from + count] >= '0' && text.at[from + count] <= '9')
        count++;
    return count;
}

static bool all_digits(struct text text, size_t most)
{
    return text.length >= 1 && text.length <= most && count_digits(text, 0) == text.length;
}

bool pack_node_money(struct pack_node at, money *ret_amount)
{
    struct text text;
    money amount;
    if (!pack_node_text(at, &text))
        return false;
    size_t whole = count_digits(text, 0);
    bool shaped = whole >= 1 && text.length == whole + 3 && text.at[whole] == '.' && count_digits(text, whole + 1) == 2;
    if (!shaped || !money_parse_yuan(text.at, &amount)) {
        pack_problem(
            at, "`%.*s` is not an amount; allowed: yuan with two decimals, like \"60000.00\"", TEXT_FORMAT(text));
        return false;
    }
    *ret_amount = amount;
    return true;
}

/* "12.25%" -> 1225. The caller has counted the digits, so nothing overflows. */
static int basis_points(struct text text, size_t whole, size_t decimals)
{
    int points = 0;
    for (size_t i = 0; i < whole; i++)
        points = points * 10 + (text.at[i] - '0');
    for (size_t i = 0; i < 2; i++)
        points = points * 10 + (i < decimals ? text.at[whole + 1 + i] - '0' : 0);
    return points;
}

bool pack_node_rate(struct pack_node at, rate *ret_rate)
{
    struct text text;
    if (!pack_node_text(at, &text))
        return false;
    size_t whole = count_digits(text, 0);
    bool has_point = whole < text.length && text.at[whole] == '.';
    size_t decimals = has_point ? count_digits(text, whole + 1) : 0;
    size_t length = whole + (has_point ? 1 + decimals : 0);
    bool shaped = whole >= 1 && whole <= 3 && decimals <= 2 && (!has_point || decimals >= 1)
        && text.length == length + 1 && text.at[length] == '%';
    int points = shaped ? basis_points(text, whole, decimals) : RATE_WHOLE_BP + 1;
    if (points > RATE_WHOLE_BP) {
        pack_problem(at, "`%.*s` is not a rate; allowed: 0%% to 100%% with at most two decimals, like 70%% or 12.25%%",
            TEXT_FORMAT(text));
        return false;
    }
    *ret_rate = RATE_BP(points);
    return true;
}

bool pack_node_day(struct pack_node at, day *ret_day)
{
    struct text text;
    if (!pack_node_text(at, &text))
        return false;
    if (day_parse(text.at, text.length, ret_day))
        return true;
    pack_problem(at, "`%.*s` is not a day; allowed: a real day as YYYY-MM-DD", TEXT_FORMAT(text));
    return false;
}

/* Read as a day of a leap year, so that 02-29 is one. */
bool pack_node_month_day(struct pack_node at, int ret_month_day[2])
{
    struct text text;
    char whole[] = "2024-MM-DD";
    day d;
    if (!pack_node_text(at, &text))
        return false;
    if (text.length == 5)
        memcpy(whole + 5, text.at, 5);
    if (text.length != 5 || !day_parse(whole, 10, &d)) {
        pack_problem(at, "`%.*s` is not a day of the year; allowed: \"MM-DD\", like \"06-30\"", TEXT_FORMAT(text));
        return false;
    }
    struct day_parts parts = day_parts(d);
    ret_month_day[0] = parts.month;
    ret_month_day[1] = parts.day;
    return true;
}

bool pack_node_bool(struct pack_node at, bool *ret_bool)
{
    struct text text;
    if (!pack_node_text(at, &text))
        return false;
    bool yes = text_equal(text, TEXT("true"));
    if (!yes && !text_equal(text, TEXT("false"))) {
        pack_problem(at, "`%.*s` is not a yes or no; allowed: true, false", TEXT_FORMAT(text));
        return false;
    }
    *ret_bool = yes;
    return true;
}

bool pack_node_int(struct pack_node at, int most, int *ret_int)
{
    struct text text;
    if (!pack_node_text(at, &text))
        return false;
    long value = all_digits(text, 9) ? strtol(text.at, NULL, 10) : (long)most + 1;
    if (value > most) {
        pack_problem(at, "`%.*s` does not fit; allowed: a whole number from 0 to %d", TEXT_FORMAT(text), most);
        return false;
    }
    *ret_int = (int)value;
    return true;
}

bool pack_node_digits(struct pack_node at, size_t most, const char **ret_digits)
{
    struct text text;
    if (!pack_node_text(at, &text))
        return false;
    if (!all_digits(text, most)) {
        pack_problem(at, "`%.*s` is not a region; allowed: up to %zu digits in quotes", TEXT_FORMAT(text), most);
        return false;
    }
    return pack_node_copy(at, ret_digits);
}

bool pack_node_name(struct pack_node at, const char *what, const struct pack_names *known, int *ret_place)
{
    struct text text;
    if (!pack_node_text(at, &text))
        return false;
    int place = pack_names_find(known, text);
    if (place < 0) {
        pack_problem_unknown(at, what, text, known);
        return false;
    }
    *ret_place = place;
    return true;
}

bool pack_node_term(struct pack_node at, enum term list, uint8_t *ret_term)
{
    struct pack_names names = { .count = 0 };
    struct text text;
    if (!pack_node_text(at, &text))
        return false;
    int value = term_parse(list, text);
    if (value == 0) {
        for (int i = 1; i <= term_last(list); i++)
            pack_names_add(&names, term_name(list, i));
        pack_problem_unknown(at, "term", text, &names);
        return false;
    }
    *ret_term = (uint8_t)value;
    return true;
}
