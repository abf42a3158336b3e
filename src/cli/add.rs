//! Saves a destination from flags or a TOML file, after looking whether everything it names is there.

use std::path::Path;

use jiff::Timestamp;

use super::Context;
use super::args::AddFlags;
use super::context::{Failure, print, print_json};
use crate::deliver::Error as DeliverError;
use crate::domain::{
    Agreement, AudienceId, ConsentRule, Destination, Draft, FieldKind, FolderOptions, LoginName,
    MergeTag, Segment, SegmentId, Semantic, SourceSpec, Target,
};
use crate::export::{
    Access, AudienceView, Chosen, Error, Guard, choose_segments, date_orders, find_attribute,
    look_at_audience, warnings,
};
use crate::plan::Rules;
use crate::source::Source;
use crate::store::{Destinations, Ledger};
use crate::words::{Explain, Next, agreement_hash};

/// Saves a destination and prints its name.
pub(super) async fn run(context: &Context, flags: AddFlags) -> Result<u8, Failure> {
    let destination = add(context, flags).await?;
    if context.json {
        print_json(&destination);
    } else {
        print(destination.name.as_str());
    }
    Ok(0)
}

/// Makes a destination of the flags and saves it.
pub(super) async fn add(context: &Context, flags: AddFlags) -> Result<Destination, Failure> {
    let adding = Adding { context, flags };
    let mut draft = adding.draft()?;
    if adding.flags.offline {
        adding.take_on_trust(&mut draft)?;
        let destination = adding.finish(draft)?;
        return adding.save(destination);
    }
    let access = adding.choose_login(&mut draft).await?;
    let source = adding.open_source(&draft).await?;
    let mut view = adding.look_at_audience(&mut draft, &access).await?;
    adding.match_attributes(&mut draft, &source)?;
    adding.choose_segments(&mut draft, &source).await?;
    adding
        .create_fields(&draft, &source, &access, &mut view)
        .await?;
    adding.decide_dates(&mut draft, &source, &view).await?;
    let destination = adding.finish(draft)?;
    Rules::new(&destination, &view.merge_fields).map_err(|unmet| Failure {
        exit: 2,
        ..context.failed(Error::Mapping(unmet))
    })?;
    adding.guard_tags(&destination, &view)?;
    for warning in warnings(&destination, &source, &view) {
        let sentence = context.words.warning(&warning);
        eprintln!(
            "{}",
            context
                .words
                .with("command-warning", &[("warning", sentence.into())])
        );
    }
    adding.save(destination)
}

struct Adding<'a> {
    context: &'a Context,
    flags: AddFlags,
}

