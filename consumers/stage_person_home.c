/* Everything about a person must come to one partition: murmur2 of the id, where also lists and heirs' credits go.
 * Clients that hash keys otherwise (librdkafka's default is CRC32) or give none would split a person in two, silently.
 * Their records are sent on instead. */
#include "consumers/home.h"
#include "consumers/stage_person_parts.h"

#define SENT_HOME TEXT("settled-sent-home")

bool stage_person_is_astray(const struct log_record *record, struct text person_id)
{
    if (record->partition_count == 0 || home_partition(person_id, record->partition_count) == record->partition)
        return false;
    for (size_t i = 0; i < record->header_count; i++)
        if (text_equal(record->headers[i].name, SENT_HOME))
            return false; /* the number of partitions is changing: twice would be for ever */
    return true;
}

enum status stage_person_send_home(const struct person_turn *turn, const struct message *message)
{
    const struct log_record *record = turn->record;
    size_t passed = log_headers_passed(record);
    struct log_header *headers = ARENA_ARRAY(turn->turn->arena, passed + 1, struct log_header);
    if (headers == NULL)
        return STATUS_ARENA_FULL;
    if (passed != 0)
        memcpy(headers, record->headers, passed * sizeof *headers);
    headers[passed] = (struct log_header){ SENT_HOME, TEXT("1") };
    const struct log_output output = { .topic = stage_person_topics[record->topic],
        .partition = home_partition(message->person_id, record->partition_count),
        .key = message->person_id,
        .value = record->value,
        .headers = headers,
        .header_count = passed + 1 };
    return outputs_add(turn->turn->outputs, &output);
}
