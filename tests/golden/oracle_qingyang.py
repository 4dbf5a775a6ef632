"""An independent reading of Qingyang (621000): the employees' supplementary insurance and its arrears."""
import oracle
from oracle_person import Holdings, Result, contributions, encounters_of, first_reasons

REGION = "621000"
BEGINS = "2021-01-01"
BANDS = [(0, 50000_00, 80), (50000_00, oracle.FOREVER, 85)]
CAP = 300000_00
RULE = "qingyang.supplementary"
YEAR_FEN, MONTH_FEN = 1350_00, 112_50


def due_day(year, month):
    return f"{year}-{month:02}-{25 if month == 12 else 10}"


def in_arrears(e, holdings, rows):
    def paid(period, fen):
        row = rows.get(("SUPPLEMENTARY", period))
        return row is not None and int(row["amountFen"]) == fen and row["paidOn"] <= e.D
    funding = holdings.funding("SUPPLEMENTARY_MEMBER", e.D)
    whole = paid(str(e.year), YEAR_FEN)
    if funding == "FISCAL" or whole:
        return False
    if funding != "MONTHLY":
        return e.D > f"{e.year}-03-31"
    due = [(month, due_day(e.year, month)) for month in range(1, 13)]
    return any(day < e.D and "SUPPLEMENTARY_MEMBER" in holdings.on(day) and not paid(f"{e.year}-{month:02}", MONTH_FEN)
               for month, day in due)


def settle_stay(e, result, year, holdings, rows):
    if not {"SUPPLEMENTARY_MEMBER", "EMPLOYEE_INSURED"} <= e.at_discharge:
        result.reasons = {"NOT_ELIGIBLE"}
    elif in_arrears(e, holdings, rows):
        result.reasons = {"ARREARS"}
    else:
        base = max(0, e.in_policy - e.basic - int(e.value.get("paid", {}).get("basicDeductibleFen", 0)))
        worth, rate = oracle.slice_of(BANDS, year["base"], year["base"] + base, 0)
        made = oracle.line(RULE, "SUPPLEMENT", base, 0, rate, oracle.half_up(worth))
        oracle.limit(made, CAP - year["paid"])
        oracle.limit(made, e.in_policy - e.paid)  # G12
        year["base"] += base
        year["paid"] += made["amountFen"]
        result.lines, result.applied = [made], "SUPPLEMENTARY_MEMBER"


def settle(people):
    settled = {}
    for person, facts in people.items():
        kept = oracle.winners(facts)
        holdings, rows, years, results = Holdings(kept), contributions(kept), {}, []
        for e in encounters_of(kept, holdings):
            result = Result("ENCOUNTER", e.id, e.year)
            result.reasons = first_reasons(BEGINS, e)
            if not result.reasons and e.care == "INPATIENT":
                settle_stay(e, result, years.setdefault(e.year, {"base": 0, "paid": 0}), holdings, rows)
            results.append(result.finish(e))
        settled[person] = results, set()
    return settled
