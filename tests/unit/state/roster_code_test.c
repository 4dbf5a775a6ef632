/* Stored values: there and back again, canonical, and refused when one bit is other than it was written. */
#include "state/roster_code.h"
#include "state/roster_row.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new((size_t)64 << 20);
    return arena == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct roster_header header = {
    .roster_id = { "R1", 2 },
    .source = { "upload", 6 },
    .region = { "140425", 6 },
    .department = { "\xe6\xb0\x91\xe6\x94\xbf", 6 },
    .manual_note = { "", 0 },
    .kind = ROSTER_HARDSHIP,
    .category = 2,
    .mode = ROSTER_FULL,
    .stated_on = { 19358 },
    .delivered_on = { INT32_MIN },
    .parts = 3,
};

static struct text head_bytes(void)
{
    struct store_key jobs[] = { { { 1, 2, 3 } }, { { 255 } } };
    struct roster_head head = {
        .has_full = true, .full_stated_on = { 19358 }, .step = 300, .jobs = jobs, .job_count = 2
    };
    struct text bytes;
    head.phase = ROSTER_PHASE_APPLY;
    head.shard = 63;
    head.receipts = 2;
    head.refusing_shards = UINT64_C(1) << 63 | 1;
    head.counts = (struct roster_counts){ 6, 5, 4, 3, 2, 1 };
    assert_int_equal(roster_head_encode(arena, &head, &bytes), STATUS_OK);
    return bytes;
}

static void test_head(void **state)
{
    (void)state;
    struct roster_head head;
    struct text again;
    assert_int_equal(roster_head_decode(arena, head_bytes(), &head), STATUS_OK);
    assert_int_equal(head.step, 300);
    assert_int_equal(head.job_count, 2);
    assert_int_equal(head.jobs[1].bytes[0], 255);
    assert_true(head.refusing_shards == (UINT64_C(1) << 63 | 1));
    assert_int_equal(head.counts.rows * 10 + head.counts.unchanged, 61);
    assert_int_equal(roster_head_encode(arena, &head, &again), STATUS_OK);
    assert_true(text_equal(again, head_bytes()));
}

static struct text list_bytes(void)
{
    struct roster_part part = { .header = header, .recorded_at = { -5, 999999999 }, .part = 1, .row_count = 7 };
    struct roster_list list;
    struct text bytes;
    part.content_digest.bytes[15] = 9;
    part.header_digest.bytes[0] = 8;
    assert_int_equal(roster_list_begin(arena, &part, &list), STATUS_OK);
    roster_list_enter(&list, &part);
    list.state = ROSTER_LIST_REFUSED;
    list.reason = STATUS_OUT_OF_ORDER;
    assert_int_equal(roster_list_encode(arena, &list, &bytes), STATUS_OK);
    return bytes;
}

static void test_list(void **state)
{
    (void)state;
    struct roster_list list;
    struct text again;
    assert_int_equal(roster_list_decode(arena, list_bytes(), &list), STATUS_OK);
    assert_int_equal(list.reason, STATUS_OUT_OF_ORDER);
    assert_true(text_equal(list.header.department, header.department));
    assert_int_equal(list.header.delivered_on.n, INT32_MIN);
    assert_int_equal(list.recorded_at.seconds, -5);
    assert_int_equal(list.rows, 7);
    assert_true(roster_list_has(&list, 1));
    assert_false(roster_list_has(&list, 2));
    assert_int_equal(roster_list_encode(arena, &list, &again), STATUS_OK);
    assert_true(text_equal(again, list_bytes()));
}

static struct text slice_bytes(void)
{
    struct roster_row rows[2] = {
        { .row = 1, .person_id = TEXT("x"), .name = TEXT(""), .relative_id = TEXT(""), .is_bad_id = true },
        { .row = 1000,
            .person_id = TEXT("y"),
            .name = TEXT("Li"),
            .relative_id = TEXT("z"),
            .is_removal = true,
            .corrects_name = true }
    };
    struct roster_slice slice = { .part = 4096, .rows = rows, .count = 2 };
    struct text bytes;
    rows[1].bad_field = ROSTER_FIELD_FROM;
    rows[1].scheme = 1;
    rows[1].funding = 2;
    rows[1].relation = 3;
    rows[1].year = 9999;
    rows[1].month = 12;
    rows[1].has_paid_on = true;
    rows[1].from.n = -1;
    rows[1].paid_on.n = 19358;
    rows[1].amount = MONEY_FEN(MONEY_LIMIT_FEN);
    rows[1].account_credit = MONEY_FEN(1);
    assert_int_equal(roster_slice_encode(arena, &slice, &bytes), STATUS_OK);
    return bytes;
}

static void test_slice(void **state)
{
    (void)state;
    struct roster_slice slice;
    struct text again;
    assert_int_equal(roster_slice_decode(arena, slice_bytes(), &slice), STATUS_OK);
    const struct roster_row *row = &slice.rows[1];
    assert_int_equal(slice.count, 2);
    assert_true(
        slice.rows[0].is_bad_id && !row->is_bad_id && row->is_removal && row->corrects_name && row->has_paid_on);
    assert_int_equal(row->part * 10000 + row->row, 40961000);
    assert_int_equal(
        row->bad_field * 1000 + row->scheme * 100 + row->funding * 10 + row->relation, ROSTER_FIELD_FROM * 1000 + 123);
    assert_int_equal(row->year * 100 + row->month, 999912);
    assert_int_equal(row->from.n, -1);
    assert_int_equal(row->paid_on.n, 19358);
    assert_int_equal(row->amount.fen, MONEY_LIMIT_FEN);
    assert_int_equal(row->account_credit.fen, 1);
    assert_true(text_equal(row->relative_id, TEXT("z")));
    assert_int_equal(roster_slice_encode(arena, &slice, &again), STATUS_OK);
    assert_true(text_equal(again, slice_bytes()));
}

