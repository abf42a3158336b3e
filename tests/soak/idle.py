"""Lets segue watch wait over every kind of source while nothing happens, and measures what that takes: less than a second
of CPU an hour, and memory that does not grow. Reads /proc, so it needs Linux.

    python3 idle.py SEGUE [--minutes 60]

Ends with 1 where the watcher takes more, or grows.
"""

import argparse
import os
import sys
import tempfile
import time

from refreshes import World, marks, wait_until

# What the watcher may take: CPU-seconds an hour, and how many KiB its memory may move after the first tenth of the time.
CPU = 1.0
MOVES = 2048


def taken(pid):
    """CPU-seconds so far, and KiB of memory now."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    with open(f"/proc/{pid}/status") as file:
        memory = next(line for line in file if line.startswith("VmRSS"))
    ticks = int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK"), int(memory.split()[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("segue")
    parser.add_argument("--minutes", type=float, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = World(os.path.abspath(given.segue), folder, 24 * 3600)
        watcher = None
        try:
            world.add_all()
            for name in ("Files", "Model", "Dataverse", "Insights"):
                # As often as it looks by itself.
                world.run("schedule", name, "--on-refresh")
            watcher = world.watch()
            wait_until(lambda: marks(folder) == 4, 60, "every source is known")
            seen = [taken(watcher.pid)]
            while (len(seen) - 1) * 6 < given.minutes * 60:
                time.sleep(6)
                if watcher.poll() is not None:
                    sys.exit(f"the watcher ended with {watcher.returncode}")
                seen.append(taken(watcher.pid))
            cpu = (seen[-1][0] - seen[0][0]) * 60 / given.minutes
            settled = [memory for _, memory in seen[len(seen) // 10 :]]
            moved = max(settled) - settled[0]
            print(f"{given.minutes:.0f} minutes: {cpu:.2f} CPU-s an hour, {settled[0]} to {settled[-1]} KiB")
            if cpu > CPU or moved > MOVES:
                sys.exit(f"more than {CPU} CPU-s an hour, or {MOVES} KiB more")
        finally:
            for process in (watcher, world.sandbox):
                if process is not None:
                    process.kill()


if __name__ == "__main__":
    main()
