#!/usr/bin/env bash
# A whole export of Microsoft's sample people, read back by the vendor's own client: exactly the expected members, merge
# fields and tags. Needs target/release/segue, and a python3 with `mailchimp-marketing`.
set -euo pipefail
cd "$(dirname "$0")/../.."
people=../shared/customer-insights/contoso-Contact.csv
if [ ! -e "$people" ]; then
    echo "skipped: $people is not there"
    exit 0
fi
segue=${CARGO_TARGET_DIR:-target}/release/segue
place=$(mktemp -d)
"$segue" sandbox --profiles 1000 >"$place/ready" &
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
audience=$(value audience_id)
"$segue" add --name Contoso --accept-privacy --audience "$audience" --source "folder:$people" \
    --segment-by "Loyalty Tier" --all-segments --map email=EMail --map FNAME=FirstName --map LNAME=LastName \
    --map BIRTHDAY=DateOfBirth --consent-attribute "Email Subscriber" --status-if-new subscribed
"$segue" run --json Contoso | tail -n 1 | tee "$place/ended"
python3 tests/bench/peer.py "$people" "$place/ended" "$SEGUE_MAILCHIMP_API_URL" "$SEGUE_MAILCHIMP_TOKEN" "$audience"
