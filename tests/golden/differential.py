#!/usr/bin/env python3
"""`settledctl replay` against the oracle, over random histories.

differential.py SETTLEDCTL PACKS [SEED [HISTORIES]]

Each history is fed twice, in two random orders with random repeats, in one stream with all the others. For every person the
last settlement of each subject must be what the oracle says, the deltas of each line must add up to its amount, the warnings
must leave the person where the oracle does, and both orders and `--final` must agree. A failure prints the seed of the history
and the history itself, as JSON lines that replay reads.
"""
import json
import random
import sys

import case
import histories
import oracle

REGIONS = [oracle.PINGSHUN, oracle.PINGSHUN, oracle.PINGSHUN, oracle.YANGCHENG]
SHOWN = 3


def shuffled(rng, per_person):
    """One stream out of all histories: each in an order of its own, some facts twice."""
    stream = []
    for facts in per_person:
        stream += facts + [fact for fact in facts if rng.random() < 0.1]
    rng.shuffle(stream)
    return stream


def by_person(outputs, topic):
    found = {}
    for output in outputs:
        if output["topic"] == topic and output["value"].get("kind") != "TRIAL":
            found.setdefault(output["value"]["personId"], []).append(output["value"])
    return found


# ---- One person ----

def line_of(line):
    return {"rule": line["rule"], "fund": line["fund"], "baseFen": case.number(line.get("baseFen")),
            "deductibleFen": case.number(line.get("deductibleFen")), "rateBp": line.get("rateBp", 0),
            "amountFen": case.number(line.get("amountFen")), "capped": line.get("capped", False)}


def settlement_of(settlement):
    identity, totals = settlement.get("identity", {}), settlement.get("totals", {})
    return {"subject": settlement["subject"], "subjectId": settlement["subjectId"], "year": settlement["year"],
            "status": settlement["status"], "reasons": settlement.get("reasons", []), "applied": identity.get("applied"),
            "half": identity.get("half"), "lines": [line_of(line) for line in settlement.get("lines", [])],
            "totals": {field: case.number(totals.get(field))
                       for field in ("benefitFen", "hospitalFen", "personalBurdenFen")}}


def comparable(settlement):
    """Lines in one order; of a settlement with a reason, only those with money (the rest only say why)."""
    def counts(line):
        return line["amountFen"] or not settlement["reasons"]
    lines = [line for line in settlement["lines"] if counts(line) and (line["amountFen"] or line["baseFen"])]
    return {**settlement, "lines": sorted(lines, key=lambda line: (line["rule"], line["fund"]))}


def differences(wanted, found):
    if set(wanted) != set(found):
        yield f"subjects {sorted(found)}, must be {sorted(wanted)}"
    for key in set(wanted) & set(found):
        want, have = comparable(wanted[key]), comparable(settlement_of(found[key]))
        for field, value in want.items():
            if have[field] != value:
                yield f"{key[1]} {field}: {have[field]}\n        must be {value}"


def delta_differences(settlements, final):
    """The sum of what changed hands is what stands at the end (cases of assistance and claims carry no money)."""
    sums = {}
    for settlement in settlements:
        for line in settlement.get("lines", []) + settlement.get("withdrawn", []):
            key = (settlement["subject"], settlement["subjectId"], line["rule"], line["fund"])
            sums[key] = sums.get(key, 0) + case.number(line.get("deltaFen"))
    for (subject, subject_id), settlement in final.items():
        for line in settlement.get("lines", []):
            key = (subject, subject_id, line["rule"], line["fund"])
            sums[key] -= case.number(line.get("amountFen"))
    return [f"deltas of {key} are off by {fen} fen" for key, fen in sums.items() if fen]


def warning_differences(crossed, warnings):
    state = {}
    for warning in warnings:
        if warning["kind"] in ("CROSSED", "WITHDRAWN"):
            before = state.get(warning["year"], "WITHDRAWN")
            if before == warning["kind"]:
                yield f"{warning['kind']} {warning['year']} twice in a row"
            state[warning["year"]] = warning["kind"]
    above = {year for year, kind in state.items() if kind == "CROSSED"}
    if above != set(crossed):
        yield f"years above the threshold {sorted(above)}, must be {sorted(crossed)}"


def check_person(region, facts, outputs):
    results, crossed = oracle.settle(region, facts)
    wanted = {(made["subject"], made["subjectId"]): made for made in map(oracle.as_json, results)}
    final = case.final_of(outputs["settlements"])
    encounters = {key: settlement for key, settlement in final.items() if key[0] in ("ENCOUNTER", "YEAR_END")}
    complaints = list(differences(wanted, encounters))
    complaints += delta_differences(outputs["settlements"], final)
    return complaints + list(warning_differences(crossed, outputs["warnings"]))


# ---- All of them ----

def same_money(settlement):
    left_out = ("settlementId", "trigger", "kind", "deltaFen", "emittedAt", "withdrawn", "lines", "name", "formerPayee",
                "formerInstitutionCode", "formerInstitutionName")
    return {key: value for key, value in settlement.items() if key not in left_out}, \
        [{key: value for key, value in line.items() if key != "deltaFen"} for line in settlement.get("lines", [])]


def run(settledctl, packs, seed, count):
    made = []
    for number in range(count):
        rng = random.Random(f"{seed}/{number}")
        region = rng.choice(REGIONS)
        person, facts = histories.history(rng, region, number)
        made.append((region, person, facts))
    rng = random.Random(f"{seed}/order")
    streams = [shuffled(rng, [facts for _, _, facts in made]) for _ in range(2)]
    outputs = [case.replay(settledctl, packs, stream) for stream in streams]
    finals = by_person(case.replay(settledctl, packs, streams[1], "--final"), "settlement")
    settlements = [by_person(output, "settlement") for output in outputs]
    warnings = by_person(outputs[0], "warning")
    refused = [output["value"]["reason"] for output in outputs[0] if output["topic"] == "rejection"]
    failed = [f"refused: {reason}" for reason in set(refused) - {"CONFLICTING_DUPLICATE", "OUT_OF_ORDER"}]
    for number, (region, person, facts) in enumerate(made):
        complaints = check_person(region, facts, {"settlements": settlements[0].get(person, []),
                                                  "warnings": warnings.get(person, [])})
        first = case.final_of(settlements[0].get(person, []))
        second = case.final_of(settlements[1].get(person, []))
        third = case.final_of(finals.get(person, []))
        if not {k: same_money(s) for k, s in first.items()} == {k: same_money(s) for k, s in second.items()} == {
                k: same_money(s) for k, s in third.items()}:
            complaints.append("two orders, or --final, do not agree")
        if complaints:
            failed.append(f"history {seed}/{number}, person {person}, {region}:\n    " + "\n    ".join(complaints)
                          + "\n" + "\n".join(json.dumps(fact, ensure_ascii=False) for fact in facts))
    print("\n".join(failed[:SHOWN]))
    print(f"seed {seed}: {count} histories, {sum(len(facts) for _, _, facts in made)} facts, "
          f"{sum(len(s) for s in settlements[0].values())} settlements, {len(failed)} failed")
    return 1 if failed else 0


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    sys.exit(run(sys.argv[1], sys.argv[2], seed, int(sys.argv[4]) if len(sys.argv) > 4 else 3000))


if __name__ == "__main__":
    main()
