"""Our JSON mapping beside protobuf's own: json_cross_check.py TOOL GENERATED [SEED].

Random messages of every type go both ways through both; odd texts must be taken or refused alike. Where ours is
stricter on purpose, STRICTER says so case by case; random damage to good JSON may be refused by ours alone, but never
taken by ours alone, and never read as another message.
"""
import json
import random
import subprocess
import sys

sys.path.insert(0, sys.argv[2])
import kinds_pb2
import settled_pb2
from google.protobuf import descriptor, json_format

SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 20230107
MESSAGES_OF_A_TYPE = 400
DAMAGED_OF_A_TYPE = 1500
FIRST_SECOND, LAST_SECOND = -62135596800, 253402300799

D = descriptor.FieldDescriptor
OUTER = ["Admission", "Discharge", "IdentityChange", "RosterUpdate", "PersonFact", "CaseAction", "PeriodClose",
         "Settlement", "Warning", "RosterReceipt", "Rejection", "PaymentRequest"]
TYPES = {name: getattr(settled_pb2, name) for name in OUTER} | {"Kinds": kinds_pb2.Kinds}

RANGES = {D.CPPTYPE_INT32: (-2**31, 2**31 - 1), D.CPPTYPE_INT64: (-2**63, 2**63 - 1),
          D.CPPTYPE_UINT32: (0, 2**32 - 1), D.CPPTYPE_UINT64: (0, 2**64 - 1)}
TEXTS = ["", "a", "王秀英", "140425195803120021", "quote \" backslash \\ slash /", "tab\tline\nend", "\u0001\u001f\u007f",
         "\u2028\u2029", "😀𠀀", "null", "0", "  ", "é" * 300, "\ufeff", "\uffff"]


def fresh_scalar(rng, field):
    if field.cpp_type in RANGES:
        low, high = RANGES[field.cpp_type]
        return rng.choice([0, 1, low, high, max(low, -1), rng.randint(low, high), rng.randint(0, 100000)])
    if field.cpp_type == D.CPPTYPE_BOOL:
        return rng.random() < 0.5
    if field.cpp_type == D.CPPTYPE_ENUM:
        # Zero in a list is written with the name that input may not use, and is left to cases().
        known = [v.number for v in field.enum_type.values if v.number != 0]
        return rng.choice(known + [rng.randint(100, 2**31 - 1), -rng.randint(100, 2**31)])
    if field.type == D.TYPE_BYTES:
        return rng.randbytes(rng.choice([0, 1, 2, 3, 4, 5, 31, 300]))
    return rng.choice(TEXTS)


def fill_stamp(rng, stamp):
    stamp.seconds = rng.choice([0, -1, FIRST_SECOND, LAST_SECOND, rng.randint(FIRST_SECOND, LAST_SECOND),
                                rng.randint(1600000000, 1700000000)])
    stamp.nanos = rng.choice([0, 1, 999999999, 500000000, 1000000, 120000, 1000, rng.randint(0, 999999999)])


def fill_message(rng, message, depth):
    if message.DESCRIPTOR.full_name == "google.protobuf.Timestamp":
        fill_stamp(rng, message)
        return
    for field in message.DESCRIPTOR.fields:
        if rng.random() < 0.35:
            fill_field(rng, message, field, depth)


def fill_field(rng, message, field, depth):
    is_message = field.cpp_type == D.CPPTYPE_MESSAGE
    if is_message and field.message_type.GetOptions().map_entry:
        fill_map(rng, getattr(message, field.name), field.message_type.fields_by_name["value"], depth)
    elif is_message and field.message_type.name == "Kinds" and depth >= 3:
        return
    elif field.label == D.LABEL_REPEATED:
        for _ in range(rng.randint(0, 4)):
            if is_message:
                fill_message(rng, getattr(message, field.name).add(), depth + 1)
            else:
                getattr(message, field.name).append(fresh_scalar(rng, field))
    elif is_message:
        getattr(message, field.name).SetInParent()
        fill_message(rng, getattr(message, field.name), depth + 1)
    else:
        setattr(message, field.name, fresh_scalar(rng, field))


