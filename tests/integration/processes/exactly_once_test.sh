#!/usr/bin/env bash
# 20,000 facts of a county through two processes, of which one or the other is killed ten times at random moments, and
# Redis forgets everything once: in the end the deltas of the topic, the state in Redis and the replay of the same facts
# agree to the fen for every person, and nothing stands twice.
#
# SETTLED_TEST_SEED: which county and which moments; printed, a new one each time when left out.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../services/services.sh"
source "$here/processes.sh"

FACTS=20000
KILLS=10
PARTITIONS=12
seed=${SETTLED_TEST_SEED:-$RANDOM}
RANDOM=$seed

county() {
  /usr/bin/python3 "$here/county.py" "$@"
}

rest() { # at most so many tenths of a second
  local tenths=$((RANDOM % $1))
  sleep "$((tenths / 10)).$((tenths % 10))"
}

services_begin
say "seed $seed"
county make "$seed" $FACTS "$SERVICES_DIR/facts.json"
answers_expect "$SERVICES_DIR/facts.json"
say "$(wc -l <"$SERVICES_DIR/facts.json") facts, $(wc -l <"$SERVICES_DIR/replay.json") records in the replay"

redis_start
kafka_start
settled_topics_create $PARTITIONS
for name in a b; do
  settled_configure $name "workers: 2" "batch: { records: 50, gather_ms: 1 }" # small, so that most kills meet one
  settled_start $name
done
county send "$SERVICES_DIR/facts.json" 500 0.3 >"$SERVICES_DIR/send.log" 2>&1 &
sender=$!
say "sending"

for ((kill = 1; kill <= KILLS; kill++)); do
  rest 40
  victim=$([ $((RANDOM % 2)) = 0 ] && echo a || echo b)
  settled_kill $victim
  rest 15
  settled_start $victim
  if [ $kill = $((KILLS / 2)) ]; then
    redis-cli -s "$SETTLED_TEST_REDIS_SOCKET" flushall >/dev/null
    say "Redis has forgotten everything"
  fi
done
say "killed $KILLS times"

wait $sender || fail "the facts were not sent"
say "sent"
for name in a b; do
  until_true 60 "$name is ready" settled_answers $name /readyz 200
done
say "both are ready"
until_true 120 "the answers agree" answers_agree $PARTITIONS

# Nothing more may come.
sleep 2
answers_agree $PARTITIONS || fail "the answers agreed, and then no more"
say "$(head -n 1 "$SERVICES_DIR/compare.log")"
for name in a b; do
  settled_stop $name
  [ "$EXIT_STATUS" = 0 ] || fail "$name: SIGTERM: exit status $EXIT_STATUS"
done
say "seed $seed: exactly once"
