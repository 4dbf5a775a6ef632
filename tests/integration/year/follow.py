"""Follows topics while they are written, and knows when everything that was sent has been worked off: by all stages,
and whatever they send each other too."""
import os
import re
import struct
import subprocess
import threading
import time

import wire
from redis_hand import Redis

OUTPUTS = ["settlement", "warning", "roster-receipt", "rejection", "payment-request"]
INPUTS = ["admission", "discharge", "identity-change", "person-fact", "case-action", "period-close", "roster-update"]
TOPICS = [*INPUTS, *OUTPUTS, "fund-entry"]
STAGES = ["person", "roster", "fund"]
PATIENCE_S = 60


class Follower:
    """One topic, read committed, by a kcat that stays: every record, and how far each partition was read."""

    def __init__(self, topic):
        self.topic = topic
        self.records = []  # (partition, offset, message); of inputs no message
        self.next = {}     # by partition: behind the last record
        self.end = {}      # by partition: an offset before which nothing is missing
        form = "%p %o %K \n%k%R%s" if topic in OUTPUTS else "%p %o -1 \n"
        self.kcat = subprocess.Popen(
            ["kcat", "-b", os.environ["SETTLED_TEST_BROKERS"], "-C", "-u", "-t", topic, "-o", "beginning", "-f", form,
             "-X", "isolation.level=read_committed", "-X", "fetch.wait.max.ms=100"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        """What kcat remarks stands between the records, in one stream, so that an end comes after what it ends."""
        stream = self.kcat.stdout
        while line := stream.readline():
            if line.startswith(b"%"):
                self.take_remark(line)
                continue
            partition, offset, key_length = map(int, line.split())
            message = None
            if self.topic in OUTPUTS:
                stream.read(max(key_length, 0))
                length, = struct.unpack(">i", stream.read(4))
                message = wire.message_of(self.topic)
                message.ParseFromString(stream.read(max(length, 0)))
            self.records.append((partition, offset, message))
            self.next[partition] = offset + 1

    def take_remark(self, line):
        found = re.search(rb"Reached end of topic \S+ \[(\d+)\] at offset (\d+)", line)
        if found:
            self.end[int(found[1])] = int(found[2])

    def stop(self):
        self.kcat.kill()
        self.kcat.wait()


class Topics:
    def __init__(self, partitions):
        self.partitions = partitions
        self.followers = {topic: Follower(topic) for topic in TOPICS}

    def outputs(self):
        """(topic, message), as they stand in each partition."""
        for topic in OUTPUTS:
            for _, _, message in list(self.followers[topic].records):
                yield topic, message

    def ends(self):
        """By topic and partition: where the next record would be written. Nothing that is pending counts."""
        places = [f"{topic}:{partition}:-1" for topic in TOPICS for partition in range(self.partitions)]
        text = wire.kcat(["-Q", *(word for place in places for word in ("-t", place))]).decode()
        found = re.findall(r"^(\S+) \[(\d+)\] offset (\d+)", text, re.M)
        return {(topic, int(partition)): int(offset) for topic, partition, offset in found}

    def have_read(self, ends):
        return all(self.followers[topic].end.get(partition, 0) >= end for (topic, partition), end in ends.items())

    def are_worked_off(self):
        """By what Redis says beside the values: it is written after Kafka."""
        redis = Redis()
        for stage in STAGES:
            for partition in range(self.partitions):
                text = (redis.ask("GET", f"settled:{stage}:{{{partition}}}:offsets") or b"").decode()
                taken = dict(re.findall(r"(\S+)=(\d+)", text))
                for topic in INPUTS_OF[stage]:
                    if int(taken.get(topic, 0)) < self.followers[topic].next.get(partition, 0):
                        return False
        return True

    def are_quiet(self):
        """Between two looks at the ends that agree nothing was sent, and all that had been sent was worked off."""
        if not self.are_worked_off():  # cheap, and mostly the answer
            return False
        before = self.ends()
        return self.have_read(before) and self.are_worked_off() and self.ends() == before

    def wait(self, what):
        until = time.monotonic() + PATIENCE_S
        while not self.are_quiet():
            if time.monotonic() > until:
                raise TimeoutError(f"{what}: not worked off within {PATIENCE_S} s")
            time.sleep(0.02)

    def stop(self):
        for follower in self.followers.values():
            follower.stop()


INPUTS_OF = {
    "person": ["admission", "discharge", "identity-change", "person-fact", "case-action", "period-close"],
    "roster": ["roster-update"],
    "fund": ["settlement", "period-close", "fund-entry"],
}
