//! What was answered, what an export would do, and the one question that saves and exports.

use super::super::add::Ready;
use super::super::out::say;
use super::super::run::order;
use super::prompt::{Answered, Prompt};
use super::{Asking, Flow, Step};
use crate::export::{Checked, Options, Warning, check};

impl Asking<'_> {
    pub(super) async fn review(&mut self, prompt: &Prompt) -> Answered<Flow> {
        let words = &self.context.words;
        let adding = self.adding();
        let ready = match adding.look().await {
            Ok(ready) => Some(ready),
            Err(why) => {
                let _told = why.tell(words);
                None
            }
        };
        let mut exports = false;
        if let Some(ready) = &ready {
            for (label, value) in words.all_of(&ready.destination) {
                say(&match label.as_str() {
                    "" => format!("  {value}"),
                    label => format!("{label}: {value}"),
                });
            }
            say("");
            say(&words.text("ui-review-checking"));
            exports = self.check(ready).await;
        }
        let save = ready.is_some().then_some("ui-save");
        let export = exports.then_some("ui-save-and-export");
        let acts: Vec<&str> = save.into_iter().chain(export).collect();
        let steps = Step::ALL.iter().filter(|step| **step != Step::Review);
        let titles = steps.clone().map(|step| {
            let title = [("title", words.text(step.keys().0).into())];
            words.with("ask-change", &title)
        });
        let options: Vec<String> = acts
            .iter()
            .map(|key| words.text(key))
            .chain(titles)
            .collect();
        let usual = (!acts.is_empty()).then_some(0);
        let at = prompt
            .choose(&words.text("ask-review-lead"), &options, usual)
            .await?;
        match (ready, at.checked_sub(acts.len())) {
            (Some(ready), None) => {
                let saved = adding.commit(ready).await?;
                Ok(Flow::Saved(Box::new(saved), at == 1))
            }
            (_, step) => {
                let step = step.and_then(|at| steps.copied().nth(at));
                Ok(Flow::To(step.unwrap_or(Step::Review)))
            }
        }
    }

    /// Says what an export would do; tells whether it would be begun.
    async fn check(&self, ready: &Ready) -> bool {
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
                !warnings.any(|one| matches!(one, Warning::WouldBeRefused(_)))
            }
            Err(_) if self.stop.gently.is_cancelled() => false,
            Err(why) => {
                let _told = self.context.failed(why).tell(&self.context.words);
                false
            }
        }
    }

    fn tell(&self, checked: &Checked) {
        let words = &self.context.words;
        say(&words.totals(&checked.would));
        say(&words.forecast(&checked.run));
        for warning in &checked.warnings {
            let warning = words.warning(warning);
            say(&words.with("command-warning", &[("warning", warning.into())]));
        }
    }
}
