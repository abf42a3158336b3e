#!/usr/bin/env bash
# How fast the first frame comes, and how fast a key is answered while a million profiles are exported.
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo test --release --test program keys_are_answered -- --ignored --nocapture
