//! Which segments are exported.

use super::super::out::say;
use super::Asking;
use super::prompt::{Answered, Prompt};
use crate::domain::Segment;
use crate::words::Words;

impl Asking<'_> {
    pub(super) async fn segments(&mut self, prompt: &Prompt) -> Answered<()> {
        let words = &self.context.words;
        let (_, source) = self.looked()?;
        let all = source.segments().await;
        let all = all.map_err(|why| self.context.failed(why))?;
        let options: Vec<String> = all.iter().map(|segment| line(segment, words)).collect();
        let given = |segment: &Segment| {
            let mut given = self.answers.segment.iter();
            given.any(|text| text == segment.id.as_str() || *text == segment.label)
        };
        let chosen = all.iter().enumerate();
        let chosen = chosen.filter(|(_, one)| self.answers.all_segments || given(one));
        let usual: Vec<usize> = chosen.map(|(at, _)| at).collect();
        let lead = words.text("ui-segments-lead");
        let question = prompt.about("ask-help-segments");
        let chosen = question.several(&lead, &options, &usual).await?;
        let ids = chosen.iter().map(|at| all[*at].id.as_str().to_owned());
        self.answers.segment = ids.collect();
        // Those that a run would be refused for are then left out, and that is said.
        self.answers.all_segments = chosen.len() == all.len();
        if self.answers.all_segments {
            self.answers.segment.clear();
        }
        let adding = self.adding();
        let mut draft = adding.draft()?;
        let (_, source) = self.looked()?;
        adding.choose_segments(&mut draft, source).await?;
        adding.count_segments(&draft)?;
        let ids = draft.segments.iter().map(|one| one.id.as_str().to_owned());
        (self.answers.segment, self.answers.all_segments) = (ids.collect(), false);
        self.segments = draft.segments;
        // Another name for the tag of a segment that is not chosen any more names nothing.
        let segments = &self.segments;
        self.answers.tag.retain(|text| {
            let is_of = |one: &Segment| named_tag(text, one).is_some();
            segments.iter().any(is_of)
        });
        self.tell_chosen();
        Ok(())
    }

    /// Says how many segments and profiles were chosen; a profile in several is counted in each.
    fn tell_chosen(&self) {
        let counts = self.segments.iter().map(|one| one.count);
        let args = [
            ("segments", self.segments.len().into()),
            ("profiles", counts.clone().flatten().sum::<u64>().into()),
        ];
        // A sum with an unknown part would be a lie.
        let key = if counts.clone().all(|count| count.is_some()) {
            "ask-chosen"
        } else {
            "ask-chosen-uncounted"
        };
        say(&self.context.words.with(key, &args));
    }
}

/// Reads the other name of a segment's tag, as it is kept among the answers.
fn named_tag<'a>(text: &'a str, segment: &Segment) -> Option<&'a str> {
    text.strip_prefix(segment.id.as_str())?.strip_prefix('=')
}

/// One segment: what it is called, how many are in it, and what its state is where that matters.
fn line(segment: &Segment, words: &Words) -> String {
    let count = segment
        .count
        .map(|count| words.with("ui-members", &[("count", count.into())]));
    let state = !segment.state.is_reliable();
    let state = state.then(|| words.segment_state(segment.state));
    let parts = [Some(segment.label.clone()), count, state];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" · ")
}
