#!/usr/bin/env python3
"""compare.py REPLAY FINAL STATE POSITIONS   compares, to the fen and for every person, three answers to the same facts

REPLAY     what `settledctl replay` prints of them, all of it: the deltas that change hands
FINAL      the same with --final: what stands at the end
STATE      what state-dump prints of Redis
POSITIONS  what positions prints of the groups and of Redis
and the topics as they stand in Kafka, read committed. What is wrong with them has the names of Jepsen's Kafka workload:
lost write, duplicate, aborted read, inconsistent offsets. Prints the first differences; exit 1 if there are any.
"""
import collections
import concurrent.futures
import json
import os
import sys

import wire

SHOWN = 10
INPUTS = ["admission", "discharge", "identity-change", "person-fact", "case-action", "period-close", "roster-update"]
# A close is read by two stages: that of the persons counts. Funds do not go on when their topics have grown apart.
FUND_INPUTS = ["settlement", "fund-entry"] if "SETTLED_TEST_FUNDS_WAIT" not in os.environ else []
complaints = []


def complain(text):
    complaints.append(text)


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def name(number):
    return wire.CLASSES.Settlement.Subject.Name(number)


def amounts(lines):
    """What each rule gives, in one order; a line of zero is a line."""
    return sorted(lines)


def compare(what, expected, found):
    """Two dicts by subject. Subjects hold identity numbers, which are made up here."""
    for subject in sorted(expected.keys() | found.keys()):
        if expected.get(subject) != found.get(subject):
            complain(f"{what}: {subject}: {found.get(subject)}, not {expected.get(subject)}")


def check_once(what, identities):
    for identity, times in collections.Counter(identities).items():
        if times > 1:
            complain(f"duplicate: {what} {identity} stands {times} times")


def replay_deltas(path):
    """The sum of deltas by subject."""
    deltas = collections.Counter()
    for line in lines_of(path):
        value = line["value"]
        if line["topic"] == "settlement" and value["kind"] != "TRIAL":
            subject = (value["region"], value["personId"], value["subject"], value["subjectId"])
            deltas[subject] += int(value.get("deltaFen", 0))
    return dict(deltas)


def replay_final(path):
    """The amounts of each line by subject."""
    final = {}
    for line in lines_of(path):
        value = line["value"]
        if line["topic"] == "settlement":
            subject = (value["region"], value["personId"], value["subject"], value["subjectId"])
            lines = value.get("lines", [])
            final[subject] = amounts((item["rule"], int(item.get("amountFen", 0))) for item in lines)
    return final


def stored_final(path):
    final = {}
    for value in lines_of(path):
        subject = (value["region"], value["personId"], name(value["subject"]), value["subjectId"])
        final[subject] = amounts((item["rule"], item["amountFen"]) for item in value["lines"])
    return final


def check_positions(path, inputs):
    """What is committed to an input topic was taken, once: by the group's word and by the store's."""
    ends, taken = {}, {}
    for topic, places in inputs.items():
        for partition, offset in places:
            ends[topic, partition] = max(ends.get((topic, partition), 0), offset + 1)
    for line in lines_of(path):
        place = line["topic"], line["partition"]
        if line["stage"] == "fund" and not FUND_INPUTS:
            continue
        if line["stage"] != "fund" or place[0] in FUND_INPUTS:
            taken[place] = line["group"]
        if line["group"] != line["store"]:
            complain(f"inconsistent offsets: {place}: {line['group']} in the group, {line['store']} in the store")
    for place, end in ends.items():
        if taken.get(place, 0) < end:
            complain(f"lost write: {place}: {taken.get(place, 0)} of {end} were taken")


def check_triggers(settlements, inputs):
    """Nothing was settled because of a record that was never committed."""
    for message in settlements:
        trigger = message.trigger
        if (trigger.partition, trigger.offset) not in inputs[trigger.topic]:
            complain(f"aborted read: {trigger.topic} {trigger.partition} {trigger.offset}")


def topic_answers(settlements):
    """The sum of deltas, and the last lines that are not void, by subject."""
    deltas, final, identities = collections.Counter(), {}, []
    for message in settlements:
        identities.append(message.settlement_id)
        if message.kind == message.TRIAL:
            continue
        subject = (message.region, message.person_id, name(message.subject), message.subject_id)
        deltas[subject] += message.delta_fen
        final[subject] = amounts((line.rule, line.amount_fen) for line in message.lines)
        if message.kind == message.VOID:
            del final[subject]
    check_once("settlement", identities)
    return dict(deltas), final


def check_funds(settlements, entries):
    """What a settlement moves comes to the funds once, by the same rules."""
    moved, booked = collections.Counter(), collections.Counter()
    for message in settlements:
        for line in [*message.lines, *message.withdrawn]:
            if line.fund != line.HOSPITAL:  # which bears it itself
                moved[message.settlement_id, line.rule] += line.delta_fen
    for entry in entries:
        for part in entry.payment.parts:
            booked[entry.payment.settlement_id, part.rule] += part.amount_fen
    compare("what funds paid", without_zeros(moved), without_zeros(booked))


def by_person(deltas):
    sums = collections.Counter()
    for (region, person, _, _), fen in deltas.items():
        sums[region, person] += fen
    return dict(sums)


def without_zeros(deltas):
    """A subject that came and went is in one answer and not in the other, when its facts came in another order."""
    return {subject: fen for subject, fen in deltas.items() if fen}


def main():
    replay, final, state, positions = sys.argv[1:]
    settlements = [message for _, _, _, message in wire.consume("settlement")]
    deltas, emitted = topic_answers(settlements)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        inputs = dict(zip(INPUTS + FUND_INPUTS, map(set, pool.map(wire.places, INPUTS + FUND_INPUTS))))
    check_positions(positions, inputs)
    check_triggers(settlements, inputs)
    if FUND_INPUTS:
        check_funds(settlements, [message for _, _, _, message in wire.consume("fund-entry")])
    expected = replay_deltas(replay)
    compare("sum of deltas of a person", by_person(expected), by_person(deltas))
    compare("sum of deltas", without_zeros(expected), without_zeros(deltas))
    compare("last settlement", replay_final(final), emitted)
    compare("state in Redis", replay_final(final), stored_final(state))
    check_once("warning", [message.warning_id for _, _, _, message in wire.consume("warning")])
    receipts = [message for _, _, _, message in wire.consume("roster-receipt")]
    check_once("receipt", [(message.receipt_id, message.number) for message in receipts])
    rejections = [message for _, _, _, message in wire.consume("rejection")]
    # One record may tell of two: an action that does not fit, and a content that lost to it.
    check_once("rejection", [(message.topic, message.partition, message.offset, message.reason, message.payload)
                             for message in rejections])
    print(f"{len(emitted)} subjects of {len(by_person(deltas))} persons, {sum(deltas.values())} fen, "
          f"{len(rejections)} rejections: {len(complaints)} differences")
    print("\n".join(complaints[:SHOWN]))
    sys.exit(1 if complaints or not emitted else 0)


main()
