#!/usr/bin/env bash
# Draws the pictures of the README anew, and takes its film (demo.svg), from the real program on its own sandbox.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test --test program pictures -- --ignored --test-threads 1
