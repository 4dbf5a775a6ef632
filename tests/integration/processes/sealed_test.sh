#!/usr/bin/env bash
# Whoever reads Redis, the log and /metrics learns of nobody: with sealed values no id and no name stands anywhere in
# Redis, without them in no key. Sealing is switched on and its key changed while values lie there; a key that is
# missing stops partitions, throws nothing away, and is no damage.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../services/services.sh"
source "$here/processes.sh"

PARTITIONS=4

send() { # FIRST LAST: lines of the county
  sed -n "$1,$2p" "$SERVICES_DIR/facts.json" >"$SERVICES_DIR/some.json"
  /usr/bin/python3 "$here/county.py" send "$SERVICES_DIR/some.json" 500 0
  head -n "$2" "$SERVICES_DIR/facts.json" >"$SERVICES_DIR/sent.json"
  answers_expect "$SERVICES_DIR/sent.json"
}

agree() { # WHAT
  until_true 60 "the answers agree: $1" answers_agree $PARTITIONS
}

lacks() { # all|keys
  /usr/bin/python3 "$here/redis_hand.py" lacks "$1" "$SERVICES_DIR/words" || fail "Redis tells of somebody ($1)"
}

key() {
  echo "$1 $(openssl rand -hex 32)"
}

again() { # a restart, with other files than before
  settled_stop a
  settled_mark a
  settled_start a
}

services_begin
/usr/bin/python3 "$here/county.py" make 5 1600 "$SERVICES_DIR/facts.json"
grep -o '"\(personId\|name\|beneficiaryId\|counterpartyId\|relative_id\)": "[^"]*"' "$SERVICES_DIR/facts.json" |
  sed 's/.*: "//;s/"//' | sort -u | grep -v "医院" >"$SERVICES_DIR/words"
redis_start
kafka_start
settled_topics_create $PARTITIONS
head -c 32 /dev/urandom >"$SERVICES_DIR/state-key"
settled_configure a "workers: 2" "state: { key_file: $SERVICES_DIR/state-key, seal_file: $SERVICES_DIR/seal-keys }"

say "not sealed"
sed 's/, seal_file: [^ ]*//' -i.sealed "$SERVICES_DIR/a.yaml"
settled_start a
send 1 400
agree "not sealed"
lacks keys
! /usr/bin/python3 "$here/redis_hand.py" lacks all "$SERVICES_DIR/words" || fail "this test does not see names"

say "switched on over what is there, then all of it sealed"
mv "$SERVICES_DIR/a.yaml.sealed" "$SERVICES_DIR/a.yaml"
key first >"$SERVICES_DIR/seal-keys"
export SETTLED_STATE_SEAL_FILE=$SERVICES_DIR/seal-keys # of state-dump
again
send 401 800
agree "switched on"
settled_stop a
redis-cli -s "$SETTLED_TEST_REDIS_SOCKET" flushall >/dev/null
settled_start a
agree "sealed"
lacks all
"$SETTLEDCTL" rebuild --config "$SERVICES_DIR/a.yaml" --verify-only || fail "a rebuild differs"

say "another key"
key second >>"$SERVICES_DIR/seal-keys"
again
send 801 1200
agree "with another key"
lacks all

say "a key is missing"
cp "$SERVICES_DIR/seal-keys" "$SERVICES_DIR/all-keys"
sed -i 1d "$SERVICES_DIR/seal-keys"
again
send 1201 1600
until_true 60 "a partition is stopped" settled_says a '"status":"SEALED_STATE","cause":"a stored value is sealed'
! settled_says a "damaged" || fail "a missing key was taken for damage"
cp "$SERVICES_DIR/all-keys" "$SERVICES_DIR/seal-keys"
again
agree "with all keys"
lacks all

say "what else speaks"
person=$(grep -o '14[0-9]\{15\}[0-9X]' "$SERVICES_DIR/words" | sed -n 1p)
region=$(grep -m 1 "$person" "$SERVICES_DIR/facts.json" | sed 's/.*"region": "\([0-9]*\)".*/\1/')
"$SETTLEDCTL" show person --config "$SERVICES_DIR/a.yaml" --region "$region" --person "$person" \
  >"$SERVICES_DIR/shown" || fail "a sealed person cannot be shown"
curl -s "http://127.0.0.1:${SETTLED_PORT[a]}"/{metrics,healthz} >"$SERVICES_DIR/said"
! grep -qFf "$SERVICES_DIR/words" "$SERVICES_DIR/a.log" "$SERVICES_DIR/said" || fail "log or metrics tell of somebody"
settled_stop a
say "nobody is named"
