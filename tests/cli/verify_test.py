#!/usr/bin/env python3
"""settledctl verify beside the processor: quiet where all agrees, and every difference that is planted is found.

verify_test.py BIN PACKS   with SETTLED_TEST_BROKERS and SETTLED_TEST_REDIS in the environment, and no topics there
"""
import csv
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest

from lines import REGION, discharge, grant, person_id

BIN, PACKS = sys.argv[1:3]
BROKERS, REDIS = os.environ["SETTLED_TEST_BROKERS"], os.environ["SETTLED_TEST_REDIS"]
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../integration/processes")
import redis_hand  # noqa: E402
import wire  # noqa: E402

PARTITIONS = 3
WAIT_S = 60


def run(*arguments, given="", **more):
    environment = {"SETTLED_KAFKA_BROKERS": BROKERS, "SETTLED_REDIS_ADDRESS": REDIS, "SETTLED_PACKS": PACKS, **more}
    return subprocess.run([f"{BIN}/settledctl", *arguments], input=given, capture_output=True, text=True, check=False,
                          env=environment)


def produce(*lines):
    done = run("produce", "-", given="\n".join(lines))
    assert done.returncode == 0, done.stderr


class Redis(redis_hand.Redis):
    def values(self):
        return {key: self.ask("GET", key) for key in self.keys("settled:person:*:v:*")}

    def of(self, person):
        """The key of a person's own value."""
        key, = [key for key, value in self.values().items() if person.encode() in value and b"e-" in value]
        return key


def masked(person):
    return f"{REGION} {person[:6]}********{person[14:]}"


