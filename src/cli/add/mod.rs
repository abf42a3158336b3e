//! Saves a destination from flags or a TOML file, after looking whether everything it names is there.

mod answers;
mod carried;
mod draft;
mod look;
mod pointless;

pub(super) use answers::answers_of;
pub(super) use carried::write as carried;

use std::io::IsTerminal;

use jiff::Timestamp;

use super::args::{AddFlags, EditFlags};
use super::context::Failure;
use super::out::{print, print_json, say};
use super::{Context, ask, usage};
use crate::domain::{AudienceId, Destination, Draft, LoginName, MergeField, RemovedTag};
use crate::export::{
    Access, AudienceView, Error, Guard, Warning, foreign_tags, has_run, sample, shared_fields,
    warnings,
};
use crate::plan::Rules;
use crate::store::OwnTags;
use crate::words::{Explain, Next};

/// Saves a destination and prints its name.
pub(super) async fn run(context: &Context, flags: AddFlags) -> Result<u8, Failure> {
    if context.asks_in_lines() && Adding::of(context, flags.clone()).lacks_answers()? {
        return ask::add(context, flags, None).await;
    }
    tell(context, &add(context, flags).await?);
    Ok(0)
}

/// Changes what the flags say of a saved destination, and prints its name.
pub(super) async fn edit(context: &Context, flags: EditFlags) -> Result<u8, Failure> {
    let before = context.destination(&flags.destination)?;
    let changed = change(context, before.clone(), flags).await?;
    tell_other_audience(context, &before, &changed);
    if changed == before {
        let unchanged = context.words.text("command-nothing-changed");
        told(context, &changed, &unchanged);
    } else {
        tell(context, &changed);
    }
    Ok(0)
}

/// Says what becomes of the audience before, where a destination has another one now.
pub(super) fn tell_other_audience(context: &Context, before: &Destination, changed: &Destination) {
    if changed.audience != before.audience {
        let args = [
            ("name", changed.name.as_str().into()),
            ("before", before.audience.as_str().into()),
        ];
        say(&context.words.with("edit-other-audience", &args));
    }
}

async fn change(
    context: &Context,
    mut saved: Destination,
    flags: EditFlags,
) -> Result<Destination, Failure> {
    let mut change = flags.change;
    if flags.no_login {
        // Nothing could be looked at without it.
        saved.login = None;
        change.offline = true;
    }
    let adding = Adding {
        context,
        flags: change,
        removed_tags: flags.removed_tags.map(RemovedTag::from),
        saved: Some(saved),
    };
    adding.go().await
}

/// Prints the name of a destination that was saved, or all of it for programs; tells whoever looks what was done.
pub(super) fn tell(context: &Context, destination: &Destination) {
    let name = destination.name.as_str();
    let saved = [("name", name.into())];
    told(
        context,
        destination,
        &context.words.with("saved-done", &saved),
    );
}

fn told(context: &Context, destination: &Destination, done: &str) {
    if context.json {
        return print_json(destination);
    }
    print(destination.name.as_str());
    if std::io::stdout().is_terminal() {
        say(done);
    }
}

/// Makes a destination of the flags and saves it.
pub(super) async fn add(context: &Context, flags: AddFlags) -> Result<Destination, Failure> {
    Adding::of(context, flags).go().await
}

/// A destination in the making, from flags.
pub(super) struct Adding<'a> {
    context: &'a Context,
    flags: AddFlags,
    /// What becomes of tags that are given no more.
    removed_tags: Option<RemovedTag>,
    /// The destination that is changed, where it is no new one.
    saved: Option<Destination>,
}

/// A destination whose every part was found to be there, and that is not saved yet.
pub(super) struct Ready {
    /// The destination.
    pub destination: Destination,
    /// The merge fields that are made when it is saved.
    pub new_fields: Vec<MergeField>,
    access: Access,
    warnings: Vec<Warning>,
}

impl<'a> Adding<'a> {
    /// Begins a new one.
    pub fn of(context: &'a Context, flags: AddFlags) -> Self {
        Self {
            context,
            flags,
            removed_tags: None,
            saved: None,
        }
    }

