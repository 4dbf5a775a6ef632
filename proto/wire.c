#include "proto/wire.h"

#include "proto/wire_scan.h"

/* protobuf-c's allocator over an arena. `spent` is counted apart from the arena, so that whether a value is TOO_LARGE
 * depends on the value alone and not on how full the batch is. */
struct budget {
    struct arena *arena;
    size_t spent;
    bool exceeded;
};

static void *budget_alloc(void *data, size_t size)
{
    struct budget *budget = data;
    if (size > WIRE_UNPACKED_LIMIT - budget->spent) {
        budget->exceeded = true;
        return NULL;
    }
    budget->spent += size;
    return arena_take_bytes(budget->arena, size);
}

/* The arena takes everything back at once. */
static void budget_free(void *data, void *at)
{
    (void)data;
    (void)at;
}

static enum status unpack(const ProtobufCMessageDescriptor *descriptor, struct arena *arena, struct text value,
    const ProtobufCMessage **ret_message)
{
    struct budget budget = { arena, 0, false };
    ProtobufCAllocator allocator = { budget_alloc, budget_free, &budget };
    size_t mark = arena_mark(arena);
    const ProtobufCMessage *message =
        protobuf_c_message_unpack(descriptor, &allocator, value.length, (const uint8_t *)value.at);
    if (message != NULL) {
        *ret_message = message;
        return STATUS_OK;
    }
    arena_rewind(arena, mark);
    if (arena_is_full(arena))
        return STATUS_ARENA_FULL;
    return budget.exceeded ? STATUS_TOO_LARGE : STATUS_NOT_PROTOBUF;
}

static enum status frame_check(struct text *value)
{
    if (value->length == 0)
        return STATUS_EMPTY;
    if (value->length > WIRE_VALUE_LIMIT)
        return STATUS_TOO_LARGE;
    if (!wire_frame_strip(value))
        return STATUS_NOT_PROTOBUF;
    return value->length == 0 ? STATUS_EMPTY : STATUS_OK;
}

enum status wire_unpack(const ProtobufCMessageDescriptor *descriptor, struct arena *arena, struct text value,
    const ProtobufCMessage **ret_message, struct fault *fault)
{
    enum status status = frame_check(&value);
    if (status != STATUS_OK)
        return fault_set(fault, status, "", "%s", status_sentence(status));
    enum status scanned = wire_scan(descriptor, value, fault);
    if (scanned == STATUS_NOT_PROTOBUF)
        return scanned;
    status = unpack(descriptor, arena, value, ret_message);
    if (status != STATUS_OK)
        return fault_set(fault, status, "", "%s", status_sentence(status));
    return scanned;
}

enum status wire_pack(const ProtobufCMessage *message, struct arena *arena, struct text *ret_value)
{
    if (arena_is_full(arena))
        return STATUS_ARENA_FULL;
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = arena_take_bytes(arena, size);
    if (bytes == NULL)
        return STATUS_ARENA_FULL;
    protobuf_c_message_pack(message, bytes);
    *ret_value = (struct text){ (const char *)bytes, size };
    return STATUS_OK;
}

char *wire_text(struct arena *arena, struct text text)
{
    static char empty[1];
    if (text.length == 0)
        return empty;
    char *copy = arena_copy(arena, text.at, text.length);
    return copy == NULL ? empty : copy;
}
