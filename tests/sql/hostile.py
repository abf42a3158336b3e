"""Drivers that abort, hang, flood and lie: one is built of hostile.c, and Segue run over it for each of its manners. Whatever it
does, the run ends in time, by the right code, with nothing written, and no process is left.

usage: hostile.py SEGUE FOLDER [WORD…]      with words, only the manners that hold one of them
"""
import glob
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

import real

# How a run may end, where it is not 5: a failure for now.
ENDS = {"prints a flood": {0}, "writes to what it finds open": {0, 5}, "aborts at the end": {0}, "hangs at the end": {0, 5},
        "is of another version": {1}, "an unknown format": {1, 5}, "another kind of column": {1, 5}, "large values": {0, 3, 5},
        # Its rows come to no end, so that what ends the run is how many people it may have.
        "never ends": {6}}
SILENCE, FAREWELL = 4, 12


def build(folder):
    import adbc_driver_manager
    here = os.path.dirname(os.path.abspath(__file__))
    library = os.path.join(folder, "libhostile.so")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-o", library, f"{here}/hostile.c", "-I",
                    os.path.dirname(adbc_driver_manager.__file__)], check=True)
    return library


def manners():
    here = os.path.dirname(os.path.abspath(__file__))
    with open(f"{here}/hostile.c") as file:
        return sorted(set(re.findall(r'is\("([^"]+)"\)', file.read())))


def left(library):
    """Lists the processes that have the driver loaded."""
    found = []
    for maps in glob.glob("/proc/[0-9]*/maps"):
        try:
            with open(maps) as file:
                if library in file.read() and real.is_alive(int(maps.split("/")[2])):
                    found.append(int(maps.split("/")[2]))
        except OSError:
            pass
    return found


def main():
    program, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    real.with_packages(folder)
    made = tempfile.mkdtemp(prefix="hostile-", dir=folder)
    library, failed = build(made), []
    queries = real.write_queries(os.path.join(made, "queries"), {"all": ("All", "select id, email from people")})
    for manner in manners():
        if sys.argv[3:] and not any(word in manner for word in sys.argv[3:]):
            continue
        with real.Sandbox(program) as box:
            home = os.path.join(made, "home-" + manner.replace(" ", "-"))
            segue = real.Segue(program, home, box, SEGUE_SQL_TIMEOUT=str(SILENCE))
            segue.log_in("there", library, {}, {"password": real.PASSWORD})
            segue.add("All", "sql:there", "--queries", queries, "--all-segments", "--map", "email=email",
                      "--max-profiles", "20000")
            before, began = box.writes(), time.monotonic()
            process = segue.begin("run", "All", "--json", HOSTILE=manner)
            own = high = 0
            out = err = ""
            try:
                while True:
                    own = max(own, real.high_water(process.pid))
                    high = max([high, *map(real.high_water, real.children(process.pid))])
                    try:
                        out, err = process.communicate(timeout=0.05)
                        break
                    except subprocess.TimeoutExpired:
                        if time.monotonic() - began > 60:
                            raise
                code = process.returncode
            except subprocess.TimeoutExpired:
                process.kill()
                out, err = process.communicate()
                code = "none"
            took, wrong = time.monotonic() - began, []
            if code not in ENDS.get(manner, {5}):
                wrong.append(f"exit {code}")
            if code not in (0, 3) and (box.writes() != before or box.members()):
                wrong.append("it was delivered")
            if code == 0 and len(box.members()) != 300:
                wrong.append(f"{len(box.members())} of 300 were delivered")
            # A hundred megabytes are read, and refused one by one.
            if took > (SILENCE + FAREWELL) * (5 if manner == "large values" else 1):
                wrong.append("too late")
            if real.PASSWORD in out + err:
                wrong.append("the secret is told")
            if "panicked" in err:
                wrong.append("a panic")
            if own > 200:
                wrong.append("too much memory")
            try:
                # What a driver leaves behind of its own is not Segue's to find.
                for pid in left(library) if "leaves someone" in manner else ():
                    os.kill(pid, signal.SIGKILL)
                real.wait_for("the driver's processes end", lambda: not left(library), FAREWELL)
            except SystemExit as why:
                wrong.append(str(why))
            said = " ".join(err.split())
            print(f"{manner}: exit {code} after {took:.1f} s, {own:.0f} and {high:.0f} MiB; {said[:330]}", *wrong,
                  sep="\n   WRONG: ", flush=True)
            if wrong:
                failed.append(manner)
    if failed:
        raise SystemExit("failed: " + "; ".join(failed))


if __name__ == "__main__":
    main()
