#include "tests/integration/engine/toy_stage.h"

#include <stdio.h>
#include <stdlib.h>

static char names[4][64] = { "credit", "debit", "sum", "refused" };
const char *const toy_topics[] = { names[0], names[1], NULL };
const char *const toy_sum_topic = names[2], *const toy_refused_topic = names[3];

void toy_topics_prefix(const char *prefix)
{
    static const char *const plain[] = { "credit", "debit", "sum", "refused" };
    for (size_t i = 0; i < COUNT_OF(plain); i++)
        snprintf(names[i], sizeof names[i], "%s%s", prefix, plain[i]);
}

struct toy_input {
    char word[8];
    long long number;
};

struct store_key toy_key(struct text key)
{
    struct store_key made = { { 0 } };
    memcpy(made.bytes, key.at, key.length < sizeof made.bytes ? key.length : sizeof made.bytes);
    return made;
}

int64_t toy_sum(struct text value)
{
    char copy[32] = "";
    memcpy(copy, value.at, value.length < sizeof copy - 1 ? value.length : sizeof copy - 1);
    return strtoll(copy, NULL, 10);
}

static bool parse(struct text value, struct toy_input *ret_input)
{
    char copy[64] = "";
    int end = 0;
    if (value.length == 0 || value.length >= sizeof copy)
        return false;
    memcpy(copy, value.at, value.length);
    *ret_input = (struct toy_input){ .word = "" };
    char *after;
    ret_input->number = strtoll(copy, &after, 10);
    if (after != copy)
        return *after == '\0';
    return sscanf(copy, "%7s %lld%n", ret_input->word, &ret_input->number, &end) == 2 && copy[end] == '\0';
}

static enum status toy_decode(struct stage *stage, struct stage_turn *turn, const struct log_record *record,
    void **ret_input, struct store_key *ret_key)
{
    (void)stage;
    struct toy_input *input = ARENA_NEW(turn->arena, struct toy_input);
    if (input == NULL)
        return STATUS_ARENA_FULL;
    if (!parse(record->value, input))
        return fault_set(turn->fault, STATUS_BAD_VALUE, "value", "%zu bytes", record->value.length);
    *ret_input = input;
    *ret_key = toy_key(record->key);
    return STATUS_OK;
}

/* A stored sum is digits; "newer" is what a newer version would write, and anything else is damage. */
static enum status check_stored(struct stage_turn *turn, struct text bytes)
{
    if (text_equal(bytes, TEXT("newer")))
        return fault_set(turn->fault, STATUS_NEWER_STATE, "sum", "newer");
    for (size_t i = 0; i < bytes.length; i++)
        if (strchr("-0123456789", bytes.at[i]) == NULL)
            return fault_set(turn->fault, STATUS_BAD_STATE, "sum", "damaged");
    return STATUS_OK;
}

static enum status add(struct stage_turn *turn, struct view_entry *entry, long long delta, long long *ret_sum)
{
    long long *sum = entry->object;
    turn->about = entry;
    if (sum == NULL) {
        enum status status = check_stored(turn, entry->bytes);
        if (status != STATUS_OK)
            return status;
        sum = ARENA_NEW(turn->arena, long long);
        if (sum == NULL)
            return STATUS_ARENA_FULL;
        *sum = toy_sum(entry->bytes);
        entry->object = sum;
    }
    *ret_sum = *sum += delta;
    entry->changed = true;
    return STATUS_OK;
}

static enum status emit(struct stage_turn *turn, const struct log_output *output, const char *text, int length)
{
    struct log_output copy = *output;
    copy.value = (struct text){ arena_copy(turn->arena, text, (size_t)length), (size_t)length };
    copy.key = (struct text){ arena_copy(turn->arena, output->key.at, output->key.length), output->key.length };
    return copy.value.at == NULL || copy.key.at == NULL ? STATUS_ARENA_FULL : outputs_add(turn->outputs, &copy);
}

static enum status emit_sum(struct stage_turn *turn, const struct log_record *record, long long delta, long long sum)
{
    char text[128];
    struct log_output output = { .topic = toy_sum_topic,
        .partition = -1,
        .key = record->key,
        .headers = record->headers,
        .header_count = record->header_count };
    int length = snprintf(text, sizeof text, "%d/%d/%lld %lld %lld", record->topic, (int)record->partition,
        (long long)record->offset, delta, sum);
    return emit(turn, &output, text, length);
}

