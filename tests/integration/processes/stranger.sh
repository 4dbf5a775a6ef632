# A whole test of a program that is not ours: to be sourced by it.
#
#   stranger_test PROGRAM WHAT   between new servers, `PROGRAM send` sends facts and `PROGRAM read` soon finds WHAT

STRANGER_HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$STRANGER_HERE/../../services/services.sh"
source "$STRANGER_HERE/processes.sh"

stranger_reads() { # PROGRAM
  /usr/bin/python3 "$1" read >"$SERVICES_DIR/reader.log" 2>&1
}

stranger_test() {
  services_begin
  redis_start
  kafka_start
  settled_topics_create 4
  settled_configure a
  settled_start a
  until_true 40 "ready" settled_answers a /readyz 200
  say "ready"
  /usr/bin/python3 "$1" send
  until_true 20 "$2" stranger_reads "$1"
  say "$(cat "$SERVICES_DIR/reader.log")"
  settled_stop a
  [ "$EXIT_STATUS" = 0 ] || fail "SIGTERM: exit status $EXIT_STATUS"
}
