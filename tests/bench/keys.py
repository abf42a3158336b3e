"""How soon the first frame comes, how soon a key is on the screen, and how much later it is while profiles are exported.

usage: keys.py SEGUE [PROFILES] [FLAGS OF demo…]

Five rounds each; the median of the rounds counts. A key is `?`: from its writing to the first word of the help in what
the program writes back. Ends with 1 where a limit is passed."""

import re
import sys
import tempfile
import time
from statistics import median, quantiles

from screen import WIZARD, Terminal

ROUNDS = 5
KEYS = 60
FIRST_FRAME_MS, KEY_MS, MORE_MS = 30.0, 16.0, 10.0
ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[ -/]*[@-~]")


def first_frame(segue, home):
    """The time until the line of keys is there, in milliseconds."""
    terminal = Terminal([segue], 24, 80, home)
    seen = b""
    while b"quit" not in ESCAPES.sub(b"", seen):
        got = terminal.read(10.0)
        if not got:
            raise SystemExit("no first frame")
        seen += got
    took = (time.perf_counter() - terminal.begun) * 1000
    terminal.close()
    return took


def new_words(terminal):
    """The words that the help brings to the screen."""
    before = terminal.text()
    terminal.press("?")
    terminal.settle()
    words = set(re.findall(r"[A-Za-z]{5,}", terminal.text()))
    terminal.press("\x1b")
    terminal.settle()
    fresh = [word.encode() for word in words if word not in before]
    if not fresh:
        raise SystemExit(f"no help came:\n{terminal.text()}")
    return fresh


def keys(terminal, words, while_there):
    """Times of keys in milliseconds, as long as a text is there."""
    times = []
    for _ in range(KEYS):
        if while_there not in terminal.text():
            break
        while terminal.feed(0.0):
            pass
        pressed, seen = time.perf_counter(), b""
        terminal.press("?")
        while not any(word in ESCAPES.sub(b"", seen) for word in words):
            got = terminal.read(5.0)
            if not got:
                raise SystemExit("a key was not answered")
            seen += got
        times.append((time.perf_counter() - pressed) * 1000)
        terminal.stream.feed(seen)
        terminal.press("\x1b")
        until = time.perf_counter() + 0.06
        while time.perf_counter() < until:
            terminal.feed(0.02)
    return times


def rounds(terminal, words, while_there):
    """Median and 99th percentile of each round that could be whole."""
    told = []
    for _ in range(ROUNDS):
        times = keys(terminal, words, while_there)
        if len(times) < KEYS:
            break
        told.append((median(times), quantiles(times, n=100)[98]))
    return told


def main():
    segue, *rest = sys.argv[1:]
    profiles, flags = (rest[0], rest[1:]) if rest else ("1000000", [])
    failed = False

    def tell(what, value, limit):
        nonlocal failed
        failed |= value >= limit
        print(f"{what}: {value:.1f} ms (limit {limit:.0f} ms){'' if value < limit else '  TOO SLOW'}")

    with tempfile.TemporaryDirectory() as home:
        first_frame(segue, home)
        tell("first frame, warm", median(first_frame(segue, home) for _ in range(ROUNDS)), FIRST_FRAME_MS)
        terminal = Terminal([segue, "demo", "--profiles", profiles, *flags], 24, 80, home)
        for wanted, pressed in WIZARD:
            terminal.see(wanted)
            terminal.press(pressed)
        terminal.see("would give")
        terminal.settle()
        idle = rounds(terminal, new_words(terminal), "Save and export")
        idle_p99 = median(p99 for _, p99 in idle)
        tell("a key, p99", idle_p99, KEY_MS)
        terminal.press("e")
        terminal.see("export now?")
        terminal.press("y")
        terminal.see("▸ delivering")
        busy = rounds(terminal, new_words(terminal), "▸ delivering")
        terminal.close()
    if not busy:
        raise SystemExit(f"the export of {profiles} profiles was over before {KEYS} keys: take more, or --latency 250ms")
    medians = [median(mid for mid, _ in told) for told in (idle, busy)]
    print(f"a key, median: {medians[0]:.1f} ms, while exporting {medians[1]:.1f} ms ({len(busy)} rounds)")
    tell(f"more while {profiles} are exported, p99", median(p99 for _, p99 in busy) - idle_p99, MORE_MS)
    sys.exit(failed)


main()
