#!/usr/bin/env python3
"""One bad record between two good ones, through the whole engine: the rejection names reason and field, and whoever
stands beside it is settled as if it had never come.

bad_input_test.py SETTLEDCTL PACKS
"""
import base64
import json
import subprocess
import sys
import unittest

from lines import ONE, TWO, discharge, grant, line, person_id, roster

PROGRAM, PACKS = sys.argv[1:3]
BAD = person_id(3)  # the person of every bad record


def replay(*lines):
    """The outputs, as (topic, value) pairs."""
    done = subprocess.run([PROGRAM, "replay", "-"], input="\n".join(lines) + "\n", capture_output=True, text=True,
                          check=False, env={"SETTLED_PACKS": PACKS})
    assert done.returncode == 0, done.stderr
    return [(output["topic"], output["value"]) for output in map(json.loads, done.stdout.splitlines())]


def raw(value, topic="discharge"):
    """A record of bytes that no JSON says."""
    return json.dumps({"topic": topic, "raw": base64.b64encode(value).decode()})


def spoilt(**more):
    return discharge("bad", BAD, **more)


def costs(total, in_policy, out_of_catalogue):
    return {"costs": {"totalFen": total, "inPolicyFen": in_policy, "outOfCatalogueFen": out_of_catalogue}}


INSTITUTION = {"code": "H1", "name": "县医院", "region": "140425"}
LIMIT_FEN = 10 ** 15  # base/money.h

# What comes, why it is rejected, and the field that is named.
REJECTED = (
    (raw(b""), "EMPTY", None),
    (raw(b"\x0a\x06e-1"), "NOT_PROTOBUF", None),  # a text of six bytes, of which three are there
    (raw(b"\x0a\x03e-1\x1a"), "NOT_PROTOBUF", None),  # a field that ends behind its tag
    (raw(b"\xff" * 12), "NOT_PROTOBUF", None),
    (raw(b"\x0a\x03e-\xff"), "BAD_UTF8", "event_id"),
    (raw(b"\x0a\x02\xc0\x80"), "BAD_UTF8", "event_id"),  # zero, written longer than it may be
    (spoilt(**costs(1600000, 2000000, -400000)), "NEGATIVE_AMOUNT", "costs.out_of_catalogue_fen"),
    (spoilt(paid={"basicFen": -1}), "NEGATIVE_AMOUNT", "paid.basic_fen"),
    (grant(BAD, action=9), "UNKNOWN_ENUM", "action"),
    (spoilt(**costs(str(LIMIT_FEN + 1), str(LIMIT_FEN + 1), 0)), "AMOUNT_TOO_LARGE", "costs.total_fen"),
    (spoilt(**costs(str(2 ** 63 - 1), str(2 ** 63 - 1), 1)), "AMOUNT_TOO_LARGE", "costs.total_fen"),
    (spoilt(**costs(2000001, 1900000, 100000)), "TOTAL_NOT_THE_SUM", "costs.total_fen"),
    (spoilt(paid={"basicFen": 2600000, "otherAidFen": 1}), "PAYMENTS_ABOVE_COST", "paid"),
    (spoilt(paid={"basicDeductibleFen": 2600001}), "DEDUCTIBLE_ABOVE_COST", "paid.basic_deductible_fen"),
    (spoilt(admittedAt="2024-03-05T01:00:01Z"), "DISCHARGE_BEFORE_ADMISSION", "discharged_at"),
    (spoilt(recordedAt="2024-03-04T00:59:59Z"), "IN_THE_FUTURE", "discharged_at"),
    (spoilt(region="999999"), "UNKNOWN_REGION", "region"),
    (spoilt(care=77), "UNKNOWN_ENUM", "care"),
    (spoilt(institution={**INSTITUTION, "level": 4}), "UNKNOWN_ENUM", "institution.level"),
    (discharge("bad", BAD[:-1] + ("0" if BAD[-1] != "0" else "1")), "BAD_PERSON_ID", "person_id"),
    (discharge("bad", BAD[:17]), "BAD_PERSON_ID", "person_id"),
    (discharge("bad", ""), "MISSING_FIELD", "person_id"),
    (grant(BAD, day="2024-02-30"), "BAD_DATE", "effective_on"),
    (line("discharge", json.loads(spoilt())["value"], key=TWO), "KEY_MISMATCH", "person_id"),
)


def without_position(outputs):
    """A record before moves those behind it one offset on, and ids are functions of the offset; nothing else is."""
    for _, value in outputs:
        value.get("trigger", {}).pop("offset", None)
        for position in ("settlementId", "warningId"):
            value.pop(position, None)
    return outputs


class BadInput(unittest.TestCase):
    # Behind the good ones the sender of the bad one sends it anew, now sound: nothing of the bad one was kept.
    BEFORE = (discharge("e1", ONE), grant(ONE))
    AFTER = (discharge("e2", TWO), discharge("bad", BAD))

    def setUp(self):
        self.alone = without_position(replay(*self.BEFORE, *self.AFTER))
        settled = [(value["subjectId"], value["kind"]) for topic, value in self.alone if topic == "settlement"]
        self.assertEqual(settled, [("e1", "ORIGINAL"), ("e1", "ADJUSTMENT"), ("e2", "ORIGINAL"), ("bad", "ORIGINAL")])

    def answers(self, bad, topic):
        """What is said of the bad record, on that topic; everything else must be as without it."""
        outputs = without_position(replay(*self.BEFORE, bad, *self.AFTER))
        self.assertEqual([output for output in outputs if output[0] != topic], self.alone)
        return [value for name, value in outputs if name == topic]

    def test_each_is_rejected_and_harms_nobody(self):
        for bad, reason, field in REJECTED:
            with self.subTest(reason=reason, field=field):
                self.assertEqual([(value["topic"], value["reason"], value.get("field"))
                                  for value in self.answers(bad, "rejection")],
                                 [(json.loads(bad)["topic"], reason, field)])

    def test_a_list_of_two_days_is_refused_in_its_receipt(self):
        receipt, = self.answers(roster([{"personId": BAD, "name": "张三"}], deliveredOn="2024-01-02"), "roster-receipt")
        self.assertEqual((receipt["outcome"], receipt["reason"], receipt["refused"]), ("REFUSED", "DATE_MISMATCH", "1"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
