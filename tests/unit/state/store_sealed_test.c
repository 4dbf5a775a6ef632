#include "state/store_sealed.h"

#include "state/frame.h"
#include "state/store_memory.h"
#include "tests/unit/state/store_suite.h"

#define OLD "2024 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
#define NEW "2025 ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff\n"

static struct seal_keys keys_of(const char *file)
{
    struct seal_keys keys;
    assert_int_equal(seal_keys_read(text_of(file), &keys, NULL), STATUS_OK);
    return keys;
}

/* Takes over `below`. */
static struct store *sealed_with(const char *file, struct store *below)
{
    struct seal_keys keys = keys_of(file);
    struct store *store = store_sealed_new(below, &keys, 64 << 20);
    assert_non_null(store);
    return store;
}

static void test_suite(void **state)
{
    (void)state;
    struct store *store = sealed_with(OLD, store_memory_new());
    store_suite_run(store);
    store->ops->free(store);
}

static struct text read_value(struct store *store, struct arena *arena, int32_t partition, struct store_key key)
{
    struct text value;
    struct store_read read = { .partition = partition, .keys = &key, .count = 1, .ret_values = &value };
    assert_int_equal(store->ops->read(store, arena, &read, 1, NULL), STATUS_OK);
    return value;
}

static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return arena == NULL;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct text name = { "a person with a name and a number", 33 };

/* What the store below a sealed one holds after one write. */
static struct store *below_after_write(const char *file)
{
    struct store *below = store_memory_new();
    struct store *store = sealed_with(file, below);
    const struct store_item item = { suite_key(1), name, true };
    assert_int_equal(suite_write(store, 3, "", "a=1", &item, 1), STATUS_OK);
    struct store *copy = store_memory_copy(below);
    store->ops->free(store);
    return copy;
}

static void test_nothing_of_a_value_is_below(void **state)
{
    (void)state;
    struct store *below = below_after_write(OLD);
    struct text value = read_value(below, arena, 3, suite_key(1));
    assert_true(value.length > name.length);
    assert_null(memmem(value.at, value.length, name.at, 6));
    assert_true(frame_is(value, FRAME_SEALED));
    below->ops->free(below);
}

static void test_keys_change(void **state)
{
    (void)state;
    struct store *below = below_after_write(OLD);
    struct store *both = sealed_with(OLD NEW, store_memory_copy(below));
    assert_true(text_equal(read_value(both, arena, 3, suite_key(1)), name));
    both->ops->free(both);
    struct fault fault;
    struct store *only_new = sealed_with(NEW, store_memory_copy(below));
    assert_int_equal(frame_judge(read_value(only_new, arena, 3, suite_key(1)), &fault), STATUS_SEALED_STATE);
    assert_string_equal(fault.text, "a stored value is sealed with the key `2024`");
    only_new->ops->free(only_new);
    /* Without any key likewise. */
    assert_int_equal(frame_judge(read_value(below, arena, 3, suite_key(1)), &fault), STATUS_SEALED_STATE);
    below->ops->free(below);
    /* The newest key seals. */
    below = below_after_write(OLD NEW);
    only_new = sealed_with(NEW, below);
    assert_true(text_equal(read_value(only_new, arena, 3, suite_key(1)), name));
    only_new->ops->free(only_new);
}

static void test_unsealed_values_are_read(void **state)
{
    (void)state;
    struct store *below = store_memory_new();
    const struct store_item item = { suite_key(1), name, true };
    assert_int_equal(suite_write(below, 3, "", "a=1", &item, 1), STATUS_OK);
    struct store *store = sealed_with(OLD, below);
    assert_true(text_equal(read_value(store, arena, 3, suite_key(1)), name));
    store->ops->free(store);
}

static enum status judge(struct text value)
{
    struct fault fault;
    return frame_judge(value, &fault);
}

/* Each bit of a sealed value, and each length of it: never believed, never mistaken for a missing key but where the
 * checksum still fits, which it does nowhere. */
static void test_damage_is_seen(void **state)
{
    (void)state;
    struct store *below = below_after_write(OLD);
    struct text good = read_value(below, arena, 3, suite_key(1));
    char *copy = arena_copy(arena, good.at, good.length);
    for (size_t bit = 0; bit < good.length * 8; bit++) {
        struct arena *own = arena_new(1 << 16);
        copy[bit / 8] = (char)(copy[bit / 8] ^ (1 << bit % 8));
        const struct store_item item = { suite_key(1), { copy, good.length }, true };
        assert_int_equal(suite_write(below, 3, "a=1", "a=1", &item, 1), STATUS_OK);
        struct store *store = sealed_with(OLD, store_memory_copy(below));
        assert_int_equal(judge(read_value(store, own, 3, suite_key(1))), STATUS_BAD_STATE);
        store->ops->free(store);
        copy[bit / 8] = (char)(copy[bit / 8] ^ (1 << bit % 8));
        arena_free(own);
    }
    below->ops->free(below);
}

/* A sound value of one person in the place of another's, or of another partition. */
static void test_values_stay_in_their_place(void **state)
{
    (void)state;
    struct store *below = below_after_write(OLD);
    struct text good = read_value(below, arena, 3, suite_key(1));
    const struct store_item item = { suite_key(2), good, true };
    assert_int_equal(suite_write(below, 3, "a=1", "a=1", &item, 1), STATUS_OK);
    const struct store_item moved = { suite_key(1), good, true };
    assert_int_equal(suite_write(below, 4, "", "a=1", &moved, 1), STATUS_OK);
    struct store *store = sealed_with(OLD, below);
    assert_int_equal(judge(read_value(store, arena, 3, suite_key(2))), STATUS_BAD_STATE);
    assert_int_equal(judge(read_value(store, arena, 4, suite_key(1))), STATUS_BAD_STATE);
    assert_true(text_equal(read_value(store, arena, 3, suite_key(1)), name));
    store->ops->free(store);
}

static void check_file(const char *file, const char *want)
{
    struct seal_keys keys;
    struct fault fault;
    assert_int_equal(seal_keys_read(text_of(file), &keys, &fault), STATUS_BAD_CONFIG);
    if (strncmp(fault.text, want, strlen(want)) != 0)
        fail_msg("\"%s\", not \"%s\"", fault.text, want);
}

static void test_key_files(void **state)
{
    (void)state;
    check_file("", "no key in it");
    check_file("# only words\n\n", "no key in it");
    check_file(OLD "x", "line 2: no key");
    check_file("\n2024 0001\n", "line 2: no key");
    check_file("a/b 00\n", "line 1: no name of a key");
    check_file("12345678901234567 00\n", "line 1: no name of a key");
    check_file(OLD OLD, "line 2: the name of another key");
    check_file("2024 0g0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "line 1: no key");
    struct seal_keys keys = keys_of("# keys\r\n\n \t" OLD NEW "  \n");
    assert_int_equal(keys.count, 2);
    assert_string_equal(keys.items[0].name, "2024");
    assert_string_equal(keys.items[1].name, "2025");
    assert_int_equal(keys.items[1].bytes[0], 0xff);
    assert_int_equal(keys.items[1].bytes[31], 0xff);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suite),
        cmocka_unit_test(test_nothing_of_a_value_is_below),
        cmocka_unit_test(test_keys_change),
        cmocka_unit_test(test_unsealed_values_are_read),
        cmocka_unit_test(test_damage_is_seen),
        cmocka_unit_test(test_values_stay_in_their_place),
        cmocka_unit_test(test_key_files),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
