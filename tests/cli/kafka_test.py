#!/usr/bin/env python3
"""settledctl with a Kafka and a Redis of its own: topics, produce, tail, show.

kafka_test.py BIN PACKS   with SETTLED_TEST_BROKERS and SETTLED_TEST_REDIS in the environment, and no topics there
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

from lines import ONE, REGION, discharge, grant, line, person_id, roster

BIN, PACKS = sys.argv[1:3]
BROKERS, REDIS = os.environ["SETTLED_TEST_BROKERS"], os.environ["SETTLED_TEST_REDIS"]
PARTITIONS = 3
WAIT_S = 60


def run(*arguments, given=""):
    environment = {"SETTLED_KAFKA_BROKERS": BROKERS, "SETTLED_REDIS_ADDRESS": REDIS, "SETTLED_PACKS": PACKS}
    return subprocess.run([f"{BIN}/settledctl", *arguments], input=given, capture_output=True, text=True, check=False,
                          env=environment)


def produce(*lines):
    done = run("produce", "-", given="\n".join(lines))
    assert done.returncode == 0 and done.stdout == f"{len(lines)} records sent\n", done
    return done


def tail(*topics, options=()):
    done = run("tail", "--from-beginning", "--until-end", *options, *topics)
    assert done.returncode == 0, done.stderr
    return [json.loads(text) for text in done.stdout.splitlines()]


def murmur2(key):
    """As Kafka's Java client computes it."""
    m, mask = 0x5bd1e995, 0xffffffff
    h = 0x9747b28c ^ len(key)
    whole = len(key) // 4 * 4
    for at in range(0, whole, 4):
        k = int.from_bytes(key[at:at + 4], "little") * m & mask
        h = (h * m & mask) ^ ((k ^ k >> 24) * m & mask)
    if key[whole:]:
        h = (h ^ int.from_bytes(key[whole:], "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return h ^ h >> 15


class Topics(unittest.TestCase):
    def test_create(self):
        again = run("topics", "create", "--partitions", str(PARTITIONS))
        self.assertEqual((again.returncode, again.stdout.splitlines()[0]), (0, "admission: is there"))
        other = run("topics", "create", "--partitions", "4")
        self.assertEqual(other.returncode, 1)
        self.assertIn("discharge has 3 partitions, not 4", other.stderr)

    def test_what_is_not_there(self):
        for words in (["tail", "nowhere"], ["tail", "--brokers", "127.0.0.1:1", "warning"],
                      ["produce", "--brokers", "127.0.0.1:1", "-"]):
            done = run(*words)
            self.assertEqual((done.returncode, done.stdout), (1, ""), words)
            self.assertNotEqual(done.stderr, "")


class Records(unittest.TestCase):
    def test_there_and_back(self):
        persons = [person_id(number) for number in range(100, 130)]
        sent = [discharge(f"there-{person}", person) for person in persons]
        produce(*sent)
        back = {record["key"]: record for record in tail("discharge") if record["key"] in persons}
        self.assertEqual(sorted(back), sorted(persons))
        for person, text in zip(persons, sent):
            self.assertEqual(back[person]["value"]["encounterId"], json.loads(text)["value"]["encounterId"])
            self.assertEqual(back[person]["partition"], (murmur2(person.encode()) & 0x7fffffff) % PARTITIONS)

    def test_what_was_tailed_is_replayed_to_the_same(self):
        sent = [grant(person_id(200)), discharge("again", person_id(200))]
        produce(*sent)
        records = [record for topic in ("identity-change", "discharge") for record in tail(topic, options=["--headers"])
                   if record.get("key") == person_id(200)]
        replays = [run("replay", "--final", "-", given="\n".join(text)) for text in (sent, map(json.dumps, records))]
        first, second = (json.loads(done.stdout)["value"] for done in replays)
        self.assertEqual(first["lines"], second["lines"])

    def test_headers_are_those_of_cloud_events_unless_given(self):
        person = person_id(300)
        produce(discharge("headed", person), line("discharge", {"personId": person}, headers={"traceparent": "00-1"}))
        plain, given = [record["headers"] for record in tail("discharge", options=["--headers"])
                        if record["key"] == person]
        self.assertEqual(plain, {"ce_specversion": "1.0", "ce_id": "headed/1", "ce_source": "hospital",
                                 "ce_type": "settled.v1.Discharge", "ce_time": "2024-03-05T08:00:00Z",
                                 "content-type": "application/protobuf"})
        self.assertEqual(given, {"traceparent": "00-1"})

    def test_key_of_a_list_and_partition_of_a_period(self):
        produce(roster([], roster_id="keyed"), line("period-close", {"eventId": "p", "partition": 2}),
                line("admission", {}, key="mine", timestamp="2024-01-02T03:04:05.006Z"))
        keys = [record["key"] for record in tail("roster-update") if record["value"]["rosterId"] == "keyed"]
        self.assertEqual(keys, [f"{REGION}|民政局|HARDSHIP|SUBSISTENCE_ALLOWANCE"])
        # What a processor has told it remembers by records of its own on the same topic.
        closes = [record["partition"] for record in tail("period-close") if record["value"]["eventId"] == "p"]
        self.assertEqual(closes, [2])
        self.assertEqual([record["timestamp"] for record in tail("admission") if record["key"] == "mine"],
                         ["2024-01-02T03:04:05.006Z"])

    def test_raw_bytes(self):
        produce('{"topic": "case-action", "raw": "AAEC"}')
        self.assertEqual([record["raw"] for record in tail("case-action") if "raw" in record], ["AAEC"])

    def test_an_unreadable_line(self):
        done = run("produce", "-", given=discharge("before", person_id(400)) + "\n\nnot json")
        self.assertEqual((done.returncode, done.stdout), (2, "1 records sent\n"))
        self.assertEqual(done.stderr, "-:3: column 3: not JSON\n")


class Person(unittest.TestCase):
    """With the processor between the topics."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        path = f"{cls.folder.name}/settled.yaml"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'packs: "{PACKS}"\nkafka: {{ brokers: "{BROKERS}" }}\nredis: {{ address: "{REDIS}" }}\n'
                       'http: { listen: "" }\n')
        cls.processor = subprocess.Popen([f"{BIN}/settled", "--config", path], stderr=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.processor.terminate()
        cls.processor.wait(WAIT_S)
        cls.folder.cleanup()

    def wait_for(self, *words, text):
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            done = run(*words)
            if done.returncode == 0 and text in done.stdout:
                return done.stdout
            time.sleep(0.2)
        self.fail(f"{text} did not come: {done}")

    def test_a_person_as_stored_and_as_told(self):
        person = ["--region", REGION, "--person", ONE]
        self.assertEqual(run("show", "person", *person).returncode, 1)
        produce(grant(), discharge("shown"))
        # Grant and discharge lie in two topics: the amount shows that both have arrived.
        shown = json.loads(self.wait_for("show", "person", *person, text='"770000"'))
        self.assertEqual(shown["categoriesToday"], ["SUBSISTENCE_ALLOWANCE"])
        self.assertEqual(shown["subjects"][0]["totals"]["benefitFen"], "770000")
        self.assertTrue(shown["storedLedgerIsCurrent"])
        self.assertEqual([fact["topic"] for fact in shown["facts"]], ["discharge", "identity-change"])
        told = self.wait_for("tail", "--from-beginning", "--until-end", "--as", "text", "settlement", "warning",
                             text="医疗救助  7700.00元")
        self.assertIn("shown", told)
        self.assertIn("【预警】", told)
        self.assertIn(f"{ONE[:6]}**********{ONE[-2:]}", told)
        self.assertNotIn(ONE, told)


def setUpModule():
    made = run("topics", "create", "--partitions", str(PARTITIONS))
    assert made.returncode == 0 and "discharge: created, 3 partitions" in made.stdout, made


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
