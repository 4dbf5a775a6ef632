#!/usr/bin/env bash
# format.sh [--fix]: are all our C files as clang-format 14 would write them? --fix writes them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mode=(--dry-run -Werror)
[ "${1:-}" != --fix ] || mode=(-i)
folders=()
for folder in base policy proto state consumers producers gateway cli tests; do
  [ ! -d $folder ] || folders+=($folder)
done
find "${folders[@]}" -name '*.[ch]' -print0 |
  xargs -0 clang-format --style=file "${mode[@]}"
