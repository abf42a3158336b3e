#!/usr/bin/env bash
# Wall time, CPU seconds (client and sandbox apart) and peak memory of one export to a sandbox without latency.
# usage: throughput.sh [PROFILES] [SANDBOX FLAGS…]; needs target/release/segue, python3 and GNU time.
set -euo pipefail
cd "$(dirname "$0")/../.."
profiles=${1:-100000}
shift || true
segue=${CARGO_TARGET_DIR:-target}/release/segue
place=$(mktemp -d)
python3 - "$profiles" >"$place/people.csv" <<'PYTHON'
import sys
print("Id,EMail,FirstName,LastName,Tier")
for n in range(int(sys.argv[1])):
    print(f"P{n:08},person{n}@example.com,First{n % 997},Lästname{n % 1009},Tier {n % 7}")
PYTHON
"$segue" sandbox --empty "$@" >"$place/ready" &
sandbox=$!
trap 'kill $sandbox 2>/dev/null || true; rm -rf "$place"' EXIT
for _ in $(seq 100); do
    grep -q '}' "$place/ready" && break
    sleep 0.1
done
value() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$place/ready"; }
export SEGUE_HOME=$place/home SEGUE_MAILCHIMP_TOKEN SEGUE_MAILCHIMP_API_URL SEGUE_MAILCHIMP_LOGIN_URL
SEGUE_MAILCHIMP_TOKEN=$(value mailchimp_api_key)
SEGUE_MAILCHIMP_API_URL=$(value mailchimp_api)
SEGUE_MAILCHIMP_LOGIN_URL=$(value mailchimp_login)
"$segue" add --name Bench --accept-privacy --audience "$(value audience_id)" --source "folder:$place/people.csv" \
    --segment-by Tier --all-segments --map email=EMail --map FNAME=FirstName --map LNAME=LastName \
    --status-if-new subscribed --max-profiles "$profiles" >/dev/null
cpu() { # CPU seconds of a process so far
    awk -v hz="$(getconf CLK_TCK)" '{print ($14 + $15) / hz}' "/proc/$1/stat"
}
for round in "first (all created)" "second (all unchanged)"; do
    before=$(cpu $sandbox)
    /usr/bin/time -f 'client: %e s wall, %U s user, %S s system, %M KiB peak' "$segue" run --json Bench 2>"$place/time" | tail -n 1 >"$place/ended"
    echo "$round: $(grep client: "$place/time")"
    echo "  sandbox: $(awk -v a="$before" -v b="$(cpu $sandbox)" 'BEGIN{print b - a}') s CPU, $(grep VmHWM /proc/$sandbox/status | tr -s '\t ' ' ')"
    grep -oE '"(created|unchanged|calls|duration_ms)":[0-9]+' "$place/ended" | tr '\n' ' '
    echo
done
