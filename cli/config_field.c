#include "cli/config_field.h"

#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <sodium.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define AT(member) offsetof(struct config, member)

const struct config_field config_fields[] = {
    { "", "instance", CONFIG_WORD, AT(instance), 1, 128 },
    { "", "workers", CONFIG_INT, AT(workers), 1, CONFIG_WORKERS_MAX },
    { "", "packs", CONFIG_TEXT, AT(packs), 0, 0 },
    { "", "repro_dir", CONFIG_FOLDER, AT(repro_dir), 0, 0 },
    { "kafka", "brokers", CONFIG_TEXT, AT(kafka.brokers), 0, 0 },
    { "kafka", "group", CONFIG_WORD, AT(kafka.group), 1, 128 },
    { "kafka", "properties", CONFIG_PROPERTIES, AT(kafka.properties), LOG_KAFKA_BOTH, 0 },
    { "kafka", "consumer", CONFIG_PROPERTIES, AT(kafka.properties), LOG_KAFKA_CONSUMER, 0 },
    { "kafka", "producer", CONFIG_PROPERTIES, AT(kafka.properties), LOG_KAFKA_PRODUCER, 0 },
    { "redis", "address", CONFIG_ADDRESSES, AT(redis.addresses), 0, 0 },
    { "redis", "user", CONFIG_TEXT, AT(redis.user), 0, 0 },
    { "redis", "password", CONFIG_TEXT, AT(redis.password), 0, 0 },
    { "redis", "password_file", CONFIG_PASSWORD, AT(redis.password), 0, 0 },
    { "redis", "namespace", CONFIG_WORD, AT(redis.name_space), 1, 16 },
    { "redis", "database", CONFIG_INT, AT(redis.database), 0, 1 << 20 },
    { "redis", "connect_timeout_ms", CONFIG_INT, AT(redis.connect_timeout_ms), 1, 600000 },
    { "redis", "command_timeout_ms", CONFIG_INT, AT(redis.command_timeout_ms), 1, 600000 },
    { "state", "key_file", CONFIG_SECRET, AT(secret), 0, 0 },
    { "state", "seal_file", CONFIG_SEAL, AT(seal), 0, 0 },
    { "batch", "records", CONFIG_INT, AT(batch_records), 1, 1000000 },
    { "batch", "gather_ms", CONFIG_INT, AT(batch_gather_ms), 1, 10000 },
    { "batch", "arena_mb", CONFIG_INT, AT(batch_arena_mb), 16, 1 << 20 },
    { "close", "month", CONFIG_BOOL, AT(close.month), 0, 0 },
    { "close", "year", CONFIG_BOOL, AT(close.year), 0, 0 },
    { "close", "at", CONFIG_CLOCK, AT(close.at_minute), 0, 0 },
    { "close", "regions", CONFIG_REGIONS, AT(close.regions), 0, 0 },
    { "http", "listen", CONFIG_LISTEN, AT(listen), 0, 0 },
    { "log", "level", CONFIG_LEVEL, AT(log_level), 0, 0 },
};
const size_t config_field_count = COUNT_OF(config_fields);

/* Every value has its place; the table is the only one who writes there. */
static void *place_of(const struct config_field *field, struct config *config)
{
    return (char *)config + field->offset;
}

static bool read_text(struct pack_node at, const char **ret_text)
{
    const char *copy;
    if (!pack_node_copy(at, &copy))
        return false;
    if (strlen(copy) != at.node->data.scalar.length) {
        pack_problem(at, "a NUL inside of the text; allowed: text");
        return false;
    }
    *ret_text = copy;
    return true;
}

static bool read_folder(struct pack_node at, struct config_folder *ret_folder)
{
    char place[PACK_PROBLEM_SIZE];
    pack_node_place(at, place, sizeof place);
    struct config_folder folder = { .place = arena_copy(at.file->arena, place, strlen(place)) };
    if (!read_text(at, &folder.path) || folder.place == NULL)
        return false;
    *ret_folder = folder;
    return true;
}

