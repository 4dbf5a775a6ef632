#!/usr/bin/env python3
"""astray.py send   sends grants as a client that hashes keys with CRC32 does, and stays without any key
astray.py read   each of the persons must have been settled with the grant, once and to the fen
"""
import sys

import wire
from reader import PERSON, grant_of, stay_of

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def person(number):
    body = PERSON[:14] + f"{number:03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS)) % 11]


PERSONS = [person(number) for number in range(100, 120)]


def send():
    wire.produce("identity-change", [(one, grant_of(one).SerializeToString()) for one in PERSONS], "consistent")
    wire.produce("discharge", [("", stay_of(one).SerializeToString()) for one in PERSONS], "random")


def read():
    settled = dict.fromkeys(PERSONS, 0)
    for _, _, key, settlement in wire.consume("settlement"):
        assert key == settlement.person_id
        settled[key] += settlement.delta_fen
    wrong = [number for number, one in enumerate(PERSONS) if settled[one] != 21000_00]
    assert not wrong, f"{len(wrong)} of {len(PERSONS)} were not settled with their grant"
    assert not wire.consume("rejection"), "something was rejected"
    print(f"{len(PERSONS)} persons, each found at home")


send() if sys.argv[1] == "send" else read()
