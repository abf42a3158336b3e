"""What goes wrong with real engines, and what Segue makes of it: workers, servers and connections that go away amid the rows,
queries that are cancelled, accounts and texts that are refused.

usage: trouble.py SEGUE FOLDER [NAME…]      with names, only the checks whose names hold one of them
"""
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import real

# So many rows that a reader is amid them for seconds.
ROWS = 1_500_000
SMALL = "select id, email, note from small"
CHECKS = []


def check(body):
    CHECKS.append(body)
    return body


def holds(what, is_so):
    if not is_so:
        raise AssertionError(what)


def each_holds(*faults):
    """Tells of all that does not hold, once the check has seen everything."""
    told = [fault for fault in faults if fault]
    holds("; ".join(told), not told)


class Run:
    """A run that goes on; what it says is read along."""

    def __init__(self, segue, name, *flags):
        self.process = segue.begin("run", name, "--json", *flags)
        self.done, self.events, self.errors, self.helpers = 0, [], [], set()
        self.readers = [threading.Thread(target=self.read), threading.Thread(target=self.read_errors)]
        for reader in self.readers:
            reader.start()

    def read(self):
        for line in self.process.stdout:
            event = json.loads(line)
            self.events.append(event)
            if event["event"] == "progress":
                self.done = max(self.done, event["done"])

    def read_errors(self):
        self.errors += self.process.stderr.readlines()

    def amid(self, rows=1):
        """Waits until rows were read."""
        def there():
            self.helpers |= set(real.children(self.process.pid))
            return self.done >= rows or self.process.poll() is not None
        real.wait_for("rows", there, 120)
        holds(f"it ended before it was stopped: {self.events[-1:]} {self.errors}", self.process.poll() is None)

    def asked(self, seconds=2):
        """Waits until the driver's process is there, and has had time to ask."""
        def there():
            self.helpers |= set(real.children(self.process.pid))
            return self.helpers
        real.wait_for("the driver's process", there)
        time.sleep(seconds)
        holds(f"it ended before it was stopped: {self.events[-1:]} {self.errors}", self.process.poll() is None)

    def end(self, seconds=120):
        """Waits for its end; gives the exit code and how long that took."""
        began = time.monotonic()
        code = self.process.wait(timeout=seconds)
        took = time.monotonic() - began
        for reader in self.readers:
            reader.join()
        return code, took


