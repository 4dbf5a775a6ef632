/* Linked into copies of the programs in place of policy_settle (ld's --wrap), which then makes a mistake: at the
 * institution BROKEN a benefit is more than the bill. The programs that are shipped do not have this file. */
#include "policy/settle.h"

void __real_policy_settle(const struct policy_pack *pack, const struct policy_stay *stay,
    const struct policy_gates *gates, struct policy_year *year, struct policy_outcome *ret_outcome);
void __wrap_policy_settle(const struct policy_pack *pack, const struct policy_stay *stay,
    const struct policy_gates *gates, struct policy_year *year, struct policy_outcome *ret_outcome);

void __wrap_policy_settle(const struct policy_pack *pack, const struct policy_stay *stay,
    const struct policy_gates *gates, struct policy_year *year, struct policy_outcome *ret_outcome)
{
    __real_policy_settle(pack, stay, gates, year, ret_outcome);
    if (text_equal(stay->visit->institution_code, TEXT("BROKEN")) && ret_outcome->lines.count != 0)
        ret_outcome->lines.items[0].amount = money_add(stay->visit->total, MONEY_FEN(1));
}
