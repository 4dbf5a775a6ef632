"""Random histories for Jingning, Qingyang and Shangluo, seeded, as histories.py makes them for the other two.

A history is {person: facts}: one person, or in Shangluo a few who inherit from each other. Any order of its facts is the same
history.
"""
import datetime

import histories
import oracle
import oracle_jingning
import oracle_qingyang
import oracle_shangluo

ANCHORS = [1, 2, 30_00, 60_00, 90_00, 100_00, 112_50, 1350_00, 2367_69, 10000_00, 50000_00, 210000_00, 300000_00, 355882_35]
YEARS = {oracle_jingning.REGION: [(2020, 12), (2021, 11), (2022, 2), (2023, 6), (2024, 2)],
         oracle_qingyang.REGION: [(2020, 12), (2021, 1), (2021, 3), (2021, 12), (2022, 6)],
         oracle_shangluo.REGION: [(2022, 12), (2023, 1), (2023, 11), (2024, 2)]}
CARES = {oracle_jingning.REGION: ["INPATIENT", "INPATIENT", "CHRONIC", "OUTPATIENT"],
         oracle_qingyang.REGION: ["INPATIENT", "INPATIENT", "INPATIENT", "OUTPATIENT"],
         oracle_shangluo.REGION: ["OUTPATIENT", "OUTPATIENT", "PHARMACY", "ACCOUNT_PURCHASE", "INPATIENT"]}
CATEGORIES = {
    oracle_jingning.REGION: ["LOCAL_HOUSEHOLD", "EMPLOYEE_INSURED", "RESIDENT_INSURED", "EXTREME_POVERTY",
                             "SUBSISTENCE_ALLOWANCE", "LOW_INCOME_MARGIN"],
    oracle_qingyang.REGION: ["SUPPLEMENTARY_MEMBER", "EMPLOYEE_INSURED"],
    oracle_shangluo.REGION: ["EMPLOYEE_INSURED", "RETIRED"]}
PURPOSES = sorted(oracle_shangluo.ALLOWED) + ["PUBLIC_HEALTH", "FITNESS", "STATE_VACCINE"]


