#include "policy/pack_yaml.h"

#include <stdarg.h>
#include <stdio.h>

/* A cut text must not end inside of a character. */
static void trim(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && !text_is_utf8((struct text){ text, length }))
        text[--length] = '\0';
}

static char *next_problem(struct pack_report *report)
{
    if (report->count == PACK_PROBLEM_LIMIT) {
        report->dropped++;
        return NULL;
    }
    return report->problems[report->count++];
}

static void write_problem(struct pack_report *report, const char *where, const char *format, va_list arguments)
{
    char *problem = next_problem(report);
    if (problem == NULL)
        return;
    int used = snprintf(problem, PACK_PROBLEM_SIZE, "%s: ", where);
    if (used >= 0 && used < PACK_PROBLEM_SIZE)
        vsnprintf(problem + used, PACK_PROBLEM_SIZE - (size_t)used, format, arguments);
    trim(problem);
}

void pack_problem_in(struct pack_report *report, const char *path, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_problem(report, path, format, arguments);
    va_end(arguments);
}

void pack_node_place(struct pack_node at, char *ret_place, size_t size)
{
    yaml_mark_t mark = at.node->start_mark;
    snprintf(ret_place, size, "%s:%zu:%zu", at.file->path, mark.line + 1, mark.column + 1);
}

void pack_problem(struct pack_node at, const char *format, ...)
{
    char where[PACK_PROBLEM_SIZE];
    pack_node_place(at, where, sizeof where);
    va_list arguments;
    va_start(arguments, format);
    write_problem(at.file->report, where, format, arguments);
    va_end(arguments);
}

void pack_names_add(struct pack_names *names, const char *name)
{
    CHECK(names->count < PACK_NAME_LIMIT);
    names->items[names->count++] = name;
}

int pack_names_find(const struct pack_names *names, struct text name)
{
    for (size_t i = 0; i < names->count; i++)
        if (text_equal(text_of(names->items[i]), name))
            return (int)i;
    return -1;
}

/* Near is: at most a third of it mistyped. */
static const char *nearest(const struct pack_names *names, struct text given)
{
    const char *best = NULL;
    int least = (int)(given.length / 3) + 2;
    for (size_t i = 0; i < names->count; i++) {
        int distance = text_distance(text_of(names->items[i]), given);
        if (distance < least) {
            least = distance;
            best = names->items[i];
        }
    }
    return best;
}

static void join(const struct pack_names *names, char *buffer, size_t size)
{
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < names->count && used < size; i++) {
        int wrote = snprintf(buffer + used, size - used, "%s%s", i == 0 ? "" : ", ", names->items[i]);
        used += wrote < 0 ? 0 : (size_t)wrote;
    }
}

void pack_problem_unknown(struct pack_node at, const char *what, struct text given, const struct pack_names *known)
{
    char allowed[PACK_PROBLEM_SIZE];
    join(known, allowed, sizeof allowed);
    const char *near = nearest(known, given);
    if (near != NULL)
        pack_problem(at, "unknown %s `%.*s`, did you mean `%s`?; allowed: %s", what, TEXT_FORMAT(given), near, allowed);
    else
        pack_problem(
            at, "unknown %s `%.*s`; allowed: %s", what, TEXT_FORMAT(given), allowed[0] == '\0' ? "none" : allowed);
}

/* The line of the first byte that is not UTF-8: the parser itself would only tell an offset. */
static bool check_utf8(struct pack_file *file, const char *bytes, size_t length)
{
    size_t line = 1;
    for (size_t begin = 0; begin < length; line++) {
        const char *end = memchr(bytes + begin, '\n', length - begin);
        size_t size = end == NULL ? length - begin : (size_t)(end - bytes) - begin + 1;
        if (!text_is_utf8((struct text){ bytes + begin, size })) {
            char where[PACK_PROBLEM_SIZE];
            snprintf(where, sizeof where, "%s:%zu:1", file->path, line);
            pack_problem_in(file->report, where, "this line is not UTF-8; files are UTF-8 without NUL");
            return false;
        }
        begin += size;
    }
    return true;
}

static void parser_problem(struct pack_file *file, const yaml_parser_t *parser)
{
    char where[PACK_PROBLEM_SIZE];
    snprintf(
        where, sizeof where, "%s:%zu:%zu", file->path, parser->problem_mark.line + 1, parser->problem_mark.column + 1);
    pack_problem_in(file->report, where, "not YAML: %s%s%s", parser->problem == NULL ? "unreadable" : parser->problem,
        parser->context == NULL ? "" : " ", parser->context == NULL ? "" : parser->context);
}

