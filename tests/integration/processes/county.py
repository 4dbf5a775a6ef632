#!/usr/bin/env python3
"""county.py make SEED COUNT FILE   writes COUNT facts of a seeded county as JSON lines, in one order of many
county.py send FILE RECORDS SECONDS   sends them to Kafka, so many at once and with so long a rest between
"""
import json
import pathlib
import random
import sys
import time

from google.protobuf import json_format

import wire

sys.path.insert(0, str(wire.ROOT / "tests/golden"))
import histories  # noqa: E402 (random histories near every edge of the policies, which the golden tests use too)

REGIONS = ["140522", "140425"]
LISTS = 8


def make(seed, count):
    """A fifth of the facts comes a second time, as from producers that retry; persons are mixed."""
    source = random.Random(seed)
    facts, number = [], 0
    while len(facts) < count * 4 // 5:
        region = source.choice(REGIONS)
        facts += histories.history(source, region, number)[1]
        number += 1
    del facts[count * 4 // 5:]
    for fact in facts:
        if fact["topic"] in ("admission", "discharge", "identity-change"):
            fact["value"]["name"] = name_of(fact["value"]["personId"])
    parts = lists(source, sorted({fact["value"]["personId"] for fact in facts if fact["value"]["region"] == "140425"}))
    facts += source.choices(facts, k=count - len(facts) - len(parts))
    source.shuffle(facts)
    # Parts keep their order among each other: the lists of one key are a sequence.
    for place, part in zip(sorted(source.sample(range(len(facts)), len(parts))), parts):
        facts.insert(place, part)
    return facts


def name_of(person):
    """Another for each person of a century: three characters out of the id's digits."""
    number = int(person[6:17])
    return "赵钱孙李周吴郑王冯陈"[number % 10] + chr(0x4E00 + number // 10 % 5000) + chr(0x4E00 + number // 50000 % 20000)


def lists(source, persons):
    """Month by month the whole list of who receives the subsistence allowance, in three parts that come out of turn."""
    found = []
    for month in range(1, LISTS + 1):
        parts = []
        for part in range(1, 4):
            rows = [{"personId": person, "name": name_of(person)}
                    for person in source.sample(persons[part::3], len(persons) // 6)]
            parts.append({"topic": "roster-update", "value": {
                "rosterId": f"list-{month}", "source": "civil-affairs", "recordedAt": f"2023-{month:02}-01T00:00:00Z",
                "region": "140425", "department": "civil-affairs", "kind": "HARDSHIP",
                "category": "SUBSISTENCE_ALLOWANCE", "mode": "FULL", "statedOn": f"2023-{month:02}-01",
                "deliveredOn": f"2023-{month:02}-01",
                "part": part, "parts": 3, "rows": rows}})
        source.shuffle(parts)
        found += parts + parts[:1]
    return found


def record_of(fact):
    message = wire.message_of(fact["topic"])
    json_format.ParseDict(fact["value"], message)
    names = ["region", "department", "kind", "category"] if fact["topic"] == "roster-update" else ["personId"]
    return "|".join(fact["value"][name] for name in names), message.SerializeToString()


def send(facts, at_once, rest_seconds):
    for begin in range(0, len(facts), at_once):
        by_topic = {}
        for fact in facts[begin:begin + at_once]:
            by_topic.setdefault(fact["topic"], []).append(record_of(fact))
        for topic, records in by_topic.items():
            wire.produce(topic, records)
        time.sleep(rest_seconds)


def main():
    if sys.argv[1] == "make":
        with open(sys.argv[4], "w", encoding="utf-8") as file:
            for fact in make(int(sys.argv[2]), int(sys.argv[3])):
                file.write(json.dumps(fact, ensure_ascii=False) + "\n")
    else:
        lines = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
        send([json.loads(line) for line in lines], int(sys.argv[3]), float(sys.argv[4]))


if __name__ == "__main__":
    main()
