#!/usr/bin/env python3
"""settledctl roster push without servers: what is read, what is refused and with which row, and the records it makes.

roster_test.py SETTLEDCTL ROOT
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

from lines import ONE, TWO, discharge, person_id

PROGRAM, ROOT = sys.argv[1:3]
LIST = ["--region", "140425", "--department", "民政局", "--category", "低保对象", "--mode", "FULL",
        "--stated-on", "2024-03-07", "--delivered-on", "2024-03-07"]
OTHER = ["--region", "140425", "--department", "医保局", "--stated-on", "2024-03-07", "--delivered-on", "2024-03-07"]


def run(*arguments, given=b"", **environment):
    done = subprocess.run([PROGRAM, *arguments], input=given if isinstance(given, bytes) else given.encode(),
                          capture_output=True, check=False,
                          env={"SETTLED_PACKS": f"{ROOT}/policy/packs",
                               "SETTLED_ROSTER_WORDS": f"{ROOT}/cli/roster.yaml", **environment})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def push(text, *options):
    return run("roster", "push", "--print", *options, "-", given=text)


def records(text, *options):
    code, out, err = push(text, *options)
    assert code == 0, err
    return [json.loads(line)["value"] for line in out.splitlines()]


def rows(text, *options):
    return [row for record in records(text, *options) for row in record["rows"]]


class Words(unittest.TestCase):
    def refused(self, why, *words, code=2):
        got, out, err = run("roster", *words, given="身份证号,姓名\n")
        self.assertEqual((got, out), (code, ""), words)
        self.assertIn(why, err)

    def test_each_says_what_is_allowed(self):
        self.refused("usage")
        self.refused("usage", "pull")
        self.refused("usage", "push")
        self.refused("usage", "push", *LIST, "a", "b")
        self.refused("usage", "push", *LIST, "--dry-run", "--print", "-")
        self.refused("--region: must be given", "push", "-")
        self.refused("--region: 6 digits", "push", "--region", "14042x", "-")
        self.refused("--department: must be given", "push", "--region", "140425", "-")
        self.refused("--kind: one of HARDSHIP", "push", *OTHER, "--kind", "POOR", "-")
        self.refused("--mode: one of FULL, DELTA", "push", *OTHER, "--mode", "ALL", "-")
        self.refused("--category: must be given", "push", *OTHER, "--mode", "FULL", "-")
        self.refused("--category: a category", "push", *OTHER, "--mode", "FULL", "--category", "RELATIVE", "-")
        self.refused("--mode: must be given", "push", *OTHER, "--category", "RETIRED", "-")
        self.refused("--category: belongs to", "push", *OTHER, "--kind", "FUND", "--category", "RETIRED", "-")
        self.refused("--stated-on: a day", "push", *LIST, "--stated-on", "2024-02-30", "-")
        self.refused("--note: ", "push", *LIST, "--stated-on", "2024-03-06", "-")
        self.refused("--wait: seconds", "push", *LIST, "--wait", "0", "-")
        self.refused("--set: COLUMN=VALUE", "push", *LIST, "--set", "yaer=2024", "-")
        self.refused("No such file", "push", *LIST, "/nowhere.csv", code=1)

    def test_a_vocabulary_that_cannot_be_used(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as words:
            words.write("columns:\n  persn_id: [身份证号]\n")
            words.flush()
            code, out, err = run("roster", "push", *LIST, "--words", words.name, "--print", "-", given="a")
        self.assertEqual((code, out), (1, ""))
        self.assertIn(f"{words.name}:2:3: unknown key `persn_id`, did you mean `person_id`?", err)


class Reading(unittest.TestCase):
    TEXT = f"平顺县名单,,\r\n身份证号码（必填）,姓　名*,生效日期\r\n'{ONE.lower()},张　三,2024年1月1日\r\n,,\r\n{TWO} ,\"李\n四\",2024/1/2"
    ROWS = [{"personId": ONE, "name": "张三", "from": "2024-01-01"},
            {"personId": TWO, "name": "李四", "from": "2024-01-02"}]

    def test_every_encoding_and_separator(self):
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            for separator in ",\t;":
                text = self.TEXT.replace(",", separator).encode(encoding)
                self.assertEqual(rows(text, *LIST), self.ROWS, (encoding, separator))

    def test_the_name_is_that_of_the_content(self):
        def name(text, *options):
            return records(text, *LIST, *options)[0]["rosterId"]
        again = name(self.TEXT)
        time.sleep(0.01)
        self.assertEqual(name(self.TEXT), again)
        self.assertEqual(name(self.TEXT.encode("gb18030")), again)
        self.assertNotEqual(name(self.TEXT.replace("四", "五")), again)
        self.assertNotEqual(name(self.TEXT, "--mode", "DELTA"), again)
        self.assertNotEqual(name(self.TEXT, "--stated-on", "2024-03-06", "--note", "补报"), again)
        self.assertEqual(name(self.TEXT, "--roster-id", "march"), "march")

    def test_a_list_of_real_size_in_parts(self):
        text = "身份证号,姓名\n" + "".join(f"{person_id(n % 999)},张{n}\n" for n in range(2500))
        parts = records(text, *LIST)
        self.assertEqual([(part["part"], part["parts"], len(part["rows"])) for part in parts],
                         [(1, 3, 1000), (2, 3, 1000), (3, 3, 500)])
        self.assertEqual([row["name"] for part in parts for row in part["rows"]], [f"张{n}" for n in range(2500)])
        self.assertEqual(len({part["rosterId"] for part in parts}), 1)

    def test_what_replay_says_of_it(self):
        _, out, _ = push(self.TEXT, *LIST)
        code, out, err = run("replay", "-", given=discharge() + "\n" + out)
        self.assertEqual(code, 0, err)
        last = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([record["value"].get("deltaFen") for record in last if record["topic"] == "settlement"],
                         [None, "770000"])


class Refused(unittest.TestCase):
    def refused(self, text, *told, options=LIST):
        code, out, err = push(text, *options)
        self.assertEqual((code, out), (2, ""))
        for words in told:
            self.assertIn(words, err)
        self.assertNotIn("张三", err)
        self.assertNotIn(ONE, err)

    def test_each_row_with_its_number(self):
        self.refused(f"名单\n\n身份证号,姓名,起始日期\n1.40425E+17,张三,\n\"{ONE}\",\"张\n三\",\n140425500101001,张三,44986\n"
                     f"{ONE[:15]}000,张三,\n,张三,昨天\n{ONE},张三,,x\n",
                     "第4行  身份证号被写成了科学计数法", "第6行  身份证号是15位旧号码", "第6行  起始日期是Excel的日期序号",
                     "第7行  身份证号后三位变成了000", "第8行  身份证号没有填写", "第8行  起始日期不是日期", "第9行  这一行的格数多于表头",
                     "有7处无法读取")

    def test_files_that_are_no_lists(self):
        self.refused(b"", "找不到表头")
        self.refused("姓名,年龄\n张三,3\n", "找不到表头")
        self.refused(b"PK\x03\x04\x00\xff", "不是CSV文本")
        self.refused("身份证号\n", "表头缺少“姓名”列")
        self.refused("身份证号,姓名\n", "表头下面一行也没有")
        self.refused("身份证号,证件号码,姓名\n1,2,张三\n", "有2列都是“身份证号”")
        self.refused(f"身份证号,姓名\n{ONE},\"张三\n", "第2行：引号没有配对")

    def test_words_and_amounts(self):
        self.refused(f"身份证号,姓名,操作\n{ONE},张三,也许\n", "第2行  操作不是认得的写法")
        self.refused(f"身份证号,姓名,金额（万元）,险种,所属期,缴费日期\n{ONE},张三,1,职工医保,2023,2023-01-01\n",
                     "表头缺少“金额”列", options=[*OTHER, "--kind", "CONTRIBUTION"])
        self.refused(f"身份证号,姓名,金额（元）,险种,所属期,缴费日期\n{ONE},张三,12.345,职工医保,2023.1,2023-01-01\n",
                     "第2行  金额不是金额", "第2行  费款所属期不是年月", options=[*OTHER, "--kind", "CONTRIBUTION"])


class Kinds(unittest.TestCase):
    def test_grants(self):
        row, = rows(f"身份证号,姓名,操作,缴费方式,姓名已更正\n{ONE},张三,退出,按月,是\n", *LIST)
        self.assertEqual((row["action"], row["attributes"]),
                         ("REMOVE", {"funding": "MONTHLY", "corrected_name": "true"}))

    def test_contributions(self):
        row, = rows(f"证件号码,人员姓名,险种,费款所属期,缴费日期,缴费金额（元）,划入个人账户,备注\n"
                    f"{ONE},张三,补充医保,202303,2023.03.09,\"￥1,234.50元\",5,x\n", *OTHER, "--kind", "CONTRIBUTION")
        self.assertEqual(row["attributes"], {"scheme": "SUPPLEMENTARY", "period": "2023-03", "paid_on": "2023-03-09",
                                             "amount_fen": "123450", "account_credit_fen": "500"})

    def test_enrolments_with_what_the_file_lacks(self):
        row, = rows(f"公民身份号码,姓名,缴费日期\n{ONE},张三,\n", *OTHER, "--kind", "ENROLMENT", "--set", "year=2024年",
                    "--set", "premium=380")
        self.assertEqual(row["attributes"], {"year": "2024", "premium_fen": "38000"})

    def test_families(self):
        row, = rows(f"身份证号,姓名,亲属身份证号,关系\n{ONE},张三,{TWO.lower()},妻子\n", *OTHER, "--kind", "FAMILY")
        self.assertEqual(row["attributes"], {"relative_id": TWO, "relation": "SPOUSE"})

    def test_funds(self):
        row, = rows("基金,资金来源,金额,日期\n医疗救助,省级补助,\"1,000,000\",20240105\n", *OTHER, "--kind", "FUND")
        self.assertEqual(row, {"attributes": {"fund": "ASSISTANCE", "source": "CENTRAL", "amount_fen": "100000000",
                                              "date": "2024-01-05"}})


if __name__ == "__main__":
    os.environ.pop("SETTLED_ROSTER_WORDS", None)
    unittest.main(argv=sys.argv[:1])
