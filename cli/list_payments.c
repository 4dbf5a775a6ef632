#include "cli/list_payments.h"

#include "cli/list_rows.h"
#include "policy/term.h"

#include <string.h>

struct row {
    const char *region, *code, *person_id, *name, *id;
    int fund;
    bool is_person;
    int64_t settlements, amount_fen;
};

struct list_payments {
    struct arena *arena;
    const struct list_payments_wanted *wanted;
    struct list_rows rows;
};

const struct table_column list_payments_columns[] = {
    { "地区", TABLE_TEXT, 9 },
    { "月份", TABLE_TEXT, 10 },
    { "基金", TABLE_TEXT, 24 },
    { "收款方类别", TABLE_TEXT, 13 },
    { "机构代码", TABLE_TEXT, 18 },
    { "身份证号", TABLE_TEXT, 22 },
    { "收款方名称", TABLE_TEXT, 28 },
    { "结算笔数", TABLE_COUNT, 11 },
    { "金额（元）", TABLE_YUAN, 18 },
};
const size_t list_payments_column_count = COUNT_OF(list_payments_columns);

struct list_payments *list_payments_new(struct arena *arena, const struct list_payments_wanted *wanted)
{
    struct list_payments *list = ARENA_NEW(arena, struct list_payments);
    CHECK(list != NULL);
    list->arena = arena;
    list->wanted = wanted;
    return list;
}

void list_payments_take(struct list_payments *list, const Settled__V1__PaymentRequest *request)
{
    const struct list_payments_wanted *wanted = list->wanted;
    if (strcmp(request->month, wanted->month) != 0
        || (wanted->region != NULL && strcmp(request->region, wanted->region) != 0))
        return;
    struct row *row = ARENA_NEW(list->arena, struct row);
    CHECK(row != NULL);
    *row = (struct row){ .region = list_rows_copy(list->arena, request->region),
        .code = list_rows_copy(list->arena, request->institution_code),
        .person_id = list_rows_copy(list->arena, request->person_id),
        .name = list_rows_copy(list->arena,
            request->payee == SETTLED__V1__PAYMENT_REQUEST__PAYEE__PERSON ? request->name : request->institution_name),
        .id = list_rows_copy(list->arena, request->payment_request_id),
        .fund = (int)request->fund,
        .is_person = request->payee == SETTLED__V1__PAYMENT_REQUEST__PAYEE__PERSON,
        .settlements = request->settlements,
        .amount_fen = request->amount_fen };
    list_rows_add(list->arena, &list->rows, row);
}

/* Institutions before persons. The same request twice is one row. */
static int row_order(const void *a, const void *b)
{
    const struct row *first = a, *second = b;
    int order = strcmp(first->region, second->region);
    if (order == 0)
        order = first->fund - second->fund;
    if (order == 0)
        order = first->is_person - second->is_person;
    if (order == 0)
        order = strcmp(first->code, second->code);
    if (order == 0)
        order = strcmp(first->person_id, second->person_id);
    return order != 0 ? order : strcmp(first->id, second->id);
}

static struct table_cell text_cell(const char *text)
{
    return table_text(text[0] == '\0' ? NULL : text);
}

static enum status write_row(const struct list_payments *list, const struct row *row, struct table *table)
{
    const struct table_cell cells[] = { table_text(row->region), table_text(list->wanted->month),
        table_text(term_chinese(TERM_FUND, row->fund)), table_text(row->is_person ? "个人" : "医药机构"),
        text_cell(row->code), text_cell(row->person_id), text_cell(row->name), table_number(row->settlements),
        table_number(row->amount_fen) };
    _Static_assert(COUNT_OF(cells) == COUNT_OF(list_payments_columns), "a cell per column");
    return table_add(table, cells);
}

enum status list_payments_write(struct list_payments *list, struct table *table, size_t *ret_count)
{
    enum status status = STATUS_OK;
    list_rows_settle(&list->rows, row_order);
    for (size_t i = 0; i < list->rows.count && status == STATUS_OK; i++)
        status = write_row(list, list->rows.items[i], table);
    if (status == STATUS_OK)
        status = table_add_total(table);
    if (status == STATUS_OK)
        *ret_count = list->rows.count;
    return status;
}
