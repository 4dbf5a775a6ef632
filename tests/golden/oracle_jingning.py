"""An independent reading of Jingning (331127): the yearly subsidy for high medical costs, on application."""
import datetime

import oracle
from oracle_person import Holdings, Result, actions, encounters_of, first_reasons, free_id, rank, shut_out

REGION = "331127"
BEGINS = "2021-12-01"
HARDSHIP = ["EXTREME_POVERTY", "SUBSISTENCE_ALLOWANCE", "LOW_INCOME_MARGIN"]
INSURED = {"EMPLOYEE_INSURED", "RESIDENT_INSURED"}
RULE = "jingning.high_cost"


class Case:
    """One machine per year; actions in order of their day, then of the steps."""

    def __init__(self, year, steps):
        self.year, self.state, self.first, self.applied_on = year, "none", None, None
        self.approved_on, self.aid = None, 0
        for step in sorted(steps, key=lambda s: (s["on"], oracle.Cases.ORDER.index(s["type"]), rank(s))):
            follows = oracle.Cases.STEPS[self.state].get(step["type"])
            if follows:
                self.state = follows
                self.take(step)

    def take(self, step):
        if step["type"] == "APPLY":
            self.first = self.first or step
            self.applied_on, self.approved_on = step["on"], None
        elif step["type"] == "APPROVE":
            self.approved_on, self.aid = step["on"], int(step.get("amountFen", 0))
        elif step["type"] in ("REJECT", "WITHDRAW"):
            self.approved_on = None


def years_before(day, years):
    on = datetime.date.fromisoformat(day)
    return str(on.replace(year=on.year - years, day=28 if (on.month, on.day) == (2, 29) else on.day))


def eligible(holdings, day):
    held = holdings.on(day)
    if "LOCAL_HOUSEHOLD" in held and held & INSURED:
        return True
    return holdings.unbroken(INSURED, years_before(day, 3), day)


def zero_reason(case, holdings):
    if case.state in ("rejected", "withdrawn"):
        return case.state.upper()
    if case.applied_on > f"{case.year + 1}-06-30":
        return "LATE_APPLICATION"
    if case.year < 2021 or case.applied_on < BEGINS:
        return "BEFORE_POLICY"
    return None if eligible(holdings, case.applied_on) else "NOT_ELIGIBLE"


def base_of(encounters, year):
    counted = [e for e in encounters if e.year == year and e.A and e.care in ("INPATIENT", "CHRONIC") and not shut_out(e)]
    return sum(max(0, e.in_policy - e.paid) for e in counted)


def settle_case(case, encounters, holdings, taken):
    result = Result("CASE", free_id(taken, case.first), case.year)
    base = max(0, base_of(encounters, case.year) - case.aid)
    held = [category for category in HARDSHIP if category in holdings.on(case.approved_on or case.applied_on)]
    reason = zero_reason(case, holdings)
    if reason:
        result.reasons = {reason}
        result.status = "LAPSED" if reason == "LATE_APPLICATION" else "FINAL"
        return result
    deductible, points = (10000_00, 50) if held else (50000_00, 40)
    absorbed = min(base, deductible)
    made = oracle.line(RULE, "SUBSIDY", base, absorbed, points * 100, oracle.percent(base - absorbed, points))
    oracle.limit(made, 100000_00)
    result.lines = [made]
    result.applied = held[0] if held else None
    result.status = {"objected": "HELD", "passed": "FINAL", "paid": "FINAL"}.get(case.state, "PENDING")
    return result


def cases_of(facts):
    by_year = {}
    for action in actions(facts, *oracle.Cases.ORDER):
        if action["scheme"] == "HIGH_COST_SUBSIDY":
            by_year.setdefault(int(action.get("year", 0)) or int(action["on"][:4]), []).append(action)
    found = [Case(year, by_year[year]) for year in sorted(by_year)]
    return [case for case in found if case.first]


def may_apply(encounters, holdings, cases):
    """The years whose base is above the person's deductible, without a case."""
    for year in {e.year for e in encounters if e.year >= 2021} - {case.year for case in cases}:
        last = max((e for e in encounters if e.year == year), key=lambda e: e.instant).D
        if base_of(encounters, year) > (10000_00 if holdings.on(last) & set(HARDSHIP) else 50000_00):
            yield year


def settle(people):
    """{person: (results, years to be warned about)} of the facts of each person."""
    settled = {}
    for person, facts in people.items():
        kept = oracle.winners(facts)
        holdings, taken, results = Holdings(kept), set(), []
        encounters, cases = encounters_of(kept, holdings), cases_of(kept)
        for e in encounters:
            result = Result("ENCOUNTER", e.id, e.year)
            result.reasons = first_reasons(BEGINS, e)
            results.append(result.finish(e))
        results += [settle_case(case, encounters, holdings, taken) for case in cases]
        settled[person] = results, set(may_apply(encounters, holdings, cases))
    return settled
