"""Random histories of one person, seeded: stays, lists, corrections, voids, late and repeated facts, near every edge.

Amounts crowd around the figures of the policies, days around the edges of stays, so that a few thousand histories meet each
threshold from both sides. A history is a list of facts as wire JSON; any order of it is a history of the same person.
"""
import datetime

import oracle

CATEGORIES = oracle.CATEGORIES + ["OUT_OF_POVERTY", "RESIDENT_INSURED", "RETIRED"]
SOURCES = ["civil-affairs", "rural-revitalization", "insurance"]
PLACES = ["140425", "140425", "140425", "140400", "140100", "140525", "110000"]
ANCHORS = [1, 100, 1000_00, 2000_00, 2917_80, 4000_00, 5000_00, 6000_00, 7294_50, 10000_00, 14589_00, 15461_50, 20000_00,
           40000_00, 57142_86, 60000_00, 66666_67, 100000_00, 400000_00]
CARES = ["INPATIENT"] * 6 + ["CHRONIC"] * 2 + ["SPECIAL_DRUG", "OUTPATIENT"]


def check_digit(digits):
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights)) % 11]


def person_id(region, number):
    """A valid identity number for each number below 12 million."""
    digits = f"{region}{1940 + number // 336000 % 60}{number // 28000 % 12 + 1:02}{number // 1000 % 28 + 1:02}{number % 1000:03}"
    return digits + check_digit(digits)