    /// Begins to change a saved one.
    pub fn editing(context: &'a Context, flags: AddFlags, saved: Destination) -> Self {
        Self {
            saved: Some(saved),
            ..Self::of(context, flags)
        }
    }

    async fn go(self) -> Result<Destination, Failure> {
        if self.flags.offline {
            let mut draft = self.draft()?;
            self.need(&draft)?;
            self.take_on_trust(&mut draft)?;
            let destination = self.finish(draft).await?;
            return self.save(destination);
        }
        let ready = self.look().await?;
        self.commit(ready).await
    }

    /// Looks whether everything that the flags name is there; saves nothing.
    pub async fn look(&self) -> Result<Ready, Failure> {
        let (adding, context) = (self, self.context);
        let mut draft = adding.draft()?;
        adding.need(&draft)?;
        adding.refuse_orders_of_unmapped(&draft)?;
        let access = adding.choose_login(&mut draft).await?;
        let source = adding.open_source(&mut draft).await?;
        draft.folder.columns = source.columns();
        let mut view = adding.look_at_audience(&mut draft, &access).await?;
        adding.match_attributes(&mut draft, &source)?;
        adding.choose_segments(&mut draft, &source).await?;
        adding.count_segments(&draft)?;
        let new_fields = adding.new_fields(&draft, &source, &view).await?;
        view.merge_fields.extend(new_fields.iter().cloned());
        adding.look_at_addresses(&draft, &source).await?;
        adding.decide_dates(&mut draft, &source, &view).await?;
        let destination = adding.finish(draft).await?;
        let rules = Rules::new(&destination, &view.merge_fields).map_err(|unmet| {
            let failure = Failure {
                exit: 2,
                ..context.failed(Error::Mapping(unmet))
            };
            failure.about("--map", &context.words)
        })?;
        adding.guard_tags(&destination, &view)?;
        let sampled = sample(&destination, &source, &rules).await;
        let sampled = sampled.map_err(|why| context.failed(why))?;
        let known = warnings(&destination, &source, &view);
        let shared = shared_fields(&context.surroundings.home, &destination);
        let shared = shared.map_err(|why| context.failed(Error::Store(why)))?;
        Ok(Ready {
            destination,
            new_fields,
            access,
            warnings: known.into_iter().chain(shared).chain(sampled).collect(),
        })
    }

    /// Makes the merge fields that are lacking, says what to know, and saves.
    pub async fn commit(&self, ready: Ready) -> Result<Destination, Failure> {
        let Ready {
            destination,
            new_fields,
            access,
            warnings,
        } = ready;
        self.make_fields(&new_fields, &access, &destination.audience)
            .await?;
        for warning in warnings {
            self.warn(&warning);
        }
        self.save(destination)
    }

    fn warn(&self, warning: &Warning) {
        let words = &self.context.words;
        let sentence = words.warning(warning);
        say(&words.with("command-warning", &[("warning", sentence.into())]));
    }

    /// Tells whether something is not said that only a person can tell.
    fn lacks_answers(&self) -> Result<bool, Failure> {
        let draft = self.draft()?;
        Ok(self.lacking(&draft).is_some())
    }

    fn missing(&self, flag: &str) -> Failure {
        let what = usage::missing(flag, &self.context.words);
        let mut failure =
            Failure::usage(what, usage::try_help(self.command(), &self.context.words));
        let add = usage::how_to_add(flag, &self.context.words);
        failure.explanation.next.splice(0..0, add);
        failure
    }

