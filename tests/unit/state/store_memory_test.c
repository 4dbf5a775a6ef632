#include "state/store_memory.h"
#include "tests/unit/state/store_suite.h"

static void test_suite(void **state)
{
    (void)state;
    struct store *store = store_memory_new();
    store_suite_run(store);
    store->ops->free(store);
}

static void test_snapshot(void **state)
{
    (void)state;
    struct store *store = store_memory_new();
    struct store_item item = { suite_key(1), TEXT("old"), true };
    assert_int_equal(suite_write(store, 1, "", "a=1", &item, 1), STATUS_OK);
    struct store *snapshot = store_memory_copy(store);
    item.value = TEXT("new");
    assert_int_equal(suite_write(store, 1, "a=1", "a=2", &item, 1), STATUS_OK);
    suite_check(snapshot, 1, 1, "a=1", TEXT("old"));
    store_memory_restore(store, snapshot);
    suite_check(store, 1, 1, "a=1", TEXT("old"));
    store_memory_clear(store);
    suite_check(store, 1, 1, "", TEXT_EMPTY);
    snapshot->ops->free(snapshot);
    store->ops->free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_suite), cmocka_unit_test(test_snapshot) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