static bool read_word(const struct config_field *field, struct pack_node at, const char **ret_text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *copy;
    if (!read_text(at, &copy))
        return false;
    size_t length = strlen(copy);
    if (length > (size_t)field->most || strspn(copy, letters) != length) {
        pack_problem(at, "`%s` is not a name; allowed: 1 to %d letters, digits, `.`, `_`, `-`", copy, field->most);
        return false;
    }
    *ret_text = copy;
    return true;
}

static bool read_int(const struct config_field *field, struct pack_node at, int *ret_int)
{
    const char *copy;
    char *end;
    if (!read_text(at, &copy))
        return false;
    errno = 0;
    long value = strtol(copy, &end, 10);
    if (errno != 0 || *end != '\0' || value < field->least || value > field->most) {
        pack_problem(at, "`%s` does not fit; allowed: a whole number from %d to %d", copy, field->least, field->most);
        return false;
    }
    *ret_int = (int)value;
    return true;
}

static bool read_clock(struct pack_node at, int *ret_minutes)
{
    const char *text;
    if (!read_text(at, &text))
        return false;
    int hours = strlen(text) == 5 ? atoi(text) : 24, minutes = hours < 24 ? atoi(text + 3) : 60;
    if (hours < 24 && minutes < 60 && text[2] == ':' && strspn(text, "0123456789:") == 5) {
        *ret_minutes = hours * 60 + minutes;
        return true;
    }
    pack_problem(at, "`%s` is not a time of day; allowed: \"00:00\" to \"23:59\"", text);
    return false;
}

static bool add_region(struct pack_node at, struct text region, struct config_regions *regions)
{
    char *copy = arena_copy(at.file->arena, region.at, region.length);
    if (copy == NULL || region.length != 6 || strspn(copy, "0123456789") != 6 || regions->count == CONFIG_REGIONS_MAX) {
        pack_problem(at, "`%.*s` is not a region; allowed: six digits, and at most %d regions", TEXT_FORMAT(region),
            CONFIG_REGIONS_MAX);
        return false;
    }
    regions->items[regions->count++] = copy;
    return true;
}

/* The environment has no lists: there it is one text. */
static bool read_regions(struct pack_node at, struct config_regions *regions)
{
    const char *text;
    bool good = true;
    regions->count = 0;
    if (at.node->type == YAML_SEQUENCE_NODE) {
        for (size_t i = 0; i < pack_node_count(at) && good; i++)
            good = read_text(pack_list_item(at, i), &text) && add_region(pack_list_item(at, i), text_of(text), regions);
        return good;
    }
    if (!read_text(at, &text))
        return false;
    while (good && *text != '\0') {
        size_t length = strcspn(text, ",");
        good = add_region(at, (struct text){ text, length }, regions);
        text += length + (text[length] == ',');
    }
    return good;
}

/* "127.0.0.1:6379", "redis.example:6379", "[::1]:6379". Cuts the copy in two. */
static bool split_address(char *copy, struct config_address *ret_address)
{
    char *colon = strrchr(copy, ':'), *end, *host = copy;
    if (colon == NULL || colon == copy || colon[1] < '0' || colon[1] > '9')
        return false;
    long port = strtol(colon + 1, &end, 10);
    if (*end != '\0' || port < 1 || port > 65535)
        return false;
    *colon = '\0';
    if (*host == '[') {
        if (colon[-1] != ']')
            return false;
        colon[-1] = '\0';
        host++;
    } else if (strchr(host, ':') != NULL)
        return false;
    *ret_address = (struct config_address){ .host = host, .port = (int)port };
    return *host != '\0';
}

static bool read_listen(struct pack_node at, struct config_address *ret_address)
{
    const char *text;
    if (at.node->type == YAML_SCALAR_NODE && at.node->data.scalar.length == 0) {
        *ret_address = (struct config_address){ .host = NULL };
        return true;
    }
    if (!read_text(at, &text))
        return false;
    char *copy = arena_copy(at.file->arena, text, strlen(text));
    if (copy != NULL && split_address(copy, ret_address))
        return true;
    pack_problem(at, "`%s` is not an address; allowed: host:port (a port from 1 to 65535), or \"\" for no HTTP", text);
    return false;
}

