#include "state/store_sealed.h"

#include "state/frame.h"

#include <sodium.h>
#include <stdlib.h>

#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(
    SEAL_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a key of the file is a key of the cipher");

struct store_sealed {
    struct store store;
    struct store *base;
    struct arena *arena; /* of one write */
    struct seal_keys keys;
};

static struct store_sealed *sealed_of(struct store *store)
{
    return (struct store_sealed *)store;
}

/* ---- The key file ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct text trim(struct text line)
{
    while (line.length > 0 && is_blank(line.at[0]))
        line = (struct text){ line.at + 1, line.length - 1 };
    while (line.length > 0 && is_blank(line.at[line.length - 1]))
        line.length--;
    return line;
}

static bool read_name(struct text line, char *ret_name, struct text *ret_rest)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t length = 0;
    while (length < line.length && !is_blank(line.at[length]))
        if (strchr(letters, line.at[length++]) == NULL)
            return false;
    if (length == 0 || length >= SEAL_NAME_SIZE)
        return false;
    memcpy(ret_name, line.at, length);
    ret_name[length] = '\0';
    *ret_rest = trim((struct text){ line.at + length, line.length - length });
    return true;
}

static const char *read_key(struct text line, struct seal_keys *keys)
{
    struct seal_key key;
    struct text digits;
    size_t length;
    if (keys->count == SEAL_KEYS_MAX)
        return "too many keys";
    if (!read_name(line, key.name, &digits))
        return "no name of a key; allowed: 1 to 16 letters, digits, `.`, `_`, `-`";
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->items[i].name, key.name) == 0)
            return "the name of another key";
    if (digits.length != 2 * SEAL_KEY_SIZE
        || sodium_hex2bin(key.bytes, sizeof key.bytes, digits.at, digits.length, NULL, &length, NULL) != 0
        || length != sizeof key.bytes)
        return "no key; allowed: 64 hexadecimal digits, like those of `openssl rand -hex 32`";
    keys->items[keys->count++] = key;
    return NULL;
}

enum status seal_keys_read(struct text file, struct seal_keys *ret_keys, struct fault *fault)
{
    struct seal_keys keys = { .count = 0 };
    int number = 0;
    while (file.length > 0) {
        const char *end = memchr(file.at, '\n', file.length);
        struct text line = { file.at, end == NULL ? file.length : (size_t)(end - file.at) };
        size_t taken = line.length + (end != NULL);
        file = (struct text){ file.at + taken, file.length - taken };
        line = trim(line);
        number++;
        if (line.length == 0 || line.at[0] == '#')
            continue;
        const char *problem = read_key(line, &keys);
        if (problem != NULL)
            return fault_set(fault, STATUS_BAD_CONFIG, "state.seal_file", "line %d: %s", number, problem);
    }
    if (keys.count == 0)
        return fault_set(fault, STATUS_BAD_CONFIG, "state.seal_file", "no key in it");
    *ret_keys = keys;
    return STATUS_OK;
}

/* ---- Where a value stands goes into its seal ---- */

struct place {
    uint8_t bytes[4 + sizeof(struct store_key)];
};

static struct place place_of(int32_t partition, const struct store_key *key)
{
    struct place place;
    for (int i = 0; i < 4; i++)
        place.bytes[i] = (uint8_t)((uint32_t)partition >> (8 * i));
    memcpy(place.bytes + 4, key->bytes, sizeof key->bytes);
    return place;
}

/* ---- Opening ---- */

static const struct seal_key *find_key(const struct seal_keys *keys, struct text name)
{
    for (size_t i = 0; i < keys->count; i++)
        if (text_equal(text_of(keys->items[i].name), name))
            return &keys->items[i];
    return NULL;
}

/* What a sealed frame holds. */
struct seal {
    struct text key_name, nonce, sealed;
};

static bool read_seal(struct text value, struct seal *ret_seal)
{
    struct bytes_reader reader = frame_open(value, FRAME_SEALED);
    ret_seal->key_name = bytes_get_text(&reader);
    ret_seal->nonce = bytes_get_text(&reader);
    ret_seal->sealed = bytes_get_text(&reader);
    return frame_close(&reader) == STATUS_OK && ret_seal->nonce.length == NONCE_SIZE
        && ret_seal->sealed.length > TAG_SIZE;
}

/* A value that is damaged, or sealed with a key that is not ours, stays as it is: whoever decodes it says so. */
static enum status open_value(
    const struct store_sealed *sealed, struct arena *arena, const struct place *place, struct text *value)
{
    struct seal seal;
    if (!frame_is(*value, FRAME_SEALED) || !read_seal(*value, &seal))
        return STATUS_OK;
    const struct seal_key *key = find_key(&sealed->keys, seal.key_name);
    if (key == NULL)
        return STATUS_OK;
    size_t length = seal.sealed.length - TAG_SIZE;
    uint8_t *opened = arena_take_bytes(arena, length);
    if (opened == NULL)
        return STATUS_ARENA_FULL;
    bool is_genuine =
        crypto_aead_xchacha20poly1305_ietf_decrypt(opened, NULL, NULL, (const uint8_t *)seal.sealed.at,
            seal.sealed.length, place->bytes, sizeof place->bytes, (const uint8_t *)seal.nonce.at, key->bytes)
        == 0;
    *value = is_genuine ? (struct text){ (const char *)opened, length } : TEXT("?");
    return STATUS_OK;
}

