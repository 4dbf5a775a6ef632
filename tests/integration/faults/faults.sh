# What all faults share: to be sourced by `run`, after services.sh and processes.sh.
#
# A stand is the servers of some faults, `stand_NAME`; on it two processes a and b settle a county. `fault_NAME` breaks
# something while facts come, waits until it was noticed, and mends it. Then all that was sent must have been answered:
# the topics, Redis and the replay of the same facts agree to the fen, nothing stands twice, every offset fits.
#
#   stand_begin STAND SEED              the servers, the facts, a and b at work
#   fault_run NAME                      one fault, its end and its check
#   anybody_says PATTERN                whether a or b says so in its log since the fault began
#   notices SECONDS PATTERN             waits until anybody does, and tells the reader
#   everybody_is_live
#
# Conditions are waited for; nothing here sleeps and hopes.

FAULTS_HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PARTITIONS=8
FACTS=30000 # more than any run of all faults of a stand can send
FAULT_SENDER=

stand_begin() {
  services_begin
  trap '' XFSZ # a file that may not grow is an error of a write, not the end of the process
  /usr/bin/python3 "$FAULTS_HERE/../processes/county.py" make "$2" $FACTS "$SERVICES_DIR/facts.json"
  "stand_$1"
  settled_topics_create $PARTITIONS
  for name in a b; do
    settled_configure $name "workers: 2" "batch: { records: 50, gather_ms: 1 }" # small, so that a fault meets many
    [ -z "${STAND_REDIS:-}" ] || sed -i "s/^redis:.*/redis: { $STAND_REDIS }/" "$SERVICES_DIR/$name.yaml"
    [ -z "${STAND_BROKERS:-}" ] || sed -i "s/^  brokers:.*/  brokers: $STAND_BROKERS/" "$SERVICES_DIR/$name.yaml"
    sed -i "s/^  properties: {/& $STAND_PROPERTIES,/" "$SERVICES_DIR/$name.yaml"
    settled_start $name
  done
  until_true 60 "everybody is live" everybody_is_live
  say "$1: everybody is live"
}

# Soon, so that a process that is frozen has lost its place before the reader has lost patience.
STAND_PROPERTIES="max.poll.interval.ms: 6000"

everybody_is_live() {
  settled_answers a /readyz 200 && settled_answers b /readyz 200
}

anybody_says() {
  settled_says a "$1" || settled_says b "$1"
}

notices() {
  until_true "$1" "anybody says $2" anybody_says "$2"
  say "    $({ settled_said a "$2" || settled_said b "$2"; } | head -n 1 | cut -c -220)"
}

facts_sent() {
  cat "$SERVICES_DIR/sent" 2>/dev/null || echo 0
}

load_has_grown() { # FROM
  [ "$(facts_sent)" -gt "$1" ]
}

load_begin() {
  local before
  before=$(facts_sent)
  rm -f "$SERVICES_DIR/enough"
  /usr/bin/python3 "$FAULTS_HERE/load.py" "$SERVICES_DIR"/{facts.json,sent,enough} >>"$SERVICES_DIR/load.log" 2>&1 &
  FAULT_SENDER=$!
  echo $FAULT_SENDER >"$SERVICES_DIR/load.pid" # so that services_end finds it
  until_true 20 "facts are sent" load_has_grown "$before"
}

load_end() {
  touch "$SERVICES_DIR/enough"
  wait $FAULT_SENDER || fail "the facts were not sent"
  rm -f "$SERVICES_DIR/load.pid"
  head -n "$(facts_sent)" "$SERVICES_DIR/facts.json" >"$SERVICES_DIR/given.json"
}

fault_run() {
  local begin=$SECONDS
  say "$1"
  settled_mark a
  settled_mark b
  load_begin
  "fault_$1"
  local mended=$SECONDS
  until_true 90 "$1: everybody is live again" everybody_is_live
  local live=$SECONDS
  load_end
  answers_expect "$SERVICES_DIR/given.json"
  until_true 60 "$1: the answers agree" answers_agree $PARTITIONS
  say "    broken for $((mended - begin)) s, live $((live - mended)) s after that"
  say "    $(head -n 1 "$SERVICES_DIR/compare.log")"
}

stand_end() {
  for name in a b; do
    settled_stop $name
    [ "$EXIT_STATUS" = 0 ] || fail "$name: SIGTERM: exit status $EXIT_STATUS"
  done
  services_end
}
