"""The same people wherever they lie: as CSV, Parquet, Delta and as a table of PostgreSQL."""
import csv
import datetime
import decimal
import os
import uuid

TIERS = ["gold", "silver", "none"]
# What is in each segment, in Python and in SQL; `{}` stands for the column in the engine's quotes.
SEGMENTS = {
    "early": ("Early birds", lambda row: (row["Visits"] or 0) > 30, ["Visits"], "{} > 30"),
    "gold": ("Gold, \"best\"", lambda row: row["Tier"] == "gold", ["Tier"], "{} = 'gold'"),
    "young": ("Unga åå", lambda row: row["Born"] and row["Born"] >= datetime.date(1980, 1, 1), ["Born"],
              "{} >= date '1980-01-01'"),
}
# Mailchimp's kinds of merge fields: tag, kind, attribute, options.
FIELDS = [
    ("POINTS", "number", "Points", {}), ("SCORE", "number", "Score", {}), ("VISITS", "number", "Visits", {}),
    ("BORN", "date", "Born", {"date_format": "YYYY-MM-DD"}), ("SEEN", "date", "Seen", {"date_format": "YYYY-MM-DD"}),
    ("LEVEL", "dropdown", "Tier", {"choices": ["gold", "silver"]}), ("KIND", "radio", "Kind", {"choices": ["a", "b"]}),
    ("SITE", "url", "Site", {}), ("PHOTO", "imageurl", "Photo", {}), ("ZIPCODE", "zip", "Zip", {}),
    ("LOCAL", "text", "Local", {}), ("SEENTEXT", "text", "Seen", {}), ("ACTIVE", "text", "Active", {}), ("PID", "text", "Id", {}),
]
# Those that every audience has.
MAP = ["email=EMail", "FNAME=FirstName", "LNAME=LastName", "PHONE=Phone", "BIRTHDAY=Born", "ADDRESS.addr1=Street",
       "ADDRESS.city=City", "ADDRESS.state=State", "ADDRESS.zip=PostCode", "ADDRESS.country=Country", "language=Language",
       *(f"{tag}={attribute}" for tag, _, attribute, _ in FIELDS)]
POSTGRESQL = {"Id": "uuid", "Born": "date", "Points": "numeric(18,4)", "Score": "float8", "Visits": "int", "Active": "boolean",
              "Optin": "smallint", "Seen": "timestamptz", "Local": "timestamp"}


def people(count):
    """Gives people with values of every kind, and of every kind some that are NULL, empty, or fit no field."""
    def but(every, value, otherwise=None):
        return otherwise if n % every == every - 1 else value

    for n in range(count):
        moment = datetime.datetime(2024, 1 + n % 12, 1 + n % 28, n % 24, n % 60, 7, 1000 * (n % 3), datetime.timezone.utc)
        yield {
            "Id": str(uuid.uuid5(uuid.NAMESPACE_OID, str(n))),
            # Some have the address of another, some none, some one that is none.
            "EMail": but(41, but(43, but(37, f"Person{n}@Example.com", f"person{n - 1}@example.COM "), "nobody"), None),
            "FirstName": but(17, f"Fórst \"{n % 97}\"; 'x' \\", ""),
            "LastName": but(11, f"Läst,\n{n % 89}"),
            "Phone": but(9, f"+46 8 555 {n % 10000:04}"),
            "Tier": TIERS[n % 3],
            "Kind": but(19, "ab"[n % 2], "c"),
            "Born": but(5, datetime.date(1940 + n % 70, 1 + n % 12, 1 + n % 28)),
            "Points": but(13, decimal.Decimal(n * 25 - 700).scaleb(-2)),
            "Score": but(7, (n - 100) / 7),
            "Visits": but(6, n % 61 - 5),
            "Active": but(8, n % 10 < 8, None),
            "Optin": but(8, int(n % 10 < 8), None),
            "Seen": but(23, moment),
            "Local": but(29, moment.replace(tzinfo=None)),
            "Site": but(31, f"https://example.com/?p={n}&å"),
            "Photo": but(33, f"https://example.com/{n}.png"),
            "Zip": but(35, f"{n % 100000:05}"),
            "Street": but(14, f"Road {n}"),
            "City": "Oslo", "State": but(3, "OS"), "PostCode": but(15, f"{n % 10000:04}"), "Country": "NO",
            "Language": but(4, "sv", "en"),
        }