static enum status sealed_read(
    struct store *store, struct arena *arena, struct store_read *reads, size_t count, struct fault *fault)
{
    const struct store_sealed *sealed = sealed_of(store);
    enum status status = sealed->base->ops->read(sealed->base, arena, reads, count, fault);
    for (size_t i = 0; i < count; i++)
        for (size_t value = 0; value < reads[i].count && status == STATUS_OK; value++) {
            struct place place = place_of(reads[i].partition, &reads[i].keys[value]);
            status = open_value(sealed, arena, &place, &reads[i].ret_values[value]);
        }
    return status;
}

/* ---- Sealing ---- */

static struct text seal_value(struct store_sealed *sealed, const struct place *place, struct text value)
{
    const struct seal_key *key = &sealed->keys.items[sealed->keys.count - 1];
    uint8_t nonce[NONCE_SIZE];
    size_t length = value.length + TAG_SIZE;
    struct bytes_writer writer = frame_begin(sealed->arena, FRAME_SEALED, length + NONCE_SIZE + SEAL_NAME_SIZE + 16);
    uint8_t *bytes = arena_take_bytes(sealed->arena, length);
    CHECK(bytes != NULL);
    randombytes_buf(nonce, sizeof nonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes, NULL, (const uint8_t *)value.at, value.length, place->bytes,
        sizeof place->bytes, NULL, nonce, key->bytes);
    struct text framed;
    bytes_put_text(&writer, text_of(key->name));
    bytes_put_text(&writer, (struct text){ (const char *)nonce, sizeof nonce });
    bytes_put_text(&writer, (struct text){ (const char *)bytes, length });
    enum status status = frame_finish(&writer, &framed);
    CHECK(status == STATUS_OK); /* the caller has given room for all of a write */
    return framed;
}

static void seal_write(struct store_sealed *sealed, const struct store_write *write, struct store_write *ret_write)
{
    struct store_item *items = ARENA_ARRAY(sealed->arena, write->count, struct store_item);
    CHECK(items != NULL);
    for (size_t i = 0; i < write->count; i++) {
        struct place place = place_of(write->partition, &write->items[i].key);
        items[i] = write->items[i];
        if (!text_is_empty(items[i].value))
            items[i].value = seal_value(sealed, &place, items[i].value);
    }
    *ret_write = *write;
    ret_write->items = items;
}

static enum status sealed_write(struct store *store, struct store_write *writes, size_t count, struct fault *fault)
{
    struct store_sealed *sealed = sealed_of(store);
    arena_reset(sealed->arena);
    struct store_write *all = ARENA_ARRAY(sealed->arena, count, struct store_write);
    CHECK(all != NULL);
    for (size_t i = 0; i < count; i++)
        seal_write(sealed, &writes[i], &all[i]);
    enum status status = sealed->base->ops->write(sealed->base, all, count, fault);
    for (size_t i = 0; i < count; i++)
        writes[i].ret_status = all[i].ret_status;
    return status;
}

/* ---- The rest ---- */

static enum status sealed_scan(struct store *store, int32_t partition, const struct store_key *after, size_t limit,
    struct store_key *ret_keys, size_t *ret_count, struct fault *fault)
{
    struct store *base = sealed_of(store)->base;
    return base->ops->scan(base, partition, after, limit, ret_keys, ret_count, fault);
}

static enum status sealed_ping(struct store *store, struct fault *fault)
{
    return sealed_of(store)->base->ops->ping(sealed_of(store)->base, fault);
}

static void sealed_free(struct store *store)
{
    struct store_sealed *sealed = sealed_of(store);
    sealed->base->ops->free(sealed->base);
    arena_free(sealed->arena);
    sodium_memzero(&sealed->keys, sizeof sealed->keys);
    free(sealed);
}

struct store *store_sealed_new(struct store *base, const struct seal_keys *keys, size_t write_bytes)
{
    static const struct store_ops ops = {
        .read = sealed_read, .write = sealed_write, .scan = sealed_scan, .ping = sealed_ping, .free = sealed_free
    };
    struct store_sealed *sealed = calloc(1, sizeof *sealed);
    struct arena *arena = arena_new(write_bytes);
    if (sealed == NULL || arena == NULL || sodium_init() < 0) {
        free(sealed);
        arena_free(arena);
        base->ops->free(base);
        return NULL;
    }
    CHECK(keys->count > 0);
    *sealed = (struct store_sealed){ .store.ops = &ops, .base = base, .arena = arena, .keys = *keys };
    return &sealed->store;
}
