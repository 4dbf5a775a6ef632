/* Messages as senders of other versions write them (tests/samples/wire): those of today, which lack whatever comes
 * later, and the same with fields that only a newer version knows. Samples are never changed. */
#include "consumers/fund_entry.h"
#include "consumers/roster_update.h"
#include "tests/unit/consumers/message_sample.h"

static struct text read_sample(const char *topic, const char *variant)
{
    char path[512];
    unsigned byte;
    snprintf(path, sizeof path, "%s/tests/samples/wire/%s%s.hex", SETTLED_SOURCE_DIR, topic, variant);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("no sample %s", path);
    char *bytes = arena_take(sample_arena, 4096);
    size_t length = 0;
    while (length < 4096 && fscanf(file, " %2x", &byte) == 1)
        bytes[length++] = (char)byte;
    fclose(file);
    assert_true(length > 0);
    return (struct text){ bytes, length };
}

static struct text canonical(const char *topic, struct text bytes)
{
    const struct message_codec *codec = message_codec_find(text_of(topic));
    struct message message;
    struct fault fault;
    struct text again;
    if (codec->decode(&sample_context, sample_arena, bytes, &message, &fault) != STATUS_OK)
        fail_msg("%s: %s: %s", topic, fault.field, fault.text);
    assert_true(text_equal(message.fact.event_id, TEXT("e-1")));
    assert_int_equal(codec->encode(&message, sample_arena, &again), STATUS_OK);
    return again;
}

static struct text canonical_close(struct text bytes)
{
    struct period_close close;
    struct fault fault;
    struct text again;
    if (consumer_period_close_decode(&sample_context, sample_arena, bytes, &close, &fault) != STATUS_OK)
        fail_msg("period-close: %s: %s", fault.field, fault.text);
    assert_int_equal(close.month, 2);
    assert_int_equal(consumer_period_close_encode(&close, sample_arena, &again), STATUS_OK);
    return again;
}

static void test_messages_of_other_versions(void **state)
{
    (void)state;
    static const char *const topics[] = { "admission", "discharge", "identity-change", "person-fact", "case-action" };
    for (size_t i = 0; i < COUNT_OF(topics); i++) {
        struct text today = canonical(topics[i], read_sample(topics[i], ""));
        assert_true(text_equal(canonical(topics[i], read_sample(topics[i], "-newer")), today));
    }
    struct text today = canonical_close(read_sample("period-close", ""));
    assert_true(text_equal(canonical_close(read_sample("period-close", "-newer")), today));
}

/* ---- Closes: of the first release, without what the stage says to itself, and today's with all of it ---- */

static struct period_close read_close(const char *variant)
{
    struct period_close close;
    struct text bytes = read_sample("period-close", variant);
    assert_int_equal(consumer_period_close_decode(&sample_context, sample_arena, bytes, &close, NULL), STATUS_OK);
    assert_int_equal(close.year, 2023);
    assert_int_equal(close.month, 2);
    assert_int_equal(close.closed_on.n, day_of(2023, 3, 5).n);
    assert_int_equal(close.partition, 3);
    return close;
}

static void test_closes(void **state)
{
    (void)state;
    struct period_close close = read_close("-older");
    assert_int_equal(close.grant.fen, 5000);
    assert_int_equal(close.grant_on.n, day_of(2023, 2, 28).n);
    assert_false(consumer_period_close_is_internal(&close));
    assert_int_equal(close.listed, 0);
    close = read_close("-batch");
    assert_true(consumer_period_close_is_internal(&close));
    assert_true(text_equal(close.cursor, TEXT("\1\0")) && text_equal(close.until, TEXT("\2\0\3")));
    assert_true(close.listed == 12 && close.ended);
    assert_int_equal(close.told_count, 1);
    sample_text_equal(close.told[0].person_id, PERSON);
    sample_text_equal(close.told[0].told.warning_id, "w-1");
    assert_int_equal(close.told[0].told.month, 2);
}