def as_text(value):
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case decimal.Decimal():
            return format(value.normalize(), "f")
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime.datetime():
            micros = f".{value.microsecond:06}".rstrip("0") if value.microsecond else ""
            return value.strftime("%Y-%m-%dT%H:%M:%S") + micros + ("Z" if value.tzinfo else "")
        case _:
            return str(value)


def schema():
    import pyarrow as pa
    kinds = {"Born": pa.date32(), "Points": pa.decimal128(18, 4), "Score": pa.float64(), "Visits": pa.int32(),
             "Active": pa.bool_(), "Optin": pa.int16(), "Seen": pa.timestamp("us", "UTC"), "Local": pa.timestamp("us")}
    return pa.schema([(name, kinds.get(name, pa.string())) for name in next(people(1))])


def write_csv(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(rows[0])
        out.writerows([as_text(value) for value in row.values()] for row in rows)


def write_segments(folder, rows):
    """Writes a file for each segment, as CSV and as Parquet, and a table of each as Delta; gives the three folders."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from deltalake import write_deltalake
    places = {}
    for kind in ("csv", "parquet", "delta"):
        places[kind] = os.path.join(folder, kind)
        os.makedirs(places[kind])
    for label, is_in, _, _ in SEGMENTS.values():
        chosen = [row for row in rows if is_in(row)]
        table = pa.Table.from_pylist(chosen, schema=schema())
        write_csv(os.path.join(places["csv"], label + ".csv"), chosen)
        pq.write_table(table, os.path.join(places["parquet"], label + ".parquet"))
        write_deltalake(os.path.join(places["delta"], label), table)
    return places


def write_lake(folder, rows):
    """Writes all of them as Parquet in partitions of several files, and as Delta with rows that are gone again."""
    import pyarrow as pa
    import pyarrow.dataset as ds
    from deltalake import DeltaTable, write_deltalake
    table = pa.Table.from_pylist(rows, schema=schema())
    parquet, delta = os.path.join(folder, "lake"), os.path.join(folder, "lake-delta")
    parts = ds.partitioning(pa.schema([("Tier", pa.string())]), flavor="hive")
    ds.write_dataset(table, parquet, format="parquet", partitioning=parts, max_rows_per_file=300, max_rows_per_group=300)
    half = len(rows) // 2
    write_deltalake(delta, table.slice(0, half), partition_by=["Tier"])
    gone = [row | {"Id": "gone" + row["Id"], "EMail": f"gone{n}@example.com"} for n, row in enumerate(rows[:200])]
    write_deltalake(delta, pa.Table.from_pylist(gone, schema=schema()), mode="append")
    write_deltalake(delta, table.slice(half), mode="append")
    DeltaTable(delta).delete("Id like 'gone%'")
    return parquet, delta


def fill(postgresql, rows):
    """Fills a table of PostgreSQL that a reader may read."""
    import pyarrow as pa
    table = pa.Table.from_pylist(rows, schema=schema())
    # What the driver cannot write as such goes in as text, and the server makes it what it is.
    as_texts = pa.table({name: [as_text(row[name]) or None for row in rows] if name in POSTGRESQL else table[name]
                         for name in table.column_names})
    with postgresql.connect() as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("raw", as_texts, mode="create")
        columns = ", ".join(f'"{name}"::{POSTGRESQL.get(name, "text")} as "{name}"' for name in table.column_names)
        cursor.execute(f"create table people as select {columns} from raw")
        cursor.execute("drop table raw")
        cursor.execute("grant select on people to reader")


def queries(table, quote):
    """Gives the segments' queries, for an engine that calls the table so and quotes names with this sign."""
    columns = ", ".join(f"{quote}{name}{quote}" for name in next(people(1)))
    return {name: (label, f"select {columns} from {table} where " + condition.format(*(quote + one + quote for one in of)))
            for name, (label, _, of, condition) in SEGMENTS.items()}
