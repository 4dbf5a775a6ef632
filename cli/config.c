#include "cli/config.h"

#include "cli/config_field.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((size_t)256 << 10)
#define PROPERTY_PREFIX "SETTLED_KAFKA_PROPERTIES_"

extern char **environ;

/* The key of the hash when none is given: known to everybody, so that it hides nothing, and always the same. */
static const uint8_t public_secret[16] = "settled, no key";

static void set_defaults(struct config *config)
{
    *config = (struct config){ .workers = 1,
        .kafka = { .brokers = "127.0.0.1:9092", .group = "settled" },
        .redis = { .addresses = { .items = { { .host = "127.0.0.1", .port = 6379 } }, .count = 1 },
            .name_space = "",
            .connect_timeout_ms = 2000,
            .command_timeout_ms = 5000 },
        .batch_records = 10000,
        .batch_gather_ms = 5,
        .batch_arena_mb = 1024,
        .listen = { .host = "127.0.0.1", .port = 9464 },
        .close = { .at_minute = 30 },
        .log_level = LOGLINE_INFO };
    memcpy(config->secret, public_secret, sizeof config->secret);
}

/* ---- The file ---- */

static bool read_bytes(const char *path, struct arena *arena, struct pack_report *report, struct text *ret_bytes)
{
    char *bytes = arena_take(arena, FILE_BYTES_MAX + 1);
    FILE *file = fopen(path, "rbe");
    size_t length = file == NULL || bytes == NULL ? 0 : fread(bytes, 1, FILE_BYTES_MAX + 1, file);
    bool failed = file == NULL || ferror(file);
    int why = errno;
    if (file != NULL)
        fclose(file);
    if (failed)
        pack_problem_in(report, path, "cannot be read: %s", strerror(why));
    else if (length > FILE_BYTES_MAX)
        pack_problem_in(report, path, "too large; allowed: at most %zu bytes", FILE_BYTES_MAX);
    *ret_bytes = (struct text){ bytes, length };
    return !failed && length <= FILE_BYTES_MAX && bytes != NULL;
}

/* The names that a mapping may have: the keys of its section, and at the top the sections too. */
static struct pack_names names_of(const char *section)
{
    struct pack_names names = { .count = 0 };
    for (size_t i = 0; i < config_field_count; i++) {
        const struct config_field *field = &config_fields[i];
        if (strcmp(field->section, section) == 0)
            pack_names_add(&names, field->key);
        else if (section[0] == '\0' && pack_names_find(&names, text_of(field->section)) < 0)
            pack_names_add(&names, field->section);
    }
    return names;
}

static bool read_section(struct pack_node map, const char *section, struct config *config)
{
    struct pack_names names = names_of(section);
    if (!pack_node_is_map(map))
        return false;
    bool good = pack_map_check(map, &names);
    for (size_t i = 0; i < config_field_count; i++) {
        struct pack_node value;
        if (strcmp(config_fields[i].section, section) == 0 && pack_map_find(map, config_fields[i].key, &value))
            good &= config_field_read(&config_fields[i], value, config);
    }
    return good;
}

static bool read_document(struct pack_node root, struct config *config)
{
    bool good = read_section(root, "", config);
    for (size_t i = 0; i < config_field_count; i++) {
        struct pack_node section;
        bool begins = i == 0 || strcmp(config_fields[i].section, config_fields[i - 1].section) != 0;
        if (begins && config_fields[i].section[0] != '\0' && pack_map_find(root, config_fields[i].section, &section))
            good &= read_section(section, config_fields[i].section, config);
    }
    return good;
}

static bool read_config_file(const char *path, struct arena *arena, struct pack_report *report, struct config *config)
{
    struct text bytes;
    struct pack_file file = { .path = path, .arena = arena, .report = report };
    if (!read_bytes(path, arena, report, &bytes) || !pack_file_parse(&file, bytes.at, bytes.length)) {
        pack_file_done(&file);
        return false;
    }
    bool good = read_document(pack_file_root(&file), config);
    pack_file_done(&file);
    return good;
}

/* ---- The environment ---- */

/* A value of the environment goes through the very readers of the file: as a document of one scalar, named after the
 * variable. */
struct variable {
    struct pack_file file;
    struct pack_node node;
};

