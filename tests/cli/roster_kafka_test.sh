#!/usr/bin/env bash
# settledctl roster push against real servers and the processor: what a trial says comes true, and the trial itself
# leaves no trace; the receipt names the rows of the file; a repeat is told and not sent; what cannot be taken is said.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../services/services.sh"
source "$here/../integration/processes/processes.sh"
ctl=${SETTLED_BIN:-$PROCESSES_ROOT/build/dev/bin}/settledctl
export SETTLED_PACKS=$PROCESSES_ROOT/policy/packs SETTLED_ROSTER_WORDS=$PROCESSES_ROOT/cli/roster.yaml

lines() { # EXPRESSION over tests/cli/lines.py
  /usr/bin/python3 -c "import sys; sys.path.insert(0, '$here'); from lines import *; print($1)"
}

# push FILE WORDS...: its output is in $said, its exit status in $code
push() {
  code=0
  said=$("$ctl" roster push --config "$SERVICES_DIR/a.yaml" --region 140425 --department 民政局 \
    --category SUBSISTENCE_ALLOWANCE --mode FULL --delivered-on 2024-03-07 --stated-on 2024-03-07 --wait 30 \
    "$@" 2>&1) || code=$?
}

expect() { # CODE PATTERN...
  local wanted=$1 pattern
  shift
  [ "$code" = "$wanted" ] || fail "exit status $code instead of $wanted: $said"
  for pattern in "$@"; do
    grep -q -- "$pattern" <<<"$said" || fail "not said: $pattern; but: $said"
  done
}

all_of() { # TOPIC...
  "$ctl" tail --brokers "$SETTLED_TEST_BROKERS" --from-beginning --until-end "$@"
}

records() { # how many records all topics have
  all_of roster-update roster-receipt settlement identity-change | wc -l
}

settlements_are() { # COUNT
  [ "$(all_of settlement | wc -l)" = "$1" ]
}

redis_changes() { # how many keys were ever written
  redis-cli -p "${SETTLED_TEST_REDIS##*:}" info persistence | grep rdb_changes_since_last_save
}

services_begin
redis_start
kafka_start
printf 'a secret of this test' >"$SERVICES_DIR/key"
settled_configure a "redis: { address: \"$SETTLED_TEST_REDIS\", namespace: trial }" \
  "state: { key_file: $SERVICES_DIR/key }"
# The processor's own way of storing: a trial has to find its persons there. (The first redis line is not this one.)
sed -i "0,/^redis:/{/^redis:/d}" "$SERVICES_DIR/a.yaml"
"$ctl" topics create --brokers "$SETTLED_TEST_BROKERS" --partitions 3 --replication 1 >/dev/null
settled_start a
until_true 60 "ready" settled_answers a /readyz 200
one=$(lines "person_id(1)") two=$(lines "person_id(2)") three=$(lines "person_id(3)")

say "a stay, settled without a category"
lines 'discharge(day="2024-03-05")' | "$ctl" produce --brokers "$SETTLED_TEST_BROKERS" - >/dev/null
until_true 30 "the settlement" settlements_are 1

printf '%s\r\n' 平顺县低保名单 身份证号,姓名,起始日期 "$one,张　三,2024年1月1日" "" "$two,李四,2024/1/1" \
  "${three%?}?,王五," "$one,张三," | iconv -f UTF-8 -t GB18030 >"$SERVICES_DIR/list.csv"

say "the trial says what would be, and leaves no trace"
before=$(records) changes=$(redis_changes)
push --dry-run "$SERVICES_DIR/list.csv"
expect 0 '共4行，采纳2行，退回2行；新纳入2人' '退回  第6行  .*BAD_PERSON_ID' '退回  第7行  .*DUPLICATE_ROW' \
  "${one:0:6}\*\*\*\*\*\*\*\*\*\*${one:16} .* e1  +7700.00元" '1笔结算将变动，合计+7700.00元；医疗救助+7700.00元'
[ "$(records)" = "$before" ] || fail "the trial wrote to Kafka"
[ "$(redis_changes)" = "$changes" ] || fail "the trial wrote to Redis"

say "what the trial said comes true"
push "$SERVICES_DIR/list.csv"
[ "$(redis_changes)" != "$changes" ] || fail "changes in Redis are not counted"
expect 0 '共4行，采纳2行，退回2行；新纳入2人' '退回  第6行  .*BAD_PERSON_ID' '退回  第7行  .*DUPLICATE_ROW'
until_true 30 "the adjustment" settlements_are 2
all_of settlement | grep -q '"deltaFen": "770000"' || fail "another amount than the trial said"

say "a repeat"
push --dry-run "$SERVICES_DIR/list.csv"
expect 0 '不会有任何改变'
push "$SERVICES_DIR/list.csv"
expect 0 '没有发送' '采纳2行'
[ "$(all_of roster-update | grep -c rosterId)" = 1 ] ||
  fail "the repeat was sent"

say "whoever is missing is revoked, in the trial and in truth"
printf '身份证号,姓名\n%s,李四\n' "$two" >"$SERVICES_DIR/shorter.csv"
push --dry-run --stated-on 2024-01-01 --note 补报 "$SERVICES_DIR/shorter.csv"
expect 1 'OUT_OF_ORDER'
push --dry-run "$SERVICES_DIR/shorter.csv"
expect 0 '退出1人，无变化1人'
push --roster-id march "$SERVICES_DIR/shorter.csv"
expect 0 '退出1人，无变化1人'
push --roster-id march "$SERVICES_DIR/list.csv"
expect 1 '换一个编号'

say "a list refused whole, and one refused before it is read"
push --stated-on 2024-01-01 --note 补报 "$SERVICES_DIR/list.csv"
expect 1 '整份退回：早于已经采用的全量名单'
push --region 999999 "$SERVICES_DIR/list.csv"
expect 1 '拒收：没有这个地区的政策（UNKNOWN_REGION'

say "nobody answers"
settled_stop a
push --roster-id april --wait 3 "$SERVICES_DIR/shorter.csv"
expect 1 '3秒内还没有收到回执'
redis_kill
push --dry-run "$SERVICES_DIR/list.csv"
expect 1 'Redis: '
say "lists are tried, sent and answered"
