"""Measures the engine beside its rival and a bare loop and prints one table; `engine.sh` starts it.

usage: engine.py SEGUE BARE PYTHON PROFILES FOLDER

CPU seconds, wall time and peak memory of each process are those that the system tells of it when it has ended.
"""
import json
import os
import subprocess
import sys
import time
import urllib.request

LATENCY_PROFILES = 100_000
SMALL = 50_000
TIERS = 3
HERE = os.path.dirname(os.path.realpath(__file__))


def write_people(path, profiles, changed_every=None):
    with open(path, "w", encoding="utf-8") as file:
        file.write("Id,EMail,FirstName,LastName,Tier\n")
        for n in range(profiles):
            first = "Changed" if changed_every and n % changed_every == 0 else f"First{n % 997}"
            file.write(f"P{n:08},person{n}@example.com,{first},Lästname{n % 1009},Tier {n % TIERS}\n")
    return path


def measured(command, env=None):
    """Runs to the end; gives what it printed last, wall and CPU seconds, peak memory in MiB, and when it began."""
    at, began = time.time(), time.monotonic()
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=sys.stderr, text=True) as child:
        last = "{}"
        for line in child.stdout:
            last = line
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    took = time.monotonic() - began
    if child.returncode != 0:
        raise SystemExit(f"{os.path.basename(command[0])} ended with {child.returncode}: {last}")
    return {"last": json.loads(last), "wall": took, "cpu": usage.ru_utime + usage.ru_stime,
            "peak": usage.ru_maxrss / 1024, "at": at}


class Sandbox:
    """A sandbox with an empty audience, for as long as the block lasts."""

    def __init__(self, segue, *flags):
        self.command = [segue, "sandbox", "--empty", *flags]

    def __enter__(self):
        self.child = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.child.stdout.readline())
        return self

    def __exit__(self, *_why):
        self.child.terminate()
        self.child.wait()

    def stats(self):
        with urllib.request.urlopen(f"http://{self.ready['listening']}/sandbox/stats") as answer:
            stats = json.load(answer)
        calls = {name: count for name, count in stats["requests"].items() if " /3.0" in name}
        stats["calls"] = sum(calls.values())
        stats["writes"] = sum(count for name, count in calls.items() if not name.startswith("GET"))
        return stats

    def during(self, work):
        """Does something; gives its figures with how many calls and writes it made."""
        before = self.stats()
        done = work()
        after = self.stats()
        return {**done, "stats": after, **{name: after[name] - before[name] for name in ("calls", "writes")}}


class Segue:
    """Segue with a home of its own and one destination, against a sandbox."""

    def __init__(self, program, sandbox, people, home):
        self.program, self.sandbox = program, sandbox
        ready = sandbox.ready
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("SEGUE_")} | {
            "SEGUE_HOME": home, "SEGUE_MAILCHIMP_TOKEN": ready["mailchimp_api_key"],
            "SEGUE_MAILCHIMP_API_URL": ready["mailchimp_api"], "SEGUE_MAILCHIMP_LOGIN_URL": ready["mailchimp_login"],
        }
        add = [program, "add", "--name", "Bench", "--accept-privacy", "--login", "env", "--audience", ready["audience_id"],
               "--source", f"folder:{people}", "--segment-by", "Tier", "--all-segments", "--map", "email=EMail",
               "--map", "FNAME=FirstName", "--map", "LNAME=LastName", "--status-if-new", "subscribed",
               "--max-profiles", "10000000"]
        subprocess.run(add, env=self.env, check=True, stdout=subprocess.DEVNULL)

    def run(self):
        command = [self.program, "run", "Bench", "--json", "--max-in-flight", "10"]
        return self.sandbox.during(lambda: measured(command, self.env))


