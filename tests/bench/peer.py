"""Compares an audience, read by Mailchimp's own client, with the people that were exported to it.

usage: peer.py PEOPLE.csv ENDED.json API KEY AUDIENCE
"""
import csv
import json
import sys

import mailchimp_marketing

people, ended, api, key, audience = sys.argv[1:]
client = mailchimp_marketing.Client()
client.set_config({"api_key": key, "server": "us1"})
client.api_client.host = api

with open(people, encoding="utf-8-sig", newline="") as file:
    rows = list(csv.DictReader(file))
expected = {}
for row in rows:
    if row["Email Subscriber"] == "Yes":
        month, day, _year = row["DateOfBirth"].split("/")
        fields = (row["FirstName"], row["LastName"], f"{int(month):02}/{int(day):02}")
        expected[row["EMail"].lower()] = (fields, [row["Loyalty Tier"]])

found, offset = {}, 0
while True:
    page = client.lists.get_list_members_info(audience, count=1000, offset=offset)
    for member in page["members"]:
        tags = [tag["name"] for tag in member["tags"]]
        if set(tags) & {"high", "medium", "low"}:
            merge = member["merge_fields"]
            fields = (merge["FNAME"], merge["LNAME"], merge["BIRTHDAY"])
            found[member["email_address"].lower()] = (fields, tags)
            assert member["status"] == "subscribed", member
    offset += 1000
    if offset >= page["total_items"]:
        break

counters = json.load(open(ended))
assert found == expected, [item for item in expected.items() if found.get(item[0]) != item[1]][:3]
assert counters["created"] == len(expected), counters
assert counters["reasons"] == {"no_consent": len(rows) - len(expected)}, counters
assert counters["exit"] == 0 and counters["statuses_raised"] == 0, counters
tags = {tag["name"] for tag in client.lists.tag_search(audience)["tags"]}
assert {"high", "medium", "low"} <= tags, tags
print(f"{len(found)} members, merge fields and tags as expected")
