#include "policy/levy.h"

money policy_levy_of(const struct policy_levy_values *values, money payroll)
{
    return money_share(payroll, values->levy);
}

money policy_levy_per_head(const struct policy_levy_values *values, money levy, int64_t holders)
{
    if (holders <= 0)
        return MONEY_ZERO;
    __int128 part = exact_share(levy, values->grant_part).fen_bp;
    return MONEY_FEN((int64_t)(part / ((__int128)holders * RATE_WHOLE_BP)));
}

money policy_reserve_of(const struct policy_reserve_values *values, money income, money held)
{
    exact share = exact_share(income, values->yearly);
    exact left = exact_sub(exact_share(income, values->most), exact_share(held, RATE_BP(RATE_WHOLE_BP)));
    exact put = share.fen_bp < left.fen_bp ? share : left;
    return put.fen_bp <= 0 ? MONEY_ZERO : exact_round(put);
}