/* A second document would be lost without a word. */
static bool is_only_document(struct pack_file *file, yaml_parser_t *parser)
{
    yaml_document_t second;
    if (!yaml_parser_load(parser, &second)) {
        parser_problem(file, parser);
        return false;
    }
    yaml_node_t *root = yaml_document_get_root_node(&second);
    if (root != NULL)
        pack_problem((struct pack_node){ file, root }, "a second document; a file holds one");
    yaml_document_delete(&second);
    return root == NULL;
}

static bool parse(struct pack_file *file, yaml_parser_t *parser)
{
    if (!yaml_parser_load(parser, &file->document)) {
        parser_problem(file, parser);
        return false;
    }
    file->open = yaml_document_get_root_node(&file->document) != NULL;
    if (!file->open) {
        yaml_document_delete(&file->document);
        pack_problem_in(file->report, file->path, "the file is empty; it holds a mapping");
        return false;
    }
    return is_only_document(file, parser);
}

bool pack_file_parse(struct pack_file *file, const char *bytes, size_t length)
{
    yaml_parser_t parser;
    if (!check_utf8(file, bytes, length))
        return false;
    if (!yaml_parser_initialize(&parser)) {
        pack_problem_in(file->report, file->path, "no memory to read it");
        return false;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, length);
    bool parsed = parse(file, &parser);
    yaml_parser_delete(&parser);
    return parsed;
}

void pack_file_done(struct pack_file *file)
{
    if (file->open)
        yaml_document_delete(&file->document);
    file->open = false;
}

struct pack_node pack_file_root(struct pack_file *file)
{
    return (struct pack_node){ file, yaml_document_get_root_node(&file->document) };
}

bool pack_node_is_map(struct pack_node at)
{
    if (at.node->type == YAML_MAPPING_NODE)
        return true;
    pack_problem(at, "not a mapping; allowed: `key: value` lines or { key: value }");
    return false;
}

bool pack_node_is_list(struct pack_node at)
{
    if (at.node->type == YAML_SEQUENCE_NODE)
        return true;
    pack_problem(at, "not a list; allowed: `- value` lines or [ value, value ]");
    return false;
}

size_t pack_node_count(struct pack_node at)
{
    if (at.node->type == YAML_MAPPING_NODE)
        return (size_t)(at.node->data.mapping.pairs.top - at.node->data.mapping.pairs.start);
    if (at.node->type == YAML_SEQUENCE_NODE)
        return (size_t)(at.node->data.sequence.items.top - at.node->data.sequence.items.start);
    return 0;
}

static struct pack_node node_of(struct pack_file *file, int id)
{
    return (struct pack_node){ file, yaml_document_get_node(&file->document, id) };
}

struct pack_node pack_map_key(struct pack_node map, size_t i)
{
    return node_of(map.file, map.node->data.mapping.pairs.start[i].key);
}

struct pack_node pack_map_value(struct pack_node map, size_t i)
{
    return node_of(map.file, map.node->data.mapping.pairs.start[i].value);
}

struct pack_node pack_list_item(struct pack_node list, size_t i)
{
    return node_of(list.file, list.node->data.sequence.items.start[i]);
}

static struct text key_text(struct pack_node key)
{
    if (key.node->type != YAML_SCALAR_NODE)
        return TEXT_EMPTY;
    return (struct text){ (const char *)key.node->data.scalar.value, key.node->data.scalar.length };
}

bool pack_map_find(struct pack_node map, const char *key, struct pack_node *ret_value)
{
    if (map.node->type != YAML_MAPPING_NODE)
        return false;
    for (size_t i = 0; i < pack_node_count(map); i++)
        if (text_equal(key_text(pack_map_key(map, i)), text_of(key))) {
            *ret_value = pack_map_value(map, i);
            return true;
        }
    return false;
}

static bool is_new_key(struct pack_node map, size_t i)
{
    struct text key = key_text(pack_map_key(map, i));
    for (size_t before = 0; before < i; before++)
        if (text_equal(key_text(pack_map_key(map, before)), key)) {
            pack_problem(pack_map_key(map, i), "duplicate key `%.*s`; each key stands once", TEXT_FORMAT(key));
            return false;
        }
    return true;
}

bool pack_map_check(struct pack_node map, const struct pack_names *known)
{
    if (!pack_node_is_map(map))
        return false;
    bool good = true;
    for (size_t i = 0; i < pack_node_count(map); i++) {
        struct text key = key_text(pack_map_key(map, i));
        if (known != NULL && pack_names_find(known, key) < 0) {
            pack_problem_unknown(pack_map_key(map, i), "key", key, known);
            good = false;
        }
        good &= is_new_key(map, i);
    }
    return good;
}
