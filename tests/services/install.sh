#!/usr/bin/env bash
# Installs the Debian packages of deploy/debian-packages.txt that are missing. Silent and quick when all are there.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
list=$root/deploy/debian-packages.txt
policy=/usr/sbin/policy-rc.d

missing_packages() {
  comm -23 <(sed 's/#.*//; /^ *$/d' "$list" | sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort -u)
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian starts a service on installing it. Ours are started by the tests, on free ports and in a temporary folder.
start_no_services() {
  [ ! -e $policy ] || return 0
  printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
  as_root chmod 755 $policy
  trap 'as_root rm -f $policy' EXIT
}

mapfile -t missing < <(missing_packages)
[ ${#missing[@]} -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null; then
  echo "install.sh: no apt-get here; please install: ${missing[*]}" >&2
  exit 1
fi

echo "installing ${#missing[@]} Debian packages: ${missing[*]}"
log=$(mktemp)
start_no_services
if ! { as_root apt-get update -q &&
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"; } \
  >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  exit 1
fi
rm -f "$log"
# Nor shall it start on the next boot, where nobody asked for it.
if [[ " ${missing[*]} " == *" redis-server "* ]] && command -v systemctl >/dev/null; then
  as_root systemctl --quiet disable redis-server >/dev/null 2>&1 || true
fi
