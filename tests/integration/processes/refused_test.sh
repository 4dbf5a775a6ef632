#!/usr/bin/env bash
# What cannot be right is refused at the start: exit status 2, and a line each that says where, what, and what is
# allowed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
settled=${SETTLED_BIN:-$root/build/dev/bin}/settled
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cases=0
failures=0

# refused YAML LINE...: with this configuration (\n is a new line), it says each of these lines and exits with 2.
refused() {
  local yaml=$1 said status=0 line
  shift
  printf '%b' "$yaml" >c.yaml
  said=$(timeout 20 "$settled" --config c.yaml 2>&1) || status=$?
  cases=$((cases + 1))
  [ $status = 2 ] || complain "$yaml" "exit status $status" "$said"
  for line in "$@"; do
    grep -qF -- "$line" <<<"$said" || complain "$yaml" "does not say: $line" "$said"
  done
}

complain() {
  printf 'FAILED: %s\n  %s\n  it says: %s\n' "$1" "$2" "$3" >&2
  failures=$((failures + 1))
}

refused '' 'c.yaml: the file is empty; it holds a mapping'
refused 'packs: [\n' 'c.yaml:2:1: not YAML:'
refused 'packs: \xff\n' 'c.yaml:1:1: this line is not UTF-8'
refused '- packs\n' 'c.yaml:1:1: not a mapping; allowed: `key: value` lines'
refused 'workers: 2\n' 'c.yaml: missing key `packs`'
refused 'packs: x\nworker: 2\n' 'c.yaml:2:1: unknown key `worker`, did you mean `workers`?; allowed: instance, workers'
refused 'packs: x\npacks: y\n' 'c.yaml:2:1: duplicate key `packs`'
refused 'packs: x\nkafka: { broker: a }\n' 'c.yaml:2:10: unknown key `broker`, did you mean `brokers`?'
refused 'packs: x\nkafka: a:9092\n' 'c.yaml:2:8: not a mapping'
refused 'packs: x\nworkers: 0\n' 'c.yaml:2:10: `0` does not fit; allowed: a whole number from 1 to 256'
refused 'packs: x\nworkers: 257\n' 'c.yaml:2:10: `257` does not fit'
refused 'packs: x\nworkers: 99999999999999999999\n' 'does not fit; allowed: a whole number from 1 to 256'
refused 'packs: x\nworkers: two\n' 'c.yaml:2:10: `two` does not fit'
refused 'packs: x\nworkers: [2]\n' 'c.yaml:2:10: a list where a single value belongs'
refused 'packs: x\ninstance: a b\n' 'c.yaml:2:11: `a b` is not a name; allowed: 1 to 128 letters'
refused 'packs: x\ninstance: ""\n' 'c.yaml:2:11: an empty value'
refused 'packs: x\nbatch: { records: 0 }\n' 'c.yaml:2:19: `0` does not fit'
refused 'packs: x\nbatch: { arena_mb: 15 }\n' 'allowed: a whole number from 16 to'
refused 'packs: x\nredis: { address: localhost }\n' 'c.yaml:2:19: `localhost` is not an address; allowed: host:port'
refused 'packs: x\nredis: { address: "localhost:0" }\n' 'is not an address'
refused 'packs: x\nredis: { address: "localhost:65536" }\n' 'is not an address'
refused 'packs: x\nredis: { address: ":6379" }\n' 'is not an address'
refused 'packs: x\nredis: { address: "::1:6379" }\n' 'is not an address'
refused 'packs: x\nredis: { address: "a:1,b" }\n' '`a:1,b` is not an address; allowed: host:port (a port from'
refused 'packs: x\nredis: { address: "a:1,b:2," }\n' 'is not an address'
refused 'packs: x\nredis: { address: "a:1,/tmp/socket" }\n' 'is not an address'
refused "packs: x\nredis: { address: \"$(printf 'a:1,%.0s' {1..8})a:1\" }\n" 'at most 8 with commas'
refused 'packs: x\nredis: { password_file: missing }\n' 'c.yaml:2:25: `missing` cannot be read: No such file'
refused 'packs: x\nredis: { password_file: /dev/null }\n' 'c.yaml:2:25: the first line of this file is no password'
refused 'packs: x\nredis: { namespace: abcdefghijklmnopq }\n' 'allowed: 1 to 16 letters'
refused 'packs: x\nstate: { key_file: /dev/null }\n' 'c.yaml:2:20: 0 bytes are too few for a secret; allowed: 16'
refused 'packs: x\nstate: { key_file: /dev/zero }\n' '`/dev/zero` is too large; allowed: at most 4096 bytes'
refused 'packs: x\nrepro_dir: ""\n' 'c.yaml:2:12: an empty value'
refused 'packs: x\nrepro_dir: gone\n' 'c.yaml:2:12: no file can be made in `gone`: No such file'
refused 'packs: x\nrepro_dir: c.yaml\n' 'c.yaml:2:12: no file can be made in `c.yaml`: Not a directory'
refused 'packs: x\nrepro_dir: /proc\n' 'c.yaml:2:12: no file can be made in `/proc`: '
refused 'packs: x\nclose: { at: "24:00" }\n' 'c.yaml:2:14: `24:00` is not a time of day; allowed: "00:00" to "23:59"'
refused 'packs: x\nclose: { at: 0:30 }\n' '`0:30` is not a time of day'
refused 'packs: x\nclose: { month: 1 }\n' 'c.yaml:2:17:'
refused 'packs: x\nclose: { regions: ["140425", "1404"] }\n' '`1404` is not a region; allowed: six digits'
refused 'packs: x\nhttp: { listen: 9464 }\n' 'c.yaml:2:17: `9464` is not an address; allowed: host:port'
refused 'packs: x\nhttp: { listen: /run/x }\n' 'c.yaml:2:17: `/run/x` is not an address'
refused 'packs: x\nlog: { level: loud }\n' 'c.yaml:2:15: unknown level `loud`; allowed: debug, info, warning, error'
refused 'packs: x\nkafka: { properties: { group.id: a } }\n' 'c.yaml:2:24: `group.id` is set by settled itself'
refused 'packs: x\nkafka: { consumer: { linger: 3 } }\n' 'c.yaml:2:22: No such configuration property: "linger"'
refused 'packs: x\nkafka: { producer: { transactional.id: a } }\n' 'c.yaml:2:22: `transactional.id` is set by settled'
refused 'packs: x\nkafka: { properties: { linger: 3 } }\n' 'c.yaml:2:24: No such configuration property: "linger"'
refused 'packs: x\nkafka: { properties: { session.timeout.ms: soon } }\n' 'c.yaml:2:24: Invalid value for'
refused 'packs: x\nworkers: 0\nlog: { level: 3 }\n' 'c.yaml:2:10: `0` does not fit' 'c.yaml:3:15: unknown level `3`'

