#!/usr/bin/env python3
"""Funds through settledctl replay: payment requests and FUND_SHORT, by hand from the rules (F, Y).

fund_test.py SETTLEDCTL PACKS
"""
import json
import subprocess
import sys
import unittest

from lines import ONE, TWO, discharge, line

PROGRAM, PACKS = sys.argv[1:3]


def replay(*lines):
    done = subprocess.run([PROGRAM, "replay", "--packs", PACKS, "-"], input="\n".join(lines) + "\n",
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [(output["topic"], output["value"]) for output in map(json.loads, done.stdout.splitlines())]


def requests(outputs):
    """(month, fund, payee, yuan) of each payment request, in order."""
    return [(value["month"], value["fund"], value.get("institutionCode") or value["personId"], value["amountFen"])
            for topic, value in outputs if topic == "payment-request"]


def shortages(outputs):
    return [(value["period"], value["fund"], value["balanceFen"], value["thresholdFen"])
            for topic, value in outputs if topic == "warning" and value["kind"] == "FUND_SHORT"]


def close(period, recorded, region="140425", event="c"):
    return line("period-close", {"eventId": f"{event}{period}", "recordedAt": f"{recorded}T16:00:00Z", "region": region,
                                 "period": period})


def fund_row(fund, source, fen, date, action="ADD", **more):
    return {"action": action, "attributes": {"fund": fund, "source": source, "amount_fen": str(fen), "date": date,
                                             **{name: str(value) for name, value in more.items()}}}


def fund_list(rows, region="140425", roster_id="F1", day="2024-01-02"):
    return line("roster-update", {
        "rosterId": roster_id, "source": "财政局", "recordedAt": f"{day}T02:00:00Z", "region": region,
        "department": "财政局", "kind": "FUND", "mode": "DELTA", "statedOn": day, "deliveredOn": day, "rows": rows})


def poor(person=ONE):
    return line("identity-change", {
        "eventId": "i" + person, "source": "民政局", "recordedAt": "2024-01-01T08:00:00Z", "region": "140425",
        "personId": person, "name": "张三", "category": "EXTREME_POVERTY", "action": "GRANT",
        "effectiveOn": "2023-06-01"})


def stay(encounter="e1", version=1, day="2024-03-05", institution="H1", assisted=120000, **more):
    """In policy 15,000.00 are paid by the insurance, the rest by assistance: of the extremely poor all of it."""
    made = json.loads(discharge(encounter, version=version, day=day, in_policy_fen=1500000 + assisted, **more))
    made["value"]["institution"]["code"] = institution
    made["value"]["institution"]["name"] = f"{institution}医院"
    made["value"]["costs"]["outOfCatalogueFen"] = "0"
    made["value"]["costs"]["totalFen"] = made["value"]["costs"]["inPolicyFen"]
    return json.dumps(made)


RICH = fund_list([fund_row("ASSISTANCE", "CENTRAL", 10 ** 9, "2023-01-01")])
MARCH, APRIL, MAY = close("2024-03", "2024-03-31"), close("2024-04", "2024-04-30"), close("2024-05", "2024-05-31")


class Months(unittest.TestCase):
    def test_a_month_is_paid_to_each_institution_once(self):
        outputs = replay(RICH, poor(), stay(), stay("e2", institution="H2", assisted=100), stay("e3", assisted=5),
                         MARCH, close("2024-03", "2024-04-02", event="again"), APRIL)
        self.assertEqual(requests(outputs), [("2024-03", "ASSISTANCE", "H1", "120005"),
                                             ("2024-03", "ASSISTANCE", "H2", "100")])
        self.assertEqual([value["settlements"] for topic, value in outputs if topic == "payment-request"], ["2", "1"])

    def test_it_follows_the_close_before_the_next_line(self):
        topics = [topic for topic, _ in replay(RICH, poor(), stay(), MARCH, stay("e2"))]
        self.assertLess(topics.index("payment-request"), len(topics) - 1)

    def test_the_month_is_that_of_shanghai(self):
        late = json.loads(stay())
        late["value"]["recordedAt"] = "2024-03-31T16:00:00Z"
        self.assertEqual(requests(replay(RICH, poor(), json.dumps(late), MARCH, APRIL)),
                         [("2024-04", "ASSISTANCE", "H1", "120000")])
        late["value"]["recordedAt"] = "2024-03-31T15:59:59Z"
        self.assertEqual(requests(replay(RICH, poor(), json.dumps(late), MARCH, APRIL)),
                         [("2024-03", "ASSISTANCE", "H1", "120000")])

    def test_what_comes_late_is_paid_in_the_first_open_month(self):
        outputs = replay(RICH, poor(), stay(), MARCH, stay(version=2, assisted=120001), APRIL)
        self.assertEqual(requests(outputs), [("2024-03", "ASSISTANCE", "H1", "120000"),
                                             ("2024-04", "ASSISTANCE", "H1", "1")])

    def test_a_close_takes_the_months_before_it_along(self):
        self.assertEqual(requests(replay(RICH, poor(), stay(), stay("e2", day="2024-04-05", assisted=7), MAY)),
                         [("2024-03", "ASSISTANCE", "H1", "120000"), ("2024-04", "ASSISTANCE", "H1", "7")])

    def test_what_came_and_went_is_not_requested(self):
        self.assertEqual(requests(replay(RICH, poor(), stay(), stay(version=2, voided=True), MARCH)), [])

    def test_a_void_takes_back_from_whom_it_was_paid(self):
        void = stay(version=2, institution="H9", voided=True)
        self.assertEqual(requests(replay(RICH, poor(), stay(), MARCH, void, APRIL)),
                         [("2024-03", "ASSISTANCE", "H1", "120000"), ("2024-04", "ASSISTANCE", "H1", "-120000")])

    def test_another_institution_moves_what_was_paid(self):
        outputs = replay(RICH, poor(), stay(), MARCH, stay(version=2, institution="H2", assisted=130000), APRIL)
        self.assertEqual(requests(outputs)[1:], [("2024-04", "ASSISTANCE", "H1", "-120000"),
                                                 ("2024-04", "ASSISTANCE", "H2", "130000")])
        moved = replay(RICH, poor(), stay(), stay(version=2, institution="H2"))[-1][1]
        self.assertEqual((moved["kind"], moved["institutionCode"], moved["formerPayee"], moved["formerInstitutionCode"],
                          moved.get("deltaFen", "0")), ("ADJUSTMENT", "H2", "INSTITUTION", "H1", "0"))

    def test_a_manual_claim_is_the_persons(self):
        claim = line("case-action", {
            "eventId": "a1", "source": "窗口", "recordedAt": "2024-04-02T02:00:00Z", "region": "140425", "personId": ONE,
            "caseId": "K1", "type": "CLAIM", "on": "2024-04-02", "encounterIds": ["e1"]})
        outputs = replay(RICH, poor(), stay(channel="MANUAL"), MARCH, claim, APRIL)
        self.assertEqual(requests(outputs), [("2024-04", "ASSISTANCE", ONE, "120000")])
        self.assertEqual(outputs[-1][1]["name"], "张三")

    def test_a_trial_moves_nothing(self):
        self.assertEqual(requests(replay(RICH, poor(), stay(trial=True), MARCH)), [])

    def test_a_year_closes_its_months(self):
        self.assertEqual(requests(replay(RICH, poor(), stay(), close("2024", "2025-01-01"), MARCH)),
                         [("2024-03", "ASSISTANCE", "H1", "120000")])


class Shortage(unittest.TestCase):
    def shortages_with(self, income, *lines):
        rows = [fund_row("ASSISTANCE", "COUNTY", income, "2024-01-01")]
        return shortages(replay(fund_list(rows), poor(), stay(), *lines, MARCH))

    def test_below_the_mean_of_twelve_months_by_a_fen(self):
        self.assertEqual(self.shortages_with(130000), [])
        self.assertEqual(self.shortages_with(129999), [("2024-03", "ASSISTANCE", "9999", "10000")])

    def test_without_any_income(self):
        self.assertEqual(shortages(replay(poor(), stay(), MARCH)), [("2024-03", "ASSISTANCE", "-120000", "10000")])

    def test_what_is_taken_back_does_not_count(self):
        def again(action, fen=70000, number=[1]):
            number[0] += 1
            return fund_list([fund_row("ASSISTANCE", "GAP", fen, "2024-02-01", action)], roster_id=f"F{number[0]}")
        self.assertEqual(self.shortages_with(60000, again("ADD")), [])
        self.assertEqual(len(self.shortages_with(60000, again("ADD"), again("REMOVE"))), 1)
        self.assertEqual(self.shortages_with(60000, again("ADD"), again("REMOVE"), again("ADD")), [])
        self.assertEqual(self.shortages_with(60000, again("ADD"), again("REMOVE", 70001)), [])

    def test_a_surplus_carries_over(self):
        rows = [fund_row("ASSISTANCE", "COUNTY", 130000, "2023-05-01")]
        lines = [fund_list(rows), close("2023", "2024-01-01"), poor(), stay(), MARCH]
        self.assertEqual(shortages(replay(*lines)), [])

    def test_it_names_no_person(self):
        value = [value for topic, value in replay(poor(), stay(), MARCH) if topic == "warning"][-1]
        self.assertEqual((value["kind"], value.get("personId"), value["year"]), ("FUND_SHORT", None, 2024))


class Grant(unittest.TestCase):
    """Yangcheng: a payroll of 1,000,000.00: levied 10,000.00, half of it granted, to three 1,666.66 each."""
    ROW = fund_row("CIVIL_SERVANT", "PAYROLL", 100000000, "2024-06-30", holders=3)

    def lines(self, *rows):
        holders = [line("identity-change", {
            "eventId": "i" + person, "source": "人社局", "recordedAt": recorded, "region": "140522", "personId": person,
            "name": "李四", "category": "CIVIL_SERVANT_SUBSIDY", "action": "GRANT", "effectiveOn": "2024-06-30"})
                   for person, recorded in ((ONE, "2024-01-01T08:00:00Z"), (TWO, "2024-07-04T08:00:00Z"))]
        return [holders[0], fund_list(rows, "140522", day="2024-07-03"), holders[1],
                close("2024-07", "2024-07-31", "140522")]

    def test_each_holder_of_the_day_has_an_equal_share(self):
        outputs = replay(*self.lines(self.ROW))
        self.assertEqual(requests(outputs), [("2024-07", "CIVIL_SERVANT", ONE, "166666"),
                                             ("2024-07", "CIVIL_SERVANT", TWO, "166666")])
        self.assertEqual(shortages(outputs), [])
        grants = {value["subjectId"] for topic, value in outputs if topic == "settlement"}
        self.assertEqual(len(grants), 1)
        self.assertTrue(grants.pop().startswith("F1/"))

    def test_the_levy_comes_in_not_the_payroll(self):
        fee = fund_row("CIVIL_SERVANT", "AGENCY_FEE", 1000000 - 333332 - 27777, "2024-07-01")
        self.assertEqual(shortages(replay(*self.lines(self.ROW, fee))),
                         [("2024-07", "CIVIL_SERVANT", "27777", "27778")])

    def test_without_holders_it_is_refused(self):
        row = fund_row("CIVIL_SERVANT", "PAYROLL", 100000000, "2024-06-30")
        receipt = [value for topic, value in replay(*self.lines(row)) if topic == "roster-receipt"][0]
        self.assertEqual(receipt["refusedRows"][0]["field"], "attributes.holders")

    def test_a_region_that_levies_nothing_refuses_it(self):
        row = fund_row("ASSISTANCE", "PAYROLL", 100000000, "2024-06-30", holders=3)
        receipt = [value for topic, value in replay(fund_list([row])) if topic == "roster-receipt"][0]
        self.assertEqual(receipt["refusedRows"][0]["field"], "attributes.source")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