class History(histories.History):
    """One person; `family` are the ids of those who may be relatives or heirs."""

    def __init__(self, random, region, number):
        super().__init__(random, region, number)
        self.first = datetime.date(*random.choice(YEARS[region]), 1)
        self.edges = [self.first]
        self.family = []

    def amount(self):
        random = self.random
        if random.random() < 0.4:
            return max(0, random.choice(ANCHORS) + random.choice([-1, 0, 1]))
        return random.randint(0, random.choice([300, 200_00, 3000_00, 80000_00]))

    def some_day(self):
        """Also the days on which contributions fall due, and the first of months."""
        random = self.random
        if random.random() < 0.4:
            near = self.first + datetime.timedelta(days=random.randint(-40, 400))
            return near.replace(day=random.choice([1, 10, 25])) + datetime.timedelta(days=random.choice([-1, 0, 0, 1]))
        return super().some_day()

    # ---- Encounters ----

    def institution(self):
        random = self.random
        return {"code": "H1", "name": "医院", "designated": random.random() < 0.9,
                "region": random.choice([self.region, self.region, "611025", "610100", "330106"]),
                "level": random.choice(["LEVEL_1", "LEVEL_2", "LEVEL_3"])}

    def account(self, care):
        random = self.random
        if care in ("OUTPATIENT", "PHARMACY") and random.random() < 0.5:
            return {}
        made = {"use": random.choice(["IF_AVAILABLE"] * 4 + ["NO"]), "purpose": random.choice(PURPOSES)}
        if random.random() < 0.6:
            made["purpose"] = "MEDICAL"
        if random.random() < 0.8:
            made["requestedFen"] = str(self.amount())
        if self.family and random.random() < 0.3:
            made["beneficiaryId"] = random.choice(self.family + [self.person])
        if self.family and random.random() < 0.05:
            made["ownerId"] = random.choice(self.family)
        return {"account": made}

    def discharge_of(self, encounter, version):
        value = super().discharge_of(encounter, version)
        value.pop("channel", None)
        if self.random.random() < 0.5:
            value["paid"] = {}  # much is left to the person, so that deductibles and caps are reached
        if self.region == oracle_shangluo.REGION:
            value.update(self.account(encounter["care"]))
        return value

    def add_visit(self):
        random = self.random
        admitted = max(self.first, self.some_day())
        encounter = {"id": random.choice(["A", "B", "a"]) + str(random.randint(0, 20)), "care": random.choice(CARES[self.region]),
                     "admitted": admitted, "discharged": admitted + datetime.timedelta(days=random.choice([0, 0, 1, 5]))}
        self.edges += [encounter["admitted"], encounter["discharged"]]
        self.encounters.append(encounter)
        self.add("discharge", self.discharge_of(encounter, 1))
        if random.random() < 0.2:
            self.add("discharge", self.discharge_of(encounter, random.choice([1, 2])))
        if random.random() < 0.08:
            self.add("discharge", {"encounterId": encounter["id"], "version": "3", "source": "h1", "voided": True})
        if random.random() < 0.2:
            self.add_admission(encounter)

    # ---- Who the person is ----

    def grant(self, category, on, action="GRANT", **attributes):
        if category in ("SUPPLEMENTARY_MEMBER", "EMPLOYEE_INSURED") and self.random.random() < 0.8:
            attributes["funding"] = self.random.choice(["MONTHLY", "MONTHLY", "YEARLY"]
                                                       + ["FISCAL"] * (category == "SUPPLEMENTARY_MEMBER"))
        self.add("identity-change", {"category": category, "source": self.random.choice(["unit-a", "unit-a", "unit-b"]),
                                     "action": action, "effectiveOn": str(on), "attributes": attributes})

    def add_categories(self):
        random = self.random
        for category in CATEGORIES[self.region]:
            chance = random.random()
            if chance < 0.6:
                self.grant(category, random.choice(["2019-01-01", self.first - datetime.timedelta(days=random.randint(0, 1200))]))
            elif chance < 0.8:
                continue
            for _ in range(random.choice([0, 0, 1, 2])):
                self.grant(category, self.some_day(), random.choice(["GRANT", "GRANT", "REVOKE"]))

    def add_family(self):
        for relative in self.family:
            for _ in range(self.random.choice([0, 1, 1, 2])):
                self.grant("RELATIVE", self.some_day(), self.random.choice(["GRANT", "GRANT", "REVOKE"]), relative_id=relative,
                           relation=self.random.choice(["SPOUSE", "PARENT", "CHILD"]))

    # ---- Money rows ----

    def add_contribution(self, scheme, period, on):
        random = self.random
        right = 135000 if len(period) == 4 else 11250
        row = {"scheme": scheme, "period": period, "paidOn": str(on), "amountFen": str(right + random.choice([0] * 12 + [1, -1]))}
        if self.region == oracle_shangluo.REGION:
            row["accountCreditFen"] = str(self.amount())
        action = "REMOVE" if random.random() < 0.04 else "ADD"
        if action == "REMOVE":
            row = {"scheme": scheme, "period": period}
        self.add("person-fact", {"source": random.choice(["tax", "unit"]), "action": action, "contribution": row})

    def add_contributions(self):
        random = self.random
        scheme = "SUPPLEMENTARY" if self.region == oracle_qingyang.REGION else "EMPLOYEE"
        for year in {self.first.year, self.first.year + 1}:
            if random.random() < 0.3:
                self.add_contribution(scheme, str(year), datetime.date(year, 3, 31) + datetime.timedelta(days=random.choice([-60, 0, 1, 30])))
            for month in range(1, 13):
                if random.random() < 0.85:
                    due = datetime.date(year, month, 25 if month == 12 else 10)
                    self.add_contribution(scheme, f"{year}-{month:02}", due + datetime.timedelta(days=random.choice([-5, 0, 0, 1, 20])))

    # ---- Cases and accounts ----

    def add_case(self):
        random = self.random
        year = random.choice(self.encounters)["discharged"].year
        kinds = random.choice([["APPLY"], ["APPLY", "APPROVE"], ["APPLY", "APPROVE", "NOTICE_START", "NOTICE_PASSED"],
                               ["APPLY", "APPROVE", "NOTICE_START", "OBJECTION"], random.choices(oracle.Cases.ORDER, k=6),
                               ["APPLY", "REJECT", "APPLY", "APPROVE", "NOTICE_START", "NOTICE_PASSED", "PAY_CONFIRMED"]])
        on = random.choice([self.some_day(), datetime.date(year + 1, 6, 30), datetime.date(year + 1, 7, 1), datetime.date(2021, 12, 1),
                            datetime.date(2024, 2, 29)])
        for kind in kinds:
            action = {"source": "counter", "type": kind, "on": str(on), "scheme": "HIGH_COST_SUBSIDY", "year": year}
            if random.random() < 0.7:
                action["caseId"] = random.choice(["c1", "c2"])
            if kind == "APPROVE" and random.random() < 0.5:
                action["amountFen"] = str(self.amount())
            self.add("case-action", action)
            on += datetime.timedelta(days=random.choice([0, 1, 1, 10]))

    def add_movement(self):
        random = self.random
        action = {"source": "counter", "on": str(self.some_day()), "type": "ACCOUNT_TRANSFER_OUT"}
        if random.random() < 0.5:
            action["caseId"] = random.choice(["m1", "m2"])
        if self.family and random.random() < 0.7:
            action.update(type="ACCOUNT_INHERIT", counterpartyId=random.choice(self.family))
        self.add("case-action", action)

    def fill(self):
        random = self.random
        for _ in range(random.choice([1, 2, 3, 5, 8])):
            self.add_visit()
        self.add_categories()
        self.add_family()
        if self.region != oracle_jingning.REGION:
            self.add_contributions()
        else:
            for _ in range(random.choice([1, 1, 2])):
                self.add_case()
        if self.region == oracle_shangluo.REGION:
            for _ in range(random.choice([0, 0, 1, 1, 2, 3])):
                self.add_movement()
        while random.random() < 0.15:
            self.add_conflict()


def history(random, region, number):
    """{person: facts}, about `number` and the four that follow it."""
    members = [History(random, region, number + place)
               for place in range(random.choice([1, 2, 3]) if region == oracle_shangluo.REGION else 1)]
    for member in members:
        member.family = [other.person for other in members if other is not member]
        member.fill()
    return {member.person: member.facts for member in members}
