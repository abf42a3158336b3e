# What .ci/keyring and .ci/oidc share: a private D-Bus session with a real gnome-keyring. To be sourced.
# Needs the packages gnome-keyring, dbus, libsecret-tools and libglib2.0-bin. Touches nobody's own keyring.

for tool in dbus-run-session gnome-keyring-daemon secret-tool gdbus; do
    if ! command -v "$tool" >/dev/null; then
        echo "$tool is missing; install gnome-keyring, dbus, libsecret-tools and libglib2.0-bin" >&2
        exit 2
    fi
done

# The toolchain is found through the real HOME, the keyring's files go to another one.
program=$(cargo test --no-run --test program --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*program-[^"]*\)".*/\1/p' | tail -n 1)
[ -x "$program" ] || { echo "the test program was not built" >&2; exit 2; }
export program

place=$(mktemp -d)
cleanup() {
    # Only the daemons started below: their process ids are written down.
    for file in "$place"/*.pid; do
        [ -e "$file" ] && kill "$(cat "$file")" 2>/dev/null || true
    done
    rm -rf "$place"
}
trap cleanup EXIT
mkdir -p "$place/home" "$place/run"
chmod 700 "$place/run"
# A bus that starts nothing by itself: the keyring is there only if this script starts it.
cat >"$place/bus.conf" <<'CONF'
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONF
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS GNOME_KEYRING_CONTROL
export place

session() { # PASSWORD SCRIPT
    HOME=$place/home XDG_RUNTIME_DIR=$place/run PASSWORD=$1 timeout 300 dbus-run-session --config-file="$place/bus.conf" -- bash -euo pipefail -c '
        printf %s "$PASSWORD" | gnome-keyring-daemon --unlock --components=secrets --foreground >/dev/null 2>"$place/daemon.log" &
        echo $! >"$place/daemon.pid"
        for _ in $(seq 100); do
            gdbus call --session --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus \
                --method org.freedesktop.DBus.NameHasOwner org.freedesktop.secrets | grep -q true && break
            sleep 0.1
        done
        '"$2"'
        kill "$(cat "$place/daemon.pid")"; rm -f "$place/daemon.pid"'
}
