#!/usr/bin/env bash
# A program that knows proto/ and nothing else of ours, in Python, sends facts and reads what comes of them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/stranger.sh"

stranger_test "$here/reader.py" "settlement, warning and rejection as a stranger reads them"
