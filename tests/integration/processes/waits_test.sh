#!/usr/bin/env bash
# A process that comes before its servers waits, says for what, and goes on when they come; so it does when they go and
# come back; and SIGTERM ends it cleanly at any time.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../services/services.sh"
source "$here/processes.sh"

# settlements COUNT: whether so many stand in the topic, each once.
settlements() {
  [ "$(/usr/bin/python3 "$here/one_person.py" count 2>/dev/null)" = "$1" ]
}

waits_for() { # server
  until_true 20 "says that it waits for $1" settled_says a "\"to\":\"waiting for $1\""
  until_true 5 "/healthz says 503" settled_answers a /healthz 503
  settled_answers a /readyz 503 || fail "ready while it waits for $1"
}

is_live() {
  until_true 40 "ready: $1" settled_answers a /readyz 200
  settled_answers a /healthz 200 || fail "ready, but not healthy: $1"
}

services_begin
redis_start
kafka_start
settled_topics_create 4
settled_configure a "workers: 2"
kafka_kill 1
redis_kill

say "neither server is there"
settled_start a
waits_for kafka
settled_stop a
[ "$EXIT_STATUS" = 0 ] || fail "SIGTERM while it waits: exit status $EXIT_STATUS"

say "Kafka comes, Redis does not"
settled_mark a
settled_start a
waits_for kafka
kafka_run 1
waits_for redis

say "both are there"
redis_start
is_live "both servers came"
/usr/bin/python3 "$here/one_person.py" send 1
until_true 20 "the first settlement" settlements 1

say "Redis goes and comes back"
settled_mark a
redis_kill
/usr/bin/python3 "$here/one_person.py" send 2 # idle, it would not notice
waits_for redis
redis_start
is_live "Redis came back"
until_true 20 "the second settlement" settlements 2

say "the broker goes and comes back"
settled_mark a
kafka_kill 1 KILL
waits_for kafka
kafka_run 1
is_live "the broker came back"
/usr/bin/python3 "$here/one_person.py" send 3
until_true 40 "the third settlement" settlements 3

say "a second process under the same name"
settled_configure b "workers: 2"
SETTLED_INSTANCE=a settled_start b
until_true 40 "the first says that it is fenced" settled_says a '"message":"stopping.*"status":"FENCED"'
settled_await a
[ "$EXIT_STATUS" = 1 ] || fail "fenced: exit status $EXIT_STATUS"
until_true 40 "the second takes over" settled_answers b /readyz 200

say "the end"
settled_stop b
[ "$EXIT_STATUS" = 0 ] || fail "SIGTERM: exit status $EXIT_STATUS"
settled_says b '"message":"stopped"' || fail "did not say that it stopped"
say "waited, said so, and went on"
