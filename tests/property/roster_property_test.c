/* Random lists in random parts, in any order, twice and interleaved, with workers that die in between: the same
 * answers as the model. */
#include "tests/property/roster_model.h"

#define SEEDS 250
#define LISTS 8
#define OPEN_MAX 3

static uint64_t random_state;

static int roll(int sides)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((random_state >> 33) % (uint64_t)sides);
}

static void roll_row(struct model_row *row, int stated)
{
    *row =
        (struct model_row){ .person = roll(25) == 0 ? -1 : roll(MODEL_PERSONS), .action = roll(4) == 0 ? 2 : roll(2) };
    row->name[0] = roll(25) == 0 ? '\0' : (char)('A' + roll(12) / 11);
    row->corrects = roll(6) == 0;
    if (roll(4) == 0)
        row->from = roll(6) == 0 ? -1 : stated + roll(60) - 20;
    if (row->from != -1 && row->from < 0)
        row->from = 1;
}

static void roll_list(struct model_list *list, int number)
{
    *list = (struct model_list){ .mode = 1 + roll(2), .stated = number * 5 + roll(12), .mismatch = roll(15) == 0 };
    snprintf(list->roster_id, sizeof list->roster_id, "L%d", number);
    list->parts = 1 + roll((const int[]){ 1, 4, 24, MODEL_PARTS_MAX }[roll(4)]);
    list->row_count = roll(MODEL_ROWS_MAX + 1);
    int next[MODEL_PARTS_MAX + 1] = { 0 };
    for (int i = 0; i < list->row_count; i++) {
        roll_row(&list->rows[i], list->stated);
        list->rows[i].part = 1 + roll(list->parts);
        list->rows[i].row = ++next[list->rows[i].part];
    }
}

/* Rows stand in the model in any order of parts; within a part they are in order. */
static void send_part(struct world *world, const struct model_list *list, int part, bool differs)
{
    struct sent_row rows[MODEL_ROWS_MAX + 1] = { 0 };
    char ids[MODEL_ROWS_MAX + 1][ID_SIZE], days[MODEL_ROWS_MAX + 1][DAY_TEXT_SIZE], stated[DAY_TEXT_SIZE];
    struct sent sent = { .roster_id = list->roster_id, .mode = list->mode, .part = part, .parts = list->parts };
    for (int i = 0; i < list->row_count; i++) {
        const struct model_row *row = &list->rows[i];
        if (row->part != part)
            continue;
        struct sent_row *to = &rows[sent.row_count];
        to->id = row->person < 0 ? "nobody" : person(row->person, ids[sent.row_count]);
        to->name = row->name;
        to->action = row->action;
        to->attributes = row->corrects ? "corrected_name=true" : NULL;
        to->from = row->from == 0 ? NULL : row->from < 0 ? "soon" : model_day(row->from, days[sent.row_count]);
        sent.row_count++;
    }
    if (differs)
        rows[sent.row_count++] = (struct sent_row){ .name = "more" };
    sent.stated_on = model_day(list->stated, stated);
    sent.delivered_on = list->mismatch ? "2022-12-31" : NULL;
    sent.recorded_at = 1680000000 + roll(1000);
    sent.rows = rows;
    world_send(world, &sent);
}

/* Up to three lists are on their way at any time; each step sends one part of one of them, or one again. */
static void send_lists(struct world *world, struct model *model, struct model_list *lists)
{
    int left[LISTS], next = 0, done = 0;
    for (int i = 0; i < LISTS; i++)
        left[i] = lists[i].parts;
    while (done < LISTS) {
        int number = next + roll(OPEN_MAX);
        if (number >= LISTS)
            number = LISTS - 1;
        struct model_list *list = &lists[number];
        int part = 1 + roll(list->parts);
        bool differs = list->in[part] && roll(60) == 0;
        if (!list->in[part] && --left[number] == 0)
            done++;
        send_part(world, list, part, differs);
        model_receive(model, list, part, differs);
        while (next < LISTS && left[next] == 0)
            next++;
        if (roll(10) == 0)
            world_run(world);
        if (roll(50) == 0) {
            world_kill_worker(world);
            world_start_worker(world);
        }
    }
}

/* Receipts are sorted too: a part that differs is told at once, while its list may still wait for another one's
 * end. */
static void compare(uint64_t seed, struct lines *told, const struct model *model)
{
    size_t changes = model->changes.count;
    qsort(model->changes.at, changes, LINE_SIZE, line_order);
    if (model->receipts.count > 0)
        qsort(model->receipts.at, model->receipts.count, LINE_SIZE, line_order);
    if (told->count > changes)
        qsort(told->at + changes, told->count - changes, LINE_SIZE, line_order);
    for (size_t i = 0; i < told->count && i < changes + model->receipts.count; i++) {
        const char *expected = i < changes ? model->changes.at[i] : model->receipts.at[i - changes];
        if (strncmp(told->at[i], expected, 700) != 0)
            fail_msg("seed %llu, line %zu: %s\nexpected: %s", (unsigned long long)seed, i, told->at[i], expected);
    }
    if (told->count != changes + model->receipts.count)
        fail_msg("seed %llu: %zu lines, expected %zu", (unsigned long long)seed, told->count,
            changes + model->receipts.count);
}

static void run_seed(uint64_t seed)
{
    struct world world;
    struct model model = { .last_full = -1 };
    struct model_list lists[LISTS];
    random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    for (int i = 0; i < LISTS; i++)
        roll_list(&lists[i], i);
    world_begin(&world, 2);
    send_lists(&world, &model, lists);
    world_run(&world);
    struct lines told = world_tell(&world);
    compare(seed, &told, &model);
    world_end(&world);
    free(told.at);
    free(model.changes.at);
    free(model.receipts.at);
}

static void test_lists_are_answered_as_the_model_answers(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        run_seed(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_lists_are_answered_as_the_model_answers) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
