//! What new people get, who agreed, what happens to tags, limits.

use super::Asking;
use super::prompt::{Answered, Halt, Prompt};
use crate::domain::{
    Attribute, ConsentRule, Draft, MaxProfiles, NewStatus, OnLeave, SegmentId, looks_like_consent,
};

const STATUSES: [(NewStatus, &str); 3] = [
    (NewStatus::Subscribed, "ui-rules-subscribed"),
    (NewStatus::Pending, "ui-rules-pending"),
    (NewStatus::Transactional, "ui-rules-transactional"),
];
/// What each leads to.
const ABOUT_STATUSES: [&str; 3] = [
    "ui-about-subscribed",
    "ui-about-pending",
    "ui-about-transactional",
];

/// A rule that is as usual until somebody changes it.
enum Rule {
    OnLeave,
    Adopt,
    Clear,
    Max,
    Tag(SegmentId),
}

impl Asking<'_> {
    pub(super) async fn rules(&mut self, prompt: &Prompt) -> Answered<()> {
        let options = STATUSES.map(|(_, key)| self.text(key));
        let given = self.answers.status_if_new;
        let usual = STATUSES
            .iter()
            .position(|(status, _)| given == Some(*status));
        let at = prompt
            .about_each("ui-help-rules", &ABOUT_STATUSES)
            .choose(&self.text("ui-rules-lead"), &options, usual)
            .await?;
        self.answers.status_if_new = Some(STATUSES[at].0);
        self.who_agreed(prompt).await?;
        self.others(prompt).await
    }

    /// Asks which attribute tells who agreed to mail: one that looks like it is the usual answer. Who says that there is
    /// none, is asked of each that does.
    async fn who_agreed(&mut self, prompt: &Prompt) -> Answered<()> {
        let words = self.context.words.clone();
        let (_, source) = self.looked()?;
        let mut all: Vec<&Attribute> = source.attributes().iter().collect();
        // Those that are likely come first.
        all.sort_by_key(|one| !looks_like_consent(&one.name));
        let names: Vec<String> = all.iter().map(|one| one.name.clone()).collect();
        let labels: Vec<String> = all.iter().map(|one| one.label.clone()).collect();
        let likely = names.iter().take_while(|name| looks_like_consent(name));
        let likely: Vec<String> = likely.cloned().collect();
        let given = self.answers.consent_attribute.clone();
        let is_none = given.as_deref() == Some("");
        let given = given.and_then(|text| text.parse::<ConsentRule>().ok());
        // What another source had says nothing here.
        let given = given.filter(|rule| names.contains(&rule.attribute));
        let dismissed = self.answers.dismiss_consent.clone();
        let is_dismissed = |name: &String| dismissed.contains(name);
        let none = words.text("ui-none");
        let options: Vec<String> = std::iter::once(none).chain(labels).collect();
        let usual = match &given {
            Some(rule) => names.iter().position(|name| *name == rule.attribute),
            None if is_none || likely.iter().any(is_dismissed) => None,
            None => (!likely.is_empty()).then_some(0),
        };
        let usual = usual.map_or(0, |at| at + 1);
        let lead = words.text("ui-rules-consent");
        let question = prompt.about("ui-about-consent");
        let at = question.choose(&lead, &options, Some(usual)).await?;
        let forgotten = self.saved.is_some().then(String::new);
        self.answers.dismiss_consent = forgotten.clone().into_iter().collect();
        let Some(name) = at.checked_sub(1).map(|at| names[at].clone()) else {
            self.answers.consent_attribute = forgotten;
            for attribute in likely {
                let args = [("attribute", attribute.as_str().into())];
                let question = words.with("ui-rules-dismiss", &args);
                let about = prompt.about("ask-about-dismiss");
                if about.yes(&question, is_dismissed(&attribute)).await? {
                    self.answers.dismiss_consent.push(attribute);
                }
            }
            return Ok(());
        };
        let before = given.filter(|rule| rule.attribute == name);
        let mut rule = before.unwrap_or_else(|| ConsentRule::likely(&name));
        // With values listed, "the opposite" could be read two ways.
        if rule.values.is_empty() {
            rule.inverted = prompt
                .about("ui-about-invert")
                .yes(&words.text("ui-rules-invert"), rule.inverted)
                .await?;
        }
        self.answers.consent_attribute = Some(rule.to_string());
        Ok(())
    }

    async fn others(&mut self, prompt: &Prompt) -> Answered<()> {
        loop {
            let adding = self.adding();
            let mut draft = adding.draft()?;
            draft.segments.clone_from(&self.segments);
            adding.name_tags(&mut draft)?;
            let usual = [Rule::OnLeave, Rule::Adopt, Rule::Clear, Rule::Max];
            let tags = draft.segments.iter();
            let tags = tags.map(|segment| Rule::Tag(segment.id.clone()));
            let rules: Vec<Rule> = usual.into_iter().chain(tags).collect();
            let shown = rules.iter().map(|rule| self.shown(rule, &draft));
            let options: Vec<String> = shown.chain([self.text("ui-login-go-on")]).collect();
            let lead = self.text("ui-rules-leaving");
            let last = options.len() - 1;
            let question = prompt.about("ask-about-rules");
            let at = question.choose(&lead, &options, Some(last)).await?;
            let Some(rule) = rules.get(at) else {
                return Ok(());
            };
            match self.change(rule, &draft, prompt).await {
                Err(Halt::Back) => {}
                Err(Halt::Failed(why)) => prompt.refuse(*why),
                changed => changed?,
            }
        }
    }

    fn shown(&self, rule: &Rule, draft: &Draft) -> String {
        let words = &self.context.words;
        let yes = |on: bool| words.text(if on { "yes" } else { "no" });
        let (label, value) = match rule {
            Rule::OnLeave => ("label-on-leave", words.on_leave(draft.on_leave)),
            Rule::Adopt => ("label-adopt-tags", yes(draft.adopt_tags)),
            Rule::Clear => ("label-clear-empty", yes(draft.clear_empty)),
            Rule::Max => ("label-max-profiles", words.number(draft.max_profiles.0)),
            Rule::Tag(id) => {
                let segment = draft.segments.iter().find(|one| one.id == *id);
                let label = segment.map_or("", |one| one.label.as_str());
                let tag = draft.tags.get(id).map_or(label, String::as_str);
                let label = words.with("ui-rules-tag", &[("segment", label.into())]);
                return format!("{label}: {tag}");
            }
        };
        format!("{}: {value}", words.text(label))
    }

    async fn change(&mut self, rule: &Rule, draft: &Draft, prompt: &Prompt) -> Answered<()> {
        match rule {
            Rule::OnLeave => {
                let ways = [OnLeave::Untag, OnLeave::Keep];
                let options = ways.map(|way| self.context.words.on_leave(way));
                let usual = ways.iter().position(|way| *way == draft.on_leave);
                let lead = self.text("label-on-leave");
                let keys = ["ui-about-untag", "ui-about-keep"];
                let question = prompt.about_each("ask-about-on-leave", &keys);
                let at = question.choose(&lead, &options, usual).await?;
                self.answers.on_leave = Some(ways[at]);
            }
            Rule::Adopt => {
                let question = self.text("label-adopt-tags");
                let about = prompt.about("ui-about-adopt");
                let on = about.yes(&question, draft.adopt_tags).await?;
                self.answers.adopt_tags = Some(on);
            }
            Rule::Clear => {
                let question = self.text("label-clear-empty");
                let about = prompt.about("ui-about-clear");
                let on = about.yes(&question, draft.clear_empty).await?;
                self.answers.clear_empty = Some(on);
            }
            Rule::Max => {
                let question = self.text("label-max-profiles");
                let MaxProfiles(now) = draft.max_profiles;
                let about = prompt.about("ui-about-max");
                self.answers.max_profiles = Some(about.count(&question, now).await?);
            }
            Rule::Tag(id) => {
                let segment = draft.segments.iter().find(|one| one.id == *id);
                let label = segment.map_or("", |one| one.label.as_str());
                let now = draft.tags.get(id).map_or(label, String::as_str);
                let args = [("segment", label.into())];
                let question = self.context.words.with("ui-rules-tag", &args);
                let about = prompt.about("ui-about-tag");
                let typed = about.text(&question, now).await?;
                let begins = format!("{}=", id.as_str());
                self.answers.tag.retain(|text| !text.starts_with(&begins));
                self.answers.tag.push(format!("{begins}{typed}"));
            }
        }
        Ok(())
    }
}
