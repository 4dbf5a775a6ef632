#!/usr/bin/env python3
"""settledctl list: records on real topics, and the files read back by another library.

list_test.py BIN   with SETTLED_TEST_BROKERS in the environment, and no topics there
"""
import csv
import datetime
import os
import stat
import subprocess
import sys
import tempfile
import unittest

import openpyxl

from lines import REGION, person_id

BIN = sys.argv[1]
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../integration/processes")
import wire  # noqa: E402
PARTITIONS = 3
MONTH = "2023-05"
# A child begins with the memory of whoever forked it: a small one in between measures the command alone.
MEASURED = """import os, subprocess, sys
_, status, usage = os.wait4(subprocess.Popen(sys.argv[1:]).pid, 0)
print(usage.ru_maxrss, file=sys.stderr)
sys.exit(status != 0)"""


def run(*arguments, given=""):
    environment = {"SETTLED_KAFKA_BROKERS": os.environ["SETTLED_TEST_BROKERS"]}
    return subprocess.run([f"{BIN}/settledctl", *arguments], input=given, capture_output=True, text=True, check=False,
                          env=environment)


def produce(records):
    """Of one topic."""
    wire.produce(records[0][0], [(value.get("personId", ""), wire.bytes_of(topic, value)) for topic, value in records])


def monthly(number, partition, period=MONTH, region=REGION, **more):
    """Of person `number`, as the partition that closed the month sends it."""
    return ("warning", {
        "warningId": f"{region}-{period}-{number}", "region": region, "personId": person_id(number),
        "name": f"名{number}",
        "year": 2023, "kind": "MONTHLY", "keyPerson": number % 2 == 1, "burdenFen": str(600000 + number),
        "thresholdFen": "600000", "departments": ["CIVIL_AFFAIRS", "HEALTH", "RURAL_REVITALIZATION"], "period": period,
        "dueOn": "2023-06-10", "newThisMonth": number % 3 == 0,
        "trigger": {"topic": "period-close", "partition": partition, "offset": "7"}, **more})


def list_end(partition, count, period=MONTH, region=REGION, offset="9"):
    return ("warning", {
        "warningId": f"{region}-{period}-end-{partition}-{offset}", "region": region, "kind": "LIST_END",
        "period": period, "count": str(count), "trigger": {"topic": "period-close", "partition": partition,
                                                          "offset": offset}})


def payment(number, region=REGION, month=MONTH, **more):
    return ("payment-request", {
        "paymentRequestId": f"{region}-{month}-{number}", "region": region, "fund": "ASSISTANCE", "month": month,
        **more})


class Lists(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, kind, ending, *more, month=MONTH, code=0):
        path = f"{self.folder}/{kind}{ending}"
        if os.path.exists(path):
            os.remove(path)
        done = run("list", kind, "--month", month, "--out", path, *more)
        self.assertEqual(done.returncode, code, done)
        self.assertEqual(os.path.exists(path), code == 0)
        self.assertFalse(os.path.exists(path + ".unfinished"))
        self.said = done.stdout + done.stderr
        return path

    def sheet(self, *arguments, **named):
        path = self.write(*arguments, **named)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        return openpyxl.load_workbook(path).active

    def rows_of_csv(self, *arguments, **named):
        with open(self.write(*arguments, **named), "rb") as file:
            content = file.read()
        self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
        self.assertEqual(content.count(b"\n"), content.count(b"\r\n"))
        return list(csv.reader(content.decode("utf-8-sig").splitlines(keepends=True), strict=True))


