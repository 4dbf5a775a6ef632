/* The funds' ledger against what persons were told: each fen that a fund paid, once. */
#include "tests/sim/oracle.h"

#include "consumers/stage_fund.h"

static int64_t told(const struct oracle_folk *folk, uint8_t fund)
{
    int64_t fen = 0;
    for (size_t i = 0; i < folk->count; i++) {
        const struct book *book = &folk->people[i].book;
        for (size_t line = 0; line < book->line_count; line++)
            fen += book->lines[line].fund == fund ? book->lines[line].fen : 0;
    }
    return fen;
}

static int64_t booked(const struct fund_ledger *ledger, uint8_t fund)
{
    const struct fund_book *book = fund_ledger_find(ledger, fund);
    int64_t fen = 0;
    for (size_t i = 0; book != NULL && i < book->year_count; i++)
        fen += fund_year_outgo(&book->years[i]).fen;
    return fen;
}

void oracle_end_funds(struct oracle *oracle, const struct sim_place *place)
{
    static const uint8_t secret[16];
    const struct stage_fund_query query = { place->now, secret, text_of(oracle->pack->region) };
    struct fund_ledger ledger = { 0 };
    struct fault fault;
    enum status status = stage_fund_load(&query, oracle->scratch, &ledger, &fault);
    if (status != STATUS_OK && status != STATUS_AGAIN)
        sim_fail(oracle->sim, "the funds' ledger cannot be read: %s", fault.text);
    for (uint8_t fund = FUND_CIVIL_SERVANT; fund <= FUND_SUBSIDY; fund++)
        if (booked(&ledger, fund) != told(oracle->folk, fund))
            sim_fail(oracle->sim, "fund %d has paid %lld fen by its ledger, and %lld were told", fund,
                (long long)booked(&ledger, fund), (long long)told(oracle->folk, fund));
    arena_reset(oracle->scratch);
}
