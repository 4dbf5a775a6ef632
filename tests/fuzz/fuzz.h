/** The decoders that read bytes from outside, each as a target: whatever comes is refused with a reason that names
 *  nobody, or is a value that is written and read back the same. */
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#include <stdint.h>

/** Everything taken from the arena is given back afterwards. What is wrong ends the process (CHECK). */
typedef void fuzz_run(struct arena *arena, struct text bytes);

/** The topics (topic.c). */
fuzz_run fuzz_admission, fuzz_discharge, fuzz_identity_change, fuzz_person_fact, fuzz_case_action, fuzz_period_close,
    fuzz_roster_update, fuzz_fund_entry, fuzz_settlement;
/** What a store holds (stored.c, store.c). */
fuzz_run fuzz_person, fuzz_calendar, fuzz_told, fuzz_roster_head, fuzz_roster_list, fuzz_roster_slice,
    fuzz_roster_running, fuzz_roster_refusals, fuzz_fund_ledger, fuzz_fund_payee, fuzz_fund_index, fuzz_fund_count,
    fuzz_sealed, fuzz_offsets;
/** Files and lines (line.c, sheet.c, yaml.c). */
fuzz_run fuzz_json, fuzz_wire, fuzz_line, fuzz_csv, fuzz_roster_sheet, fuzz_statement, fuzz_seal_keys, fuzz_pack,
    fuzz_config, fuzz_roster_words;

/** A refusal says why, in texts that records and logs can hold. */
void fuzz_check_fault(enum status status, const struct fault *fault);
