#include "cli/reading.h"

#include "base/money.h"
#include "cli/line.h"
#include "policy/term.h"
#include "proto/settled.pb-c.h"

/* ---- Parts of a sentence ---- */

struct yuan {
    char text[MONEY_TEXT_SIZE];
};

static struct yuan yuan(int64_t fen)
{
    struct yuan yuan;
    money_format(MONEY_FEN(fen), yuan.text);
    return yuan;
}

/* The first six digits say the county, the last two tell namesakes apart; what lies between is nobody's business. */
struct masked {
    char text[32];
};

static struct masked masked(const char *person_id)
{
    struct masked masked;
    size_t length = strlen(person_id);
    if (length != 18)
        snprintf(masked.text, sizeof masked.text, "******");
    else
        snprintf(masked.text, sizeof masked.text, "%.6s**********%s", person_id, person_id + 16);
    return masked;
}

static void print_terms(FILE *stream, enum term list, const int *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "%s%s", i == 0 ? "" : "、", term_chinese(list, values[i]));
}

/* Enums of the wire are int-sized; their numbers are those of the terms. */
#define PRINT_TERMS(stream, list, values, count)                                                                       \
    print_terms((stream), (list), (const int *)(const void *)(values), (count))

/* ---- Settlement ---- */

static const char *kind_chinese(Settled__V1__Settlement__Kind kind)
{
    static const char *const names[] = { "结算", "结算", "调整", "撤销", "试算" };
    return (size_t)kind < COUNT_OF(names) ? names[kind] : names[0];
}

static void print_identity(const Settled__V1__Settlement *settlement, FILE *stream)
{
    const Settled__V1__Settlement__Identity *identity = settlement->identity;
    if (identity == NULL || identity->n_at_admission + identity->n_at_discharge == 0)
        return;
    fprintf(stream, "  身份：入院时 ");
    PRINT_TERMS(stream, TERM_CATEGORY, identity->at_admission, identity->n_at_admission);
    fprintf(stream, "%s；出院时 ", identity->n_at_admission == 0 ? "无" : "");
    PRINT_TERMS(stream, TERM_CATEGORY, identity->at_discharge, identity->n_at_discharge);
    fprintf(stream, "%s", identity->n_at_discharge == 0 ? "无" : "");
    if (identity->applied != 0)
        fprintf(stream, "；按 %s（%s）", term_chinese(TERM_CATEGORY, (int)identity->applied),
            term_chinese(TERM_HALF, (int)identity->half));
    fputc('\n', stream);
}

static void print_line(const Settled__V1__Settlement__Line *line, FILE *stream)
{
    fprintf(stream, "  %s  %s元", term_chinese(TERM_FUND, (int)line->fund), yuan(line->amount_fen).text);
    if (line->delta_fen != line->amount_fen)
        fprintf(stream, "（本次%s%s元）", line->delta_fen > 0 ? "+" : "", yuan(line->delta_fen).text);
    fprintf(stream, "  %s\n", line->note);
}

static void print_totals(const Settled__V1__Settlement *settlement, FILE *stream)
{
    const Settled__V1__Settlement__Totals *totals = settlement->totals;
    if (totals != NULL) {
        fprintf(stream, "  合计  基金支付%s元", yuan(totals->benefit_fen).text);
        if (totals->hospital_fen != 0)
            fprintf(stream, "，医疗机构承担%s元", yuan(totals->hospital_fen).text);
        if (totals->account_fen != 0)
            fprintf(stream, "，个人账户支付%s元", yuan(totals->account_fen).text);
        fprintf(stream, "，个人负担%s元；", yuan(totals->personal_burden_fen).text);
    }
    fprintf(stream, "%s本次收付%s%s元\n", totals == NULL ? "  " : "", settlement->delta_fen > 0 ? "+" : "",
        yuan(settlement->delta_fen).text);
}

