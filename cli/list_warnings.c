#include "cli/list_warnings.h"

#include "cli/list_rows.h"
#include "policy/term.h"

#include <string.h>

/** Of the partitions that are not complete so many are named. */
#define NAMED_MOST 5
/** More than a log has partitions; a trigger of another one is damaged. */
#define PARTITIONS_MAX 65536

struct row {
    const char *region, *person_id, *name, *id, *due_on, *reply_due_on;
    int32_t year, partition; /* the partition that sent it */
    term_set departments;
    bool key_person, is_new;
    int64_t burden_fen, threshold_fen;
};

/* How many rows a partition says it has sent. */
struct end {
    const char *region;
    int32_t partition;
    int64_t offset; /* of what caused it: the last word holds */
    int64_t count;
};

struct list_warnings {
    struct arena *arena;
    const struct list_warnings_wanted *wanted;
    struct list_rows rows, ends;
    bool is_settled;
};

const struct table_column list_warnings_columns[] = {
    { "序号", TABLE_NUMBER, 7 },
    { "地区", TABLE_TEXT, 9 },
    { "姓名", TABLE_TEXT, 14 },
    { "身份证号", TABLE_TEXT, 22 },
    { "年度", TABLE_NUMBER, 7 },
    { "人员类别", TABLE_TEXT, 12 },
    { "个人负担（元）", TABLE_YUAN, 18 },
    { "预警线（元）", TABLE_YUAN, 16 },
    { "超出（元）", TABLE_YUAN, 16 },
    { "本月新增", TABLE_TEXT, 10 },
    { "报送期限", TABLE_DAY, 13 },
    { "反馈期限", TABLE_DAY, 13 },
    { "报送部门", TABLE_TEXT, 36 },
};
const size_t list_warnings_column_count = COUNT_OF(list_warnings_columns);

struct list_warnings *list_warnings_new(struct arena *arena, const struct list_warnings_wanted *wanted)
{
    struct list_warnings *list = ARENA_NEW(arena, struct list_warnings);
    CHECK(list != NULL);
    list->arena = arena;
    list->wanted = wanted;
    return list;
}

/* ---- Taking ---- */

static bool is_wanted(const struct list_warnings *list, const Settled__V1__Warning *warning)
{
    const struct list_warnings_wanted *wanted = list->wanted;
    return strcmp(warning->period, wanted->month) == 0
        && (wanted->region == NULL || strcmp(warning->region, wanted->region) == 0);
}

static term_set departments_of(const Settled__V1__Warning *warning)
{
    term_set set = 0;
    for (size_t i = 0; i < warning->n_departments; i++)
        if ((int)warning->departments[i] > 0 && (int)warning->departments[i] < TERM_LIMIT)
            set |= term_bit((int)warning->departments[i]);
    return set;
}

static int32_t partition_of(const Settled__V1__Warning *warning)
{
    return warning->trigger == NULL ? -1 : warning->trigger->partition;
}

static void take_row(struct list_warnings *list, const Settled__V1__Warning *warning)
{
    struct row *row = ARENA_NEW(list->arena, struct row);
    CHECK(row != NULL);
    *row = (struct row){ .region = list_rows_copy(list->arena, warning->region),
        .person_id = list_rows_copy(list->arena, warning->person_id),
        .name = list_rows_copy(list->arena, warning->name),
        .id = list_rows_copy(list->arena, warning->warning_id),
        .due_on = list_rows_copy(list->arena, warning->due_on),
        .reply_due_on = list_rows_copy(list->arena, warning->reply_due_on),
        .year = warning->year,
        .partition = partition_of(warning),
        .departments = departments_of(warning),
        .key_person = warning->key_person,
        .is_new = warning->new_this_month,
        .burden_fen = warning->burden_fen,
        .threshold_fen = warning->threshold_fen };
    list_rows_add(list->arena, &list->rows, row);
}

static void take_end(struct list_warnings *list, const Settled__V1__Warning *warning)
{
    struct end *end = ARENA_NEW(list->arena, struct end);
    CHECK(end != NULL);
    *end = (struct end){ .region = list_rows_copy(list->arena, warning->region),
        .partition = partition_of(warning),
        .offset = warning->trigger == NULL ? 0 : warning->trigger->offset,
        .count = warning->count };
    list_rows_add(list->arena, &list->ends, end);
}

void list_warnings_take(struct list_warnings *list, const Settled__V1__Warning *warning)
{
    if (!is_wanted(list, warning))
        return;
    if (warning->kind == SETTLED__V1__WARNING__KIND__MONTHLY)
        take_row(list, warning);
    else if (warning->kind == SETTLED__V1__WARNING__KIND__LIST_END)
        take_end(list, warning);
}

/* ---- Order ---- */

/* The same warning twice is one row. */
static int row_order(const void *a, const void *b)
{
    const struct row *first = a, *second = b;
    int order = strcmp(first->region, second->region);
    if (order == 0)
        order = strcmp(first->person_id, second->person_id);
    if (order == 0)
        order = (first->year > second->year) - (first->year < second->year);
    return order != 0 ? order : strcmp(first->id, second->id);
}

static int end_order(const void *a, const void *b)
{
    const struct end *first = a, *second = b;
    int order = strcmp(first->region, second->region);
    if (order == 0)
        order = (first->partition > second->partition) - (first->partition < second->partition);
    return order != 0 ? order : (first->offset > second->offset) - (first->offset < second->offset);
}

/* ---- Whether it is whole ---- */

struct count {
    int64_t sent, said; /* said -1: the partition has not closed the month */
};

