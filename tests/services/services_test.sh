#!/usr/bin/env bash
# What services.sh promises: services answer, come back with their data, and do not outlive the shell that started them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/services.sh"

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

is() { # what, got, expected
  [ "$2" = "$3" ] || fail "$1: \"$2\", not \"$3\""
}

redis() {
  redis-cli -s "$SETTLED_TEST_REDIS_SOCKET" "$@"
}

read_topic() {
  kcat -b "$SETTLED_TEST_BROKERS" -t "$1" -C -o beginning -e -q
}

services_begin
redis_start
kafka_start

! topics_create admission 2>/dev/null || fail "a topic without a count was taken"
! topics_create 'bad name:1' 2>/dev/null || fail "a topic with a bad name was taken"
topics_create admission:12 discharge:3
topics_create admission:12 settlement:1 # the first is there already
is partitions "$(kcat -b "$SETTLED_TEST_BROKERS" -L | grep -cE '^    partition ')" 16

echo first | kcat -b "$SETTLED_TEST_BROKERS" -t admission -P
kafka_kill 1 KILL
kafka_run 1
is "record after the broker was killed" "$(read_topic admission)" first

redis set a b >/dev/null
redis_kill
! redis_answers 2>/dev/null || fail "Redis answers after it was stopped"
redis_start
is "value after Redis was stopped" "$(redis get a)" b

services_end
[ ! -e "$(dirname "$SETTLED_TEST_REDIS_SOCKET")" ] || fail "the folder is still there"

# A shell that is killed cannot clean up; what it started must go with it.
mark=$(mktemp)
(
  exec bash -c 'source "$1/services.sh"; services_begin; redis_start; echo "$SERVICES_DIR" >"$2"; sleep 60' \
    - "$here" "$mark"
) &
orphan=$!
for ((i = 0; i < 100; i++)); do
  [ ! -s "$mark" ] || break
  sleep 0.1
done
left=$(cat "$mark")
redis_pid=$(cat "$left/redis.pid")
pkill -KILL -P $orphan || true # its sleep
kill -KILL $orphan
wait $orphan 2>/dev/null || true
for ((i = 0; i < 50; i++)); do
  kill -0 "$redis_pid" 2>/dev/null || break
  sleep 0.1
done
! kill -0 "$redis_pid" 2>/dev/null || fail "Redis outlives its shell"
rm -rf "$left" "$mark"
echo "all promises kept"
