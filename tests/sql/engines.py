"""The same people as CSV, Parquet and Delta, in PostgreSQL, in DuckDB over Parquet, and in Sail with several worker processes
over Parquet and Delta: exports each with Segue to a sandbox of its own, and holds segments, counters and audience to those of
the CSV.

usage: engines.py SEGUE FOLDER [PEOPLE]
"""
import json
import os
import sys
import tempfile

import people
import real

COUNTERS = ["profiles", "created", "updated", "unchanged", "suppressed", "rejected", "merged", "remaining", "values_left_out",
            "consent_not_understood", "repeated_ids", "empty_segments", "reasons", "segments", "tags_added"]
# What an audience holds of a person, without times and numbers that are others each time.
HELD = ["email_address", "status", "merge_fields", "language", "tags"]


def audience(sandbox):
    def held(member):
        told = {name: member.get(name) for name in HELD}
        told["tags"] = sorted(tag["name"] if isinstance(tag, dict) else tag for tag in told["tags"])
        return json.dumps(told, sort_keys=True, ensure_ascii=False)
    return sorted(held(member) for member in sandbox.members())


def export(program, home, log_in, source, flags):
    """Exports whatever it is to an empty audience; gives all that was told of it, and what the audience then holds."""
    with real.Sandbox(program) as sandbox:
        segue = real.Segue(program, home, sandbox)
        for tag, kind, _, options in people.FIELDS:
            sandbox.ask(f"/3.0/lists/{sandbox.ready['audience_id']}/merge-fields",
                        {"tag": tag, "name": tag.title(), "type": kind, "options": options})
        if log_in:
            segue.log_in(*log_in)
        maps = [word for one in people.MAP for word in ("--map", one)]
        segue.add("All", source, "--all-segments", *maps, "--consent-attribute", "Active", *flags)
        segments = json.loads(segue.told("segments", "All", "--json"))
        segments = segments if isinstance(segments, list) else segments["segments"]
        # People rejected are new to the first run only.
        would = json.loads(segue.told("check", "All", "--json", exit=3))["would"]
        got = {"segments": sorted((one["label"], one["count"]) for one in segments),
               "check": {name: would[name] for name in COUNTERS if name in would}}
        ended = segue.run("All", exit=3)
        got["run"] = {name: ended[name] for name in COUNTERS}
        got["audience"] = audience(sandbox)
        # Nobody is another person the next time, in whatever order they come.
        again = segue.run("All")
        got["again"] = {name: again[name] for name in COUNTERS} | {"writes": again["writes"]}
        # Numbers say yes and no as truth does.
        segue.told("edit", "All", "--consent-attribute", "Optin")
        by_number = segue.run("All")
        got["by 0 and 1"] = {name: by_number[name] for name in COUNTERS}
        return got


def main():
    program, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    real.with_packages(folder)
    rows = list(people.people(int(sys.argv[3]) if len(sys.argv) > 3 else 2_000))
    # Some stand there twice.
    rows += rows[::500]
    made = tempfile.mkdtemp(prefix="engines-", dir=folder)
    places = people.write_segments(made, rows)
    lake, delta = people.write_lake(made, rows)
    postgresql, sail = real.PostgreSQL(), real.Sail(made)
    try:
        postgresql.do(f"create role reader login password '{real.PASSWORD}'")
        people.fill(postgresql, rows)
        flight = ("there", real.driver("flightsql"), {"uri": sail.uri()})
        engines = {
            "PostgreSQL": (("there", real.driver("postgresql"), {}, {"uri": postgresql.uri()}), "people", '"'),
            "DuckDB": (("there", real.duckdb(folder), {}), f"read_parquet('{lake}/**/*.parquet', hive_partitioning=true)", '"'),
            "Sail, Parquet": (flight, f"parquet.`{lake}`", "`"),
            "Sail, Delta": (flight, f"delta.`{delta}`", "`"),
        }
        sources = {kind: (None, f"folder:{place}", ()) for kind, place in places.items()}
        for name, (log_in, table, quote) in engines.items():
            queries = real.write_queries(os.path.join(made, "queries", name), people.queries(table, quote))
            sources[name] = (log_in, "sql:there", ("--queries", queries))
        expected, failed = None, False
        for name, source in sources.items():
            since = sail.mark()
            got = export(program, os.path.join(made, "home-" + name), *source)
            expected = expected or got
            differing = [what for what in got if got[what] != expected[what]]
            failed |= bool(differing)
            print(f"{name}: {got['run']['created']} of {got['run']['profiles']} created, {got['segments']}",
                  "differs in " + ", ".join(differing) if differing else "", flush=True)
            for what in differing:
                one, other = got[what], expected[what]
                if isinstance(one, list) and len(one) > 5:
                    one, other = [x for x in one if x not in other][:3], [x for x in other if x not in one][:3]
                print(f"  {what}: {str(one)[:2000]}\n  instead of {str(other)[:2000]}")
            if name.startswith("Sail"):
                ran = sail.tasks(since)
                print(f"  tasks by worker: {ran}")
                failed |= len(ran) < 2
        if failed:
            raise SystemExit(1)
    finally:
        sail.stop()
        postgresql.stop()


if __name__ == "__main__":
    main()