class Warnings(Lists):
    def test_types_of_cells(self):
        produce([monthly(number, number % PARTITIONS) for number in range(1, 7)])
        produce([monthly(4, 1), monthly(90, 0, period="2023-04"), monthly(91, 0, region="140522"),
                 monthly(7, 1, departments=["HEALTH"], name="=1+1", newThisMonth=False)])
        produce([("warning", {"warningId": "c", "region": REGION, "kind": "CROSSED", "personId": person_id(1)})])
        produce([list_end(0, 2), list_end(1, 1, offset="8"), list_end(1, 3), list_end(2, 2)])
        office = ["--region", REGION, "--department", "RURAL_REVITALIZATION"]
        sheet = self.sheet("warnings", ".xlsx", *office)
        self.assertEqual([cell.value for cell in sheet[1]],
                         ["序号", "地区", "姓名", "身份证号", "年度", "人员类别", "个人负担（元）", "预警线（元）", "超出（元）", "本月新增",
                          "报送期限", "反馈期限", "报送部门"])
        self.assertEqual((sheet.freeze_panes, sheet.title, sheet.max_row), ("A2", MONTH, 7))
        self.assertGreaterEqual(sheet.column_dimensions["D"].width, 20)
        persons = [row[3].value for row in sheet.iter_rows(min_row=2)]
        self.assertEqual(persons, sorted(person_id(number) for number in range(1, 7)))
        first = {cell.column_letter: cell for cell in next(row for row in sheet.iter_rows(min_row=2)
                                                          if row[3].value == person_id(3))}
        self.assertIsInstance(first["D"].value, str)
        self.assertEqual(first["D"].number_format, "@")
        self.assertEqual((first["G"].value, first["G"].data_type, first["G"].number_format), (6000.03, "n", "#,##0.00"))
        self.assertEqual((first["H"].value, first["I"].value), (6000, 0.03))
        self.assertEqual((first["K"].value, first["K"].is_date), (datetime.datetime(2023, 6, 10), True))
        self.assertEqual((first["F"].value, first["J"].value, first["L"].value), ("重点人群", "是", None))
        self.assertEqual(first["M"].value, "民政、卫体、乡村振兴")
        rows = self.rows_of_csv("warnings", ".csv", "--region", REGION)
        self.assertEqual(len(rows), 8)
        self.assertEqual([row[2] for row in rows if row[3] == person_id(7)], ["'=1+1"])
        self.assertEqual([row[6] for row in rows if row[3] == person_id(3)], ["6000.03"])
        formula = next(row for row in self.sheet("warnings", ".xlsx", "--region", REGION).iter_rows(min_row=2)
                       if row[3].value == person_id(7))[2]
        self.assertEqual((formula.value, formula.data_type), ("=1+1", "s"))
        # The other region has not closed the month: all together is not whole.
        self.write("warnings", ".csv", code=1)
        self.assertIn("140522 2023-05的名单还不完整", self.said)

    def test_what_is_not_whole(self):
        month = "2023-07"
        self.write("warnings", ".csv", month=month, code=1)
        self.assertIn("还没有月结", self.said)
        produce([monthly(1, 0, period=month), list_end(0, 2, period=month), list_end(1, 0, period=month)])
        self.write("warnings", ".csv", month=month, code=1)
        self.assertIn("分区0：应有2条，现有1条", self.said)
        self.assertIn("分区2：还没有月结完毕", self.said)
        produce([monthly(2, 0, period=month), list_end(2, 0, period=month)])
        self.assertEqual(len(self.rows_of_csv("warnings", ".csv", month=month)), 3)

    def test_words(self):
        good = ["warnings", "--month", MONTH, "--out", "a.csv"]
        for words, why in ((["warnings", "--month", "2023-13", "--out", "a.csv"], "--month is written as 2023-05"),
                           (["warnings", "--month", MONTH], "settledctl list"),
                           (["warnings", "--month", MONTH, "--out", "a.xls"], "--out ends in .xlsx or .csv"),
                           (["nothing", "--month", MONTH, "--out", "a.csv"], "settledctl list"),
                           ([*good, "--region", "1405"], "a region has 6 digits"),
                           ([*good, "--department", "NOBODY"],
                            "--department is one of CIVIL_AFFAIRS HEALTH RURAL_REVITALIZATION")):
            done = run("list", *words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(why, done.stderr)
        done = run("list", "payments", "--month", MONTH, "--out", f"{self.folder}/nowhere/a.xlsx")
        self.assertEqual((done.returncode, "No such file" in done.stderr), (1, True))

    def test_a_large_list_in_little_memory(self):
        month, count = "2023-08", 150000
        one = wire.bytes_of(*monthly(1, 0, period=month, personId="999999999999999999", warningId="999999"))
        wire.produce("warning", [("", one.replace(b"999999", b"%06d" % number)) for number in range(count)])
        produce([list_end(partition, 0 if partition else count, period=month) for partition in range(PARTITIONS)])
        path = f"{self.folder}/large.xlsx"
        words = ["list", "warnings", "--month", month, "--out", path, "--brokers", os.environ["SETTLED_TEST_BROKERS"]]
        done = subprocess.run([sys.executable, "-c", MEASURED, f"{BIN}/settledctl", *words], check=True,
                              capture_output=True, text=True)
        self.assertIn("150000行", done.stdout)
        self.assertLess(int(done.stderr), 100 << 10, "KiB")
        self.assertGreater(os.path.getsize(path), 1 << 20)


class Payments(Lists):
    def test_the_total(self):
        produce([payment(1, payee="INSTITUTION", institutionCode="H1", institutionName="县医院", amountFen="1234505",
                         settlements="3"),
                 payment(2, payee="PERSON", personId=person_id(1), name="张,\"三\"", amountFen="-105", settlements="1"),
                 payment(2, payee="PERSON", personId=person_id(1), name="张,\"三\"", amountFen="-105", settlements="1"),
                 payment(3, payee="PERSON", personId=person_id(2), name="@李", amountFen="10", settlements="1"),
                 payment(4, month="2023-06", payee="PERSON", personId=person_id(2), name="李", amountFen="7")])
        sheet = self.sheet("payments", ".xlsx")
        self.assertEqual([cell.value for cell in sheet[1]],
                         ["地区", "月份", "基金", "收款方类别", "机构代码", "身份证号", "收款方名称", "结算笔数", "金额（元）"])
        self.assertEqual([cell.value for cell in sheet[2]],
                         [REGION, MONTH, "医疗救助", "医药机构", "H1", None, "县医院", 3, 12345.05])
        self.assertEqual([cell.value for cell in sheet[5]][0], "合计")
        self.assertEqual((sheet["I5"].value, sheet["H5"].value), ("=SUM(I2:I4)", "=SUM(H2:H4)"))
        shown = openpyxl.load_workbook(f"{self.folder}/payments.xlsx", data_only=True).active
        self.assertEqual((shown["I5"].value, shown["H5"].value), (12344.1, 5))
        rows = self.rows_of_csv("payments", ".csv", "--region", REGION)
        self.assertEqual(rows[2][5:], [person_id(1), "张,\"三\"", "1", "-1.05"])
        self.assertEqual(rows[3][6], "'@李")
        self.assertEqual(rows[4], ["合计", "", "", "", "", "", "", "5", "12344.10"])

    def test_no_month(self):
        self.assertEqual(self.rows_of_csv("payments", ".csv", month="2020-01")[1][-1], "0.00")
        self.assertIn("2020-01没有付款请求", self.said)
        sheet = self.sheet("payments", ".xlsx", month="2020-01")
        self.assertEqual((sheet.max_row, sheet["I2"].value), (2, 0))


def setUpModule():
    made = run("topics", "create", "--partitions", str(PARTITIONS))
    assert made.returncode == 0, made


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
