#include "consumers/message.h"

#include "consumers/admission.h"
#include "consumers/case_action.h"
#include "consumers/discharge.h"
#include "consumers/identity_change.h"
#include "consumers/person_fact.h"

/** Two facts with all their texts copied and packed: at most the encounters of two claims, and 20 texts each. */
#define COMPARE_BYTES ((size_t)4 << 20)

static const struct message_codec codecs[] = {
    { "admission", "settled.v1.Admission", consumer_admission_decode, consumer_admission_encode },
    { "discharge", "settled.v1.Discharge", consumer_discharge_decode, consumer_discharge_encode },
    { "identity-change", "settled.v1.IdentityChange", consumer_identity_change_decode,
        consumer_identity_change_encode },
    { "person-fact", "settled.v1.PersonFact", consumer_person_fact_decode, consumer_person_fact_encode },
    { "case-action", "settled.v1.CaseAction", consumer_case_action_decode, consumer_case_action_encode },
};

const struct message_codec *message_codec_find(struct text topic)
{
    for (size_t i = 0; i < COUNT_OF(codecs); i++)
        if (text_equal(text_of(codecs[i].topic), topic))
            return &codecs[i];
    return NULL;
}

const struct message_codec *message_codec_of(int fact_kind)
{
    static const uint8_t index_of[FACT_KIND_COUNT] = { [FACT_ADMISSION] = 0,
        [FACT_DISCHARGE] = 1,
        [FACT_IDENTITY] = 2,
        [FACT_CONTRIBUTION] = 3,
        [FACT_ENROLMENT] = 3,
        [FACT_CREDIT] = 3,
        [FACT_CASE] = 4 };
    CHECK(fact_kind > 0 && fact_kind < FACT_KIND_COUNT);
    return &codecs[index_of[fact_kind]];
}

enum status message_record_decode(const struct consumer_context *context, struct arena *arena,
    const struct message_record *record, struct message *ret_message, struct fault *fault)
{
    struct message message;
    enum status status = record->codec->decode(context, arena, record->value, &message, fault);
    if (status != STATUS_OK)
        return status;
    if (!text_is_empty(record->key) && !text_equal(record->key, message.person_id))
        return fault_set(fault, STATUS_KEY_MISMATCH, "person_id", "%s", status_sentence(STATUS_KEY_MISMATCH));
    *ret_message = message;
    return STATUS_OK;
}

static struct text fact_bytes(const struct fact *fact, struct arena *arena)
{
    struct message message = { .region = TEXT_EMPTY, .person_id = TEXT_EMPTY, .fact = *fact };
    struct text bytes;
    enum status status = message_codec_of(fact->kind)->encode(&message, arena, &bytes);
    CHECK(status == STATUS_OK);
    return bytes;
}

/* Region and person are the same for both and left out. Two senders seldom write one event id at one instant, so
 * this may cost. */
int message_fact_bytes_cmp(const struct fact *a, const struct fact *b)
{
    CHECK(message_codec_of(a->kind) == message_codec_of(b->kind));
    struct arena *arena = arena_new(COMPARE_BYTES);
    CHECK(arena != NULL);
    int order = text_cmp(fact_bytes(a, arena), fact_bytes(b, arena));
    arena_free(arena);
    return order;
}
