#!/usr/bin/env bash
# What Redis holds, computed again from the topics: beside a running processor it is the same byte for byte, and so it
# is in an empty database, on which the processor then goes on. A value damaged, or deleted behind our back, is found; a
# running processor that meets a damaged one rebuilds the partition, and every sum is right.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../services/services.sh"
source "$here/processes.sh"

PARTITIONS=4
seed=${SETTLED_TEST_SEED:-7}

hand() {
  /usr/bin/python3 "$here/redis_hand.py" "$@"
}

rebuild() { # NAME OPTION...: with the configuration NAME
  local name=$1
  shift
  "$SETTLEDCTL" rebuild --config "$SERVICES_DIR/$name.yaml" "$@" >"$SERVICES_DIR/rebuild.log" 2>&1
}

verify() {
  rebuild "$1" --verify-only "${@:2}" || fail "verify: $(tail -n 5 "$SERVICES_DIR/rebuild.log")"
}

send() { # FIRST LAST: lines of the county
  sed -n "$1,$2p" "$SERVICES_DIR/facts.json" >"$SERVICES_DIR/some.json"
  /usr/bin/python3 "$here/county.py" send "$SERVICES_DIR/some.json" 500 0
  head -n "$2" "$SERVICES_DIR/facts.json" >"$SERVICES_DIR/sent.json"
  answers_expect "$SERVICES_DIR/sent.json"
}

services_begin
say "seed $seed"
/usr/bin/python3 "$here/county.py" make "$seed" 4000 "$SERVICES_DIR/facts.json"
redis_start
kafka_start
settled_topics_create $PARTITIONS
settled_configure a "workers: 2" "batch: { records: 50, gather_ms: 1 }"
settled_start a
until_true 60 "ready" settled_answers a /readyz 200

say "beside a running processor"
send 1 2000 &
sender=$!
while kill -0 $sender 2>/dev/null; do
  verify a
done
wait $sender || fail "the facts were not sent"
until_true 60 "the answers agree" answers_agree $PARTITIONS
verify a
say "$(tail -n 1 "$SERVICES_DIR/rebuild.log")"

say "a rebuild is refused beside a running processor"
! rebuild a --database 1 || fail "it was not refused"
grep -q "has .* members" "$SERVICES_DIR/rebuild.log" || fail "not for that reason: $(cat "$SERVICES_DIR/rebuild.log")"

say "damage is found"
hand damage person 2 >"$SERVICES_DIR/damaged"
! rebuild a --verify-only || fail "verify does not see damage"
for value in $(cat "$SERVICES_DIR/damaged"); do
  grep -q "value $value differs" "$SERVICES_DIR/rebuild.log" || fail "verify does not name $value"
done
[ "$(grep -c differs "$SERVICES_DIR/rebuild.log")" = 2 ] || fail "verify names others too"

say "damage is rebuilt, of a list too"
hand damage roster 1 >/dev/null
send 2001 3000
until_true 60 "the answers agree after damage" answers_agree $PARTITIONS
settled_says a "damaged: the partition is rebuilt" || fail "the log does not tell of the damage"
settled_answers a /readyz 200 || fail "not ready after damage"
gone=$(hand delete person)
! rebuild a --verify-only || fail "verify does not see that a value is gone"
grep -q "value $gone differs" "$SERVICES_DIR/rebuild.log" || fail "verify does not name the value that is gone"

say "an empty database"
settled_stop a
until_true 60 "rebuilt" rebuild a --database 1
verify a --database 1
say "$(tail -n 1 "$SERVICES_DIR/rebuild.log")"
! rebuild a --database 1 || fail "a rebuild over what is there was not refused"
grep -q "not empty" "$SERVICES_DIR/rebuild.log" || fail "not for that reason: $(cat "$SERVICES_DIR/rebuild.log")"
settled_configure b "workers: 2"
sed -i 's/^redis: {/redis: { database: 1,/' "$SERVICES_DIR/b.yaml"
settled_start b
send 3001 4000
until_true 60 "the answers agree in the other database" answers_agree $PARTITIONS 1
verify b
settled_stop b
say "the same byte for byte"
