"""Input lines of tests of settledctl: short to write, whole to read."""
import json

REGION = "140425"


def person_id(number):
    """A resident identity number with its check digit; different numbers, different persons, in order."""
    body = f"140425195001{number % 28 + 1:02d}{number:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights)) % 11]


ONE, TWO = person_id(1), person_id(2)


def line(topic, value, **more):
    return json.dumps({"topic": topic, "value": value, **more}, ensure_ascii=False)


def discharge(encounter="e1", person=ONE, day="2024-03-05", version=1, in_policy_fen=2600000, **more):
    """Self-pay in policy 11,000 yuan unless told."""
    return line("discharge", {
        "eventId": f"{encounter}/{version}", "source": "hospital", "recordedAt": f"{day}T08:00:00Z", "region": REGION,
        "encounterId": encounter, "version": version, "personId": person, "name": "张三", "care": "INPATIENT",
        "admittedAt": "2024-02-20T01:00:00Z", "dischargedAt": f"{day}T01:00:00Z",
        "institution": {"code": "H1", "name": "县医院", "region": REGION, "level": "LEVEL_2",
                        "chargeClass": "CLASS_2_COUNTY", "designated": True},
        "costs": {"totalFen": in_policy_fen + 300000, "inPolicyFen": in_policy_fen, "outOfCatalogueFen": "300000"},
        "paid": {"basicFen": "1500000", "criticalIllnessFen": "0"}, **more})


def grant(person=ONE, event="i1", day="2024-01-01", recorded="2024-03-06", **more):
    return line("identity-change", {
        "eventId": event, "source": "民政局", "recordedAt": f"{recorded}T08:00:00Z", "region": REGION, "personId": person,
        "name": "张三", "category": "SUBSISTENCE_ALLOWANCE", "action": "GRANT", "effectiveOn": day, **more})


def roster(rows, roster_id="r1", stated="2024-01-01", recorded="2024-03-07", **more):
    return line("roster-update", {
        "rosterId": roster_id, "source": "民政局", "recordedAt": f"{recorded}T08:00:00Z", "region": REGION,
        "department": "民政局", "kind": "HARDSHIP", "category": "SUBSISTENCE_ALLOWANCE", "mode": "FULL",
        "statedOn": stated, "deliveredOn": stated, "rows": rows, **more})