static enum status add_twin(struct stage_turn *turn, const struct log_record *record, long long delta)
{
    struct view_entry *twin;
    struct store_key key = toy_key(record->key);
    long long sum;
    key.bytes[15] = 'T';
    enum status status = view_get(turn->view, record->partition, &key, &twin, turn->fault);
    return status != STATUS_OK ? status : add(turn, twin, delta, &sum);
}

static enum status chain_on(struct stage_turn *turn, const struct log_record *record, long long left)
{
    char text[32];
    struct log_output output = { .topic = toy_topics[0], .partition = record->partition, .key = record->key };
    int length = snprintf(text, sizeof text, "chain %lld", left - 1);
    return left == 0 ? STATUS_OK : emit(turn, &output, text, length);
}

static enum status toy_apply(struct stage *stage, struct stage_turn *turn, const struct log_record *record, void *at)
{
    (void)stage;
    const struct toy_input *input = at;
    struct store_key key = toy_key(record->key);
    struct view_entry *entry;
    bool is_plain = input->word[0] == '\0' || strcmp(input->word, "pair") == 0;
    long long delta = is_plain ? (record->topic == 0 ? input->number : -input->number) : 1, sum;
    if (strcmp(input->word, "break") == 0)
        return fault_set(turn->fault, STATUS_INVARIANT_BROKEN, "sum", "on purpose");
    enum status status = view_get(turn->view, record->partition, &key, &entry, turn->fault);
    if (status == STATUS_OK)
        status = add(turn, entry, delta, &sum);
    if (status == STATUS_OK)
        status = emit_sum(turn, record, delta, sum);
    if (status == STATUS_OK && strcmp(input->word, "pair") == 0)
        status = add_twin(turn, record, delta);
    if (status == STATUS_OK && strcmp(input->word, "chain") == 0)
        status = chain_on(turn, record, input->number);
    if (status == STATUS_OK && strcmp(input->word, "big") == 0)
        status = arena_take(turn->arena, (size_t)input->number) == NULL ? STATUS_ARENA_FULL : STATUS_OK;
    return status;
}

static enum status toy_reject(struct stage *stage, struct stage_turn *turn, const struct log_record *record)
{
    (void)stage;
    char text[128];
    struct log_output output = { .topic = toy_refused_topic, .partition = -1, .key = record->key };
    int length = snprintf(text, sizeof text, "%d/%d/%lld %s", record->topic, (int)record->partition,
        (long long)record->offset, status_name(turn->fault->status));
    return emit(turn, &output, text, length);
}

static enum status toy_encode(
    struct stage *stage, struct arena *arena, const struct view_entry *entry, struct text *ret_bytes)
{
    (void)stage;
    char text[32];
    const long long *sum = entry->object;
    int length = snprintf(text, sizeof text, "%lld", *sum);
    *ret_bytes = (struct text){ arena_copy(arena, text, (size_t)length), (size_t)length };
    return ret_bytes->at == NULL ? STATUS_ARENA_FULL : STATUS_OK;
}

static enum status toy_evidence(
    struct stage *stage, struct stage_turn *turn, const struct log_record *record, struct outputs *outputs)
{
    (void)stage, (void)turn;
    return outputs_add(outputs,
        &(struct log_output){ .topic = toy_topics[record->topic], .key = record->key, .value = record->value });
}

static void toy_free(struct stage *stage)
{
    free(stage);
}

struct stage *toy_stage_new(void)
{
    static const struct stage_ops ops = { .name = "toy",
        .topics = toy_topics,
        .decode = toy_decode,
        .apply = toy_apply,
        .reject = toy_reject,
        .encode = toy_encode,
        .evidence = toy_evidence,
        .free = toy_free };
    struct stage *stage = calloc(1, sizeof *stage);
    if (stage != NULL)
        stage->ops = &ops;
    return stage;
}

bool toy_output_parse(struct text value, struct toy_output *ret_output)
{
    char copy[128] = "";
    if (value.length >= sizeof copy)
        return false;
    memcpy(copy, value.at, value.length);
    return sscanf(copy, "%d/%d/%lld %lld %lld", &ret_output->topic, &ret_output->partition, &ret_output->offset,
               &ret_output->delta, &ret_output->sum)
        == 5;
}
