//! The wizard and the list of destinations as questions in lines: for screen readers, and for terminals that can show no
//! screen.
//!
//! Fills in the flags of `segue add`; each answer is looked at, as it is given, by the code that looks at the flag. Nothing
//! is saved before the last question.

mod engine;
mod export_user;
mod folder;
mod home;
mod mailchimp;
mod matching;
mod prompt;
mod review;
mod rules;
mod segments;

pub(super) use home::home;

use std::time::Duration;

use tokio::time::timeout;

use super::Context;
use super::add::{Adding, answers_of, tell, tell_other_audience};
use super::args::AddFlags;
use super::context::Failure;
use super::live::Manner;
use super::out::{say, wrap_talk};
use super::run::export;
use super::sandbox::DemoParts;
use super::signals::Signals;
use crate::deliver::Stop;
use crate::domain::{Destination, Draft, Segment};
use crate::export::{Access, AudienceView, FirstRows, Options};
use crate::source::Source;

use prompt::{Answered, Halt, Prompt};

/// How long what goes on may take to end when somebody leaves.
const PATIENCE: Duration = Duration::from_secs(5);

/// The steps, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Name,
    Consent,
    Mailchimp,
    Source,
    Matching,
    Segments,
    Rules,
    Review,
}

impl Step {
    const ALL: [Self; 8] = [
        Self::Name,
        Self::Consent,
        Self::Mailchimp,
        Self::Source,
        Self::Matching,
        Self::Segments,
        Self::Rules,
        Self::Review,
    ];

    /// What the wizard calls it.
    fn key(self) -> &'static str {
        match self {
            Self::Name => "label-display-name",
            // Its text has the whole heading.
            Self::Consent => "ui-short-privacy",
            Self::Mailchimp => "ui-step-audience",
            Self::Source => "ui-step-source",
            Self::Matching => "label-data-matching",
            Self::Segments => "label-segments",
            Self::Rules => "ui-step-rules",
            Self::Review => "ui-step-review",
        }
    }

    fn at(self) -> usize {
        Self::ALL.iter().position(|one| *one == self).unwrap_or(0)
    }

    fn next(self) -> Self {
        Self::ALL[(self.at() + 1).min(Self::ALL.len() - 1)]
    }

    fn before(self) -> Self {
        Self::ALL[self.at().saturating_sub(1)]
    }
}

/// What a step leads to.
enum Flow {
    /// The next one.
    Next,
    /// Another one.
    To(Step),
    /// The destination was saved, and is exported now if that was wished.
    Saved(Box<Destination>, bool),
}

/// Asks for what makes a destination, saves it, and exports it where that was wished.
pub(super) async fn add(
    context: &Context,
    flags: AddFlags,
    demo: Option<&DemoParts>,
) -> Result<u8, Failure> {
    talk(context, flags, demo, None).await
}

/// Asks for what makes a saved destination, with what it is as the usual answers; otherwise as for a new one.
async fn edit(context: &Context, saved: Destination) -> Result<u8, Failure> {
    let answers = answers_of(&saved);
    talk(context, answers, None, Some(saved)).await
}

async fn talk(
    context: &Context,
    flags: AddFlags,
    demo: Option<&DemoParts>,
    saved: Option<Destination>,
) -> Result<u8, Failure> {
    wrap_talk(context.columns);
    let mut signals = Signals::listen();
    let left = match saved {
        Some(_) => "command-nothing-changed",
        None => "ask-left",
    };
    let left = context.words.text(left);
    let before = saved.clone();
    let mut asking = Asking {
        context,
        answers: flags,
        saved,
        demo,
        access: None,
        view: None,
        source: None,
        first: FirstRows::default(),
        segments: Vec::new(),
        stop: Stop::default(),
    };
    let stop = asking.stop.clone();
    let mut going = Box::pin(asking.go());
    let asked = tokio::select! {
        asked = &mut going => asked,
        exit = signals.next() => {
            stop.ask();
            // A check takes away what it wrote.
            let _over = timeout(PATIENCE, going).await;
            say(&left);
            return Ok(exit);
        }
    };
    drop(going);
    let (destination, exports) = match asked {
        Ok(saved) => saved,
        Err(Halt::Failed(why)) => return Err(*why),
        Err(Halt::Back | Halt::Gone) => {
            say(&left);
            return Ok(2);
        }
    };
    if let Some(before) = &before {
        tell_other_audience(context, before, &destination);
    }
    tell(context, &destination);
    if !exports {
        return Ok(0);
    }
    let name = [("name", destination.name.as_str().into())];
    say(&context.words.with("ask-exporting", &name));
    let options = Options::default();
    let manner = Manner::of(context);
    Ok(export(context, destination, options, manner, &mut signals).await)
}

