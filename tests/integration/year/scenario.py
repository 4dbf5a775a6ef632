"""The year as it is written down in scenario/*.yaml: a file is a region, a document in it a step.

The first document says who the people are (seventeen digits; the last one is computed) and which hospitals there are.
Every other one is a step:

    at: 2023-03-06T10:00        # Shanghai; when it is recorded, unless a fact says otherwise
    why: what happens, with the arithmetic written out
    roster: { ... }             # settledctl roster push: its options, `columns` and `rows` (who,cell,cell...)
    facts: [ ... ]              # settledctl produce: a topic and the fields that matter
    again: 2023-02-14T10:00     # the facts of that step, once more, byte for byte
    close: [month 2023-02]      # settledctl close
    expect: |                   # every output that comes of it, as render.py writes it, in any order

Amounts are yuan. Steps of all files are taken in order of `at`; those of one moment at once, lists first, then the
facts topic by topic in the order of TOPICS, then the closes.
"""
import copy
import datetime
import decimal
import pathlib
import sys

import wire

sys.path.insert(0, str(wire.ROOT / "tests/golden"))
import case  # noqa: E402

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
TOPICS = ["admission", "identity-change", "case-action", "discharge"]
DEFAULTS = {
    "admission": {"source": "hospital", "version": 1},
    "discharge": {"source": "hospital", "version": 1, "care": "INPATIENT"},
    "identity-change": {"source": "民政局", "action": "GRANT"},
    "case-action": {"source": "窗口"},
}


def identity_number(body):
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS)) % 11]


def fen(yuan):
    return str(int((decimal.Decimal(str(yuan)) * 100).to_integral_exact()))


def instant(text):
    """A day is its noon in Shanghai."""
    return f"{text}T12:00:00+08:00" if len(text) == 10 else f"{text}:00+08:00"


class Region:
    def __init__(self, path):
        head, *self.steps = case.load(path)
        self.code, self.name = str(head["region"]), head["name"]
        self.hospitals = head.get("hospitals", {})
        self.people = {who: identity_number(str(body)) for who, body in head["people"].items()}
        self.checks = head.get("checks", {})
        for number, step in enumerate(self.steps):
            step["region"], step["number"] = self, number

    def person(self, who):
        return self.people[who]

    def amounts(self, value):
        """The parts of a bill, in fen."""
        return {f"{key}Fen": fen(amount) for key, amount in value.items() if amount is not None}

    def discharge(self, value):
        if value.get("voided"):
            return value
        institution = self.hospitals[value.pop("hospital")]
        value["institution"] = {"region": self.code, "designated": True, "level": "LEVEL_2", **institution}
        costs = self.amounts(value["costs"])
        total = sum(int(costs.get(part, 0)) for part in ("inPolicyFen", "preSelfPayFen", "outOfCatalogueFen"))
        value["costs"] = {"totalFen": str(total), **costs}
        value["paid"] = self.amounts({**({"criticalIllness": 0} if self.code == "140425" else {}),
                                      **value.get("paid", {})})
        return value

    def fact(self, step, number, topic, given):
        """The wire's JSON of a fact. `replyTo` is the kind of the warning that is answered, still."""
        given = copy.deepcopy(given)
        who = given.pop("who")
        value = {"eventId": f"{self.code}-{step['number']}-{number}", "recordedAt": step["at"], "region": self.code,
                 "personId": self.person(who), **DEFAULTS[topic], **given}
        if topic != "case-action":
            value["name"] = who
        value = {key: instant(text) if key.endswith("At") else text for key, text in value.items()}
        for key in ("requested", "amount"):
            if key in value:
                value[f"{key}Fen"] = fen(value.pop(key))
        if "counterparty" in value:
            value["counterpartyId"] = self.person(value.pop("counterparty"))
        return {"topic": topic, "value": self.discharge(value) if topic == "discharge" else value}

    def facts(self, step):
        if "again" in step:
            step, = [earlier for earlier in self.steps if earlier["at"] == step["again"]]
        return [self.fact(step, number, topic, given)
                for number, fact in enumerate(step.get("facts", [])) for topic, given in fact.items()]

    def table(self, roster):
        """The office's file: a number, who, and what else the columns say. `who=number` gives another number."""
        columns = roster.get("columns", "").split(",") if roster.get("columns") else []
        has_persons = roster.get("kind") != "FUND"
        lines = [",".join(["序号", *(["姓名", "身份证号"] if has_persons else []), *columns])]
        for number, row in enumerate(roster["rows"], 1):
            cells = str(row).split(",")
            if has_persons:
                who, _, other = cells[0].partition("=")
                cells[:1] = [who, other or self.person(who)]
            lines.append(",".join([str(number), *cells]))
        return "".join(line + "\r\n" for line in lines)


def load(folder):
    return [Region(path) for path in sorted(pathlib.Path(folder).glob("*.yaml"))]


def moments(regions):
    """(at, steps of that moment), in order."""
    together = {}
    for region in regions:
        for step in region.steps:
            together.setdefault(step["at"], []).append(step)
    return sorted(together.items())


def office_clock(at):
    """Seconds since 1970 at a moment in Shanghai."""
    return str(int(datetime.datetime.fromisoformat(f"{at}+08:00").timestamp()))


def expected_lines(step):
    """Without what is remarked behind a #."""
    lines = (line.split("  #")[0].strip() for line in step.get("expect", "").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
