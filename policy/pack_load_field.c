/* A mapping by its table: unknown, duplicate and missing keys, and every value into its place. */
#include "policy/pack_load_field.h"

const struct pack_field *pack_record_find(const struct pack_record *record, struct text key)
{
    for (size_t i = 0; i < record->count; i++)
        if (text_equal(text_of(record->fields[i].key), key))
            return &record->fields[i];
    return NULL;
}

static bool read_field(struct pack_node map, const struct pack_field *field, void *values)
{
    struct pack_node value;
    if (pack_map_find(map, field->key, &value))
        return pack_value_read(value, field, (char *)values + field->offset);
    if (!field->optional)
        pack_problem(map, "missing key `%s`; it is %s", field->key,
            field->type == PACK_CUSTOM ? field->help : pack_type_help(field->type));
    return field->optional;
}

static bool read_part(struct pack_node at, const struct pack_part *part)
{
    bool good = true;
    for (size_t i = 0; i < part->record->count; i++)
        good &= read_field(at, &part->record->fields[i], part->values);
    if (good && part->record->finish != NULL)
        good = part->record->finish(at, part->values);
    return good;
}

bool pack_parts_read(struct pack_node at, const struct pack_part *parts, size_t count)
{
    struct pack_names known = { .count = 0 };
    for (size_t p = 0; p < count; p++)
        for (size_t i = 0; i < parts[p].record->count; i++)
            pack_names_add(&known, parts[p].record->fields[i].key);
    bool good = pack_map_check(at, &known);
    if (at.node->type != YAML_MAPPING_NODE)
        return false;
    for (size_t p = 0; p < count; p++)
        good &= read_part(at, &parts[p]);
    return good;
}

bool pack_record_read(struct pack_node at, const struct pack_record *record, void *values)
{
    const struct pack_part part = { record, values };
    return pack_parts_read(at, &part, 1);
}
