#!/usr/bin/env python3
"""A county that is not here yet, from docs/new-county.md and YAML alone: its money, through time.

sixth_test.py SETTLEDCTL PACKS   (PACKS: tests/packs, whose only region is the invented 990203)
"""
import json
import subprocess
import sys
import unittest

from lines import line, person_id

PROGRAM, PACKS = sys.argv[1:3]
PERSON = person_id(7)
HOSPITAL = {"code": "Q1", "name": "清河县人民医院", "region": "990203", "level": "LEVEL_2", "designated": True}


def head(event, at):
    return {"eventId": event, "source": "Q1", "recordedAt": at, "region": "990203", "personId": PERSON}


def grant(category, on):
    return line("identity-change", {**head(category, "2024-01-02T00:00:00Z"), "source": "民政", "category": category,
                                    "action": "GRANT", "effectiveOn": on})


def care(kind, encounter, day, in_policy, basic=0, **more):
    return line("discharge", {
        **head(encounter, day + "T08:00:00Z"), "encounterId": encounter, "version": 1, "care": kind,
        "admittedAt": day + "T01:00:00Z", "dischargedAt": day + "T06:00:00Z", "institution": HOSPITAL,
        "costs": {"totalFen": in_policy, "inPolicyFen": in_policy}, "paid": {"basicFen": basic}, **more})


def settle(*lines):
    done = subprocess.run([PROGRAM, "replay", "--packs", PACKS, "--final", "-"], input="\n".join(lines) + "\n",
                          capture_output=True, text=True, check=True)
    values = [json.loads(text)["value"] for text in done.stdout.splitlines()]
    return {value["subjectId"]: value for value in values}


def paid(settlement):
    return {one["rule"]: int(one.get("amountFen", 0)) for one in settlement["lines"]}


class SixthRegion(unittest.TestCase):
    def test_two_versions_of_a_rule_each_on_its_days(self):
        """Article 10: 75% until 31 December 2024, 80% from 1 January 2025."""
        out = settle(grant("SUBSISTENCE_ALLOWANCE", "2024-01-01"), care("INPATIENT", "E1", "2024-12-31", 100000),
                     care("INPATIENT", "E2", "2025-01-01", 100000))
        self.assertEqual(paid(out["E1"])["qinghe.inpatient"], 75000)  # 1,000 x 75%
        self.assertEqual(paid(out["E2"])["qinghe.inpatient"], 80000)  # 1,000 x 80%

    def test_shared_cap(self):
        """Article 11: 50,000 a year for SUBSISTENCE_ALLOWANCE; 60,000 x 75% = 45,000 leaves 5,000 of it."""
        out = settle(grant("SUBSISTENCE_ALLOWANCE", "2024-01-01"), care("INPATIENT", "E1", "2024-03-01", 6000000),
                     care("INPATIENT", "E2", "2024-04-01", 6000000))
        self.assertEqual(paid(out["E1"])["qinghe.inpatient"], 4500000)
        self.assertEqual(paid(out["E2"])["qinghe.inpatient"], 500000)
        self.assertTrue(next(one for one in out["E2"]["lines"] if one["rule"] == "qinghe.inpatient")["capped"])

    def test_annual_deductible_and_bands(self):
        """Article 8: 62,000 above the deductible: 50,000 x 60% + 12,000 x 70% = 38,400."""
        out = settle(grant("EMPLOYEE_INSURED", "2024-01-01"), care("INPATIENT", "E1", "2024-03-01", 7000000))
        self.assertEqual(paid(out["E1"])["qinghe.supplement"], 3840000)

    def test_visit_and_account(self):
        """Articles 5 and 6: retired, level 2: (240 - 40) x 70% = 140; the account of two months pays the 100 left."""
        out = settle(grant("EMPLOYEE_INSURED", "2023-06-01"), grant("RETIRED", "2023-12-05"),
                     care("OUTPATIENT", "V1", "2024-02-10", 24000))
        self.assertEqual(paid(out["V1"])["qinghe.outpatient"], 14000)
        self.assertEqual(out["V1"]["totals"]["accountFen"], "10000")

    def test_policy_version_is_the_packs_digest(self):
        out = settle(grant("EMPLOYEE_INSURED", "2024-01-01"), care("INPATIENT", "E1", "2024-03-01", 100))
        checked = subprocess.run([PROGRAM, "policy", "check", PACKS], capture_output=True, text=True, check=True).stdout
        self.assertIn("version " + out["E1"]["policyVersion"], checked)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
