"""Real engines on this computer, none of them ours, and Segue against them: PostgreSQL, Sail with several worker processes,
DuckDB. Versions are pinned; all listen on the loopback address only."""
import contextlib
import glob
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv

PACKAGES = ["adbc-driver-flightsql==1.13.0", "adbc-driver-manager==1.13.0", "adbc-driver-postgresql==1.13.0",
            "deltalake==1.6.6", "pyarrow==26.0.1", "pysail==0.7.2"]
DUCKDB = "@duckdb/node-bindings-linux-x64@1.5.6-r.1"
POSTGRESQL = "15"
# No word of a language that failures are told in: they are kept in all of them.
PASSWORD = "hemlig4711"


def with_packages(folder):
    """Goes on in a virtual environment with the packages, made in the folder if it is not there."""
    home = os.path.join(folder, "venv")
    python, made = os.path.join(home, "bin", "python"), os.path.join(home, "made")
    if os.path.realpath(sys.prefix) == os.path.realpath(home):
        return
    told = "\n".join(PACKAGES)
    if not os.path.exists(made) or open(made).read() != told:
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PACKAGES], check=True)
        with open(made, "w") as file:
            file.write(told)
    os.execv(python, [python, *sys.argv])


def driver(name):
    """Finds the library of a driver that came as a package."""
    import importlib
    return importlib.import_module(f"adbc_driver_{name}")._driver_path()


def duckdb(folder):
    """Finds DuckDB's library, which is its own driver; fetches it if need be."""
    home = os.path.join(folder, "duckdb-" + DUCKDB.rsplit("@", 1)[1])
    pattern = os.path.join(home, "node_modules", "@duckdb", "*", "libduckdb.so")
    if not glob.glob(pattern):
        os.makedirs(home, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", home, DUCKDB],
                       check=True, stdout=subprocess.DEVNULL)
    return glob.glob(pattern)[0]


def secret(key):
    """Names the variable that a setting's secret is taken from."""
    return "SEGUE_SQL_SECRET_" + re.sub("[^A-Z0-9]", "_", key.upper())


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(what, is_there, seconds=60):
    until = time.monotonic() + seconds
    while not is_there():
        if time.monotonic() > until:
            raise SystemExit(f"{what}: not within {seconds} s")
        time.sleep(0.1)


