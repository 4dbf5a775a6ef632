#!/usr/bin/env python3
"""one_person.py send N   sends the N-th stay of one person, 1 first, and that the civil servants' subsidy is theirs
one_person.py count    prints how many settlements stand, and fails if one stands twice
"""
import sys

import wire

PERSON = "140522196001010010"


def send(number):
    grant = wire.message_of("identity-change")
    grant.event_id, grant.source, grant.region = "g", "civil-affairs", "140522"
    grant.person_id, grant.name = PERSON, "李四"
    grant.recorded_at.FromJsonString("2023-01-01T00:00:00Z")
    grant.category, grant.action, grant.effective_on = grant.CIVIL_SERVANT_SUBSIDY, grant.GRANT, "2020-01-01"
    stay = wire.message_of("discharge")
    stay.event_id, stay.source, stay.region = f"d{number}", "h1", "140522"
    stay.person_id, stay.name = PERSON, "李四"
    stay.recorded_at.FromJsonString("2023-06-01T00:00:00Z")
    stay.encounter_id, stay.version, stay.care = f"e{number}", 1, stay.INPATIENT
    stay.admitted_at.FromJsonString(f"2023-02-0{number}T00:00:00Z")
    stay.discharged_at.FromJsonString(f"2023-02-0{number}T12:00:00Z")
    stay.institution.code, stay.institution.name, stay.institution.region = "H1", "县医院", "140522"
    stay.institution.designated = True
    stay.costs.total_fen = stay.costs.in_policy_fen = 800000
    stay.paid.basic_fen = 500000
    wire.produce("identity-change", [(PERSON, grant.SerializeToString())])
    wire.produce("discharge", [(PERSON, stay.SerializeToString())])


def count():
    found = [message.settlement_id for _, _, _, message in wire.consume("settlement")]
    assert len(found) == len(set(found)), "a settlement stands twice"
    print(len({message.subject_id for _, _, _, message in wire.consume("settlement")}))


send(int(sys.argv[2])) if sys.argv[1] == "send" else count()
