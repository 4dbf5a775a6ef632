#!/usr/bin/env python3
"""Runs golden cases through `settledctl replay`.

golden.py SETTLEDCTL PACKS [FILE...]   the files named, or all of <region>/<policy>/*.yaml beside this script
golden.py --shuffled SEEDS SETTLEDCTL PACKS [FILE...]   the same in other orders and with repeats: the end must be the same
golden.py --prove                      shows that a wrong amount, a line too many or too few, and a reason are seen

A case is described in case.py.
"""
import concurrent.futures
import copy
import functools
import os
import pathlib
import random
import sys

import case as golden

HERE = pathlib.Path(__file__).resolve().parent
REGIONS = {"yangcheng": "140522", "pingshun": "140425", "jingning": "331127", "qingyang": "621000", "shangluo": "611000"}


def run_case(settledctl, packs, region, case):
    return golden.compare(case, golden.replay(settledctl, packs, golden.facts_of(case, region)))


def reordered(seed, facts):
    """The same set of facts: another order, and about a third of them twice."""
    rng = random.Random(seed)
    found = facts + [fact for fact in facts if rng.random() < 0.3]
    rng.shuffle(found)
    return found


def run_shuffled(seeds, settledctl, packs, region, case):
    facts = golden.facts_of(case, region)
    complaints = []
    for seed in range(seeds):
        outputs = golden.replay(settledctl, packs, reordered(seed, facts))
        complaints += [f"order {seed}: {complaint}" for complaint in golden.compare_ends(case, outputs)]
    return complaints


def safely(check, *arguments):
    try:
        return check(*arguments)
    except (golden.ReplayError, KeyError, ValueError) as error:
        return [f"{type(error).__name__}: {error}"]


def cases_in(path):
    region = REGIONS[path.resolve().relative_to(HERE).parts[0]]
    for place, case in enumerate(golden.load(path), 1):
        missing = {"article", "why", "given", "expect"} - set(case)
        if missing:
            raise SystemExit(f"{path}, case {place}: no {', '.join(sorted(missing))}")
        yield f"{path.resolve().relative_to(HERE)} case {place}", region, case


def run(check, settledctl, packs, paths):
    cases = [found for path in paths for found in cases_in(path)]
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(lambda found: safely(check, settledctl, packs, found[1], found[2]), cases))
    failed = 0
    for (place, _, case), complaints in zip(cases, results):
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
    arguments, check = sys.argv[1:], run_case
    if arguments[:1] == ["--shuffled"] and len(arguments) > 1:
        check, arguments = functools.partial(run_shuffled, int(arguments[1])), arguments[2:]
    if len(arguments) < 2:
        sys.exit(__doc__)
    paths = [pathlib.Path(name) for name in arguments[2:]] or sorted(HERE.glob("*/*/*.yaml"))
    sys.exit(run(check, arguments[0], arguments[1], paths))


main()
