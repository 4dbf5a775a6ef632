"""What the oracles of the person-keyed policies (Jingning, Qingyang, Shangluo) share; see oracle.py for what an oracle is.

Comments name the rule a line answers to: G general, J, Q, S the region's, with the document's article where it has one.
"""
import datetime

import oracle

REASONS = oracle.REASONS[:11] + ["PURPOSE_BARRED", "NOT_A_RELATIVE", "LATE_APPLICATION", "REJECTED", "WITHDRAWN"]
DAY = datetime.timedelta(days=1)


def rank(value):
    """The order of two contents: recorded_at, event_id, source."""
    return oracle.moment(value["recordedAt"]), value["eventId"].encode(), value["source"].encode()


def before(day):
    return str(datetime.date.fromisoformat(day) - DAY)


def next_day(day):
    return str(datetime.date.fromisoformat(day) + DAY)


class Holdings:
    """G6, with one sequence per relative, and the attributes of the latest grant among the sources that hold."""

    def __init__(self, facts):
        self.said = {}
        for fact in facts:
            value = fact["value"]
            if fact["topic"] == "identity-change" and value["action"] != "NO_ACTION":
                about = value["category"], value.get("attributes", {}).get("relative_id"), value["source"]
                self.said.setdefault(about, []).append(value)
        for changes in self.said.values():
            changes.sort(key=lambda change: (change["effectiveOn"], rank(change)))

    def grants_on(self, day):
        for (category, relative, _), changes in self.said.items():
            past = [change for change in changes if change["effectiveOn"] <= day]
            if past and past[-1]["action"] == "GRANT":
                yield category, relative, past[-1]

    def on(self, day):
        return {category for category, _, _ in self.grants_on(day)}

    def relatives_on(self, day):
        return {relative for category, relative, _ in self.grants_on(day) if category == "RELATIVE"}

    def funding(self, category, day):
        grants = [grant for held, _, grant in self.grants_on(day) if held == category]
        latest = max(grants, key=lambda grant: (grant["effectiveOn"], rank(grant)), default=None)
        return latest and latest.get("attributes", {}).get("funding")

    def change_days(self, categories):
        return sorted({change["effectiveOn"] for (category, _, _), changes in self.said.items() if category in categories
                       for change in changes})

    def unbroken(self, categories, first, last):
        """Whether one of them is held on every day: between two change days nothing changes."""
        days = [first] + [day for day in self.change_days(categories) if first < day <= last]
        return all(self.on(day) & categories for day in days)

    def began(self, category, day):
        """The first day of the unbroken holding in which `day` lies."""
        found = day
        for change in reversed([change for change in self.change_days({category}) if change <= day]):
            found = change
            if category not in self.on(before(change)):
                break
        return found


def amount_rows(facts, kind, identity):
    """Rows of amounts: the last word of each identity, without those whose last word takes them back."""
    best = {}
    for fact in facts:
        row = fact["value"].get(kind) if fact["topic"] == "person-fact" else None
        if row and (identity(row) not in best or rank(fact["value"]) > rank(best[identity(row)])):
            best[identity(row)] = fact["value"]
    return {key: value[kind] for key, value in best.items() if value.get("action", "ADD") != "REMOVE"}


def contributions(facts):
    return amount_rows(facts, "contribution", lambda row: (row["scheme"], row["period"]))


def actions(facts, *types):
    return [fact["value"] for fact in facts if fact["topic"] == "case-action" and fact["value"]["type"] in types]


def free_id(taken, action):
    """A case id names one subject; the next one of it goes under its event id."""
    case_id = action.get("caseId") or action["eventId"]
    found = action["eventId"] if case_id in taken else case_id
    taken.add(found)
    return found


class Result(oracle.Result):
    def __init__(self, subject, subject_id, year):
        super().__init__(subject, subject_id, year)
        self.account = 0

    def as_json(self):
        made = oracle.as_json(self)
        made["reasons"] = [reason for reason in REASONS if reason in self.reasons]
        made["totals"]["accountFen"] = self.account
        return made


def encounters_of(facts, holdings):
    admissions = oracle.series(facts, "admission")
    found = [oracle.Encounter(value, admissions.get(encounter), holdings)
             for encounter, value in oracle.series(facts, "discharge").items() if not value.get("voided")]
    return sorted(found, key=lambda e: (e.instant, e.id.encode()))


def first_reasons(begins, e):
    """What goes before the region's own rules: G9, G8, G7."""
    if e.A is None:
        return {"ADMISSION_MISSING"}
    if e.D < begins:
        return {"BEFORE_POLICY"}
    return set() if e.care == "ACCOUNT_PURCHASE" else shut_out(e)


def shut_out(e):
    """G7."""
    reasons = {"EXCLUDED_COST"} if e.value.get("exclusion", "NONE") != "NONE" else set()
    return reasons if e.institution.get("designated") else reasons | {"NOT_DESIGNATED"}