class World:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.made = tempfile.mkdtemp(prefix="trouble-", dir=folder)
        self.postgresql, self.sail, self.count = None, None, 0

    def of_postgresql(self):
        if not self.postgresql:
            self.postgresql = real.PostgreSQL()
            self.postgresql.do(
                f"create role reader login password '{real.PASSWORD}'",
                f"create role writer login password '{real.PASSWORD}'",
                # Ids and addresses as they are; the rest fills the pipe.
                f"""create table people as select n as id, 'p' || n || '@example.com' as email, repeat('x', 200) as note,
                case when n % 3000 = 0 then 'gold' else 'none' end as tier from generate_series(1, {ROWS}) n""",
                "create table small as select * from people where tier = 'gold'",
                "create table noted (what text)", "create sequence numbers", "grant all on numbers to writer",
                "create function notes() returns int language sql as 'insert into noted values (''x'') returning 1'",
                "grant select on people, small to reader", "grant all on people, small, noted to writer",
                "grant all on schema public to writer")
        return self.postgresql

    def of_sail(self):
        if not self.sail:
            import pyarrow as pa
            import pyarrow.parquet as pq
            self.lake = os.path.join(self.made, "lake")
            files = 24
            for part in range(files):
                place = f"{self.lake}/region=r{part % 8}"
                os.makedirs(place, exist_ok=True)
                ids = range(part * ROWS // files, (part + 1) * ROWS // files)
                pq.write_table(pa.table({
                    "id": [f"{n:032x}" for n in ids], "email": [f"p{n}@example.com" for n in ids],
                    "note": [f"{n * 2654435761 % 2**64:0200x}" for n in ids],
                    "tier": ["gold" if n % 3000 == 0 else "none" for n in ids],
                }), f"{place}/part-{part}.parquet")
            self.table = f"parquet.`{self.lake}`"
            self.sail = real.Sail(self.made)
        return self.sail

    @contextlib.contextmanager
    def destination(self, login, queries, *flags, sandbox=(), **more):
        """A destination over these queries, and the sandbox that it delivers to."""
        self.count += 1
        place = os.path.join(self.made, str(self.count))
        folder = real.write_queries(os.path.join(place, "queries"), {name: (name, text) for name, text in queries.items()})
        with real.Sandbox(self.program, *sandbox) as box:
            segue = real.Segue(self.program, os.path.join(place, "home"), box, **more)
            segue.log_in("there", *login)
            segue.queries = folder
            segue.add("All", "sql:there", "--queries", folder, "--all-segments", "--map", "email=email", "--map", "LNAME=note",
                      "--max-profiles", "10000000", *flags)
            yield segue, box

    def pg(self, user="reader"):
        self.of_postgresql()
        return (real.driver("postgresql"), {}, {"uri": self.postgresql.uri(user)})

    def flight(self):
        self.of_sail()
        return (real.driver("flightsql"), {"uri": self.sail.uri()})

    def stop(self):
        for engine in (self.sail, self.postgresql):
            if engine:
                engine.stop()


def gone_amid_rows(world, login, text, small, kill, mend):
    """Kills something amid the rows: that ends the run with 5, nothing was written, and the next one is whole."""
    with world.destination(login, {"all": text}) as (segue, box):
        before = box.writes()
        run = Run(segue, "All")
        run.amid(20_000)
        kill()
        code, took = run.end()
        print(f"   exit {code} after {took:.1f} s, {run.done} rows were read:", *run.errors, sep="\n     ", end="")
        holds(f"exit {code} instead of 5: {run.events[-1]}", code == 5)
        holds("something was written", box.writes() == before and not box.members())
        ended = run.events[-1]
        holds(f"no ended event: {ended}", ended["event"] == "ended" and ended["exit"] == 5 and ended["writes"] == 0)
        real.wait_for("the driver's processes end", lambda: not any(map(real.is_alive, run.helpers)), 15)
        mend()
        # The whole would take a while to deliver: what counts is that it is read anew.
        with open(os.path.join(segue.queries, "all.sql"), "w") as file:
            file.write("-- all\n" + small)
        tries = 0
        while True:
            code, out, err = segue.ended("run", "All", "--json", "--allow-shrink")
            tries += 1
            if code != 5 or tries > 15:
                break
            time.sleep(1)
        ended = json.loads(out.splitlines()[-1])
        print(f"   the next run: exit {code} at try {tries}, {ended['created']} created")
        holds(f"the next run: {ended} {err}", code == 0 and ended["created"] == len(box.members()) == ROWS // 3000)


@check
def sail_tasks_run_on_several_workers(world):
    world.of_sail()
    text = f"select id, email, note from {world.table} where tier = 'gold'"
    with world.destination(world.flight(), {"gold": text}) as (segue, box):
        since = world.sail.mark()
        ended = segue.run("All")
        ran = world.sail.tasks(since)
        print(f"   tasks by worker, of their own logs: {ran}; {ended['created']} created")
        holds("one worker did it all", len(ran) > 1)
        holds(f"{ended}", ended["created"] == ROWS // 3000)


@check
def sail_tells_that_segments_are_of_different_moments(world):
    world.of_sail()
    text = f"select id, email, note from {world.table} where tier = 'gold'"
    with world.destination(world.flight(), {"a": text, "b": text}) as (segue, box):
        code, out, err = segue.ended("check", "All", "--json")
        print(f"   {json.loads(out)['warnings']}", err)
        holds(f"exit {code}", code == 0)
        holds("it is not told", "moment" in out + err)


@check
def sail_a_worker_is_killed(world):
    world.of_sail()
    since = world.sail.mark()

    def kill():
        running = world.sail.processes()
        ran = {name: count for name, count in world.sail.tasks(since).items() if name in running}
        busiest = max(ran, key=ran.get)
        os.kill(running[busiest], signal.SIGKILL)
        print(f"   killed {busiest}, of {ran}")
    text = f"select id, email, note from {world.table}"
    gone_amid_rows(world, world.flight(), text, text + " where tier = 'gold'", kill, lambda: None)


@check
def sail_the_server_is_killed(world):
    world.of_sail()

    def kill():
        world.sail.server.kill()
        world.sail.server.wait()

    def mend():
        # Its workers stay when it goes.
        world.sail.end_workers()
        world.sail.start()
    text = f"select id, email, note from {world.table}"
    gone_amid_rows(world, world.flight(), text, text + " where tier = 'gold'", kill, mend)


@check
def sail_a_query_is_cancelled(world):
    world.of_sail()
    slow = (f"select max(a.id) as id, max(b.email) as email, max(a.note) as note from {world.table} a cross join {world.table} b"
            " where a.note < b.note")
    quick = f"select id, email, note from {world.table} where tier = 'gold'"
    with world.destination(world.flight(), {"all": quick}) as (segue, box):
        with open(os.path.join(segue.queries, "all.sql"), "w") as file:
            file.write("-- all\n" + slow)
        for name, code_of in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            before = box.writes()
            run = Run(segue, "All")
            run.asked(4)
            run.process.send_signal(name)
            code, took = run.end(60)
            began = time.monotonic()
            real.wait_for("the driver's processes end", lambda: not any(map(real.is_alive, run.helpers)), 20)
            after = time.monotonic() - began
            jobs = world.sail.asked("select job_id, status from system.execution.jobs")
            print(f"   {name.name}: exit {code} after {took:.1f} s, its child {after:.1f} s later; the engine's jobs: {jobs[-2:]}")
            holds(f"exit {code}: {run.events[-1:]} {run.errors}", code == code_of)
            holds("too late", took < 15)
            holds("something was written", box.writes() == before)
            holds("the query goes on", all(status != "RUNNING" for job, status in jobs[:-1]))


@check
def postgresql_a_connection_is_ended(world):
    world.of_postgresql()

    def kill():
        world.postgresql.do("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'")
    gone_amid_rows(world, world.pg(), "select * from people", "select * from small", kill, lambda: None)


@check
def postgresql_a_query_is_cancelled(world):
    world.of_postgresql()

    def active():
        return world.postgresql.asked("select state, query from pg_stat_activity where usename = 'reader'")
    for what, slow in (("before its rows", SMALL + ", pg_sleep(300)"), ("amid its rows", "select id, email, note from people")):
        with world.destination(world.pg(), {"all": SMALL}) as (segue, box):
            before = box.writes()
            with open(os.path.join(segue.queries, "all.sql"), "w") as file:
                file.write("-- all\n" + slow)
            for name, code_of in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)):
                run = Run(segue, "All")
                if "amid" in what:
                    run.amid(20_000)
                else:
                    run.asked()
                for helper in run.helpers:
                    for place in ("environ", "cmdline"):
                        with contextlib.suppress(OSError), open(f"/proc/{helper}/{place}", "rb") as told:
                            holds(f"the secret is in the driver's {place}", real.PASSWORD.encode() not in told.read())
                run.process.send_signal(name)
                code, took = run.end(60)
                began = time.monotonic()
                real.wait_for("the driver's processes end", lambda: not any(map(real.is_alive, run.helpers)), 20)
                after = time.monotonic() - began
                real.wait_for(f"the query ends: {active()}", lambda: not active(), 20)
                print(f"   {what}, {name.name}: exit {code} after {took:.1f} s, its child {after:.1f} s later")
                holds(f"exit {code}: {run.events[-1:]} {run.errors}", code == code_of)
                holds("too late", took < 15)
                holds("something was written", box.writes() == before)


def codes_of(segue, texts, codes):
    """Runs texts as the one query; gives those that did not end with one of these codes."""
    faults = []
    for what, text in texts:
        with open(os.path.join(segue.queries, "all.sql"), "w") as file:
            file.write("-- all\n" + text)
        code, out, err = segue.ended("run", "All", "--json")
        print(f"   {what}: exit {code}, {err.strip()!r}")
        faults.append(code not in codes and f"{what} ended with {code}")
    return faults


@check
def postgresql_nothing_is_written(world):
    world.of_postgresql()
    # Whoever owns a table could write to it.
    with world.destination(world.pg("writer"), {"all": SMALL}) as (segue, box):
        faults = codes_of(segue, (
            ("a WITH … DELETE", "with x as (delete from small returning *) select * from x"),
            ("two statements", "select id, email, note from small; delete from small"),
            ("SELECT INTO", "select id, email, note into other from small"),
        ), {1})
        # Only the server can know these.
        faults += codes_of(segue, (
            ("a function that writes", "select id, email, note from small where notes() = 1"),
            ("a lock", "select id, email, note from small for update"),
            ("a sequence", "select nextval('numbers') as id, email, note from small"),
        ), {1, 5})
        left = world.postgresql.asked("select (select count(*) from small), (select count(*) from noted),"
                                      " (select is_called from numbers)")[0]
        each_holds(*faults, left != (ROWS // 3000, 0, False) and f"it was written: {left}",
                   box.members() and "it was delivered")


@check
def postgresql_all_segments_are_of_one_moment(world):
    world.of_postgresql()
    queries = {"a": SMALL + " where (select pg_sleep(4)) is not null", "b": "select id, email, note from late"}
    world.postgresql.do("create table late as select * from small limit 10", "grant select on late to reader")
    with world.destination(world.pg(), queries) as (segue, box):
        run = Run(segue, "All")
        run.asked(2)
        world.postgresql.do("insert into late select -id, 'late' || email, note from small limit 5",
                            "delete from late where id > 0")
        code, _ = run.end()
        ended = run.events[-1]
        print(f"   {ended['segments']}", *run.errors)
        holds(f"{ended}", code == 0 and ended["segments"]["b"]["profiles"] == 10)


@check
def postgresql_order_means_nothing(world):
    world.of_postgresql()
    # Backwards, so that whoever takes what comes first takes the wrong ones.
    with world.destination(world.pg(), {"all": "select id::text, email, note from small order by id desc"}) as (segue, box):
        ended = segue.run("All", "--limit", "10")
        mails = sorted(member["email_address"] for member in box.members())
        smallest = world.postgresql.asked('select email from small order by id::text collate "C" limit 10')
        first = sorted(row[0] for row in smallest)
        print(f"   --limit: {mails[:2]}…")
        holds(f"{ended}: {mails} instead of {first}", mails == first)
    queries = {"a": "select id, email, 'of a' as note from small where id <= 30000",
               "b": "select id, email, 'of b' as note from small"}
    with world.destination(world.pg(), queries) as (segue, box):
        code, out, err = segue.ended("run", "All", "--json")
        notes = sorted(member["merge_fields"]["LNAME"] for member in box.members())
        print(f"   two segments that differ: exit {code}, {err.strip()!r}")
        holds(f"{code}: {notes[:3]}", code == 0 and notes == ["of a"] * 10 + ["of b"] * (ROWS // 3000 - 10))
        holds("it is not told", err.startswith("10 "))


@check
def postgresql_tells_of_refreshes(world):
    world.of_postgresql()
    world.postgresql.do("create table loads (at timestamptz)", "grant select on loads to reader",
                        "insert into loads values (now() - interval '1 day')")
    queries = {"all": SMALL, "_refresh": "select max(at) from loads"}
    with world.destination(world.pg(), queries) as (segue, box):
        segue.told("schedule", "All", "--on-refresh")
        ran = []
        for what, statement in (("at first", None), ("nothing new", None), ("a refresh", "insert into loads values (now())"),
                                ("nothing new", None)):
            if statement:
                world.postgresql.do(statement)
            code, out, err = segue.ended("watch", "--once")
            history = json.loads(segue.told("history", "All", "--json"))
            ran.append(len(history))
            print(f"   {what}: exit {code}, {len(history)} runs; {(out + err).strip()[:300]!r}")
        holds(f"{ran}", ran[3] - ran[0] == 1 and ran[0] == ran[1] and ran[2] == ran[3])


@check
def postgresql_refuses_who_asks(world):
    world.of_postgresql()
    with world.destination(world.pg(), {"all": SMALL}) as (segue, box):
        faults, right = [], world.postgresql.uri()
        for what, uri, wanted in (
            ("a wrong password", world.postgresql.uri(password="falsch"), 4),
            ("no password", right.replace(f":{real.PASSWORD}", ""), 4),
            ("nobody of that name", world.postgresql.uri("nobody"), 4),
            ("no such database", right.removesuffix("postgres") + "nowhere", None),
            ("no engine", right.replace(f":{world.postgresql.port}", f":{real.free_port()}"), 5),
            ("no secret", "", 4),
        ):
            code, out, err = segue.ended("run", "All", "--json", **{real.secret("uri"): uri})
            print(f"   {what}: exit {code}, {err.strip()!r}")
            faults.append(code not in ({wanted} if wanted else {1, 5}) and f"{what} ended with {code} instead of {wanted}")
            faults.append("falsch" in out + err and f"{what}: the secret is told")
        faults += codes_of(segue, (
            ("an unknown table", "select * from nowhere"),
            ("an unknown column", "select nothing, id, email, note from small"),
            ("no right", "select what as id, what as email, what as note from noted"),
            ("other columns", "select id, email, note, tier from small"),
            ("another kind of column", "select id, email, length(note) as note from small"),
            ("two columns of one name", "select id, email, note, note from small"),
            ("an id that says two things", "select id % 7 as id, email, note from small"),
            ("no id", "select null::int as id, email, note from small"),
            ("a list", "select id, array[email] as email, note from small"),
        ), {1})
        faults.append(box.members() and "it was delivered")
        for folder, _, files in os.walk(segue.home):
            for file in files:
                with open(os.path.join(folder, file), "rb") as told:
                    faults.append(real.PASSWORD.encode() in told.read() and f"the secret is in {file}")
        each_holds(*faults)


@check
def a_secret_comes_from_the_keyring(world):
    """A real keyring, in a session of its own."""
    world.of_postgresql()
    lacking = [tool for tool in ("dbus-run-session", "gnome-keyring-daemon", "gdbus") if not shutil.which(tool)]
    holds(f"please install {lacking}", not lacking)
    with world.destination(world.pg(), {"all": SMALL}) as (segue, box):
        of_driver = segue.env.pop(real.secret("uri"))
        place = tempfile.mkdtemp(dir=world.made)
        script = """
            printf secret | gnome-keyring-daemon --unlock --components=secrets --foreground >/dev/null 2>&1 & daemon=$!
            for _ in $(seq 100); do
                gdbus call --session --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus \
                    --method org.freedesktop.DBus.NameHasOwner org.freedesktop.secrets | grep -q true && break
                sleep 0.1
            done
            set +e
            printf '%s\\n' "$URI" | "$SEGUE" login sql --as there --driver "$DRIVER" --secret uri --secret-stdin --yes &&
                "$SEGUE" run All --json
            code=$?
            kill $daemon
            exit $code"""
        env = segue.env | {"HOME": place, "XDG_RUNTIME_DIR": place, "SEGUE": world.program, "URI": of_driver,
                           "DRIVER": real.driver("postgresql")}
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "GNOME_KEYRING_CONTROL"):
            env.pop(name, None)
        done = subprocess.run(["dbus-run-session", "--", "bash", "-c", script], env=env, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)
        holds(f"exit {done.returncode}: {done.stdout} {done.stderr}", done.returncode == 0)
        holds("not all", len(box.members()) == ROWS // 3000)
        holds("the secret is told", real.PASSWORD not in done.stdout + done.stderr)


@check
def a_driver_is_found_by_its_manifest(world):
    place = os.path.join(world.made, "drivers")
    os.makedirs(place)
    with open(f"{place}/elephant.toml", "w") as file:
        file.write('manifest_version = 1\nname = "PostgreSQL"\nversion = "1.13.0"\n[ADBC]\nversion = "1.1.0"\n[Driver.shared]\n'
                   f'linux_amd64 = "{real.driver("postgresql")}"\n')
    _, _, secrets = world.pg()
    login = ("elephant", {}, secrets)
    with world.destination(login, {"all": SMALL}, ADBC_DRIVER_PATH=place) as (segue, box):
        holds("not all", segue.run("All")["created"] == ROWS // 3000)
        for what, more, wanted in (
            ("as it should be", {}, 0),
            ("no folder of manifests", {"ADBC_DRIVER_PATH": ""}, 1),
            ("no secret", {real.secret("uri"): ""}, 1),
            ("no engine", {real.secret("uri"): f"postgresql://127.0.0.1:{real.free_port()}/x"}, 1),
        ):
            code, out, err = segue.ended("doctor", **more)
            told = [line for line in (out + err).splitlines() if "there" in line]
            print(f"   doctor, {what}: exit {code}", *told, sep="\n     ")
            holds(f"doctor ended with {code}", code == wanted and ("wrong" in told[0]) == (wanted == 1))
        code, out, err = segue.ended("run", "All", ADBC_DRIVER_PATH="")
        print(f"   without the folder: exit {code}, {err.strip()!r}")
        holds("a driver that is not there is nothing temporary", code == 1)


@check
def a_secret_is_no_option(world):
    world.of_postgresql()
    port, faults = world.postgresql.port, []
    with real.Sandbox(world.program) as box:
        segue = real.Segue(world.program, os.path.join(world.made, "options"), box)
        for option in (
            f"uri=postgresql://reader:{real.PASSWORD}@127.0.0.1:{port}/postgres",
            f"uri=postgresql://127.0.0.1:{port}/postgres?user=reader&password={real.PASSWORD}",
            f"uri=host=127.0.0.1 port={port} user=reader password={real.PASSWORD} dbname=postgres",
            f"uri=host=127.0.0.1 port={port} user=reader password = '{real.PASSWORD}' dbname=postgres",
        ):
            code, out, err = segue.ended("login", "sql", "--as", "there", "--driver", real.driver("postgresql"), "--option",
                                         option, "--yes")
            print(f"   {option}: exit {code}, {err.strip()!r}")
            faults.append(code != 2 and f"{option} ended with {code}")
    each_holds(*faults)


@check
def nothing_leaves_this_computer_unencrypted(world):
    with real.Sandbox(world.program) as box:
        segue = real.Segue(world.program, os.path.join(world.made, "plain"), box)
        for given in (("--option", "uri=grpc://db.example.com:32010"), ("--secret", "uri")):
            code, out, err = segue.ended("login", "sql", "--as", "there", "--driver", real.driver("flightsql"), *given,
                                         **{real.secret("uri"): "grpc://reader:x@db.example.com:32010"})
            print(f"   {given}: exit {code}, {err.strip()!r}")
            holds(f"exit {code}", code == 2)
        holds("it was saved", "there" not in segue.told("logins", "--json"))


def main():
    program, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    real.with_packages(folder)
    world, failed = World(program, folder), []
    try:
        for one in CHECKS:
            name = one.__name__.replace("_", " ")
            if sys.argv[3:] and not any(word in name for word in sys.argv[3:]):
                continue
            print(f"-- {name}", flush=True)
            began = time.monotonic()
            try:
                one(world)
                print(f"   ok, {time.monotonic() - began:.0f} s", flush=True)
            except (Exception, SystemExit):
                traceback.print_exc(file=sys.stdout)
                failed.append(name)
    finally:
        world.stop()
    if failed:
        raise SystemExit("failed: " + ", ".join(failed))


if __name__ == "__main__":
    main()
