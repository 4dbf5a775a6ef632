#include "tests/unit/consumers/message_sample.h"

#include "state/fact_codec.h"

static enum status decode(const struct sample_value *value, struct message *ret_message)
{
    return message_codec_find(text_of(value->topic))
        ->decode(&sample_context, sample_arena, value->bytes, ret_message, NULL);
}

/* Everything that a state would keep of it. */
static struct text stored(const struct message *message)
{
    struct fact fact = message->fact;
    assert_int_equal(fact_encode(sample_arena, &fact), STATUS_OK);
    return fact.stored;
}

/* What encode writes decodes to the same facts, and is written the same again. */
static void goes_round(const struct message *message)
{
    const struct message_codec *codec = message_codec_of(message->fact.kind);
    struct text bytes = sample_encode(message);
    struct message again;
    assert_int_equal(codec->decode(&sample_context, sample_arena, bytes, &again, NULL), STATUS_OK);
    assert_true(text_equal(stored(message), stored(&again)));
    assert_true(text_equal(message->region, again.region));
    assert_true(text_equal(message->person_id, again.person_id));
    assert_int_equal(message->trial, again.trial);
    assert_true(text_equal(bytes, sample_encode(&again)));
}

static void test_every_sample_goes_round(void **state)
{
    (void)state;
    struct sample_value values[SAMPLE_VALUES];
    sample_values(values);
    for (size_t i = 0; i < SAMPLE_VALUES; i++) {
        struct message message;
        assert_int_equal(decode(&values[i], &message), STATUS_OK);
        goes_round(&message);
    }
}

static uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static int below(uint64_t *seed, int limit)
{
    return (int)(random_next(seed) % (uint64_t)limit);
}

static char *random_text(uint64_t *seed)
{
    static const char *const pieces[] = { "", "a", "E-7", "张三", "\xf0\xa0\xae\xb7", "平顺县人民医院", "x y" };
    return sample_text(pieces[below(seed, COUNT_OF(pieces))]);
}

/* A sound discharge with everything about it drawn: each term or none, parts there or not, payments that fit. */
static Settled__V1__Discharge *random_discharge(uint64_t *seed)
{
    Settled__V1__Discharge *wire = sample_discharge();
    wire->voided = below(seed, 8) == 0;
    wire->trial = below(seed, 4) == 0;
    wire->version = (int64_t)random_next(seed);
    wire->name = random_text(seed);
    wire->care = (Settled__V1__Discharge__Care)(1 + below(seed, 6));
    wire->chronic_class = wire->care == SETTLED__V1__DISCHARGE__CARE__CHRONIC ? 1 + below(seed, 3) : 0;
    wire->referral = (Settled__V1__Discharge__Referral)below(seed, 4);
    wire->channel = (Settled__V1__Discharge__Channel)below(seed, 3);
    wire->exclusion = (Settled__V1__Discharge__Exclusion)below(seed, 8);
    wire->institution->level = (Settled__V1__Institution__Level)below(seed, 4);
    wire->institution->charge_class = (Settled__V1__Institution__ChargeClass)below(seed, 5);
    wire->institution->name = random_text(seed);
    wire->institution->designated = below(seed, 2);
    wire->account->use = (Settled__V1__Account__Use)below(seed, 3);
    wire->account->purpose = (Settled__V1__Account__Purpose)below(seed, 17);
    wire->account->requested_fen = below(seed, 1000);
    wire->account->owner_id = sample_text(below(seed, 2) ? "" : OTHER_PERSON);
    wire->paid->critical_illness_case = below(seed, 2) ? 3 : 0;
    wire->paid->critical_illness_fen = below(seed, 2) * below(seed, 100000);
    wire->paid->commercial_fen = below(seed, 100000);
    wire->discharged_at->nanos = below(seed, 1000000000);
    Google__Protobuf__Timestamp *admitted_at = wire->admitted_at;
    wire->admitted_at = below(seed, 2) ? admitted_at : NULL;
    wire->institution = below(seed, 5) ? wire->institution : NULL;
    wire->account = below(seed, 2) ? wire->account : NULL;
    if (below(seed, 5) == 0)
        wire->costs = NULL, wire->paid = NULL;
    return wire;
}

