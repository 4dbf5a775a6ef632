/* Strange bytes from the network, a target per topic: what is refused is refused with a reason, what is taken has
 * canonical bytes that decode to the same message. */
#include "fuzz.h"

#include "consumers/fund_entry.h"
#include "consumers/message.h"
#include "consumers/period_close.h"
#include "consumers/person_id.h"
#include "consumers/roster_update.h"
#include "state/fact_codec.h"
#include "state/roster_code.h"

static const struct policy_pack pack = { .region = "140425" };
static const struct policy_pack *pack_list[] = { &pack };
static const struct policy_packs packs = { pack_list, 1 };
static const struct consumer_context context = { &packs };

static void check_refused(enum status status, const struct fault *fault)
{
    CHECK(status_class(status) == STATUS_CLASS_REJECT);
    fuzz_check_fault(status, fault);
}

/* ---- Topics keyed by person ---- */

static struct text stored(struct arena *arena, const struct message *message)
{
    struct fact fact = message->fact, again;
    struct text bytes;
    CHECK(fact_encode(arena, &fact) == STATUS_OK);
    bytes = fact.stored;
    CHECK(fact_decode(arena, bytes, &again) == STATUS_OK && fact_encode(arena, &again) == STATUS_OK);
    CHECK(text_equal(bytes, again.stored));
    return bytes;
}

static void check_message(struct arena *arena, const struct message_codec *codec, const struct message *message)
{
    struct message again;
    struct text first, second;
    CHECK(person_id_is_valid(message->person_id) && message->pack == &pack);
    CHECK(text_is_utf8(message->fact.event_id) && text_is_utf8(message->fact.source));
    CHECK(codec == message_codec_of(message->fact.kind));
    CHECK(codec->encode(message, arena, &first) == STATUS_OK);
    CHECK(codec->decode(&context, arena, first, &again, NULL) == STATUS_OK);
    CHECK(codec->encode(&again, arena, &second) == STATUS_OK);
    CHECK(text_equal(first, second) && text_equal(stored(arena, message), stored(arena, &again)));
    CHECK(message->trial == again.trial && text_equal(message->person_id, again.person_id));
}

static void run_message(struct arena *arena, const char *topic, struct text value)
{
    const struct message_codec *codec = message_codec_find(text_of(topic));
    struct message message;
    struct fault fault;
    enum status status = codec->decode(&context, arena, value, &message, &fault);
    if (status == STATUS_OK)
        check_message(arena, codec, &message);
    else
        check_refused(status, &fault);
}

void fuzz_admission(struct arena *arena, struct text value)
{
    run_message(arena, "admission", value);
}

void fuzz_discharge(struct arena *arena, struct text value)
{
    run_message(arena, "discharge", value);
}

void fuzz_identity_change(struct arena *arena, struct text value)
{
    run_message(arena, "identity-change", value);
}

void fuzz_person_fact(struct arena *arena, struct text value)
{
    run_message(arena, "person-fact", value);
}

void fuzz_case_action(struct arena *arena, struct text value)
{
    run_message(arena, "case-action", value);
}

/* ---- The others ---- */

void fuzz_period_close(struct arena *arena, struct text value)
{
    struct period_close close, again;
    struct text first, second;
    struct fault fault;
    enum status status = consumer_period_close_decode(&context, arena, value, &close, &fault);
    if (status != STATUS_OK) {
        check_refused(status, &fault);
        return;
    }
    CHECK(consumer_period_close_encode(&close, arena, &first) == STATUS_OK);
    CHECK(consumer_period_close_decode(&context, arena, first, &again, NULL) == STATUS_OK);
    CHECK(consumer_period_close_encode(&again, arena, &second) == STATUS_OK);
    CHECK(text_equal(first, second));
}

/* What a part is kept as. */
static void check_slice(struct arena *arena, const struct roster_part *part)
{
    struct roster_slice slice = { part->part, part->rows, part->row_count }, again;
    struct text first, second;
    CHECK(roster_slice_encode(arena, &slice, &first) == STATUS_OK);
    CHECK(roster_slice_decode(arena, first, &again) == STATUS_OK && again.count == part->row_count);
    CHECK(roster_slice_encode(arena, &again, &second) == STATUS_OK && text_equal(first, second));
}

void fuzz_roster_update(struct arena *arena, struct text value)
{
    struct roster_part part;
    struct text key;
    struct fault fault;
    enum status status = consumer_roster_update_decode(&context, arena, value, &part, &fault);
    if (status != STATUS_OK) {
        check_refused(status, &fault);
        return;
    }
    CHECK(part.part >= 1 && part.part <= part.header.parts && part.header.parts <= ROSTER_PARTS_MAX);
    CHECK(consumer_roster_key(arena, &part.header, &key) == STATUS_OK && text_is_utf8(key));
    for (size_t i = 0; i < part.row_count; i++)
        CHECK(part.rows[i].bad_field < ROSTER_FIELD_COUNT);
    check_slice(arena, &part);
}

void fuzz_fund_entry(struct arena *arena, struct text value)
{
    struct fund_entry entry;
    const struct policy_pack *found;
    struct fault fault;
    enum status status = consumer_fund_entry_decode(&context, arena, value, &entry, &found, &fault);
    if (status == STATUS_OK)
        CHECK(found == &pack && entry.kind >= FUND_ENTRY_PAYMENT && entry.kind <= FUND_ENTRY_CLOSE);
    else
        check_refused(status, &fault);
}

void fuzz_settlement(struct arena *arena, struct text value)
{
    struct fund_moves moves;
    struct fault fault;
    enum status status = consumer_fund_moves_decode(arena, value, &moves, &fault);
    if (status == STATUS_OK)
        CHECK(moves.count <= COUNT_OF(moves.entries));
    else
        check_refused(status, &fault);
}
