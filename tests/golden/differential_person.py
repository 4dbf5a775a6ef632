#!/usr/bin/env python3
"""`settledctl replay` against the oracles of Jingning, Qingyang and Shangluo, over random histories.

differential_person.py SETTLEDCTL PACKS [SEED [HISTORIES]]

As differential.py: two random orders with repeats, and `--final`, must end in what the oracle says, to the fen. In the second
order the first settlements also must add up: for each line the sum of its deltas is what changed hands.
"""
import json
import random
import sys

import case
import differential
import histories_person
import oracle_jingning
import oracle_qingyang
import oracle_shangluo

ORACLES = {module.REGION: module for module in (oracle_jingning, oracle_qingyang, oracle_shangluo)}
PER_HISTORY = 5  # numbers of persons


def settlement_of(settlement):
    made = differential.settlement_of(settlement)
    made["totals"]["accountFen"] = case.number(settlement.get("totals", {}).get("accountFen"))
    return made


def differences(wanted, found):
    if set(wanted) != set(found):
        yield f"subjects {sorted(found)}, must be {sorted(wanted)}"
    for key in set(wanted) & set(found):
        want, have = differential.comparable(wanted[key]), differential.comparable(settlement_of(found[key]))
        for field, value in want.items():
            if have[field] != value:
                yield f"{key[1]} {field}: {have[field]}\n        must be {value}"


def pays(settlement):
    return settlement["subject"] != "CASE" or settlement["status"] == "FINAL"


def delta_differences(settlements, final):
    sums = {}
    for settlement in settlements:
        for line in settlement.get("lines", []) + settlement.get("withdrawn", []):
            key = settlement["subject"], settlement["subjectId"], line["rule"], line["fund"]
            sums[key] = sums.get(key, 0) + case.number(line.get("deltaFen"))
    for (subject, subject_id), settlement in final.items():
        for line in settlement.get("lines", []) if pays(settlement) else []:
            sums[(subject, subject_id, line["rule"], line["fund"])] -= case.number(line.get("amountFen"))
    return [f"deltas of {key} are off by {fen} fen" for key, fen in sums.items() if fen]


def check_person(results, warned, settlements, warnings):
    wanted = {}
    for result in results:
        made = result.as_json()
        wanted[(made["subject"], made["subjectId"])] = made
    complaints = [] if len(wanted) == len(results) else ["the oracle names two subjects alike"]
    final = case.final_of(settlements)
    complaints += list(differences(wanted, final)) + delta_differences(settlements, final)
    told = {warning["year"] for warning in warnings if warning["kind"] == "MAY_APPLY"}
    return complaints + [f"nobody was told to apply for {year}" for year in warned - told]


def ends(settlements):
    return {key: differential.same_money(settlement) for key, settlement in case.final_of(settlements).items()}


class Run:
    """All histories, fed twice."""

    def __init__(self, settledctl, packs, seed, count):
        self.made = []
        for number in range(count):
            rng = random.Random(f"{seed}/{number}")
            region = rng.choice(sorted(ORACLES))
            self.made.append((region, histories_person.history(rng, region, number * PER_HISTORY)))
        rng = random.Random(f"{seed}/order")
        per_person = [facts for _, people in self.made for facts in people.values()]
        streams = [differential.shuffled(rng, per_person) for _ in range(2)]
        outputs = [case.replay(settledctl, packs, stream) for stream in streams]
        self.settlements = [differential.by_person(output, "settlement") for output in outputs]
        self.finals = differential.by_person(case.replay(settledctl, packs, streams[1], "--final"), "settlement")
        self.warnings = differential.by_person(outputs[0], "warning")
        self.refused = {output["value"]["reason"] for output in outputs[0] if output["topic"] == "rejection"}

    def check(self, region, people):
        for person, (results, warned) in ORACLES[region].settle(people).items():
            mine = [found.get(person, []) for found in (*self.settlements, self.finals)]
            yield from check_person(results, warned, mine[0], self.warnings.get(person, []))
            yield from delta_differences(mine[1], case.final_of(mine[1]))
            if not ends(mine[0]) == ends(mine[1]) == ends(mine[2]):
                yield f"{person}: two orders, or --final, do not agree"

    def failures(self, seed):
        for reason in self.refused - {"CONFLICTING_DUPLICATE", "OUT_OF_ORDER"}:
            yield f"refused: {reason}"
        for number, (region, people) in enumerate(self.made):
            complaints = list(self.check(region, people))
            if complaints:
                facts = [fact for mine in people.values() for fact in mine]
                yield f"history {seed}/{number}, {region}, {list(people)}:\n    " + "\n    ".join(complaints) + "\n" \
                    + "\n".join(json.dumps(fact, ensure_ascii=False) for fact in facts)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    run = Run(sys.argv[1], sys.argv[2], seed, int(sys.argv[4]) if len(sys.argv) > 4 else 2000)
    failed = list(run.failures(seed))
    print("\n".join(failed[:differential.SHOWN]))
    print(f"seed {seed}: {len(run.made)} histories, {sum(len(s) for s in run.settlements[0].values())} settlements, "
          f"{len(failed)} failed")
    sys.exit(1 if failed else 0)


main()
