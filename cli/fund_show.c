#include "cli/fund_show.h"

#include "policy/levy.h"

/* What a year of a fund comes to. */
struct year_sums {
    money carried, income, outgo, fee, reserve, balance;
    money gap;     /* what the year itself lacks; zero: nothing */
    money covered; /* of that, by what was carried over (Pingshun art. 27) */
};

static struct year_sums sums_of(const struct fund_book *book, const struct fund_year *year)
{
    struct year_sums sums = { .carried = fund_book_carried(book, year->year),
        .income = fund_year_income(year),
        .outgo = fund_year_outgo(year),
        .fee = year->income[INCOME_AGENCY_FEE],
        .reserve = year->reserve };
    money own = money_sub(money_sub(sums.income, sums.outgo), money_add(sums.fee, sums.reserve));
    sums.balance = money_add(sums.carried, own);
    sums.gap = money_minus_floor(MONEY_ZERO, own);
    sums.covered = money_min(sums.gap, money_max(sums.carried, MONEY_ZERO));
    return sums;
}

static bool is_shown(const struct fund_view *view, const struct fund_year *year)
{
    return view->year == 0 || view->year == year->year;
}

static bool is_closed_month(const struct fund_ledger *ledger, int month)
{
    return month < ledger->open_month;
}

/* ---- JSON ---- */

static json_t *fen(money amount)
{
    return json_sprintf("%lld", (long long)amount.fen);
}

static json_t *income_json(const struct fund_year *year)
{
    json_t *json = json_object();
    for (int source = 1; source <= term_last(TERM_INCOME); source++)
        if (source != INCOME_AGENCY_FEE && !money_is_zero(year->income[source]))
            json_object_set_new(json, term_name(TERM_INCOME, source), fen(year->income[source]));
    return json;
}

static json_t *outgo_json(const struct fund_year *year)
{
    json_t *json = json_object();
    for (size_t i = 0; i < year->outgo_count; i++)
        json_object_setn_new(json, year->outgo[i].rule.at, year->outgo[i].rule.length, fen(year->outgo[i].amount));
    return json;
}

static json_t *months_json(const struct fund_view *view, const struct fund_book *book, int year)
{
    json_t *json = json_array();
    char text[FUND_MONTH_TEXT_SIZE];
    for (size_t i = 0; i < book->month_count; i++) {
        const struct fund_month *month = &book->months[i];
        if (fund_month_year(month->month) == year)
            json_array_append_new(json,
                json_pack("{s:s, s:o, s:I, s:b}", "month", fund_month_format(month->month, text), "outgoFen",
                    fen(month->outgo), "payees", (json_int_t)month->payees, "closed",
                    is_closed_month(view->ledger, month->month)));
    }
    return json;
}

static json_t *year_json(const struct fund_view *view, const struct fund_book *book, const struct fund_year *year)
{
    const struct year_sums sums = sums_of(book, year);
    json_t *json = json_pack(
        "{s:s, s:i, s:b}", "fund", term_name(TERM_FUND, book->fund), "year", year->year, "closed", year->is_closed);
    json_object_set_new(json, "carriedOverFen", fen(sums.carried));
    json_object_set_new(json, "incomeFen", fen(sums.income));
    json_object_set_new(json, "income", income_json(year));
    json_object_set_new(json, "outgoFen", fen(sums.outgo));
    json_object_set_new(json, "outgo", outgo_json(year));
    json_object_set_new(json, "agencyFeeFen", fen(sums.fee));
    json_object_set_new(json, "reserveFen", fen(sums.reserve));
    json_object_set_new(json, "balanceFen", fen(sums.balance));
    json_object_set_new(json, "gapFen", fen(sums.gap));
    json_object_set_new(json, "gapCoveredFen", fen(sums.covered));
    json_object_set_new(json, "months", months_json(view, book, year->year));
    return json;
}

json_t *fund_show_json(const struct fund_view *view)
{
    json_t *json = json_object(), *years = json_array();
    json_object_set_new(json, "region", json_stringn(view->ledger->region.at, view->ledger->region.length));
    json_object_set_new(json, "years", years);
    for (size_t i = 0; i < view->ledger->book_count; i++) {
        const struct fund_book *book = &view->ledger->books[i];
        for (size_t at = 0; at < book->year_count; at++)
            if (is_shown(view, &book->years[at]))
                json_array_append_new(years, year_json(view, book, &book->years[at]));
    }
    return json;
}

/* ---- Text ---- */

static void print_amount(FILE *out, const char *what, money amount)
{
    char text[MONEY_TEXT_SIZE];
    fprintf(out, "%s：%s元\n", what, money_format(amount, text));
}

