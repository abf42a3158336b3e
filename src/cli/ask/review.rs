//! What was answered, what an export would do, and the one question that saves and exports.

use super::super::add::Ready;
use super::super::check::say_warnings;
use super::super::out::say;
use super::super::run::order;
use super::prompt::{Answered, Halt, Prompt};
use super::{Asking, Flow, Step};
use crate::export::{Checked, Options, Warning, check};
use crate::words::Words;

/// The choice that exports; the one before it saves.
const EXPORT: usize = 1;

/// Asks whether to export what was shown to be fit for it, with its numbers once more: mail to thousands of people wants an
/// answer of its own, and Enter is none.
async fn confirm(would: &str, prompt: &Prompt) -> Answered<bool> {
    say(would);
    let question = prompt.about("ask-about-export");
    match question
        .yes(&prompt.words.text("ui-ask-export"), false)
        .await
    {
        Err(Halt::Back) => Ok(false),
        answered => answered,
    }
}

/// Lists all that the destination will be, what goes without saying included.
fn tell_answers(ready: &Ready, words: &Words) {
    for (label, value) in words.all_of(&ready.destination) {
        say(&match label.as_str() {
            "" => format!("  {value}"),
            label => format!("{label}: {value}"),
        });
    }
    say("");
}

impl Asking<'_> {
    pub(super) async fn review(&mut self, prompt: &Prompt) -> Answered<Flow> {
        let words = &self.context.words;
        let adding = self.adding();
        let ready = match adding.look().await {
            Ok(ready) => Some(ready),
            Err(why) => {
                prompt.refuse(why);
                None
            }
        };
        let mut would = None;
        if let Some(ready) = &ready {
            tell_answers(ready, words);
            say(&words.text("ui-review-checking"));
            would = self.check(ready).await;
        }
        let save = ready.is_some().then_some("ask-save");
        let export = would.is_some().then_some("ask-save-and-export");
        let acts: Vec<&str> = save.into_iter().chain(export).collect();
        let steps = Step::ALL.iter().filter(|step| **step != Step::Review);
        let titles = steps.clone().map(|step| {
            let title = [("title", words.text(step.key()).into())];
            words.with("ask-change", &title)
        });
        let options: Vec<String> = acts
            .iter()
            .map(|key| words.text(key))
            .chain(titles)
            .collect();
        let usual = (!acts.is_empty()).then_some(0);
        let lead = words.text(match acts.len() {
            0 => "ask-review-incomplete",
            1 => "ask-review-refused",
            _ => "ask-review-lead",
        });
        let at = loop {
            say("");
            let question = prompt.about("ask-help-review");
            let at = question.choose(&lead, &options, usual).await?;
            match &would {
                Some(would) if at == EXPORT => {
                    if confirm(would, prompt).await? {
                        break at;
                    }
                }
                _ => break at,
            }
        };
        match (ready, at.checked_sub(acts.len())) {
            (Some(ready), None) => {
                let saved = adding.commit(ready).await?;
                Ok(Flow::Saved(Box::new(saved), at == EXPORT))
            }
            (_, step) => {
                let step = step.and_then(|at| steps.copied().nth(at));
                Ok(Flow::To(step.unwrap_or(Step::Review)))
            }
        }
    }

    /// Says what an export would do; gives its sum, where it would be begun.
    async fn check(&self, ready: &Ready) -> Option<String> {
        let options = Options {
            new_fields: ready.new_fields.clone(),
            ..Options::default()
        };
        let destination = ready.destination.clone();
        let checked = match order(self.context, destination, options).await {
            Ok(order) => Box::pin(check(order, self.stop.clone())).await,
            Err(why) => Err(why),
        };
        match checked {
            Ok(checked) => {
                self.tell(&checked);
                let mut warnings = checked.warnings.iter();
                let is_refused = warnings.any(|one| matches!(one, Warning::WouldBeRefused(_)));
                (!is_refused).then(|| self.context.words.totals(&checked.would))
            }
            Err(_) if self.stop.gently.is_cancelled() => None,
            Err(why) => {
                let _told = self.context.failed(why).tell(&self.context.words);
                None
            }
        }
    }

    fn tell(&self, checked: &Checked) {
        say(&self.context.words.totals(&checked.would));
        say_warnings(self.context, checked);
    }
}