    /// The command that is carried out, as people type it.
    fn command(&self) -> &'static str {
        match self.saved {
            Some(_) => "segue edit",
            None => "segue add",
        }
    }

    /// Asks for a flag of which there are several values to choose from.
    fn several(&self, flag: &str, names: &[LoginName]) -> Failure {
        let words = &self.context.words;
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let args = [
            ("argument", flag.into()),
            ("possible", words.listed(&names).into()),
        ];
        let what = words.with("usage-missing-of", &args);
        Failure::usage(what, usage::try_help(self.command(), words))
    }

    /// Refuses a value, and says what the flag takes instead.
    fn invalid(&self, flag: &str, value: &str, possible: &str) -> Failure {
        let words = &self.context.words;
        let what = usage::invalid_value(value, flag, Some(possible), words);
        Failure::usage(what, usage::try_help(self.command(), words))
    }

    /// Refuses a name that none of these is, and offers the one that was likely meant.
    fn unknown(&self, flag: &str, typed: &str, names: &[String]) -> Failure {
        usage::unknown((self.command(), flag), typed, names, &self.context.words)
    }

    fn audience_id(&self, draft: &Draft) -> Result<AudienceId, Failure> {
        AudienceId::parse(&draft.audience)
            .ok_or_else(|| self.invalid("--audience", &draft.audience, "a1b2c3d4e5"))
    }

    fn no_audience(&self, audience: &AudienceId) -> Failure {
        let what = self
            .context
            .words
            .with("add-no-audience", &[("audience", audience.as_str().into())]);
        let next = Next::Say(self.context.words.text("add-no-audience-next"));
        Failure::usage(what, next).about("--audience", &self.context.words)
    }

    /// Refuses tags that others made, before a run would (rule 4).
    fn guard_tags(&self, destination: &Destination, view: &AudienceView) -> Result<(), Failure> {
        let own = OwnTags::open(&self.context.surroundings.home, &destination.audience);
        let own = own.map_err(|why| self.context.failed(why))?;
        let foreign = foreign_tags(destination, &own, view);
        if foreign.is_empty() {
            return Ok(());
        }
        let explanation = Guard::ForeignTags(foreign).explain(&self.context.words);
        Err(Failure {
            exit: 2,
            explanation,
        })
    }

    async fn finish(&self, mut draft: Draft) -> Result<Destination, Failure> {
        self.audience_id(&draft)?;
        self.decide_tags(&mut draft).await?;
        draft.finish(Timestamp::now()).map_err(|gaps| Failure {
            exit: 2,
            explanation: gaps[..].explain(&self.context.words),
        })
    }

    /// Finds out what becomes of tags that people may have and that are given no more.
    async fn decide_tags(&self, draft: &mut Draft) -> Result<(), Failure> {
        let Some(saved) = &self.saved else {
            return Ok(());
        };
        self.refuse_kept_tags(draft, saved)?;
        let words = &self.context.words;
        let has_run = has_run(&self.context.surroundings.home, &saved.id());
        if has_run.map_err(|why| self.context.failed(Error::Store(why)))? {
            draft.ask_about_tags(saved);
        }
        let asked = |what: RemovedTag| what == RemovedTag::Asked;
        let open = draft.removed_tags.iter().filter(|(_, what)| asked(**what));
        let open: Vec<String> = open.map(|(tag, _)| tag.clone()).collect();
        let said = match self.removed_tags {
            Some(said) => Some(said),
            None if open.is_empty() => None,
            None => {
                let args = [
                    ("count", open.len().into()),
                    ("tags", open.join(", ").into()),
                ];
                let question = words.with("edit-removed-tags", &args);
                let untag = self.context.answer(&question, "--removed-tags").await?;
                Some(if untag {
                    RemovedTag::Untag
                } else {
                    RemovedTag::Keep
                })
            }
        };
        let whole = self.removed_tags.is_some();
        for what in draft.removed_tags.values_mut() {
            if let Some(said) = said.filter(|_| whole || asked(*what)) {
                *what = said;
            }
        }
        Ok(())
    }

    fn save(&self, destination: Destination) -> Result<Destination, Failure> {
        let surroundings = &self.context.surroundings;
        let saved = match (&self.flags.from, &self.saved) {
            (Some(path), None) => surroundings.save_like(destination, &self.text(path)?),
            (_, saved) => {
                let former = saved.as_ref().map(Destination::id);
                surroundings.save_destination(destination, former.as_ref())
            }
        };
        saved.map_err(|why| self.context.failed(why))
    }
}

#[cfg(test)]
mod tests;
