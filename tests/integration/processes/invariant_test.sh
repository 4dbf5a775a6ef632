#!/usr/bin/env bash
# A processor with a mistake in it (broken_settle.c: at one institution it pays more than the bill) sends none of the
# wrong money: it stops that partition, says which value it was, keeps what shows the mistake again, and settles the
# others. The sound processor then goes on where the partition stood.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../services/services.sh"
source "$here/processes.sh"

PARTITIONS=4
PERSON=140522196001010010
NAME=王小明

fact() { # of the person: the grant, then a stay at the institution
  echo '{"topic": "identity-change", "value": {"eventId": "g", "source": "civil-affairs", "region": "140522",
    "recordedAt": "2023-01-01T00:00:00Z", "personId": "'$PERSON'", "name": "'$NAME'",
    "category": "CIVIL_SERVANT_SUBSIDY", "action": "GRANT", "effectiveOn": "2020-01-01"}}' | tr -d '\n'
  echo
  echo '{"topic": "discharge", "value": {"eventId": "d", "source": "h", "region": "140522", "version": "1",
    "recordedAt": "2023-06-01T00:00:00Z", "encounterId": "e", "personId": "'$PERSON'", "name": "'$NAME'",
    "care": "INPATIENT", "admittedAt": "2023-02-01T00:00:00Z", "dischargedAt": "2023-02-03T00:00:00Z",
    "institution": {"code": "BROKEN", "name": "县医院", "region": "140522", "designated": true},
    "costs": {"totalFen": "800000", "inPolicyFen": "800000"}, "paid": {"basicFen": "500000"}}}' | tr -d '\n'
  echo
}

committed() { # what stands in the topics, beside what is kept back
  "$SETTLEDCTL" tail --brokers "$SETTLED_TEST_BROKERS" --from-beginning --until-end settlement
}

others_agree() {
  [ "$(committed | wc -l)" -ge "$1" ]
}

services_begin
/usr/bin/python3 "$here/county.py" make 3 600 "$SERVICES_DIR/county.json"
{ fact; cat "$SERVICES_DIR/county.json"; } >"$SERVICES_DIR/facts.json"
answers_expect "$SERVICES_DIR/facts.json"
redis_start
kafka_start
settled_topics_create $PARTITIONS
mkdir "$SERVICES_DIR/repro"
settled_configure a "workers: 2" "repro_dir: $SERVICES_DIR/repro" "batch: { records: 50, gather_ms: 1 }"

say "the one with the mistake"
SETTLED=$SETTLED_OTHER/settled-broken settled_start a
/usr/bin/python3 "$here/county.py" send "$SERVICES_DIR/facts.json" 500 0
until_true 60 "a partition is stopped" settled_says a '"partition stopped"'
line=$(grep '"partition stopped"' "$SERVICES_DIR/a.log")
grep -q '"value":"[0-9a-f]\{32\}","status":"INVARIANT_BROKEN"' <<<"$line" || fail "it does not say which value: $line"
until_true 60 "the other partitions settle" others_agree 100
! committed | grep -q "$PERSON" || fail "something of the stopped person has left"
settled_answers a /readyz 503 || fail "ready with a stopped partition"
settled_answers a /healthz 200 || fail "not healthy with a stopped partition"
! grep -q "$PERSON\|$NAME" "$SERVICES_DIR/a.log" || fail "the log names the person"

say "what it was computed from"
repro=$(echo "$SERVICES_DIR"/repro/person-*-discharge-*.jsonl)
[ "$(stat -c %a "$repro")" = 600 ] || fail "others may read $repro: $(stat -c %a "$repro")"
[ "$(ls "$SERVICES_DIR/repro" | wc -l)" = 1 ] || fail "more than one repro"
"$SETTLEDCTL" replay "$repro" >"$SERVICES_DIR/sound.json" || fail "the repro cannot be replayed"
grep -q '"kind": "ORIGINAL"' "$SERVICES_DIR/sound.json" || fail "the sound program does not settle the repro"
! "$SETTLED_OTHER/settledctl-broken" replay --packs "$PROCESSES_ROOT/policy/packs" "$repro" \
  >"$SERVICES_DIR/broken.log" 2>&1 ||
  fail "the repro does not show the mistake"
grep -q "does not add up" "$SERVICES_DIR/broken.log" || fail "another mistake: $(cat "$SERVICES_DIR/broken.log")"

say "the sound one goes on"
settled_stop a
settled_start a
until_true 60 "the answers agree" answers_agree $PARTITIONS
settled_answers a /readyz 200 || fail "not ready"
say "nothing wrong has left"
