use std::time::Duration;

use crate::domain::{
    AddressPart, AudienceId, Destination, LoginName, MergeField, NewStatus, OnLeave, RemovedTag,
    SourceSpec, Status, Target,
};
use crate::export::{Asker, Counters, Forecast, Phase, Progress, Together};

use super::Words;

/// The first calls say nothing about the rate: tags are made, and one call is tried out before the others go.
const LEAST_MEASURED: (Duration, u64) = (Duration::from_secs(2), 200);
/// After this time a slow rate is not a slow beginning.
const SURELY_MEASURED: Duration = Duration::from_secs(20);
/// The merge fields that every audience begins with: tag, Mailchimp's name for it, ours.
const USUAL: [(&str, &str, &str); 3] = [
    ("FNAME", "First Name", "target-first-name"),
    ("LNAME", "Last Name", "target-last-name"),
    ("ADDRESS", "Address", "target-address"),
];

/// What a destination's parts are called, wherever they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Label {
    /// The name the user chose.
    DisplayName,
    /// The agreement to data leaving.
    Privacy,
    /// The audience's identifier.
    AudienceId,
    /// The saved login.
    Login,
    /// The service that it was saved with.
    Service,
    /// Where profiles come from.
    Source,
    /// The saved login of the export user.
    SourceLogin,
    /// What was said about a folder.
    Files,
    /// Which attribute fills what.
    DataMatching,
    /// The segments exported.
    Segments,
    /// What new people get.
    StatusIfNew,
    /// The attribute that tells whether a person agreed.
    ConsentAttribute,
    /// The attributes that look like consent and are none.
    ConsentDismissed,
    /// What happens to tags of people who left a segment.
    OnLeave,
    /// Tags that are given no more.
    RemovedTags,
    /// Whether tags that existed before are used.
    AdoptTags,
    /// Whether an empty value clears the merge field.
    ClearEmpty,
    /// The most profiles a run may export.
    MaxProfiles,
    /// When it is exported by itself.
    Schedule,
    /// When the destination was made.
    Created,
}

impl Words {
    /// Says that a service asks us to wait.
    #[must_use]
    pub fn asked_to_wait(&self, asker: Asker, pause: Duration) -> String {
        let who = match asker {
            Asker::Mailchimp => "mailchimp",
            Asker::Dataverse => "dataverse",
            Asker::Insights => "insights",
        };
        let time = self.duration(pause);
        let args = [("who", who.into()), ("time", time.into())];
        self.with("run-asked-to-wait", &args)
    }

    /// Says how long a run still takes, as a range: the rate of the last seconds says little about the next minutes. Empty
    /// where that is not known.
    #[must_use]
    pub fn time_left(&self, progress: &Progress) -> String {
        let (done, total) = progress.done();
        let rate = progress.rate();
        let rest = total.saturating_sub(done);
        let (time, profiles) = progress.measured();
        let known = time >= LEAST_MEASURED.0 && profiles >= LEAST_MEASURED.1;
        if rest == 0 || rate <= 0.0 || !(known || time >= SURELY_MEASURED) {
            return String::new();
        }
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let seconds = rest as f64 / rate;
        let time = |factor: f64| {
            self.duration(Duration::try_from_secs_f64(seconds * factor).unwrap_or_default())
        };
        let args = [("from", time(0.8).into()), ("to", time(1.3).into())];
        self.with("ui-pane-left", &args)
    }

