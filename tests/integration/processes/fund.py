#!/usr/bin/env python3
"""fund.py make    prints JSON lines: 600 civil servants of Yangcheng, of whom every sixth has a stay in one of five
                hospitals, the payroll whose levy is granted to them, and a contribution to Qingyang's fund
fund.py late    stays corrected after their month was closed: another amount, another hospital, or void
fund.py check REQUESTS LEDGER    how many payment requests there are; what they, the settlements and the ledger
                (fund show --json) say is the same to the fen, by payee and month
"""
import collections
import json
import sys

sys.dont_write_bytecode = True
HOLDERS, REGION = 600, "140522"


def person_id(number):
    body = f"140522196{number // 336:01d}{number // 28 % 12 + 1:02d}{number % 28 + 1:02d}001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights)) % 11]


def show(topic, value):
    print(json.dumps({"topic": topic, "value": value}, ensure_ascii=False))


def holder(number):
    show("identity-change", {
        "eventId": f"i{number}", "source": "人社局", "recordedAt": "2024-07-01T02:00:00Z", "region": REGION,
        "personId": person_id(number), "name": f"职工{number}", "category": "CIVIL_SERVANT_SUBSIDY", "action": "GRANT",
        "effectiveOn": "2024-01-01"})


def stay(number, version=1, fen=500000, hospital=None, **more):
    hospital = number // 6 % 5 if hospital is None else hospital
    show("discharge", {
        "eventId": f"d{number}/{version}", "source": "医院", "recordedAt": "2024-07-10T02:00:00Z", "region": REGION,
        "encounterId": f"e{number}", "version": version, "personId": person_id(number), "name": f"职工{number}",
        "care": "INPATIENT", "admittedAt": "2024-07-01T02:00:00Z", "dischargedAt": "2024-07-09T02:00:00Z",
        "institution": {"code": f"H{hospital}", "name": f"医院{hospital}", "region": REGION, "designated": True},
        "costs": {"totalFen": fen + number, "inPolicyFen": fen + number}, "paid": {}, **more})


def fund_list(region, attributes):
    show("roster-update", {
        "rosterId": "F1", "source": "财政局", "recordedAt": "2024-07-02T02:00:00Z", "region": region,
        "department": "财政局", "kind": "FUND", "mode": "DELTA", "statedOn": "2024-07-02", "deliveredOn": "2024-07-02",
        "rows": [{"attributes": attributes}]})


def make():
    for number in range(HOLDERS):
        holder(number)
    fund_list(REGION, {"fund": "CIVIL_SERVANT", "source": "PAYROLL", "amount_fen": "6000000000", "date": "2024-07-01",
                       "holders": str(HOLDERS)})
    fund_list("621000", {"fund": "SUPPLEMENT", "source": "CONTRIBUTION", "amount_fen": "100000", "date": "2024-03-01"})
    for number in range(0, HOLDERS, 6):
        stay(number)


def late():
    for number in range(0, HOLDERS, 60):
        stay(number, 2, 700000)
        stay(number + 6, 2, 500000, hospital=9)
        stay(number + 12, 2, voided=True)


def moved(settlements):
    """What each payee has in the end: of the last word on each subject."""
    last, sums = {}, collections.Counter()
    for value in settlements:
        last[value.person_id, value.subject, value.subject_id] = value
    for value in last.values():
        payee = value.institution_code if value.payee == 1 else value.person_id
        sums[payee] += sum(line.amount_fen for line in value.lines)
    return sums


def check(requests_wanted, ledger_file):
    import wire
    settlements = [message for _, _, _, message in wire.consume("settlement")]
    requests = [message for _, _, _, message in wire.consume("payment-request")]
    assert len(requests) == int(requests_wanted), f"{len(requests)} requests"
    assert len({request.payment_request_id for request in requests}) == len(requests), "one stands twice"
    paid, months = collections.Counter(), collections.Counter()
    for request in requests:
        paid[request.institution_code or request.person_id] += request.amount_fen
        months[request.month] += request.amount_fen
    wanted = moved(settlements)
    differ = {payee for payee in set(paid) | set(wanted) if paid[payee] != wanted[payee]}
    assert not differ, f"{len(differ)} payees differ"
    assert sum(paid.values()) == sum(message.delta_fen for message in settlements), "the deltas differ"
    with open(ledger_file, encoding="utf-8") as file:
        year, = json.load(file)["years"]
    ledger = {month["month"]: int(month["outgoFen"]) for month in year["months"]}
    assert ledger == dict(months), f"ledger {ledger}, requests {dict(months)}"
    assert int(year["incomeFen"]) == 60000000, year["incomeFen"]
    assert int(year["balanceFen"]) == 60000000 - sum(paid.values()), year["balanceFen"]


{"make": make, "late": late, "check": check}[sys.argv[1]](*sys.argv[2:])