/* Cuts the copy at its commas. */
static bool split_addresses(char *copy, struct config_addresses *ret_addresses)
{
    char *rest = NULL;
    ret_addresses->count = 0;
    if (*copy == '\0' || *copy == ',' || copy[strlen(copy) - 1] == ',')
        return false;
    for (char *one = strtok_r(copy, ",", &rest); one != NULL; one = strtok_r(NULL, ",", &rest)) {
        one += strspn(one, " ");
        if (ret_addresses->count == CONFIG_ADDRESSES_MAX
            || !split_address(one, &ret_addresses->items[ret_addresses->count++]))
            return false;
    }
    return true;
}

static bool read_addresses(struct pack_node at, struct config_addresses *ret_addresses)
{
    const char *text;
    struct config_addresses addresses = { .count = 1 };
    if (!read_text(at, &text))
        return false;
    if (text[0] == '/') {
        addresses.items[0].unix_path = text;
        *ret_addresses = addresses;
        return true;
    }
    char *copy = arena_copy(at.file->arena, text, strlen(text));
    if (copy != NULL && split_addresses(copy, &addresses)) {
        *ret_addresses = addresses;
        return true;
    }
    pack_problem(at,
        "`%s` is not an address; allowed: host:port (a port from 1 to 65535), at most %d with commas, or the path of a "
        "Unix socket",
        text, CONFIG_ADDRESSES_MAX);
    return false;
}

static bool read_level(struct pack_node at, enum logline_level *ret_level)
{
    static const struct pack_names levels = { { "debug", "info", "warning", "error" }, 4 };
    int place;
    if (!pack_node_name(at, "level", &levels, &place))
        return false;
    *ret_level = (enum logline_level)place;
    return true;
}

/* ---- Values that lie in files of their own ---- */

/* At most `most` bytes of it; -1 after a problem. The path is shown, never what is in it. */
static ssize_t read_file(struct pack_node at, char *bytes, size_t most)
{
    const char *path;
    if (!read_text(at, &path))
        return -1;
    FILE *file = fopen(path, "rbe");
    size_t length = file == NULL ? 0 : fread(bytes, 1, most + 1, file);
    bool failed = file == NULL || ferror(file);
    int why = errno;
    if (file != NULL)
        fclose(file);
    if (failed) {
        pack_problem(at, "`%s` cannot be read: %s", path, strerror(why));
        return -1;
    }
    if (length > most) {
        pack_problem(at, "`%s` is too large; allowed: at most %zu bytes", path, most);
        return -1;
    }
    return (ssize_t)length;
}

static bool read_password(struct pack_node at, const char **ret_password)
{
    char bytes[CONFIG_SECRET_MAX + 1];
    ssize_t length = read_file(at, bytes, CONFIG_SECRET_MAX);
    if (length < 0)
        return false;
    const char *end = memchr(bytes, '\n', (size_t)length);
    size_t used = end == NULL ? (size_t)length : (size_t)(end - bytes);
    if (used == 0 || memchr(bytes, '\0', used) != NULL) {
        pack_problem(at, "the first line of this file is no password; allowed: a line of text");
        return false;
    }
    *ret_password = arena_copy(at.file->arena, bytes, used);
    return *ret_password != NULL;
}

/* Whatever its length, the secret becomes a key of the hash; what is read is every byte of the file, a newline too. */
static bool read_secret(struct pack_node at, struct config *config)
{
    char bytes[CONFIG_SECRET_MAX + 1];
    ssize_t length = read_file(at, bytes, CONFIG_SECRET_MAX);
    if (length < 0)
        return false;
    if (length < CONFIG_SECRET_MIN) {
        pack_problem(at, "%zd bytes are too few for a secret; allowed: %d to %d bytes, like those of `openssl rand 32`",
            length, CONFIG_SECRET_MIN, CONFIG_SECRET_MAX);
        return false;
    }
    crypto_generichash(config->secret, sizeof config->secret, (const unsigned char *)bytes, (size_t)length, NULL, 0);
    config->has_own_secret = true;
    return true;
}

