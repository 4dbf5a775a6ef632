#!/usr/bin/env bash
# A program that knows proto/ and nothing else of ours, in Python, sends facts and reads what comes of them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../services/services.sh"
source "$here/processes.sh"

services_begin
redis_start
kafka_start
topics_create {admission,discharge,identity-change,person-fact,case-action,period-close,roster-update}:4 \
  {settlement,warning,rejection,roster-receipt,fund-entry,payment-request}:4
settled_configure a
settled_start a
until_true 40 "ready" settled_answers a /readyz 200
say "ready"
/usr/bin/python3 "$here/reader.py" send
read_all() {
  /usr/bin/python3 "$here/reader.py" read >"$SERVICES_DIR/reader.log" 2>&1
}
until_true 20 "settlement, warning and rejection as a stranger reads them" read_all
say "$(cat "$SERVICES_DIR/reader.log")"
settled_stop a
[ "$EXIT_STATUS" = 0 ] || fail "SIGTERM: exit status $EXIT_STATUS"
