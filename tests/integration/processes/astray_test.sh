#!/usr/bin/env bash
# Clients that hash keys in another way, or give none, split nobody in two: their records are sent home.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/stranger.sh"

stranger_test "$here/astray.py" "everybody settled with what is known of them"