def main():
    segue, bare, python, profiles, folder = sys.argv[1:]
    profiles = int(profiles)
    place = lambda name: os.path.join(folder, name)
    people = write_people(place("people.csv"), profiles)

    def beside(command):
        with Sandbox(segue) as sandbox:
            ready = sandbox.ready
            told = [people, ready["mailchimp_api"], ready["mailchimp_api_key"], ready["audience_id"]]
            done = sandbox.during(lambda: measured([*command, *told]))
        assert done["last"]["created"] == profiles, done
        return done

    with Sandbox(segue) as sandbox:
        ours = Segue(segue, sandbox, people, place("home"))
        first = ours.run()
        tell("first run", first)
        assert first["last"]["created"] == profiles, first
        again = ours.run()
        tell("unchanged rerun", again)
        assert again["last"]["unchanged"] == profiles, again
        write_people(people, profiles, changed_every=100)
        changed = ours.run()
        tell("1 % changed", changed)
        assert changed["last"]["updated"] == -(-profiles // 100), changed
    rival = beside([python, os.path.join(HERE, "rival.py")])
    tell("rival", rival)
    loop = beside([bare])
    tell("bare loop", loop)
    with Sandbox(segue) as sandbox:
        small = Segue(segue, sandbox, write_people(place("small.csv"), SMALL), place("small")).run()
    tell(f"first run of {SMALL:,}", small)
    with Sandbox(segue, "--latency", "1s") as sandbox:
        slow = Segue(segue, sandbox, write_people(place("slow.csv"), LATENCY_PROFILES), place("slow")).run()
    tell(f"first run of {LATENCY_PROFILES:,} at 1 s a call", slow)
    table(profiles, first, again, changed, rival, loop, small, slow)


def tell(what, done):
    print(f"{what}: {done['wall']:.1f} s wall, {done['cpu']:.1f} s CPU, {done['peak']:.0f} MiB peak, "
          f"{done['calls']} calls, {done['writes']} of them writes", flush=True)


def table(profiles, first, again, changed, rival, loop, small, slow):
    stats = slow["stats"]
    span = (stats["last_write_over"] - stats["first_write_at"]) / 1000
    before = stats["first_write_at"] / 1000 - slow["at"]
    growth = (first["peak"] - small["peak"]) * 2**20 / max(profiles - SMALL, 1)
    ratio = lambda one, other, key: f"{one[key] / other[key]:.2f}"
    rows = [
        (f"{LATENCY_PROFILES:,}, 1 s a call, 10 in flight: first to last write ÷ (calls × latency ÷ 10)", "≤ 1.05", "1.02",
         f"{span / (slow['writes'] / 10):.3f}"),
        ("the same: time before the first write, in latencies", "≤ 5", "4", f"{before:.1f}"),
        (f"{profiles:,}, no latency: CPU ÷ rival's", "≤ 0.25", "0.15", ratio(first, rival, "cpu")),
        ("the same: wall ÷ rival's", "≤ 0.25", "0.15", ratio(first, rival, "wall")),
        ("the same: CPU ÷ bare loop's", "≤ 4", "2", ratio(first, loop, "cpu")),
        (f"peak memory at {profiles:,} and {TIERS} segments", "≤ 120 MiB", "100 MiB", f"{first['peak']:.0f} MiB"),
        (f"the same: growth from {SMALL:,}", "≤ 60 bytes a profile", "", f"{growth:.0f} bytes"),
        ("rerun unchanged at once: writes, calls", "0, ≤ 20", "", f"{again['writes']}, {again['calls']}"),
        ("the same: wall ÷ first run's", "≤ 0.3", "0.15", ratio(again, first, "wall")),
        ("the same: CPU ÷ first run's", "", "", ratio(again, first, "cpu")),
        ("1 % changed: writes ÷ first run's", "≤ 1.2 %", "", f"{100 * changed['writes'] / first['writes']:.2f} %"),
        (f"calls for {profiles:,}, {TIERS} segments, empty audience", f"≤ {profiles // 500 + 20:,}", "", f"{first['calls']:,}"),
    ]
    print("\n| work | must | aim | measured |\n|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
