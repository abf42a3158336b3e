# What .ci/run and .ci/deep share: steps with a name and a time, and a look at how a run ended. To be sourced.

exec </dev/null
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}
# Each is built once here: neither what a next build would want nor what a debugger would is made.
export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0
# Nobody's own account or settings take part.
for name in $(compgen -e SEGUE_ || true); do unset "$name"; done

segue=${CARGO_TARGET_DIR:-target}/release/segue
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
failed=()
# A regular expression, where only the steps are wanted whose names match it: .ci/deep "killed|soak"
only=${1:-}

step() { # NAME COMMAND…: runs a command under its name; what failed is kept for the end
    local name=$1 from=$SECONDS status
    shift
    [[ $name =~ $only ]] || return 0
    printf '\n== %s\n' "$name"
    # Not `if "$@"`: within a condition a failing line would not end the step.
    set +e
    (
        set -e
        "$@"
    )
    status=$?
    set -e
    if [ "$status" = 0 ]; then
        printf '== %s: ok, %d s\n' "$name" $((SECONDS - from))
    else
        printf '== %s: FAILED (exit %d), %d s\n' "$name" "$status" $((SECONDS - from))
        failed+=("$name")
    fi
}

finish() { # prints the whole time, and fails if a step did
    printf '\n== all: %d min %d s\n' $((SECONDS / 60)) $((SECONDS % 60))
    if [ ${#failed[@]} != 0 ]; then
        printf 'failed: %s\n' "${failed[@]}"
        exit 1
    fi
}

components() { # what a fresh toolchain may lack
    command -v cargo-fmt >/dev/null && cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
    command -v cargo-clippy >/dev/null && cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
    cargo --version
}

release() {
    cargo build --release --locked
}

counter() { # KEY LINE: the number of a counter in a JSON line
    local found
    found=$(grep -oE "\"$1\": ?[0-9]+" <<<"$2" | head -n 1) || {
        echo "the ended event has no $1" >&2
        return 1
    }
    echo "${found##*[!0-9]}"
}

demo() { # SECONDS FLAGS…: a demo as JSON within a time; the sum must hold and no status be raised
    local limit=$1 ended profiles sum=0 part count
    shift
    timeout "$limit" "$segue" demo --auto --json "$@" >"$place/demo.jsonl"
    if [ "$(grep -cE '"event": ?"ended"' "$place/demo.jsonl")" != 1 ]; then
        echo "expected one ended event:" >&2
        tail -n 5 "$place/demo.jsonl" >&2
        return 1
    fi
    ended=$(grep -E '"event": ?"ended"' "$place/demo.jsonl")
    echo "$ended"
    profiles=$(counter profiles "$ended")
    for part in created updated unchanged suppressed rejected merged remaining; do
        count=$(counter "$part" "$ended")
        sum=$((sum + count))
    done
    [ "$profiles" -gt 0 ] || { echo "no profiles" >&2; return 1; }
    [ "$sum" = "$profiles" ] || { echo "$profiles profiles, but $sum are accounted for" >&2; return 1; }
    [ "$(counter remaining "$ended")" = 0 ] || { echo "not all was delivered" >&2; return 1; }
    [ "$(counter statuses_raised "$ended")" = 0 ] || { echo "a status was raised" >&2; return 1; }
}
