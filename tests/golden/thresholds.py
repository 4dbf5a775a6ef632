#!/usr/bin/env python3
"""Every threshold of the packs: at it, one fen (or one day) below, one above.

thresholds.py SETTLEDCTL PACKS [--list]

The figures come from the packs' YAML, the expectations from the oracle, which has its own figures: a wrong figure in a pack is a
difference. A kind of rule that has no entry in `CASES` ends the run: its thresholds need their cases first.
"""
import datetime
import pathlib
import sys

import yaml

import case
import differential
import histories
import oracle


def fen(text):
    yuan, _, cents = text.partition(".")
    return int(yuan) * 100 + int((cents + "00")[:2])


# ---- Writing a history ----

class Script:
    """A short history of one person: facts, given as plainly as a golden case gives them."""

    def __init__(self, region, *categories):
        self.region, self.given = region, [("identity-change", {"category": category}) for category in categories]

    def say(self, topic, **fields):
        self.given.append((topic, fields))
        return self

    def stay(self, S, on="2023-06-01", **fields):
        """A stay of one night that leaves S to the person before us."""
        out = fields.pop("out", 0)
        day = datetime.date.fromisoformat(on)
        return self.say("discharge", encounterId=f"E{len(self.given):03}", admittedAt=str(day - oracle.DAY), dischargedAt=on,
                        costs={"inPolicyFen": S, "outOfCatalogueFen": out}, **fields)

    def facts(self, person):
        facts = [case.fill(topic, fields, self.region, number) for number, (topic, fields) in enumerate(self.given, 1)]
        for fact in facts:
            fact["value"]["personId"] = person
        return facts


def around(value):
    return [value - 1, value, value + 1]


def days_around(day):
    day = datetime.date.fromisoformat(str(day))
    return [str(day - oracle.DAY), str(day), str(day + oracle.DAY)]


# ---- Yangcheng ----

def bands_cases(rule, values):
    for band in values["bands"]:
        for key in ("over_yuan", "up_to_yuan"):
            for base in around(fen(band[key])) if key in band else []:
                if base >= 0:
                    yield Script("140522", "CIVIL_SERVANT_SUBSIDY").stay(base)
                    yield Script("140522", "CIVIL_SERVANT_SUBSIDY").stay(base, referral="UNREGISTERED").stay(3, "2023-06-05")
    yield from yangcheng_cap(fen(values["cap_yuan"]))


def yangcheng_cap(cap):
    """Bases whose payment, or whose remainder, comes to the cap."""
    base = next(b for b in range(10000_00, 99999_99, 100)
                if oracle.half_up(oracle.slice_of(oracle.CIVIL_BANDS, 0, b, 0)[0]) >= cap) - 200
    for more in range(0, 400):
        yield Script("140522", "CIVIL_SERVANT_SUBSIDY").stay(base + more).stay(500, "2023-06-05")


# ---- Pingshun ----

