#!/usr/bin/env python3
"""year.py SCENARIO CONFIG ALARM   performs a year and compares every output with what was written down beforehand

SCENARIO  a folder of regions (scenario.py)
CONFIG    the processor's configuration, for settledctl
ALARM     a file to which a line is added each time something is about to be sent: the moment for somebody to kill a
          processor
SETTLEDCTL_DATED, SETTLED_BIN, SETTLED_TEST_BROKERS and SETTLED_TEST_REDIS stand in the environment.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../processes")
import ending  # noqa: E402
import follow  # noqa: E402
import render  # noqa: E402
import scenario  # noqa: E402

PARTITIONS = 4


class Year:
    def __init__(self, regions, config, alarm):
        self.regions, self.config, self.alarm = regions, config, alarm
        self.folder = tempfile.TemporaryDirectory()
        self.topics = follow.Topics(PARTITIONS)
        people = {number: who for region in regions for who, number in region.people.items()}
        self.renderer = render.Renderer(people, {region.code: region.name for region in regions})
        self.seen = {}  # by topic: how many outputs belong to earlier moments
        self.outputs = []
        self.complaints = []

    # ---- Doing ----

    def settledctl(self, *arguments, at=None):
        """Who asks for what must succeed."""
        environment = {**os.environ, **({"SETTLED_TEST_CLOCK": scenario.office_clock(at)} if at else {})}
        run = subprocess.run([os.environ["SETTLEDCTL_DATED"], *arguments], env=environment, capture_output=True,
                             text=True, check=False, timeout=120)
        if run.returncode != 0:
            raise RuntimeError(f"settledctl {' '.join(arguments)}: {run.returncode}\n{run.stdout}{run.stderr}")
        return run.stdout

    def disturb(self, what):
        with open(self.alarm, "a", encoding="utf-8") as file:
            print(what, file=file)

    def push(self, region, step):
        roster = step["roster"]
        path = pathlib.Path(self.folder.name) / "list.csv"
        path.write_text(region.table(roster), encoding=roster.get("encoding", "utf-8"), newline="")
        options = {"region": region.code, "mode": "DELTA", "stated-on": step["at"][:10], "wait": 50,
                   **{key: value for key, value in roster.items() if key not in ("columns", "rows", "encoding")}}
        options.setdefault("delivered-on", options["stated-on"])
        words = [word for key, value in options.items() for word in (f"--{key}", str(value))]
        self.settledctl("roster", "push", "--config", self.config, *words, "--yes", str(path), at=step["at"])

    def produce(self, facts):
        path = pathlib.Path(self.folder.name) / "facts.json"
        path.write_text("".join(json.dumps(fact, ensure_ascii=False) + "\n" for fact in facts), encoding="utf-8")
        self.settledctl("produce", "--config", self.config, str(path))

    def with_reply(self, fact):
        """A reply names the last warning of that kind about the person."""
        value = fact["value"]
        if "replyTo" in value:
            kind = render.WARNING.Kind.Value(value["replyTo"])
            value["replyTo"] = [it.warning_id for topic, it in self.outputs if topic == "warning" and it.kind == kind
                                and it.person_id == value["personId"]][-1]
        return fact

    def close(self, at, closes):
        for code, close in closes:
            self.settledctl("close", *close.split(), "--region", code, "--config", self.config, at=at)

    def do(self, what, work, *arguments):
        """Work, perhaps disturbed, until it is worked off."""
        self.disturb(what)
        work(*arguments)
        self.topics.wait(what)

    def perform(self, at, steps):
        for step in steps:
            if "roster" in step:
                self.do(f"list {step['roster']['roster-id']}", self.push, step["region"], step)
        facts = [self.with_reply(fact) for step in steps for fact in step["region"].facts(step)]
        for topic in scenario.TOPICS:
            of_topic = [fact for fact in facts if fact["topic"] == topic]
            if of_topic:
                self.do(f"{topic} of {at}", self.produce, of_topic)
        closes = [(step["region"].code, close) for step in steps for close in step.get("close", [])]
        if closes:
            self.do(f"closes of {at}", self.close, at, closes)

    # ---- Comparing ----

    def new_outputs(self):
        found = []
        for topic in follow.OUTPUTS:
            records = list(self.topics.followers[topic].records)
            found += [(topic, message) for _, _, message in records[self.seen.get(topic, 0):]]
            self.seen[topic] = len(records)
        self.outputs += found
        return found

    def compare(self, at, steps):
        found = self.renderer.lines(self.new_outputs())
        expected = collections.defaultdict(list)
        for step in steps:
            expected[step["region"].code] += scenario.expected_lines(step)
        for code in sorted(found.keys() | expected.keys()):
            missing = collections.Counter(expected[code]) - collections.Counter(found[code])
            surplus = collections.Counter(found[code]) - collections.Counter(expected[code])
            self.complaints += [f"{at} {code} expected {line}" for line in missing.elements()]
            self.complaints += [f"{at} {code}    found {line}" for line in surplus.elements()]

    def run(self):
        self.topics.wait("nothing")
        for at, steps in scenario.moments(self.regions):
            self.perform(at, steps)
            self.compare(at, steps)
        self.complaints += ending.complaints(self)

    def report(self):
        persons = sum(len(region.people) for region in self.regions)
        steps = sum(len(region.steps) for region in self.regions)
        print(f"{persons} persons, {steps} steps, {len(self.outputs)} outputs: {len(self.complaints)} differences")
        print("\n".join(self.complaints))


def main():
    folder, config, alarm = sys.argv[1:]
    year = Year(scenario.load(folder), config, alarm)
    try:
        year.run()
    finally:
        year.topics.stop()
    year.report()
    sys.exit(1 if year.complaints or not year.outputs else 0)


main()
