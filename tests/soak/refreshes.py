"""Has segue watch see to destinations of every kind of source while those are refreshed, one of them fails for a while and
the watcher is killed once, and holds its history to what happened.

    python3 refreshes.py SEGUE [--minutes 10] [--every 60]

Ends with 1 where the history is not right to the run.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

# How many seconds a source must have been quiet, and a time in the middle of what a refresh begins.
QUIET = "2"
QUIET_AND_MORE = 3


def post(url, fields):
    data = urllib.parse.urlencode(fields).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data)) as answer:
        return answer.read().decode()


def refresh_token(ready):
    """Signs the export user in for both services; the last token is good for both."""
    sign_in(ready, "https://api.ci.ai.microsoft.com")
    return sign_in(ready, ready["dataverse_url"])


def sign_in(ready, resource):
    """Signs in with a code on another device."""
    authority, client = ready["authority"], ready["insights_client_id"]
    scope = f"{resource}/.default offline_access"
    asked = {"client_id": client, "scope": scope}
    told = json.loads(post(f"{authority}/oauth2/v2.0/devicecode", asked))
    page = urllib.parse.urljoin(authority, "/entra/devicelogin")
    code = {"code": told["user_code"], "otc": told["user_code"], "user_code": told["user_code"]}
    typed = post(page, code)
    form = dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', typed))
    post(page, {**code, **form, "decision": "approve"})
    grant = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": client,
        "device_code": told["device_code"],
    }
    return json.loads(post(f"{authority}/oauth2/v2.0/token", grant))["refresh_token"]


class World:
    def __init__(self, segue, folder, every):
        self.segue, self.folder = segue, folder
        flags = ["--empty", "--profiles", "300", "--refresh-every", f"{every}s"]
        self.sandbox = subprocess.Popen([segue, "sandbox", *flags], stdout=subprocess.PIPE, text=True)
        self.ready = ready = json.loads(self.sandbox.stdout.readline())
        self.environment = {
            **os.environ,
            "SEGUE_HOME": f"{folder}/home",
            "SEGUE_MAILCHIMP_TOKEN": ready["mailchimp_api_key"],
            "SEGUE_MAILCHIMP_API_URL": ready["mailchimp_api"],
            "SEGUE_MAILCHIMP_LOGIN_URL": ready["mailchimp_login"],
            "SEGUE_ENTRA_AUTHORITY": ready["authority"],
            "SEGUE_INSIGHTS_URL": ready["insights_url"],
            "SEGUE_INSIGHTS_CLIENT_ID": ready["insights_client_id"],
            "SEGUE_INSIGHTS_SUBSCRIPTION_KEY": ready["insights_subscription_key"],
        }
        self.rows = {}
        for name in ("files", "model"):
            os.makedirs(f"{folder}/{name}")

    def signed_in(self):
        """A refresh token is used up by whoever has it, so that each program gets one of its own."""
        return {**self.environment, "SEGUE_INSIGHTS_REFRESH_TOKEN": refresh_token(self.ready)}

    def run(self, *line):
        ran = subprocess.run([self.segue, *line], env=self.signed_in(), capture_output=True, text=True)
        if ran.returncode != 0:
            sys.exit(f"{line}: {ran.returncode}\n{ran.stdout}{ran.stderr}")
        return ran.stdout

    def write(self, name):
        """Refreshes a folder: another person each time."""
        self.rows[name] = self.rows.get(name, 0) + 1
        rows = [f"p{n},p{n}@{name}.example,Person {n}" for n in range(self.rows[name])]
        head = "CustomerId,EMail,FirstName"
        text = "\n".join(rows) + "\n"
        if name == "files":
            with open(f"{self.folder}/files/people.csv", "w") as file:
                file.write(f"{head}\n{text}")
            return
        with open(f"{self.folder}/model/part.csv", "w") as file:
            file.write(text)
        attributes = [{"name": column, "dataType": "string"} for column in head.split(",")]
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        partition = {"name": "part", "location": "part.csv", "refreshTime": at}
        entity = {"$type": "LocalEntity", "name": "Customer", "attributes": attributes, "partitions": [partition]}
        model = {"name": "m", "version": "1.0", "entities": [entity]}
        with open(f"{self.folder}/model/model.json.new", "w") as file:
            json.dump(model, file)
        os.rename(f"{self.folder}/model/model.json.new", f"{self.folder}/model/model.json")

    def add(self, name, source, *more):
        email, first = "EMail", "FirstName"
        if source.startswith("dataverse"):
            email, first = "msdynci_email", "msdynci_firstname"
        line = ["add", "--name", name, "--accept-privacy", "--source", source, "--audience", self.ready["audience_id"]]
        line += ["--map", f"email={email}", "--map", f"FNAME={first}", "--status-if-new", "subscribed"]
        self.run(*line, *more)
        self.run("schedule", name, "--on-refresh", "--quiet-seconds", QUIET)

    def add_all(self):
        """Makes a destination for each kind of source."""
        self.write("files")
        self.write("model")
        self.add("Files", f"folder:{self.folder}/files", "--all-segments")
        self.add("Model", f"folder:{self.folder}/model", "--all-segments")
        self.add("Dataverse", f"dataverse:{self.ready['dataverse_url']}", "--segment", "Gold")
        self.add("Insights", f"insights:{self.ready['insights_instance']}", "--segment", "Gold")

    def watch(self):
        command = [self.segue, "watch", "--json"]
        log = open(f"{self.folder}/watch.log", "a")
        return subprocess.Popen(command, env=self.signed_in(), stdout=log, stderr=log)

    def history(self, name):
        """Each run's state and how many people it told of, the oldest first."""
        runs = json.loads(self.run("history", name, "--json"))
        return [(run["state"], run["profiles"]) for run in reversed(runs)]