static const char *title_of(const struct policy_pack *pack, struct text rule)
{
    for (size_t i = 0; i < pack->rule_count; i++)
        if (text_equal(text_of(pack->rules[i].id), rule))
            return pack->rules[i].title;
    return "";
}

static void print_income(FILE *out, const struct fund_year *year)
{
    char text[MONEY_TEXT_SIZE];
    for (int source = 1; source <= term_last(TERM_INCOME); source++)
        if (source != INCOME_AGENCY_FEE && !money_is_zero(year->income[source]))
            fprintf(out, "    %s %s元\n", term_chinese(TERM_INCOME, source), money_format(year->income[source], text));
}

static void print_outgo(const struct fund_view *view, FILE *out, const struct fund_year *year)
{
    char text[MONEY_TEXT_SIZE];
    for (size_t i = 0; i < year->outgo_count; i++)
        fprintf(out, "    %s（%.*s） %s元\n", title_of(view->pack, year->outgo[i].rule),
            TEXT_FORMAT(year->outgo[i].rule), money_format(year->outgo[i].amount, text));
}

/* Yangcheng 六: what an agency is paid lies between two shares of the levy. */
static void print_fee(
    const struct fund_view *view, FILE *out, const struct fund_book *book, const struct fund_year *year)
{
    const struct policy_rule *levy = view->pack->levy;
    const struct policy_version *version =
        levy == NULL || levy->fund != book->fund ? NULL : policy_rule_on(levy, day_of(year->year, 12, 31));
    char least[MONEY_TEXT_SIZE], most[MONEY_TEXT_SIZE];
    if (version == NULL && money_is_zero(year->income[INCOME_AGENCY_FEE]))
        return;
    print_amount(out, "  经办服务费", year->income[INCOME_AGENCY_FEE]);
    if (version == NULL)
        return;
    money levied = year->income[INCOME_PAYROLL];
    fprintf(out, "    按规定应在%s元至%s元之间\n",
        money_format(money_share(levied, version->levy.agency_fee_least), least),
        money_format(money_share(levied, version->levy.agency_fee_most), most));
}

static void print_gap(FILE *out, const struct year_sums *sums)
{
    char gap[MONEY_TEXT_SIZE], covered[MONEY_TEXT_SIZE], left[MONEY_TEXT_SIZE];
    if (!money_is_zero(sums->gap))
        fprintf(out, "    当年收不抵支%s元：动用历年结余%s元，尚缺%s元\n", money_format(sums->gap, gap),
            money_format(sums->covered, covered), money_format(money_sub(sums->gap, sums->covered), left));
}

static void print_months(const struct fund_view *view, FILE *out, const struct fund_book *book, int year)
{
    char amount[MONEY_TEXT_SIZE], text[FUND_MONTH_TEXT_SIZE];
    fprintf(out, "  各月支出：\n");
    for (size_t i = 0; i < book->month_count; i++) {
        const struct fund_month *month = &book->months[i];
        if (fund_month_year(month->month) == year)
            fprintf(out, "    %s %s元（%s）\n", fund_month_format(month->month, text),
                money_format(month->outgo, amount),
                is_closed_month(view->ledger, month->month) ? "已关账，已申请拨付" : "未关账");
    }
}

static void print_year(
    const struct fund_view *view, FILE *out, const struct fund_book *book, const struct fund_year *year)
{
    const struct year_sums sums = sums_of(book, year);
    fprintf(out, "%s %s %d年度（%s）\n", view->pack->name, term_chinese(TERM_FUND, book->fund), year->year,
        year->is_closed ? "已年结" : "未年结");
    print_amount(out, "  上年结转", sums.carried);
    print_amount(out, "  收入", sums.income);
    print_income(out, year);
    print_amount(out, "  支出", sums.outgo);
    print_outgo(view, out, year);
    print_fee(view, out, book, year);
    if (view->pack->reserve != NULL && view->pack->reserve->fund == book->fund) {
        print_amount(out, "  提取风险储备金", sums.reserve);
        print_amount(out, "    累计", fund_book_reserve(book, year->year));
    }
    print_amount(out, "  结余", sums.balance);
    print_gap(out, &sums);
    print_months(view, out, book, year->year);
}

void fund_show_print(const struct fund_view *view, FILE *out)
{
    for (size_t i = 0; i < view->ledger->book_count; i++) {
        const struct fund_book *book = &view->ledger->books[i];
        for (size_t at = 0; at < book->year_count; at++)
            if (is_shown(view, &book->years[at]))
                print_year(view, out, book, &book->years[at]);
    }
}