static void test_random_discharges_go_round(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5000; seed++) {
        uint64_t stream = seed * UINT64_C(0x9e3779b97f4a7c15);
        struct message message = sample_decode("discharge", &random_discharge(&stream)->base);
        goes_round(&message);
        arena_reset(sample_arena);
    }
}

/* What came over the network spoilt is refused, or is another sound message; it never does anything else. */
static void survives(const struct sample_value *value)
{
    struct message message;
    enum status status = decode(value, &message);
    if (status == STATUS_OK)
        goes_round(&message);
    else
        assert_int_equal(status_class(status), STATUS_CLASS_REJECT);
}

static void test_truncated_at_every_length(void **state)
{
    (void)state;
    struct sample_value values[SAMPLE_VALUES];
    sample_values(values);
    size_t mark = arena_mark(sample_arena);
    for (size_t i = 0; i < SAMPLE_VALUES; i++) {
        for (size_t length = 0; length < values[i].bytes.length; length++) {
            /* Copied, so that a read past the end is seen under the address sanitizer. */
            const char *copy = arena_copy(sample_arena, values[i].bytes.at, length);
            survives(&(struct sample_value){ values[i].topic, { copy, length } });
            arena_rewind(sample_arena, mark);
        }
    }
}

static void test_every_bit_flipped(void **state)
{
    (void)state;
    struct sample_value values[SAMPLE_VALUES];
    sample_values(values);
    size_t mark = arena_mark(sample_arena);
    for (size_t i = 0; i < SAMPLE_VALUES; i++) {
        for (size_t bit = 0; bit < values[i].bytes.length * 8; bit++) {
            char *copy = arena_copy(sample_arena, values[i].bytes.at, values[i].bytes.length);
            copy[bit / 8] ^= (char)(1 << (bit % 8));
            survives(&(struct sample_value){ values[i].topic, { copy, values[i].bytes.length } });
            arena_rewind(sample_arena, mark);
        }
    }
}

static void test_random_bytes(void **state)
{
    (void)state;
    struct sample_value values[SAMPLE_VALUES];
    sample_values(values);
    size_t mark = arena_mark(sample_arena);
    for (uint64_t seed = 1; seed <= 20000; seed++) {
        uint64_t stream = seed * UINT64_C(0x9e3779b97f4a7c15);
        const struct sample_value *value = &values[below(&stream, SAMPLE_VALUES)];
        char *copy = arena_copy(sample_arena, value->bytes.at, value->bytes.length);
        for (int slips = 1 + below(&stream, 6); slips > 0; slips--)
            copy[below(&stream, (int)value->bytes.length)] = (char)random_next(&stream);
        survives(&(struct sample_value){ value->topic, { copy, value->bytes.length } });
        arena_rewind(sample_arena, mark);
    }
}

static void test_no_value(void **state)
{
    (void)state;
    static const char *const topics[] = { "admission", "discharge", "identity-change", "person-fact", "case-action" };
    for (size_t i = 0; i < COUNT_OF(topics); i++) {
        sample_refused_bytes(topics[i], TEXT_EMPTY, STATUS_EMPTY, "");
        sample_refused_bytes(topics[i], TEXT("\xff"), STATUS_NOT_PROTOBUF, "");
        sample_refused_bytes(topics[i], TEXT("\x0a\x01"), STATUS_NOT_PROTOBUF, "");
        sample_refused_bytes(topics[i], TEXT("\x08\x01"), STATUS_NOT_PROTOBUF, ""); /* event_id as a number */
        sample_refused_bytes(topics[i], TEXT("\x0a\x01x"), STATUS_MISSING_FIELD, "source");
    }
}