def wait_until(done, seconds, what):
    end = time.time() + seconds
    while not done():
        if time.time() > end:
            sys.exit(f"not within {seconds} s: {what}")
        time.sleep(0.2)


def marks(folder):
    try:
        with open(f"{folder}/home/schedules.toml") as file:
            return len(re.findall(r"^mark = ", file.read(), re.M))
    except FileNotFoundError:
        return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("segue")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--every", type=int, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = World(os.path.abspath(given.segue), folder, given.every)
        watcher = None
        try:
            world.add_all()
            watcher = world.watch()
            wait_until(lambda: marks(folder) == 4, 60, "every source is known")
            began, written = time.time(), {"Files": 0, "Model": 0}
            rounds = max(4, int(given.minutes * 60 / given.every))
            for number in range(rounds):
                away = number in range(1, 4) and rounds > 4
                if away and os.path.exists(f"{folder}/files"):
                    os.rename(f"{folder}/files", f"{folder}/away")
                elif not away:
                    if os.path.exists(f"{folder}/away"):
                        os.rename(f"{folder}/away", f"{folder}/files")
                    world.write("files")
                    written["Files"] += 1
                world.write("model")
                written["Model"] += 1
                if number == rounds // 2:
                    time.sleep(QUIET_AND_MORE)
                    watcher.kill()
                    watcher.wait()
                    watcher = world.watch()
                time.sleep(max(0.0, began + (number + 1) * given.every - time.time()))
            done = lambda name: sum(state == "successful" for state, _ in world.history(name))
            wait_until(lambda: done("Model") >= written["Model"], 60, f"Model: {world.history('Model')}")
            # What failed is tried again within some minutes, and then tells of everybody.
            last = lambda name: world.history(name)[-1:] == [("successful", world.rows[name.lower()])]
            wait_until(lambda: last("Files"), 600, f"Files: {world.history('Files')}")
            for name in ("Dataverse", "Insights"):
                refreshes = int((time.time() - began) / given.every)
                if abs(done(name) - refreshes) > 1:
                    sys.exit(f"{name}: {refreshes} refreshes, {world.history(name)}")
                print(name, refreshes, world.history(name))
            for name in ("Files", "Model"):
                history = world.history(name)
                told = [people for state, people in history if state == "successful"]
                if told != sorted(set(told)):
                    sys.exit(f"{name}: something ran twice: {history}")
                if done(name) > written[name]:
                    sys.exit(f"{name}: {written[name]} refreshes, and more runs: {history}")
                print(name, written[name], history)
            if done("Model") != written["Model"]:
                sys.exit(f"Model: {written['Model']} refreshes, {world.history('Model')}")
            watcher.send_signal(signal.SIGTERM)
            if watcher.wait(60) != 143:
                sys.exit("the watcher did not end as it should")
            watcher = None
            print("the history is right to the run")
        finally:
            for process in (watcher, world.sandbox):
                if process is not None:
                    process.kill()
            log = f"{folder}/watch.log"
            if os.path.exists(log) and sys.exc_info()[0] is not None:
                print(open(log).read()[-6000:], file=sys.stderr)


if __name__ == "__main__":
    main()
