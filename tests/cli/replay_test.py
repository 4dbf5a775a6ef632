#!/usr/bin/env python3
"""settledctl replay, as its users meet it: exit codes, places of mistakes, the order of outputs, --final.

replay_test.py SETTLEDCTL PACKS
"""
import base64
import json
import subprocess
import sys
import tempfile
import unittest

from lines import ONE, TWO, discharge, grant, line, person_id, roster

PROGRAM, PACKS = sys.argv[1:3]


def run(*arguments, given=""):
    return subprocess.run([PROGRAM, *arguments], input=given, capture_output=True, text=True, check=False,
                          env={"SETTLED_PACKS": PACKS})


def replay(*lines, options=()):
    """The outputs, as (topic, value) pairs."""
    done = run("replay", *options, "-", given="\n".join(lines) + "\n")
    assert done.returncode == 0, done.stderr
    return [(output["topic"], output["value"]) for output in map(json.loads, done.stdout.splitlines())]


class Program(unittest.TestCase):
    def test_help_and_version(self):
        self.assertIn("replay", run("--help").stdout)
        self.assertIn("--final", run("replay", "--help").stdout)
        self.assertRegex(run("--version").stdout, r"^settledctl \d+\.\d+\.\d+\n$")

    def test_words_that_are_not_understood(self):
        for words in ([], ["relay"], ["replay"], ["replay", "--fnal", "-"], ["topics", "make"], ["show", "person"]):
            done = run(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
            self.assertNotEqual(done.stderr, "", words)

    def test_what_cannot_be_read(self):
        for words in (["replay", "/nowhere"], ["replay", "--packs", "/nowhere", "-"]):
            done = run(*words)
            self.assertEqual((done.returncode, done.stdout), (1, ""), words)
            self.assertIn("nowhere", done.stderr)


class UnreadableLine(unittest.TestCase):
    def refused(self, text, why, before=0):
        done = run("replay", "-", given=text + "\n")
        self.assertEqual(done.returncode, 2, text)
        self.assertEqual(len(done.stdout.splitlines()), before)
        self.assertEqual(done.stderr, why + "\n")

    def test_each_says_where_and_why(self):
        self.refused("{", "-:1: column 1: the JSON ends too early")
        self.refused("7", "-:1: column 1: not JSON")
        self.refused("[]", "-:1: not a JSON object")
        self.refused('{"value": {}}', "-:1: topic: must be given, as a text")
        self.refused(line("dischrge", {}), "-:1: topic: no input topic has this name")
        self.refused(line("settlement", {}), "-:1: topic: no input topic has this name")
        self.refused('{"topic": "discharge"}', "-:1: value: one of value and raw must be given")
        self.refused(line("discharge", {}, raw=""), "-:1: value: one of value and raw must be given")
        self.refused('{"topic": "discharge", "raw": "?"}', "-:1: raw: not base64")
        self.refused(line("discharge", {}, kye="x"),
                     "-:1: a line has topic, value or raw, key, headers and timestamp only")
        self.refused(line("discharge", {"costs": {"totalYuan": 1}}), "-:1: costs.totalYuan: no such field")
        self.refused(line("discharge", {"care": "IN"}), "-:1: care: no such name among the values")
        self.refused(line("discharge", {}, key=1), "-:1: key: not a text")
        self.refused(line("discharge", {}, headers=[]), "-:1: headers: not an object of texts")
        self.refused(line("discharge", {}, headers={"a": 1}), "-:1: headers: not an object of texts")
        self.refused(line("discharge", {}, timestamp="today"), "-:1: timestamp: not an RFC 3339 instant")

    def test_no_value_is_quoted(self):
        done = run("replay", "-", given=line("discharge", {"recordedAt": "张三", "personId": ONE}) + "\n")
        self.assertEqual(done.returncode, 2)
        self.assertNotIn("张三", done.stderr)
        self.assertNotIn(ONE, done.stderr)

    def test_lines_before_it_are_settled_and_empty_ones_counted(self):
        self.refused(f"\n{discharge()}\r\n \n\nnothing", "-:5: column 7: not JSON", before=1)

    def test_the_number_is_that_of_the_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as good, \
                tempfile.NamedTemporaryFile("w", suffix=".jsonl") as bad:
            good.write(discharge() + "\n" + grant())
            bad.write("\n{}\n")
            good.flush()
            bad.flush()
            done = run("replay", good.name, bad.name)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr, f"{bad.name}:2: topic: must be given, as a text\n")


