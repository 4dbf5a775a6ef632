"""Outputs as one line each, in words that a person can compute by hand: yuan, names, no ids of ours and no clock.

    WHO SUBJECT KIND STATUS [REASON...] [as CATEGORY [HALF]]: LINE; LINE | what changes hands to whom, ..., burden
    a line: RULE amount of base[-absorbed by the deductible] [at its rate] [capped]

What changes hands has the hospital's own part in it, which no fund pays.
"""
import collections

import wire

CLASSES = wire.CLASSES
SETTLEMENT, WARNING = CLASSES.Settlement, CLASSES.Warning
DEPARTMENTS = {1: "CA", 2: "HE", 3: "RR"}


def yuan(fen):
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"


def rate(bp):
    return f"{bp / 100:g}%"


def rule(line, region_name):
    name = line.rule.removeprefix(region_name + ".")
    return name + ("/HOSPITAL" if line.fund == SETTLEMENT.Line.HOSPITAL else "")


class Renderer:
    """`people`: names by identity number; `regions`: the packs' names by code."""

    def __init__(self, people, regions):
        self.people, self.regions = people, regions
        self.warnings = {}  # what a warning was, by its id

    def who(self, person_id):
        return self.people.get(person_id, person_id)

    # ---- Settlements ----

    def line(self, line, region_name):
        text = f"{rule(line, region_name)} {yuan(line.amount_fen)} of {yuan(line.base_fen)}"
        text += f"-{yuan(line.deductible_fen)}" if line.deductible_fen else ""
        text += f" at {rate(line.rate_bp)}" if line.rate_bp else ""
        return text + (" capped" if line.capped else "")

    def payee(self, kind, code):
        return code if kind == CLASSES.PaymentRequest.INSTITUTION else "person"

    def settlement(self, it):
        names = SETTLEMENT
        subject_id = it.subject_id
        if it.subject == names.ACCOUNT and "grant" in it.subject_id:
            subject_id = "GRANT"
        text = f"{self.who(it.person_id)} {subject_id} {names.Kind.Name(it.kind)} {names.Status.Name(it.status)}"
        if it.subject in (names.YEAR_END, names.ENROLMENT, names.ACCOUNT):
            text = text.replace(" ", f" {names.Subject.Name(it.subject)}/", 1)
        text += "".join(f" {names.Reason.Name(reason)}" for reason in it.reasons)
        if it.identity.applied:
            text += f" as {CLASSES.IdentityChange.Category.Name(it.identity.applied)}"
        if it.identity.half > names.Identity.SAME:
            text += f" {names.Identity.Half.Name(it.identity.half)}"
        lines = [self.line(line, self.regions[it.region]) for line in it.lines]
        lines += [f"{rule(line, self.regions[it.region])} withdrawn {yuan(line.delta_fen)}" for line in it.withdrawn]
        text += ": " + ("; ".join(lines) or "no line")
        totals = it.totals
        text += f" | {yuan(it.delta_fen)} to {self.payee(it.payee, it.institution_code)}"
        text += f" not {self.payee(it.former_payee, it.former_institution_code)}" if it.former_payee else ""
        text += f", hospital {yuan(totals.hospital_fen)}" if totals.hospital_fen else ""
        text += f", account {yuan(totals.account_fen)}" if totals.account_fen else ""
        text += f", burden {yuan(totals.personal_burden_fen)}"
        assert it.name == self.who(it.person_id) or it.subject == names.ACCOUNT, f"{it.name} is not {text}"
        assert totals.benefit_fen == sum(line.amount_fen for line in it.lines if line.fund != names.Line.HOSPITAL)
        return text

    # ---- Warnings ----

    def warning(self, it):
        kind = WARNING.Kind.Name(it.kind)
        self.warnings[it.warning_id] = kind
        if it.kind == WARNING.FUND_SHORT:
            fund = SETTLEMENT.Line.Fund.Name(it.fund)
            return f"FUND_SHORT {fund} {it.period}: {yuan(it.balance_fen)} below {yuan(it.threshold_fen)}"
        text = f"{self.who(it.person_id)} {kind} {it.year}"
        if it.kind not in (WARNING.CLAIM_DEADLINE, WARNING.HOSPITAL_OVER_RATIO):
            text += f" {'key ' if it.key_person else ''}{yuan(it.burden_fen)} over {yuan(it.threshold_fen)}"
        text += f" of {self.warnings.get(it.subject_id, it.subject_id)}" if it.subject_id else ""
        text += f" in {it.period}" if it.period else ""
        text += " new" if it.new_this_month else ""
        text += f" due {it.due_on}" if it.due_on else ""
        text += f" reply by {it.reply_due_on}" if it.reply_due_on else ""
        if it.departments:
            text += " for " + "+".join(DEPARTMENTS[department] for department in it.departments)
        return text

    # ---- The others ----

    def receipt(self, it):
        text = f"receipt {it.roster_id} {CLASSES.RosterReceipt.Outcome.Name(it.outcome)}"
        text += f" {it.reason}" if it.reason else ""
        text += f": {it.rows} rows, {it.taken} taken, {it.granted} granted, {it.revoked} revoked"
        text += f", {it.unchanged} unchanged"
        return text + "".join(f"; row {row.row} {row.reason}" for row in it.refused_rows)

    def payment(self, it):
        fund = SETTLEMENT.Line.Fund.Name(it.fund)
        whom = it.institution_code if it.payee == CLASSES.PaymentRequest.INSTITUTION else self.who(it.person_id)
        return f"pay {it.month} {fund} {yuan(it.amount_fen)} to {whom} for {it.settlements}"

    def region_of(self, rejection):
        message = wire.message_of(rejection.topic)
        message.ParseFromString(rejection.payload)
        return message.region

    def rejection(self, it):
        return f"rejection {it.topic} {it.reason}" + (f" {it.field}" if it.field else "")

    def lines(self, outputs):
        """By region the lines of these outputs. The ends of a month's list, one from each partition, are one line."""
        lines, ends = collections.defaultdict(list), collections.defaultdict(list)
        for topic, it in outputs:
            if topic == "rejection":
                lines[self.region_of(it)].append(self.rejection(it))
            elif topic == "warning" and it.kind == WARNING.LIST_END:
                ends[it.region, it.period, it.due_on].append(it.count)
            else:
                render = {"settlement": self.settlement, "warning": self.warning, "roster-receipt": self.receipt,
                          "payment-request": self.payment}[topic]
                lines[it.region].append(render(it))
        for (region, period, due_on), counts in ends.items():
            lines[region].append(f"list {period} due {due_on}: {sum(counts)} in {len(counts)} partitions")
        return lines
