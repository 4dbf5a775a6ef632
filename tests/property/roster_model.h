/** Lists as simply as they can be said: arrays, no shards, no steps. What the roster stage must say to the same
 *  lists. */
#pragma once

#include "tests/unit/consumers/roster_world.h"

#define MODEL_PERSONS 40
#define MODEL_ROWS_MAX 60
/* Enough that a list takes many steps, although its rows are few: each part costs. */
#define MODEL_PARTS_MAX 150

/* A row; `person` -1 is a bad identity number. Names are single letters, "" is empty. */
struct model_row {
    int person, part, row;
    char name[2];
    int action;
    int from; /* days after 2023-01-01; 0: left out; -1: unreadable */
    bool corrects;
};

struct model_list {
    char roster_id[16];
    int mode, stated; /* days after 2023-01-01 */
    bool mismatch;    /* of dates */
    int parts;
    struct model_row rows[MODEL_ROWS_MAX];
    int row_count;

    enum { MODEL_OPEN, MODEL_DONE, MODEL_REFUSED } state;
    bool in[MODEL_PARTS_MAX + 1];
    int parts_in, rows_in;
};

struct model_person {
    bool listed;
    char name[2];
    int first, last;
};

struct model {
    struct model_person persons[MODEL_PERSONS];
    int last_full; /* -1: none */
    struct lines changes, receipts;
};

static inline const char *model_day(int days, char *text)
{
    return day_format(day_add(day_of(2023, 1, 1), days), text);
}

static inline void model_change(struct model *model, bool is_grant, int p, int on, const char *name)
{
    char text[DAY_TEXT_SIZE];
    snprintf(lines_add(&model->changes), LINE_SIZE, "%s SUBSISTENCE_ALLOWANCE p%d %s %s", is_grant ? "GRANT" : "REVOKE",
        p, model_day(on, text), name);
}

static inline void model_revoke(struct model *model, int p, int on, const char *name)
{
    if (model->persons[p].listed && model->persons[p].first > on)
        on = model->persons[p].first;
    model_change(model, false, p, on, name);
    if (model->persons[p].listed && model->persons[p].last > on)
        model_change(model, false, p, model->persons[p].last, name);
}

/* `before`: the running list as it was before this list. */
static inline const char *model_judge(const struct model_person *before, const bool *taken, const struct model_row *row)
{
    if (row->person < 0)
        return "BAD_PERSON_ID person_id";
    if (row->name[0] == '\0')
        return "MISSING_FIELD name";
    if (before[row->person].listed && !row->corrects && strcmp(before[row->person].name, row->name) != 0)
        return "NAME_MISMATCH name";
    if (taken[row->person])
        return "DUPLICATE_ROW ";
    return row->from < 0 ? "BAD_ATTRIBUTE from" : NULL;
}

static inline void model_grant(struct model *model, int p, int from, const char *name)
{
    bool was = model->persons[p].listed;
    model_change(model, true, p, from, name);
    model->persons[p].first = was && model->persons[p].first < from ? model->persons[p].first : from;
    model->persons[p].last = was && model->persons[p].last > from ? model->persons[p].last : from;
    model->persons[p].listed = true;
    strcpy(model->persons[p].name, name);
}

static inline int model_row_order(const void *a, const void *b)
{
    const struct model_row *left = a, *right = b;
    return left->part != right->part ? left->part - right->part : left->row - right->row;
}

static inline void model_refuse(struct model *model, struct model_list *list, const char *reason, int rows)
{
    snprintf(lines_add(&model->receipts), LINE_SIZE, "%s REFUSED %s %d=0+%d g0 r0 u0 1/1", list->roster_id, reason,
        rows, rows);
}

/* The whole of a list's effect. */
static inline void model_apply(struct model *model, struct model_list *list)
{
    bool taken[MODEL_PERSONS] = { false }, present[MODEL_PERSONS] = { false };
    struct model_person before[MODEL_PERSONS];
    int counts[5] = { 0 }; /* taken, refused, granted, revoked, unchanged */
    char refused[LINE_SIZE] = "";
    if (list->stated < model->last_full) {
        list->state = MODEL_REFUSED;
        model_refuse(model, list, "OUT_OF_ORDER", list->row_count);
        return;
    }
    memcpy(before, model->persons, sizeof before);
    qsort(list->rows, (size_t)list->row_count, sizeof *list->rows, model_row_order);
    for (int i = 0; i < list->row_count; i++) {
        const struct model_row *row = &list->rows[i];
        int p = row->person, from = row->from == 0 ? list->stated : row->from;
        const char *reason = model_judge(before, taken, row);
        if (p >= 0)
            present[p] = true;
        counts[reason == NULL ? 0 : 1]++;
        if (reason != NULL) {
            size_t length = strlen(refused);
            snprintf(refused + length, sizeof refused - length, ", %d.%d %s", row->part, row->row, reason);
            continue;
        }
        taken[p] = true;
        bool was = model->persons[p].listed, same = was && strcmp(model->persons[p].name, row->name) == 0;
        if (row->action == 2) {
            model_revoke(model, p, from, row->name);
            counts[was ? 3 : 4]++;
            model->persons[p].listed = false;
        } else {
            model_grant(model, p, from, row->name);
            counts[2] += !was;
            counts[4] += same;
        }
    }
    for (int p = 0; p < MODEL_PERSONS && list->mode == ROSTER_FULL; p++)
        if (model->persons[p].listed && !present[p]) {
            model_revoke(model, p, list->stated, model->persons[p].name);
            model->persons[p].listed = false;
            counts[3]++;
        }
    if (list->mode == ROSTER_FULL)
        model->last_full = list->stated;
    list->state = MODEL_DONE;
    snprintf(lines_add(&model->receipts), LINE_SIZE, "%s TAKEN %d=%d+%d g%d r%d u%d 1/1%.800s", list->roster_id,
        list->row_count, counts[0], counts[1], counts[2], counts[3], counts[4], refused);
}

/* A part comes; `differs`: with a row more than it has, or had. */
static inline void model_receive(struct model *model, struct model_list *list, int part, bool differs)
{
    int rows = differs;
    for (int i = 0; i < list->row_count; i++)
        rows += list->rows[i].part == part;
    bool is_new = !list->in[part];
    if (list->state != MODEL_OPEN) {
        if (differs && !is_new)
            model_refuse(model, list, "PARTS_DISAGREE", rows);
        list->in[part] = true;
        return;
    }
    if (!is_new && differs) {
        list->state = MODEL_REFUSED;
        model_refuse(model, list, "PARTS_DISAGREE", list->rows_in);
    }
    if (!is_new)
        return;
    list->in[part] = true;
    list->parts_in++;
    list->rows_in += rows;
    if (list->mismatch) {
        list->state = MODEL_REFUSED;
        model_refuse(model, list, "DATE_MISMATCH", rows);
    } else if (list->parts_in == list->parts) {
        model_apply(model, list);
    }
}
