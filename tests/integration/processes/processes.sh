# The program `settled` between real servers: to be sourced after tests/services/services.sh, by tests that start
# their own.
#
#   settled_topics_create PARTITIONS    all topics it reads and writes
#   settled_configure NAME [LINE...]    writes $SERVICES_DIR/NAME.yaml, with an HTTP port of its own and more lines
#   settled_start NAME                  in the background; its log is $SERVICES_DIR/NAME.log
#   settled_kill NAME                   SIGKILL
#   settled_stop NAME                   SIGTERM; its exit status is in EXIT_STATUS
#   settled_await NAME                  until it has ended by itself; likewise
#   settled_answers NAME PATH STATUS    whether HTTP answers PATH with that status
#   settled_says NAME PATTERN           whether its log has a line like that, beyond the last mark
#   settled_said NAME PATTERN           those lines
#   settled_mark NAME                   what the log says from here on
#   answers_expect FILE                 what the replay of these facts answers, for answers_agree
#   answers_agree PARTITIONS [DATABASE] whether Kafka, Redis and the replay agree; why not is in compare.log
#   until_true SECONDS WHAT COMMAND...  until it succeeds; else says WHAT failed, shows the logs, and ends the test

PROCESSES_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
SETTLED=${SETTLED_BIN:-$PROCESSES_ROOT/build/dev/bin}/settled
SETTLEDCTL=$(dirname "$SETTLED")/settledctl
declare -A SETTLED_PORT=() SETTLED_PID=() SETTLED_MARK=()

settled_topics_create() {
  topics_create {admission,discharge,identity-change,person-fact,case-action,period-close,roster-update}:"$1" \
    {settlement,warning,rejection,roster-receipt,fund-entry,payment-request}:"$1"
}

settled_configure() {
  local name=$1
  shift
  SETTLED_PORT[$name]=$(free_ports 1)
  cat >"$SERVICES_DIR/$name.yaml" <<END
instance: $name
packs: $PROCESSES_ROOT/policy/packs
kafka:
  brokers: $SETTLED_TEST_BROKERS
  properties: { session.timeout.ms: 6000, heartbeat.interval.ms: 1000, reconnect.backoff.max.ms: 1000 }
redis: { address: "$SETTLED_TEST_REDIS" }
http: { listen: "127.0.0.1:${SETTLED_PORT[$name]}" }
END
  [ $# -eq 0 ] || printf '%s\n' "$@" >>"$SERVICES_DIR/$name.yaml"
}

settled_start() {
  setpriv --pdeathsig KILL "$SETTLED" --config "$SERVICES_DIR/$1.yaml" >>"$SERVICES_DIR/$1.log" 2>&1 </dev/null &
  SETTLED_PID[$1]=$!
  echo $! >"$SERVICES_DIR/$1.pid" # so that services_end finds it
}

settled_await() {
  EXIT_STATUS=0
  wait "${SETTLED_PID[$1]}" 2>/dev/null || EXIT_STATUS=$?
  rm -f "$SERVICES_DIR/$1.pid"
}

settled_kill() {
  kill -s KILL "${SETTLED_PID[$1]}"
  settled_await "$1"
}

settled_stop() {
  kill -s TERM "${SETTLED_PID[$1]}"
  settled_await "$1"
}

# http_status PORT PATH: the three digits, empty when nobody answers.
http_status() {
  local version status rest
  { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 0
  printf 'GET %s HTTP/1.0\r\n\r\n' "$2" >&3
  read -r version status rest <&3 || true
  exec 3>&-
  echo "${status:-}"
}

settled_answers() {
  [ "$(http_status "${SETTLED_PORT[$1]}" "$2")" = "$3" ]
}

settled_mark() {
  SETTLED_MARK[$1]=$(wc -l <"$SERVICES_DIR/$1.log")
}

settled_said() {
  tail -n "+$((${SETTLED_MARK[$1]:-0} + 1))" "$SERVICES_DIR/$1.log" | grep -- "$2"
}

settled_says() {
  settled_said "$@" >/dev/null
}

answers_expect() {
  "$SETTLEDCTL" replay --packs "$PROCESSES_ROOT/policy/packs" "$1" >"$SERVICES_DIR/replay.json"
  "$SETTLEDCTL" replay --packs "$PROCESSES_ROOT/policy/packs" --final "$1" >"$SERVICES_DIR/final.json"
}

answers_agree() {
  local redis=("${SETTLED_TEST_REDIS%:*}" "${SETTLED_TEST_REDIS##*:}")
  {
    "$(dirname "$SETTLED")/state-dump" "${redis[@]}" "$@" >"$SERVICES_DIR/state.json" &&
      "$(dirname "$SETTLED")/positions" "$SETTLED_TEST_BROKERS" "${redis[@]}" "$@" \
        >"$SERVICES_DIR/positions.json" &&
      /usr/bin/python3 "$PROCESSES_ROOT/tests/integration/processes/compare.py" \
        "$SERVICES_DIR"/{replay,final,state,positions}.json
  } >"$SERVICES_DIR/compare.log" 2>&1
}

fail() {
  local log
  echo "FAILED: $1" >&2
  for log in "$SERVICES_DIR"/*.log; do
    case $log in */kafka-*) continue ;; esac
    echo "--- the end of $(basename "$log"):" >&2
    tail -n 15 "$log" >&2
  done
  exit 1
}

until_true() {
  local until=$((SECONDS + $1)) what=$2 seconds=$1
  shift 2
  until "$@"; do
    [ $SECONDS -le $until ] || fail "$what: not within $seconds s"
    sleep 0.1
  done
}

say() {
  printf '%3d s  %s\n' "$SECONDS" "$1"
}
