//! A folder of files: where it is, and how it is understood.

use super::super::out::say;
use super::Asking;
use super::prompt::{Answered, Halt, Prompt};
use crate::domain::FolderLayout;
use crate::source::Source;
use crate::store::typed_path;

impl Asking<'_> {
    pub(super) async fn folder(&mut self, prompt: &Prompt) -> Answered<()> {
        let given = self.answers.source.as_deref();
        let given = given.and_then(|given| given.strip_prefix("folder:"));
        let given = given.map(str::to_owned);
        let demo = self.demo.map(|demo| demo.people.display().to_string());
        let usual = given.clone().or(demo).unwrap_or_default();
        let question = prompt.about("ask-about-folder");
        let path = question.text(&self.text("ui-folder-lead"), &usual).await?;
        let path = typed_path(&path).display().to_string();
        // What another folder was understood as says nothing of this one.
        if given.is_some_and(|given| given != path) {
            self.forget_layout();
            self.forget_id_column();
        }
        self.answers.source = Some(format!("folder:{path}"));
        self.answers.source_login = None;
        self.forget_queries();
        Ok(())
    }

    /// Forgets how the files of a folder are to be understood.
    pub(super) fn forget_layout(&mut self) {
        // What was saved of another folder says nothing either.
        let is_saved = self.saved.is_some();
        self.answers.layout = is_saved.then_some(None);
        self.answers.segment_by = is_saved.then(String::new);
        self.answers.delimiter = is_saved.then_some(None);
    }

    /// Forgets which column holds the IDs.
    pub(super) fn forget_id_column(&mut self) {
        self.answers.id_column = self.saved.is_some().then(String::new);
    }

    /// Says how a folder is understood, until that is right; of another source there is nothing to say.
    pub(super) async fn understood(&mut self, prompt: &Prompt) -> Answered<()> {
        let words = self.context.words.clone();
        while let Some(view) = self.source.as_ref().and_then(Source::folder) {
            let by = view.segment_by.clone();
            let by = by.unwrap_or_else(|| words.text("ui-none"));
            let shown = |key: &str, value: &str| format!("{}: {value}", words.text(key));
            let options = [
                shown("ui-source-layout", &words.layout(view.layout)),
                shown("ui-source-segment-by", &by),
                words.text("ui-login-go-on"),
            ];
            let lead = words.text("ask-folder-lead");
            let question = prompt.about("ask-about-files");
            let at = question.choose(&lead, &options, Some(2)).await?;
            let before = (self.answers.layout, self.answers.segment_by.clone());
            let changed = match at {
                0 => self.choose_layout(prompt).await,
                1 => self.choose_column(prompt).await,
                _ => return Ok(()),
            };
            let opened = match changed {
                Ok(()) => self.open().await,
                halted => halted,
            };
            match opened {
                Ok(()) => {}
                Err(Halt::Back) => (self.answers.layout, self.answers.segment_by) = before,
                Err(Halt::Failed(why)) => {
                    prompt.refuse(*why);
                    (self.answers.layout, self.answers.segment_by) = before;
                }
                Err(Halt::Gone) => return Err(Halt::Gone),
            }
        }
        Ok(())
    }

    async fn choose_layout(&mut self, prompt: &Prompt) -> Answered<()> {
        let words = &self.context.words;
        let found = [words.text("layout-auto")].into_iter();
        let options = found.chain(FolderLayout::ALL.map(|layout| words.layout(layout)));
        let options: Vec<String> = options.collect();
        let given = self.answers.layout.flatten();
        let usual = FolderLayout::ALL
            .iter()
            .position(|layout| given == Some(*layout));
        let usual = usual.map_or(0, |at| at + 1);
        let lead = words.text("ui-source-layout");
        let question = prompt.about("ask-about-layout");
        let at = question.choose(&lead, &options, Some(usual)).await?;
        let layout = at.checked_sub(1).map(|at| FolderLayout::ALL[at]);
        self.answers.layout = Some(layout);
        Ok(())
    }

    async fn choose_column(&mut self, prompt: &Prompt) -> Answered<()> {
        let (_, source) = self.looked()?;
        let names = source.attributes().iter().map(|one| one.name.clone());
        let names: Vec<String> = names.collect();
        let none = [self.text("ui-none")].into_iter();
        let options: Vec<String> = none.chain(names.iter().cloned()).collect();
        let given = self.answers.segment_by.as_ref();
        let usual = names.iter().position(|name| given == Some(name));
        let usual = usual.map_or(0, |at| at + 1);
        say(&self.text("ask-segment-by"));
        let lead = self.text("ui-source-segment-by");
        let question = prompt.about("ask-about-segment-by");
        let at = question.choose(&lead, &options, Some(usual)).await?;
        let column = at.checked_sub(1).map(|at| names[at].clone());
        self.answers.segment_by = Some(column.unwrap_or_default());
        Ok(())
    }
}