static void count_region(const struct list_warnings *list, const char *region, struct count *counts, int32_t partitions)
{
    for (int32_t i = 0; i < partitions; i++)
        counts[i] = (struct count){ 0, -1 };
    for (size_t i = 0; i < list->rows.count; i++) {
        const struct row *row = list->rows.items[i];
        if (strcmp(row->region, region) == 0 && row->partition >= 0 && row->partition < partitions)
            counts[row->partition].sent++;
    }
    for (size_t i = 0; i < list->ends.count; i++) { /* in order: the last word holds */
        const struct end *end = list->ends.items[i];
        if (strcmp(end->region, region) == 0 && end->partition >= 0 && end->partition < partitions)
            counts[end->partition].said = end->count;
    }
}

/* Nobody counts what comes from no partition: such a list is not understood. */
static int64_t count_astray(const struct list_warnings *list, const char *region, int32_t partitions)
{
    int64_t count = 0;
    for (size_t i = 0; i < list->rows.count; i++) {
        const struct row *row = list->rows.items[i];
        count += strcmp(row->region, region) == 0 && (row->partition < 0 || row->partition >= partitions);
    }
    return count;
}

static bool is_region_whole(const struct list_warnings *list, const char *region, int32_t partitions, FILE *complaints)
{
    struct count *counts = ARENA_ARRAY(list->arena, (size_t)partitions, struct count);
    int32_t missing = 0;
    int64_t astray = count_astray(list, region, partitions);
    CHECK(counts != NULL);
    count_region(list, region, counts, partitions);
    for (int32_t i = 0; i < partitions; i++) {
        if (counts[i].sent == counts[i].said)
            continue;
        if (missing++ == 0)
            fprintf(complaints, "%s %s的名单还不完整：\n", region, list->wanted->month);
        if (missing > NAMED_MOST)
            continue;
        if (counts[i].said < 0)
            fprintf(complaints, "  分区%d：还没有月结完毕（已有%lld条）\n", (int)i, (long long)counts[i].sent);
        else
            fprintf(complaints, "  分区%d：应有%lld条，现有%lld条\n", (int)i, (long long)counts[i].said,
                (long long)counts[i].sent);
    }
    if (missing > NAMED_MOST)
        fprintf(complaints, "  还有%d个分区\n", (int)(missing - NAMED_MOST));
    if (astray > 0)
        fprintf(complaints, "%s %s：有%lld条不知来自哪个分区\n", region, list->wanted->month, (long long)astray);
    return missing == 0 && astray == 0;
}

/* A region that only one of the two lists has is looked at as well. */
static const char *next_region(const struct list_warnings *list, const char *after)
{
    const char *next = NULL;
    for (size_t i = 0; i < list->rows.count + list->ends.count; i++) {
        const char *region = i < list->rows.count
            ? ((const struct row *)list->rows.items[i])->region
            : ((const struct end *)list->ends.items[i - list->rows.count])->region;
        if ((after == NULL || strcmp(region, after) > 0) && (next == NULL || strcmp(region, next) < 0))
            next = region;
    }
    return next;
}

bool list_warnings_is_whole(struct list_warnings *list, int32_t partitions, FILE *complaints)
{
    bool whole = true;
    CHECK(partitions <= PARTITIONS_MAX);
    list_rows_settle(&list->rows, row_order);
    list_rows_settle(&list->ends, end_order);
    list->is_settled = true;
    const char *region = list->wanted->region != NULL ? list->wanted->region : next_region(list, NULL);
    if (region == NULL) {
        fprintf(complaints, "%s还没有月结：一条名单记录也没有\n", list->wanted->month);
        return false;
    }
    for (; region != NULL; region = list->wanted->region != NULL ? NULL : next_region(list, region))
        whole &= is_region_whole(list, region, partitions, complaints);
    return whole;
}

/* ---- Writing ---- */

static const char *departments_text(term_set departments, char *buffer, size_t size)
{
    size_t length = 0;
    buffer[0] = '\0';
    for (int value = 1; value <= term_last(TERM_DEPARTMENT); value++)
        if (term_holds(departments, value) && length < size)
            length += (size_t)snprintf(
                buffer + length, size - length, "%s%s", length == 0 ? "" : "、", term_chinese(TERM_DEPARTMENT, value));
    return buffer;
}

static struct table_cell day_cell(const char *text)
{
    return table_text(text[0] == '\0' ? NULL : text);
}

static enum status write_row(const struct row *row, int64_t number, struct table *table)
{
    char departments[256];
    const struct table_cell cells[] = { table_number(number), table_text(row->region), table_text(row->name),
        table_text(row->person_id), table_number(row->year), table_text(row->key_person ? "重点人群" : "其他居民"),
        table_number(row->burden_fen), table_number(row->threshold_fen),
        table_number(row->burden_fen - row->threshold_fen), table_text(row->is_new ? "是" : "否"),
        day_cell(row->due_on), day_cell(row->reply_due_on),
        table_text(departments_text(row->departments, departments, sizeof departments)) };
    _Static_assert(COUNT_OF(cells) == COUNT_OF(list_warnings_columns), "a cell per column");
    return table_add(table, cells);
}

enum status list_warnings_write(const struct list_warnings *list, struct table *table, size_t *ret_count)
{
    enum status status = STATUS_OK;
    size_t count = 0;
    CHECK(list->is_settled);
    for (size_t i = 0; i < list->rows.count && status == STATUS_OK; i++) {
        const struct row *row = list->rows.items[i];
        if (list->wanted->department == 0 || term_holds(row->departments, list->wanted->department))
            status = write_row(row, (int64_t)++count, table);
    }
    if (status == STATUS_OK)
        *ret_count = count;
    return status;
}
