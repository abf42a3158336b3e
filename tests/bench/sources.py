#!/usr/bin/env python3
"""Exports the same made-up people from every kind of source and prints time and memory of each.

Usage: sources.py SEGUE [PROFILES] [KIND…]    kinds: folder, tables, dataverse, insights

SEGMENT=LABEL exports that segment only. One sandbox for all, its audience emptied between the runs. The services are read in the name of an export user whose
refresh token is fetched here as a person would get it; it is handed over by the environment, so that no keyring is needed.
"""

import base64
import csv
import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

KINDS = ["folder", "tables", "dataverse", "insights"]
INSIGHTS_SCOPE = "https://api.ci.ai.microsoft.com/.default"


def dataverse_scope(ready):
    return ready["dataverse_url"] + "/user_impersonation"


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


def sign_in(ready, scope):
    """Signs in by posting the page's form, and exchanges the code for tokens."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "client_id": ready["insights_client_id"], "response_type": "code", "redirect_uri": "http://localhost",
        "scope": scope + " offline_access openid profile", "state": "x", "code_challenge": challenge,
        "code_challenge_method": "S256", "decision": "approve",
    }
    base = ready["authority"] + "/oauth2/v2.0/"
    opener = urllib.request.build_opener(Stay)
    try:
        opener.open(base + "authorize", urllib.parse.urlencode(query).encode())
        raise SystemExit("the sandbox did not send back")
    except urllib.error.HTTPError as answer:
        back = answer.headers["location"]
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(back).query)["code"][0]
    form = {
        "client_id": ready["insights_client_id"], "grant_type": "authorization_code", "code": code,
        "redirect_uri": "http://localhost", "code_verifier": verifier,
    }
    answer = urllib.request.urlopen(base + "token", urllib.parse.urlencode(form).encode())
    return json.load(answer)


def run(command, env):
    """Runs to the end; gives when each phase was seen first, the last event, seconds, CPU seconds and peak memory in MiB."""
    began = time.monotonic()
    child = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    peak = [0]

    def watch():
        # What wait4 tells counts this process, too, from before the child became another program.
        while child.returncode is None:
            try:
                peak[0] = memory_of(child.pid)
            except (OSError, AttributeError):
                return
            time.sleep(0.01)

    watching = threading.Thread(target=watch)
    watching.start()
    marks, last = {}, {}
    for line in child.stdout:
        event = json.loads(line)
        if event.get("phase"):
            marks.setdefault(event["phase"], time.monotonic() - began)
        last = event
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    took = time.monotonic() - began
    watching.join()
    return marks, last, took, usage.ru_utime + usage.ru_stime, peak[0], child.returncode


def main():
    segue = os.path.realpath(sys.argv[1])
    profiles = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    kinds = sys.argv[3:] or KINDS
    with tempfile.TemporaryDirectory() as folder:
        sandbox = subprocess.Popen(
            [segue, "sandbox", "--empty", "--profiles", str(profiles)], stdout=subprocess.PIPE, text=True)
        try:
            ready = json.loads(sandbox.stdout.readline())
            for kind in kinds:
                measure(segue, ready, kind, folder, sandbox.pid)
        finally:
            sandbox.terminate()


def cpu_of(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid):
    return int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1)) / 1024


def measure(segue, ready, kind, folder, sandbox):
    urllib.request.urlopen(urllib.request.Request("http://" + ready["listening"] + "/sandbox/reset", method="POST"))
    env = {name: value for name, value in os.environ.items() if not name.startswith("SEGUE_")}
    env |= {
        "SEGUE_HOME": os.path.join(folder, "home-" + kind),
        "SEGUE_MAILCHIMP_API_URL": ready["mailchimp_api"],
        "SEGUE_MAILCHIMP_LOGIN_URL": ready["mailchimp_login"],
        "SEGUE_MAILCHIMP_TOKEN": ready["mailchimp_api_key"],
        "SEGUE_ENTRA_AUTHORITY": ready["authority"],
        "SEGUE_INSIGHTS_URL": ready.get("insights_url","http://127.0.0.1:1/v1"),
        "SEGUE_INSIGHTS_CLIENT_ID": ready["insights_client_id"],
        "SEGUE_INSIGHTS_SUBSCRIPTION_KEY": ready.get("insights_subscription_key","x"),
    }
    scopes = {"dataverse": dataverse_scope(ready), "insights": INSIGHTS_SCOPE}
    source = {"dataverse": "dataverse:" + ready["dataverse_url"], "insights": "insights:" + ready.get("insights_instance", "")}
    source = source.get(kind) or "folder:" + people_of(ready, kind, folder)

    def new_token():
        # Each is good for one process: it is replaced when it is used.
        if kind in scopes:
            env["SEGUE_INSIGHTS_REFRESH_TOKEN"] = sign_in(ready, scopes[kind])["refresh_token"]

    new_token()
    segments = ["--segment", os.environ["SEGMENT"]] if "SEGMENT" in os.environ else ["--all-segments"]
    login = ["--source-login", "env"] if kind in scopes else []
    add = [segue, "add", "--name", kind, "--accept-privacy", "--login", "env", "--audience", ready["audience_id"],
           "--source", source, *login, "--map", "email=EMail", "--map", "FNAME=FirstName", "--map", "LNAME=LastName",
           *segments, "--status-if-new", "subscribed", "--max-profiles", "10000000"]
    subprocess.run(add, env=env, check=True, stdout=subprocess.DEVNULL)
    new_token()
    before = cpu_of(sandbox)
    marks, last, took, cpu, memory, exit_code = run([segue, "run", kind, "--json"], env)
    # What is over between two progress events is not seen; an empty audience is compared in no time.
    delivering = marks.get("delivering", took)
    reading, delivering = marks.get("comparing", delivering) - marks.get("reading", 0), took - delivering
    print(f"{kind}: {took:.2f} s in all, reading {reading:.2f} s, delivering {delivering:.2f} s, "
          f"CPU {cpu:.2f} s, peak {memory:.0f} MiB; sandbox CPU {cpu_of(sandbox) - before:.2f} s, peak {memory_of(sandbox):.0f} MiB; "
          f"{last.get('profiles')} profiles, {last.get('created')} created, exit {exit_code}", flush=True)


def rows_of(ready, token, table):
    """All rows of a table of Dataverse, page after page."""
    url = f"{ready['dataverse_url']}/api/data/v9.2/{table}"
    while url:
        headers = {"Authorization": "Bearer " + token, "Prefer": "odata.maxpagesize=5000"}
        page = json.load(urllib.request.urlopen(urllib.request.Request(url, headers=headers)))
        yield from page["value"]
        url = page.get("@odata.nextLink")


def write_people(ready, folder):
    """Writes the sandbox's people as a folder with segments, and as the tables that Customer Insights writes."""
    token = sign_in(ready, dataverse_scope(ready))["access_token"]
    people, tables = os.path.join(folder, "folder"), os.path.join(folder, "tables")
    os.makedirs(os.path.join(people, "segments"))
    os.makedirs(tables)
    columns = {"msdynci_customerid": "CustomerId", "msdynci_email": "EMail", "msdynci_firstname": "FirstName",
               "msdynci_lastname": "LastName"}
    with open(os.path.join(people, "profiles.csv"), "w", newline="") as profiles, \
            open(os.path.join(tables, "Customer.csv"), "w", newline="") as customers:
        both = [csv.writer(profiles), csv.writer(customers)]
        both[0].writerow(columns.values())
        for row in rows_of(ready, token, "msdynci_customerprofiles?$select=" + ",".join(columns)):
            cells = [row.get(name) or "" for name in columns]
            for out in both:
                out.writerow(cells)
    segments = {}
    with open(os.path.join(tables, "SegmentMembership.csv"), "w") as out:
        for row in rows_of(ready, token, "msdynci_segmentmemberships?$select=msdynci_customerid,msdynci_segments"):
            for name in json.loads(row["msdynci_segments"]):
                out.write(f"{name},{row['msdynci_customerid']}\n")
                segments.setdefault(name, []).append(row["msdynci_customerid"])
    for name, ids in segments.items():
        with open(os.path.join(people, "segments", name + ".csv"), "w") as out:
            out.write("CustomerId\n" + "\n".join(ids) + "\n")

    def entity(name, columns):
        return {"$type": "LocalEntity", "name": name,
                "attributes": [{"name": column, "dataType": "string"} for column in columns],
                "partitions": [{"name": "p", "location": f"https://lake.example/ci/{name}.csv",
                                "fileFormatSettings": {"$type": "CsvFormatSettings"}}]}

    model = {"name": "export", "version": "1.0", "entities": [
        entity("Customer", list(columns.values())), entity("SegmentMembership", ["SegmentId", "CustomerProfileId"])]}
    with open(os.path.join(tables, "model.json"), "w") as out:
        json.dump(model, out)


def people_of(ready, kind, folder):
    """The folder of people of a kind; both are written at once."""
    if not os.path.exists(os.path.join(folder, kind)):
        write_people(ready, folder)
    return os.path.join(folder, kind)


if __name__ == "__main__":
    main()