def fill_map(rng, container, value, depth):
    for key in rng.sample(TEXTS, rng.randint(0, 4)):
        if value.cpp_type != D.CPPTYPE_MESSAGE:
            container[key] = fresh_scalar(rng, value)
        elif value.message_type.name != "Kinds" or depth < 3:
            fill_message(rng, container[key], depth + 1)


class Tool:
    """Asks the C tool many questions in one run."""

    def __init__(self, path):
        self.path = path

    def ask(self, questions):
        text = "".join("\t".join(question) + "\n" for question in questions)
        run = subprocess.run([self.path], input=text.encode(), capture_output=True, check=False)
        if run.returncode != 0:
            sys.exit(f"the tool ended with {run.returncode}: {run.stderr.decode()[-4000:]}")
        # Not splitlines(): texts hold U+2028.
        answers = run.stdout.decode().split("\n")[:-1]
        if len(answers) != len(questions):
            sys.exit(f"{len(questions)} questions, {len(answers)} answers")
        return answers


failures = []


def expect(condition, *what):
    if not condition:
        failures.append(what)


def python_reads(name, text):
    """The message that protobuf's own implementation reads, or None."""
    try:
        return json_format.Parse(text, TYPES[name]())
    except (json_format.ParseError, ValueError, TypeError, OverflowError, RecursionError, AttributeError):
        return None


def of_hex(name, answer):
    return None if answer.startswith("!") else TYPES[name].FromString(bytes.fromhex(answer))


def check_random(tool, rng, name):
    messages = []
    for _ in range(MESSAGES_OF_A_TYPE):
        message = TYPES[name]()
        fill_message(rng, message, 0)
        messages.append(message)
    theirs = [json_format.MessageToJson(m, indent=None) for m in messages]
    original = [json_format.MessageToJson(m, indent=None, preserving_proto_field_name=True) for m in messages]
    written = tool.ask([(name, "json", m.SerializeToString().hex()) for m in messages])
    read = tool.ask([(name, "hex", text) for text in theirs])
    read_original = tool.ask([(name, "hex", text) for text in original])
    read_own = tool.ask([(name, "hex", text) for text in written])
    for i, message in enumerate(messages):
        same = not written[i].startswith("!") and json.loads(written[i]) == json.loads(theirs[i])
        expect(same, name, "writes", written[i], theirs[i])
        for answer in (read[i], read_original[i], read_own[i]):
            expect(of_hex(name, answer) == message, name, "reads", theirs[i], answer)
    return theirs


# What damage puts in place of a value: each is right somewhere and wrong elsewhere.
ODD_VALUES = [None, True, False, 0, 1, -1, 7, 1.0, 1.5, 1e3, -2e2, 2**31, 2**31 - 1, -2**31, -2**31 - 1,
              2**63 - 1, 2**63, -2**63, -2**63 - 1, 2**53, "", "0", "12", "-12", "+5", " 5", "5 ", "1e3", "0x10",
              "007", "-", "1_000", "NaN", "null", "true", "GRANT", "INPATIENT", "RED", "red", "CARE_UNSPECIFIED",
              "2023-01-01", "2023-01-01T00:00:00Z", "2023-02-30T00:00:00Z", "1972-01-01T10:00:20.021-05:00",
              "2023-01-01t00:00:00z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z",
              "2023-01-01T00:00:00.1234567891Z", "YWJj", "YQ==", "YQ", "-_-_", "+/+/", "Y", [], [1], [None],
              ["a", "b"], {}, {"a": 1}, {"a": "b"}, {"personId": "x"}, {"a": None}]


