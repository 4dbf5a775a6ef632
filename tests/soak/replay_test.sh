#!/usr/bin/env bash
# 200,000 records of a county through all stages in memory, under the address sanitizer: whatever was lost is told at
# the end. What is kept on purpose, and freed at the end, is seen in the second half of the records: memory may grow by
# the facts that are stored, and by no more.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${SETTLED_BIN:-$root/build/dev/bin}
EVENTS=200000
PERSONS=20000
STORED_BYTES=600 # of a record, with what the allocator and the sanitizer add
# What the sanitizer keeps back of freed memory is no leak; a little of it fills early.
export ASAN_OPTIONS=detect_leaks=1:quarantine_size_mb=16

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

# memory_mib PID: what it has resident now.
memory_mib() {
  awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$1/status"
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkfifo "$folder/in" "$folder/out"
"$bin/settledctl" generate --seed 5 --persons $PERSONS --events $EVENTS >"$folder/lines"
total=$(wc -l <"$folder/lines")
"$bin/settledctl" replay --packs "$root/policy/packs" - <"$folder/in" >"$folder/out" &
replay=$!
grep -c '"topic": "settlement"' <"$folder/out" >"$folder/count" &
counter=$!

# A pipe holds so little that the replay has read nearly all of a part when it is written.
exec 3>"$folder/in"
head -n $((total / 2)) "$folder/lines" >&3
half=$(memory_mib $replay)
tail -n +$((total / 2 + 1)) "$folder/lines" >&3
end=$(memory_mib $replay)
exec 3>&-
wait $replay || fail "the replay ended with $?"
wait $counter
echo "$total records, $(cat "$folder/count") settlements; $half MiB after half of them, $end MiB after all"
[ "$(cat "$folder/count")" -gt $((EVENTS / 2)) ] || fail "too few settlements"
[ $(((end - half) << 20)) -le $((total / 2 * STORED_BYTES)) ] ||
  fail "memory grows by more than $STORED_BYTES bytes a record"
