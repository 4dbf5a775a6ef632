/* Values of a store, a target per kind. A checksum stands before the decoders, and no fuzzer guesses it: so the bytes
 * are tried as they are, and once more as the contents of a sound frame. What a decoder takes is encoded, decoded and
 * encoded again to the same bytes. */
#include "fuzz.h"

#include "state/calendar.h"
#include "state/frame.h"
#include "state/fund.h"
#include "state/person.h"
#include "state/roster_code.h"
#include "state/told.h"

/** Decodes and encodes again. */
typedef enum status stored_again(struct arena *arena, struct text bytes, struct text *ret_bytes);

static void check_value(struct arena *arena, stored_again *again, struct text bytes)
{
    struct text first, second;
    struct fault fault;
    enum status status = again(arena, bytes, &first);
    if (status == STATUS_OK) {
        CHECK(again(arena, first, &second) == STATUS_OK && text_equal(first, second));
        return;
    }
    CHECK(status == STATUS_BAD_STATE);
    fuzz_check_fault(frame_judge(bytes, &fault), &fault);
}

/* Less the frame that a seed, which is a whole value, has around it. */
static struct text contents_of(struct text bytes)
{
    enum { HEAD = 2, CHECKSUM = 8 };
    return bytes.length < HEAD + CHECKSUM ? bytes : (struct text){ bytes.at + HEAD, bytes.length - HEAD - CHECKSUM };
}

static void run(struct arena *arena, enum frame_kind kind, stored_again *again, struct text bytes)
{
    struct text contents = contents_of(bytes), framed;
    struct bytes_writer writer = frame_begin(arena, kind, contents.length);
    bytes_put_raw(&writer, contents.at, contents.length);
    CHECK(frame_finish(&writer, &framed) == STATUS_OK);
    uint8_t *exact = arena_take_bytes(arena, framed.length); /* what stands behind it may not be touched */
    CHECK(exact != NULL);
    memcpy(exact, framed.at, framed.length);
    check_value(arena, again, bytes);
    check_value(arena, again, (struct text){ (const char *)exact, framed.length });
}

/* STORED(FRAME_KIND, target, type, decode, encode): for those whose functions have the usual form. */
#define STORED(frame, name, type, decode, encode)                                                                      \
    static enum status name##_again(struct arena *arena, struct text bytes, struct text *ret_bytes)                    \
    {                                                                                                                  \
        type value;                                                                                                    \
        enum status status = decode;                                                                                   \
        return status == STATUS_OK ? encode : status;                                                                  \
    }                                                                                                                  \
    void fuzz_##name(struct arena *arena, struct text bytes)                                                           \
    {                                                                                                                  \
        run(arena, frame, name##_again, bytes);                                                                        \
    }

STORED(FRAME_CALENDAR, calendar, struct calendar, calendar_decode(arena, bytes, &value),
    calendar_encode(arena, &value, ret_bytes))
STORED(FRAME_TOLD, told, struct told_list *, told_decode(arena, bytes, &value), told_encode(arena, value, ret_bytes))
STORED(FRAME_ROSTER_HEAD, roster_head, struct roster_head, roster_head_decode(arena, bytes, &value),
    roster_head_encode(arena, &value, ret_bytes))
STORED(FRAME_ROSTER_LIST, roster_list, struct roster_list, roster_list_decode(arena, bytes, &value),
    roster_list_encode(arena, &value, ret_bytes))
STORED(FRAME_ROSTER_SLICE, roster_slice, struct roster_slice, roster_slice_decode(arena, bytes, &value),
    roster_slice_encode(arena, &value, ret_bytes))
STORED(FRAME_ROSTER_RUNNING, roster_running, struct roster_running, roster_running_decode(arena, bytes, &value),
    roster_running_encode(arena, &value, ret_bytes))
STORED(FRAME_ROSTER_REFUSALS, roster_refusals, struct roster_refusals, roster_refusals_decode(arena, bytes, &value),
    roster_refusals_encode(arena, &value, ret_bytes))
STORED(FRAME_FUND_LEDGER, fund_ledger, struct fund_ledger, fund_ledger_decode(arena, bytes, &value),
    fund_ledger_encode(arena, &value, ret_bytes))
STORED(FRAME_FUND_PAYEE, fund_payee, struct fund_sum, fund_sum_decode(bytes, &value),
    fund_sum_encode(arena, &value, ret_bytes))
STORED(FRAME_FUND_INDEX, fund_index, struct fund_index, fund_index_decode(arena, bytes, &value),
    fund_index_encode(arena, &value, ret_bytes))
STORED(
    FRAME_FUND_ROW, fund_count, uint64_t, fund_count_decode(bytes, &value), fund_count_encode(arena, value, ret_bytes))

/* ---- A person: its ledger is only read when it is needed ---- */

static void read_ledger(struct arena *arena, struct text bytes)
{
    struct emitted emitted;
    enum status status = ledger_decode(arena, bytes, &emitted);
    for (size_t i = 0; status == STATUS_OK && i < emitted.subject_count; i++)
        status = ledger_lines_decode(arena, &emitted.subjects[i]);
    CHECK(status == STATUS_OK || status == STATUS_BAD_STATE);
}

static enum status person_again(struct arena *arena, struct text bytes, struct text *ret_bytes)
{
    struct person person;
    enum status status = person_decode(arena, bytes, &person);
    if (status != STATUS_OK)
        return status;
    read_ledger(arena, person.emitted);
    return person_encode(arena, &person, ret_bytes);
}

void fuzz_person(struct arena *arena, struct text bytes)
{
    run(arena, FRAME_PERSON, person_again, bytes);
}