    /// Says in a sentence how far a run is.
    #[must_use]
    pub fn progress(&self, progress: &Progress) -> String {
        let (done, total) = progress.done();
        let left = self.time_left(progress);
        let more = if left.is_empty() { "none" } else { "some" };
        let counters = &progress.counters;
        let args = [
            ("done", done.into()),
            ("total", total.into()),
            ("time", left.into()),
            ("more", more.into()),
            ("suppressed", counters.suppressed.into()),
            ("rejected", counters.rejected.into()),
            ("left", counters.left.into()),
        ];
        match progress.phase {
            Some(Phase::Queued) => {
                let holder = progress.holder.clone().unwrap_or_default();
                self.with("run-queued", &[("holder", holder.into())])
            }
            Some(Phase::Waiting) => self.text("run-waiting"),
            None | Some(Phase::Reading) => self.with("run-reading", &args),
            Some(Phase::Comparing) => self.with("run-comparing", &args),
            Some(Phase::Undoing) => self.with("run-undoing", &args),
            Some(Phase::Delivering) => self.with("run-delivering", &args),
        }
    }

    /// Says in a sentence what an export would come to.
    #[must_use]
    pub fn totals(&self, would: &Counters) -> String {
        let args = [
            ("profiles", would.profiles.into()),
            ("created", would.created.into()),
            ("updated", would.updated.into()),
            ("unchanged", would.unchanged.into()),
            ("suppressed", would.suppressed.into()),
            ("rejected", would.rejected.into()),
            ("merged", would.merged.into()),
        ];
        self.with("check-totals", &args)
    }

    /// Says how many different people some segments hold together.
    #[must_use]
    pub fn together(&self, together: Together) -> String {
        let args = [
            ("people", together.people.into()),
            ("memberships", together.memberships.into()),
        ];
        self.with("segments-together", &args)
    }