static void print_settlement(const Settled__V1__Settlement *settlement, FILE *stream)
{
    fprintf(stream, "【%s】%s %s %d年 %s %s：%s", kind_chinese(settlement->kind), settlement->region,
        masked(settlement->person_id).text, (int)settlement->year, term_chinese(TERM_SUBJECT, (int)settlement->subject),
        settlement->subject_id, term_chinese(TERM_OUTCOME, (int)settlement->status));
    if (settlement->n_reasons != 0)
        fprintf(stream, "（");
    PRINT_TERMS(stream, TERM_REASON, settlement->reasons, settlement->n_reasons);
    fprintf(stream, "%s\n", settlement->n_reasons == 0 ? "" : "）");
    print_identity(settlement, stream);
    for (size_t i = 0; i < settlement->n_lines; i++)
        print_line(settlement->lines[i], stream);
    for (size_t i = 0; i < settlement->n_withdrawn; i++)
        print_line(settlement->withdrawn[i], stream);
    print_totals(settlement, stream);
}

/* ---- Warning ---- */

static void print_warning(const Settled__V1__Warning *warning, FILE *stream)
{
    fprintf(stream, "【预警】%s %s %d年 %s", warning->region, masked(warning->person_id).text, (int)warning->year,
        term_chinese(TERM_WATCH, (int)warning->kind));
    if (warning->threshold_fen != 0)
        fprintf(stream, "：个人负担%s元，%s预警线%s元", yuan(warning->burden_fen).text,
            warning->key_person ? "重点人群" : "", yuan(warning->threshold_fen).text);
    fprintf(stream, "\n  送  ");
    PRINT_TERMS(stream, TERM_DEPARTMENT, warning->departments, warning->n_departments);
    if (warning->reply_due_on[0] != '\0')
        fprintf(stream, "；请于%s前反馈", warning->reply_due_on);
    fputc('\n', stream);
}

/* ---- Receipt and rejection ---- */

static void print_receipt(const Settled__V1__RosterReceipt *receipt, FILE *stream)
{
    fprintf(stream, "【回执】%s %s %s %s %s：", receipt->region, receipt->department,
        term_chinese(TERM_CATEGORY, (int)receipt->category), receipt->roster_id, receipt->stated_on);
    if (receipt->outcome == SETTLED__V1__ROSTER_RECEIPT__OUTCOME__REFUSED)
        fprintf(stream, "整份退回（%s）\n", receipt->reason);
    else
        fprintf(stream, "共%lld行，采纳%lld行，退回%lld行；纳入%lld人，退出%lld人\n", (long long)receipt->rows,
            (long long)receipt->taken, (long long)receipt->refused, (long long)receipt->granted,
            (long long)receipt->revoked);
    for (size_t i = 0; i < receipt->n_refused_rows; i++) {
        const Settled__V1__RosterReceipt__RefusedRow *row = receipt->refused_rows[i];
        fprintf(stream, "  退回  第%d部分第%d行 %s  %s（%s）\n", (int)row->part, (int)row->row,
            masked(row->person_id).text, row->detail, row->reason);
    }
}

static void print_rejection(const Settled__V1__Rejection *rejection, FILE *stream)
{
    fprintf(stream, "【拒收】%s 分区%d 位置%lld：%s%s%s  %s\n", rejection->topic, (int)rejection->partition,
        (long long)rejection->offset, rejection->reason, rejection->field[0] == '\0' ? "" : " ", rejection->field,
        rejection->detail);
}

static bool print_message(const ProtobufCMessage *message, FILE *stream)
{
    if (message->descriptor == &settled__v1__settlement__descriptor)
        print_settlement((const Settled__V1__Settlement *)message, stream);
    else if (message->descriptor == &settled__v1__warning__descriptor)
        print_warning((const Settled__V1__Warning *)message, stream);
    else if (message->descriptor == &settled__v1__roster_receipt__descriptor)
        print_receipt((const Settled__V1__RosterReceipt *)message, stream);
    else if (message->descriptor == &settled__v1__rejection__descriptor)
        print_rejection((const Settled__V1__Rejection *)message, stream);
    else
        return false;
    return true;
}

bool reading_print(const struct topic *topic, struct text value, FILE *stream)
{
    ProtobufCMessage *message;
    struct fault fault;
    if (line_unpack(topic, value, &message, &fault) != STATUS_OK)
        return false;
    bool was_printed = print_message(message, stream);
    protobuf_c_message_free_unpacked(message, NULL);
    return was_printed;
}
