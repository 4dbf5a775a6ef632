#!/usr/bin/env bash
# mutants.sh [SEEDS [NAME...]]: proves that the simulation sees what it is there to see. Each patch of mutants/ is a
# deliberate bug; it is applied in a temporary copy, built and run for at most so many seeds (3000). A bug that is not
# found is a failure.
# mutants.sh --check: whether every patch still applies to the code as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mutants=$PWD/tests/sim/mutants

if [ "${1:-}" = --check ]; then
  bad=0
  for patch in "$mutants"/*.patch; do
    git apply --check "$patch" || { echo "no longer applies: ${patch##*/}" && bad=1; }
  done
  exit $bad
fi

seeds=${1:-3000}
shift $(($# > 0 ? 1 : 0))
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z | xargs -0 cp --parents -t "$copy"
cd "$copy"
git init -q
cmake --preset dev >"$copy/configure.log" || { cat "$copy/configure.log" && exit 1; }

missed=0
for patch in "$mutants"/*.patch; do
  name=$(basename "$patch" .patch)
  [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
  git apply "$patch"
  if ! cmake --build --preset dev --target sim >"$copy/build.log" 2>&1; then
    echo "$name: does not build"
    tail -n 20 "$copy/build.log"
    missed=$((missed + 1))
  elif build/dev/bin/sim --seeds 1 "$seeds" >"$copy/run.log" 2>&1; then
    echo "$name: NOT FOUND in $seeds seeds"
    missed=$((missed + 1))
  else
    printf '%-30s %s\n' "$name" "$(grep -m 1 '^seed' "$copy/run.log")"
  fi
  git apply -R "$patch"
done
[ "$missed" -eq 0 ]