    /// Says what a run would take.
    #[must_use]
    pub fn forecast(&self, run: &Forecast) -> String {
        let [least, most] = run
            .seconds
            .map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default());
        let args = [
            ("calls", run.calls.into()),
            ("time", self.between(least, most).into()),
        ];
        self.with("check-forecast", &args)
    }

    /// Names a part of a destination.
    #[must_use]
    pub fn label(&self, label: Label) -> String {
        self.text(match label {
            Label::DisplayName => "label-display-name",
            Label::Privacy => "label-privacy",
            Label::AudienceId => "label-audience-id",
            Label::Login => "label-login",
            Label::Service => "label-service",
            Label::Source => "label-source",
            Label::SourceLogin => "label-source-login",
            Label::Files => "label-files",
            Label::DataMatching => "label-data-matching",
            Label::Segments => "label-segments",
            Label::StatusIfNew => "label-status-if-new",
            Label::ConsentAttribute => "label-consent-attribute",
            Label::ConsentDismissed => "label-consent-dismissed",
            Label::OnLeave => "label-on-leave",
            Label::RemovedTags => "label-removed-tags",
            Label::AdoptTags => "label-adopt-tags",
            Label::ClearEmpty => "label-clear-empty",
            Label::MaxProfiles => "label-max-profiles",
            Label::Schedule => "label-schedule",
            Label::Created => "label-created",
        })
    }

    /// Names what an attribute fills; merge fields that have no name of ours keep their tag.
    #[must_use]
    pub fn target(&self, target: &Target) -> String {
        self.target_among(target, &[])
    }

    /// Names what an attribute fills as Mailchimp does, where the merge fields of the audience are known.
    #[must_use]
    pub fn target_among(&self, target: &Target, fields: &[MergeField]) -> String {
        let (tag, part) = match target {
            Target::Email => return self.text("target-email"),
            Target::Language => return self.text("target-language"),
            Target::Field(tag) => (tag, None),
            Target::Address(tag, part) => (tag, Some(*part)),
        };
        let mut fields = fields.iter();
        let field = fields.find(|field| field.tag == *tag);
        let mut usual = USUAL.iter();
        let usual = usual.find(|(usual, ..)| *usual == tag.as_str());
        // What Mailchimp itself calls its first fields has a name in each of our languages.
        let given = field.map(|field| field.name.trim());
        let given = given
            .filter(|name| !name.is_empty() && *name != tag.as_str())
            .filter(|name| usual.is_none_or(|(_, theirs, _)| name != theirs));
        let name = match (given, usual) {
            (Some(name), _) => name.to_owned(),
            (None, Some((.., key))) => self.text(key),
            (None, None) => tag.to_string(),
        };
        match part {
            Some(part) => format!("{name} · {}", self.address_part(part)),
            None => name,
        }
    }

    pub(super) fn address_part(&self, part: AddressPart) -> String {
        self.text(match part {
            AddressPart::Addr1 => "address-street",
            AddressPart::Addr2 => "address-second",
            AddressPart::City => "address-city",
            AddressPart::State => "address-state",
            AddressPart::Zip => "address-zip",
            AddressPart::Country => "address-country",
        })
    }

    /// Names the status of a contact.
    #[must_use]
    pub fn status(&self, status: Status) -> String {
        self.text(match status {
            Status::Subscribed => "status-subscribed",
            Status::Unsubscribed => "status-unsubscribed",
            Status::Cleaned => "status-cleaned",
            Status::Pending => "status-pending",
            Status::Transactional => "status-transactional",
            Status::Archived => "status-archived",
        })
    }

    /// Names the status chosen for new people.
    #[must_use]
    pub fn new_status(&self, status: NewStatus) -> String {
        self.status(status.into())
    }

    /// Names the login that a destination is connected with.
    #[must_use]
    pub fn connection(&self, login: Option<&LoginName>) -> String {
        login.map_or_else(|| self.text("no-connection"), ToString::to_string)
    }

    /// Names the logins that a destination goes by: that of the audience, then that of the source.
    #[must_use]
    pub fn connections(&self, destination: &Destination) -> String {
        let reader = destination.source_login.as_ref();
        let reads = reader.is_some() || destination.source.needs_login();
        let mut both = vec![self.connection(destination.login.as_ref())];
        both.extend(reads.then(|| self.connection(reader)));
        // That neither is there need not be said twice.
        both.dedup();
        both.join(" · ")
    }

    /// Names the type of a source.
    #[must_use]
    pub fn source_type(&self, source: &SourceSpec) -> String {
        self.text(match source {
            SourceSpec::Folder(_) => "home-source-folder",
            SourceSpec::Dataverse(_) => "home-source-dataverse",
            SourceSpec::Insights(_) => "home-source-insights",
            SourceSpec::Sql(_) => "home-source-sql",
        })
    }

    /// Says what happens to the tag of a person who left a segment.
    #[must_use]
    pub fn removed_tag(&self, what: RemovedTag) -> String {
        self.text(match what {
            RemovedTag::Asked => "removed-tag-asked",
            RemovedTag::Untag => "removed-tag-untag",
            RemovedTag::Keep => "removed-tag-keep",
        })
    }

    /// Names what happens to a tag when a profile leaves its segment.
    #[must_use]
    pub fn on_leave(&self, on_leave: OnLeave) -> String {
        self.text(match on_leave {
            OnLeave::Untag => "on-leave-untag",
            OnLeave::Keep => "on-leave-keep",
        })
    }

    /// Says where in Mailchimp the exported segments are found.
    #[must_use]
    pub fn find_segments(&self, link: &str) -> String {
        self.with("run-find-segments", &[("link", link.into())])
    }

    /// Says that people have to be archived again, though the destination is gone that made them anew.
    #[must_use]
    pub fn owed(&self, count: usize, audience: &AudienceId) -> String {
        let args = [
            ("count", count.into()),
            ("audience", audience.as_str().into()),
        ];
        self.with("remove-owed", &args)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Lang;
    use super::{Label, Words};
    use crate::domain::{AddressPart, MergeField, MergeTag, NewField};
    use crate::export::{Counters, Phase, Progress};

    #[test]
    fn how_far_a_run_is_is_a_sentence_without_what_is_nothing() {
        let words = [Lang::En, Lang::Sv].map(Words::new);
        let told = |phase: Phase, change: &dyn Fn(&mut Progress)| {
            let mut progress = Progress::default();
            change(&mut progress);
            progress.phase = Some(phase);
            words.each_ref().map(|words| words.progress(&progress))
        };
        let reading = told(Phase::Reading, &|_| {});
        assert_eq!(reading, ["Reading the profiles …", "Läser profilerna …"]);
        let reading = told(Phase::Reading, &|progress| progress.rows = 1200);
        assert_eq!(reading[0], "Reading the profiles: 1,200 so far …");
        let comparing = told(Phase::Comparing, &|progress| progress.compared = (1, 1));
        assert_eq!(
            comparing[0],
            "Comparing with the audience: 1 of 1 contact …"
        );
        let sending = told(Phase::Delivering, &|progress| {
            progress.counters = Counters {
                profiles: 4664,
                created: 1200,
                ..Counters::default()
            };
        });
        assert_eq!(
            sending,
            [
                "Sending to Mailchimp: 1,200 of 4,664 profiles are done",
                "Skickar till Mailchimp: 1\u{a0}200 av 4\u{a0}664 profiler är klara"
            ]
        );
        let sending = told(Phase::Delivering, &|progress| {
            progress.counters = Counters {
                profiles: 9,
                created: 5,
                suppressed: 1,
                rejected: 2,
                ..Counters::default()
            };
        });
        assert_eq!(
            sending,
            [
                "Sending to Mailchimp: 8 of 9 profiles are done; 1 suppressed, 2 rejected",
                "Skickar till Mailchimp: 8 av 9 profiler är klara; 1 undantagen, 2 avvisade"
            ]
        );
    }

    #[test]
    fn a_merge_field_is_called_as_in_mailchimp_and_each_part_of_an_address_by_its_own_name() {
        let words = Words::new(Lang::En);
        let field = |tag: &str, name: &str| {
            let tag = MergeTag::parse(tag).expect("a tag");
            let text = NewField::text(tag);
            MergeField {
                name: name.to_owned(),
                ..text.into()
            }
        };
        let fields = [
            field("FNAME", "First Name"),
            field("LNAME", "Family name"),
            field("ADDRESS", "Home"),
            field("SHOESIZE", "Shoe size"),
            field("EMPTY", " "),
            field("ADDRESS2", "ADDRESS2"),
        ];
        let named = |text: &str| words.target_among(&text.parse().expect("a target"), &fields);
        assert_eq!(named("FNAME"), "First name");
        assert_eq!(named("LNAME"), "Family name");
        assert_eq!(named("SHOESIZE"), "Shoe size");
        assert_eq!(named("EMPTY"), "EMPTY");
        assert_eq!(named("ADDRESS2.zip"), "ADDRESS2 · Postal code");
        let parts = AddressPart::ALL.map(|part| named(&format!("ADDRESS.{}", part.as_str())));
        assert_eq!(parts[2], "Home · City");
        let apart: std::collections::BTreeSet<_> = parts.iter().collect();
        assert_eq!(apart.len(), parts.len());
    }

    #[test]
    fn swedish_uses_the_documented_labels() {
        let words = Words::new(Lang::Sv);
        let label = |label| words.label(label);
        assert_eq!(label(Label::DisplayName), "Visningsnamn");
        assert_eq!(label(Label::Privacy), "Datasekretess och regelefterlevnad");
        assert_eq!(label(Label::AudienceId), "Målgrupps-ID");
        assert_eq!(label(Label::DataMatching), "Datamatchning");
        assert_eq!(label(Label::Segments), "Segment");
        let target = |text: &str| words.target(&text.parse().expect("a target"));
        assert_eq!(target("email"), "E-post");
        assert_eq!(target("FNAME"), "Förnamn");
        assert_eq!(target("lname"), "Efternamn");
        assert_eq!(target("ADDRESS.city"), "Adress · Ort");
        assert_eq!(target("SHOP.zip"), "SHOP · Postnummer");
        assert_eq!(target("SHOESIZE"), "SHOESIZE");
    }
}