def critical_cases(rule, values):
    absent = {"criticalIllnessFen": None}
    deductible = fen(values["deductible_yuan"])
    preferences = [(deductible, ["RESIDENT_INSURED"])]
    for category in values["preference"]["categories"]:
        preferences.append((deductible // 2, ["RESIDENT_INSURED", category]))
    for less, categories in preferences:
        edges = {less} | {less + fen(band[key]) for band in values["bands"] for key in ("over_yuan", "up_to_yuan") if key in band}
        for base in sorted({amount for edge in edges for amount in around(edge)}):
            yield Script("140425", *categories).stay(base, paid=absent).stay(1000, "2023-06-05", paid=absent)
    yield from critical_cap(fen(values["cap_yuan"]), absent)


def critical_cap(cap, absent):
    base = next(b for b in range(100000_00, 10 ** 9, 1000)
                if oracle.half_up(oracle.slice_of(oracle.CRITICAL_BANDS, 0, b, 0)[0]) >= cap) + 10000_00 - 1010
    for more in range(0, 1030):
        yield Script("140425", "RESIDENT_INSURED").stay(base + more, paid=absent)
    for category in oracle.PREFERRED:
        yield Script("140425", "RESIDENT_INSURED", category).stay(base + 100000_00, paid=absent)


def approved(script):
    script.say("case-action", type="APPLY", on="2023-01-10", scheme="ASSISTANCE", caseId="c")
    return script.say("case-action", type="APPROVE", on="2023-01-11", scheme="ASSISTANCE", caseId="c")


def table_cases(rule, values):
    """Deductibles of the year, at once and in two steps; and amounts that round."""
    for row in values["rows"]:
        category = row["category"]
        for day in ("2023-01-20", "2023-06-01"):
            absorbed = oracle.percent(oracle.income_on(day), int(row.get("income_share", "0%").rstrip("%")))
            for S in around(absorbed):
                if S >= 0:
                    yield approved(Script("140425", category)).stay(S, day).stay(1, "2023-06-05")
                    yield approved(Script("140425", category)).stay(S // 2, day).stay(S - S // 2, "2023-06-05").stay(1, "2023-06-06")
        for S in (1, 2, 5, 7, 12345, 1234567):
            yield approved(Script("140425", category)).stay(S)


def outpatient_cases(rule, values):
    care = {"pingshun.chronic": "CHRONIC", "pingshun.special_drug": "SPECIAL_DRUG"}[rule["id"]]
    for category in oracle.CATEGORIES:
        for number in ((1, 2, 3) if care == "CHRONIC" else (0,)):
            for S in (1, 2, 5, 8, 12345):
                yield approved(Script("140425", category)).stay(S, care=care, chronicClass=number)


def shared_cap_cases(rule, values):
    """What is used comes to the cap by a stay, by a drug, by a visit; and then one fen more."""
    for row in values["rows"]:
        cap = 70000_00 if row["cap_yuan"] == "none" else fen(row["cap_yuan"])
        points = next(points for name, _, points, _ in oracle.TABLE if name == row["category"])
        needed = cap * 100 // points
        for S in range(needed - 2, needed + 4):
            absorbed = [share for name, share, _, _ in oracle.TABLE if name == row["category"]][0]
            S += oracle.percent(oracle.income_on("2023-06-01"), absorbed)
            for care, number in (("INPATIENT", 0), ("SPECIAL_DRUG", 0), ("CHRONIC", 1)):
                yield approved(Script("140425", row["category"])).stay(S).stay(50, "2023-06-05", care=care, chronicClass=number)


def top_up_cases(rule, values):
    """In-policy 10,000: what others have paid decides whether 90% is reached."""
    for place in ("140425", "141100", "150000"):
        for S in (1, 9, 10, 11, 3333_33, 3333_34, 3333_32, 1000_00, 10000_00):
            yield Script("140425", "RETURNED_TO_POVERTY").stay(10000_00, paid={"basicFen": 10000_00 - S}, institution={"region": place})
        for in_policy in range(1, 30):
            yield Script("140425", "RETURNED_TO_POVERTY").stay(in_policy, institution={"region": place})


def catalogue_cases(rule, values):
    for charge, share in values["limit"].items():
        for category in oracle.CATEGORIES:
            for out in around(100000 * int(share.rstrip("%")) // 100):
                yield approved(Script("140425", category)).stay(100000 - out, out=out, institution={"chargeClass": charge})
        for total in range(1, 24):  # the limit rounds half up
            for out in range(0, total + 1):
                yield Script("140425", "RETURNED_TO_POVERTY").stay(total - out, out=out, institution={"chargeClass": charge})


def tilt_cases(rule, values):
    """From below H to above it, and the rule's own cap."""
    for day in ("2023-01-20", "2023-06-01", "2024-06-01"):
        H = oracle.percent(oracle.income_on(day), int(values["above_income"].rstrip("%")))
        last = oracle.half_up(oracle.Fraction(fen(values["cap_yuan"]) * 100, 70)) + H
        for S in around(H) + list(range(last - 2, last + 4)):
            # No deductible is left and the shared cap is used up, so that R is S.
            for referral in ("NOT_NEEDED", "REGISTERED", "UNREGISTERED"):
                script = Script("140425", "AT_RISK_OF_POVERTY").stay(S, day, care="CHRONIC", chronicClass=1, referral=referral)
                yield script.stay(3, day, care="SPECIAL_DRUG")
            yield Script("140425", "AT_RISK_OF_POVERTY").stay(S // 2, day, care="CHRONIC", chronicClass=1).stay(
                S - S // 2, day, care="SPECIAL_DRUG").stay(100, day)


def watch_cases(rule, values):
    for category in values["key_categories"] + values["other_categories"] + ["RETIRED"]:
        for key in ("key_threshold_yuan", "other_threshold_yuan"):
            for burden in around(fen(values[key])):
                yield Script("140425", category).stay(burden, care="OUTPATIENT")
                yield Script("140425", category).stay(burden - 5, care="OUTPATIENT").stay(5, "2023-06-05", care="OUTPATIENT")


def bar_cases(rule, values):
    for place in (values["inside"] + "25", "1403" + "99", "140500", "110000"):
        for referral in ("NOT_NEEDED", "REGISTERED", "UNREGISTERED"):
            yield Script("140425", "SUBSISTENCE_ALLOWANCE").stay(1000, referral=referral, institution={"region": place})


def application_cases(rule, values):
    for category in oracle.CATEGORIES:
        yield Script("140425", category).stay(5000_00)
        yield approved(Script("140425", category)).stay(5000_00)


def claim_cases(rule, values):
    last = datetime.date(2023, 6, 1)
    for late in around(values["days"]):
        script = Script("140425", "SUBSISTENCE_ALLOWANCE").stay(1000, str(last), channel="MANUAL")
        yield script.say("case-action", type="CLAIM", on=str(last + late * oracle.DAY), encounterIds=["E001"])


def none_on_visits(rule, values):
    """Kinds that settle something else than a visit."""
    return iter(())


CASES = {
    "cumulative_bands": lambda rule, values: (bands_cases if rule["id"] == "yangcheng.inpatient" else critical_cases)(rule, values),
    "category_table": lambda rule, values: (table_cases if rule["id"] == "pingshun.inpatient" else outpatient_cases)(rule, values),
    "shared_cap": shared_cap_cases,
    "top_up": top_up_cases,
    "catalogue_ratio": catalogue_cases,
    "excess_ratio": tilt_cases,
    "threshold_watch": watch_cases,
    "referral_bar": bar_cases,
    "on_application": application_cases,
    "manual_claim": claim_cases,
    "levy_grant": none_on_visits,
    "enrolment_subsidy": none_on_visits,
}


def region_cases(region):
    """The days on which the policy begins and ends, and on which an income figure takes over."""
    held = {"140522": "CIVIL_SERVANT_SUBSIDY", "140425": "AT_RISK_OF_POVERTY"}[region["region"]]
    for edge in region["in_force"].values():
        for day in days_around(edge):
            yield Script(region["region"], held).stay(5000_00, day)
    for income in region.get("incomes", []):
        published = datetime.date.fromisoformat(str(income["published_on"]))
        first = (published.replace(day=28) + 4 * oracle.DAY).replace(day=1)
        for day in days_around(published) + days_around(first):
            yield Script(region["region"], held).stay(5000_00, day)


# ---- All of them ----

def scripts_of(folder):
    """(what it is about, script) for every figure of a region's pack."""
    region = yaml.load((folder / "region.yaml").read_text("utf-8"), case.Loader)
    yield from (("region", script) for script in region_cases(region))
    for path in sorted(folder.glob("*.yaml")):
        for rule in (yaml.load(path.read_text("utf-8"), case.Loader) or {}).get("rules", []):
            for values in rule["values"].values():
                yield from ((rule["id"], script) for script in CASES[rule["kind"]](rule, values))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    made = []
    for name in ("yangcheng", "pingshun"):
        for about, script in scripts_of(pathlib.Path(sys.argv[2]) / name):
            person = histories.person_id(script.region, len(made))
            made.append((about, script.region, person, script.facts(person)))
    outputs = case.replay(sys.argv[1], sys.argv[2], [fact for _, _, _, facts in made for fact in facts])
    settlements = differential.by_person(outputs, "settlement")
    warnings = differential.by_person(outputs, "warning")
    failed, counts = [], {}
    for about, region, person, facts in made:
        counts[about] = counts.get(about, 0) + 1
        complaints = differential.check_person(region, facts, {"settlements": settlements.get(person, []),
                                                               "warnings": warnings.get(person, [])})
        if complaints:
            failed.append(f"{about}:\n    " + "\n    ".join(complaints) + f"\n    {facts}")
    refused = [output["value"]["reason"] for output in outputs if output["topic"] == "rejection"]
    failed += [f"refused: {reason}" for reason in set(refused)]
    print("\n".join(failed[:differential.SHOWN]))
    print("\n".join(f"{about}: {count}" for about, count in counts.items()))
    print(f"{len(made)} cases, {len(failed)} failed")
    sys.exit(1 if failed or not made else 0)


main()
