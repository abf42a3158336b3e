//! Starts the destination from flags and file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::super::out::say;
use super::Adding;
use super::carried::read;
use crate::cli::args::DateOrderOf;
use crate::cli::context::Failure;
use crate::domain::{
    Agreement, AudienceId, ConsentRule, Destination, DestinationName, Draft, FolderOptions,
    Mapping, MaxProfiles, MergeTag, Segment, SourceSpec, Target, Typed,
};
use crate::words::Next;

/// How a source is written.
const SPECS: &str = "folder:PATH, dataverse:URL, insights:INSTANCE-ID, sql:LOGIN";

impl Adding<'_> {
    /// Has the flags win over what it starts from.
    pub fn draft(&self) -> Result<Draft, Failure> {
        let flags = &self.flags;
        let mut draft = self.begun()?;
        draft.name = flags.name.clone().map_or(draft.name, Typed::from);
        draft.audience = flags.audience.clone().map_or(draft.audience, Typed::from);
        if let Some(text) = &flags.source {
            let spec = text
                .parse()
                .map_err(|_why| self.invalid("--source", text, SPECS))?;
            draft.source = Some(spec);
        }
        draft.source = draft.source.map(absolute);
        if let Some(text) = &flags.source_login {
            draft.source_login = Some(self.context.login_name("--source-login", text)?);
        }
        if let Some(text) = &flags.login {
            draft.login = Some(self.context.login_name("--login", text)?);
        }
        draft.folder = FolderOptions {
            layout: flags.layout.unwrap_or(draft.folder.layout),
            segment_by: said(flags.segment_by.as_ref()).unwrap_or(draft.folder.segment_by),
            id_column: said(flags.id_column.as_ref()).unwrap_or(draft.folder.id_column),
            delimiter: flags.delimiter.unwrap_or(draft.folder.delimiter),
            queries: queries(flags.queries.as_deref()).unwrap_or(draft.folder.queries),
            // What the queries give is looked at anew.
            columns: BTreeMap::new(),
        };
        self.refuse_flags_of_other_sources(&draft)?;
        self.refuse_fields_mapped_twice()?;
        self.map(&mut draft)?;
        self.ask_for_consent(&mut draft)?;
        draft.status_if_new = flags.status_if_new.or(draft.status_if_new);
        draft.on_leave = flags.on_leave.unwrap_or(draft.on_leave);
        draft.adopt_tags = flags.adopt_tags.unwrap_or(draft.adopt_tags);
        draft.clear_empty = flags.clear_empty.unwrap_or(draft.clear_empty);
        draft.max_profiles = flags.max_profiles.map_or(draft.max_profiles, MaxProfiles);
        draft.agreement = if flags.accept_privacy {
            let user = &self.context.surroundings.user;
            Some(self.context.words.agreement(user, Timestamp::now()))
        } else {
            self.saved
                .as_ref()
                .and_then(|saved| still_agreed(saved, &draft))
        };
        Ok(draft)
    }

    /// Fills fields with attributes. What was said of the order of dates was said of the attribute.
    fn map(&self, draft: &mut Draft) -> Result<(), Failure> {
        let before = draft.map.clone();
        for text in &self.flags.map {
            let (target, attribute) = text
                .split_once('=')
                .ok_or_else(|| self.invalid("--map", text, "FIELD=ATTRIBUTE"))?;
            let targets = "email, language, FNAME, ADDRESS.city";
            let target = target.parse::<Target>();
            let target = target.map_err(|_why| self.invalid("--map", text, targets))?;
            draft.map.remove(&target);
            if !attribute.trim().is_empty() {
                draft.map.set(target, attribute.trim());
            }
        }
        let filled = |map: &Mapping, tag: &MergeTag| {
            let attribute = map.get(&Target::Field(tag.clone()));
            attribute.map(str::to_lowercase)
        };
        let map = &draft.map;
        draft
            .date_orders
            .retain(|tag, _| filled(map, tag) == filled(&before, tag));
        for DateOrderOf { field, order } in &self.flags.date_order {
            match (field, order) {
                (Some(tag), Some(order)) => draft.date_orders.insert(tag.clone(), *order),
                (Some(tag), None) => draft.date_orders.remove(tag),
                // Which other fields hold dates the audience tells.
                (None, order) => {
                    let said = draft.date_orders.values_mut();
                    said.for_each(|said| *said = order.unwrap_or(*said));
                    None
                }
            };
        }
        Ok(())
    }

    fn ask_for_consent(&self, draft: &mut Draft) -> Result<(), Failure> {
        let flags = &self.flags;
        let starts = self.saved.is_some() || flags.from.is_some();
        match flags.consent_attribute.as_deref().map(str::trim) {
            Some("") if starts => draft.consent_attribute = None,
            Some(text) => {
                let rule = text.parse::<ConsentRule>();
                draft.consent_attribute =
                    Some(rule.map_err(|why| self.context.mistyped("--consent-attribute", &why))?);
            }
            None => {}
        }
        // A file may hold what the flag does not take.
        let consent = draft.consent_attribute.as_ref();
        if let Some(rule) = consent.filter(|rule| rule.is_ambiguous()) {
            return Err(self.context.mistyped("--consent-attribute", rule));
        }
        for attribute in &flags.dismiss_consent {
            let dismissed = &mut draft.consent_dismissed;
            match attribute.trim() {
                "" => dismissed.clear(),
                attribute if dismissed.iter().any(|one| one == attribute) => {}
                attribute => dismissed.push(attribute.to_owned()),
            }
        }
        Ok(())
    }

    /// Starts from the TOML file, if there is one, else from the destination that is changed.
    fn begun(&self) -> Result<Draft, Failure> {
        let mut draft = match &self.flags.from {
            Some(path) => self.read_file(path)?,
            None => self.saved.clone().map(Draft::from).unwrap_or_default(),
        };
        if let Some(saved) = &self.saved {
            if draft.name.trim().is_empty() {
                draft.name = saved.name.as_str().into();
            }
            draft.login = draft.login.or_else(|| saved.login.clone());
            draft.created_at = Some(saved.created_at);
            for (tag, what) in &saved.removed_tags {
                draft.removed_tags.entry(tag.clone()).or_insert(*what);
            }
            draft.id = Some(saved.id());
        }
        Ok(draft)
    }

    pub(super) fn read_file(&self, path: &Path) -> Result<Draft, Failure> {
        let text = self.text(path)?;
        read(&text).map_err(|why| self.bad_file(path, &why.to_string()))
    }

    /// Reads the text of the TOML file.
    pub(super) fn text(&self, path: &Path) -> Result<String, Failure> {
        std::fs::read_to_string(path).map_err(|why| self.bad_file(path, &why.to_string()))
    }

    fn bad_file(&self, path: &Path, why: &str) -> Failure {
        let args = [
            ("path", path.display().to_string().into()),
            ("why", why.into()),
        ];
        let failure = Failure::usage(self.context.words.with("add-bad-file", &args), None);
        failure.about("--from", &self.context.words)
    }

    /// Names the first flag that is missing, before anything is looked at.
    pub(super) fn need(&self, draft: &Draft) -> Result<(), Failure> {
        if draft.name.trim().is_empty() {
            return Err(self.missing("--name"));
        }
        self.check_name(draft)?;
        match self.lacking(draft) {
            None => Ok(()),
            Some(flag) => {
                if draft.agreement.is_none() {
                    say(&self.context.words.consent_text());
                }
                Err(self.missing(flag))
            }
        }
    }

    /// Refuses a name that cannot be one, or that another destination has.
    pub fn check_name(&self, draft: &Draft) -> Result<(), Failure> {
        let name = DestinationName::parse(&draft.name);
        name.map_err(|why| self.context.mistyped("--name", &why))?;
        let saved = self.context.destinations()?;
        let others =
            |other: &&Destination| self.saved.as_ref().map(Destination::id) != Some(other.id());
        let mut others = saved.iter().filter(others);
        if others.any(|other| other.name.matches(&draft.name)) {
            let what = self
                .context
                .words
                .with("add-name-taken", &[("name", draft.name.as_str().into())]);
            let failure = Failure::usage(what, Next::Run("segue list".to_owned()));
            return Err(failure.about("--name", &self.context.words));
        }
        Ok(())
    }

    /// Names the first flag without which there is no destination.
    pub(super) fn lacking(&self, draft: &Draft) -> Option<&'static str> {
        let segments =
            self.flags.all_segments || !self.flags.segment.is_empty() || !draft.segments.is_empty();
        let needs = [
            (!draft.name.trim().is_empty(), "--name"),
            (draft.agreement.is_some(), "--accept-privacy"),
            (!draft.audience.trim().is_empty(), "--audience"),
            (draft.source.is_some(), "--source"),
            (
                draft.map.get(&Target::Email).is_some(),
                "--map email=ATTRIBUTE",
            ),
            (segments, "--segment"),
            (draft.status_if_new.is_some(), "--status-if-new"),
        ];
        needs
            .into_iter()
            .find(|(there, _)| !there)
            .map(|(_, flag)| flag)
    }

    /// Without asking anyone: segments are what the user calls them.
    pub(super) fn take_on_trust(&self, draft: &mut Draft) -> Result<(), Failure> {
        self.refuse_orders_of_unmapped(draft)?;
        if draft.login.is_none() && self.saved.is_none() {
            let names = self
                .context
                .surroundings
                .login_names()
                .map_err(|why| self.context.failed(why))?;
            draft.login = match names.as_slice() {
                [one] => Some(one.clone()),
                _ => return Err(self.missing("--login")),
            };
        }
        if self.flags.all_segments {
            // Only the source knows which there are.
            return Err(self.missing("--segment"));
        }
        if !self.flags.segment.is_empty() {
            let named = |text: &String| Segment::new(text.clone(), text.clone());
            draft.segments = self.flags.segment.iter().map(named).collect();
        }
        if self.flags.date_order.iter().any(|one| one.field.is_none()) {
            return Err(self.missing("--date-order FIELD=ORDER"));
        }
        self.name_tags(draft)
    }

    /// Gives the tags of segments other names; an empty one is the segment's own again.
    pub fn name_tags(&self, draft: &mut Draft) -> Result<(), Failure> {
        for text in &self.flags.tag {
            let named = |(at, _)| (self.one_segment("--tag", &text[..at], &draft.segments), at);
            let mut tried = text.match_indices('=').map(named);
            // The name of a segment may hold the sign too.
            let (segment, at) = match tried.next() {
                None => return Err(self.invalid("--tag", text, "SEGMENT=TAG")),
                Some((Err(why), at)) => {
                    let later = tried.find_map(|(segment, at)| Some((segment.ok()?, at)));
                    later.map_or((Err(why), at), |(segment, at)| (Ok(segment), at))
                }
                Some(first) => first,
            };
            let (segment, tag) = (segment?.id, &text[at + 1..]);
            match tag.trim() {
                "" => draft.tags.remove(&segment),
                tag => draft.tags.insert(segment, tag.to_owned()),
            };
        }
        Ok(())
    }
}

/// What was agreed to, as long as data goes from the same source to the same audience.
fn still_agreed(saved: &Destination, draft: &Draft) -> Option<Agreement> {
    let same = draft.source.as_ref() == Some(&saved.source)
        && AudienceId::parse(&draft.audience).as_ref() == Some(&saved.audience);
    saved.agreement.clone().filter(|_| same)
}

/// What a flag says of a part that may be left out: an empty value takes it away.
#[expect(clippy::option_option, reason = "not said, or said that there is none")]
fn said(flag: Option<&String>) -> Option<Option<String>> {
    flag.map(|text| Some(text.clone()).filter(|text| !text.is_empty()))
}

/// What a flag says of the folder of queries, which is found from cron too; an empty path takes it away.
#[expect(clippy::option_option, reason = "not said, or said that there is none")]
fn queries(flag: Option<&Path>) -> Option<Option<PathBuf>> {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    flag.map(|path| (!path.as_os_str().is_empty()).then(|| absolute(path)))
}

/// A source is found from cron too, wherever that starts.
fn absolute(spec: SourceSpec) -> SourceSpec {
    match spec {
        SourceSpec::Folder(path) => SourceSpec::Folder(std::path::absolute(&path).unwrap_or(path)),
        service => service,
    }
}