/* A full arena is not the record's fault: the batch is halved and the record tried again. */
static void test_full_arena(void **state)
{
    (void)state;
    struct sample_value values[SAMPLE_VALUES];
    sample_values(values);
    for (size_t i = 0; i < SAMPLE_VALUES; i++) {
        enum status status = STATUS_ARENA_FULL;
        for (size_t size = 64; status == STATUS_ARENA_FULL; size += 64) {
            struct arena *small = arena_new(size);
            struct message message;
            status = message_codec_find(text_of(values[i].topic))
                         ->decode(&sample_context, small, values[i].bytes, &message, NULL);
            assert_true(status == STATUS_ARENA_FULL || status == STATUS_OK);
            assert_true(size < 65536);
            arena_free(small);
        }
    }
}

static void test_record_key(void **state)
{
    (void)state;
    struct message_record record = { message_codec_find(TEXT("discharge")), TEXT(PERSON),
        sample_bytes(&sample_discharge()->base) };
    struct message message = { .trial = true };
    struct fault fault;
    assert_int_equal(message_record_decode(&sample_context, sample_arena, &record, &message, &fault), STATUS_OK);
    assert_false(message.trial);
    record.key = TEXT_EMPTY;
    assert_int_equal(message_record_decode(&sample_context, sample_arena, &record, &message, &fault), STATUS_OK);
    record.key = TEXT(OTHER_PERSON);
    message.trial = true;
    assert_int_equal(
        message_record_decode(&sample_context, sample_arena, &record, &message, &fault), STATUS_KEY_MISMATCH);
    assert_string_equal(fault.field, "person_id");
    assert_null(strstr(fault.text, PERSON));
    assert_true(message.trial);
    record.value = TEXT("\xff");
    assert_int_equal(
        message_record_decode(&sample_context, sample_arena, &record, &message, &fault), STATUS_NOT_PROTOBUF);
}

static void test_codecs(void **state)
{
    (void)state;
    assert_null(message_codec_find(TEXT("roster-update")));
    assert_null(message_codec_find(TEXT("")));
    assert_string_equal(message_codec_of(FACT_ADMISSION)->topic, "admission");
    assert_string_equal(message_codec_of(FACT_DISCHARGE)->type, "settled.v1.Discharge");
    assert_string_equal(message_codec_of(FACT_IDENTITY)->topic, "identity-change");
    assert_string_equal(message_codec_of(FACT_CREDIT)->topic, "person-fact");
    assert_string_equal(message_codec_of(FACT_CASE)->topic, "case-action");
}

/* The greater bytes win; equal facts are equal; the order has two sides. */
static void test_bytes_cmp(void **state)
{
    (void)state;
    Settled__V1__Discharge *wire = sample_discharge();
    struct message less = sample_decode("discharge", &wire->base);
    wire->encounter_id = sample_text("E-8");
    struct message more = sample_decode("discharge", &wire->base);
    assert_true(message_fact_bytes_cmp(&less.fact, &more.fact) < 0);
    assert_true(message_fact_bytes_cmp(&more.fact, &less.fact) > 0);
    assert_int_equal(message_fact_bytes_cmp(&less.fact, &less.fact), 0);
    struct message contribution = sample_decode("person-fact", &sample_contribution()->base);
    struct message enrolment = sample_decode("person-fact", &sample_enrolment()->base);
    assert_true(message_fact_bytes_cmp(&contribution.fact, &enrolment.fact) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLE_TEST(test_every_sample_goes_round),
        SAMPLE_TEST(test_random_discharges_go_round),
        SAMPLE_TEST(test_truncated_at_every_length),
        SAMPLE_TEST(test_every_bit_flipped),
        SAMPLE_TEST(test_random_bytes),
        SAMPLE_TEST(test_no_value),
        SAMPLE_TEST(test_full_arena),
        SAMPLE_TEST(test_record_key),
        SAMPLE_TEST(test_codecs),
        SAMPLE_TEST(test_bytes_cmp),
    };
    return SAMPLE_TESTS(tests);
}
