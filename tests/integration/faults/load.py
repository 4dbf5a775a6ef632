#!/usr/bin/env python3
"""load.py FACTS SENT ENOUGH   sends the facts of a file, a few at a time, until the file ENOUGH is there

SENT holds how many are in Kafka by then: it is begun there, and told there after every few. A fault of the brokers only
makes it try again, so that a few may stand twice in a topic, as from any producer that retries.
"""
import itertools
import json
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "processes"))
import county  # noqa: E402
import wire  # noqa: E402

AT_ONCE, REST_SECONDS, RETRY_SECONDS = 40, 0.1, 0.2


def send(facts):
    by_topic = {}
    for fact in facts:
        by_topic.setdefault(fact["topic"], []).append(county.record_of(fact))
    for topic, records in by_topic.items():
        while not is_sent(topic, records):
            time.sleep(RETRY_SECONDS)


def is_sent(topic, records):
    try:
        wire.produce(topic, records)
        return True
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return False


def main():
    facts_file, sent_file, enough_file = map(pathlib.Path, sys.argv[1:])
    sent = int(sent_file.read_text()) if sent_file.exists() else 0
    with open(facts_file, encoding="utf-8") as file:
        lines = itertools.islice(file, sent, None)
        while not enough_file.exists():
            piece = [json.loads(line) for line in itertools.islice(lines, AT_ONCE)]
            assert piece, "more facts are wanted than were made"
            send(piece)
            sent += len(piece)
            fresh = sent_file.with_suffix(".fresh")
            fresh.write_text(str(sent))
            fresh.rename(sent_file)
            time.sleep(REST_SECONDS)


main()