impl Adding<'_> {
    fn missing(&self, flag: &str) -> Failure {
        let what = self
            .context
            .words
            .with("usage-missing", &[("argument", flag.into())]);
        Failure::usage(what, Next::Run("segue add --help".to_owned()))
    }

    fn invalid(&self, flag: &str, value: &str, possible: &str) -> Failure {
        let args = [
            ("value", value.into()),
            ("argument", flag.into()),
            ("possible", possible.to_owned().into()),
        ];
        Failure::usage(self.context.words.with("usage-invalid-value", &args), None)
    }

    /// Starts from the TOML file, if there is one; flags win over it.
    fn draft(&self) -> Result<Draft, Failure> {
        let flags = &self.flags;
        let mut draft = match &flags.from {
            Some(path) => self.from_file(path)?,
            None => Draft::default(),
        };
        draft.name = flags.name.clone().unwrap_or(draft.name);
        draft.audience = flags.audience.clone().unwrap_or(draft.audience);
        if let Some(text) = &flags.source {
            let spec = text
                .parse()
                .map_err(|_why| self.invalid("--source", text, "folder:PATH"))?;
            draft.source = Some(spec);
        }
        draft.source = draft.source.map(absolute);
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
            let rule: ConsentRule = text.parse().map_err(|_why| {
                self.invalid("--consent-attribute", text, "[!]ATTRIBUTE[=VALUE,…]")
            })?;
            draft.consent_attribute = Some(rule);
        }
        draft.status_if_new = flags.status_if_new.or(draft.status_if_new);
        draft.on_leave = flags.on_leave.unwrap_or(draft.on_leave);
        draft.adopt_tags |= flags.adopt_tags;
        draft.max_profiles = flags.max_profiles.or(draft.max_profiles);
        if flags.accept_privacy {
            draft.agreement = Some(self.agreement());
        }
        self.need(&draft)?;
        Ok(draft)
    }

    fn from_file(&self, path: &Path) -> Result<Draft, Failure> {
        let failed = |why: String| {
            let args = [
                ("path", path.display().to_string().into()),
                ("why", why.into()),
            ];
            Failure::usage(self.context.words.with("add-bad-file", &args), None)
        };
        let text = std::fs::read_to_string(path).map_err(|why| failed(why.to_string()))?;
        super::from_toml::read(&text).map_err(|why| failed(why.to_string()))
    }

    /// The user agrees now, whatever a file says: a copied file is nobody's "I agree".
    fn agreement(&self) -> Agreement {
        let words = &self.context.words;
        Agreement {
            at: Timestamp::now(),
            user: self.context.surroundings.user.clone(),
            language: words.lang().as_str().to_owned(),
            text_sha256: agreement_hash(&words.consent_text()),
        }
    }

    /// Names the first flag that is missing, before anything is looked at.
    fn need(&self, draft: &Draft) -> Result<(), Failure> {
        if draft.name.trim().is_empty() {
            return Err(self.missing("--name"));
        }
        crate::domain::DestinationName::parse(&draft.name).map_err(|why| Failure {
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
            eprintln!("{}", self.context.words.consent_text());
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

    fn audience_id(&self, draft: &Draft) -> Result<AudienceId, Failure> {
        AudienceId::parse(&draft.audience)
            .ok_or_else(|| self.invalid("--audience", &draft.audience, "a1b2c3d4e5"))
    }

    /// Takes the login named, or the one that reaches the audience.
    async fn choose_login(&self, draft: &mut Draft) -> Result<Access, Failure> {
        let (context, audience) = (self.context, self.audience_id(draft)?);
        let surroundings = &context.surroundings;
        if let Some(login) = &draft.login {
            return surroundings
                .access(login)
                .await
                .map_err(|why| context.failed(why));
        }
        let names = surroundings
            .login_names()
            .map_err(|why| context.failed(why))?;
        let (mut reaching, mut first_failure): (Vec<(LoginName, Access)>, _) = (Vec::new(), None);
        for name in names {
            match reach(context, &name, &audience).await {
                Ok(access) => reaching.extend(access.map(|access| (name, access))),
                Err(why) => first_failure = first_failure.or(Some(why)),
            }
        }
        match (reaching.len(), first_failure) {
            (1, _) => {
                let (name, access) = reaching.remove(0);
                draft.login = Some(name);
                Ok(access)
            }
            (0, Some(why)) => Err(context.failed(why)),
            (0, None)
                if surroundings
                    .login_names()
                    .is_ok_and(|names| names.is_empty()) =>
            {
                Err(context.failed(Error::NoLogin {
                    login: String::new(),
                }))
            }
            (0, None) => Err(self.no_audience(&audience)),
            _ => Err(self.missing("--login")),
        }
    }

    fn no_audience(&self, audience: &AudienceId) -> Failure {
        let what = self
            .context
            .words
            .with("add-no-audience", &[("audience", audience.as_str().into())]);
        Failure::usage(
            what,
            Next::Say(self.context.words.text("add-no-audience-next")),
        )
    }

    async fn open_source(&self, draft: &Draft) -> Result<Source, Failure> {
        let spec = draft
            .source
            .as_ref()
            .ok_or_else(|| self.missing("--source"))?;
        let opened = Source::open(spec, &draft.folder).await;
        opened.map_err(|why| Failure {
            exit: 2,
            ..self.context.failed(why)
        })
    }

    async fn look_at_audience(
        &self,
        draft: &mut Draft,
        access: &Access,
    ) -> Result<AudienceView, Failure> {
        let id = self.audience_id(draft)?;
        let mailchimp = access.mailchimp().map_err(|why| self.context.failed(why))?;
        match look_at_audience(&mailchimp, &id).await {
            Ok(view) => {
                draft.audience_name.clone_from(&view.audience.name);
                Ok(view)
            }
            Err(Error::Deliver(DeliverError::NotFound { .. })) => Err(self.no_audience(&id)),
            Err(why) => Err(self.context.failed(why)),
        }
    }

    /// Finds every attribute the draft names: exactly, then without case.
    fn match_attributes(&self, draft: &mut Draft, source: &Source) -> Result<(), Failure> {
        let find = |flag: &str, name: &str| {
            find_attribute(name, source.attributes())
                .map(|attribute| attribute.name.clone())
                .ok_or_else(|| {
                    let all: Vec<&str> = source
                        .attributes()
                        .iter()
                        .map(|attribute| attribute.name.as_str())
                        .collect();
                    self.invalid(flag, name, &all.join(", "))
                })
        };
        let mapped: Vec<(Target, String)> = draft
            .map
            .iter()
            .map(|(target, name)| (target.clone(), name.to_owned()))
            .collect();
        for (target, name) in mapped {
            draft.map.set(target, find("--map", &name)?);
        }
        if let Some(rule) = &mut draft.consent_attribute {
            rule.attribute = find("--consent-attribute", &rule.attribute)?;
        }
        Ok(())
    }

    async fn choose_segments(&self, draft: &mut Draft, source: &Source) -> Result<(), Failure> {
        let all = source.segments().await.map_err(|why| Failure {
            exit: 2,
            ..self.context.failed(why)
        })?;
        let named: Vec<String> = if self.flags.segment.is_empty() {
            draft
                .segments
                .iter()
                .map(|segment| segment.id.as_str().to_owned())
                .collect()
        } else {
            self.flags.segment.clone()
        };
        draft.segments = if self.flags.all_segments {
            all.clone()
        } else {
            named
                .iter()
                .map(|text| self.one_segment(text, &all))
                .collect::<Result<Vec<_>, _>>()?
        };
        draft.segments.dedup_by(|a, b| a.id == b.id);
        for text in &self.flags.tag {
            let (segment, tag) = text
                .split_once('=')
                .ok_or_else(|| self.invalid("--tag", text, "SEGMENT=TAG"))?;
            let segment = self.one_segment(segment, &draft.segments)?;
            draft.tags.insert(segment.id, tag.trim().to_owned());
        }
        if draft.segments.is_empty() {
            Err(self.missing("--segment"))
        } else {
            Ok(())
        }
    }

    fn one_segment(&self, text: &str, all: &[Segment]) -> Result<Segment, Failure> {
        let listed = |segments: &[Segment]| {
            let named = segments
                .iter()
                .map(|segment| match segment.id.as_str() == segment.label {
                    true => segment.label.clone(),
                    false => format!("{} ({})", segment.id.as_str(), segment.label),
                });
            named.collect::<Vec<_>>().join(", ")
        };
        match choose_segments(text, all) {
            Chosen::One(segment) => Ok(segment),
            Chosen::None => Err(self.invalid("--segment", text, &listed(all))),
            Chosen::Many(several) => Err(self.invalid("--segment", text, &listed(&several))),
        }
    }

    /// Makes the merge fields that the mapping names and the audience lacks.
    async fn create_fields(
        &self,
        draft: &Draft,
        source: &Source,
        access: &Access,
        view: &mut AudienceView,
    ) -> Result<(), Failure> {
        let known = |tag: &MergeTag| view.merge_fields.iter().any(|field| field.tag == *tag);
        let missing: Vec<MergeTag> = draft
            .map
            .tags()
            .into_iter()
            .filter(|tag| !known(tag))
            .cloned()
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        if !self.flags.create_fields {
            let tags: Vec<&str> = missing.iter().map(MergeTag::as_str).collect();
            let what = self
                .context
                .words
                .with("add-no-fields", &[("tags", tags.join(", ").into())]);
            return Err(Failure::usage(
                what,
                Next::Say(self.context.words.text("add-no-fields-next")),
            ));
        }
        let failed = |why: Error| self.context.failed(why);
        let mailchimp = access.mailchimp().map_err(failed)?;
        for tag in missing {
            let (kind, name) = guess_field(&tag, draft, source);
            let made = mailchimp
                .create_merge_field(&view.audience.id, &tag, &name, kind)
                .await;
            made.map_err(|why| failed(why.into()))?;
            let kind = serde_json::to_value(kind)
                .ok()
                .and_then(|kind| kind.as_str().map(str::to_owned));
            let args = [
                ("tag", tag.as_str().into()),
                ("kind", kind.unwrap_or_default().into()),
            ];
            eprintln!("{}", self.context.words.with("add-field-made", &args));
        }
        view.merge_fields = mailchimp
            .merge_fields(&view.audience.id)
            .await
            .map_err(|why| failed(why.into()))?;
        Ok(())
    }

    async fn decide_dates(
        &self,
        draft: &mut Draft,
        source: &Source,
        view: &AudienceView,
    ) -> Result<(), Failure> {
        let decided = date_orders(
            source,
            &draft.map,
            &view.merge_fields,
            self.flags.date_order,
        )
        .await;
        let (orders, undecided) = decided.map_err(|why| self.context.failed(why))?;
        if let Some(first) = undecided.first() {
            return Err(Failure {
                exit: 2,
                explanation: first.explain(&self.context.words),
            });
        }
        draft.date_orders = orders;
        Ok(())
    }

    /// Refuses tags that others made, before a run would (rule 4).
    fn guard_tags(&self, destination: &Destination, view: &AudienceView) -> Result<(), Failure> {
        if destination.adopt_tags {
            return Ok(());
        }
        let home = &self.context.surroundings.home;
        let ledger =
            Ledger::open(home, &destination.audience).map_err(|why| self.context.failed(why))?;
        let mut foreign = Vec::new();
        for tag in destination
            .segments
            .iter()
            .map(|segment| destination.tag_of(segment))
        {
            let there = view
                .tags
                .iter()
                .any(|held| held.trim().to_lowercase() == tag.to_lowercase());
            if there && !ledger.owns(&tag).map_err(|why| self.context.failed(why))? {
                foreign.push(tag);
            }
        }
        if foreign.is_empty() {
            return Ok(());
        }
        let explanation = Guard::ForeignTags(foreign).explain(&self.context.words);
        Err(Failure {
            exit: 2,
            explanation,
        })
    }

    /// Without asking anyone: segments are what the user calls them.
    fn take_on_trust(&self, draft: &mut Draft) -> Result<(), Failure> {
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
            let named = |text: &String| Segment {
                id: SegmentId::new(text),
                label: text.clone(),
                count: None,
            };
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

    fn finish(&self, draft: Draft) -> Result<Destination, Failure> {
        self.audience_id(&draft)?;
        draft.finish(Timestamp::now()).map_err(|gaps| Failure {
            exit: 2,
            explanation: gaps[..].explain(&self.context.words),
        })
    }

    fn save(&self, destination: Destination) -> Result<Destination, Failure> {
        let saved = Destinations::of(&self.context.surroundings.home).save(&destination, None);
        saved.map_err(|why| self.context.failed(why))?;
        Ok(destination)
    }
}

/// Tries whether a login reaches the audience; `None` when its account has no such audience.
async fn reach(
    context: &Context,
    name: &LoginName,
    audience: &AudienceId,
) -> Result<Option<Access>, Error> {
    let access = context.surroundings.access(name).await?;
    match access.mailchimp()?.audience(audience).await {
        Ok(_) => Ok(Some(access)),
        Err(DeliverError::NotFound { .. }) => Ok(None),
        Err(why) => Err(why.into()),
    }
}

/// A source is found from cron too, wherever that starts.
fn absolute(spec: SourceSpec) -> SourceSpec {
    match spec {
        SourceSpec::Folder(path) => SourceSpec::Folder(std::path::absolute(&path).unwrap_or(path)),
    }
}

fn guess_field(tag: &MergeTag, draft: &Draft, source: &Source) -> (FieldKind, String) {
    let parts = draft
        .map
        .iter()
        .any(|(target, _)| matches!(target, Target::Address(mapped, _) if mapped == tag));
    let attribute = draft.map.get(&Target::Field(tag.clone()));
    let attribute = attribute.and_then(|name| find_attribute(name, source.attributes()));
    let kind = match attribute {
        _ if parts => FieldKind::Address,
        Some(attribute) if attribute.semantic == Some(Semantic::Phone) => FieldKind::Phone,
        Some(attribute) if attribute.semantic == Some(Semantic::Birthday) => FieldKind::Birthday,
        Some(attribute) if looks_numeric(&attribute.samples) => FieldKind::Number,
        _ => FieldKind::Text,
    };
    (
        kind,
        attribute.map_or_else(|| tag.to_string(), |attribute| attribute.name.clone()),
    )
}

fn looks_numeric(samples: &[String]) -> bool {
    !samples.is_empty()
        && samples
            .iter()
            .all(|sample| sample.trim().parse::<f64>().is_ok_and(f64::is_finite))
}