class Verify(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.redis = Redis()
        cls.folder = tempfile.TemporaryDirectory()
        cls.config = f"{cls.folder.name}/settled.yaml"
        with open(cls.config, "w", encoding="utf-8") as file:
            file.write(f'packs: "{PACKS}"\nkafka: {{ brokers: "{BROKERS}" }}\nredis: {{ address: "{REDIS}" }}\n'
                       'http: { listen: "" }\nstate: { key_file: "' + cls.folder.name + '/key" }\n')
        with open(f"{cls.folder.name}/key", "w", encoding="utf-8") as file:
            file.write("a secret of this test")
        cls.start()

    @classmethod
    def start(cls):
        cls.processor = subprocess.Popen([f"{BIN}/settled", "--config", cls.config], stderr=subprocess.DEVNULL)

    @classmethod
    def stop(cls):
        cls.processor.terminate()
        cls.processor.wait(WAIT_S)

    @classmethod
    def tearDownClass(cls):
        cls.stop()
        cls.folder.cleanup()

    def verify(self, code):
        done = run("verify", "--config", self.config)
        self.assertEqual(done.returncode, code, done)
        return done.stdout.splitlines()

    def settle(self, number, *facts):
        """A person with one stay of 7,700 yuan, then what more there is; returns when all of it has been settled."""
        person = person_id(number)
        produce(grant(person, event=f"g-{number}"), discharge(f"e-{number}", person), *facts)
        self.until_settled(person, "770000")
        return person

    def until_settled(self, person, fen):
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            shown = run("show", "person", "--config", self.config, "--region", REGION, "--person", person)
            if f'"benefitFen": "{fen}"' in shown.stdout:
                return
            time.sleep(0.1)
        self.fail(f"not settled: {shown}")

    def expect(self, planted, *patterns):
        """Exactly the planted differences are found, then their cause is mended, and nothing is found any more."""
        found = self.verify(1)
        self.assertEqual(len(found), len(patterns) + 1, found)
        for line, pattern in zip(sorted(found[:-1]), sorted(patterns)):
            self.assertRegex(line, "^" + pattern)
        self.assertRegex(found[-1], f": {len(patterns)} difference")
        planted()
        self.assertIn("all agree", self.verify(0)[-1])

    def test_1_nothing_there(self):
        self.assertEqual(self.verify(0), ["compared 0 persons, 0 subjects, 0 settlements; topic 0.00, ledger 0.00; 0 "
                                          "sums of funds, outgo 0.00: all agree"])

    def test_2_beside_a_processor_at_work(self):
        county = run("generate", "--seed", "5", "--persons", "300", "--events", "3000", "--regions", "140425,611000")
        self.assertEqual(county.returncode, 0)
        produce(self_made := discharge("e-0", person_id(0)))
        self.assertIn("e-0", self_made)
        with subprocess.Popen([f"{BIN}/settledctl", "produce", "--brokers", BROKERS, "-"], stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL, text=True) as sending:
            sending.stdin.write(county.stdout)
            sending.stdin.close()
            while sending.poll() is None:
                self.assertNotIn("difference", "".join(self.verify(0)))
        compared = 0
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            said, = self.verify(0)
            before, compared = compared, int(re.search(r"(\d+) settlements", said)[1])
            if compared == before and compared > 1000:
                break
        self.assertRegex(said, r"^compared \d+ persons, \d+ subjects, \d+ settlements; topic (\S+), ledger \1; "
                               r"[1-9]\d* sums of funds, outgo [1-9]\S+: all agree")

    def test_a_value_deleted(self):
        person = self.settle(10)
        key = self.redis.of(person)
        value = self.redis.ask("GET", key)
        self.redis.ask("DEL", key)
        self.expect(lambda: self.redis.ask("SET", key, value),
                    re.escape(f"{masked(person)} ENCOUNTER e-10: topic 7700.00, ledger 0.00, difference 7700.00: ")
                    + "stored value gone")

    def test_a_value_damaged(self):
        person = self.settle(11)
        key = self.redis.of(person)
        value = self.redis.ask("GET", key)
        self.redis.ask("SETRANGE", key, len(value) // 2, bytes([value[len(value) // 2] ^ 1]))
        self.expect(lambda: self.redis.ask("SET", key, value),
                    re.escape(f"{masked(person)} ENCOUNTER e-11: topic 7700.00, ledger 0.00, ") + ".*damaged")

    def test_an_older_value(self):
        person = self.settle(12)
        key = self.redis.of(person)
        older = self.redis.ask("GET", key)
        produce(discharge("e-12", person, version=2, in_policy_fen=2500000))
        self.until_settled(person, "700000")
        newer = self.redis.ask("GET", key)
        self.redis.ask("SET", key, older)
        self.expect(lambda: self.redis.ask("SET", key, newer),
                    re.escape(f"{masked(person)} ENCOUNTER e-12: topic 7000.00, ledger 7700.00, difference -700.00: ")
                    + "the stored ledger is not what was emitted last")

    def test_redis_behind_kafka(self):
        """As after a failover that lost the last second, before the processor is back."""
        person = self.settle(13)
        before = self.redis.values()
        offsets = {key: self.redis.ask("GET", key) for key in self.redis.keys("settled:person:*:offsets")}
        produce(discharge("e-13", person, version=2, in_policy_fen=2500000))
        self.until_settled(person, "700000")
        self.stop()
        for key, value in {**before, **offsets}.items():
            self.redis.ask("SET", key, value)
        self.expect(self.start_and_wait(person, "700000"),
                    re.escape(f"{masked(person)} ENCOUNTER e-13: topic 7000.00, ledger 7700.00, ") + ".*Redis lags")

    def start_and_wait(self, person, fen):
        def mend():
            self.start()
            self.until_settled(person, fen)
        return mend

    def last_settlement(self, person):
        """Which pays all of it, whichever of stay and grant came first."""
        return [message for _, _, key, message in wire.consume("settlement") if key == person][-1]

    def test_y_a_settlement_sent_twice(self):
        """What is in the topic stays there: these two come last."""
        person = self.settle(14)
        wire.produce("settlement", [(person, self.last_settlement(person).SerializeToString())])
        found = self.verify(1)
        self.assertEqual(len(found), 2)
        self.assertIn(f"{masked(person)} ENCOUNTER e-14: topic 15400.00, ledger 7700.00, difference 7700.00, 1 record: "
                      "emitted twice", found[0])

    def test_z_a_settlement_added_by_hand(self):
        person = self.settle(15)
        record = self.last_settlement(person)
        record.settlement_id, record.kind = "made up", record.ADJUSTMENT
        record.delta_fen = record.lines[0].delta_fen = 1
        for line in record.lines[1:]:
            line.delta_fen = 0
        record.lines[0].amount_fen += 1
        wire.produce("settlement", [(person, record.SerializeToString())])
        stranger = person_id(16)
        record.person_id, record.settlement_id = stranger, "made up as well"
        wire.produce("settlement", [(stranger, record.SerializeToString())])
        found = "\n".join(self.verify(1))
        self.assertIn(f"{masked(person)} ENCOUNTER e-15: topic 7700.01, ledger 7700.00, difference 0.01: the stored "
                      "ledger is not what was emitted last", found)
        self.assertIn(f"{masked(stranger)} ENCOUNTER e-15: topic 0.01, ledger 0.00, difference 0.01: stored value gone",
                      found)
        self.assertNotIn(person, found)

    def ledger_of_funds(self):
        """The key of the region's ledger, the only value that names a rule."""
        key, = [key for key in self.redis.keys("settled:fund:*:v:*")
                if b"pingshun.inpatient" in self.redis.ask("GET", key)]
        return key

    def test_a_fund_changed(self):
        person = self.settle(20)
        self.assertIn("all agree", self.verify(0)[-1])
        key = self.ledger_of_funds()
        older = self.redis.ask("GET", key)
        produce(discharge("e-20", person, version=2, in_policy_fen=2500000))
        self.until_settled(person, "700000")
        self.assertIn("all agree", self.verify(0)[-1])
        newer = self.redis.ask("GET", key)
        self.assertNotEqual(older, newer)
        self.redis.ask("SET", key, older)
        sums = ": entries -?[0-9.]+, ledger -?[0-9.]+, difference -700.00: .*the stored ledger is an older or changed"
        fund = f"{REGION} fund ASSISTANCE"
        self.expect(lambda: self.redis.ask("SET", key, newer), f"{fund} \\d+ pingshun.inpatient{sums}",
                    f"{fund} \\d+-\\d+{sums}")
        self.redis.ask("SETRANGE", key, len(newer) // 2, bytes([newer[len(newer) // 2] ^ 1]))
        self.expect(lambda: self.redis.ask("SET", key, newer), f"{REGION} funds: .*damaged")

    def until_done(self, *words):
        until = time.monotonic() + WAIT_S
        while (done := run(*words, "--config", self.config)).returncode != 0 and time.monotonic() < until:
            time.sleep(0.2)
        self.assertEqual(done.returncode, 0, done)
        return done

    def test_w_a_month_that_was_closed(self):
        """The office's lists of what the processor itself has sent, and payments that come to the ledger's outgo."""
        person = self.settle(22)
        warnings, payments = f"{self.folder.name}/warnings.csv", f"{self.folder.name}/payments.csv"
        listed = ["list", "warnings", "--month", "2024-03", "--region", REGION, "--out", warnings]
        self.assertEqual(run(*listed, "--config", self.config).returncode, 1, "the month is not closed yet")
        self.until_done("close", "month", "2024-03", "--region", REGION)
        self.until_done(*listed, "--department", "RURAL_REVITALIZATION")
        with open(warnings, encoding="utf-8-sig") as file:
            row, = [row for row in csv.DictReader(file) if row["身份证号"] == person]
        self.assertEqual((row["姓名"], row["预警线（元）"], row["报送期限"]), ("张三", "6000.00", "2024-04-10"))
        self.assertIn("all agree", self.verify(0)[-1])
        self.until_done("list", "payments", "--month", "2024-03", "--region", REGION, "--out", payments)
        with open(payments, encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        total = rows.pop()["金额（元）"]
        self.assertGreater(float(total), 7700)
        self.assertEqual(round(sum(float(row["金额（元）"]) for row in rows), 2), float(total))

    def test_x_a_payment_request_added_by_hand(self):
        """For a month that is not closed; what is in the topic stays there."""
        self.settle(21)
        produced = {"paymentRequestId": "made up", "region": REGION, "fund": "ASSISTANCE", "month": "2031-01",
                    "payee": "INSTITUTION", "institutionCode": "H1", "amountFen": "1"}
        wire.produce("payment-request", [("", wire.bytes_of("payment-request", produced))])
        self.assertEqual(self.verify(1)[0], f"{REGION} fund ASSISTANCE 2031-01: payment requests 0.01, ledger 0.00, "
                         "difference 0.01: requests of a closed month are still being sent, or one was added by hand")
        produced.update(paymentRequestId="taken back", amountFen="-1")
        wire.produce("payment-request", [("", wire.bytes_of("payment-request", produced))])
        self.assertIn("all agree", self.verify(0)[-1])

    def statement(self, code, *rows, encoding="gb18030", options=("--institution", "H17")):
        path = f"{self.folder.name}/statement.csv"
        with open(path, "w", encoding=encoding) as file:
            file.write("\n".join(["县医院2024年3月垫付明细", "住院号,身份证号,垫付金额（元）", *rows, ""]))
        done = run("verify", "--config", self.config, "--statement", path, *options)
        self.assertIn(done.returncode, (0, 1) if code is None else (code,), done)
        return done.stdout.splitlines()

    def test_a_statement_of_a_hospital(self):
        person, institution = person_id(17), {
            "code": "H17", "name": "县医院", "region": REGION, "level": "LEVEL_2", "chargeClass": "CLASS_2_COUNTY",
            "designated": True}
        produce(grant(person, event="g-17"), discharge("e-17", person, institution=institution),
                discharge("e-18", person, day="2024-03-06", institution=institution))
        self.until_settled(person, "770000")
        row = f"e-17,{person},"
        rows = [row + "7700.00", f"e-18,{person},7700.00", "合计,,15400.00"]
        until, said = time.monotonic() + WAIT_S, ""
        while "全部相符" not in said and time.monotonic() < until: # the other stay may still be on its way
            said = "".join(self.statement(None, *rows))
        self.assertEqual(said, "核对2笔就诊：医院15400.00元，系统15400.00元；全部相符")
        found = self.statement(1, row + "7700.01", f"e-19,{person},1", "合计,,7700.00", encoding="utf-8-sig")
        shown = f"{person[:6]}********{person[14:]}"
        self.assertEqual(found, [
            f"金额不同：就诊e-17（{shown}），第3行，医院7700.01元，系统7700.00元，相差0.01元",
            f"医院有而系统没有：就诊e-19（{shown}），第4行，1.00元",
            f"系统有而医院没有：就诊e-18（{shown}），7700.00元",
            "合计不符：第5行的合计为7700.00元，各行相加为7701.01元",
            "核对3笔就诊：医院7701.01元，系统15400.00元；4处不符"])
        self.assertEqual(self.statement(0, options=["--institution", "H17", "--month", "2024-04"]),
                         ["核对0笔就诊：医院0.00元，系统0.00元；全部相符"])
        self.assertEqual(self.statement(2, row + "七千"), [])
        self.assertEqual(run("verify", "--institution", "H17").returncode, 2)

    def test_what_cannot_run(self):
        for address in ({"--brokers": "127.0.0.1:1"}, {"--redis": "127.0.0.1:1"}):
            done = run("verify", "--config", self.config, *[word for pair in address.items() for word in pair])
            self.assertEqual((done.returncode, done.stdout), (2, ""), done)
            self.assertNotEqual(done.stderr, "")


def setUpModule():
    made = run("topics", "create", "--partitions", str(PARTITIONS))
    assert made.returncode == 0, made


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
