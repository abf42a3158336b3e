//! Looks whether everything the destination names is there.

use std::collections::HashSet;

use super::super::out::say;
use super::Adding;
use crate::cli::Context;
use crate::cli::context::Failure;
use crate::cli::segments::one_segment;
use crate::deliver::Error as DeliverError;
use crate::domain::{
    AudienceId, Draft, LoginName, MergeField, MergeTag, Segment, SegmentId, Target,
};
use crate::export::{
    Access, AudienceView, Error, LONGEST_TAG, MANY_SEGMENTS, Warning, create_fields, date_orders,
    find_attribute, look_at_audience, missing_fields, sample_addresses,
};
use crate::plan::Unmet;
use crate::source::{Error as SourceError, ServiceError, Source, SqlError};
use crate::words::{Explain, Explanation, Next};

impl Adding<'_> {
    /// Takes the login named, or the one that reaches the audience.
    pub(super) async fn choose_login(&self, draft: &mut Draft) -> Result<Access, Failure> {
        let (context, audience) = (self.context, self.audience_id(draft)?);
        let surroundings = &context.surroundings;
        if let Some(login) = &draft.login {
            return surroundings.access(login).await.map_err(|why| match why {
                // Here the name was typed.
                why @ Error::NoLogin { .. } => self.mistyped("--login", why),
                why => context.failed(why),
            });
        }
        if let Some(saved) = &self.saved {
            let name = saved.name.clone();
            return Err(context.failed(Error::NotConnected { name }));
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
                Err(Failure {
                    exit: 4,
                    explanation: Explanation {
                        what: context.words.text("login-none"),
                        why: String::new(),
                        next: vec![Next::Run("segue login mailchimp --help".to_owned())],
                    },
                })
            }
            (0, None) => Err(self.no_audience(&audience)),
            _ => Err(self.missing("--login")),
        }
    }

    pub async fn open_source(&self, draft: &mut Draft) -> Result<Source, Failure> {
        let spec = draft
            .source
            .as_ref()
            .ok_or_else(|| self.missing("--source"))?;
        let surroundings = &self.context.surroundings;
        if spec.needs_login() && draft.source_login.is_none() {
            let names = surroundings.source_login_names();
            let mut names = names.map_err(|why| self.context.failed(why))?;
            if names.len() > 1 {
                return Err(self.several("--source-login", &names));
            }
            draft.source_login = names.pop();
        }
        let login = draft.source_login.as_ref();
        let opened = surroundings.source(spec, &draft.folder, login).await;
        opened.map_err(|why| match why {
            // What is wrong with a folder was typed; so was an instance that is not there.
            Error::Source(SourceError::Service(ServiceError::NotThere { .. })) => {
                self.mistyped("--source", why)
            }
            Error::Source(ref source)
                if !spec.needs_login() && !source.is_temporary() && !source.needs_sign_in() =>
            {
                self.mistyped(flag_of(source), why)
            }
            Error::NoEngine { .. } => self.mistyped("--source", why),
            Error::NoSourceLogin { login: Some(_), .. } => self.mistyped("--source-login", why),
            why => self.context.failed(why),
        })
    }

    fn mistyped(&self, flag: &str, why: Error) -> Failure {
        let failure = Failure {
            exit: 2,
            ..self.context.failed(why)
        };
        failure.about(flag, &self.context.words)
    }

    pub async fn look_at_audience(
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

    /// Finds every attribute the draft names: exactly, then without case, where that leaves one.
    pub fn match_attributes(&self, draft: &mut Draft, source: &Source) -> Result<(), Failure> {
        let find = |flag: &str, name: &str| {
            find_attribute(name, source.attributes())
                .map(|attribute| attribute.name.clone())
                .map_err(|candidates| {
                    if let Some(why) = source.no_text(name) {
                        return self.mistyped(flag, why.into());
                    }
                    let candidates = candidates.iter().map(|attribute| attribute.name.clone());
                    self.unknown(flag, name, &candidates.collect::<Vec<_>>())
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
        let told = self.flags.dismiss_consent.iter();
        for told in told.map(|text| text.trim()).filter(|text| !text.is_empty()) {
            let attribute = find("--dismiss-consent", told)?;
            let dismissed = draft.consent_dismissed.iter_mut();
            dismissed
                .filter(|one| *one == told)
                .for_each(|one| one.clone_from(&attribute));
        }
        Ok(())
    }

    pub async fn choose_segments(&self, draft: &mut Draft, source: &Source) -> Result<(), Failure> {
        // What is wrong with a folder was typed; a service that does not answer was not.
        let typed = source.folder().is_some();
        let all = source.segments().await.map_err(|why| {
            if typed {
                self.mistyped(flag_of(&why), why.into())
            } else {
                self.context.failed(why)
            }
        })?;
        draft.segments = if self.flags.all_segments {
            self.vouched_for(source, &all).await?
        } else if self.flags.segment.is_empty() {
            self.still_chosen(&draft.segments, &all)?
        } else {
            let named = self.flags.segment.iter();
            let named = named.map(|text| self.one_segment("--segment", text, &all));
            named.collect::<Result<_, _>>()?
        };
        if all.is_empty() && draft.segments.is_empty() {
            let words = &self.context.words;
            let next = Next::Say(words.text("add-no-segments-next"));
            return Err(Failure::usage(words.text("add-no-segments"), next));
        }
        let mut seen = HashSet::new();
        draft
            .segments
            .retain(|segment| seen.insert(segment.id.clone()));
        for segment in draft.segments.iter().filter(|one| !one.state.is_reliable()) {
            self.tell_state("add-segment-not-ready", segment);
        }
        self.name_tags(draft)?;
        if draft.segments.is_empty() {
            Err(self.missing("--segment"))
        } else {
            Ok(())
        }
    }

    /// Finds the segments that were chosen before. One that the source has no more stays chosen, which is a warning: it may
    /// come back, and whoever changes another part need not take it out first.
    fn still_chosen(&self, chosen: &[Segment], all: &[Segment]) -> Result<Vec<Segment>, Failure> {
        let was_saved = |one: &Segment| {
            let mut saved = self.saved.iter().flat_map(|saved| &saved.segments);
            saved.any(|saved| saved.id == one.id)
        };
        let (mut kept, mut gone) = (Vec::new(), Vec::new());
        for one in chosen {
            if was_saved(one) && all.iter().all(|there| there.id != one.id) {
                gone.push(one.label.clone());
                kept.push(one.clone());
            } else {
                kept.push(self.one_segment("--segment", one.id.as_str(), all)?);
            }
        }
        if !gone.is_empty() {
            self.warn(&Warning::GoneSegments(gone));
        }
        Ok(kept)
    }

    fn tell_state(&self, key: &str, segment: &Segment) {
        let words = &self.context.words;
        let args = [
            ("segment", segment.label.as_str().into()),
            ("state", words.segment_state(segment.state).into()),
        ];
        say(&words.with(key, &args));
    }

    /// Leaves out the segments that the source does not vouch for, and says so: a run with them would be refused.
    async fn vouched_for(&self, source: &Source, all: &[Segment]) -> Result<Vec<Segment>, Failure> {
        let ids: Vec<SegmentId> = all.iter().map(|segment| segment.id.clone()).collect();
        let left_out = source.not_ready(&ids).await;
        let left_out = left_out.map_err(|why| self.context.failed(why))?;
        for segment in &left_out {
            self.tell_state("add-segment-left-out", segment);
        }
        let there = |segment: &&Segment| !left_out.iter().any(|one| one.id == segment.id);
        Ok(all.iter().filter(there).cloned().collect())
    }

    pub(super) fn one_segment(
        &self,
        flag: &str,
        text: &str,
        all: &[Segment],
    ) -> Result<Segment, Failure> {
        one_segment((self.command(), flag), text, all, &self.context.words)
    }

    /// Works out the merge fields that the mapping names and the audience lacks, as far as they may be made.
    pub(super) async fn new_fields(
        &self,
        draft: &Draft,
        source: &Source,
        view: &AudienceView,
    ) -> Result<Vec<MergeField>, Failure> {
        let (words, segments) = (&self.context.words, segment_ids(draft));
        let missing = missing_fields(source, &segments, &draft.map, &view.merge_fields).await;
        let missing = missing.map_err(|why| self.context.failed(why))?;
        let too_long = |field: &&MergeField| field.tag.as_str().len() > LONGEST_TAG;
        if let Some(field) = missing.iter().find(too_long) {
            let args = [
                ("tag", field.tag.as_str().into()),
                ("most", LONGEST_TAG.into()),
            ];
            let next = Next::Say(words.text("add-long-tag-next"));
            return Err(Failure::usage(words.with("add-long-tag", &args), next));
        }
        if !missing.is_empty() && !self.flags.create_fields {
            let tags: Vec<&str> = missing.iter().map(|field| field.tag.as_str()).collect();
            let what = words.with("add-no-fields", &[("tags", tags.join(", ").into())]);
            let next = Next::Say(words.text("add-no-fields-next"));
            return Err(Failure::usage(what, next));
        }
        Ok(missing)
    }

    /// Makes merge fields: the last thing before saving, so that an `add` that fails leaves nothing behind.
    pub(super) async fn make_fields(
        &self,
        fields: &[MergeField],
        access: &Access,
        audience: &AudienceId,
    ) -> Result<(), Failure> {
        if fields.is_empty() {
            return Ok(());
        }
        let failed = |why: Error| self.context.failed(why);
        let mailchimp = access.mailchimp().map_err(failed)?;
        let there = create_fields(&mailchimp, audience, fields)
            .await
            .map_err(failed)?;
        for field in fields {
            if !there.iter().any(|one| one.tag == field.tag) {
                let unmet = vec![Unmet::UnknownField(field.tag.clone())];
                return Err(failed(Error::Mapping(unmet)));
            }
            let args = [
                ("tag", field.tag.as_str().into()),
                ("kind", field.kind.as_str().into()),
            ];
            say(&self.context.words.with("add-field-made", &args));
        }
        Ok(())
    }

    /// Refuses a mapping that would reject nearly everybody, run after run.
    pub(super) async fn look_at_addresses(
        &self,
        draft: &Draft,
        source: &Source,
    ) -> Result<(), Failure> {
        let Some(attribute) = draft.map.get(&Target::Email) else {
            return Ok(());
        };
        let found = sample_addresses(source, segment_ids(draft), attribute).await;
        let found = found.map_err(|why| self.context.failed(why))?;
        if self.flags.force || !found.are_few() {
            return Ok(());
        }
        let attribute = attribute.to_owned();
        Err(self.unwise(&Warning::FewAddresses { attribute, found }))
    }

    /// Refuses more segments than anybody has use for as tags, unless so many were allowed, or chosen before.
    pub fn count_segments(&self, draft: &Draft) -> Result<(), Failure> {
        let chooses = self.flags.all_segments || !self.flags.segment.is_empty();
        if self.saved.is_some() && !chooses && self.flags.max_segments.is_none() {
            return Ok(());
        }
        let most = self.flags.max_segments;
        let most = most.map_or(MANY_SEGMENTS, |most| {
            usize::try_from(most).unwrap_or(usize::MAX)
        });
        let (count, column) = (draft.segments.len(), draft.folder.segment_by.clone());
        if count <= most {
            return Ok(());
        }
        Err(self.unwise(&Warning::ManySegments { count, column }))
    }

    fn unwise(&self, warning: &Warning) -> Failure {
        Failure {
            exit: 2,
            explanation: warning.explain(&self.context.words),
        }
    }

    pub(super) async fn decide_dates(
        &self,
        draft: &mut Draft,
        source: &Source,
        view: &AudienceView,
    ) -> Result<(), Failure> {
        // What was said once of a column is not asked again.
        let before = std::mem::take(&mut draft.date_orders);
        let mut of_any = self.flags.date_order.iter().rev();
        let of_any = of_any
            .find(|one| one.field.is_none())
            .and_then(|one| one.order);
        let given = |tag: &MergeTag| before.get(tag).copied().or(of_any);
        let decided = date_orders(source, &draft.map, &view.merge_fields, given).await;
        let (orders, undecided) = decided.map_err(|why| self.context.failed(why))?;
        if let Some(first) = undecided.first() {
            return Err(Failure {
                exit: 2,
                explanation: first.explain(&self.context.words),
            });
        }
        self.refuse_needless_orders(&orders)?;
        draft.date_orders = orders;
        Ok(())
    }
}

/// Names the flag that said what is wrong.
fn flag_of(why: &SourceError) -> &'static str {
    match why {
        SourceError::UnknownSegmentColumn { .. }
        | SourceError::SegmentByNeedsOneFile { .. }
        | SourceError::TooManySegments { .. } => "--segment-by",
        SourceError::UnknownIdColumn { .. }
        | SourceError::Sql(SqlError::NoIdColumn { named: Some(_), .. }) => "--id-column",
        SourceError::BadDelimiter { .. } | SourceError::WrongDelimiter { .. } => "--delimiter",
        SourceError::Sql(SqlError::NoFolder | SqlError::NoQueries(_)) => "--queries",
        _ => "--source",
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

fn segment_ids(draft: &Draft) -> Vec<SegmentId> {
    draft
        .segments
        .iter()
        .map(|segment| segment.id.clone())
        .collect()
}
