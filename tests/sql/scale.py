"""What segments of a large table cost Segue: memory of both processes, disk, calls, time; from CSV, DuckDB over Parquet,
PostgreSQL and Sail. Prints a line of a table for each.

usage: scale.py SEGUE FOLDER [--rows 10000000] [--only WORD]… [--segment LABEL]… [--deliver | --stream]

A check is measured, which reads, plans and compares as a run does; with --deliver a run to a sandbox without latency, for
segments of at most a million; with --stream the rows alone, as `segments NAME SEGMENT --csv` passes them on. What was made in
FOLDER is used again.
"""
import argparse
import json
import os
import shutil
import stat
import threading
import time

import real

# Each of these people is one of ten thousand, of ten, or of three in four.
SEGMENTS = {"1 in 10,000": "n % 10000 = 0", "1 in 10": "n % 10 = 0", "3 in 4": "n % 4 <> 0"}
# In DuckDB's words and in PostgreSQL's.
COLUMNS = {
    "id": ("printf('%032x', n)", "lpad(to_hex(n), 32, '0')"), "email": ("'p' || n || '@example.com'",) * 2,
    "first": ("'First' || n % 997",) * 2, "last": ("'Last' || n % 10007",) * 2,
    "points": ("(n % 100000)::decimal(18,2) / 4", "(n % 100000)::numeric(18,2) / 4"),
    "born": ("date '1950-01-01' + (n % 20000)::int",) * 2, "active": ("n % 50 <> 3",) * 2, "n": ("n",) * 2,
}
WANTED = [name for name in COLUMNS if name != "n"]


def columns(place):
    return ", ".join(f"{texts[place]} as {name}" for name, texts in COLUMNS.items())


def make(folder, rows):
    """Writes the people as Parquet, and of the segment of one in ten a CSV."""
    import adbc_driver_manager.dbapi
    made = os.path.join(folder, f"scale-{rows}")
    lake, csv = os.path.join(made, "lake"), os.path.join(made, "csv")
    if not os.path.exists(os.path.join(made, "done")):
        shutil.rmtree(made, ignore_errors=True)
        os.makedirs(csv)
        with adbc_driver_manager.dbapi.connect(driver=real.duckdb(folder), entrypoint="duckdb_adbc_init", autocommit=True) as base:
            with base.cursor() as cursor:
                for sql in ("set threads = 1", "set memory_limit = '1GB'",
                            f"copy (select {columns(0)}, n % 8 as region from range(1, {rows} + 1) r(n)) to '{lake}'"
                            " (format parquet, partition_by (region), row_group_size 100000)",
                            *(f"copy (select {', '.join(WANTED)} from read_parquet('{lake}/**/*.parquet') where {SEGMENTS[name]})"
                              f" to '{csv}/{name}.csv' (header, delimiter ',')" for name in ("1 in 10", "1 in 10,000"))):
                    cursor.execute(sql)
        open(os.path.join(made, "done"), "w").close()
    return lake, csv


class Watch(threading.Thread):
    """Notes the most memory that Segue and the driver's process have ever had, and the most disk."""

    def __init__(self, process, home):
        super().__init__()
        self.process, self.home, self.own, self.child, self.disk, self.anonymous = process, home, 0, 0, 0, 0

    def run(self):
        beat = 0
        while self.process.poll() is None:
            self.own = max(self.own, real.high_water(self.process.pid))
            for child in filter(drives, real.children(self.process.pid)):
                self.child = max(self.child, real.high_water(child))
                self.anonymous = max(self.anonymous, real.high_water(child, "RssAnon"))
            if beat % 20 == 0:
                self.disk = max(self.disk, size(self.home) + nameless(self.process.pid))
            beat += 1
            time.sleep(0.02)


