"""Drives a sandbox with Mailchimp's own Python client and compares what it finds with what it did.

Needs PyPI `mailchimp-marketing`:

    python vendor_client.py --api http://127.0.0.1:PORT/3.0 --key KEY --audience ID

Leaves the members it made archived and its tags removed. Ends with 1 at the first difference.
"""

import argparse
import hashlib
import sys

import mailchimp_marketing
from mailchimp_marketing.api_client import ApiClientError

BATCH = 500
PAGE = 1000


class Difference(Exception):
    """What was found is not what was expected."""


def same(what, found, expected):
    if found != expected:
        raise Difference(f"{what}: found {found!r}, expected {expected!r}")
    print(f"ok  {what}")


def refused(what, status, call, *args, **kwargs):
    """Expects a problem with a status; gives back its text."""
    try:
        call(*args, **kwargs)
    except ApiClientError as error:
        same(what, error.status_code, status)
        return error.text
    raise Difference(f"{what}: not refused")


def connect(api, key):
    client = mailchimp_marketing.Client()
    client.set_config({"api_key": key, "server": "us1"})
    # After `set_config`: the client replaces the word "server" in its host by the data centre.
    client.api_client.host = api
    return client


def hash_of(email):
    return hashlib.md5(email.lower().encode()).hexdigest()


def address(number):
    return f"vendor.client{number}@example.com"


def read_all(client, audience, **filters):
    members = []
    while True:
        page = client.lists.get_list_members_info(
            audience, count=PAGE, offset=len(members), **filters
        )
        members += page["members"]
        if not page["members"] or len(members) >= page["total_items"]:
            return members


def look_around(client, audience):
    same("ping", client.ping.get(), {"health_status": "Everything's Chimpy!"})
    lists = client.lists.get_all_lists()
    same("audiences", [found["id"] for found in lists["lists"]], [audience])
    same("one audience", client.lists.get_list(audience)["id"], audience)
    fields = client.lists.get_list_merge_fields(audience, count=PAGE)["merge_fields"]
    tags = {field["tag"] for field in fields}
    same("merge fields", {"FNAME", "LNAME", "ADDRESS", "PHONE", "BIRTHDAY"} <= tags, True)


def add_one(client, audience):
    member = client.lists.add_list_member(
        audience,
        {
            "email_address": address(0),
            "status": "subscribed",
            "merge_fields": {"FNAME": "Åsa", "LNAME": "Öberg", "BIRTHDAY": "02/29"},
            "tags": ["Vendor one"],
        },
        skip_merge_validation=True,
    )
    same("added member's id", member["id"], hash_of(address(0)))
    again = {"email_address": address(0), "status": "subscribed"}
    text = refused("adding twice", 400, client.lists.add_list_member, audience, again)
    same("adding twice says so", "Member Exists" in text, True)
    bad = {"merge_fields": {"BIRTHDAY": "1980-02-01"}}
    text = refused(
        "a value that does not fit", 400, client.lists.update_list_member, audience, hash_of(address(0)), bad
    )
    same("the field is named", '"field":"BIRTHDAY"' in text.replace(" ", ""), True)


def batch(client, audience):
    def body(first, **switches):
        members = [
            {
                "email_address": address(number),
                "status_if_new": "subscribed",
                "merge_fields": {"FNAME": first, "LNAME": str(number)},
                "tags": ["Vendor all"] + (["Vendor even"] if number % 2 == 0 else []),
            }
            for number in range(BATCH)
        ]
        return {"members": members, **switches}

    answer = client.lists.batch_list_members(audience, body("First"))
    same("created by a batch", answer["total_created"], BATCH - 1)
    same("existing without update_existing", answer["errors"][0]["error_code"], "ERROR_CONTACT_EXISTS")
    answer = client.lists.batch_list_members(audience, body("Second", update_existing=True))
    same("updated by a batch", (answer["total_updated"], answer["error_count"]), (BATCH, 0))
    over = body("Third")
    over["members"].append({"email_address": address(BATCH), "status_if_new": "subscribed"})
    refused("501 members", 400, client.lists.batch_list_members, audience, over)


def read_back(client, audience):
    ours = {
        member["email_address"]: member
        for member in read_all(client, audience, status="subscribed")
        if member["email_address"].startswith("vendor.client")
    }
    same("members read back", len(ours), BATCH)
    same("merge fields read back", ours[address(7)]["merge_fields"]["FNAME"], "Second")
    names = sorted(tag["name"] for tag in ours[address(0)]["tags"])
    same("tags read back", names, ["Vendor all", "Vendor even", "Vendor one"])
    only = client.lists.get_list_members_info(audience, fields=["total_items"], count=1)
    same("fields are cut", list(only), ["total_items"])


def tag(client, audience):
    found = client.lists.tag_search(audience, name="vendor ")["tags"]
    segments = {tag["name"]: tag["id"] for tag in found}
    same("tags found", sorted(segments), ["Vendor all", "Vendor even", "Vendor one"])
    even = segments["Vendor even"]
    same("members of a tag", client.lists.get_segment(audience, even)["member_count"], BATCH // 2)
    change = {
        "members_to_add": [address(1), "stranger@example.com"],
        "members_to_remove": [address(0), address(2)],
    }
    answer = client.lists.batch_segment_members(change, audience, even)
    same("added and removed", (answer["total_added"], answer["total_removed"]), (1, 2))
    members = client.lists.get_segment_members_list(audience, even, count=PAGE)
    same("members after that", members["total_items"], BATCH // 2 - 1)
    client.lists.update_list_member_tags(
        audience, hash_of(address(0)), {"tags": [{"name": "Vendor one", "status": "inactive"}]}
    )
    tags = client.lists.get_list_member_tags(audience, hash_of(address(0)))["tags"]
    same("tags of one member", [tag["name"] for tag in tags], ["Vendor all"])
    for segment in segments.values():
        client.lists.delete_segment(audience, segment)
    same("tags removed", client.lists.tag_search(audience, name="vendor ")["total_items"], 0)


def opt_out(client, audience):
    key = hash_of(address(3))
    client.lists.update_list_member(audience, key, {"status": "unsubscribed"})
    body = {
        "update_existing": True,
        "members": [{"email_address": address(3), "status_if_new": "subscribed"}],
    }
    client.lists.batch_list_members(audience, body)
    member = client.lists.get_list_member(audience, key)
    same("an opt-out stays one", member["status"], "unsubscribed")
    put = {"email_address": address(3).upper(), "status_if_new": "subscribed"}
    member = client.lists.set_list_member(audience, key, put)
    same("by PUT too", member["status"], "unsubscribed")


def archive(client, audience):
    for number in range(BATCH):
        client.lists.delete_list_member(audience, hash_of(address(number)))
    archived = {
        member["email_address"].lower() for member in read_all(client, audience, status="archived")
    }
    same("archived", {address(number) for number in range(BATCH)} <= archived, True)
    refused("archiving twice", 405, client.lists.delete_list_member, audience, hash_of(address(0)))
    refused("nobody", 404, client.lists.get_list_member, audience, hash_of("nobody@example.com"))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("--api", "--key", "--audience"):
        arguments.add_argument(name, required=True)
    told = arguments.parse_args()
    client = connect(told.api, told.key)
    try:
        for step in (look_around, add_one, batch, read_back, tag, opt_out, archive):
            step(client, told.audience)
        stranger = connect(told.api, "0" * 32 + "-us1")
        refused("a wrong key", 401, stranger.ping.get)
    except (Difference, ApiClientError) as error:
        print(f"DIFFERENT  {getattr(error, 'text', error)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
