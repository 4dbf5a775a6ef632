#!/usr/bin/env bash
# Clients that hash keys in another way, or give none, split nobody in two: their records are sent home.
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
/usr/bin/python3 "$here/astray.py" send
read_all() {
  /usr/bin/python3 "$here/astray.py" read >"$SERVICES_DIR/reader.log" 2>&1
}
until_true 20 "everybody settled with what is known of them" read_all
say "$(cat "$SERVICES_DIR/reader.log")"
settled_stop a
[ "$EXIT_STATUS" = 0 ] || fail "SIGTERM: exit status $EXIT_STATUS"