# The environment is read by the same rules, and wins.
SETTLED_WORKERS=many refused 'packs: x\nworkers: 2\n' 'SETTLED_WORKERS:1:1: `many` does not fit'
SETTLED_REDIS_ADDRESS=nowhere refused 'packs: x\n' 'SETTLED_REDIS_ADDRESS:1:1: `nowhere` is not an address'
SETTLED_KAFKA_PROPERTIES_GROUP_ID=a refused 'packs: x\n' 'SETTLED_KAFKA_PROPERTIES_GROUP_ID:1:1: `group.id` is set by'
SETTLED_REPRO_DIR=gone refused 'packs: x\n' 'SETTLED_REPRO_DIR:1:1: no file can be made in `gone`: No'
SETTLED_PACKS=gone refused "packs: $root/policy/packs\n" 'gone: cannot read this folder: No such file or directory'

# Packs: one wrong figure, and one wrong word.
cp -r "$root/policy/packs" packs
sed -i 's/share: 70%/share: 101%/' packs/yangcheng/inpatient.yaml
place=packs/yangcheng/inpatient.yaml:$(grep -n 'share: 101%' packs/yangcheng/inpatient.yaml | head -n 1 | cut -d: -f1)
refused 'packs: packs\n' "$place:" '`101%` is not a rate; allowed: 0% to 100%'
echo 'colour: red' >>packs/yangcheng/region.yaml
refused 'packs: packs\n' "packs/yangcheng/region.yaml:$(wc -l <packs/yangcheng/region.yaml):1: unknown key \`colour\`"

status=0
"$settled" --config gone.yaml 2>said || status=$?
[ "$status $(cat said)" = '2 gone.yaml: cannot be read: No such file or directory' ] ||
  complain gone.yaml "$status" "$(cat said)"
status=0
"$settled" 2>said || status=$?
[ $status = 2 ] && grep -q '^usage: settled --config FILE' said || complain 'no argument' "$status" "$(cat said)"

# The example is taken as it stands, and every key there is stands in it and on the page. Trying a folder leaves no
# file there.
known() { # YAML
  echo "$1" >c.yaml
  { "$settled" --config c.yaml 2>&1 || true; } | sed -n 's/.*unknown key.*allowed: //p' | tr -d ','
}
for name in $(known 'zzzzzz: 1'); do
  keys=$(known "$name: { zzzzzz: 1 }") # of a section; a key of the top has none
  for key in ${keys:-$name}; do
    grep -qE "^[# ]*$key:" "$root/deploy/settled.example.yaml" || complain "$name, $key" 'not in the example' ''
    grep -qF "\`$name${keys:+.$key}\`" "$root/docs/operations.md" || complain "$name, $key" 'not in operations.md' ''
  done
done
status=0
mkdir repro
SETTLED_REPRO_DIR=repro SETTLED_PACKS=$root/policy/packs SETTLED_HTTP_LISTEN='' SETTLED_KAFKA_BROKERS=127.0.0.1:1 \
  timeout --preserve-status 2 "$settled" --config "$root/deploy/settled.example.yaml" 2>said || status=$?
[ $status = 0 ] && grep -q '"message":"stopped"' said || complain 'the example' "exit status $status" "$(cat said)"
[ -z "$(ls -A repro)" ] || complain 'the folder of repros' "$(ls -A repro)" ''

echo "$cases configurations refused, $failures failed"
[ $failures = 0 ]
