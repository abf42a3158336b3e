"""The rival: what one writes in an afternoon with Mailchimp's own Python client, the csv module and ten threads.

usage: rival.py PEOPLE.csv API KEY AUDIENCE     (needs a python3 with `mailchimp-marketing`)

Creates the people of the file, 500 a call, and tells how many there are now and what it took: this process alone. It has
no memory of what it sent, no journal and no way back; whoever is there already is an error to it.
"""
import csv
import json
import resource
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import mailchimp_marketing

THREADS, MEMBERS = 10, 500


def member(row):
    return {
        "email_address": row["EMail"],
        "status": "subscribed",
        "merge_fields": {"FNAME": row["FirstName"], "LNAME": row["LastName"]},
        "tags": [row["Tier"]],
    }


def main():
    people, api, key, audience = sys.argv[1:]
    client = mailchimp_marketing.Client()
    client.set_config({"api_key": key, "server": "us1"})
    # After `set_config`: the client replaces the word "server" in its host by the data centre.
    client.api_client.host = api
    # Bounded, or the whole file would wait in memory.
    free = threading.Semaphore(2 * THREADS)

    def send(members):
        try:
            answer = client.lists.batch_list_members(audience, {"members": members, "update_existing": False})
            created = sum(one["status"] == "subscribed" and "@" in one["email_address"] for one in answer["new_members"])
            return created, len(answer["errors"])
        finally:
            free.release()

    began, sent = time.monotonic(), []
    with open(people, encoding="utf-8", newline="") as file, ThreadPoolExecutor(THREADS) as threads:
        members = map(member, csv.DictReader(file))
        while batch := list(islice(members, MEMBERS)):
            free.acquire()
            sent.append(threads.submit(send, batch))
    results = [one.result() for one in sent]
    took, used = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        "created": sum(created for created, _ in results), "errors": sum(errors for _, errors in results),
        "calls": len(results), "wall": round(took, 2), "cpu": round(used.ru_utime + used.ru_stime, 2),
        "peak_mib": used.ru_maxrss // 1024,
    }))


main()
