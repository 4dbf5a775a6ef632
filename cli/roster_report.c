#include "cli/roster_report.h"

#include "policy/term.h"

#include <stdlib.h>

/* ---- The answer ---- */

bool roster_answer_take(
    struct roster_answer *answer, const struct roster_outgoing *list, Settled__V1__RosterReceipt *receipt)
{
    if (!text_equal(text_of(receipt->roster_id), list->header.roster_id)
        || !text_equal(text_of(receipt->source), list->header.source) || receipt->number < 1
        || receipt->number > receipt->numbers)
        return false;
    size_t numbers = (size_t)receipt->numbers, at = (size_t)receipt->number - 1;
    if (answer->count == 0) {
        answer->receipts = calloc(numbers, sizeof(Settled__V1__RosterReceipt *));
        CHECK(answer->receipts != NULL);
        answer->count = answer->missing = numbers;
    }
    if (numbers != answer->count || answer->receipts[at] != NULL)
        return false;
    answer->receipts[at] = receipt;
    answer->missing--;
    return true;
}

void roster_answer_done(struct roster_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        if (answer->receipts[i] != NULL)
            settled__v1__roster_receipt__free_unpacked(answer->receipts[i], NULL);
    free(answer->receipts);
}

bool roster_answer_is_whole(const struct roster_answer *answer)
{
    return answer->count > 0 && answer->missing == 0;
}

bool roster_answer_is_taken(const struct roster_answer *answer)
{
    return roster_answer_is_whole(answer)
        && answer->receipts[0]->outcome == SETTLED__V1__ROSTER_RECEIPT__OUTCOME__TAKEN;
}

/* ---- The file ---- */

void roster_report_unknown(const struct roster_sheet *sheet)
{
    for (size_t i = 0; i < sheet->unknown_count; i++)
        fprintf(stderr, "%s%.*s%s", i == 0 ? "未读取的列：" : "、", TEXT_FORMAT(sheet->unknown[i]),
            i + 1 == sheet->unknown_count ? "\n" : "");
}

void roster_report_problems(const struct roster_sheet *sheet, const struct roster_words *words, FILE *stream)
{
    for (size_t i = 0; i < sheet->problem_count; i++) {
        const struct roster_problem *problem = &sheet->problems[i];
        struct text title =
            problem->column < ROSTER_COLUMN_COUNT ? roster_words_heading(words, problem->column) : TEXT_EMPTY;
        fprintf(stream, "第%ld行  %.*s%s\n", problem->row, TEXT_FORMAT(title),
            roster_complaint_chinese(problem->complaint));
    }
}

/* ---- The list ---- */

void roster_report_list(const struct roster_outgoing *list, FILE *stream)
{
    static const char *const kinds[] = { "", "困难对象名单", "单位人员名单", "缴费名单", "参保名单", "亲属名单",
        "基金收入" };
    const struct roster_header *header = &list->header;
    char stated_on[DAY_TEXT_SIZE];
    fprintf(stream, "%.*s %.*s %s", TEXT_FORMAT(header->region), TEXT_FORMAT(header->department), kinds[header->kind]);
    if (header->category != 0)
        fprintf(stream, "（%s，%s）", term_chinese(TERM_CATEGORY, header->category),
            header->mode == ROSTER_FULL ? "全量：不在其中的人将退出" : "增量");
    fprintf(stream, " %s，%zu行，分%d部分，编号 %.*s\n", day_format(header->stated_on, stated_on), list->sheet->count,
        (int)header->parts, TEXT_FORMAT(header->roster_id));
}

const char *roster_report_reason(const char *reason)
{
    static const char *const known[][2] = {
        { "DATE_MISMATCH", "名单所属日期与送达日期不同，且没有说明" },
        { "OUT_OF_ORDER", "早于已经采用的全量名单" },
        { "PARTS_DISAGREE", "与同一编号先前送达的内容不同" },
        { "UNKNOWN_REGION", "没有这个地区的政策" },
    };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(known[i][0], reason) == 0)
            return known[i][1];
    return reason;
}

static const char *column_of(const char *field)
{
    static const char prefix[] = "attributes.";
    static const char *const titles[][2] = { { "scheme", "险种" }, { "period", "费款所属期" }, { "year", "参保年度" },
        { "relative_id", "亲属身份证号" }, { "relation", "关系" }, { "paid_on", "缴费日期" }, { "amount_fen", "金额" },
        { "account_credit_fen", "个人账户划入" }, { "premium_fen", "缴费标准" }, { "funding", "缴费方式" },
        { "corrected_name", "姓名已更正" }, { "fund", "基金" }, { "source", "资金来源" }, { "date", "日期" },
        { "from", "起始日期" }, { "action", "操作" } };
    if (strncmp(field, prefix, sizeof prefix - 1) == 0)
        field += sizeof prefix - 1;
    for (size_t i = 0; i < COUNT_OF(titles); i++)
        if (strcmp(titles[i][0], field) == 0)
            return titles[i][1];
    return "";
}

static void print_refused(
    const Settled__V1__RosterReceipt__RefusedRow *row, const struct roster_outgoing *list, FILE *stream)
{
    const char *column = column_of(row->field);
    fprintf(stream, "  退回  第%ld行  %s%s%s（%s）\n", roster_outgoing_row(list, row->part, row->row), column,
        column[0] == '\0' ? "" : "：", row->detail[0] == '\0' ? row->reason : row->detail, row->reason);
}

void roster_report_answer(const struct roster_answer *answer, const struct roster_outgoing *list, FILE *stream)
{
    const Settled__V1__RosterReceipt *first = answer->receipts[0];
    if (!roster_answer_is_taken(answer)) {
        fprintf(stream, "整份退回：%s（%s）\n", roster_report_reason(first->reason), first->reason);
        return;
    }
    fprintf(stream, "共%lld行，采纳%lld行，退回%lld行", (long long)first->rows, (long long)first->taken,
        (long long)first->refused);
    if (roster_is_running(&list->header))
        fprintf(stream, "；新纳入%lld人，退出%lld人，无变化%lld人", (long long)first->granted,
            (long long)first->revoked, (long long)first->unchanged);
    fputc('\n', stream);
    for (size_t i = 0; i < answer->count; i++)
        for (size_t row = 0; row < answer->receipts[i]->n_refused_rows; row++)
            print_refused(answer->receipts[i]->refused_rows[row], list, stream);
}
