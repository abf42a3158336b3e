//! What is sent to an audience by others: campaigns, and classic automations. Read, never touched.

use jiff::Timestamp;
use serde::Deserialize;

use super::super::caller::Call;
use super::super::wire::{few, hint, or_empty};
use super::{Mailchimp, PAGE, is_last, next_page};
use crate::deliver::Error;
use crate::domain::AudienceId;

/// A campaign that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// What the account calls it.
    pub title: String,
    /// When it was sent.
    pub sent: Timestamp,
}

/// A classic automation. Its successors, customer journeys, are listed by no call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Automation {
    /// What the account calls it.
    pub title: String,
    /// What starts it, in Mailchimp's word: `welcomeSeries`, `tagSubscriber`, …
    pub workflow: String,
    /// Whether it runs.
    pub sending: bool,
}

/// What starts the automations that people enter by joining an audience, or by getting a tag as they do.
const JOINING: [&str; 5] = [
    "welcomeSeries",
    "singleWelcome",
    "emailSeries",
    "dateAdded",
    "tagSubscriber",
];

impl Automation {
    /// Tells whether whoever is new in the audience enters it, as every contact that a run makes is.
    #[must_use]
    pub fn is_entered_by_new_contacts(&self) -> bool {
        JOINING.contains(&self.workflow.as_str())
    }
}

#[derive(Deserialize)]
struct CampaignsPage {
    #[serde(deserialize_with = "few")]
    campaigns: Vec<WireCampaign>,
    #[serde(default, deserialize_with = "hint")]
    total_items: Option<u64>,
}

#[derive(Deserialize)]
struct WireCampaign {
    #[serde(default, deserialize_with = "or_empty")]
    send_time: String,
    #[serde(default, deserialize_with = "or_empty")]
    settings: Settings,
}

#[derive(Default, Deserialize)]
struct Settings {
    #[serde(default, deserialize_with = "or_empty")]
    title: String,
    #[serde(default, deserialize_with = "or_empty")]
    subject_line: String,
}

#[derive(Deserialize)]
struct AutomationsPage {
    #[serde(deserialize_with = "few")]
    automations: Vec<WireAutomation>,
    #[serde(default, deserialize_with = "hint")]
    total_items: Option<u64>,
}

#[derive(Deserialize)]
struct WireAutomation {
    #[serde(default, deserialize_with = "or_empty")]
    status: String,
    #[serde(default, deserialize_with = "or_empty")]
    recipients: Recipients,
    #[serde(default, deserialize_with = "or_empty")]
    settings: Settings,
    #[serde(default, deserialize_with = "or_empty")]
    trigger_settings: Trigger,
}

#[derive(Default, Deserialize)]
struct Recipients {
    #[serde(default, deserialize_with = "or_empty")]
    list_id: String,
}

#[derive(Default, Deserialize)]
struct Trigger {
    #[serde(default, deserialize_with = "or_empty")]
    workflow_type: String,
}

impl Mailchimp {
    /// Lists the campaigns that were sent to an audience since a time, the earliest first; one without a title goes by its
    /// subject.
    ///
    /// # Errors
    /// As every call.
    pub async fn campaigns_since(
        &self,
        id: &AudienceId,
        since: Timestamp,
    ) -> Result<Vec<Campaign>, Error> {
        let what = "read campaigns";
        let fields = "total_items,campaigns.send_time,campaigns.settings.title,campaigns.settings.subject_line";
        let (mut all, mut seen, mut pages) = (Vec::new(), 0, 0);
        loop {
            let query = [
                ("list_id", id.to_string()),
                ("status", "sent".to_owned()),
                ("since_send_time", format!("{since:.0}")),
                ("sort_field", "send_time".to_owned()),
                ("sort_dir", "ASC".to_owned()),
                ("count", PAGE.to_string()),
                ("offset", seen.to_string()),
                ("fields", fields.to_owned()),
            ];
            let page: CampaignsPage = self
                .caller
                .read(&Call::get(what, "/campaigns", &query))
                .await?;
            let (rows, counted) = (page.campaigns.len() as u64, page.total_items);
            all.extend(page.campaigns.into_iter().filter_map(campaign));
            seen += rows;
            if is_last(rows, seen, counted) {
                return Ok(all);
            }
            pages = next_page(pages, what)?;
        }
    }

    /// Lists the classic automations of an audience, those that do not run too.
    ///
    /// # Errors
    /// As every call.
    pub async fn automations(&self, id: &AudienceId) -> Result<Vec<Automation>, Error> {
        let what = "read automations";
        let fields = "total_items,automations.status,automations.recipients.list_id,automations.settings.title,automations.trigger_settings.workflow_type";
        let (mut all, mut seen, mut pages) = (Vec::new(), 0, 0);
        loop {
            let query = [
                ("count", PAGE.to_string()),
                ("offset", seen.to_string()),
                ("fields", fields.to_owned()),
            ];
            let page: AutomationsPage = self
                .caller
                .read(&Call::get(what, "/automations", &query))
                .await?;
            let (rows, counted) = (page.automations.len() as u64, page.total_items);
            // The service takes no audience to filter by.
            let ours = page.automations.into_iter();
            let ours = ours.filter(|one| one.recipients.list_id == id.as_str());
            all.extend(ours.map(|one| Automation {
                title: one.settings.title,
                workflow: one.trigger_settings.workflow_type,
                sending: one.status == "sending",
            }));
            seen += rows;
            if is_last(rows, seen, counted) {
                return Ok(all);
            }
            pages = next_page(pages, what)?;
        }
    }
}

/// One that has no time was not sent, whatever else is said of it.
fn campaign(one: WireCampaign) -> Option<Campaign> {
    let Settings {
        title,
        subject_line,
    } = one.settings;
    Some(Campaign {
        title: if title.is_empty() {
            subject_line
        } else {
            title
        },
        sent: one.send_time.parse().ok()?,
    })
}
