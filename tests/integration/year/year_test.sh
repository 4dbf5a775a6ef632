#!/usr/bin/env bash
# year_test.sh plain|kills: a year of five regions over real Kafka and Redis, every output of which was written down
# beforehand; with `kills` two processes share the work, and one of them dies each time something was sent.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../services/services.sh"
source "$here/../processes/processes.sh"
export PYTHONDONTWRITEBYTECODE=1 SETTLED_ROSTER_WORDS=$PROCESSES_ROOT/cli/roster.yaml

mode=$1
seed=${SETTLED_TEST_SEED:-5}
alarm=
names=(a)
[ "$mode" = plain ] || names=(a b)

services_begin
redis_start
kafka_start
topics_create {admission,discharge,identity-change,person-fact,case-action,period-close,roster-update}:4 \
  {settlement,warning,rejection,roster-receipt,fund-entry,payment-request}:4
for name in "${names[@]}"; do
  settled_configure "$name"
  settled_start "$name"
done
for name in "${names[@]}"; do
  until_true 60 "$name is ready" settled_answers "$name" /readyz 200
done
say "ready"

if [ "$mode" = kills ]; then
  alarm=$SERVICES_DIR/alarm
  : >"$alarm"
fi
/usr/bin/python3 "$here/year.py" "${SETTLED_YEAR_SCENARIO:-$here/scenario}" "$SERVICES_DIR/a.yaml" \
  ${alarm:+"$alarm"} >"$SERVICES_DIR/year.out" 2>&1 &
year=$!

# Within the first fifth of a second after something was sent, one of the two dies and comes back under its name.
RANDOM=$seed
kills=0 alarms=0
while kill -0 $year 2>/dev/null; do
  if [ -n "$alarm" ] && [ "$(wc -l <"$alarm")" -gt $alarms ]; then
    alarms=$(wc -l <"$alarm")
    if ((RANDOM % 3 == 0)); then
      victim=${names[RANDOM % 2]}
      sleep "0.$(printf '%03d' $((RANDOM % 200)))"
      settled_kill "$victim"
      settled_start "$victim"
      kills=$((kills + 1))
    fi
  fi
  sleep 0.02
done
status=0
wait $year || status=$?
cat "$SERVICES_DIR/year.out"
say "killed $kills times, seed $seed"
[ $status = 0 ] || fail "the year"
[ "$mode" = plain ] || [ $kills -ge 10 ] || fail "killed $kills times only"
for name in "${names[@]}"; do
  settled_stop "$name"
  [ "$EXIT_STATUS" = 0 ] || fail "SIGTERM: exit status $EXIT_STATUS"
done
