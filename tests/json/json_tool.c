/* Converts for json_cross_check.py: reads lines `Message<TAB>json<TAB>hex of a message` or `Message<TAB>hex<TAB>json`,
 * where the middle word is what is wanted, and answers each with one line: the result, or
 * `!STATUS<TAB>field<TAB>text`. */
#include "kinds.pb-c.h"
#include "proto/json.h"
#include "proto/settled.pb-c.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const ProtobufCMessageDescriptor *const types[] = {
    &settled__v1__admission__descriptor,
    &settled__v1__discharge__descriptor,
    &settled__v1__identity_change__descriptor,
    &settled__v1__roster_update__descriptor,
    &settled__v1__person_fact__descriptor,
    &settled__v1__case_action__descriptor,
    &settled__v1__period_close__descriptor,
    &settled__v1__settlement__descriptor,
    &settled__v1__warning__descriptor,
    &settled__v1__roster_receipt__descriptor,
    &settled__v1__rejection__descriptor,
    &settled__v1__payment_request__descriptor,
    &settled__test__kinds__descriptor,
};

static const ProtobufCMessageDescriptor *type_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strcmp(types[i]->short_name, name) == 0)
            return types[i];
    fprintf(stderr, "no message %s\n", name);
    exit(2);
}

static void answer_fault(const struct fault *fault)
{
    printf("!%s\t%s\t%s\n", status_name(fault->status), fault->field, fault->text);
}

static void answer_json(const ProtobufCMessageDescriptor *type, const char *hex)
{
    size_t most = strlen(hex) / 2 + 1, length;
    uint8_t *bytes = malloc(most);
    CHECK(bytes != NULL && sodium_hex2bin(bytes, most, hex, strlen(hex), NULL, &length, NULL) == 0);
    ProtobufCMessage *message = protobuf_c_message_unpack(type, NULL, length, bytes);
    free(bytes);
    CHECK(message != NULL);
    char *text;
    struct fault fault;
    if (proto_json_write(message, &text, &fault) == STATUS_OK) {
        puts(text);
        free(text);
    } else {
        answer_fault(&fault);
    }
    protobuf_c_message_free_unpacked(message, NULL);
}

static void answer_hex(const ProtobufCMessageDescriptor *type, const char *json)
{
    ProtobufCMessage *message;
    struct fault fault;
    if (proto_json_read(type, text_of(json), NULL, &message, &fault) != STATUS_OK) {
        answer_fault(&fault);
        return;
    }
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = malloc(size + 1);
    char *hex = malloc(2 * size + 1);
    CHECK(bytes != NULL && hex != NULL);
    protobuf_c_message_pack(message, bytes);
    puts(sodium_bin2hex(hex, 2 * size + 1, bytes, size));
    free(hex);
    free(bytes);
    protobuf_c_message_free_unpacked(message, NULL);
}

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;
    for (ssize_t length; (length = getline(&line, &capacity, stdin)) > 0;) {
        line[length - 1] = '\0';
        char *rest = line, *name = strsep(&rest, "\t"), *wanted = strsep(&rest, "\t");
        CHECK(wanted != NULL && rest != NULL);
        if (strcmp(wanted, "json") == 0)
            answer_json(type_find(name), rest);
        else
            answer_hex(type_find(name), rest);
    }
    free(line);
    return 0;
}