def drives(pid):
    """Tells whether a process has become the driver's: until then, its memory is its parent's."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as told:
            return b"sql-driver" in told.read()
    except OSError:
        return False


def size(folder):
    whole = 0
    for place, _, files in os.walk(folder):
        for file in files:
            try:
                whole += os.stat(os.path.join(place, file)).st_blocks * 512
            except OSError:
                pass
    return whole / 2**20


def nameless(pid):
    """The size of files that a process has open and that no folder names any more."""
    whole = 0
    try:
        for one in os.scandir(f"/proc/{pid}/fd"):
            told = os.stat(one.path)
            whole += told.st_blocks * 512 if stat.S_ISREG(told.st_mode) and told.st_nlink == 0 else 0
    except OSError:
        pass
    return whole / 2**20


def measure(program, home, source, label, login, flags, given):
    shutil.rmtree(home, ignore_errors=True)
    with real.Sandbox(program, "--latency", "0ms") as box:
        segue = real.Segue(program, home, box)
        # Made here: to find out what kinds they need, Segue would read all values.
        for tag, kind in (("POINTS", "number"), ("BORN", "date")):
            box.ask(f"/3.0/lists/{box.ready['audience_id']}/merge-fields", {"tag": tag, "name": tag.title(), "type": kind})
        if login:
            segue.log_in("there", *login)
        maps = [f"--map={one}" for one in ("email=email", "FNAME=first", "LNAME=last", "POINTS=points", "BORN=born")]
        segue.add("All", source, "--segment", label, *maps, "--consent-attribute", "active",
                  "--max-profiles", "100000000", *flags)
        before, began = size(home), time.monotonic()
        command = ["run", "All", "--json"] if given.deliver else ["check", "All", "--json"]
        if given.stream:
            command = ["segments", "All", label, "--csv"]
        process = segue.begin(*command)
        watch = Watch(process, home)
        watch.start()
        out, err, lines = "", "", -1
        if given.stream:
            lines += sum(1 for _ in process.stdout)
        else:
            out = process.stdout.read()
        err = process.stderr.read()
        process.wait()
        watch.join()
        took = time.monotonic() - began
        if process.returncode != 0:
            raise SystemExit(f"exit {process.returncode}: {out[-1000:]} {err}")
        if given.stream:
            return {"profiles": lines, "created": 0}, watch, took, watch.disk - before
        told = json.loads(out.splitlines()[-1])
        told = told if given.deliver else told["would"]
        return told, watch, took, watch.disk - before


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("segue")
    parser.add_argument("folder")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--segment", action="append", choices=SEGMENTS)
    parser.add_argument("--deliver", action="store_true")
    parser.add_argument("--stream", action="store_true")
    given = parser.parse_args()
    program, folder = os.path.abspath(given.segue), os.path.abspath(given.folder)
    os.makedirs(folder, exist_ok=True)
    real.with_packages(folder)
    lake, csv = make(folder, given.rows)
    wanted = lambda what: not given.only or any(word in what for word in given.only)
    made = os.path.join(folder, f"scale-{given.rows}")
    engines, ends = {"CSV": (None, None)}, []
    try:
        if wanted("DuckDB"):
            engines["DuckDB, Parquet"] = ((real.duckdb(folder), {}), f"read_parquet('{lake}/**/*.parquet')")
        if wanted("PostgreSQL"):
            postgresql = real.PostgreSQL()
            ends.append(postgresql.stop)
            postgresql.do(f"create role reader login password '{real.PASSWORD}'",
                          f"create unlogged table people as select {columns(1)} from generate_series(1, {given.rows}) n",
                          "analyze people", "grant select on people to reader")
            engines["PostgreSQL"] = ((real.driver("postgresql"), {}, {"uri": postgresql.uri()}), "people")
        if wanted("Sail"):
            sail = real.Sail(folder, 2)
            ends.append(sail.stop)
            engines["Sail, Parquet"] = ((real.driver("flightsql"), {"uri": sail.uri()}), f"parquet.`{lake}`")
        print("| source | segment | profiles | created | Segue, MiB | driver's process, MiB | of it not files, MiB | disk, MiB"
              " | calls | seconds |")
        print("| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: |", flush=True)
        for name, (login, table) in engines.items():
            if not wanted(name):
                continue
            for label, condition in SEGMENTS.items():
                if label == "3 in 4" and (given.deliver or not login) or given.segment and label not in given.segment:
                    continue
                home = os.path.join(made, f"home-{os.getpid()}")
                if login:
                    queries = os.path.join(made, f"queries-{os.getpid()}")
                    shutil.rmtree(queries, ignore_errors=True)
                    text = f"select {', '.join(WANTED)} from {table} where {condition}"
                    real.write_queries(queries, {"one": (label, text)})
                    source, flags = "sql:there", ("--queries", queries)
                else:
                    source, flags = f"folder:{csv}", ()
                told, watch, took, disk = measure(program, home, source, label, login, flags, given)
                print(f"| {name} | {label} | {told['profiles']:,} | {told['created']:,} | {watch.own:.0f} | {watch.child:.0f} |"
                      f" {watch.anonymous:.0f} | {disk:.0f} | {told.get('calls', '')} | {took:.1f} |", flush=True)
    finally:
        for end in ends:
            end()


if __name__ == "__main__":
    main()
