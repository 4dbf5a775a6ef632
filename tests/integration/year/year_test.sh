#!/usr/bin/env bash
# year_test.sh plain|kills: a year of five regions over real Kafka and Redis, every output of which was written down
# beforehand; with `kills` two processes share the work, and die now and then while something is sent.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../services/services.sh"
source "$here/../processes/processes.sh"
export PYTHONDONTWRITEBYTECODE=1 SETTLED_ROSTER_WORDS=$PROCESSES_ROOT/cli/roster.yaml

mode=$1
seed=${SETTLED_TEST_SEED:-5}
names=(a)
[ "$mode" = plain ] || names=(a b)
alarms=0 kills=0 gaps=0

is_alarmed() {
  local lines
  lines=$(wc -l <"$SERVICES_DIR/alarm")
  [ "$lines" -gt $alarms ] || return 1
  alarms=$lines
}

# One dies, somewhere in its work.
kill_one() {
  local victim=${names[RANDOM % 2]}
  sleep "0.$(printf '%03d' $((RANDOM % 300)))"
  settled_kill "$victim"
  settled_start "$victim"
}

# Redis takes no write until one waits for it, which Kafka's transaction has been committed before; then both die.
kill_between() {
  local tenths
  redis_say redis client pause 10000 write >/dev/null
  for ((tenths = 0; tenths < 20; tenths++)); do
    sleep 0.1
    redis_say redis info clients | grep -q 'blocked_clients:[1-9]' || continue
    gaps=$((gaps + 1))
    break
  done
  settled_kill a
  settled_kill b
  redis_say redis client unpause >/dev/null
  settled_start a
  settled_start b
}

services_begin
redis_start
kafka_start
settled_topics_create 4
for name in "${names[@]}"; do
  settled_configure "$name"
  settled_start "$name"
done
for name in "${names[@]}"; do
  until_true 60 "$name is ready" settled_answers "$name" /readyz 200
done
say "ready"

: >"$SERVICES_DIR/alarm"
/usr/bin/python3 "$here/year.py" "$here/scenario" "$SERVICES_DIR/a.yaml" "$SERVICES_DIR/alarm" \
  >"$SERVICES_DIR/year.out" 2>&1 &
year=$!
RANDOM=$seed
while kill -0 $year 2>/dev/null; do
  if [ "$mode" = kills ] && is_alarmed && ((RANDOM % 8 == 0)); then
    if ((kills % 2)); then kill_one; else kill_between; fi
    kills=$((kills + 1))
  fi
  sleep 0.02
done
status=0
wait $year || status=$?
cat "$SERVICES_DIR/year.out"
[ $status = 0 ] || fail "the year"
if [ "$mode" = kills ]; then
  say "killed $kills times, of which $gaps between Kafka and Redis; seed $seed"
  ((kills >= 10 && gaps >= 3)) || fail "too seldom"
fi
for name in "${names[@]}"; do
  settled_stop "$name"
  [ "$EXIT_STATUS" = 0 ] || fail "SIGTERM: exit status $EXIT_STATUS"
done
