#!/usr/bin/env bash
# An upgrade while all goes on: two processes, replaced one after the other by the version after this one, which writes
# a newer format of values (settled-next), under the same names. Then a process of the old version comes back by
# mistake: it refuses what it cannot read, throws nothing away, and the money is what it is.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../services/services.sh"
source "$here/processes.sh"

PARTITIONS=4
old=$SETTLED next=$SETTLED_OTHER/settled-next

send() { # FIRST LAST: lines of the county
  sed -n "$1,$2p" "$SERVICES_DIR/facts.json" >"$SERVICES_DIR/some.json"
  /usr/bin/python3 "$here/county.py" send "$SERVICES_DIR/some.json" 100 0.1
}

formats() { # of all stored values: "01", "02" or both
  /usr/bin/python3 "$here/redis_hand.py" dump 0 | grep 3a763a | sed 's/.* \(..\).*/\1/' | sort -u | tr -d '\n'
}

settled() { # NAME COMMAND: started anew
  settled_stop "$1"
  settled_mark "$1"
  SETTLED=$2 settled_start "$1"
  until_true 60 "$1 is ready" settled_answers "$1" /readyz 200
}

agree() { # WHAT: money, as all is sent that stands in the first lines of the county
  head -n "$2" "$SERVICES_DIR/facts.json" >"$SERVICES_DIR/sent.json"
  answers_expect "$SERVICES_DIR/sent.json"
  # What reads Redis for the other tests is of the old version: here the topics are compared.
  until_true 60 "the answers agree: $1" topics_agree
}

topics_agree() {
  "$SETTLEDCTL" tail --brokers "$SETTLED_TEST_BROKERS" --from-beginning --until-end settlement \
    >"$SERVICES_DIR/settlements.json" &&
    /usr/bin/python3 "$here/sums.py" "$SERVICES_DIR"/{replay,settlements}.json >"$SERVICES_DIR/compare.log" 2>&1
}

services_begin
/usr/bin/python3 "$here/county.py" make 9 1600 "$SERVICES_DIR/facts.json"
redis_start
kafka_start
settled_topics_create $PARTITIONS
for name in a b; do
  settled_configure $name "workers: 1" "batch: { records: 50, gather_ms: 1 }"
  settled_start $name
done
until_true 60 "a is ready" settled_answers a /readyz 200
until_true 60 "b is ready" settled_answers b /readyz 200

say "one after the other, while facts come"
send 1 1200 &
sender=$!
settled a "$next"
settled b "$next"
wait $sender || fail "the facts were not sent"
agree "after the upgrade" 1200
[ "$(formats)" != 01 ] || fail "this test does not write a newer format"
! settled_says a "partition stopped" || fail "a stopped a partition"
! settled_says b "partition stopped" || fail "b stopped a partition"

say "the old version comes back"
settled_stop b
settled_mark b
SETTLED=$old settled_start b
send 1201 1600
until_true 60 "b refuses" settled_says b '"status":"NEWER_STATE","cause":"format 2 is stored, this program knows 1"'
! settled_says b "damaged" || fail "a newer format was taken for damage"
settled_stop b
settled_mark b
SETTLED=$next settled_start b
agree "with the new version again" 1600
settled_stop a
settled_stop b
say "no difference in the money"
