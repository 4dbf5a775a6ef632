/* What stands in a store around the values: the offsets of a partition, and the seal. */
#include "fuzz.h"

#include "consumers/engine_offsets.h"
#include "state/frame.h"
#include "state/store_sealed.h"

static const char *const topics[] = { "admission", "discharge", "roster-update", NULL };
enum { TOPICS = COUNT_OF(topics) - 1 };

void fuzz_offsets(struct arena *arena, struct text bytes)
{
    (void)arena;
    int64_t first[TOPICS], second[TOPICS];
    char text[ENGINE_OFFSETS_SIZE];
    enum status status = engine_offsets_parse(bytes, topics, first);
    if (status != STATUS_OK) {
        CHECK(status == STATUS_BAD_STATE || status == STATUS_NEWER_STATE);
        return;
    }
    size_t length = engine_offsets_format(topics, first, text);
    CHECK(length > 0 && engine_offsets_parse((struct text){ text, length }, topics, second) == STATUS_OK);
    CHECK(memcmp(first, second, sizeof first) == 0);
}

/* ---- Sealed values ---- */

static const struct seal_keys keys = { .items = { { .name = "2024", .bytes = { 7 } } }, .count = 1 };
static const struct store_key place = { { 1, 2, 3 } };

static struct store *below, *sealed;

static void put(struct store *store, struct text value)
{
    const struct store_item item = { .key = place, .value = value, .is_new = true };
    struct store_write write = { .expected_offsets = TEXT("x"), .offsets = TEXT("x"), .items = &item, .count = 1 };
    CHECK(store->ops->write(store, &write, 1, NULL) == STATUS_OK);
    if (write.ret_status == STATUS_STORE_MOVED_ON) { /* the first time */
        write.expected_offsets = TEXT_EMPTY;
        CHECK(store->ops->write(store, &write, 1, NULL) == STATUS_OK && write.ret_status == STATUS_OK);
    }
}

static struct text get(struct store *store, struct arena *arena)
{
    struct text value;
    struct store_read read = { .keys = &place, .count = 1, .ret_values = &value };
    CHECK(store->ops->read(store, arena, &read, 1, NULL) == STATUS_OK);
    return value;
}

/* A value comes back as it was, as something that nobody can decode, or, if it was sealed here, opened. */
static void check_read(struct arena *arena, struct text value)
{
    struct fault fault;
    put(below, value);
    struct text found = get(sealed, arena);
    if (!text_equal(found, value) && !text_equal(found, TEXT("?")))
        CHECK(frame_is(value, FRAME_SEALED));
    if (frame_is(found, FRAME_SEALED))
        fuzz_check_fault(frame_judge(found, &fault), &fault);
}

/* The value with one byte of its frame's contents changed, in a frame that is sound again. */
static struct text changed(struct arena *arena, struct text value, uint8_t where)
{
    enum { HEAD = 2, CHECKSUM = 8 };
    struct text framed;
    size_t length = value.length - HEAD - CHECKSUM;
    uint8_t *copy = (uint8_t *)arena_copy(arena, value.at + HEAD, length);
    struct bytes_writer writer = frame_begin(arena, FRAME_SEALED, length);
    CHECK(copy != NULL);
    copy[where % length] ^= 1;
    bytes_put_raw(&writer, copy, length);
    CHECK(frame_finish(&writer, &framed) == STATUS_OK);
    return framed;
}

/* What is sealed comes back; once it was changed, wherever that was, it stays sealed or is nothing that decodes. */
static void check_seal(struct arena *arena, struct text value)
{
    put(sealed, value);
    struct text found = get(below, arena);
    CHECK(frame_is(found, FRAME_SEALED) && text_equal(get(sealed, arena), value));
    put(below, changed(arena, found, (uint8_t)value.at[0]));
    found = get(sealed, arena);
    CHECK(frame_is(found, FRAME_SEALED) || text_equal(found, TEXT("?")));
}

void fuzz_sealed(struct arena *arena, struct text bytes)
{
    if (sealed == NULL) {
        below = store_memory_new();
        sealed = store_sealed_new(below, &keys, (size_t)1 << 24);
    }
    if (text_is_empty(bytes))
        return;
    struct text framed;
    struct bytes_writer writer = frame_begin(arena, FRAME_SEALED, bytes.length);
    bytes_put_raw(&writer, bytes.at, bytes.length);
    CHECK(frame_finish(&writer, &framed) == STATUS_OK);
    check_read(arena, bytes);
    check_read(arena, framed);
    check_seal(arena, bytes);
}

void fuzz_seal_keys(struct arena *arena, struct text bytes)
{
    struct seal_keys read;
    struct fault fault;
    (void)arena;
    enum status status = seal_keys_read(bytes, &read, &fault);
    if (status != STATUS_OK)
        fuzz_check_fault(status, &fault);
    else
        CHECK(read.count >= 1 && read.count <= SEAL_KEYS_MAX);
}
