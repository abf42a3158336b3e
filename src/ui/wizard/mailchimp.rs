//! Connecting to Mailchimp: signing in, then the audience that receives the profiles.

use crossterm::event::KeyEvent;
use ratatui::style::Style;
use ratatui::text::Span;

use super::super::Demo;
use super::super::keys::{Command, Context};
use super::super::msg::{Answer, Ticket};
use super::super::paint::Page;
use super::audience::AudiencePart;
use super::login::LoginPart;
use super::{Desk, Fact, Flow, Known};
use crate::domain::Draft;
use crate::words::Words;

/// Where the cursor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    #[default]
    Login,
    Audience,
}

#[derive(Debug, Default)]
pub(super) struct MailchimpStep {
    login: LoginPart,
    audience: AudiencePart,
    part: Part,
}

impl MailchimpStep {
    pub fn new(draft: &Draft, demo: Option<&Demo>) -> Self {
        Self {
            login: LoginPart::new(demo),
            audience: AudiencePart::new(draft),
            part: Part::default(),
        }
    }

    /// Begins with what is next: whoever is signed in chooses the audience.
    pub fn enter(&mut self, draft: &Draft) {
        self.change(match draft.login {
            Some(_) => Fact::Audience,
            None => Fact::Login,
        });
    }

    /// Puts the cursor on one of both answers.
    pub fn change(&mut self, fact: Fact) {
        self.audience.stay();
        self.part = match fact {
            Fact::Audience => Part::Audience,
            _ => Part::Login,
        };
    }

    pub fn context(&self) -> Context {
        match self.part {
            Part::Login => self.login.context(),
            Part::Audience => Context::Audience,
        }
    }

    /// Tells whether an ID is being typed, which is looked up only when the user goes on.
    pub fn is_typed(&self) -> bool {
        self.part == Part::Audience && self.audience.is_typed()
    }

    /// Takes the account's only audience when none was given.
    pub fn suggest(&mut self, draft: &mut Draft, known: &Known) {
        self.audience.suggest(draft, known);
    }

    /// Goes on, once the audience that the user wants is found.
    pub fn go_on(&mut self, draft: &Draft, known: &Known) -> Flow {
        self.audience.go_on(draft, known)
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        let is_form = self.part == Part::Login && self.login.is_form();
        let flow = match (self.part, command) {
            _ if is_form => self.login.key(command, event, desk),
            (Part::Login, Command::NextField) => Flow::Change(Fact::Audience),
            (Part::Login, Command::Down) if self.login.is_last(desk) => {
                Flow::Change(Fact::Audience)
            }
            (Part::Audience, Command::NextField) => Flow::Change(Fact::Login),
            (Part::Audience, Command::Up) if desk.draft.login.is_none() => {
                Flow::Change(Fact::Login)
            }
            (Part::Login, _) => self.login.key(command, event, desk),
            (Part::Audience, _) => self.audience.key(command, event, desk),
        };
        self.within(flow)
    }

    /// Goes from one part to the other by itself: whoever left the page by then is not brought back.
    fn within(&mut self, flow: Flow) -> Flow {
        match flow {
            Flow::Change(fact) => {
                self.change(fact);
                Flow::Stay
            }
            other => other,
        }
    }

    pub fn paste(&mut self, text: &str, desk: &mut Desk<'_>) {
        match self.part {
            Part::Login => self.login.paste(text),
            Part::Audience => self.audience.paste(text, desk),
        }
    }

    pub fn answer(&mut self, ticket: Ticket, answer: Answer, desk: &mut Desk<'_>) -> Flow {
        let flow = self.login.answer(ticket, answer, desk);
        self.within(flow)
    }

    pub fn draw(
        &self,
        page: &mut Page<'_, '_>,
        draft: &Draft,
        known: &Known,
        words: &Words,
        demo: bool,
    ) {
        let here = self.part == Part::Login;
        heading(page, &words.text("ui-step-login"), here);
        if here || draft.login.is_none() {
            self.login.draw(page, draft, known, words, (demo, here));
        } else {
            connected(page, draft, known, words);
        }
        if here && self.login.is_form() {
            return;
        }
        page.gap();
        let title = words.text("ui-audience-lead");
        heading(page, &title, !here);
        self.audience.draw(page, draft, known, words, !here);
    }
}

fn heading(page: &mut Page<'_, '_>, text: &str, here: bool) {
    let style = if here {
        page.theme.strong()
    } else {
        Style::new()
    };
    page.line(Span::styled(format!("{text} *"), style));
}

/// Says whose account it is.
pub(super) fn connected(page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
    let account = known.account(draft.login.as_ref());
    page.good(&words.with("ui-login-connected", &[("account", account.into())]));
}
