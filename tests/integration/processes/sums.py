#!/usr/bin/env python3
"""sums.py REPLAY TOPIC   compares the sums of deltas by subject of two files of JSON lines; exit 1 if they differ"""
import collections
import json
import sys


def sums(path):
    found, ids = collections.Counter(), set()
    with open(path, encoding="utf-8") as file:
        for line in map(json.loads, file):
            value = line["value"]
            if line["topic"] != "settlement" or value["kind"] == "TRIAL":
                continue
            if value["settlementId"] in ids:
                sys.exit("a settlement stands twice")
            ids.add(value["settlementId"])
            subject = value["region"], value["personId"], value["subject"], value["subjectId"]
            found[subject] += int(value.get("deltaFen", 0))
    return {subject: fen for subject, fen in found.items() if fen}


replay, topic = map(sums, sys.argv[1:])
different = [subject for subject in replay.keys() | topic.keys() if replay.get(subject) != topic.get(subject)]
print(f"{len(topic)} subjects, {len(different)} differ")
sys.exit(1 if different or not topic else 0)