/* ---- Lists ---- */

static struct roster_part read_list(const char *variant)
{
    struct roster_part part;
    struct text bytes = read_sample("roster-update", variant);
    assert_int_equal(consumer_roster_update_decode(&sample_context, sample_arena, bytes, &part, NULL), STATUS_OK);
    return part;
}

static void check_rows(const struct roster_row *rows)
{
    sample_text_equal(rows[0].person_id, PERSON);
    sample_text_equal(rows[0].name, "李四");
    assert_true(rows[0].corrects_name && !rows[0].is_removal);
    assert_int_equal(rows[0].from.n, day_of(2023, 3, 1).n);
    sample_text_equal(rows[1].person_id, OTHER_PERSON);
    assert_true(!rows[1].corrects_name && rows[1].is_removal);
    assert_int_equal(rows[1].from.n, day_of(2023, 2, 1).n);
}

/* Digests are stored for as long as the list is: another version must come to the same ones, or a repeat of a part is
 * taken for another content. */
static void check_list(const struct roster_part *part)
{
    static const struct roster_digest header = { { 0xed, 0x4d, 0xc0, 0x64, 0xdf, 0xd4, 0x69, 0x37, 0x7a, 0xb2, 0x8a,
        0x1e, 0x5d, 0x24, 0x50, 0x91 } };
    static const struct roster_digest content = { { 0x24, 0x1b, 0x6b, 0xba, 0x11, 0xd4, 0x42, 0xa1, 0x99, 0xb0, 0x7a,
        0xe1, 0x85, 0xea, 0xfe, 0x45 } };
    sample_text_equal(part->header.roster_id, "e-1");
    sample_text_equal(part->header.manual_note, "周末");
    assert_int_equal(part->header.kind, ROSTER_HARDSHIP);
    assert_int_equal(part->header.category, CATEGORY_SUBSISTENCE_ALLOWANCE);
    assert_int_equal(part->header.delivered_on.n, day_of(2023, 3, 2).n);
    assert_true(part->part == 2 && part->header.parts == 3 && part->row_count == 2);
    assert_memory_equal(part->header_digest.bytes, header.bytes, ROSTER_DIGEST_SIZE);
    assert_memory_equal(part->content_digest.bytes, content.bytes, ROSTER_DIGEST_SIZE);
}

static void test_lists(void **state)
{
    (void)state;
    static const char *const variants[] = { "", "-newer" };
    for (size_t i = 0; i < COUNT_OF(variants); i++) {
        struct roster_part part = read_list(variants[i]);
        check_list(&part);
        check_rows(part.rows);
    }
}

/* ---- Entries of funds, and what settlements move ---- */

static struct fund_entry read_entry(const char *variant)
{
    struct fund_entry entry;
    const struct policy_pack *pack;
    struct text bytes = read_sample("fund-entry", variant);
    assert_int_equal(consumer_fund_entry_decode(&sample_context, sample_arena, bytes, &entry, &pack, NULL), STATUS_OK);
    assert_ptr_equal(pack, &sample_pack_yangcheng);
    assert_int_equal(entry.recorded_at.seconds, RECORDED_AT);
    return entry;
}

static void check_part(const struct fund_part *part, const char *rule, uint8_t fund, int64_t fen)
{
    sample_text_equal(part->rule, rule);
    assert_int_equal(part->fund, fund);
    assert_int_equal(part->amount.fen, fen);
}

static void check_payee(const struct fund_entry *entry, uint8_t kind, const char *id, const char *name)
{
    assert_int_equal(entry->kind, FUND_ENTRY_PAYMENT);
    sample_text_equal(entry->payment.settlement_id, "s-1");
    assert_int_equal(entry->payment.payee.kind, kind);
    sample_text_equal(entry->payment.payee.id, id);
    sample_text_equal(entry->payment.payee.name, name);
}

