#!/usr/bin/env bash
# How soon the first frame comes, how soon a key is on the screen, and how much later while a million are exported; fails
# where that is too slow. Needs the release binary, or SEGUE=FILE, and makes itself a Python with `pyte` (VENV keeps it).
# usage: keys.sh [PROFILES] [FLAGS OF demo…]; 1,000,000 unless told.
set -euo pipefail
cd "$(dirname "$0")"
segue=$(realpath "${SEGUE:-${CARGO_TARGET_DIR:-../../target}/release/segue}")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
venv=${VENV:-$place/venv}
if [ ! -e "$venv" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check pyte==0.8.2
fi
"$venv/bin/python" -B keys.py "$segue" "$@"
