"""Golden cases: given facts in a compact form, and what must come of them.

A file is a list of YAML documents, each a case:

    article: 第十四条（二）
    why: one sentence, with the arithmetic written out
    given:                                   # facts in the order of arrival; a topic and the fields that matter
      - identity-change: { category: SUBSISTENCE_ALLOWANCE, effectiveOn: 2023-01-01 }
      - discharge: { encounterId: E1, admittedAt: 2023-03-01, dischargedAt: 2023-03-10, costs: { inPolicyFen: 1234567 } }
    expect:                                  # every settlement subject that is there at the end
      E1: { lines: { pingshun.inpatient: 864197 }, half: SAME }
    history: { E1: [ORIGINAL 0, ADJUSTMENT 864197] }    # kind and delta of every settlement of a subject
    warnings: [CROSSED 2023]                 # every warning, in order, where the case is about them
    rejections: [CONFLICTING_DUPLICATE]      # every rejection; none when left out
    trials: { E1: { ... } }                  # settlements of kind TRIAL, as in `expect`

A subject is its id, or SUBJECT/id where two share one (a year's enrolment and its end).

Fields are those of the wire's JSON; what a case leaves out is filled in (`DEFAULTS`, `fill`): a date for an instant is noon of
that day in Shanghai, `null` takes a default away. A line is its rule, or rule/FUND where a rule has two; its value is
amountFen, or the fields that matter. Status is FINAL and there are no reasons unless a case says so; lines with another
amount than zero must be exactly those stated.
"""
import copy
import json
import re
import subprocess

import yaml

NAME = "王秀英"
PERSONS = {"140522": "140522198001010028", "140425": "140425198001010021", "331127": "331127198001010024",
           "621000": "621000198001010028", "611000": "611000198001010026"}
INSTITUTION = {"code": "H14042500001", "name": "县人民医院", "level": "LEVEL_2", "designated": True}
DEFAULTS = {
    "admission": {"source": "hospital"},
    "discharge": {"source": "hospital", "care": "INPATIENT"},
    "identity-change": {"source": "civil-affairs", "action": "GRANT", "effectiveOn": "2020-01-01"},
    "person-fact": {"source": "insurance-office", "action": "ADD"},
    "case-action": {"source": "counter"},
    "period-close": {},
}


class Loader(yaml.SafeLoader):
    """YAML without its dates, which the wire writes as text, and without `on` and `no` for true and false."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def load(path):
    with open(path, encoding="utf-8") as file:
        return [case for case in yaml.load_all(file, Loader) if case]


# ---- From the compact form to the wire ----

def merge(defaults, given):
    merged = dict(defaults)
    for key, value in (given or {}).items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = merge(merged[key], value)
        else:
            merged[key] = value
    return merged


def instants(value):
    """A bare date where an instant stands is noon in Shanghai."""
    return {key: f"{field}T12:00:00+08:00" if key.endswith("At") and isinstance(field, str) and len(field) == 10 else field
            for key, field in value.items()}


def fill_discharge(value, region):
    if value.get("voided"):
        return value
    value["institution"] = merge({**INSTITUTION, "region": region}, value.get("institution"))
    costs = {key: int(amount) for key, amount in value.get("costs", {}).items()}
    parts = ["inPolicyFen", "preSelfPayFen", "outOfCatalogueFen"]
    costs.setdefault("totalFen", sum(costs.get(part, 0) for part in parts))
    value["costs"] = {key: str(amount) for key, amount in costs.items()}
    if region == "140425":  # most cases are not about the insurance before us
        value["paid"] = merge({"criticalIllnessFen": 0}, value.get("paid"))
    value["paid"] = {key: str(amount) for key, amount in value.get("paid", {}).items()}
    return value


def fill(topic, given, region, number):
    """The wire's JSON of fact `number` of a case."""
    value = {"eventId": f"{topic}-{number}", "recordedAt": f"2039-01-01T00:{number // 60:02}:{number % 60:02}Z",
             "region": region, **copy.deepcopy(DEFAULTS[topic])}
    if topic in ("admission", "discharge"):
        value.update({"encounterId": "E1", "version": 1})
    if topic != "period-close":
        value["personId"] = PERSONS[region]
    if topic in ("admission", "discharge", "identity-change", "person-fact"):
        value["name"] = NAME
    value = instants(merge(value, given))
    return {"topic": topic, "value": fill_discharge(value, region) if topic == "discharge" else value}


def facts_of(case, region):
    return [fill(topic, given, region, number)
            for number, fact in enumerate(case["given"], 1) for topic, given in fact.items()]


# ---- Running ----

class ReplayError(Exception):
    """settledctl replay did not do what it is for."""


def replay(settledctl, packs, facts, *options):
    """The output records of the facts, as JSON."""
    lines = "".join(json.dumps(fact, ensure_ascii=False) + "\n" for fact in facts)
    run = subprocess.run([settledctl, "replay", *options, "--packs", packs, "-"], input=lines.encode(),
                         capture_output=True, check=False)
    if run.returncode != 0:
        raise ReplayError(f"settledctl replay ended with {run.returncode}: {run.stderr.decode(errors='replace')[:2000]}")
    return [json.loads(text) for text in run.stdout.decode().splitlines()]


def number(value):
    return int(value or 0)


