"""What must hold when the year is over: four sums that agree to the fen, a reconciliation that finds nothing, the
offices' files as openpyxl reads them, and the funds as they were written down beforehand."""
import collections
import datetime
import json
import os
import pathlib
import subprocess

import openpyxl
import wire

SETTLEMENT = wire.CLASSES.Settlement
NOT_OF_A_FUND = (SETTLEMENT.Line.HOSPITAL, SETTLEMENT.Line.ACCOUNT)
FUND_SHOWN = {"income": "incomeFen", "outgo": "outgoFen", "fee": "agencyFeeFen", "carried": "carriedOverFen",
              "reserve": "reserveFen", "balance": "balanceFen"}


def yuan(fen):
    return f"{fen / 100:.2f}"


# ---- Sums, by region and rule or fund ----

def settled(outputs):
    """What has changed hands, by region and rule."""
    sums = collections.Counter()
    for topic, it in outputs:
        if topic == "settlement" and it.kind != SETTLEMENT.TRIAL:
            for line in (*it.lines, *it.withdrawn):
                if line.fund not in NOT_OF_A_FUND:
                    sums[it.region, line.rule] += line.delta_fen
    return +sums


def stored():
    """What the states in Redis say was paid, by region and rule."""
    host, port = os.environ["SETTLED_TEST_REDIS"].split(":")
    dump = subprocess.run([f"{os.environ['SETTLED_BIN']}/state-dump", host, port, "4"], check=True,
                          capture_output=True, text=True).stdout
    sums = collections.Counter()
    for text in dump.splitlines():
        subject = json.loads(text)
        for line in subject["lines"]:
            if subject["status"] == SETTLEMENT.FINAL and line["fund"] not in NOT_OF_A_FUND:
                sums[subject["region"], line["rule"]] += line["amountFen"]
    return +sums


def ledgers(year):
    """What has gone out of the funds' ledgers, by region and rule; and their years, by region, fund and year."""
    sums, years = collections.Counter(), {}
    for region in year.regions:
        shown = json.loads(year.settledctl("fund", "show", "--json", "--region", region.code, "--config", year.config))
        for book in shown["years"]:
            years[region.code, book["fund"], book["year"]] = book
            for rule, fen in book["outgo"].items():
                sums[region.code, rule] += int(fen)
            by_month = sum(int(month["outgoFen"]) for month in book["months"])
            assert by_month == int(book["outgoFen"]), f"{region.code} {book['fund']} {book['year']}: months {by_month}"
    return +sums, years


def requested(outputs):
    """By region and fund; every month is closed at the end."""
    sums = collections.Counter()
    for topic, it in outputs:
        if topic == "payment-request":
            sums[it.region, SETTLEMENT.Line.Fund.Name(it.fund)] += it.amount_fen
    return +sums


def compare_sums(what, expected, found):
    return [f"{what}: {' '.join(key)}: {yuan(found[key])}, not {yuan(expected[key])}"
            for key in sorted(expected.keys() | found.keys()) if expected[key] != found[key]]


def sums_complaints(year):
    deltas = settled(year.outputs)
    outgo, years = ledgers(year)
    by_fund = collections.Counter()
    for (code, fund, _), book in years.items():
        by_fund[code, fund] += int(book["outgoFen"])
    complaints = [] if sum(deltas.values()) else ["nothing was paid"]
    complaints += compare_sums("states, not settlements", deltas, stored())
    complaints += compare_sums("funds' ledgers, not settlements", deltas, outgo)
    complaints += compare_sums("payment requests, not funds' ledgers", +by_fund, requested(year.outputs))
    return complaints + funds_complaints(year, years)


def funds_complaints(year, years):
    """`checks: funds:` of a region: fund, year and what must be there, in yuan."""
    complaints = []
    for region in year.regions:
        for check in region.checks.get("funds", []):
            book = years.get((region.code, check["fund"], check["year"]), collections.defaultdict(int))
            found = {name: yuan(int(book[FUND_SHOWN[name]])) for name in check if name in FUND_SHOWN}
            stated = {name: f"{float(amount):.2f}" for name, amount in check.items() if name in FUND_SHOWN}
            if found != stated:
                complaints.append(f"{region.code} {check['fund']} {check['year']}: {found}, not {stated}")
    return complaints


# ---- Files for offices ----

def cell_text(cell):
    if isinstance(cell.value, datetime.datetime):
        return cell.value.strftime("%Y-%m-%d")
    if isinstance(cell.value, (int, float)) and cell.number_format != "General" and "0.00" in cell.number_format:
        return f"{cell.value:.2f}"
    return "" if cell.value is None else str(cell.value)


def rows_of(path):
    """Without the headings; the sheet's own formulas as they stand."""
    sheet = openpyxl.load_workbook(path).active
    return [" ".join(cell_text(cell) or "-" for cell in row) for row in sheet.iter_rows(min_row=2)]


def stated_rows(region, text):
    """Persons are written by name where the file has their number: 王秀英#."""
    for who, number in region.people.items():
        text = text.replace(f"{who}#", number)
    return [line.strip() for line in text.splitlines() if line.strip()]


def list_complaints(year, region, number, check):
    """`checks: lists:` of a region: what is listed, its options and rows."""
    path = pathlib.Path(year.folder.name) / f"{region.code}-{number}.xlsx"
    options = [word for key in ("month", "department") if key in check for word in (f"--{key}", str(check[key]))]
    options += ["--region", region.code, "--out", str(path), "--config", year.config]
    year.settledctl("list", check["list"], *options)
    found, stated = rows_of(path), stated_rows(region, check["rows"])
    return [] if found == stated else [f"{path.name}: row {row}" for row in found] + \
        [f"{path.name}: not {row}" for row in stated]


def lists_complaints(year):
    return [complaint for region in year.regions for number, check in enumerate(region.checks.get("lists", []))
            for complaint in list_complaints(year, region, number, check)]


def compare_statements(year):
    """`checks: statements:` of a region: what a hospital says of a month. A difference is an exit status."""
    path = pathlib.Path(year.folder.name) / "statement.csv"
    for region in year.regions:
        for check in region.checks.get("statements", []):
            lines = ["就诊编号,金额", *(f"{encounter},{amount}" for encounter, amount in check["rows"].items())]
            path.write_text("".join(line + "\r\n" for line in lines), encoding="utf-8")
            year.settledctl("verify", "--statement", str(path), "--region", region.code, "--institution",
                            check["institution"], "--month", check["month"], "--config", year.config)


def complaints(year):
    try:  # each says with its exit status when something differs
        year.settledctl("verify", "--config", year.config)
        year.settledctl("rebuild", "--verify-only", "--config", year.config)
        compare_statements(year)
    except RuntimeError as error:
        return [str(error)]
    return sums_complaints(year) + lists_complaints(year)
