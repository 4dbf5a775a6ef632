#!/usr/bin/env python3
"""reader.py send   sends a stay in Pingshun of somebody with the subsistence allowance, and bytes that are nothing
reader.py read   reads settlement, warning and rejection, and checks each field that somebody downstream lives on
"""
import sys

import wire

PERSON, NAME = "140522196001010010", "李四"


def grant_of(person):
    grant = wire.message_of("identity-change")
    grant.event_id, grant.source, grant.region = "g", "civil-affairs", "140425"
    grant.person_id, grant.name = person, NAME
    grant.recorded_at.FromJsonString("2023-01-01T00:00:00Z")
    grant.category, grant.action, grant.effective_on = grant.SUBSISTENCE_ALLOWANCE, grant.GRANT, "2023-01-01"
    return grant


def stay_of(person):
    """S = 30000."""
    stay = wire.message_of("discharge")
    stay.event_id, stay.source, stay.region = "d", "h1", "140425"
    stay.person_id, stay.name = person, NAME
    stay.recorded_at.FromJsonString("2023-06-01T00:00:00Z")
    stay.encounter_id, stay.version, stay.care = "e", 1, stay.INPATIENT
    stay.admitted_at.FromJsonString("2023-05-01T00:00:00Z")
    stay.discharged_at.FromJsonString("2023-05-20T00:00:00Z")
    stay.institution.code, stay.institution.name, stay.institution.region = "H1", "县医院", "140425"
    stay.institution.designated = True
    stay.costs.total_fen = stay.costs.in_policy_fen = 50000_00
    stay.paid.basic_fen, stay.paid.critical_illness_fen = 20000_00, 0
    return stay


def send():
    wire.produce("identity-change", [(PERSON, grant_of(PERSON).SerializeToString())])
    wire.produce("discharge", [(PERSON, b"no message at all"), (PERSON, stay_of(PERSON).SerializeToString())])


def check(what, found, expected):
    assert found == expected, f"{what}: {found}, not {expected}"


def check_settlement(key, settlement):
    """S = 30000: 70% by article 14 are 21000."""
    check("key", key, PERSON)
    check("person", settlement.person_id, PERSON)
    check("subject", (settlement.subject, settlement.subject_id), (settlement.ENCOUNTER, "e"))
    check("kind and status", (settlement.kind, settlement.status), (settlement.ORIGINAL, settlement.FINAL))
    check("applied", settlement.identity.applied, wire.CLASSES.IdentityChange.SUBSISTENCE_ALLOWANCE)
    check("trigger", (settlement.trigger.topic, settlement.trigger.offset), ("discharge", 1))
    line, = [line for line in settlement.lines if line.rule == "pingshun.inpatient"]
    check("amount", (line.amount_fen, line.base_fen, line.rate_bp), (21000_00, 30000_00, 7000))
    check("fund", line.fund, line.ASSISTANCE)
    assert line.article and line.note, "a line without its article or its sentence"
    check("delta", settlement.delta_fen, sum(line.delta_fen for line in settlement.lines))
    check("burden", settlement.totals.personal_burden_fen, 9000_00)
    assert settlement.settlement_id and settlement.policy_version and settlement.emitted_at.seconds


def check_warning(warning):
    check("kind", warning.kind, warning.CROSSED)
    check("burden and threshold", (warning.burden_fen, warning.threshold_fen), (9000_00, 6000_00))
    check("key person", warning.key_person, True)
    check("departments", sorted(warning.departments),
          sorted([warning.CIVIL_AFFAIRS, warning.HEALTH, warning.RURAL_REVITALIZATION]))
    check("person", (warning.person_id, warning.name), (PERSON, NAME))


def check_rejection(rejection):
    check("rejected", (rejection.topic, rejection.offset, rejection.reason), ("discharge", 0, "NOT_PROTOBUF"))
    check("payload", rejection.payload, b"no message at all")


def read():
    (_, _, key, settlement), = wire.consume("settlement")
    check_settlement(key, settlement)
    (_, _, _, warning), = wire.consume("warning")
    check_warning(warning)
    (_, _, _, rejection), = wire.consume("rejection")
    check_rejection(rejection)
    print("one settlement, one warning and one rejection, as proto/ says")


if __name__ == "__main__":
    send() if sys.argv[1] == "send" else read()
