#!/usr/bin/env bash
# Funds through the processor, which is killed while a month of 600 payees closes: requests, ledger and settlements
# agree to the fen, nothing stands twice, and what comes late is paid in the next month.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../services/services.sh"
source "$here/processes.sh"

ctl() {
  local command=$1
  shift
  "$SETTLEDCTL" "$command" "$@" --config "$SERVICES_DIR/a.yaml"
}

show() { # REGION: the ledger into ledger.json
  ctl fund show --region "$1" --json >"$SERVICES_DIR/ledger.json" 2>"$SERVICES_DIR/show.log"
}

agree() { # HOW-MANY-REQUESTS
  show 140522 &&
    /usr/bin/python3 "$here/fund.py" check "$1" "$SERVICES_DIR/ledger.json" >"$SERVICES_DIR/check.log" 2>&1
}

# What the ledger of Yangcheng says of the whole year.
has_booked() { # FEN
  show 140522 && grep -q "\"outgoFen\": \"$1\"" "$SERVICES_DIR/ledger.json"
}

has_reserve() {
  show 621000 && grep -q '"reserveFen": "5000"' "$SERVICES_DIR/ledger.json"
}

total_of() { # FILE...: what the settlements of these facts come to
  cat "$@" | "$SETTLEDCTL" replay --packs "$PROCESSES_ROOT/policy/packs" - |
    /usr/bin/python3 -c 'import json, sys
print(sum(int(value.get("deltaFen", 0)) for value in (json.loads(line)["value"] for line in sys.stdin)))'
}

services_begin
/usr/bin/python3 "$here/fund.py" make >"$SERVICES_DIR/facts.json"
/usr/bin/python3 "$here/fund.py" late >"$SERVICES_DIR/late.json"
redis_start
kafka_start
settled_configure a "workers: 2" "batch: { records: 50, gather_ms: 1 }"
ctl topics create --partitions 4 >/dev/null
settled_start a
until_true 60 "ready" settled_answers a /readyz 200

ctl produce "$SERVICES_DIR/facts.json" >/dev/null
first=$(total_of "$SERVICES_DIR/facts.json")
until_true 60 "$first fen booked" has_booked "$first"
say "$first fen booked"

ctl close month 2024-07 --region 140522 >/dev/null
RANDOM=${SETTLED_TEST_SEED:-$RANDOM}
sleep "0.$((RANDOM % 10))"
settled_kill a
settled_start a
until_true 60 "the month of 605 payees" agree 605
say "605 payees agree"

# A hospital is paid less or more, or moves to another: five of before, the tenth, and nobody else.
ctl produce "$SERVICES_DIR/late.json" >/dev/null
all=$(total_of "$SERVICES_DIR"/{facts,late}.json)
until_true 60 "$all fen booked" has_booked "$all"
ctl close month 2024-08 --region 140522 >/dev/null
ctl close month 2024-07 --region 140522 >/dev/null
ctl close year 2024 --region 621000 >/dev/null
late=$(/usr/bin/python3 - "$SERVICES_DIR/late.json" <<'PY'
import json, sys
with open(sys.argv[1]) as file:
    values = [json.loads(line)["value"] for line in file]
hospitals = {int(value["encounterId"][1:]) // 6 % 5 for value in values}
print(len(hospitals) + 1)
PY
)
until_true 60 "the month of what came late" agree $((605 + late))
until_true 60 "Qingyang's reserve" has_reserve
ctl fund show --region 140522 --year 2024 >"$SERVICES_DIR/shown"
grep -q '^阳城县 公务员医疗补助 2024年度（未年结）$' "$SERVICES_DIR/shown" || fail "$(cat "$SERVICES_DIR/shown")"
grep -q '按工资总额划拨 600000.00元' "$SERVICES_DIR/shown" || fail "$(cat "$SERVICES_DIR/shown")"
ctl rebuild --verify-only >"$SERVICES_DIR/rebuild.log" 2>&1 || fail "a rebuild would end in something else"
say "$((605 + late)) requests agree, and a rebuild says the same"
settled_stop a
[ "$EXIT_STATUS" = 0 ] || fail "SIGTERM: exit status $EXIT_STATUS"
