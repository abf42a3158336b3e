//! What is sent to the audience: campaigns, and classic automations, which the person who owns the account makes.

use serde::Deserialize;
use serde_json::{Value, json};

use super::audience::Audience;
use super::call::{Answer, Call, Problem};
use super::status::Status;
use crate::sandbox::clock::{self, Seconds};

/// What is, was or will be sent to the audience. Nothing, until a step says so.
#[derive(Debug, Default)]
pub(super) struct Outlook {
    pub(super) campaigns: Vec<Campaign>,
    pub(super) automations: Vec<Automation>,
}

/// A campaign, as a step puts it in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Campaign {
    title: String,
    #[serde(default)]
    subject_line: String,
    /// Without one it is no more than saved.
    send_time: Option<String>,
    /// The audience it goes to, where that is another one.
    list_id: Option<String>,
}

/// A classic automation, as a step puts it in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Automation {
    title: String,
    /// `"welcomeSeries"` starts with whoever joins, `"tagSubscriber"` with whoever gets a tag.
    workflow_type: String,
    /// `"sending"`, `"paused"` or `"save"`.
    status: Option<String>,
    /// The audience it goes to, where that is another one.
    list_id: Option<String>,
}

impl Campaign {
    /// When it was sent; an error if that is no time.
    pub(super) fn sent(&self) -> Result<Option<Seconds>, String> {
        let Some(text) = &self.send_time else {
            return Ok(None);
        };
        let bad = || format!("\"{text}\" is no time");
        clock::parse(text).map(Some).ok_or_else(bad)
    }
}

/// When campaigns were sent to the audience.
pub(super) fn sent_to(audience: &Audience) -> Vec<Seconds> {
    let campaigns = audience.outlook.campaigns.iter();
    let ours = campaigns.filter(|one| one.list_id.as_deref().is_none_or(|id| id == audience.id));
    ours.filter_map(|one| one.sent().unwrap_or_default())
        .collect()
}

/// Lists campaigns.
pub(super) fn campaigns(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let (page, since, before) = (
        call.page()?,
        call.time("since_send_time")?,
        call.time("before_send_time")?,
    );
    let mut found: Vec<(Option<Seconds>, Value)> = Vec::new();
    for (nth, campaign) in audience.outlook.campaigns.iter().enumerate() {
        let sent = campaign.sent().unwrap_or_default();
        let status = if sent.is_some() { "sent" } else { "save" };
        let list = campaign.list_id.as_deref().unwrap_or(&audience.id);
        let asked = fits(call, "list_id", list)
            && fits(call, "status", status)
            && fits(call, "type", "regular");
        // One that was not sent has no time that a span could hold.
        let held = since.is_none_or(|since| sent.is_some_and(|sent| sent >= since))
            && before.is_none_or(|before| sent.is_some_and(|sent| sent <= before));
        if asked && held {
            found.push((sent, show_campaign(audience, campaign, nth, sent, list)));
        }
    }
    if call.text("sort_field") == Some("send_time") {
        found.sort_by_key(|(sent, _)| *sent);
        if call
            .text("sort_dir")
            .is_some_and(|word| word.eq_ignore_ascii_case("desc"))
        {
            found.reverse();
        }
    }
    let total = found.len();
    let shown = found.into_iter().skip(page.offset).take(page.count);
    let shown: Vec<Value> = shown.map(|(_, campaign)| campaign).collect();
    Answer::of(
        call,
        json!({ "campaigns": shown, "total_items": total, "_links": [] }),
    )
}

fn show_campaign(
    audience: &Audience,
    campaign: &Campaign,
    nth: usize,
    sent: Option<Seconds>,
    list: &str,
) -> Value {
    let id = format!("ca{nth:08x}");
    let people = audience.counted(Status::Subscribed);
    let sent_to = if sent.is_some() { people } else { 0 };
    json!({
        "id": id,
        "web_id": 5000 + nth,
        "type": "regular",
        "create_time": clock::iso(audience.created),
        "archive_url": "http://example.com/c",
        "long_archive_url": "http://example.com/campaign",
        "status": if sent.is_some() { "sent" } else { "save" },
        "emails_sent": sent_to,
        // What was not sent has an empty text for a time.
        "send_time": sent.map(clock::iso).unwrap_or_default(),
        "content_type": "template",
        "needs_block_refresh": false,
        "resendable": false,
        "recipients": {
            "list_id": list,
            "list_is_active": true,
            "list_name": if list == audience.id { "Kundklubben" } else { "Another audience" },
            "segment_text": "",
            "recipient_count": sent_to,
        },
        "settings": {
            "subject_line": campaign.subject_line,
            "title": campaign.title,
            "from_name": "Segue Sandbox",
            "reply_to": "owner@example.com",
        },
        "_links": [{ "rel": "self", "href": format!("{}/campaigns/{id}", audience.api), "method": "GET" }],
    })
}

/// Lists classic automations. Customer journeys, their successors, no call lists.
pub(super) fn automations(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let page = call.page()?;
    let all = audience.outlook.automations.iter().enumerate();
    let found: Vec<Value> = all
        .filter(|(_, automation)| fits(call, "status", automation.status()))
        .map(|(nth, automation)| show_automation(audience, automation, nth))
        .collect();
    let total = found.len();
    let shown = found.into_iter().skip(page.offset).take(page.count);
    let shown: Vec<Value> = shown.collect();
    Answer::of(
        call,
        json!({ "automations": shown, "total_items": total, "_links": [] }),
    )
}

impl Automation {
    fn status(&self) -> &str {
        self.status.as_deref().unwrap_or("sending")
    }
}

fn show_automation(audience: &Audience, automation: &Automation, nth: usize) -> Value {
    let id = format!("a0{nth:08x}");
    let list = automation.list_id.as_deref().unwrap_or(&audience.id);
    json!({
        "id": id,
        "create_time": clock::iso(audience.created),
        "start_time": clock::iso(audience.created),
        "status": automation.status(),
        "emails_sent": 0,
        "recipients": {
            "list_id": list,
            "list_is_active": true,
            "list_name": if list == audience.id { "Kundklubben" } else { "Another audience" },
            "store_id": "",
        },
        "settings": { "title": automation.title, "from_name": "Segue Sandbox", "reply_to": "owner@example.com" },
        "trigger_settings": {
            "workflow_type": automation.workflow_type,
            "workflow_title": automation.title,
            "workflow_emails_count": 1,
        },
        "_links": [{ "rel": "self", "href": format!("{}/automations/{id}", audience.api), "method": "GET" }],
    })
}

/// Whether a query asks for this value, or for any.
fn fits(call: &Call<'_>, name: &str, value: &str) -> bool {
    call.text(name)
        .is_none_or(|asked| asked.is_empty() || asked == value)
}