class Outputs(unittest.TestCase):
    def test_a_rejection_is_output(self):
        bad = ONE[:-1] + "?"
        (topic, value), = replay(discharge(person=bad))
        self.assertEqual((topic, value["reason"], value["topic"]), ("rejection", "BAD_PERSON_ID", "discharge"))

    def test_a_number_no_enum_has_is_for_the_stage_to_refuse(self):
        (topic, value), = replay(discharge(care=77))
        self.assertEqual((topic, value["reason"]), ("rejection", "UNKNOWN_ENUM"))

    def test_bytes_that_are_no_message(self):
        (topic, value), = replay('{"topic": "discharge", "raw": "AAEC", "partition": 3, "offset": 7}')
        self.assertEqual((topic, value["reason"], value["payload"]), ("rejection", "NOT_PROTOBUF", "AAEC"))

    def test_a_megabyte_is_rejected_like_anything_else(self):
        for size in (899999, 900000, 900001, 1000000, 2500000):
            raw = base64.b64encode(b"\xff" * size).decode()
            (topic, value), = replay(json.dumps({"topic": "discharge", "raw": raw}))
            reason = "TOO_LARGE" if size > 900000 else "NOT_PROTOBUF"
            self.assertEqual((topic, value["reason"]), ("rejection", reason), size)

    def test_a_key_given_is_kept(self):
        (topic, value), = replay(line("discharge", json.loads(discharge())["value"], key=TWO))
        self.assertEqual((topic, value["reason"]), ("rejection", "KEY_MISMATCH"))

    def test_settlement_then_warning_then_the_next_line(self):
        outputs = replay(grant(), discharge(), discharge("e2", TWO))
        self.assertEqual([topic for topic, _ in outputs], ["settlement", "warning", "settlement"])
        self.assertEqual(outputs[0][1]["lines"][0]["amountFen"], "770000")

    def test_time_is_that_of_the_record(self):
        (_, value), = replay(discharge())
        self.assertEqual(value["emittedAt"], "2024-03-05T08:00:00Z")
        (_, value), = replay(line("discharge", json.loads(discharge())["value"], timestamp="2024-03-09T01:02:03+08:00"))
        self.assertEqual(value["emittedAt"], "2024-03-08T17:02:03Z")

    def test_a_list_reaches_persons_before_the_next_line(self):
        outputs = replay(discharge(), roster([{"personId": ONE, "name": "张三"}, {"personId": ONE, "name": "张三"}]),
                         discharge("e2", TWO))
        self.assertEqual([(topic, value.get("subjectId")) for topic, value in outputs if topic != "warning"],
                         [("settlement", "e1"), ("roster-receipt", None), ("settlement", "e1"), ("settlement", "e2")])
        self.assertEqual(outputs[1][1]["refusedRows"][0]["reason"], "DUPLICATE_ROW")
        adjusted = outputs[2][1]
        self.assertEqual((adjusted["kind"], adjusted["deltaFen"]), ("ADJUSTMENT", "770000"))

    def test_an_amount_that_the_policy_does_not_set_is_told_and_not_counted(self):
        def paid(person, period, amount, **more):
            return {"personId": person, "name": "张三", **more, "attributes": {
                "scheme": "SUPPLEMENTARY", "period": period, "paid_on": "2024-01-05", "amount_fen": amount}}
        rows = [paid(ONE, "2024", "135000"), paid(ONE, "2024-01", "11250"), paid(ONE, "2024-02", "11249"),
                paid(TWO, "2024", "135001"), paid(TWO, "2024-01", "135000"), paid(TWO, "2019", "1"),
                paid(TWO, "2023", "1", action="REMOVE"), paid(TWO, "2022", "-1")]
        outputs = replay(roster(rows, region="621000", kind="CONTRIBUTION", category=None))
        receipt = outputs[0][1]
        self.assertEqual([(row["row"], row["reason"], row["field"]) for row in receipt["refusedRows"]],
                         [(row, reason, "attributes.amount_fen") for row, reason in (
                             (3, "AMOUNT_MISMATCH"), (4, "AMOUNT_MISMATCH"), (5,
                             "AMOUNT_MISMATCH"),
                             (8, "BAD_ATTRIBUTE"))])
        self.assertEqual(receipt["taken"], "4")

    def test_a_note_says_why_a_band_pays_nothing(self):
        def notes(in_policy_fen):
            outputs = replay(grant(category="CIVIL_SERVANT_SUBSIDY", region="140522"),
                             discharge(region="140522", in_policy_fen=in_policy_fen))
            return outputs[0][1]["lines"][0]["note"]
        self.assertIn("基数1000.00元，年内累计仍在不予支付的费用段，支付0元。", notes(1600000))
        self.assertIn("基数1000.01元，分段累加计算（1000.00元按0%、0.01元按70%），支付0.01元。", notes(1600001))

    def test_the_same_bytes_each_time(self):
        given = "\n".join([discharge(), grant(), roster([{"personId": TWO, "name": "李四"}]), discharge("e2", TWO)])
        runs = {run("replay", "-", given=given).stdout for _ in range(3)}
        self.assertEqual(len(runs), 1)
        self.assertGreater(len(runs.pop().splitlines()), 4)

    def test_outputs_come_before_the_next_line_is_read(self):
        with subprocess.Popen([PROGRAM, "replay", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              env={"SETTLED_PACKS": PACKS}) as process:
            for number in range(3):
                process.stdin.write(discharge(f"e{number}", person_id(number)) + "\n")
                process.stdin.flush()
                self.assertEqual(json.loads(process.stdout.readline())["value"]["subjectId"], f"e{number}")
            process.stdin.close()
            self.assertEqual(process.wait(), 0)


class Final(unittest.TestCase):
    def final(self, *lines):
        return [(value["personId"], value["subjectId"], value["kind"])
                for topic, value in replay(*lines, options=["--final"]) if topic == "settlement"]

    def test_only_the_last_word(self):
        self.assertEqual(self.final(discharge(), grant()), [(ONE, "e1", "ADJUSTMENT")])

    def test_nothing_but_settlements(self):
        outputs = replay(grant(), discharge(), discharge(person="1"), options=["--final"])
        self.assertEqual([topic for topic, _ in outputs], ["settlement"])

    def test_what_is_void_is_gone(self):
        self.assertEqual(self.final(discharge(), discharge("e2"), discharge(version=2, voided=True)),
                         [(ONE, "e2", "ORIGINAL")])

    def test_a_trial_is_nothing(self):
        self.assertEqual(self.final(discharge(), discharge("e2", trial=True)), [(ONE, "e1", "ORIGINAL")])

    def test_order(self):
        lines = [discharge("e10", TWO), discharge("e9", TWO), discharge("e1", TWO), discharge("z", ONE)]
        self.assertEqual(self.final(*lines), [(ONE, "z", "ORIGINAL")] + [(TWO, encounter, "ORIGINAL")
                                                                           for encounter in ("e1", "e10", "e9")])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
