"""An independent reading of the encounter rules of Yangcheng (140522) and Pingshun (140425).

Written from the documents and their agreed readings, not from the C code, and with its own figures: `settle` takes the facts
of one person in one region as wire JSON and says what every settlement must come to. Exact integers and fractions only.
Comments name the rule a line answers to: G general, Y Yangcheng, P Pingshun with the document's article number.
"""
import datetime
import math
from fractions import Fraction

YANGCHENG, PINGSHUN = "140522", "140425"
FOREVER = 10 ** 18
DAY = datetime.timedelta(days=1)
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))

# The order in which reasons stand in a settlement.
REASONS = ["ADMISSION_MISSING", "BEFORE_POLICY", "AFTER_POLICY", "EXCLUDED_COST", "NOT_DESIGNATED", "NOT_ELIGIBLE",
           "UNREGISTERED_REFERRAL", "ARREARS", "APPLICATION_MISSING", "CLAIM_MISSING", "LATE_CLAIM",
           "INCOME_FIGURE_MISSING"]
PAYERS = ["basicFen", "criticalIllnessFen", "largeSupplementFen", "enterpriseSupplementFen", "commercialFen",
          "mutualAidFen", "otherAidFen"]

# P14: category, deductible as a share of the income figure, rate, cap of the year; in the order that decides a tie (P19).
TABLE = [
    ("EXTREME_POVERTY", 0, 100, None),
    ("SUBSISTENCE_ALLOWANCE", 0, 70, 60000_00),
    ("RETURNED_TO_POVERTY", 0, 70, None),
    ("UNSTABLE_OUT_OF_POVERTY", 10, 70, 60000_00),
    ("AT_RISK_OF_POVERTY", 10, 70, 60000_00),
    ("SUDDEN_HARDSHIP", 10, 70, 60000_00),
    ("LOW_INCOME_MARGIN", 10, 60, 40000_00),
    ("ILLNESS_IMPOVERISHED", 25, 60, 40000_00),
]
CATEGORIES = [row[0] for row in TABLE]
ON_APPLICATION = {"LOW_INCOME_MARGIN", "ILLNESS_IMPOVERISHED"}  # P17
CHRONIC = {"EXTREME_POVERTY": 60, "SUBSISTENCE_ALLOWANCE": 30, "RETURNED_TO_POVERTY": 30}  # P15, percent
DRUG = {"EXTREME_POVERTY": 20, "SUBSISTENCE_ALLOWANCE": 10, "RETURNED_TO_POVERTY": 10}  # P16, percent
PREFERRED = {"EXTREME_POVERTY", "SUBSISTENCE_ALLOWANCE", "RETURNED_TO_POVERTY"}  # P6 and P21
CATALOGUE = {"CLASS_1": 30, "CLASS_2_CITY": 20, "CLASS_2_COUNTY": 15, "CLASS_3": 15}  # P21, percent of total
CRITICAL_BANDS = [(0, 50000_00, 60), (50000_00, 100000_00, 65), (100000_00, FOREVER, 75)]  # P6, above the deductible
CIVIL_BANDS = [(0, 1000_00, 0), (1000_00, 5000_00, 70), (5000_00, 10000_00, 80), (10000_00, FOREVER, 90)]  # Y
# P47: published on, yuan; in force from the first of the month after.
INCOMES = [("2022-01-20", "27425.87"), ("2023-01-19", "29178.40"), ("2024-01-22", "30923.50")]
IN_FORCE = {YANGCHENG: ("2021-01-01", "9999-12-31"), PINGSHUN: ("2023-01-07", "2028-01-06")}


def half_up(amount):
    return math.floor(Fraction(amount) + Fraction(1, 2))


def percent(fen, points):
    return half_up(Fraction(fen * points, 100))


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def civil_day(text):
    return moment(text).astimezone(SHANGHAI).date().isoformat()