def places(value, found):
    """Every (container, key) of a parsed JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found.append((value, key))
        places(inner, found)
    return found


def damage(rng, text):
    value = json.loads(text)
    found = places(value, [])
    if not found or rng.random() < 0.05:
        return json.dumps({rng.choice(["personId", "nonsense", "a b", ""]): rng.choice(ODD_VALUES)})
    container, key = rng.choice(found)
    if isinstance(container, dict) and rng.random() < 0.1:
        container[rng.choice(["Region", "region ", "region_", key + "X", key.upper()])] = container.pop(key)
    else:
        container[key] = rng.choice(ODD_VALUES)
    return json.dumps(value, ensure_ascii=rng.random() < 0.5)


def check_damaged(tool, rng, name, good):
    texts = [damage(rng, rng.choice(good)) for _ in range(DAMAGED_OF_A_TYPE)]
    texts = [text for text in texts if "\n" not in text]
    taken = 0
    for text, answer in zip(texts, tool.ask([(name, "hex", text) for text in texts])):
        ours, theirs = of_hex(name, answer), python_reads(name, text)
        expect(ours is None or ours == theirs, name, "damaged", text, answer)
        taken += ours is not None
    expect(0 < taken < len(texts), name, "damage takes and breaks", taken)


# (type, text): taken or refused alike, and read as the same message.
ALIKE = [
    ("Discharge", "{}"),
    ("Discharge", ' { "eventId" : "a" , "source" : null } '),
    ("Discharge", '{"costs":{"totalFen":1e5,"in_policy_fen":"100","preSelfPayFen":100.0}}'),
    ("Discharge", '{"costs":{"totalFen":"9223372036854775807"}}'),
    ("Discharge", '{"costs":{"totalFen":"9223372036854775808"}}'),
    ("Discharge", '{"costs":{"totalFen":9223372036854775807}}'),
    ("Discharge", '{"costs":{"totalFen":-9223372036854775808}}'),
    ("Discharge", '{"costs":{"totalFen":9223372036854775808}}'),
    ("Discharge", '{"costs":{"totalFen":1.5}}'),
    ("Discharge", '{"costs":{"totalFen":1e400}}'),
    ("Discharge", '{"costs":{"totalFen":"1.5"}}'),
    ("Discharge", '{"costs":{"totalFen":"1e3"}}'),
    ("Discharge", '{"costs":{"totalFen":""}}'),
    ("Discharge", '{"costs":{"totalFen":"0x1"}}'),
    ("Discharge", '{"costs":{"totalFen":true}}'),
    ("Discharge", '{"costs":null,"paid":{"criticalIllnessFen":0}}'),
    ("Discharge", '{"paid":{"criticalIllnessFen":null}}'),
    ("Discharge", '{"paid":{}}'),
    ("Discharge", '{"chronicClass":2147483648}'),
    ("Discharge", '{"chronicClass":-2147483648}'),
    ("Discharge", '{"chronicClass":"3"}'),
    ("Discharge", '{"care":"INPATIENT"}'),
    ("Discharge", '{"care":1}'),
    ("Discharge", '{"care":0}'),
    ("Discharge", '{"care":77}'),
    ("Discharge", '{"care":"inpatient"}'),
    ("Discharge", '{"care":"NOWHERE"}'),
    ("Discharge", '{"care":{}}'),
    ("Discharge", '{"trial":1}'),
    ("Discharge", '{"trial":"true"}'),
    ("Discharge", '{"trial":true}'),
    ("Discharge", '{"name":5}'),
    ("Discharge", '{"name":"\\ud83d\\ude00"}'),
    ("Discharge", '{"name":"\\ud83d"}'),
    ("Discharge", '{"institution":"x"}'),
    ("Discharge", '{"unknown":1}'),
    ("Discharge", '{"eventId":"a","eventId":"b"}'),
    ("Discharge", '{"eventId":"a"} x'),
    ("Discharge", '{"eventId":"a"'),
    ("Discharge", '{"eventId":"a",}'),
    ("Discharge", "{'eventId':'a'}"),
    ("Discharge", ""),
    ("Discharge", "null"),
    ("Discharge", "5"),
    ("Discharge", '{"costs":{"totalFen":01}}'),
    ("Discharge", '{"costs":{"totalFen":NaN}}'),
    ("Discharge", '{"admittedAt":"2023-03-01T09:30:00+08:00"}'),
    ("Discharge", '{"admittedAt":"2023-03-01T09:30:00.5Z"}'),
    ("Discharge", '{"admittedAt":"2023-03-01T09:30:00.123456789-11:30"}'),
    ("Discharge", '{"admittedAt":"2023-03-01T09:30:00.1234567890Z"}'),
    ("Discharge", '{"admittedAt":"2024-02-29T00:00:00Z"}'),
    ("Discharge", '{"admittedAt":"2023-02-29T00:00:00Z"}'),
    ("Discharge", '{"admittedAt":"2023-03-01T24:00:00Z"}'),
    ("Discharge", '{"admittedAt":"2023-03-01T23:60:00Z"}'),
    ("Discharge", '{"admittedAt":"2016-12-31T23:59:60Z"}'),
    ("Discharge", '{"admittedAt":"2023-03-01T09:30:00"}'),
    ("Discharge", '{"admittedAt":"2023-03-01 09:30:00Z"}'),
    ("Discharge", '{"admittedAt":"2023-03-01t09:30:00Z"}'),
    ("Discharge", '{"admittedAt":"2023-03-01T09:30:00z"}'),
    ("Discharge", '{"admittedAt":"2023-03-01T09:30:00ZZ"}'),
    ("Discharge", '{"admittedAt":"2023-03-01T09:30:00+0800"}'),
    ("Discharge", '{"admittedAt":"10000-01-01T00:00:00Z"}'),
    ("Discharge", '{"admittedAt":"0000-01-01T00:00:00Z"}'),
    ("Discharge", '{"admittedAt":""}'),
    ("Discharge", '{"admittedAt":null}'),
    ("CaseAction", '{"encounterIds":["a",null]}'),
    ("CaseAction", '{"encounterIds":null}'),
    ("CaseAction", '{"encounterIds":[]}'),
    ("CaseAction", '{"encounterIds":"a"}'),
    ("CaseAction", '{"encounterIds":["",""]}'),
    ("RosterUpdate", '{"rows":[{"attributes":{"paid_on":"2023-01-01","":""}}]}'),
    ("RosterUpdate", '{"rows":[{"attributes":{"a":null}}]}'),
    ("RosterUpdate", '{"rows":[{"attributes":{"a":5}}]}'),
    ("RosterUpdate", '{"rows":[{"attributes":[]}]}'),
    ("RosterUpdate", '{"rows":[null]}'),
    ("RosterUpdate", '{"rows":[{}]}'),
    ("PersonFact", '{"enrolment":{}}'),
    ("PersonFact", '{"enrolment":{},"contribution":null}'),
    ("PersonFact", '{"enrolment":{},"contribution":{}}'),
    ("PersonFact", '{"contribution":{"scheme":"EMPLOYEE"}}'),
    ("Rejection", '{"key":"YWJj"}'),
    ("Rejection", '{"key":"YQ=="}'),
    ("Rejection", '{"key":"YQ"}'),
    ("Rejection", '{"key":"-_-_"}'),
    ("Rejection", '{"key":"+/+/"}'),
    ("Rejection", '{"key":"Y"}'),
    ("Rejection", '{"key":5}'),
    ("Kinds", '{"plainUint32":4294967295,"plainUint64":"18446744073709551615","zigzagInt32":-1}'),
    ("Kinds", '{"plainUint32":-1}'),
    ("Kinds", '{"plainUint32":4294967296}'),
    ("Kinds", '{"plainUint64":"18446744073709551616"}'),
    ("Kinds", '{"plainUint64":-1}'),
    ("Kinds", '{"oneText":""}'),
    ("Kinds", '{"oneRaw":""}'),
    ("Kinds", '{"oneInt64":0}'),
    ("Kinds", '{"oneFlag":false,"oneText":"x"}'),
    ("Kinds", '{"oneInner":{"oneInner":{"oneText":"x"}}}'),
    ("Kinds", '{"under1Score":"a","trailing2xName":"b"}'),
    ("Kinds", '{"under_1_score":"a","trailing_2x_name":"b"}'),
    ("Kinds", '{"colour":-7,"manyColours":["BLUE",1,99]}'),
    ("Kinds", '{"counts":{"a":"1","b":2,"c":3.0}}'),
    ("Kinds", '{"counts":{"a":1,"a":2}}'),
    ("Kinds", '{"counts":{"a":1.5}}'),
    ("Kinds", '{"innerByName":{"a":{},"b":{"text":"x"}}}'),
    ("Kinds", '{"manyAt":["2023-01-01T00:00:00Z",null]}'),
]

# (type, text, why): ours refuses what Python takes.
STRICTER = [
    ("Discharge", '{"care":"CARE_UNSPECIFIED"}', "the contract: it may not be named"),
    ("Discharge", '{"care":"1"}', "a number in quotes is not a name"),
    ("Discharge", '{"care":1.5}', "not whole"),
    ("Discharge", '{"eventId":"a","event_id":"b"}', "one field twice under two names"),
    ("Discharge", '{"eventId":"a","event_id":null}', "the same, though one of them says nothing"),
    ("Discharge", "[]", "an empty list is no message"),
    ("Discharge", '{"institution":[]}', "an empty list is no message"),
    ("Kinds", '{"innerByName":{"a":[]}}', "an empty list is no message"),
    ("Discharge", '{"costs":{"totalFen":"1_000"}}', "Python's own spelling of integers"),
    ("Discharge", '{"costs":{"totalFen":"+5"}}', "JSON has no plus sign"),
    ("Discharge", '{"costs":{"totalFen":"\\t5"}}', "white space in a number"),
    ("Discharge", '{"costs":{"totalFen":"\u0665"}}', "digits of another script"),
    ("Discharge", '{"costs":{"totalFen":9007199254740994.0}}', "beyond what a double holds exactly"),
    ("Discharge", '{"name":"a\\u0000b"}', "a C string cannot hold it"),
    ("Rejection", '{"key":"Y*Q="}', "not base64; Python drops what it does not know"),
    ("Rejection", '{"key":"YQ="}', "half a padding"),
    ("Rejection", '{"key":"+/-_"}', "two alphabets in one text"),
    ("Kinds", '{"plainUint64":18446744073709551615}', "the parser's integers are signed; in quotes it is taken"),
    ("Discharge", '{"admittedAt":"0001-01-01T00:00:00+08:00"}', "before year 1 in UTC"),
    ("Discharge", '{"admittedAt":"2023-01-01T00:00:00+99:99"}', "no such offset"),
    ("Discharge", '{"admittedAt":"2023-1-1T0:0:0Z"}', "RFC 3339 has two digits"),
    ("Discharge", '{"admittedAt":"2023-01-01T00:00:00.Z"}', "a point without decimals"),
]


def check_cases(tool):
    for (name, text), answer in zip(ALIKE, tool.ask([(name, "hex", text) for name, text in ALIKE])):
        theirs = python_reads(name, text)
        expect(of_hex(name, answer) == theirs, name, "alike", text, answer, theirs)
    for (name, text, why), answer in zip(STRICTER, tool.ask([(name, "hex", text) for name, text, _ in STRICTER])):
        stricter = answer.startswith("!") and python_reads(name, text) is not None
        expect(stricter, name, "stricter:", why, text, answer)
    # The unspecified value is seen in a list only, and is then written by its name.
    zero = settled_pb2.Settlement(reasons=[0, 1])
    answer = tool.ask([("Settlement", "json", zero.SerializeToString().hex())])[0]
    same = json.loads(answer) == json.loads(json_format.MessageToJson(zero))
    expect(same, "Settlement", "unspecified in a list", answer)


def check_instants_out_of_range(tool):
    stamps = [(FIRST_SECOND - 1, 0), (LAST_SECOND + 1, 0), (0, -1), (0, 1000000000), (2**63 - 1, 0), (-2**63, 0)]
    questions = []
    for seconds, nanos in stamps:
        message = settled_pb2.Warning()
        message.emitted_at.seconds, message.emitted_at.nanos = seconds, nanos
        questions.append(("Warning", "json", message.SerializeToString().hex()))
    for stamp, answer in zip(stamps, tool.ask(questions)):
        expect(answer.startswith("!BAD_DATE\temittedAt\t"), "Warning", "instant", stamp, answer)


def main():
    rng, tool = random.Random(SEED), Tool(sys.argv[1])
    for name in TYPES:
        good = check_random(tool, rng, name)
        check_damaged(tool, rng, name, good)
    check_cases(tool)
    check_instants_out_of_range(tool)
    for failure in failures[:20]:
        print(*failure, sep="\n    ")
    print(f"seed {SEED}: {len(TYPES)} types, {len(TYPES) * MESSAGES_OF_A_TYPE} messages both ways, "
          f"{len(TYPES) * DAMAGED_OF_A_TYPE} damaged, {len(ALIKE)} + {len(STRICTER)} cases, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
