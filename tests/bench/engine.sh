#!/usr/bin/env bash
# The engine beside its rival and a bare loop, in one go: the table of README.md. Builds what is not there: the release
# binary, the bare loop, a Python with the vendor's client (outside the tree).
# usage: engine.sh [PROFILES]; 1,000,000 unless told. VENV names a folder with the vendor's client, to be kept.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
segue=${SEGUE:-$target/release/segue}
[ -e "$segue" ] || cargo build --release --locked
cargo build --quiet --release --locked --manifest-path tests/bench/bare/Cargo.toml --target-dir "$target/bare"
venv=${VENV:-$place/venv}
if [ ! -e "$venv" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check mailchimp-marketing==3.0.80
fi
python3 tests/bench/engine.py "$segue" "$target/bare/release/bare" "$venv/bin/python" "${1:-1000000}" "$place"
