#!/usr/bin/env bash
# seeds.sh: makes the corpora that the fuzz targets begin with, build/fuzz/seeds/<target>, out of the packs, the demo, a
# made-up county, samples of other versions, and what is written in tests/fuzz/seeds. Needs the dev build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

programs=build/dev/bin
seeds=build/fuzz/seeds

# encoded FILE: what offices' programs save instead of UTF-8.
encoded() {
  iconv -f UTF-8 -t GB18030 "$1" >"$1.gb18030"
  { printf '\377\376' && iconv -f UTF-8 -t UTF-16LE "$1"; } >"$1.utf16"
}

# packs: the files of each, with a form feed between them.
packs() {
  local folder file
  mkdir -p $seeds/pack
  for folder in policy/packs/* tests/packs/*; do
    cat "$folder/region.yaml" >"$seeds/pack/${folder##*/}"
    for file in "$folder"/*.yaml; do
      [ "${file##*/}" = region.yaml ] || { printf '\f' && cat "$file"; } >>"$seeds/pack/${folder##*/}"
    done
  done
}

# samples: of stored values and of messages, those of other versions too; each to the target that its name begins with.
samples() {
  local target file
  for target in $(sed -n 's/^TARGET("\([^"]*\)".*/\1/p' tests/fuzz/target.def); do
    for file in tests/samples/{state,wire}/"$target"{,-*}.hex; do
      [ ! -f "$file" ] || { mkdir -p "$seeds/$target" && decoded "$file" >"$seeds/$target/sample-${file##*/}"; }
    done
  done
}

decoded() {
  tr -d '[:space:]' <"$1" | tr a-f A-F | basenc --base16 -d
}

rm -rf $seeds
mkdir -p $seeds/csv $seeds/roster-words $seeds/config
$programs/settledctl generate --seed 1 --persons 30 --events 60 --mix bad=10 >$seeds/county.jsonl
$programs/fuzz_seeds $seeds policy/packs tests/fuzz/seeds/lines.jsonl deploy/demo/*.jsonl $seeds/county.jsonl
rm $seeds/county.jsonl
cp -r tests/fuzz/seeds/*/ $seeds
cp $seeds/roster-sheet/* $seeds/statement/* $seeds/csv
for file in $seeds/{csv,statement}/*.csv; do
  encoded "$file"
done
for file in $seeds/roster-sheet/*.csv; do
  { head -c 1 "$file" && tail -c +2 "$file" | iconv -f UTF-8 -t GB18030; } >"$file.gb18030"
done
packs
samples
cp cli/roster.yaml $seeds/roster-words
sed 's/^\( *\)# \( *[a-z_]*:\)/\1\2/' deploy/settled.example.yaml >$seeds/config/example.yaml
