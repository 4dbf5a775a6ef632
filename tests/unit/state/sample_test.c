/* Values as earlier versions wrote them (tests/samples/state) are read for ever: a sample is never changed, and a new
 * format brings new samples. */
#include "state/calendar.h"
#include "state/frame.h"
#include "state/fund.h"
#include "state/ledger.h"
#include "state/person.h"
#include "state/roster_code.h"
#include "state/store_memory.h"
#include "state/store_sealed.h"
#include "state/told.h"
#include "tests/unit/state/store_suite.h"

#include <xxhash.h>

#define CHECKSUM_SIZE 8

static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_new((size_t)64 << 20);
    return arena == NULL;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* ---- A file of hexadecimal digits ---- */

static FILE *open_sample(const char *name, const char *ending)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tests/samples/state/%s.%s", SETTLED_SOURCE_DIR, name, ending);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("no sample %s", path);
    return file;
}

static struct text read_sample(const char *name)
{
    unsigned byte;
    FILE *file = open_sample(name, "hex");
    struct bytes_writer writer = bytes_writer_of(arena, 4096);
    while (fscanf(file, " %2x", &byte) == 1)
        bytes_put_raw(&writer, &(uint8_t){ (uint8_t)byte }, 1);
    fclose(file);
    assert_true(writer.length > CHECKSUM_SIZE);
    return bytes_written(&writer);
}

/* ---- Reading and writing again, for each kind ---- */

static enum status again_person(struct text bytes, struct text *ret_again)
{
    struct person person;
    struct emitted emitted;
    enum status status = person_decode(arena, bytes, &person);
    if (status != STATUS_OK)
        return status;
    assert_true(person.count > 0 && person.person_id.length == 18);
    assert_int_equal(ledger_decode(arena, person.emitted, &emitted), STATUS_OK);
    assert_true(emitted.subject_count > 0);
    for (size_t i = 0; i < emitted.subject_count; i++)
        assert_int_equal(ledger_lines_decode(arena, &emitted.subjects[i]), STATUS_OK);
    return person_encode(arena, &person, ret_again);
}

static enum status again_calendar(struct text bytes, struct text *ret_again)
{
    struct calendar calendar;
    enum status status = calendar_decode(arena, bytes, &calendar);
    if (status != STATUS_OK)
        return status;
    assert_true(year_set_has(calendar.closed_years, 2023));
    return calendar_encode(arena, &calendar, ret_again);
}

static enum status again_told(struct text bytes, struct text *ret_again)
{
    struct told_list *told;
    enum status status = told_decode(arena, bytes, &told);
    return status == STATUS_OK ? told_encode(arena, told, ret_again) : status;
}

#define AGAIN_ROSTER(kind)                                                                                             \
    static enum status again_##kind(struct text bytes, struct text *ret_again)                                         \
    {                                                                                                                  \
        struct roster_##kind value;                                                                                    \
        enum status status = roster_##kind##_decode(arena, bytes, &value);                                             \
        return status == STATUS_OK ? roster_##kind##_encode(arena, &value, ret_again) : status;                        \
    }
AGAIN_ROSTER(head)
AGAIN_ROSTER(list)
AGAIN_ROSTER(slice)
AGAIN_ROSTER(running)
AGAIN_ROSTER(refusals)

static enum status again_fund_ledger(struct text bytes, struct text *ret_again)
{
    struct fund_ledger ledger;
    enum status status = fund_ledger_decode(arena, bytes, &ledger);
    return status == STATUS_OK ? fund_ledger_encode(arena, &ledger, ret_again) : status;
}

static enum status again_fund_payee(struct text bytes, struct text *ret_again)
{
    struct fund_sum sum;
    enum status status = fund_sum_decode(bytes, &sum);
    return status == STATUS_OK ? fund_sum_encode(arena, &sum, ret_again) : status;
}

static enum status again_fund_index(struct text bytes, struct text *ret_again)
{
    struct fund_index index;
    enum status status = fund_index_decode(arena, bytes, &index);
    return status == STATUS_OK ? fund_index_encode(arena, &index, ret_again) : status;
}

static enum status again_fund_count(struct text bytes, struct text *ret_again)
{
    uint64_t count;
    enum status status = fund_count_decode(bytes, &count);
    return status == STATUS_OK ? fund_count_encode(arena, count, ret_again) : status;
}

/* ---- Sealed: a calendar, in the place for which it was sealed ---- */

#define SEALED_PARTITION 3
#define SEALED_KEY 1