static struct text running_bytes(void)
{
    struct roster_entry entries[] = { { TEXT("x"), TEXT("Li"), { 1 }, { 2 }, 3 },
        { TEXT("y"), TEXT("Wang"), { -1 }, { 0 }, 0 } };
    struct text bytes;
    assert_int_equal(roster_running_encode(arena, &(struct roster_running){ entries, 2 }, &bytes), STATUS_OK);
    return bytes;
}

static struct text refusals_bytes(void)
{
    struct roster_refusal items[] = { { 1, 2, TEXT("x"), STATUS_NAME_MISMATCH, ROSTER_FIELD_NAME },
        { 3, 4, TEXT(""), STATUS_DUPLICATE_ROW, ROSTER_FIELD_NONE } };
    struct text bytes;
    assert_int_equal(roster_refusals_encode(arena, &(struct roster_refusals){ items, 2 }, &bytes), STATUS_OK);
    return bytes;
}

static void test_running_and_refusals(void **state)
{
    (void)state;
    struct roster_running running;
    struct roster_refusals refusals;
    assert_int_equal(roster_running_decode(arena, running_bytes(), &running), STATUS_OK);
    assert_int_equal(running.count, 2);
    assert_true(text_equal(running.entries[1].name, TEXT("Wang")));
    assert_int_equal(
        running.entries[0].from_first.n * 100 + running.entries[0].from_last.n * 10 + running.entries[0].funding, 123);
    assert_int_equal(roster_refusals_decode(arena, refusals_bytes(), &refusals), STATUS_OK);
    assert_int_equal(refusals.count, 2);
    assert_int_equal(refusals.items[0].reason, STATUS_NAME_MISMATCH);
    assert_int_equal(refusals.items[1].part * 10 + refusals.items[1].row, 34);
}

/* One decoder for each kind of value. */
static enum status decode_any(int kind, struct text bytes)
{
    struct roster_head head;
    struct roster_list list;
    struct roster_slice slice;
    struct roster_running running;
    struct roster_refusals refusals;
    switch (kind) {
    case 0:
        return roster_head_decode(arena, bytes, &head);
    case 1:
        return roster_list_decode(arena, bytes, &list);
    case 2:
        return roster_slice_decode(arena, bytes, &slice);
    case 3:
        return roster_running_decode(arena, bytes, &running);
    default:
        return roster_refusals_decode(arena, bytes, &refusals);
    }
}

static void test_damage_is_seen(void **state)
{
    (void)state;
    const struct text values[] = { head_bytes(), list_bytes(), slice_bytes(), running_bytes(), refusals_bytes() };
    for (int kind = 0; kind < (int)COUNT_OF(values); kind++) {
        char *copy = arena_copy(arena, values[kind].at, values[kind].length);
        for (size_t bit = 0; bit < values[kind].length * 8; bit++) {
            copy[bit / 8] = (char)(copy[bit / 8] ^ (1 << bit % 8));
            assert_int_equal(decode_any(kind, (struct text){ copy, values[kind].length }), STATUS_BAD_STATE);
            copy[bit / 8] = (char)(copy[bit / 8] ^ (1 << bit % 8));
        }
        for (size_t length = 0; length < values[kind].length; length++)
            assert_int_equal(decode_any(kind, (struct text){ copy, length }), STATUS_BAD_STATE);
        for (int other = 0; other < (int)COUNT_OF(values); other++)
            assert_int_equal(decode_any(other, values[kind]), other == kind ? STATUS_OK : STATUS_BAD_STATE);
    }
}

static struct roster_digest digest_row(const struct roster_raw_row *row)
{
    struct roster_digest digest;
    assert_int_equal(roster_digest_rows(arena, row, 1, &digest), STATUS_OK);
    return digest;
}

static void test_digests_see_contents_and_not_their_order_in_a_map(void **state)
{
    (void)state;
    const struct roster_attribute one[] = { { TEXT("a"), TEXT("1") }, { TEXT("b"), TEXT("2") } };
    const struct roster_attribute turned[] = { { TEXT("b"), TEXT("2") }, { TEXT("a"), TEXT("1") } };
    const struct roster_attribute other[] = { { TEXT("a"), TEXT("12") }, { TEXT("b"), TEXT("") } };
    struct roster_raw_row row = { TEXT("x"), TEXT("Li"), TEXT(""), 0, one, 2 };
    struct roster_digest first = digest_row(&row), second;
    row.attributes = turned;
    row.action = 1; /* what is left out is ADD */
    second = digest_row(&row);
    assert_true(roster_digest_equal(&first, &second));
    row.attributes = other;
    second = digest_row(&row);
    assert_false(roster_digest_equal(&first, &second));
    row = (struct roster_raw_row){ TEXT("xL"), TEXT("i"), TEXT(""), 0, one, 2 };
    second = digest_row(&row);
    assert_false(roster_digest_equal(&first, &second));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(head),
        TEST(list),
        TEST(slice),
        TEST(running_and_refusals),
        TEST(damage_is_seen),
        TEST(digests_see_contents_and_not_their_order_in_a_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
