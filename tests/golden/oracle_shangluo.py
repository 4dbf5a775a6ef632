"""An independent reading of Shangluo (611000): the outpatient pool, and personal accounts with their heirs."""
import datetime

import oracle
from oracle_person import (Holdings, Result, actions, contributions, encounters_of, first_reasons, free_id, next_day, rank,
                           shut_out)

REGION = "611000"
BEGINS = "2023-01-01"
RULE = "shangluo.outpatient"
LEVELS = {"LEVEL_1": (30_00, 70), "LEVEL_2": (60_00, 65), "LEVEL_3": (90_00, 60)}  # articles 12 and 13
AT_INSTITUTION = {"MEDICAL", "DRUGSTORE", "DEVICE", "VACCINE", "MATERNITY"}
ALLOWED = AT_INSTITUTION | {"MUTUAL_AID_PREMIUM", "RESIDENT_PREMIUM", "CARE_PREMIUM", "NURSING", "COMMERCIAL_HEALTH_PREMIUM"}


# ---- The pool ----

def cap_on(e, holdings, rows):
    """Article 14."""
    if "RETIRED" in e.at_discharge:
        return 2000_00
    if holdings.funding("EMPLOYEE_INSURED", e.D) != "MONTHLY":
        return 1500_00
    months = sum(12 if period == str(e.year) else 1 for (scheme, period), row in rows.items()
                 if scheme == "EMPLOYEE" and period[:4] == str(e.year) and row["paidOn"] <= e.D)
    return 1500_00 * min(12, months) // 12


def settle_visit(e, result, paid, holdings, rows):
    if "EMPLOYEE_INSURED" not in e.at_discharge:
        result.reasons = {"NOT_ELIGIBLE"}
    elif not e.place.startswith("6110") and e.referral != "REGISTERED":
        result.reasons = {"UNREGISTERED_REFERRAL"}
    else:
        deductible, points = LEVELS[e.institution.get("level", "LEVEL_1")]
        points += 5 if "RETIRED" in e.at_discharge else 0
        absorbed = min(e.in_policy, deductible)
        made = oracle.line(RULE, "POOL", e.in_policy, absorbed, points * 100, oracle.percent(e.in_policy - absorbed, points))
        oracle.limit(made, max(0, cap_on(e, holdings, rows) - paid.get(e.year, 0)))
        oracle.limit(made, e.in_policy - e.paid)  # G12
        paid[e.year] = paid.get(e.year, 0) + made["amountFen"]
        result.lines, result.applied = [made], "EMPLOYEE_INSURED"


# ---- The account ----

def months_between(first, last):
    """The first days of the months from `first` to `last`."""
    year, month = int(first[:4]), int(first[5:7])
    while f"{year}-{month:02}-01" <= last:
        if f"{year}-{month:02}-01" >= first:
            yield f"{year}-{month:02}-01"
        year, month = year + month // 12, month % 12 + 1


def pension_credits(holdings, last):
    """Article 6: 90 on each first of a month that lies after the month in which the retirement began."""
    for first in months_between(BEGINS, last):
        if {"RETIRED", "EMPLOYEE_INSURED"} <= holdings.on(first) and holdings.began("RETIRED", first)[:7] < first[:7]:
            yield first, 90_00


def refusals(e, person, holdings):
    """S5, for a visit that wants the account."""
    account = e.value.get("account", {})
    purpose = account.get("purpose", "MEDICAL")
    reasons = set() if purpose in ALLOWED else {"PURPOSE_BARRED"}
    beneficiary = account.get("beneficiaryId") or person
    if (account.get("ownerId") or person) != person or beneficiary not in holdings.relatives_on(e.D) | {person}:
        reasons.add("NOT_A_RELATIVE")
    return reasons | (shut_out(e) if purpose in AT_INSTITUTION else set())


def wants_account(e):
    account = e.value.get("account")
    if account is None:
        return e.care in ("OUTPATIENT", "PHARMACY")
    return account["use"] == "IF_AVAILABLE"


def use_account(e, result, person, balance, holdings):
    """What the account pays; pool, then account, then cash."""
    if e.A is None or e.D < BEGINS or not wants_account(e):
        return
    refused = refusals(e, person, holdings)
    result.reasons |= refused
    if refused:
        return
    most = int(e.value["account"].get("requestedFen", 0)) if e.care == "ACCOUNT_PURCHASE" else oracle.FOREVER
    result.account = min(result.burden, balance, most)


# ---- One person ----

class Account:
    def __init__(self, credits):
        self.credits, self.taken = sorted(credits), 0

    def balance(self, day):
        return sum(fen for on, fen in self.credits if on <= day) - self.taken


def events_of(encounters, moves):
    """In order: by day, uses before movements."""
    return sorted([(e.D, 0, (e.instant, e.id.encode()), e) for e in encounters]
                  + [(move["on"], 1, rank(move), move) for move in moves], key=lambda event: event[:3])


def settle_person(person, facts, inherited):
    """(results, bequests): bequests are (heir, day of arrival, fen)."""
    holdings, rows = Holdings(facts), contributions(facts)
    moves = actions(facts, "ACCOUNT_TRANSFER_OUT", "ACCOUNT_INHERIT")
    encounters = encounters_of(facts, holdings)
    last = max([e.D for e in encounters] + [move["on"] for move in moves], default=BEGINS)
    account = Account([(row["paidOn"], int(row.get("accountCreditFen", 0))) for row in rows.values()]
                      + list(pension_credits(holdings, last)) + inherited)
    results, bequests, paid, taken = [], [], {}, set()
    for day, _, _, event in events_of(encounters, moves):
        if isinstance(event, dict):
            result = Result("ACCOUNT", free_id(taken, event), int(day[:4]))
            result.account = account.balance(day)
            if event["type"] == "ACCOUNT_INHERIT" and result.account:
                bequests.append((event["counterpartyId"], next_day(day), result.account))
        else:
            result = Result("ENCOUNTER", event.id, event.year)
            result.reasons = first_reasons(BEGINS, event)
            if not result.reasons and event.care in ("OUTPATIENT", "PHARMACY"):
                settle_visit(event, result, paid, holdings, rows)
            result.finish(event)
            use_account(event, result, person, account.balance(day), holdings)
        account.taken += result.account
        results.append(result)
    return results, bequests


def settle(people):
    """Inheritances go from person to person until nothing changes: each arrives a day after it left, so this ends."""
    kept = {person: oracle.winners(facts) for person, facts in people.items()}
    inherited = None
    arriving = {}
    while arriving != inherited:
        inherited, arriving, settled = arriving, {}, {}
        for person, facts in kept.items():
            results, bequests = settle_person(person, facts, inherited.get(person, []))
            settled[person] = results, set()
            for heir, day, fen in bequests:
                arriving.setdefault(heir, []).append((day, fen))
    return settled
