//! The account and its one audience.

use serde_json::{Value, json};

use super::audience::Audience;
use super::call::{Answer, Call, Problem};
use super::mailings;
use super::status::Status;
use crate::sandbox::clock;

pub(super) const ACCOUNT: &str = "Segue Sandbox";
pub(super) const ACCOUNT_ID: &str = "5e90e5a4db0c";
pub(super) const EMAIL: &str = "owner@example.com";

pub(super) fn root(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let created = clock::iso(audience.created);
    let answer = json!({
        "account_id": ACCOUNT_ID,
        "login_id": "1",
        "account_name": ACCOUNT,
        "email": EMAIL,
        "first_name": "Sandra",
        "last_name": "Box",
        "username": "sandbox",
        "avatar_url": "",
        "role": "owner",
        "member_since": created,
        "pricing_plan_type": "monthly",
        "first_payment": created,
        "account_timezone": "UTC",
        "account_industry": "Software and Web App",
        "contact": {
            "company": ACCOUNT, "addr1": "Storgatan 1", "addr2": "", "city": "Stockholm",
            "state": "Stockholm", "zip": "11122", "country": "SE",
        },
        "pro_enabled": false,
        "last_login": created,
        "total_subscribers": audience.counted(Status::Subscribed),
        "industry_stats": { "open_rate": 0.2, "bounce_rate": 0.01, "click_rate": 0.02 },
        "_links": [{ "rel": "self", "href": format!("{}/", audience.api), "method": "GET" }],
    });
    Answer::of(call, answer)
}

pub(super) fn ping(_: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    Answer::of(call, json!({ "health_status": "Everything's Chimpy!" }))
}

pub(super) fn lists(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let page = call.page()?;
    // With an address given: the audiences that hold it.
    let holds = call
        .text("email")
        .is_none_or(|email| audience.named(email).is_some());
    let total = usize::from(holds);
    let lists: Vec<Value> = (page.offset..total)
        .take(page.count)
        .map(|_| show(audience, call))
        .collect();
    let answer = json!({
        "lists": lists,
        "total_items": total,
        "constraints": { "may_create": false, "max_instances": 1, "current_total_instances": 1 },
        "_links": [{ "rel": "self", "href": format!("{}/lists", audience.api), "method": "GET" }],
    });
    Answer::of(call, answer)
}

pub(super) fn list(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let answer = show(audience, call);
    Answer::of(call, answer)
}

fn show(audience: &Audience, call: &Call<'_>) -> Value {
    let href = format!("{}/lists/{}", audience.api, audience.id);
    let mut list = json!({
        "id": audience.id,
        "web_id": 4201,
        "name": "Kundklubben",
        "contact": {
            "company": ACCOUNT, "address1": "Storgatan 1", "address2": "", "city": "Stockholm",
            "state": "Stockholm", "zip": "11122", "country": "SE", "phone": "",
        },
        "permission_reminder": "You signed up in our shop.",
        "use_archive_bar": true,
        "campaign_defaults": {
            "from_name": ACCOUNT, "from_email": EMAIL, "subject": "", "language": "sv",
        },
        "notify_on_subscribe": "",
        "notify_on_unsubscribe": "",
        "date_created": clock::iso(audience.created),
        "list_rating": 0,
        "email_type_option": false,
        "subscribe_url_short": "http://example.com/s",
        "subscribe_url_long": "http://example.com/subscribe",
        "beamer_address": "sandbox@example.com",
        "visibility": "prv",
        "double_optin": false,
        "has_welcome": false,
        "marketing_permissions": false,
        "modules": [],
        "stats": stats(audience),
        "_links": [{ "rel": "self", "href": href, "method": "GET" }],
    });
    if call.flag("include_total_contacts") {
        let total: u32 = audience.count.iter().sum();
        let contacts =
            total - audience.counted(Status::Forgotten) - audience.counted(Status::Archived);
        list["stats"]["total_contacts"] = contacts.into();
    }
    list
}

fn stats(audience: &Audience) -> Value {
    let sent = mailings::sent_to(audience);
    let mut stats = json!({
        "member_count": audience.counted(Status::Subscribed),
        "unsubscribe_count": audience.counted(Status::Unsubscribed),
        "cleaned_count": audience.counted(Status::Cleaned),
        "member_count_since_send": 0,
        "unsubscribe_count_since_send": 0,
        "cleaned_count_since_send": 0,
        "campaign_count": sent.len(),
        "merge_field_count": audience.fields.len(),
        "avg_sub_rate": 0,
        "avg_unsub_rate": 0,
        "target_sub_rate": 0,
        "open_rate": 0,
        "click_rate": 0,
        "last_sub_date": clock::iso(audience.created),
        "last_unsub_date": clock::iso(audience.created),
    });
    if let Some(last) = sent.into_iter().max() {
        stats["campaign_last_sent"] = clock::iso(last).into();
    }
    stats
}