def listens(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def is_alive(pid):
    """Tells whether a process runs; one that only waits for its parent to look does not."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def children(pid):
    """Lists the processes that a process has started, from whichever of its threads."""
    found = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as told:
                found += [int(one) for one in told.read().split()]
    return found


def high_water(pid, of="VmHWM"):
    """The most memory that a process has had, in MiB; or what of its memory now is no file's, by RssAnon."""
    with contextlib.suppress(OSError):
        with open(f"/proc/{pid}/status") as status:
            told = dict(line.split(":", 1) for line in status)
        return int(told.get(of, "0").split()[0]) / 1024
    return 0


class PostgreSQL:
    """A cluster of its own, which asks for passwords. Made as another user where this one is root, as it wants."""

    def __init__(self):
        self.bin = f"/usr/lib/postgresql/{POSTGRESQL}/bin"
        if not os.path.exists(f"{self.bin}/initdb"):
            raise SystemExit(f"please install postgresql-{POSTGRESQL}")
        self.folder = tempfile.mkdtemp(prefix="segue-pg-")
        self.port = free_port()
        self.who = []
        password = os.path.join(self.folder, "password")
        with open(password, "w") as file:
            file.write(PASSWORD)
        if os.getuid() == 0:
            self.who = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            user = pwd.getpwnam("postgres")
            for path in (self.folder, password):
                os.chown(path, user.pw_uid, user.pw_gid)
        self.does("initdb", "-D", f"{self.folder}/data", "-A", "scram-sha-256", "-U", "postgres", "--pwfile", password,
                  "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.does("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "-o",
                  f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
                  " -c timezone=Asia/Kolkata -c log_statement=all", "start")

    def does(self, *command):
        subprocess.run([*self.who, f"{self.bin}/{command[0]}", *command[1:]], check=True, stdout=subprocess.DEVNULL,
                       cwd=self.folder)

    def uri(self, user="reader", password=PASSWORD):
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/postgres"

    def connect(self):
        import adbc_driver_postgresql.dbapi
        return adbc_driver_postgresql.dbapi.connect(self.uri("postgres"), autocommit=True)

    def do(self, *statements):
        with self.connect() as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def asked(self, query):
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def log(self):
        with open(f"{self.folder}/log") as file:
            return file.read()

    def stop(self):
        with contextlib.suppress(subprocess.CalledProcessError):
            self.does("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class Sail:
    """Sail's Flight SQL server, with so many worker processes. They come with the first query."""

    def __init__(self, folder, workers=3):
        self.folder = tempfile.mkdtemp(prefix="sail-", dir=folder)
        self.workers = workers
        self.sail = os.path.join(sys.prefix, "bin", "sail")
        self.api, self.port = free_port(), free_port()
        with open(f"{self.folder}/kubeconfig", "w") as file:
            json.dump({
                "apiVersion": "v1", "kind": "Config", "current-context": "here",
                "clusters": [{"name": "here", "cluster": {"server": f"http://127.0.0.1:{self.api}"}}],
                "users": [{"name": "here", "user": {}}],
                "contexts": [{"name": "here", "context": {"cluster": "here", "user": "here", "namespace": "default"}}],
            }, file)
        here = os.path.dirname(os.path.abspath(__file__))
        with open(f"{self.folder}/pods", "w") as pods:
            self.pods = subprocess.Popen([sys.executable, f"{here}/pods.py", self.sail, str(self.api), self.folder],
                                         stdout=pods, env=self.env())
        self.server = None
        self.start()

    def env(self):
        return os.environ | {
            "KUBECONFIG": f"{self.folder}/kubeconfig", "SAIL_MODE": "kubernetes-cluster",
            "SAIL_CLUSTER__DRIVER_LISTEN_HOST": "127.0.0.1", "SAIL_CLUSTER__DRIVER_EXTERNAL_HOST": "127.0.0.1",
            "SAIL_CLUSTER__WORKER_INITIAL_COUNT": str(self.workers), "SAIL_CLUSTER__WORKER_TASK_SLOTS": "2",
            "SAIL_EXECUTION__DEFAULT_PARALLELISM": str(2 * self.workers),
            "SAIL_CLUSTER__WORKER_HEARTBEAT_INTERVAL_SECS": "1", "SAIL_CLUSTER__WORKER_HEARTBEAT_TIMEOUT_SECS": "4",
            "RUST_LOG": "info,sail_execution=debug",
        }

    def start(self):
        """Starts the server: the first time, or after it was killed."""
        wait_for("the stand-in for Kubernetes", lambda: listens(self.api))
        with open(f"{self.folder}/server.log", "a") as log:
            self.server = subprocess.Popen([self.sail, "flight", "server", "--port", str(self.port)], stdout=log,
                                           stderr=subprocess.STDOUT, env=self.env(), cwd=self.folder)
        wait_for("Sail", lambda: listens(self.port))

    def uri(self):
        return f"grpc://127.0.0.1:{self.port}"

    def asked(self, query):
        import adbc_driver_flightsql.dbapi
        with adbc_driver_flightsql.dbapi.connect(self.uri(), autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def processes(self):
        """Lists the workers that run: name and id."""
        with open(f"{self.folder}/pods") as file:
            told = [line.split() for line in file]
        return {name: int(pid) for name, pid in told if is_alive(int(pid))}

    def mark(self):
        """Remembers how long the workers' logs are now."""
        return {path: os.path.getsize(path) for path in glob.glob(f"{self.folder}/sail-worker-*.log")}

    def tasks(self, since):
        """Tells by the workers' own logs which of them ran how many tasks since then."""
        ran = {}
        for path in glob.glob(f"{self.folder}/sail-worker-*.log"):
            with open(path, errors="replace") as log:
                log.seek(since.get(path, 0))
                told = re.sub(r"\x1b\[[0-9;]*m", "", log.read())
            batches = re.findall(r"RunTaskBatchRequest \{ job_id: \d+, stage: \d+, tasks: \[([^\]]*)\]", told)
            count = sum(batch.count("partition:") for batch in batches)
            if count:
                ran[os.path.basename(path)[:-len(".log")]] = count
        return ran

    def end_workers(self):
        for pid in self.processes().values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self):
        for one in (self.server, self.pods):
            one.kill()
            one.wait()
        self.end_workers()


class Sandbox:
    """An imitated Mailchimp with an empty audience."""

    def __init__(self, segue, *flags):
        self.process = subprocess.Popen([segue, "sandbox", "--empty", *flags], stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def ask(self, path, body=None):
        url = self.ready["mailchimp_api"].removesuffix("/3.0") + path
        request = urllib.request.Request(url, data=body and json.dumps(body).encode(), headers={
            "Authorization": "Bearer " + self.ready["mailchimp_api_key"], "Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()

    def members(self):
        told = self.ask(f"/sandbox/audiences/{self.ready['audience_id']}/members")
        return [json.loads(line) for line in told.splitlines()]

    def writes(self):
        """How many calls changed something."""
        told = json.loads(self.ask("/sandbox/stats"))["requests"]
        return sum(count for call, count in told.items() if call.split()[0] != "GET" and call.split()[1].startswith("/3.0"))


class Segue:
    """Segue with a home of its own, which delivers to a sandbox."""

    def __init__(self, program, home, sandbox, **more):
        self.program, self.home, self.sandbox = program, home, sandbox
        ready = sandbox.ready
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("SEGUE_")} | {
            "SEGUE_HOME": home, "SEGUE_MAILCHIMP_TOKEN": ready["mailchimp_api_key"],
            "SEGUE_MAILCHIMP_API_URL": ready["mailchimp_api"], "SEGUE_MAILCHIMP_LOGIN_URL": ready["mailchimp_login"],
        } | more

    def begin(self, *command, **more):
        return subprocess.Popen([self.program, *command], env=self.env | more, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def ended(self, *command, **more):
        """Gives exit code, standard output and standard error."""
        with self.begin(*command, **more) as process:
            out, err = process.communicate(timeout=900)
        return process.returncode, out, err

    def told(self, *command, exit=0, **more):
        code, out, err = self.ended(*command, **more)
        if code != exit:
            raise SystemExit(f"segue {' '.join(command)} ended with {code} instead of {exit}\n{out[-2000:]}{err}")
        return out

    def run(self, name, *flags, exit=0, **more):
        return json.loads(self.told("run", name, "--json", *flags, exit=exit, **more).splitlines()[-1])

    def log_in(self, name, driver, options, secrets=None, **more):
        """Saves how an engine is reached; its secrets stay in the environment."""
        given = [word for key, value in options.items() for word in ("--option", f"{key}={value}")]
        for key, value in (secrets or {}).items():
            given += ["--secret", key]
            self.env[secret(key)] = value
        return self.told("login", "sql", "--as", name, "--driver", driver, *given, **more)

    def add(self, name, source, *flags, **more):
        return self.told("add", "--name", name, "--accept-privacy", "--login", "env", "--audience",
                         self.sandbox.ready["audience_id"], "--source", source, "--status-if-new", "subscribed", *flags, **more)


def write_queries(folder, queries):
    """Writes a folder of queries, by name: label and text."""
    os.makedirs(folder, exist_ok=True)
    for name, (label, text) in queries.items():
        with open(os.path.join(folder, name + ".sql"), "w") as file:
            file.write(f"-- {label}\n{text}\n")
    return folder
