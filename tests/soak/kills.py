"""Kills the real program at random moments while it exports, does what others do meanwhile, and compares the audience with
what it should be.

    python3 kills.py SEGUE [--profiles 2000] [--kills 100] [--seed 1] [--faults KIND=RATE,…]

A small model says who must be in the audience with which values and tags, and who must not have been touched. Ends with 1
at the first difference; the seed and the kill are named, and the same seed tries the same again.
"""

import argparse
import gc
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

SEGMENTS = ["Gold", "Silver", "Bronze", "Steel"]


class Difference(Exception):
    """The audience is not what it should be."""


class Sandbox:
    def __init__(self, segue, faults, seed):
        flags = [part for fault in faults for part in ("--fault", fault)]
        command = [segue, "sandbox", "--empty", "--seed", str(seed), *flags]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())
        self.base = self.ready["mailchimp_api"].removesuffix("/3.0")
        self.audience = self.ready["audience_id"]

    def get(self, path):
        with urllib.request.urlopen(self.base + path) as answer:
            return answer.read().decode()

    def steps(self, steps):
        url = f"{self.base}/sandbox/audiences/{self.audience}/steps"
        body = json.dumps(steps).encode()
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        urllib.request.urlopen(request).read()

    def members(self):
        lines = self.get(f"/sandbox/audiences/{self.audience}/members").splitlines()
        return {one["email_address"].lower(): one for one in map(json.loads, lines)}

    def environment(self, home):
        return {
            **os.environ,
            "SEGUE_HOME": home,
            "SEGUE_MAILCHIMP_TOKEN": self.ready["mailchimp_api_key"],
            "SEGUE_MAILCHIMP_API_URL": self.ready["mailchimp_api"],
            "SEGUE_MAILCHIMP_LOGIN_URL": self.ready["mailchimp_login"],
        }


class Model:
    """People as the source has them, and who said no in the audience."""

    def __init__(self, dice, count):
        self.dice = dice
        self.people = {at: self.person(at) for at in range(count)}
        self.said_no = set()
        self.next = count

    def person(self, at):
        return {"name": f"First{self.dice.randrange(50)}", "tier": self.dice.choice(SEGMENTS)}

    def change(self):
        """Some people leave, come, change."""
        for at in self.dice.sample(sorted(self.people), k=max(1, len(self.people) // 20)):
            what = self.dice.randrange(3)
            if what == 0:
                del self.people[at]
            elif what == 1:
                self.people[at] = self.person(at)
            else:
                self.people[self.next] = self.person(self.next)
                self.next += 1

    def write(self, path):
        with open(path, "w", encoding="utf-8") as file:
            file.write("id,email,first,tier\n")
            for at, person in sorted(self.people.items()):
                file.write(f"P{at:07},p{at}@x.example,{person['name']},{person['tier']}\n")


def tags(member):
    return sorted(tag if isinstance(tag, str) else tag["name"] for tag in member["tags"])


def compare(model, members):
    for at, person in model.people.items():
        address = f"p{at}@x.example"
        member = members.get(address)
        if address in model.said_no:
            if member and member["status"] == "subscribed":
                raise Difference(f"{address} said no and is subscribed")
            continue
        if member is None:
            raise Difference(f"{address} is not in the audience")
        found = (member["status"], member["merge_fields"].get("FNAME"), tags(member))
        right = ("subscribed", person["name"], [person["tier"]])
        if found != right:
            raise Difference(f"{address}: found {found}, expected {right}")
    for address, member in members.items():
        at = int(address[1 : address.index("@")])
        if at not in model.people and address not in model.said_no and tags(member):
            raise Difference(f"{address} left and has {tags(member)}")


def run(segue, environment, kill_after=None):
    command = [segue, "run", "--json", "Soak", "--max-removals", "100", "--allow-shrink"]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    if kill_after is not None:
        try:
            out, _ = process.communicate(timeout=kill_after)
            return json.loads(out.splitlines()[-1])
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return None
    out, err = process.communicate(timeout=1200)
    ended = json.loads(out.splitlines()[-1])
    if ended["exit"] not in (0, 3):
        raise Difference(f"exit {ended['exit']}: {err}")
    sums = ("created", "updated", "unchanged", "suppressed", "rejected", "merged", "remaining")
    if ended["profiles"] != sum(ended[key] for key in sums):
        raise Difference(f"the sum does not hold: {ended}")
    if ended["statuses_raised"]:
        raise Difference(f"statuses were raised: {ended}")
    return ended


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("segue")
    parser.add_argument("--profiles", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", default="drop-after=0.02,429=0.02,500=0.02")
    args = parser.parse_args()
    dice = random.Random(args.seed)
    # Members by the hundred thousand hold no circles, and looking for some takes longer than all else here.
    gc.disable()
    place = tempfile.mkdtemp()
    sandbox = Sandbox(args.segue, [one for one in args.faults.split(",") if one], args.seed)
    try:
        source = os.path.join(place, "people.csv")
        model = Model(dice, args.profiles)
        model.write(source)
        environment = sandbox.environment(os.path.join(place, "home"))
        add = [args.segue, "add", "--name", "Soak", "--accept-privacy", "--audience", sandbox.audience]
        add += ["--source", f"folder:{source}", "--segment-by", "tier", "--all-segments"]
        add += ["--map", "email=email", "--map", "FNAME=first", "--status-if-new", "subscribed"]
        subprocess.run(add, env=environment, check=True, capture_output=True)
        # The first delivery takes longest: it is killed in its middle, too.
        killed, took = 0, max(1.0, args.profiles / 4000)
        while killed < args.kills:
            # Some are killed at once, most in the middle.
            begun = time.monotonic()
            if run(args.segue, environment, dice.random() * took) is None:
                killed += 1
            else:
                # It was through before: the next one has something to do, and as long as this one to do it.
                took = max(0.3, time.monotonic() - begun)
                model.change()
                model.write(source)
            if dice.randrange(3) == 0:
                present = [one for one, member in sandbox.members().items() if member["status"] == "subscribed"]
                for address in dice.sample(present, k=min(3, len(present))):
                    sandbox.steps({"unsubscribe": address})
                    model.said_no.add(address)
            if killed % 5 == 0 or killed == args.kills:
                begun = time.monotonic()
                ended = run(args.segue, environment)
                took = max(0.3, time.monotonic() - begun)
                compare(model, sandbox.members())
                print(f"{killed} kills: as it should be; {ended['unchanged']} unchanged, {ended['writes']} writes", flush=True)
                model.change()
                model.write(source)
        stats = json.loads(sandbox.get("/sandbox/stats"))
        if stats["statuses_raised"]:
            raise Difference(f"the sandbox saw statuses raised: {stats['statuses_raised']}")
        print(f"ok: {killed} kills, seed {args.seed}")
    except Difference as difference:
        print(f"seed {args.seed}: {difference}; see {place}", file=sys.stderr)
        sandbox.process.kill()
        sys.exit(1)
    sandbox.process.kill()
    shutil.rmtree(place)


if __name__ == "__main__":
    main()
