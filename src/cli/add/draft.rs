//! Starts the destination from flags and file.

use std::path::Path;

use jiff::Timestamp;

use super::super::out::say;
use super::Adding;
use super::from_toml::read;
use crate::cli::context::Failure;
use crate::domain::{
    Agreement, ConsentRule, DestinationName, Draft, FolderOptions, MaxProfiles, Segment, SegmentId,
    SourceSpec, Target, Typed,
};
use crate::words::{Explain, Next, agreement_hash};

/// How a source is written.
const SPECS: &str = "folder:PATH, dataverse:URL, insights:INSTANCE-ID";

impl Adding<'_> {
    /// Starts from the TOML file, if there is one; flags win over it.
    pub(super) fn draft(&self) -> Result<Draft, Failure> {
        let flags = &self.flags;
        let mut draft = match &flags.from {
            Some(path) => self.read_file(path)?,
            None => Draft::default(),
        };
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
            let target: Target = target.parse().map_err(|_why| {
                self.invalid("--map", text, "email, language, FNAME, ADDRESS.city")
            })?;
            draft.map.set(target, attribute.trim());
        }
        if let Some(text) = &flags.consent_attribute {
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
        if flags.accept_privacy {
            draft.agreement = Some(self.agreement());
        }
        self.need(&draft)?;
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

    /// The user agrees now, whatever a file says: a copied file is nobody's "I agree".
    pub(super) fn agreement(&self) -> Agreement {
        let words = &self.context.words;
        Agreement {
            at: Timestamp::now(),
            user: self.context.surroundings.user.clone(),
            language: words.lang().as_str().to_owned(),
            text_sha256: agreement_hash(&words.consent_text()),
        }
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
        if saved.iter().any(|saved| saved.name.matches(&draft.name)) {
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
        if draft.login.is_none() {
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

/// A source is found from cron too, wherever that starts.
fn absolute(spec: SourceSpec) -> SourceSpec {
    match spec {
        SourceSpec::Folder(path) => SourceSpec::Folder(std::path::absolute(&path).unwrap_or(path)),
        service => service,
    }
}