def income_on(day):
    """I(d) in fen, None before the first is in force."""
    found = None
    for published, yuan in INCOMES:
        on = datetime.date.fromisoformat(published)
        first = datetime.date(on.year + on.month // 12, on.month % 12 + 1, 1)
        if first.isoformat() <= day:
            found = half_up(Fraction(yuan)) * 100
    return found


# ---- From facts to encounters ----

def winners(facts):
    """One content for each (topic, source, event id)."""
    best = {}
    for fact in facts:
        value = fact["value"]
        key = (fact["topic"], value["source"], value["eventId"])
        if key not in best or moment(value["recordedAt"]) > moment(best[key]["value"]["recordedAt"]):
            best[key] = fact
    return list(best.values())


def series(facts, topic):
    """The winning message of every encounter, also when it is a void."""
    best = {}
    for fact in facts:
        value = fact["value"]
        if fact["topic"] != topic or value.get("trial"):
            continue
        rank = (int(value.get("version", 0)), moment(value["recordedAt"]), value["eventId"].encode(),
                value["source"].encode())
        if value["encounterId"] not in best or rank > best[value["encounterId"]][0]:
            best[value["encounterId"]] = (rank, value)
    return {encounter: value for encounter, (_, value) in best.items()}


class Holdings:
    """G6: each source speaks for its own grants."""

    def __init__(self, facts):
        self.said = {}
        for fact in facts:
            value = fact["value"]
            if fact["topic"] == "identity-change" and value["action"] != "NO_ACTION":
                self.said.setdefault((value["category"], value["source"]), []).append(value)
        for changes in self.said.values():
            changes.sort(key=lambda c: (c["effectiveOn"], moment(c["recordedAt"]), c["eventId"].encode()))

    def on(self, day):
        held = set()
        for (category, _), changes in self.said.items():
            past = [change for change in changes if change["effectiveOn"] <= day]
            if past and past[-1]["action"] == "GRANT":
                held.add(category)
        return held


class Cases:
    """P17 and P39: applications of the scheme ASSISTANCE, and manual claims."""

    ORDER = ["APPLY", "APPROVE", "REJECT", "WITHDRAW", "NOTICE_START", "NOTICE_PASSED", "OBJECTION", "PAY_CONFIRMED"]
    STEPS = {
        "none": {"APPLY": "applied"}, "rejected": {"APPLY": "applied"}, "withdrawn": {"APPLY": "applied"},
        "applied": {"APPROVE": "approved", "REJECT": "rejected", "WITHDRAW": "withdrawn"},
        "approved": {"NOTICE_START": "notice", "REJECT": "rejected", "WITHDRAW": "withdrawn"},
        "notice": {"NOTICE_PASSED": "passed", "OBJECTION": "objected", "REJECT": "rejected", "WITHDRAW": "withdrawn"},
        "objected": {"APPROVE": "approved", "NOTICE_START": "notice", "NOTICE_PASSED": "passed", "REJECT": "rejected",
                     "WITHDRAW": "withdrawn"},
        "passed": {"PAY_CONFIRMED": "paid", "OBJECTION": "objected"},
        "paid": {},
    }

    def __init__(self, facts):
        actions = [fact["value"] for fact in facts if fact["topic"] == "case-action"]
        self.claims = [action for action in actions if action["type"] == "CLAIM"]
        self.steps = [action for action in actions if action["type"] in self.ORDER and action.get("scheme") == "ASSISTANCE"]
        self.steps.sort(key=lambda a: (a["on"], self.ORDER.index(a["type"]), moment(a["recordedAt"]), a["eventId"].encode()))
        self.manual = []

    def approved(self, year):
        state = "none"
        for action in self.steps:
            if (int(action.get("year", 0)) or int(action["on"][:4])) == year:
                state = self.STEPS[state].get(action["type"], state)
        return state in ("approved", "notice", "objected", "passed", "paid")

    def claim_reason(self, e):
        """Why an encounter that was not settled at once gets nothing yet, or no more; None when a claim stands."""
        if not e.manual:
            return None
        naming = [claim for claim in self.claims if e.id in claim.get("encounterIds", [])]
        for claim in naming:
            last = max(other.D for other in self.manual if other.year == e.year and other.id in claim["encounterIds"])
            if datetime.date.fromisoformat(claim["on"]) <= datetime.date.fromisoformat(last) + 180 * DAY:
                return None
        return "LATE_CLAIM" if naming else "CLAIM_MISSING"


class Encounter:
    def __init__(self, value, admission, holdings):
        self.value = value
        self.id = value["encounterId"]
        self.care = value["care"]
        self.instant = moment(value["dischargedAt"])
        self.D = civil_day(value["dischargedAt"])
        self.year = int(self.D[:4])
        self.A = self.admitted(admission)
        self.at_admission = holdings.on(self.A) if self.A else set()
        self.at_discharge = holdings.on(self.D)
        costs, paid = value.get("costs", {}), value.get("paid", {})
        self.total = int(costs.get("totalFen", 0))
        self.in_policy = int(costs.get("inPolicyFen", 0))
        self.out = int(costs.get("outOfCatalogueFen", 0))
        self.basic = int(paid.get("basicFen", 0))
        self.large = int(paid.get("largeSupplementFen", 0))
        self.given_critical = "criticalIllnessFen" in paid
        self.paid = sum(int(paid.get(payer, 0)) for payer in PAYERS)
        self.institution = value.get("institution", {})
        self.place = self.institution.get("region", "")
        self.referral = value.get("referral", "NOT_NEEDED")
        self.manual = value.get("channel", "ONE_STOP") == "MANUAL"
        self.chronic_class = int(value.get("chronicClass", 0))

    def admitted(self, admission):
        """The civil day of admission; None while it is not known."""
        if self.care != "INPATIENT":
            return self.D
        if "admittedAt" in self.value:
            return civil_day(self.value["admittedAt"])
        if admission is None or admission.get("voided") or moment(admission["admittedAt"]) > self.instant:
            return None
        return civil_day(admission["admittedAt"])


def encounters_of(facts):
    holdings = Holdings(facts)
    admissions = series(facts, "admission")
    found = [Encounter(value, admissions.get(encounter), holdings)
             for encounter, value in series(facts, "discharge").items() if not value.get("voided")]
    return sorted(found, key=lambda e: (e.instant, e.id.encode())), holdings


# ---- Lines ----

def line(rule, fund, base, deductible, rate, amount, capped=False):
    return {"rule": rule, "fund": fund, "baseFen": base, "deductibleFen": deductible, "rateBp": rate, "amountFen": amount,
            "capped": capped}


def limit(made, most):
    if made["amountFen"] > most:
        made["amountFen"], made["capped"] = most, True


def slice_of(bands, before, after, change):
    """The exact payment in fen on a slice of a running total, and its one rate (0 where bands mix)."""
    worth, rates = Fraction(0), []
    for over, up_to, points in bands:
        part = max(0, min(after, up_to) - max(before, over))
        if part > 0:
            rates.append(max(0, points + change))
            worth += Fraction(part * rates[-1], 100)
    return worth, rates[0] * 100 if len(rates) == 1 else 0


class Year:
    """What a person's year has run up so far."""

    def __init__(self):
        self.civil_base = self.civil_paid = 0
        self.critical_base = self.critical_paid = 0
        self.absorbed = self.used = 0
        self.tilt_base = self.tilt_paid = 0
        self.later_visits = False
        self.later_base = 0
        self.later_share = Fraction(0)
        self.later_categories = set()
        self.later_tilt = 0


class Result:
    def __init__(self, subject, subject_id, year):
        self.subject, self.id, self.year = subject, subject_id, year
        self.lines, self.reasons = [], set()
        self.status, self.applied, self.half = "FINAL", None, "SAME"
        self.burden = 0

    def benefit(self):
        return sum(made["amountFen"] for made in self.lines if made["fund"] != "HOSPITAL")

    def hospital(self):
        return sum(made["amountFen"] for made in self.lines if made["fund"] == "HOSPITAL")

    def finish(self, encounter):
        if "LATE_CLAIM" in self.reasons:
            self.status = "LAPSED"
        elif self.reasons & {"ADMISSION_MISSING", "APPLICATION_MISSING", "CLAIM_MISSING", "INCOME_FIGURE_MISSING"}:
            self.status = "PENDING"
        if self.applied:  # G10
            at_admission = self.applied in encounter.at_admission
            at_discharge = self.applied in encounter.at_discharge
            self.half = "SAME" if at_admission == at_discharge else "AT_DISCHARGE" if at_discharge else "AT_ADMISSION"
        self.burden = encounter.total - encounter.paid - self.benefit() - self.hospital()  # G5
        return self


# ---- Yangcheng ----

def yangcheng(e, year, result):
    if e.care != "INPATIENT":
        return
    if "CIVIL_SERVANT_SUBSIDY" not in e.at_discharge:
        result.reasons.add("NOT_ELIGIBLE")
        return
    result.applied = "CIVIL_SERVANT_SUBSIDY"
    base = max(0, e.in_policy - e.basic - e.large)
    before, after = year.civil_base, year.civil_base + base
    worth, rate = slice_of(CIVIL_BANDS, before, after, -15 if e.referral == "UNREGISTERED" else 0)
    made = line("yangcheng.inpatient", "CIVIL_SERVANT", base, 0, rate, half_up(worth))
    limit(made, 10000_00 - year.civil_paid)
    limit(made, e.in_policy - e.paid)  # G12
    year.civil_base += base
    year.civil_paid += made["amountFen"]
    result.lines.append(made)


# ---- Pingshun ----

def critical_illness(e, year, counted):
    """P6, where nothing was given."""
    if e.care != "INPATIENT" or e.given_critical or "RESIDENT_INSURED" not in e.at_discharge:
        return None
    preferred = bool(counted & PREFERRED)
    deductible = 5000_00 if preferred else 10000_00
    base = e.in_policy - e.basic
    before, after = year.critical_base, year.critical_base + base
    worth, rate = slice_of(CRITICAL_BANDS, max(0, before - deductible), max(0, after - deductible), 5 if preferred else 0)
    made = line("pingshun.critical_illness", "CRITICAL_ILLNESS", base,
                min(after, deductible) - min(before, deductible), rate, half_up(worth))
    if not preferred:
        limit(made, max(0, 400000_00 - year.critical_paid))
    limit(made, e.in_policy - e.paid)  # G12
    year.critical_base += base
    year.critical_paid += made["amountFen"]
    return made


def cap_of(category):
    return next(cap for name, _, _, cap in TABLE if name == category)


def capped_by_category(made, category, year):
    cap = cap_of(category)
    if cap is not None:
        limit(made, max(0, cap - year.used))  # P18: one shared limit


def inpatient(e, year, category, S):
    _, income_share, points, _ = next(row for row in TABLE if row[0] == category)
    absorbed = 0
    if income_share:
        absorbed = min(S, max(0, percent(income_on(e.D), income_share) - year.absorbed))
    made = line("pingshun.inpatient", "ASSISTANCE", S, absorbed, points * 100, percent(S - absorbed, points))
    capped_by_category(made, category, year)
    lines = [made]
    if category == "RETURNED_TO_POVERTY" and e.place.startswith("14"):
        wanted = percent(e.in_policy, 90) - (e.in_policy - S) - made["amountFen"]
        lines.append(line("pingshun.top_up", "ASSISTANCE", e.in_policy, 0, 9000, max(0, wanted)))  # P14.3
        charge = e.institution.get("chargeClass")
        if charge:  # P21, the fund's part
            base = min(e.out, percent(e.total, CATALOGUE[charge]))
            lines.append(line("pingshun.catalogue", "ASSISTANCE", base, 0, 8500, percent(base, 85)))
    return lines


def outpatient(rule, rates, category, S, year):
    if category not in rates:
        return []
    made = line(rule, "ASSISTANCE", S, 0, rates[category] * 100, percent(S, rates[category]))
    capped_by_category(made, category, year)
    return [made]


def is_later(e):
    return e.care == "CHRONIC" and e.chronic_class in (2, 3)


def lines_for(e, year, category, S):
    """P19: what this category would give, and its exact worth."""
    if e.care == "INPATIENT":
        lines = inpatient(e, year, category, S)
    elif e.care == "SPECIAL_DRUG":
        lines = outpatient("pingshun.special_drug", DRUG, category, S, year)
    elif is_later(e):  # a line that says when it will be paid
        lines = [line("pingshun.chronic", "ASSISTANCE", S, 0, CHRONIC[category] * 100, 0)] if category in CHRONIC else []
        return lines, Fraction(S * CHRONIC.get(category, 0), 100)
    else:
        lines = outpatient("pingshun.chronic", CHRONIC, category, S, year)
    return lines, Fraction(sum(made["amountFen"] for made in lines))


def tilt(year, R, day):
    """P20 on top of what has run up."""
    H = percent(income_on(day), 50)
    above = max(0, year.tilt_base + R - H) - max(0, year.tilt_base - H)
    made = line("pingshun.tilt", "ASSISTANCE", R, R - above, 7000, percent(above, 70))
    limit(made, max(0, 30000_00 - year.tilt_paid))
    year.tilt_base += R
    year.tilt_paid += made["amountFen"]
    return made


def assistance_reasons(e, counted, approved, claim):
    waiting = counted & ON_APPLICATION if not approved else set()
    if not counted:
        return {"NOT_ELIGIBLE"}
    if not e.place.startswith("1404") and e.referral == "UNREGISTERED":  # P18a
        return {"UNREGISTERED_REFERRAL"}
    reasons = {"APPLICATION_MISSING"} if waiting == counted else set()
    return reasons | ({claim} if claim else set())


def hospital_part(e, counted):
    charge = e.institution.get("chargeClass")
    if e.care != "INPATIENT" or not e.place.startswith("14") or not charge or not counted & PREFERRED:
        return []
    within = min(e.out, percent(e.total, CATALOGUE[charge]))
    return [line("pingshun.catalogue", "HOSPITAL", e.out, within, 10000, e.out - within)]


def pingshun(e, year, result, cases):
    if e.care not in ("INPATIENT", "CHRONIC", "SPECIAL_DRUG"):
        return
    approved = cases.approved(e.year)
    all_counted = (e.at_admission | e.at_discharge) & set(CATEGORIES)  # article 35
    counted = all_counted if approved else all_counted - ON_APPLICATION
    critical = critical_illness(e, year, counted)
    if critical:
        result.lines.append(critical)
    S = max(0, e.in_policy - e.paid - (critical["amountFen"] if critical else 0))  # G4
    hospital = hospital_part(e, counted)
    result.reasons |= assistance_reasons(e, all_counted, approved, cases.claim_reason(e))
    if not result.reasons:
        pingshun_assistance(e, year, result, counted, S)
    result.lines += hospital


def pingshun_assistance(e, year, result, counted, S):
    best, worth = [], Fraction(-1)
    for category in CATEGORIES:
        if category in counted:
            lines, sum_of = lines_for(e, year, category, S)
            if sum_of > worth:
                best, worth, result.applied = lines, sum_of, category
    shared = sum(made["amountFen"] for made in best if made["rule"] != "pingshun.catalogue")
    year.used += shared
    year.absorbed += sum(made["deductibleFen"] for made in best if made["rule"] == "pingshun.inpatient")
    result.lines += best
    qualifies = e.place.startswith("14") and e.referral in ("NOT_NEEDED", "REGISTERED")
    if is_later(e):
        if result.applied in CHRONIC:
            year.later_base += S
            year.later_share += worth
            year.later_categories.add(result.applied)
        year.later_tilt += S if qualifies else 0
    elif qualifies:
        result.lines.append(tilt(year, S - shared, e.D))


def year_end(number, year):
    """P15 classes 2 and 3, and what they bring to P20."""
    result = Result("YEAR_END", str(number), number)
    made = line("pingshun.chronic", "ASSISTANCE", year.later_base, 0, 0, half_up(year.later_share))
    caps = [cap_of(category) for category in year.later_categories]
    if caps and None not in caps:
        limit(made, max(0, max(caps) - year.used))
    result.lines.append(made)
    if year.later_tilt:
        R = max(0, year.later_tilt - made["amountFen"])
        result.lines.append(tilt(year, R, f"{number}-12-31"))
    result.burden = 0
    return result


# ---- One person ----

def first_reasons(region, e):
    """G7, G8 and what goes before them."""
    begins, ends = IN_FORCE[region]
    if e.A is None:
        return {"ADMISSION_MISSING"}
    if e.D < begins:
        return {"BEFORE_POLICY"}
    if e.D > ends:
        return {"AFTER_POLICY"}
    reasons = set()
    if e.value.get("exclusion", "NONE") != "NONE":
        reasons.add("EXCLUDED_COST")
    if not e.institution.get("designated"):
        reasons.add("NOT_DESIGNATED")
    return reasons


def watch(region, number, burden, last, holdings):
    """P29, P30: (threshold, key) when the year is watched, else None."""
    if region != PINGSHUN or not 2023 <= number <= 2028:
        return None
    held = holdings.on(last)
    if held & (set(CATEGORIES) | {"OUT_OF_POVERTY"}):
        return burden > 6000_00, True, 6000_00
    return (burden > 20000_00, False, 20000_00) if "RESIDENT_INSURED" in held else None


def settle(region, facts, closed_years=()):
    """(results, crossed): every settlement subject in the order of the fold, and the years above the warning threshold."""
    kept = winners(facts)
    encounters, holdings = encounters_of(kept)
    cases = Cases(kept)
    cases.manual = [e for e in encounters if e.manual]
    results, crossed = [], {}
    for number in sorted({e.year for e in encounters}):
        year, burden = Year(), 0
        of_year = [e for e in encounters if e.year == number]
        for e in of_year:
            result = Result("ENCOUNTER", e.id, number)
            result.reasons = first_reasons(region, e)
            inside = not result.reasons & {"ADMISSION_MISSING", "BEFORE_POLICY", "AFTER_POLICY"}
            if not result.reasons and region == YANGCHENG:
                yangcheng(e, year, result)
            elif not result.reasons:
                pingshun(e, year, result, cases)
            year.later_visits |= inside and is_later(e)
            results.append(result.finish(e))
            burden += result.burden
        if region == PINGSHUN and year.later_visits and number in closed_years:
            results.append(year_end(number, year))
            burden -= results[-1].benefit()
        seen = watch(region, number, burden, of_year[-1].D, holdings)
        if seen and seen[0]:
            crossed[number] = {"burdenFen": burden, "keyPerson": seen[1], "thresholdFen": seen[2]}
    return results, crossed


def as_json(result):
    """The parts of a settlement that the oracle speaks about."""
    return {"subject": result.subject, "subjectId": result.id, "year": result.year, "status": result.status,
            "reasons": [reason for reason in REASONS if reason in result.reasons], "applied": result.applied,
            "half": result.half, "lines": result.lines,
            "totals": {"benefitFen": result.benefit(), "hospitalFen": result.hospital(),
                       "personalBurdenFen": result.burden}}
