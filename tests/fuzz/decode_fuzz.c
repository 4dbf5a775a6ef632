/* Strange bytes from the network: one program per topic (FUZZ_TOPIC). Whatever comes is refused with a reason that
 * names nobody, or is a message whose canonical bytes decode to the same message. */
#include "consumers/message.h"
#include "consumers/period_close.h"
#include "consumers/person_id.h"
#include "state/fact_codec.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct policy_pack pack = { .region = "140425" };
static const struct policy_pack *pack_list[] = { &pack };
static const struct policy_packs packs = { pack_list, 1 };
static const struct consumer_context context = { &packs };

static struct arena *arena;

static void refused_check(enum status status, const struct fault *fault)
{
    CHECK(status_class(status) == STATUS_CLASS_REJECT);
    CHECK(fault->status == status && fault->text[0] != '\0');
    CHECK(text_is_utf8(text_of(fault->text)) && text_is_utf8(text_of(fault->field)));
}

static struct text stored(const struct message *message)
{
    struct fact fact = message->fact;
    CHECK(fact_encode(arena, &fact) == STATUS_OK);
    return fact.stored;
}

static void message_check(const struct message_codec *codec, const struct message *message)
{
    struct message again;
    struct text first, second;
    CHECK(person_id_is_valid(message->person_id) && message->pack == &pack);
    CHECK(text_is_utf8(message->fact.event_id) && text_is_utf8(message->fact.source));
    CHECK(codec == message_codec_of(message->fact.kind));
    CHECK(codec->encode(message, arena, &first) == STATUS_OK);
    CHECK(codec->decode(&context, arena, first, &again, NULL) == STATUS_OK);
    CHECK(codec->encode(&again, arena, &second) == STATUS_OK);
    CHECK(text_equal(first, second) && text_equal(stored(message), stored(&again)));
    CHECK(message->trial == again.trial && text_equal(message->person_id, again.person_id));
}

static void message_fuzz(const struct message_codec *codec, struct text value)
{
    struct message message;
    struct fault fault;
    enum status status = codec->decode(&context, arena, value, &message, &fault);
    if (status == STATUS_OK)
        message_check(codec, &message);
    else
        refused_check(status, &fault);
}

static void close_fuzz(struct text value)
{
    struct period_close close, again;
    struct text first, second;
    struct fault fault;
    enum status status = consumer_period_close_decode(&context, arena, value, &close, &fault);
    if (status != STATUS_OK) {
        refused_check(status, &fault);
        return;
    }
    CHECK(consumer_period_close_encode(&close, arena, &first) == STATUS_OK);
    CHECK(consumer_period_close_decode(&context, arena, first, &again, NULL) == STATUS_OK);
    CHECK(consumer_period_close_encode(&again, arena, &second) == STATUS_OK);
    CHECK(text_equal(first, second));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (arena == NULL)
        arena = arena_new((size_t)64 << 20);
    CHECK(arena != NULL);
    const struct message_codec *codec = message_codec_find(TEXT(FUZZ_TOPIC));
    struct text value = { (const char *)data, size };
    if (codec != NULL)
        message_fuzz(codec, value);
    else
        close_fuzz(value);
    arena_reset(arena);
    return 0;
}