def final_of(settlements):
    """The last settlement of every subject, without those that end VOID."""
    last = {}
    for settlement in settlements:
        last[(settlement["subject"], settlement["subjectId"])] = settlement
    return {key: settlement for key, settlement in last.items() if settlement["kind"] != "VOID"}


def ends_of(settlements):
    """What stands at the end, of every person (of two, where one inherits from the other)."""
    per_person = {}
    for settlement in settlements:
        per_person.setdefault(settlement.get("personId"), []).append(settlement)
    return [settlement for mine in per_person.values() for settlement in final_of(mine).values()]


# ---- Comparing ----

def line_name(line, stated):
    full = f"{line['rule']}/{line['fund']}"
    return full if full in stated else line["rule"]


def compare_field(where, stated, found):
    if isinstance(stated, bool):
        found = bool(found)
    elif isinstance(stated, int):
        found = number(found)
    return [] if stated == found else [f"{where}: {found}, must be {stated}"]


def compare_lines(where, stated, settlement):
    complaints, seen = [], set()
    stated = {name: {"amountFen": line} if isinstance(line, int) else line for name, line in stated.items()}
    for line in settlement.get("lines", []):
        name = line_name(line, stated)
        if name in stated and name not in seen:
            seen.add(name)
            for field, value in stated[name].items():
                complaints += compare_field(f"{where} {name}.{field}", value, line.get(field))
        elif number(line.get("amountFen")):
            complaints.append(f"{where} {name}/{line['fund']}: {line['amountFen']} fen, must not be there")
    for name, line in stated.items():
        if name not in seen and line.get("amountFen", 0):
            complaints.append(f"{where} {name}: not there, must be {line['amountFen']} fen")
    return complaints


def compare_settlement(where, stated, settlement):
    stated = stated or {}
    complaints = compare_field(f"{where} status", stated.get("status", "FINAL"), settlement["status"])
    complaints += compare_field(f"{where} reasons", stated.get("reasons", []), settlement.get("reasons", []))
    identity = settlement.get("identity", {})
    for field in ("applied", "half", "atAdmission", "atDischarge"):
        if field in stated:
            complaints += compare_field(f"{where} identity.{field}", stated[field], identity.get(field, "NONE"))
    for field, value in stated.get("totals", {}).items():
        complaints += compare_field(f"{where} totals.{field}", value, settlement.get("totals", {}).get(field))
    return complaints + compare_lines(where, stated.get("lines", {}), settlement)


def subject_name(settlement, stated):
    full = f"{settlement['subject']}/{settlement['subjectId']}"
    return full if full in stated else settlement["subjectId"]


def compare_subjects(stated, settlements):
    found = {subject_name(settlement, stated): settlement for settlement in settlements}
    if len(found) != len(settlements):
        return [f"two subjects of one name: {sorted(s['subjectId'] for s in settlements)}"]
    complaints = [f"{name}: no settlement" for name in stated if name not in found]
    for name, settlement in found.items():
        if name not in stated:
            complaints.append(f"{name}: a settlement nobody expects")
        elif stated[name] != "any":
            complaints += compare_settlement(name, stated[name], settlement)
    return complaints


def describe_warning(warning):
    """By the encounter or case it is about; an answer overdue, which names a warning, by its year."""
    subject = None if warning["kind"] == "REPLY_OVERDUE" else warning.get("subjectId")
    return f"{warning['kind']} {subject or warning.get('year')}"


def compare_warnings(stated, warnings):
    complaints = []
    texts = [warning if isinstance(warning, str) else describe_warning(warning) for warning in stated]
    found = [describe_warning(warning) for warning in warnings]
    if texts != found:
        complaints.append(f"warnings: {found}, must be {texts}")
        return complaints
    for want, warning in zip(stated, warnings):
        if not isinstance(want, str):
            for field, value in want.items():
                complaints += compare_field(f"warning {want['kind']}.{field}", value, warning.get(field))
    return complaints


def compare_ends(case, outputs):
    """What differs at the end, where the order of arrival leaves no trace."""
    settlements = [output["value"] for output in outputs if output["topic"] == "settlement"]
    return compare_subjects(case["expect"], ends_of([s for s in settlements if s["kind"] != "TRIAL"]))


def compare(case, outputs):
    """What differs from the case, as sentences."""
    by_topic = {}
    for output in outputs:
        by_topic.setdefault(output["topic"], []).append(output["value"])
    settlements = by_topic.get("settlement", [])
    real = [settlement for settlement in settlements if settlement["kind"] != "TRIAL"]
    trials = [settlement for settlement in settlements if settlement["kind"] == "TRIAL"]
    complaints = compare_subjects(case["expect"], ends_of(real))
    complaints += compare_subjects(case.get("trials", {}), trials)
    for name, stated in case.get("history", {}).items():
        found = [f"{s['kind']} {number(s.get('deltaFen'))}" for s in real if s["subjectId"] == name]
        complaints += [] if found == stated else [f"{name} history: {found}, must be {stated}"]
    if "warnings" in case:
        complaints += compare_warnings(case["warnings"], by_topic.get("warning", []))
    reasons = [rejection["reason"] for rejection in by_topic.get("rejection", [])]
    if reasons != case.get("rejections", []):
        complaints.append(f"rejections: {reasons}, must be {case.get('rejections', [])}")
    return complaints
