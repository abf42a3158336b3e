#!/usr/bin/env bash
# Draws the pictures of the README anew, from the real program on its own sandbox.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test --test program pictures -- --ignored
