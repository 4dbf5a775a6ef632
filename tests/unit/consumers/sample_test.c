/* Messages as senders of other versions write them (tests/samples/wire): those of today, which lack whatever comes
 * later, and the same with fields that only a newer version knows. Samples are never changed. */
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

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(
        test_messages_of_other_versions, sample_setup, sample_teardown) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