static bool open_variable(struct variable *variable, const char *value)
{
    if (!yaml_document_initialize(&variable->file.document, NULL, NULL, NULL, 1, 1))
        return false;
    variable->file.open = true;
    yaml_char_t *bytes = (yaml_char_t *)(uintptr_t)value; /* copied by the library, which does not say so */
    if (!text_is_utf8(text_of(value))
        || !yaml_document_add_scalar(
            &variable->file.document, NULL, bytes, (int)strlen(value), YAML_PLAIN_SCALAR_STYLE)) {
        pack_problem_in(variable->file.report, variable->file.path, "not UTF-8");
        return false;
    }
    variable->node = pack_file_root(&variable->file);
    return true;
}

static void name_variable(const struct config_field *field, char *buffer, size_t size)
{
    snprintf(buffer, size, "SETTLED_%s%s%s", field->section, field->section[0] == '\0' ? "" : "_", field->key);
    for (char *c = buffer; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
}

static bool read_variable(
    const struct config_field *field, struct arena *arena, struct pack_report *report, struct config *config)
{
    char name[64];
    name_variable(field, name, sizeof name);
    const char *value = getenv(name);
    if (value == NULL || field->type == CONFIG_PROPERTIES)
        return true;
    struct variable variable = { .file = { .path = name, .arena = arena, .report = report } };
    bool good = open_variable(&variable, value) && config_field_read(field, variable.node, config);
    pack_file_done(&variable.file);
    return good;
}

/* SETTLED_KAFKA_PROPERTIES_SASL_PASSWORD=x: the property sasl.password. */
static bool read_property_variable(
    const char *entry, struct arena *arena, struct pack_report *report, struct config *config)
{
    const char *equals = strchr(entry, '=');
    if (equals == NULL || strncmp(entry, PROPERTY_PREFIX, strlen(PROPERTY_PREFIX)) != 0)
        return true;
    const char *rest = entry + strlen(PROPERTY_PREFIX);
    char *path = arena_copy(arena, entry, (size_t)(equals - entry));
    char *name = arena_copy(arena, rest, (size_t)(equals - rest));
    char *value = arena_copy(arena, equals + 1, strlen(equals + 1));
    if (path == NULL || name == NULL || value == NULL)
        return false;
    for (char *c = name; *c != '\0'; c++)
        *c = *c == '_' ? '.' : (char)tolower((unsigned char)*c);
    struct variable variable = { .file = { .path = path, .arena = arena, .report = report } };
    bool good = open_variable(&variable, value)
        && config_property_set(
            variable.node, &config->kafka.properties, (struct log_kafka_property){ name, value, LOG_KAFKA_BOTH });
    pack_file_done(&variable.file);
    return good;
}

static bool read_environment(struct arena *arena, struct pack_report *report, struct config *config)
{
    bool good = true;
    for (size_t i = 0; i < config_field_count; i++)
        good &= read_variable(&config_fields[i], arena, report, config);
    for (char **entry = environ; *entry != NULL; entry++)
        good &= read_property_variable(*entry, arena, report, config);
    return good;
}

/* ---- What neither says ---- */

static bool complete(const char *path, struct arena *arena, struct pack_report *report, struct config *config)
{
    char host[256] = "";
    if (config->packs == NULL && path != NULL) {
        pack_problem_in(report, path, "missing key `packs`; it is the folder of the policy packs");
        return false;
    }
    if (config->instance != NULL)
        return true;
    if (gethostname(host, sizeof host - 1) != 0 || host[0] == '\0') {
        pack_problem_in(report, path, "missing key `instance`, and this host has no name");
        return false;
    }
    config->instance = arena_copy(arena, host, strlen(host));
    return true;
}

enum status config_load(const char *path, struct arena *arena, struct pack_report *report, struct config *ret_config)
{
    struct config config;
    set_defaults(&config);
    report->count = report->dropped = 0;
    bool good = path == NULL || read_config_file(path, arena, report, &config);
    good &= read_environment(arena, report, &config);
    good = good && complete(path, arena, report, &config);
    if (arena_is_full(arena))
        return STATUS_ARENA_FULL;
    if (!good)
        return STATUS_BAD_CONFIG;
    *ret_config = config;
    return STATUS_OK;
}

void config_print_report(const struct pack_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        fprintf(stderr, "%s\n", report->problems[i]);
    if (report->dropped != 0)
        fprintf(stderr, "and %zu more\n", report->dropped);
}
