"""Writes the same people as CSV and, with pyarrow and deltalake, as Parquet and Delta tables of many layouts; exports each
with Segue to a sandbox of its own, and holds segments, counters and audience to those of the CSV.

usage: tables.py SEGUE FOLDER [PEOPLE]

FOLDER is made if need be; a virtual environment `venv` with the packages is made in it, if there is none yet.
"""
import datetime
import decimal
import json
import os
import subprocess
import sys
import urllib.request
import venv

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sql"))
from people import write_csv  # noqa: E402

PACKAGES = ["deltalake==1.6.6", "pyarrow==26.0.1"]
TIERS = ["gold", "silver", "none"]


def with_packages(folder):
    """Goes on in the virtual environment, made now if it is not there."""
    home = os.path.join(folder, "venv")
    python = os.path.join(home, "bin", "python")
    if os.path.realpath(sys.prefix) == os.path.realpath(home):
        return
    if not os.path.exists(python):
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    os.execv(python, [python, *sys.argv])


def people(count):
    for n in range(count):
        yield {
            "Id": None if n % 50 == 7 else f"P{n:06}",
            "EMail": f"person{n}@example.com",
            "FirstName": f"Fórst \"{n % 97}\"",
            "LastName": None if n % 11 == 0 else f"Läst, {n % 89}",
            "Tier": TIERS[n % 3],
            "Born": None if n % 5 == 0 else datetime.date(1950 + n % 50, 1 + n % 12, 1 + n % 28),
            "Points": None if n % 13 == 0 else decimal.Decimal(n * 25).scaleb(-2),
            "Active": n % 2 == 0,
        }


def layouts(folder, rows):
    """Writes every layout; gives their paths by name."""
    import pyarrow as pa
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq
    from deltalake import DeltaTable, write_deltalake

    schema = pa.schema([(name, pa.string()) for name in ("Id", "EMail", "FirstName", "LastName", "Tier")]
                       + [("Born", pa.date32()), ("Points", pa.decimal128(18, 2)), ("Active", pa.bool_())])
    table = pa.Table.from_pylist(rows, schema=schema)
    gone = pa.Table.from_pylist([{**row, "Id": f"gone{n}", "EMail": f"gone{n}@example.com", "Tier": "gold"}
                                 for n, row in enumerate(rows[:50])], schema=schema)
    paths = {}

    def place(name):
        paths[name] = os.path.join(folder, name)
        return paths[name]

    write_csv(place("csv") + ".csv", rows)
    paths["csv"] += ".csv"
    for codec in ("none", "snappy", "zstd"):
        pq.write_table(table, place(f"one-{codec}") + ".parquet", compression=codec, row_group_size=700)
        paths[f"one-{codec}"] += ".parquet"
    keyed = table.set_column(4, "Tier", table["Tier"].dictionary_encode())
    ds.write_dataset(keyed, place("parts"), format="parquet", max_rows_per_file=900, max_rows_per_group=400)
    ds.write_dataset(table, place("hive"), format="parquet",
                     partitioning=ds.partitioning(pa.schema([("Tier", pa.string())]), flavor="hive"))
    write_deltalake(place("delta"), table)
    delta = place("delta-deletes")
    write_deltalake(delta, table.slice(0, 1000))
    write_deltalake(delta, gone, mode="append")
    write_deltalake(delta, table.slice(1000), mode="append")
    DeltaTable(delta).delete("Id like 'gone%'")
    delta = place("delta-partitions")
    write_deltalake(delta, table, partition_by=["Tier"])
    delta = place("delta-checkpoint")
    write_deltalake(delta, gone)
    write_deltalake(delta, table.slice(0, 500), mode="overwrite")
    DeltaTable(delta).create_checkpoint()
    write_deltalake(delta, table.slice(500), mode="append")
    DeltaTable(delta).optimize.compact()
    delta = place("delta-only-checkpoint")
    write_deltalake(delta, table)
    DeltaTable(delta).create_checkpoint()
    os.remove(os.path.join(delta, "_delta_log", f"{0:020}.json"))
    return paths


def export(segue, source, home):
    """Exports to a sandbox with an empty audience; gives what was told and what the audience then holds."""
    with subprocess.Popen([segue, "sandbox", "--empty"], stdout=subprocess.PIPE, text=True) as sandbox:
        try:
            ready = json.loads(sandbox.stdout.readline())
            env = {name: value for name, value in os.environ.items() if not name.startswith("SEGUE_")} | {
                "SEGUE_HOME": home, "SEGUE_MAILCHIMP_TOKEN": ready["mailchimp_api_key"],
                "SEGUE_MAILCHIMP_API_URL": ready["mailchimp_api"], "SEGUE_MAILCHIMP_LOGIN_URL": ready["mailchimp_login"],
            }

            def told(*command):
                done = subprocess.run([segue, *command], env=env, stdout=subprocess.PIPE, text=True)
                if done.returncode != 0:
                    raise SystemExit(f"{source}: segue {' '.join(command)} ended with {done.returncode}")
                return done.stdout

            told("add", "--name", "Tables", "--accept-privacy", "--login", "env", "--audience", ready["audience_id"],
                 "--source", f"folder:{source}", "--segment-by", "Tier", "--all-segments", "--map", "email=EMail",
                 "--map", "FNAME=FirstName", "--map", "LNAME=LastName", "--map", "BORN=Born", "--map", "POINTS=Points",
                 "--create-fields", "--consent-attribute", "Active", "--status-if-new", "subscribed")
            segments = json.loads(told("segments", "Tables", "--json"))
            segments = sorted((one["label"], one["count"]) for one in (segments if isinstance(segments, list) else segments["segments"]))
            would = json.loads(told("check", "Tables", "--json"))["would"]
            ended = json.loads(told("run", "Tables", "--json").splitlines()[-1])
            counters = {name: ended[name] for name in ("profiles", "created", "suppressed", "rejected", "merged",
                                                       "values_left_out", "consent_not_understood")}
            audience = f"{ready['mailchimp_api']}/lists/{ready['audience_id']}/members"
            members, page = [], None
            while page is None or page:
                url = f"{audience}?count=1000&offset={len(members)}"
                request = urllib.request.Request(url, headers={"Authorization": "Bearer " + ready["mailchimp_api_key"]})
                with urllib.request.urlopen(request) as answer:
                    page = json.load(answer)["members"]
                members += [(one["email_address"], one["status"], json.dumps(one["merge_fields"], sort_keys=True),
                             sorted(tag["name"] for tag in one["tags"])) for one in page]
            return {"segments": segments, "would create": would["created"], "run": counters, "audience": sorted(members)}
        finally:
            sandbox.terminate()


def main():
    segue, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    with_packages(folder)
    rows = list(people(int(sys.argv[3]) if len(sys.argv) > 3 else 3_000))
    made = os.path.join(folder, f"tables-{os.getpid()}")
    os.makedirs(made)
    paths, failed = layouts(made, rows), []
    expected = None
    for name, path in paths.items():
        got = export(segue, path, os.path.join(made, "home-" + name))
        expected = expected or got
        differing = [what for what in got if got[what] != expected[what]]
        failed += differing
        print(f"{name}: {got['run']['created']} created, {got['segments']}", "differs in " + ", ".join(differing) if differing else "", flush=True)
        for what in differing:
            print(f"  {what}: {str(got[what])[:600]}\n  instead of {str(expected[what])[:600]}")
    if failed:
        raise SystemExit(1)


main()
