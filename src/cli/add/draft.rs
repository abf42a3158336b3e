//! Starts the destination from flags and file.

use std::path::Path;

use jiff::Timestamp;

use super::super::out::say;

use super::Adding;
use super::from_toml::read;
use crate::cli::context::Failure;
use crate::domain::{
    Agreement, AudienceId, ConsentRule, Destination, DestinationName, Draft, FolderOptions,
    MaxProfiles, Segment, SegmentId, SourceSpec, Target, Typed,
};
use crate::words::{Explain, Next};

/// How a source is written.
const SPECS: &str = "folder:PATH, dataverse:URL, insights:INSTANCE-ID";

impl Adding<'_> {
    /// Has the flags win over what it starts from.
    pub(super) fn draft(&self) -> Result<Draft, Failure> {
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
            draft.source_login = Some(self.context.login_name(text)?);
        }
        if let Some(text) = &flags.login {
            draft.login = Some(self.context.login_name(text)?);
        }
        draft.folder = FolderOptions {
            layout: draft.folder.layout,
            segment_by: flags.segment_by.clone().or(draft.folder.segment_by),
            id_column: flags.id_column.clone().or(draft.folder.id_column),
            delimiter: flags.delimiter.or(draft.folder.delimiter),
        };
        for text in &flags.map {
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
        let consent = flags.consent_attribute.as_deref().map(str::trim);
        if consent == Some("") && self.saved.is_some() {
            draft.consent_attribute = None;
        } else if let Some(text) = consent {
            let rule = text.parse::<ConsentRule>();
            draft.consent_attribute = Some(rule.map_err(|why| self.refused(&why))?);
        }
        // A file may hold what the flag does not take.
        let consent = draft.consent_attribute.as_ref();
        if let Some(rule) = consent.filter(|rule| rule.is_ambiguous()) {
            return Err(self.refused(rule));
        }
        draft.status_if_new = flags.status_if_new.or(draft.status_if_new);
        draft.on_leave = flags.on_leave.unwrap_or(draft.on_leave);
        draft.adopt_tags |= flags.adopt_tags;
        draft.max_profiles = flags.max_profiles.map_or(draft.max_profiles, MaxProfiles);
        draft.agreement = if flags.accept_privacy {
            let user = &self.context.surroundings.user;
            Some(self.context.words.agreement(user, Timestamp::now()))
        } else {
            self.saved
                .as_ref()
                .and_then(|saved| still_agreed(saved, &draft))
        };
        self.need(&draft)?;
        Ok(draft)
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

    fn refused(&self, why: &impl Explain) -> Failure {
        Failure {
            exit: 2,
            explanation: why.explain(&self.context.words),
        }
    }

    pub(super) fn read_file(&self, path: &Path) -> Result<Draft, Failure> {
        let failed = |why: String| {
            let args = [
                ("path", path.display().to_string().into()),
                ("why", why.into()),
            ];
            Failure::usage(self.context.words.with("add-bad-file", &args), None)
        };
        let text = std::fs::read_to_string(path).map_err(|why| failed(why.to_string()))?;
        read(&text).map_err(|why| failed(why.to_string()))
    }

    /// Names the first flag that is missing, before anything is looked at.
    pub(super) fn need(&self, draft: &Draft) -> Result<(), Failure> {
        if draft.name.trim().is_empty() {
            return Err(self.missing("--name"));
        }
        DestinationName::parse(&draft.name).map_err(|why| Failure {
            exit: 2,
            explanation: why.explain(&self.context.words),
        })?;
        let saved = self.context.destinations()?;
        let others =
            |other: &&Destination| self.saved.as_ref().map(Destination::id) != Some(other.id());
        let mut others = saved.iter().filter(others);
        if others.any(|other| other.name.matches(&draft.name)) {
            let what = self
                .context
                .words
                .with("add-name-taken", &[("name", draft.name.as_str().into())]);
            return Err(Failure::usage(what, Next::Run("segue list".to_owned())));
        }
        if draft.agreement.is_none() {
            say(&self.context.words.consent_text());
            return Err(self.missing("--accept-privacy"));
        }
        let segments =
            self.flags.all_segments || !self.flags.segment.is_empty() || !draft.segments.is_empty();
        let needs = [
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
            .map_or(Ok(()), |(_, flag)| Err(self.missing(flag)))
    }

    /// Without asking anyone: segments are what the user calls them.
    pub(super) fn take_on_trust(&self, draft: &mut Draft) -> Result<(), Failure> {
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
        for text in &self.flags.tag {
            let (segment, tag) = text
                .split_once('=')
                .ok_or_else(|| self.invalid("--tag", text, "SEGMENT=TAG"))?;
            draft
                .tags
                .insert(SegmentId::new(segment.trim()), tag.trim().to_owned());
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

/// A source is found from cron too, wherever that starts.
fn absolute(spec: SourceSpec) -> SourceSpec {
    match spec {
        SourceSpec::Folder(path) => SourceSpec::Folder(std::path::absolute(&path).unwrap_or(path)),
        service => service,
    }
}
