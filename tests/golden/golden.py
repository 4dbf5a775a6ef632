#!/usr/bin/env python3
"""Runs golden cases through `settledctl replay`.

golden.py SETTLEDCTL PACKS [FILE...]   the files named, or all of <region>/<policy>/*.yaml beside this script
golden.py --shuffled SEEDS SETTLEDCTL PACKS [FILE...]   the same in other orders and with repeats: the end must be the same
golden.py --prove                      shows that a wrong amount, a line too many or too few, and a reason are seen

A case is described in case.py.
"""
import base64
import concurrent.futures
import copy
import functools
import json
import os
import pathlib
import random
import sys

import case as golden
import histories

HERE = pathlib.Path(__file__).resolve().parent
REGIONS = {"yangcheng": "140522", "pingshun": "140425", "jingning": "331127", "qingyang": "621000", "shangluo": "611000"}


BATCH = 64


# ---- Running: many cases in one stream, each with a person of its own ----

def is_alone(case):
    """What speaks to everybody, to another person, or is refused is run by itself."""
    topics = {topic for fact in case["given"] for topic in fact}
    values = [value or {} for fact in case["given"] for value in fact.values()]
    return bool(topics & {"period-close", "roster-update"}) or "rejections" in case or any(
        field in value for value in values for field in ("personId", "counterpartyId"))


def batches_of(cases):
    together = [found for found in cases if not is_alone(found[2])]
    return [together[at:at + BATCH] for at in range(0, len(together), BATCH)] + [
        [found] for found in cases if is_alone(found[2])]


def reordered(seed, facts):
    """The same set of facts: another order, and about a third of them twice."""
    rng = random.Random(seed)
    found = facts + [fact for fact in facts if rng.random() < 0.3]
    rng.shuffle(found)
    return found


def person_of(output):
    value = output["value"]
    return value.get("personId") or base64.b64decode(value.get("key", "")).decode(errors="replace")


def run_batch(replay, arrange, judge, batch):
    """The complaints of each case of the batch."""
    persons = [histories.person_id(region, number) for number, (_, region, _) in enumerate(batch)]
    facts = []
    for person, (_, region, case) in zip(persons, batch):
        own = json.dumps(arrange(golden.facts_of(case, region)))
        facts += json.loads(own.replace(golden.PERSONS[region], person))
    outputs = replay(facts)
    if len(batch) == 1:
        return [judge(batch[0][2], outputs)]
    per_person = {person: [] for person in persons}
    for output in outputs:
        per_person[person_of(output)].append(output)
    return [judge(case, per_person[person]) for person, (_, _, case) in zip(persons, batch)]


def safely(replay, arrange, judge, batch):
    try:
        return run_batch(replay, arrange, judge, batch)
    except (golden.ReplayError, KeyError, ValueError) as error:
        if len(batch) == 1:
            return [[f"{type(error).__name__}: {error}"]]
        return [complaints for found in batch for complaints in safely(replay, arrange, judge, [found])]


def in_order(facts):
    return facts


def ways_of(seeds):
    """(how the facts of a case are arranged, what is asked of the outputs); without seeds, as the case gives them."""
    if not seeds:
        return [(in_order, golden.compare)]
    return [(functools.partial(reordered, seed), golden.compare_ends) for seed in range(seeds)]


def cases_in(path):
    region = REGIONS[path.resolve().relative_to(HERE).parts[0]]
    for place, case in enumerate(golden.load(path), 1):
        missing = {"article", "why", "given", "expect"} - set(case)
        if missing:
            raise SystemExit(f"{path}, case {place}: no {', '.join(sorted(missing))}")
        yield f"{path.resolve().relative_to(HERE)} case {place}", region, case


def run(seeds, settledctl, packs, paths):
    cases = [found for path in paths for found in cases_in(path)]
    replay = functools.partial(golden.replay, settledctl, packs)
    work = [(arrange, judge, batch) for arrange, judge in ways_of(seeds) for batch in batches_of(cases)]
    complaints_of = {}
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        answers = pool.map(lambda part: safely(replay, *part), work)
        for (_, _, batch), answer in zip(work, answers):
            for (place, _, _), complaints in zip(batch, answer):
                complaints_of.setdefault(place, []).extend(complaints)
    failed = 0
    for place, _, case in cases:
        complaints = complaints_of[place]
        if complaints:
            failed += 1
            print(f"{place} (article {case['article']}): {case['why'].strip()}")
            print("".join(f"    {complaint}\n" for complaint in complaints), end="")
    print(f"{len(cases)} cases, {failed} failed")
    return 1 if failed or not cases else 0


# ---- Proof that a difference is seen ----

SETTLEMENT = {"subject": "ENCOUNTER", "subjectId": "E1", "kind": "ORIGINAL", "status": "FINAL", "reasons": [],
              "identity": {"applied": "RETIRED", "half": "SAME"}, "deltaFen": "70",
              "lines": [{"rule": "a", "fund": "X", "baseFen": "100", "amountFen": "70"}, {"rule": "b", "fund": "X"}],
              "totals": {"personalBurdenFen": "30"}}
CASE = {"expect": {"E1": {"lines": {"a": {"baseFen": 100, "amountFen": 70}}, "half": "SAME",
                          "totals": {"personalBurdenFen": 30}}}, "history": {"E1": ["ORIGINAL 70"]}, "warnings": []}


def damaged(change):
    settlement = copy.deepcopy(SETTLEMENT)
    change(settlement)
    return [{"topic": "settlement", "value": settlement}]


def prove():
    sins = {
        "amount": damaged(lambda s: s["lines"][0].update(amountFen="71")),
        "base": damaged(lambda s: s["lines"][0].update(baseFen="101")),
        "line too many": damaged(lambda s: s["lines"][1].update(amountFen="1")),
        "line twice": damaged(lambda s: s["lines"].append(s["lines"][0])),
        "line too few": damaged(lambda s: s["lines"].pop(0)),
        "status": damaged(lambda s: s.update(status="PENDING")),
        "reason": damaged(lambda s: s.update(reasons=["ARREARS"])),
        "identity": damaged(lambda s: s["identity"].update(half="AT_DISCHARGE")),
        "totals": damaged(lambda s: s["totals"].update(personalBurdenFen="31")),
        "delta": damaged(lambda s: s.update(deltaFen="69")),
        "subject too many": damaged(lambda s: None) + damaged(lambda s: s.update(subjectId="E2")),
        "subject too few": [],
        "warning": damaged(lambda s: None) + [{"topic": "warning", "value": {"kind": "CROSSED", "year": 2023}}],
        "rejection": damaged(lambda s: None) + [{"topic": "rejection", "value": {"reason": "EMPTY"}}],
    }
    unseen = [name for name, outputs in sins.items() if not golden.compare(CASE, outputs)]
    if golden.compare(CASE, damaged(lambda s: None)):
        unseen.append("the sound one is refused")
    print(f"{len(sins)} sins; not seen: {unseen}")
    return 1 if unseen else 0


def main():
    if sys.argv[1:] == ["--prove"]:
        sys.exit(prove())
    arguments, seeds = sys.argv[1:], 0
    if arguments[:1] == ["--shuffled"] and len(arguments) > 1:
        seeds, arguments = int(arguments[1]), arguments[2:]
    if len(arguments) < 2:
        sys.exit(__doc__)
    paths = [pathlib.Path(name) for name in arguments[2:]] or sorted(HERE.glob("*/*/*.yaml"))
    sys.exit(run(seeds, arguments[0], arguments[1], paths))


main()
