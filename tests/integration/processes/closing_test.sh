#!/usr/bin/env bash
# Months of a county closed over real Kafka and Redis while the process is killed again and again: everybody above the
# threshold stands in each list once, the ends of the lists count right, a month closed again does nothing, what Redis
# holds is what the topics come to, and a process closes by itself when it is told to.
#
# SETTLED_TEST_SEED: at which moments; printed, a new one each time when left out.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../services/services.sh"
source "$here/processes.sh"

PERSONS=${SETTLED_TEST_PERSONS:-6000}
PARTITIONS=2
KILLS=3
REGION=140425
seed=${SETTLED_TEST_SEED:-$RANDOM}
RANDOM=$seed
settledctl=$(dirname "$SETTLED")/settledctl

months() {
  /usr/bin/python3 "$here/months.py" "$@" 2>"$SERVICES_DIR/months.log"
}

close_month() {
  "$settledctl" close month "$1" --region $REGION --closed-on "$2" --brokers "$SETTLED_TEST_BROKERS" \
    >"$SERVICES_DIR/close.log" || fail "close month $1"
}

# close_killing PERIOD DAY: closed while the process is killed at so many moments.
close_killing() {
  local kill
  close_month "$1" "$2"
  for ((kill = 0; kill < KILLS; kill++)); do
    sleep "0.$((RANDOM % 7))"
    settled_kill a
    settled_start a
  done
  until_true 60 "the lists of $1 end" months ended "$1" $PARTITIONS
  say "$1 is closed, after $KILLS kills"
}

services_begin
say "seed $seed"
redis_start
kafka_start
settled_topics_create $PARTITIONS
settled_configure a "workers: 2" "batch: { gather_ms: 1 }"
settled_start a
months send 0 "$PERSONS"
until_true 120 "everybody is settled" months settled "$PERSONS"
say "$PERSONS persons are settled"

close_killing 2023-01 2023-02-01
close_month 2023-01 2023-02-02 # again, without effect: it stands before the next in the topic
close_killing 2023-02 2023-03-01
months check "$PERSONS" $PARTITIONS || fail "the lists: $(cat "$SERVICES_DIR/months.log")"
say "nobody is missing, nobody stands twice"

until_true 60 "a is ready" settled_answers a /readyz 200
"$settledctl" rebuild --verify-only --config "$SERVICES_DIR/a.yaml" >"$SERVICES_DIR/rebuild.log" 2>&1 ||
  fail "what Redis holds is not what the topics come to: $(tail -n 3 "$SERVICES_DIR/rebuild.log")"
say "$(tail -n 1 "$SERVICES_DIR/rebuild.log")"

settled_stop a
last_month=$(date -d "$(TZ=Asia/Shanghai date +%Y-%m-01) -1 day" +%Y-%m)
settled_configure b "close: { month: true, at: \"00:00\", regions: [\"$REGION\"] }"
settled_start b
until_true 60 "b closes $last_month by itself" months ended "$last_month" $PARTITIONS
settled_stop b
[ "$EXIT_STATUS" = 0 ] || fail "SIGTERM: exit status $EXIT_STATUS"
say "seed $seed: closed"
