/* A region's ledger, for those who look at it from outside. */
#include "consumers/stage_fund_parts.h"

/** Redis does not say how many partitions there are: all that there can be are asked, some at a time. */
#define PARTITIONS_AT_ONCE 64
#define PARTITIONS_MAX 1024

static enum status find_among(const struct stage_fund_query *query, struct arena *arena, int32_t first,
    struct text *ret_bytes, struct fault *fault)
{
    struct store_key key = stage_fund_ledger_key(query->secret, query->region);
    struct store_read reads[PARTITIONS_AT_ONCE];
    struct text values[PARTITIONS_AT_ONCE];
    for (int32_t i = 0; i < PARTITIONS_AT_ONCE; i++)
        reads[i] = (struct store_read){ .partition = first + i, .keys = &key, .count = 1, .ret_values = &values[i] };
    enum status status = query->store->ops->read(query->store, arena, reads, PARTITIONS_AT_ONCE, fault);
    for (int32_t i = 0; i < PARTITIONS_AT_ONCE && status == STATUS_OK; i++)
        if (!text_is_empty(values[i])) {
            *ret_bytes = values[i];
            return STATUS_OK;
        }
    return status == STATUS_OK ? STATUS_AGAIN : status;
}

enum status stage_fund_load(
    const struct stage_fund_query *query, struct arena *arena, struct fund_ledger *ret_ledger, struct fault *fault)
{
    struct text bytes = TEXT_EMPTY;
    enum status status = STATUS_AGAIN;
    for (int32_t first = 0; first < PARTITIONS_MAX && status == STATUS_AGAIN; first += PARTITIONS_AT_ONCE)
        status = find_among(query, arena, first, &bytes, fault);
    if (status != STATUS_OK)
        return status;
    status = fund_ledger_decode(arena, bytes, ret_ledger);
    return status == STATUS_OK ? status : fault_set(fault, status, "state", "%s", status_sentence(status));
}