/// A destination in the making, and what is known of where it leads.
struct Asking<'a> {
    context: &'a Context,
    answers: AddFlags,
    /// The destination that is changed, where it is no new one.
    saved: Option<Destination>,
    demo: Option<&'a DemoParts>,
    access: Option<Access>,
    view: Option<AudienceView>,
    source: Option<Source>,
    /// Its first profiles.
    first: FirstRows,
    /// The chosen segments, as the source tells them.
    segments: Vec<Segment>,
    /// Ends what is waited for.
    stop: Stop,
}

impl Asking<'_> {
    async fn go(&mut self) -> Answered<(Destination, bool)> {
        say(&self.text("ask-how"));
        let prompt = Prompt {
            words: self.context.words.clone(),
            stop: self.stop.clone(),
        };
        let (mut step, mut reviewed) = (Step::Name, false);
        loop {
            let place = [
                ("step", (step.at() + 1).into()),
                ("steps", Step::ALL.len().into()),
                ("title", self.text(step.key()).into()),
            ];
            say("");
            say(&self.context.words.with("ask-step", &place));
            match Box::pin(self.ask(step, &prompt)).await {
                // Who changes one answer has given all the others.
                Ok(Flow::Next) if reviewed => step = Step::Review,
                Ok(Flow::Next) => step = step.next(),
                Ok(Flow::To(other)) => (step, reviewed) = (other, true),
                Ok(Flow::Saved(destination, exports)) => return Ok((*destination, exports)),
                Err(Halt::Back) if reviewed && step != Step::Review => step = Step::Review,
                // There is nothing before it: whoever goes back leaves.
                Err(Halt::Back) if step == Step::Name => return Err(Halt::Back),
                Err(Halt::Back) => (step, reviewed) = (step.before(), false),
                Err(Halt::Gone) => return Err(Halt::Gone),
                // The question is put again.
                Err(Halt::Failed(why)) => prompt.refuse(*why),
            }
        }
    }

    async fn ask(&mut self, step: Step, prompt: &Prompt) -> Answered<Flow> {
        match step {
            Step::Name => self.name(prompt).await?,
            Step::Consent => self.consent(prompt).await?,
            Step::Mailchimp => self.mailchimp(prompt).await?,
            Step::Source => self.source(prompt).await?,
            Step::Matching => self.matching(prompt).await?,
            Step::Segments => self.segments(prompt).await?,
            Step::Rules => self.rules(prompt).await?,
            Step::Review => return self.review(prompt).await,
        }
        Ok(Flow::Next)
    }

    fn text(&self, key: &str) -> String {
        self.context.words.text(key)
    }

    /// What `segue add` makes of the answers so far.
    fn adding(&self) -> Adding<'_> {
        let answers = self.answers.clone();
        match &self.saved {
            Some(saved) => Adding::editing(self.context, answers, saved.clone()),
            None => Adding::of(self.context, answers),
        }
    }

    fn draft(&self) -> Result<Draft, Failure> {
        self.adding().draft()
    }

    /// What is known of the audience and the source, which earlier steps looked at.
    fn looked(&self) -> Answered<(&AudienceView, &Source)> {
        self.view
            .as_ref()
            .zip(self.source.as_ref())
            .ok_or(Halt::Back)
    }

    /// A value that the demo has ready.
    fn ready(&self, key: &str) -> &str {
        let value = self.demo.and_then(|demo| demo.ready.get(key)?.as_str());
        value.unwrap_or_default()
    }

    async fn name(&mut self, prompt: &Prompt) -> Answered<()> {
        let demo = self.demo.map(|_| self.text("demo-name"));
        let usual = self.answers.name.clone().or(demo).unwrap_or_default();
        let question = prompt.about("ui-help-name");
        loop {
            let label = self.text("label-display-name");
            let name = question.text(&label, &usual).await?;
            let before = self.answers.name.replace(name);
            let adding = self.adding();
            let fits = adding.draft().and_then(|draft| adding.check_name(&draft));
            match fits {
                Ok(()) => return Ok(()),
                Err(why) => prompt.refuse(why),
            }
            self.answers.name = before;
        }
    }

    async fn consent(&mut self, prompt: &Prompt) -> Answered<()> {
        let text = self.context.words.consent_text();
        say(&text);
        let about = self.text("ui-help-consent");
        let question = prompt.explained_by(format!("{text}\n{about}"));
        loop {
            let agree = self.text("consent-agree");
            let agreed = question.yes(&agree, self.answers.accept_privacy).await?;
            self.answers.accept_privacy = agreed;
            if agreed {
                return Ok(());
            }
            say(&self.text("ask-consent-needed"));
        }
    }
}
