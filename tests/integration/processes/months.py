#!/usr/bin/env python3
"""months.py send FROM TO              persons, of whom every even one is above the threshold of 2023
months.py settled COUNT               whether so many settlements are there
months.py ended PERIOD PARTITIONS     whether that month's list has ended in every partition
months.py check COUNT PARTITIONS      the lists of January and February 2023 of that many persons: says what is wrong
"""
import sys

import wire

sys.path.insert(0, str(wire.ROOT / "tests/golden"))
import histories  # noqa: E402 (identity numbers)

REGION = "140425"
AT = "2023-01-20T02:00:00Z"


def person_of(number):
    return histories.person_id(REGION, number)


def send(first, last):
    grants, visits = [], []
    for number in range(first, last):
        person = person_of(number)
        head = {"eventId": "1", "source": "test", "recordedAt": AT, "region": REGION, "personId": person, "name": "李四"}
        fen = "600001" if number % 2 == 0 else "600000"
        grants.append((person, wire.bytes_of("identity-change", {
            **head, "category": "OUT_OF_POVERTY", "action": "GRANT", "effectiveOn": "2023-01-07"})))
        visits.append((person, wire.bytes_of("discharge", {
            **head, "encounterId": "E1", "version": "1", "care": "OUTPATIENT", "dischargedAt": AT,
            "institution": {"code": "H", "name": "县人民医院", "region": REGION, "level": "LEVEL_2", "designated": True},
            "costs": {"totalFen": fen, "inPolicyFen": fen}})))
    wire.produce("identity-change", grants)
    wire.produce("discharge", visits)


def warnings(kind):
    return [(partition, offset, message) for partition, offset, _, message in wire.consume("warning")
            if message.kind == wire.CLASSES.Warning.Kind.Value(kind)]


def is_settled(count):
    return len({message.person_id for _, _, _, message in wire.consume("settlement")}) >= count


def has_ended(period, partitions):
    return len({partition for partition, _, end in warnings("LIST_END") if end.period == period}) == partitions


def complaints_about(period, count, partitions):
    listed = [found for found in warnings("MONTHLY") if found[2].period == period]
    ends = [found for found in warnings("LIST_END") if found[2].period == period]
    wanted = {person_of(number) for number in range(0, count, 2)}
    persons = [message.person_id for _, _, message in listed]
    if sorted(persons) != sorted(wanted):
        yield f"{period}: {len(persons)} listed, {len(set(persons))} persons, must be {len(wanted)}"
    if any(message.new_this_month != (period == "2023-01") for _, _, message in listed):
        yield f"{period}: newThisMonth is wrong"
    if len(ends) != partitions:
        yield f"{period}: {len(ends)} ends of {partitions} partitions"
    for partition, offset, end in ends:
        mine = [(o, m) for p, o, m in listed if p == partition]
        if end.count != len(mine) or any(o > offset or m.trigger.partition != partition for o, m in mine):
            yield f"{period}: partition {partition} ends with {end.count} of {len(mine)}, or not behind them"


def check(count, partitions):
    found = [complaint for period in ("2023-01", "2023-02")
             for complaint in complaints_about(period, count, partitions)]
    ids = [message.warning_id for _, _, _, message in wire.consume("warning")]
    if len(ids) != len(set(ids)):
        found.append("a warning stands twice")
    overdue = [message.person_id for _, _, message in warnings("REPLY_OVERDUE")]
    if len(overdue) != len(set(overdue)) or len(overdue) != (count + 1) // 2:
        found.append(f"{len(overdue)} answers overdue of {len(set(overdue))} persons")
    print("\n".join(found), file=sys.stderr)
    return not found


def main():
    what, arguments = sys.argv[1], sys.argv[2:]
    if what == "send":
        return send(int(arguments[0]), int(arguments[1])) is None
    if what == "settled":
        return is_settled(int(arguments[0]))
    if what == "ended":
        return has_ended(arguments[0], int(arguments[1]))
    return check(int(arguments[0]), int(arguments[1]))


sys.exit(0 if main() else 1)