static struct seal_keys read_keys(void)
{
    char text[512];
    struct seal_keys keys;
    FILE *file = open_sample("sealed", "keys");
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    assert_int_equal(seal_keys_read((struct text){ text, length }, &keys, NULL), STATUS_OK);
    return keys;
}

static struct text get(struct store *store)
{
    struct text value;
    struct store_key key = suite_key(SEALED_KEY);
    struct store_read read = { .partition = SEALED_PARTITION, .keys = &key, .count = 1, .ret_values = &value };
    assert_int_equal(store->ops->read(store, arena, &read, 1, NULL), STATUS_OK);
    return value;
}

static enum status again_sealed(struct text bytes, struct text *ret_again)
{
    struct seal_keys keys = read_keys();
    struct store *below = store_memory_new(), *store = store_sealed_new(below, &keys, (size_t)1 << 20);
    assert_non_null(store);
    const struct store_item sealed = { suite_key(SEALED_KEY), bytes, true };
    assert_int_equal(suite_write(below, SEALED_PARTITION, "", "a=1", &sealed, 1), STATUS_OK);
    struct text opened = get(store);
    bool is_open = text_equal(opened, read_sample("calendar"));
    const struct store_item plain = { suite_key(SEALED_KEY), opened, true };
    assert_int_equal(suite_write(store, SEALED_PARTITION, "a=1", "a=2", &plain, 1), STATUS_OK);
    *ret_again = get(below);
    store->ops->free(store);
    return is_open ? STATUS_OK : STATUS_BAD_STATE;
}

static const struct sample {
    const char *name;
    enum status (*again)(struct text bytes, struct text *ret_again);
    bool is_as_written_today; /* and so comes back byte for byte */
} samples[] = {
    { "person", again_person, true }, { "calendar", again_calendar, true },
    { "calendar-without-months", again_calendar, false }, { "told", again_told, true },
    { "roster-head", again_head, true }, { "roster-list", again_list, true }, { "roster-slice", again_slice, true },
    { "roster-running", again_running, true }, { "roster-refusals", again_refusals, true },
    { "fund-ledger", again_fund_ledger, true }, { "fund-payee", again_fund_payee, true },
    { "fund-index", again_fund_index, true }, { "fund-count", again_fund_count, true },
    { "sealed", again_sealed, false }, /* the nonce is another one each time */
};

static void test_samples_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        struct text again, bytes = read_sample(samples[i].name);
        if (samples[i].again(bytes, &again) != STATUS_OK)
            fail_msg("%s cannot be read", samples[i].name);
        if (text_equal(again, bytes) != samples[i].is_as_written_today)
            fail_msg("%s comes back as other bytes, or should", samples[i].name);
        arena_reset(arena);
    }
}

static bool has_sample(enum frame_kind kind)
{
    bool found = false;
    for (size_t i = 0; i < COUNT_OF(samples); i++)
        found = found || frame_is(read_sample(samples[i].name), kind);
    return found;
}

static void test_every_kind_has_a_sample(void **state)
{
    (void)state;
    for (int kind = 1; kind < FRAME_KIND_END; kind++)
        if (!has_sample((enum frame_kind)kind))
            fail_msg("no sample is of kind %d", kind);
}

/* As a newer version would write it, sound in itself. */
static struct text newer(struct text bytes)
{
    uint8_t *copy = (uint8_t *)arena_copy(arena, bytes.at, bytes.length);
    size_t length = bytes.length - CHECKSUM_SIZE;
    copy[0] = FRAME_FORMAT + 1;
    uint64_t sum = copy[1] <= FRAME_ROSTER_REFUSALS ? XXH64(copy, length, 0) : XXH3_64bits(copy, length);
    for (size_t i = 0; i < CHECKSUM_SIZE; i++)
        copy[length + i] = (uint8_t)(sum >> (8 * i));
    return (struct text){ (const char *)copy, bytes.length };
}

static void test_newer_values_are_told_from_damage(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        struct fault fault;
        struct text again, bytes = newer(read_sample(samples[i].name));
        assert_int_equal(samples[i].again(bytes, &again), STATUS_BAD_STATE);
        assert_int_equal(frame_judge(bytes, &fault), STATUS_NEWER_STATE);
        assert_string_equal(fault.text, "format 2 is stored, this program knows 1");
        ((char *)(uintptr_t)bytes.at)[bytes.length / 2] ^= 1;
        assert_int_equal(frame_judge(bytes, &fault), STATUS_BAD_STATE);
        arena_reset(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples_are_read),
        cmocka_unit_test(test_every_kind_has_a_sample),
        cmocka_unit_test(test_newer_values_are_told_from_damage),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
