#!/usr/bin/env python3
"""months_test.py SETTLEDCTL PACKS: the loop of a warning: who is warned, who answers, what the answer changes; and the
list of a county with several persons.

An answer names a warning by an id that only the outputs tell, so the facts are replayed once to learn it and once with
the answer: the second replay begins like the first."""
import sys
import unittest
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "golden"))
import case as golden  # noqa: E402
import histories  # noqa: E402

SETTLEDCTL, PACKS = sys.argv[1], sys.argv[2]
REGION = "140425"
WARNED = [
    {"identity-change": {"category": "OUT_OF_POVERTY"}},
    {"discharge": {"recordedAt": "2023-03-01T02:00:00Z", "admittedAt": "2023-02-20", "dischargedAt": "2023-03-01",
                   "costs": {"inPolicyFen": 700000}}},
]
CLOSE = {"period-close": {"period": "2023-03", "closedOn": "2023-04-01"}}


def replay(given):
    facts = golden.facts_of({"given": given}, REGION)
    return [output for output in golden.replay(SETTLEDCTL, PACKS, facts)]


def of(outputs, topic):
    return [output["value"] for output in outputs if output["topic"] == topic]


def kinds(outputs):
    return [warning["kind"] for warning in of(outputs, "warning")]


def id_of(kind, given):
    return next(warning["warningId"] for warning in of(replay(given), "warning") if warning["kind"] == kind)


class Answers(unittest.TestCase):
    def answered(self, answer):
        outputs = replay(WARNED + [answer, CLOSE])
        self.assertEqual([], of(outputs, "rejection"))
        return "REPLY_OVERDUE" not in kinds(outputs)

    def test_nobody_answers(self):
        outputs = replay(WARNED + [CLOSE])
        crossed, overdue = (next(w for w in of(outputs, "warning") if w["kind"] == kind)
                            for kind in ("CROSSED", "REPLY_OVERDUE"))
        self.assertEqual("2023-03-08", crossed["replyDueOn"])
        self.assertEqual(crossed["warningId"], overdue["subjectId"])

    def test_a_grant_answers_and_so_does_no_action_and_a_reply(self):
        warning = id_of("CROSSED", WARNED)
        self.assertTrue(self.answered({"identity-change": {"category": "SUBSISTENCE_ALLOWANCE", "replyTo": warning}}))
        self.assertTrue(self.answered(
            {"identity-change": {"action": "NO_ACTION", "category": None, "replyTo": warning}}))
        self.assertTrue(self.answered(
            {"case-action": {"type": "WARNING_REPLY", "on": "2023-03-20", "replyTo": warning}}))

    def test_an_answer_to_something_else_does_not(self):
        self.assertFalse(self.answered(
            {"case-action": {"type": "WARNING_REPLY", "on": "2023-03-02", "replyTo": "0" * 32}}))
        self.assertFalse(self.answered({"identity-change": {"category": "RESIDENT_INSURED"}}))

    def test_a_line_of_the_monthly_list_may_be_answered(self):
        first = {"period-close": {"period": "2023-02", "closedOn": "2023-03-02"}}
        listed = id_of("MONTHLY", WARNED + [first])
        answer = {"case-action": {"type": "WARNING_REPLY", "on": "2023-03-20", "replyTo": listed}}
        self.assertNotIn("REPLY_OVERDUE", kinds(replay(WARNED + [first, answer, CLOSE])))

    def test_a_grant_closes_the_loop(self):
        # 7,000 x 70% = 4,900 for the first stay from its day on, and 700 for the next, 1,000.
        grant = {"identity-change": {"category": "SUBSISTENCE_ALLOWANCE", "effectiveOn": "2023-03-01",
                                     "replyTo": id_of("CROSSED", WARNED)}}
        following = {"discharge": {"encounterId": "E2", "admittedAt": "2023-03-20", "dischargedAt": "2023-03-25",
                                   "costs": {"inPolicyFen": 100000}}}
        outputs = replay(WARNED + [grant, following, CLOSE])
        money = [(s["subjectId"], s["kind"], s.get("deltaFen", "0")) for s in of(outputs, "settlement")]
        self.assertEqual([("E1", "ORIGINAL", "0"), ("E1", "ADJUSTMENT", "490000"), ("E2", "ORIGINAL", "70000")], money)
        self.assertEqual(["CROSSED", "WITHDRAWN", "LIST_END"], kinds(outputs))

    def test_a_grant_from_a_later_day_leaves_the_earlier_stay(self):
        grant = {"identity-change": {"category": "SUBSISTENCE_ALLOWANCE", "effectiveOn": "2023-03-10",
                                     "replyTo": id_of("CROSSED", WARNED)}}
        following = {"discharge": {"encounterId": "E2", "admittedAt": "2023-03-20", "dischargedAt": "2023-03-25",
                                   "costs": {"inPolicyFen": 100000}}}
        outputs = replay(WARNED + [grant, following, CLOSE])
        money = [(s["subjectId"], s["kind"], s.get("deltaFen", "0")) for s in of(outputs, "settlement")]
        self.assertEqual([("E1", "ORIGINAL", "0"), ("E2", "ORIGINAL", "70000")], money)
        self.assertEqual(["CROSSED", "MONTHLY", "LIST_END"], kinds(outputs))


class County(unittest.TestCase):
    COUNT = 1300  # more than two batches

    def given(self):
        """Every third person is above the threshold from January, every third from February."""
        facts = []
        for number in range(self.COUNT):
            value = {"personId": histories.person_id(REGION, number)}
            fen = 600001 if number % 3 == 0 else 100
            facts += [{"identity-change": {**value, "category": "OUT_OF_POVERTY"}},
                      {"discharge": {**value, "care": "OUTPATIENT", "dischargedAt": "2023-01-10",
                                     "costs": {"inPolicyFen": fen}}}]
        facts.append({"period-close": {"period": "2023-01", "closedOn": "2023-02-01"}})
        for number in range(1, self.COUNT, 3):
            facts.append({"discharge": {"personId": histories.person_id(REGION, number), "encounterId": "E2",
                                        "care": "OUTPATIENT", "dischargedAt": "2023-02-10",
                                        "costs": {"inPolicyFen": 600000}}})
        return facts + [{"period-close": {"period": "2023-02", "closedOn": "2023-03-01"}}] * 2

    def test_lists(self):
        warnings = of(replay(self.given()), "warning")
        listed = {period: {w["personId"]: w.get("newThisMonth", False) for w in warnings
                           if w["kind"] == "MONTHLY" and w["period"] == period} for period in ("2023-01", "2023-02")}
        person = {histories.person_id(REGION, number): number for number in range(self.COUNT)}
        january = {number: True for number in range(0, self.COUNT, 3)}
        self.assertEqual(january, {person[who]: new for who, new in listed["2023-01"].items()})
        self.assertEqual({number: number % 3 == 1 for number in range(self.COUNT) if number % 3 != 2},
                         {person[who]: new for who, new in listed["2023-02"].items()})
        ends = [(w["period"], int(w["count"])) for w in warnings if w["kind"] == "LIST_END"]
        self.assertEqual([(period, len(found)) for period, found in listed.items()], ends)
        self.assertEqual(sum(len(found) for found in listed.values()),
                         sum(w["kind"] == "MONTHLY" for w in warnings))
        self.assertEqual(len(warnings), len({w["warningId"] for w in warnings}))


unittest.main(argv=sys.argv[:1])
