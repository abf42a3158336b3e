//! What the wizard knows besides the answers, and what its steps are given.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::msg::{Looked, Outbox, Question, Wait};
use super::{Fact, Step, segments};
use crate::domain::{
    Audience, AudienceId, Destination, Draft, FolderOptions, LoginName, MergeField, SourceSpec,
    spoken,
};
use crate::export::{AudienceView, Overlap, SourceSignIn};
use crate::source::Source;
use crate::store::Login;
use crate::words::Words;

/// What the wizard learnt so far from outside.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Saved logins.
    pub logins: Vec<Login>,
    /// Logins that can be used.
    pub usable: Vec<LoginName>,
    /// Names that other destinations have.
    pub taken: Vec<String>,
    /// The destination as it is saved, where people may have its tags.
    pub saved: Option<Destination>,
    /// The account's audiences.
    pub audiences: Wait<Vec<Audience>>,
    /// The chosen audience.
    pub view: Wait<Box<AudienceView>>,
    /// Which audience was looked at, in whose name.
    pub viewed: Option<(LoginName, AudienceId)>,
    /// Whose audiences were listed.
    pub listed: Option<LoginName>,
    /// The source.
    pub source: Wait<Box<Looked>>,
    /// What was looked at.
    pub looked: Option<Wanted>,
    /// Who shares which segments of the source, where that is told without a long wait.
    pub overlap: Wait<Overlap>,
    /// The saved logins of export users, and what each was made for.
    pub users: Vec<(LoginName, SourceSignIn)>,
}

/// A source, how its files are understood, and in whose name it is read.
pub(super) type Wanted = (SourceSpec, FolderOptions, Option<LoginName>);

impl Known {
    /// The source that the draft names, as far as it can be looked at.
    pub fn wanted(draft: &Draft) -> Option<Wanted> {
        let spec = draft.source.clone()?;
        let login = draft.source_login.clone().filter(|_| spec.needs_login());
        if spec.needs_login() && login.is_none() {
            return None;
        }
        if spec.engine().is_some() && draft.folder.queries.is_none() {
            return None;
        }
        let options = FolderOptions {
            // They are what was found, and are looked at anew.
            columns: BTreeMap::new(),
            ..draft.folder.clone()
        };
        Some((spec, options, login))
    }

    /// Looks at a source.
    pub fn look_at(&mut self, wanted: Option<Wanted>, out: &mut Outbox) {
        self.source = match &wanted {
            Some((spec, options, login)) => {
                let (spec, options) = (spec.clone(), options.clone());
                Wait::Asked(out.ask(Question::Source(spec, options, login.clone())))
            }
            None => Wait::Idle,
        };
        self.looked = wanted;
        self.overlap = Wait::Idle;
    }

    /// Asks who shares which segments. Files are read through in no time; a service would be asked for every one of its
    /// pages, and tells it at the check.
    fn ask_for_overlap(&mut self, out: &mut Outbox) {
        let looked = self
            .source
            .get()
            .filter(|looked| looked.source.folder().is_some() && looked.segments.len() > 1);
        if let (Some(looked), Wait::Idle) = (looked, &self.overlap) {
            let segments = looked.segments.iter().map(|one| one.id.clone());
            let question = Question::Overlap(looked.source.clone(), segments.collect());
            self.overlap = Wait::Asked(out.ask(question));
        }
    }

    /// Asks for what can be known by now and is not yet: the account's audiences, the audience, the source. What is
    /// still being typed waits.
    pub fn look(&mut self, draft: &Draft, step: Step, typed: bool, out: &mut Outbox) {
        if let Some(login) = &draft.login {
            if self.listed.as_ref() != Some(login) {
                self.listed = Some(login.clone());
                self.audiences = Wait::Asked(out.ask(Question::Audiences(login.clone())));
            }
            let id = AudienceId::parse(&draft.audience);
            let wanted = id.map(|id| (login.clone(), id));
            let is_typed = step == Step::Mailchimp && typed;
            if self.viewed != wanted && !is_typed {
                self.viewed.clone_from(&wanted);
                self.view = match wanted {
                    Some((login, id)) => Wait::Asked(out.ask(Question::Audience(login, id))),
                    None => Wait::Idle,
                };
            }
        }
        let wanted = Self::wanted(draft);
        // While a path is typed it is looked at when the user asks for it.
        let quiet = step == Step::Source && typed && self.looked.is_some();
        if !quiet && self.looked != wanted {
            self.look_at(wanted, out);
        }
        if step == Step::Segments {
            self.ask_for_overlap(out);
        }
    }

    /// Counts the merge fields that are made when saving as those of the audience.
    pub fn plan_fields(&mut self, draft: &Draft) {
        if let Wait::Done(view) = &mut self.view {
            let fields: Vec<MergeField> = draft
                .new_fields
                .iter()
                .cloned()
                .map(MergeField::from)
                .collect();
            view.count_as_there(&fields);
        }
    }

    /// Tells whether an answer was found to be right where it leads to; `None` while that is not known. It never gets a
    /// tick for its spelling alone.
    pub fn found(&self, fact: Fact, draft: &Draft) -> Option<bool> {
        let settled = |there: bool, failed: bool| match (there, failed) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
        match fact {
            Fact::Audience => {
                let typed = AudienceId::parse(&draft.audience)?;
                let viewed = self.view.get();
                let there = viewed.is_some_and(|view| view.audience.id == typed);
                let listed = self.audiences.get();
                let absent = listed.is_some_and(|all| all.iter().all(|one| one.id != typed));
                settled(there, self.view.failure().is_some() || absent)
            }
            // One that was detached has no gap, and no login either.
            Fact::Login => draft.login.as_ref().map(|_| true),
            Fact::Source => settled(self.open().is_some(), self.source.failure().is_some()),
            Fact::Segments => Some(
                !draft
                    .segments
                    .iter()
                    .any(|one| segments::is_gone(one, self)),
            ),
            _ => Some(true),
        }
    }

    /// What the account behind a login is called.
    pub fn account(&self, login: Option<&LoginName>) -> String {
        let saved = self.logins.iter().find(|one| login == Some(&one.name));
        let name = saved.map(|one| one.account_name.as_str());
        let name = name.or(login.map(LoginName::as_str));
        name.unwrap_or_default().to_owned()
    }

    /// What people call an attribute.
    pub fn label(&self, attribute: &str) -> String {
        let all = self.open().map_or(&[][..], Source::attributes);
        let found = all.iter().find(|one| one.name == attribute);
        let label = found.map_or_else(|| spoken(attribute), |one| &one.label);
        label.to_owned()
    }

    /// The merge fields of the audience, once they are known.
    pub fn merge_fields(&self) -> &[MergeField] {
        let view = self.view.get();
        view.map_or(&[], |view| view.merge_fields.as_slice())
    }

    /// The opened source.
    pub fn open(&self) -> Option<&Source> {
        self.source.get().map(|looked| &looked.source)
    }
}

/// What a step may read and write.
pub(super) struct Desk<'a> {
    pub draft: &'a mut Draft,
    pub known: &'a mut Known,
    pub out: &'a mut Outbox,
    pub words: &'a Words,
    pub demo: bool,
    pub now: Timestamp,
    pub user: &'a str,
}