static bool read_seal(struct pack_node at, struct seal_keys *ret_keys)
{
    char bytes[CONFIG_SECRET_MAX + 1];
    struct fault fault;
    ssize_t length = read_file(at, bytes, CONFIG_SECRET_MAX);
    bool good = length >= 0 && seal_keys_read((struct text){ bytes, (size_t)length }, ret_keys, &fault) == STATUS_OK;
    if (length >= 0 && !good)
        pack_problem(at, "the file of keys, %s", fault.text);
    sodium_memzero(bytes, sizeof bytes);
    return good;
}

/* ---- librdkafka's own ---- */

/* What exactly-once stands on is not up for configuration. */
static bool is_ours(const char *name)
{
    static const char *const ours[] = { "auto.offset.reset", "bootstrap.servers", "enable.auto.commit",
        "enable.auto.offset.store", "enable.idempotence", "enable.partition.eof", "group.id", "group.instance.id",
        "isolation.level", "metadata.broker.list", "partition.assignment.strategy", "transactional.id" };
    for (size_t i = 0; i < COUNT_OF(ours); i++)
        if (strcmp(ours[i], name) == 0)
            return true;
    return false;
}

/* Asked here, where the place in the file is known, rather than when the first client is made. */
static bool is_taken_by_librdkafka(struct pack_node at, struct log_kafka_property property)
{
    char why[PACK_PROBLEM_SIZE / 2];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    bool taken = rd_kafka_conf_set(conf, property.name, property.value, why, sizeof why) == RD_KAFKA_CONF_OK;
    rd_kafka_conf_destroy(conf);
    if (!taken)
        pack_problem(at, "%s; allowed: the properties of librdkafka %s, and their values", why, rd_kafka_version_str());
    return taken;
}

static bool is_same_property(const struct log_kafka_property *a, const struct log_kafka_property *b)
{
    return a->client == b->client && strcmp(a->name, b->name) == 0;
}

bool config_property_set(struct pack_node at, struct config_properties *properties, struct log_kafka_property property)
{
    size_t i = 0;
    if (is_ours(property.name)) {
        pack_problem(at, "`%s` is set by settled itself; allowed: the other properties of librdkafka", property.name);
        return false;
    }
    if (!is_taken_by_librdkafka(at, property))
        return false;
    while (i < properties->count && !is_same_property(&properties->items[i], &property))
        i++;
    if (i == CONFIG_PROPERTIES_MAX) {
        pack_problem(at, "too many properties; allowed: %d", CONFIG_PROPERTIES_MAX);
        return false;
    }
    properties->items[i] = property;
    properties->count += i == properties->count;
    return true;
}

static bool read_properties(const struct config_field *field, struct pack_node at, struct config_properties *properties)
{
    if (!pack_map_check(at, NULL))
        return false;
    bool good = true;
    for (size_t i = 0; i < pack_node_count(at); i++) {
        struct log_kafka_property property = { .client = (enum log_kafka_client)field->least };
        good &= read_text(pack_map_key(at, i), &property.name) && read_text(pack_map_value(at, i), &property.value)
            && config_property_set(pack_map_key(at, i), properties, property);
    }
    return good;
}

bool config_field_read(const struct config_field *field, struct pack_node at, struct config *config)
{
    void *place = place_of(field, config);
    switch (field->type) {
    case CONFIG_TEXT:
        return read_text(at, place);
    case CONFIG_FOLDER:
        return read_folder(at, place);
    case CONFIG_WORD:
        return read_word(field, at, place);
    case CONFIG_INT:
        return read_int(field, at, place);
    case CONFIG_ADDRESSES:
        return read_addresses(at, place);
    case CONFIG_BOOL:
        return pack_node_bool(at, place);
    case CONFIG_CLOCK:
        return read_clock(at, place);
    case CONFIG_REGIONS:
        return read_regions(at, place);
    case CONFIG_LISTEN:
        return read_listen(at, place);
    case CONFIG_LEVEL:
        return read_level(at, place);
    case CONFIG_PASSWORD:
        return read_password(at, place);
    case CONFIG_SEAL:
        return read_seal(at, place);
    case CONFIG_SECRET:
        return read_secret(at, config);
    case CONFIG_PROPERTIES:
        return read_properties(field, at, place);
    }
    return false;
}
