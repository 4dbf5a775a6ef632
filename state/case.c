#include "state/case.h"

/* rules.md J, Cases: from a stage, by an action, to a stage; CASE_NONE: the action does not fit. */
static const uint8_t steps[CASE_STAGE_COUNT][TERM_LIMIT] = {
    [CASE_NONE] = { [ACTION_APPLY] = CASE_APPLIED },
    [CASE_APPLIED] = { [ACTION_APPROVE] = CASE_APPROVED,
        [ACTION_REJECT] = CASE_REJECTED,
        [ACTION_WITHDRAW] = CASE_WITHDRAWN },
    [CASE_APPROVED] = { [ACTION_NOTICE_START] = CASE_NOTICE,
        [ACTION_REJECT] = CASE_REJECTED,
        [ACTION_WITHDRAW] = CASE_WITHDRAWN },
    [CASE_NOTICE] = { [ACTION_NOTICE_PASSED] = CASE_PASSED,
        [ACTION_OBJECTION] = CASE_OBJECTED,
        [ACTION_REJECT] = CASE_REJECTED,
        [ACTION_WITHDRAW] = CASE_WITHDRAWN },
    [CASE_OBJECTED] = { [ACTION_APPROVE] = CASE_APPROVED,
        [ACTION_NOTICE_START] = CASE_NOTICE,
        [ACTION_NOTICE_PASSED] = CASE_PASSED,
        [ACTION_REJECT] = CASE_REJECTED,
        [ACTION_WITHDRAW] = CASE_WITHDRAWN },
    [CASE_PASSED] = { [ACTION_PAY_CONFIRMED] = CASE_PAID, [ACTION_OBJECTION] = CASE_OBJECTED },
    [CASE_REJECTED] = { [ACTION_APPLY] = CASE_APPLIED },
    [CASE_WITHDRAWN] = { [ACTION_APPLY] = CASE_APPLIED },
};

static bool is_step(const struct fact *fact)
{
    return fact->action.action <= ACTION_WITHDRAW;
}

static void take(struct case_file *file, const struct fact *fact)
{
    file->stage = steps[file->stage][fact->action.action];
    switch (fact->action.action) {
    case ACTION_APPLY:
        if (file->opened_by == NULL) {
            file->id = text_is_empty(fact->action.case_id) ? fact->event_id : fact->action.case_id;
            file->first = fact;
        }
        file->opened_by = fact;
        file->applied_on = fact->action.on;
        file->approved = false;
        break;
    case ACTION_APPROVE:
        file->approved = true;
        file->approved_on = fact->action.on;
        file->aid = fact->action.amount;
        break;
    case ACTION_REJECT:
    case ACTION_WITHDRAW:
        file->approved = false;
        break;
    default:
        break;
    }
}

static bool is_of(const struct case_file *file, const struct fact *fact)
{
    return file->scheme == fact->action.scheme && file->year == fact->action.year;
}

enum status case_files_of(
    struct arena *arena, const struct fact *const *facts, size_t count, struct case_files *ret_files)
{
    struct case_files files = { .items = ARENA_ARRAY(arena, count + 1, struct case_file),
        .misfits = ARENA_ARRAY(arena, count + 1, const struct fact *) };
    if (files.items == NULL || files.misfits == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < count;) {
        struct case_file file = { .scheme = facts[i]->action.scheme, .year = facts[i]->action.year };
        for (; i < count && is_of(&file, facts[i]); i++) {
            if (!is_step(facts[i]))
                continue;
            if (steps[file.stage][facts[i]->action.action] == CASE_NONE)
                files.misfits[files.misfit_count++] = facts[i];
            else
                take(&file, facts[i]);
        }
        if (file.opened_by != NULL)
            files.items[files.count++] = file;
    }
    *ret_files = files;
    return STATUS_OK;
}

const struct case_file *case_files_find(const struct case_files *files, int scheme, int year)
{
    for (size_t i = 0; i < files->count; i++)
        if (files->items[i].scheme == scheme && files->items[i].year == year)
            return &files->items[i];
    return NULL;
}