static void test_payments_of_funds(void **state)
{
    (void)state;
    static const char *const variants[] = { "", "-newer" };
    for (size_t i = 0; i < COUNT_OF(variants); i++) {
        struct fund_entry entry = read_entry(variants[i]);
        check_payee(&entry, PAYEE_INSTITUTION, "H14042500001", "县医院");
        assert_int_equal(entry.payment.part_count, 2);
        check_part(&entry.payment.parts[0], "made.aid", FUND_ASSISTANCE, 120);
        check_part(&entry.payment.parts[1], "made.pool", FUND_POOL, -7);
    }
}

static void test_other_entries_of_funds(void **state)
{
    (void)state;
    struct fund_entry entry = read_entry("-income");
    assert_int_equal(entry.kind, FUND_ENTRY_INCOME);
    sample_text_equal(entry.row.roster_id, "r-1");
    assert_true(entry.row.fund == FUND_ASSISTANCE && entry.row.source == INCOME_LOTTERY && entry.row.removed);
    assert_int_equal(entry.row.amount.fen, 900);
    assert_int_equal(entry.row.on.n, day_of(2023, 2, 28).n);
    entry = read_entry("-close");
    assert_int_equal(entry.kind, FUND_ENTRY_CLOSE);
    assert_true(entry.close.year == 2023 && entry.close.month == 2);
    assert_true(text_equal(entry.close.cursor, TEXT("\1\0\2")));
}

static struct fund_moves read_settlement(const char *variant, int64_t recorded_at)
{
    struct fund_moves moves;
    struct text bytes = read_sample("settlement", variant);
    assert_int_equal(consumer_fund_moves_decode(sample_arena, bytes, &moves, NULL), STATUS_OK);
    for (size_t i = 0; i < moves.count; i++)
        assert_int_equal(moves.entries[i].recorded_at.seconds, recorded_at);
    return moves;
}

static void test_settlements(void **state)
{
    (void)state;
    static const char *const variants[] = { "", "-newer" };
    for (size_t i = 0; i < COUNT_OF(variants); i++) {
        struct fund_moves moves = read_settlement(variants[i], RECORDED_AT);
        assert_int_equal(moves.count, 2);
        check_payee(&moves.entries[0], PAYEE_INSTITUTION, "H14042500002", "");
        assert_int_equal(moves.entries[0].payment.part_count, 2);
        check_part(&moves.entries[0].payment.parts[0], "made.aid", FUND_ASSISTANCE, -100);
        check_part(&moves.entries[0].payment.parts[1], "made.pool", FUND_POOL, -7);
        check_payee(&moves.entries[1], PAYEE_INSTITUTION, "H14042500001", "县医院");
        assert_int_equal(moves.entries[1].payment.part_count, 1);
        check_part(&moves.entries[1].payment.parts[0], "made.aid", FUND_ASSISTANCE, 120);
    }
}

/* Before settlements named payee, institution, the person's name and when their cause was recorded: the person is paid
 * what changes hands, in the month in which the settlement was emitted. */
static void test_settlements_of_the_first_form(void **state)
{
    (void)state;
    struct fund_moves moves = read_settlement("-older", INT64_C(1680400800));
    assert_int_equal(moves.count, 1);
    check_payee(&moves.entries[0], PAYEE_PERSON, PERSON, "");
    assert_int_equal(moves.entries[0].payment.part_count, 2);
    check_part(&moves.entries[0].payment.parts[0], "made.aid", FUND_ASSISTANCE, 20);
    check_part(&moves.entries[0].payment.parts[1], "made.pool", FUND_POOL, -7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLE_TEST(test_messages_of_other_versions),
        SAMPLE_TEST(test_closes),
        SAMPLE_TEST(test_lists),
        SAMPLE_TEST(test_payments_of_funds),
        SAMPLE_TEST(test_other_entries_of_funds),
        SAMPLE_TEST(test_settlements),
        SAMPLE_TEST(test_settlements_of_the_first_form),
    };
    return SAMPLE_TESTS(tests);
}