class History:
    def __init__(self, random, region, number):
        self.random, self.region = random, region
        self.person = person_id(region, number)
        self.facts = []
        self.encounters = []
        self.first = datetime.date(*random.choice([(2022, 12, 1), (2023, 1, 1), (2023, 3, 1), (2023, 11, 15), (2027, 11, 1)]))
        if region == oracle.YANGCHENG:
            self.first = datetime.date(*random.choice([(2020, 12, 1), (2021, 3, 1), (2021, 11, 15), (2023, 1, 1)]))
        self.edges = [self.first]

    # ---- Parts ----

    def some_day(self):
        """Near the edge of a stay, or anywhere in the year."""
        random = self.random
        if random.random() < 0.7:
            return random.choice(self.edges) + datetime.timedelta(days=random.choice([-1, 0, 0, 1]))
        return self.first + datetime.timedelta(days=random.randint(-10, 420))

    def amount(self):
        random = self.random
        chance = random.random()
        if chance < 0.35:
            return max(0, random.choice(ANCHORS) + random.choice([-1, 0, 1]))
        if chance < 0.45:
            return random.randint(0, 300)
        return random.randint(0, random.choice([500_00, 5000_00, 30000_00, 300000_00]))

    def part_of(self, whole):
        random = self.random
        return random.choice([0, 0, whole, whole // 2, random.randint(0, whole), max(0, whole - self.amount())])

    def add(self, topic, value):
        number = len(self.facts)
        # Two contents that could win over each other never share the instant, but facts of different identities may.
        second = number if self.random.random() < 0.9 else number // 2
        common = {"eventId": f"e{number}", "recordedAt": f"2039-01-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z",
                  "region": self.region, "personId": self.person, "name": "李四"}
        if topic == "case-action":
            del common["name"]
        self.facts.append({"topic": topic, "value": {**common, **value}})

    # ---- Facts ----

    def costs(self):
        random = self.random
        in_policy, pre, out = self.amount(), self.part_of(self.amount()), self.part_of(self.amount())
        left, paid = in_policy, {}
        for payer in oracle.PAYERS:
            often = {"basicFen": 0.7, "criticalIllnessFen": 0.4, "largeSupplementFen": 0.3}.get(payer, 0.1)
            if random.random() < often:
                share = self.part_of(left)
                paid[payer] = str(share)
                left -= share
        if random.random() < 0.2:
            paid["basicDeductibleFen"] = str(self.part_of(in_policy))
        total = in_policy + pre + out
        costs = {"totalFen": total, "inPolicyFen": in_policy, "preSelfPayFen": pre, "outOfCatalogueFen": out}
        return {key: str(amount) for key, amount in costs.items()}, paid

    def instant(self, day):
        return f"{day}T{self.random.choice(['00:00:00', '12:00:00', '12:00:00', '23:59:59'])}+08:00"

    def institution(self):
        random = self.random
        found = {"code": "H1", "name": "医院", "region": random.choice(PLACES), "designated": random.random() < 0.95}
        if random.random() < 0.6:
            found["chargeClass"] = random.choice(list(oracle.CATALOGUE))
        return found

    def discharge_of(self, encounter, version):
        random = self.random
        care, admitted, discharged = encounter["care"], encounter["admitted"], encounter["discharged"]
        costs, paid = self.costs()
        value = {"encounterId": encounter["id"], "version": str(version), "source": random.choice(["h1", "h2"]), "care": care,
                 "dischargedAt": self.instant(discharged), "institution": self.institution(), "costs": costs, "paid": paid}
        if care == "INPATIENT" and random.random() < 0.85:
            value["admittedAt"] = f"{admitted}T00:00:00+08:00"
        if care == "CHRONIC":
            value["chronicClass"] = random.choice([1, 1, 2, 3])
        if random.random() < 0.3:
            value["referral"] = random.choice(["NOT_NEEDED", "REGISTERED", "UNREGISTERED"])
        if random.random() < 0.05:
            value["exclusion"] = random.choice(["NONE", "WORK_INJURY", "ABROAD"])
        if random.random() < 0.15:
            value["channel"] = random.choice(["ONE_STOP", "MANUAL"])
        return value

    def add_encounter(self):
        random = self.random
        admitted = self.first + datetime.timedelta(days=random.choice([0, 10, 20, 30, 36, 37, random.randint(0, 400)]))
        encounter = {"id": random.choice(["A", "B", "a", "A1", "E", "É"]) + str(random.randint(0, 20)),
                     "care": random.choice(CARES), "admitted": admitted,
                     "discharged": admitted + datetime.timedelta(days=random.choice([0, 1, 5, 30]))}
        self.edges += [encounter["admitted"], encounter["discharged"]]
        self.encounters.append(encounter)
        self.add("discharge", self.discharge_of(encounter, random.choice([0, 1, 1, 2])))
        while random.random() < 0.25:
            self.add("discharge", self.discharge_of(encounter, random.choice([1, 2, 3])))
        if random.random() < 0.08:
            self.add("discharge", {"encounterId": encounter["id"], "version": str(random.choice([0, 1, 2, 3, 4])),
                                   "source": "h1", "voided": True})
        while random.random() < 0.2:
            self.add_admission(encounter)
        if random.random() < 0.05:
            trial = self.discharge_of(encounter, 9)
            self.add("discharge", {**trial, "trial": True})

    def add_admission(self, encounter):
        random = self.random
        if random.random() < 0.15:
            self.add("admission", {"encounterId": encounter["id"], "version": str(random.randint(0, 2)), "source": "h1",
                                   "voided": True})
            return
        on = random.choice([encounter["admitted"], encounter["discharged"] + datetime.timedelta(days=1), self.some_day()])
        self.add("admission", {"encounterId": encounter["id"], "version": str(random.randint(0, 2)), "source": "h1",
                               "admittedAt": f"{on}T00:00:00+08:00"})

    def add_identity(self, category, source):
        random = self.random
        self.add("identity-change", {"category": category, "source": source, "effectiveOn": str(self.some_day()),
                                     "action": random.choice(["GRANT", "GRANT", "GRANT", "REVOKE", "REVOKE"])})

    def add_identities(self):
        random = self.random
        mine = random.sample(CATEGORIES, random.choice([0, 1, 1, 2, 2, 3]))
        if self.region == oracle.YANGCHENG and random.random() < 0.9:
            mine = ["CIVIL_SERVANT_SUBSIDY"]
        if random.random() < 0.7:
            mine.append("RESIDENT_INSURED")
        for category in mine:
            if random.random() < 0.6:
                self.add("identity-change", {"category": category, "source": random.choice(SOURCES), "action": "GRANT",
                                             "effectiveOn": "2020-01-01"})
            speaker = random.choice(SOURCES)
            for _ in range(random.choice([0, 0, 1, 1, 2, 3])):
                self.add_identity(category, speaker if random.random() < 0.8 else random.choice(SOURCES))
            if random.random() < 0.4:
                self.cross_stay(category, speaker)

    def cross_stay(self, category, source):
        """Entered, left, or both, on or beside the edges of a stay."""
        random = self.random
        stay = random.choice(self.encounters)
        days = sorted(random.choice([stay["admitted"], stay["discharged"]]) + datetime.timedelta(days=random.choice([-1, 0, 1]))
                      for _ in range(2))
        entered, left = random.choice([("2020-01-01", days[1]), (days[0], None), (days[0], days[1])])
        self.add("identity-change", {"category": category, "source": source, "action": "GRANT", "effectiveOn": str(entered)})
        if left:
            self.add("identity-change", {"category": category, "source": source, "action": "REVOKE", "effectiveOn": str(left)})

    def add_conflict(self):
        """The same fact identity with another content, recorded at another instant."""
        random = self.random
        fact = random.choice(self.facts)
        other = {"topic": fact["topic"], "value": dict(fact["value"])}
        other["value"]["recordedAt"] = f"2039-02-01T00:00:{random.randint(0, 59):02}Z" if random.random() < 0.5 \
            else f"2038-12-31T00:00:{random.randint(0, 59):02}Z"
        if fact["topic"] == "identity-change":
            other["value"]["effectiveOn"] = str(self.some_day())
        elif fact["topic"] == "discharge" and "costs" in fact["value"]:
            other["value"]["costs"], other["value"]["paid"] = self.costs()
        self.facts.append(other)

    def add_cases(self):
        """An application for assistance, and claims of what was settled by hand."""
        random = self.random
        year = random.choice(self.encounters)["discharged"].year
        kinds = random.choice([[], ["APPLY"], ["APPLY", "APPROVE"], ["APPLY", "APPROVE"], ["APPLY", "APPROVE", "WITHDRAW"],
                               ["APPLY", "REJECT", "APPLY", "APPROVE"], random.choices(oracle.Cases.ORDER, k=5)])
        on = self.some_day()
        for kind in kinds:
            on += datetime.timedelta(days=random.choice([0, 1, 1, 1]))
            self.add("case-action", {"source": "counter", "caseId": random.choice(["c1", "c1", "c2"]), "type": kind, "on": str(on),
                                     "scheme": "ASSISTANCE", "year": year if random.random() < 0.9 else 0})
        manual = [fact["value"] for fact in self.facts if fact["value"].get("channel") == "MANUAL"]
        for value in manual:
            if random.random() < 0.6:
                ids = [value["encounterId"]] + [e["id"] for e in self.encounters if random.random() < 0.2]
                last = datetime.date.fromisoformat(value["dischargedAt"][:10])
                on = last + datetime.timedelta(days=random.choice([0, 30, 179, 180, 181, 200]))
                self.add("case-action", {"source": "counter", "caseId": "claim", "type": "CLAIM", "on": str(on),
                                         "encounterIds": ids})


def history(random, region, number):
    """The facts of one person, in one order of many."""
    made = History(random, region, number)
    for _ in range(random.choice([1, 1, 2, 3, 4, 6])):
        made.add_encounter()
    made.add_identities()
    if region == oracle.PINGSHUN:
        made.add_cases()
    while random.random() < 0.2:
        made.add_conflict()
    return made.person, made.facts
