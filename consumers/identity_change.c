#include "consumers/identity_change.h"

#include "consumers/message_check.h"
#include "consumers/person_id.h"
#include "proto/wire.h"

typedef Settled__V1__IdentityChange__AttributesEntry attribute;

/* The value of an attribute, empty when it is not there; of two the last, as for every field given twice. */
static struct text attribute_get(const Settled__V1__IdentityChange *wire, const char *key)
{
    for (size_t i = wire->n_attributes; i-- > 0;)
        if (strcmp(wire->attributes[i]->key, key) == 0)
            return text_of(wire->attributes[i]->value);
    return TEXT_EMPTY;
}

static bool is_no_action(const Settled__V1__IdentityChange *wire)
{
    return wire->action == SETTLED__V1__IDENTITY_CHANGE__ACTION__NO_ACTION;
}

/* An answer that changes nothing needs neither a category nor a day, but it must answer something. */
static void given_check(
    struct message_check *check, const Settled__V1__IdentityChange *wire, const struct message_head *head)
{
    message_head_given(check, head);
    message_value_given(check, wire->action != 0, "action");
    if (is_no_action(wire)) {
        message_value_given(check, wire->category != 0 || wire->reply_to[0] != '\0', "reply_to");
        return;
    }
    message_value_given(check, wire->category != 0, "category");
    message_text_given(check, text_of(wire->effective_on), "effective_on");
}

/* Only two categories have a funding, and employees' insurance is never fiscal; who says nothing pays by the year. */
static uint8_t funding_read(struct message_check *check, const Settled__V1__IdentityChange *wire)
{
    bool employee = wire->category == SETTLED__V1__IDENTITY_CHANGE__CATEGORY__EMPLOYEE_INSURED;
    if (!employee && wire->category != SETTLED__V1__IDENTITY_CHANGE__CATEGORY__SUPPLEMENTARY_MEMBER)
        return 0;
    struct text text = attribute_get(wire, "funding");
    if (text_is_empty(text))
        return FUNDING_YEARLY;
    int funding = term_parse(TERM_FUNDING, text);
    if (funding == 0 || (employee && funding == FUNDING_FISCAL))
        message_refuse(check, STATUS_BAD_ATTRIBUTE, "attributes.funding");
    return (uint8_t)funding;
}

static void relative_read(
    struct message_check *check, const Settled__V1__IdentityChange *wire, struct fact_identity *identity)
{
    if (wire->category != SETTLED__V1__IDENTITY_CHANGE__CATEGORY__RELATIVE)
        return;
    identity->relative_id = attribute_get(wire, "relative_id");
    identity->relation = (uint8_t)term_parse(TERM_RELATION, attribute_get(wire, "relation"));
    if (!person_id_is_valid(identity->relative_id))
        message_refuse(check, STATUS_BAD_ATTRIBUTE, "attributes.relative_id");
    if (identity->relation == 0)
        message_refuse(check, STATUS_BAD_ATTRIBUTE, "attributes.relation");
}

static void terms_read(
    struct message_check *check, const Settled__V1__IdentityChange *wire, struct fact_identity *identity)
{
    identity->category = message_term_read(check, TERM_CATEGORY, (int)wire->category, "category", 0);
    identity->action = message_term_read(check, TERM_IDENTITY_ACTION, (int)wire->action, "action", 0);
}

static void identity_read(struct message_check *check, const Settled__V1__IdentityChange *wire, struct fact *fact)
{
    struct fact_identity *identity = &fact->identity;
    identity->effective_on = instant_day(fact->recorded_at);
    if (wire->effective_on[0] != '\0')
        identity->effective_on = message_day_read(check, text_of(wire->effective_on), "effective_on");
    if (is_no_action(wire))
        return;
    identity->funding = funding_read(check, wire);
    relative_read(check, wire, identity);
}

enum status consumer_identity_change_decode(const struct consumer_context *context, struct arena *arena,
    struct text value, struct message *ret_message, struct fault *fault)
{
    const ProtobufCMessage *unpacked;
    enum status status = wire_unpack(&settled__v1__identity_change__descriptor, arena, value, &unpacked, fault);
    if (status != STATUS_OK)
        return status;
    const Settled__V1__IdentityChange *wire = (const Settled__V1__IdentityChange *)unpacked;
    struct message_head head = MESSAGE_HEAD(wire);
    struct message_check check = { STATUS_OK, fault };
    struct message message = { .fact = { .kind = FACT_IDENTITY, .name = text_of(wire->name) } };
    message.fact.identity =
        (struct fact_identity){ .roster_id = text_of(wire->roster_id), .reply_to = text_of(wire->reply_to) };
    given_check(&check, wire, &head);
    message_person_read(&check, &head, &message);
    message_region_read(&check, context, head.region, &message.pack);
    terms_read(&check, wire, &message.fact.identity);
    message_identity_read(&check, &head, &message.fact);
    if (check.status == STATUS_OK)
        identity_read(&check, wire, &message.fact);
    if (check.status == STATUS_OK)
        *ret_message = message;
    return check.status;
}

/* RELATIVE has two, relation and relative_id. */
#define ATTRIBUTE_LIMIT 2

/* The attributes that the category has, by key, so that the bytes are always the same. */
struct packing {
    attribute entries[ATTRIBUTE_LIMIT];
    attribute *list[ATTRIBUTE_LIMIT];
    size_t count;
};

static void attribute_add(struct packing *packing, struct arena *arena, const char *key, struct text value)
{
    attribute *entry = &packing->entries[packing->count];
    settled__v1__identity_change__attributes_entry__init(entry);
    entry->key = wire_text(arena, text_of(key));
    entry->value = wire_text(arena, value);
    packing->list[packing->count++] = entry;
}

static void attributes_fill(struct packing *packing, struct arena *arena, const struct fact_identity *identity)
{
    packing->count = 0;
    if (identity->funding != 0)
        attribute_add(packing, arena, "funding", text_of(term_name(TERM_FUNDING, identity->funding)));
    if (identity->relation == 0)
        return;
    attribute_add(packing, arena, "relation", text_of(term_name(TERM_RELATION, identity->relation)));
    attribute_add(packing, arena, "relative_id", identity->relative_id);
}

enum status consumer_identity_change_encode(const struct message *message, struct arena *arena, struct text *ret_value)
{
    const struct fact_identity *identity = &message->fact.identity;
    Google__Protobuf__Timestamp recorded_at;
    Settled__V1__IdentityChange wire = SETTLED__V1__IDENTITY_CHANGE__INIT;
    struct packing packing;
    attributes_fill(&packing, arena, identity);
    MESSAGE_HEAD_FILL(&wire, message, arena, &recorded_at);
    wire.name = wire_text(arena, message->fact.name);
    wire.category = (Settled__V1__IdentityChange__Category)identity->category;
    wire.action = (Settled__V1__IdentityChange__Action)identity->action;
    wire.effective_on = message_day_text(arena, identity->effective_on);
    wire.roster_id = wire_text(arena, identity->roster_id);
    wire.reply_to = wire_text(arena, identity->reply_to);
    wire.attributes = packing.list;
    wire.n_attributes = packing.count;
    return wire_pack(&wire.base, arena, ret_value);
}
