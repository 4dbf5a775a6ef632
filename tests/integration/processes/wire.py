"""Records to and from Kafka for somebody who knows proto/ and nothing else of ours: protoc makes classes, kcat moves
the bytes."""
import importlib
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

from google.protobuf import json_format

ROOT = pathlib.Path(__file__).resolve().parents[3]
MESSAGES = {"admission": "Admission", "discharge": "Discharge", "identity-change": "IdentityChange",
            "case-action": "CaseAction", "person-fact": "PersonFact", "roster-update": "RosterUpdate",
            "period-close": "PeriodClose", "settlement": "Settlement", "warning": "Warning", "rejection": "Rejection",
            "roster-receipt": "RosterReceipt", "payment-request": "PaymentRequest",
            "fund-entry": "FundEntry"}
# No message has these bytes in a row: they are not UTF-8, and longer than any number.
BETWEEN_RECORDS, AFTER_KEY = b"\xff\xfe" * 8 + b"\n", b"\xfe\xff" * 8 + b"\t"


def load_classes():
    """The module that protoc makes of proto/settled.proto."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["protoc", f"--python_out={folder}", "-I", ROOT, "-I", ROOT / "proto", "proto/settled.proto"],
                       check=True)
        sys.path.insert(0, folder)
        try:
            return importlib.import_module("proto.settled_pb2")
        finally:
            sys.path.remove(folder)


CLASSES = load_classes()


def message_of(topic):
    return getattr(CLASSES, MESSAGES[topic])()


def bytes_of(topic, value):
    """The message of a topic, from its JSON as a dictionary."""
    return json_format.ParseDict(value, message_of(topic)).SerializeToString()


def kcat(arguments, **options):
    return subprocess.run(["kcat", "-q", "-b", os.environ["SETTLED_TEST_BROKERS"], *arguments], check=True,
                          stdout=subprocess.PIPE, timeout=120, **options).stdout


def produce(topic, records, partitioner="murmur2_random"):
    """Writes (key, value) in order, to the partitions that every Java client would choose, or another."""
    text = b"".join(key.encode() + AFTER_KEY + value + BETWEEN_RECORDS for key, value in records)
    kcat(["-P", "-E", "-t", topic, "-K", AFTER_KEY, "-D", BETWEEN_RECORDS, "-X", f"partitioner={partitioner}",
          "-X", "enable.idempotence=true"], input=text)


def read(topic, form):
    """All that was committed to a topic."""
    return kcat(["-C", "-t", topic, "-o", "beginning", "-e", "-X", "isolation.level=read_committed",
                 "-X", "fetch.wait.max.ms=10", "-f", form])


def places(topic):
    """Where the committed records of a topic stand: (partition, offset)."""
    data = read(topic, "%p %o\n")
    return [tuple(map(int, line.split())) for line in data.splitlines()]


def consume(topic):
    """What was committed to a topic, in the order of each partition: (partition, offset, key, message)."""
    data = read(topic, "%p %o %K \n%k%R%s")
    at, found = 0, []
    while at < len(data):
        line_end = data.index(b"\n", at)
        partition, offset, key_length = map(int, data[at:line_end].split())
        key_end = line_end + 1 + max(key_length, 0)
        length, = struct.unpack_from(">i", data, key_end)
        message = message_of(topic)
        at = key_end + 4 + max(length, 0)
        message.ParseFromString(data[key_end + 4:at])
        found.append((partition, offset, data[line_end + 1:key_end].decode(), message))
    return found
