//! How signing in as the export user looks.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::super::super::msg::UserWay;
use super::super::super::paint::{Page, Reach, left, wrap};
use super::super::ways::draw_browser;
use super::{HOW, Mode, Service, UserForm};
use crate::login::DeviceSignIn;
use crate::words::Words;

impl UserForm {
    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words) {
        match &self.mode {
            Mode::App => self.draw_app(page, words),
            Mode::Waiting { begun, .. } => match &begun.way {
                UserWay::Browser(_) => draw_browser(page, begun.url(), &self.pasted, words),
                UserWay::Code(device) => draw_code(page, device, words),
            },
            Mode::Instances(picker) => picker.draw(page, words),
        }
        if self.is_asking() && matches!(self.mode, Mode::App) {
            page.gap();
            page.text(&words.text("ui-user-asking"), page.theme.faint());
        }
        if let Some(why) = &self.failure {
            page.gap();
            page.failure(why);
        }
        if let Some(lacking) = self.lacking {
            page.bad(&words.text(lacking));
        }
    }

    fn draw_app(&self, page: &mut Page<'_, '_>, words: &Words) {
        let (lead, first) = match self.service {
            Service::Dataverse => ("ui-user-dataverse-lead", "ui-user-environment"),
            Service::Insights => ("ui-user-insights-lead", "ui-user-key"),
        };
        page.text(&words.text(lead), Style::new());
        page.gap();
        let labels = [first, "ui-user-client-id", "ui-user-tenant", "ui-user-how"];
        let labels = labels.map(|label| words.text(label));
        let wide = labels.iter().map(|label| label.width()).max();
        let labels = labels.map(|label| left(&label, wide.unwrap_or(0)) + " ");
        for (at, (label, field)) in labels.iter().zip(self.fields()).enumerate() {
            let typed = Reach::selecting(at, self.focus);
            page.choice(typed, |page| field.draw(page, label, self.focus == at));
        }
        let how = words.text(if self.by_code {
            "ui-user-by-code"
        } else {
            "ui-user-by-browser"
        });
        let style = if self.focus == HOW {
            page.theme.here()
        } else {
            Style::new()
        };
        page.choice(Reach::acting(HOW, self.focus), |page| {
            page.line(Line::from(vec![
                Span::styled(labels[HOW].clone(), page.theme.faint()),
                Span::styled(format!("‹ {how} ›"), style),
            ]));
        });
        if self.by_code {
            page.text(&words.text("ui-user-code-blocked"), page.theme.faint());
        }
        page.gap();
        page.text(&words.text("ui-user-register"), page.theme.faint());
    }
}

/// Shows the code large, where to enter it, and for how long it is good.
fn draw_code(page: &mut Page<'_, '_>, device: &DeviceSignIn, words: &Words) {
    page.text(&words.text("ui-user-code-lead"), Style::new());
    page.gap();
    page.leading(device.url(), page.theme.here(), device.url());
    page.gap();
    for line in boxed(device.code(), page.width()) {
        page.line(Span::styled(line, page.theme.strong()));
    }
    page.gap();
    let left = device.time_left().as_secs();
    let time = format!("{}:{:02}", left / 60, left % 60);
    page.text(
        &words.with("ui-user-code-left", &[("time", time.into())]),
        Style::new(),
    );
    page.text(&words.text("ui-user-code-blocked"), page.theme.faint());
}

/// Puts a code into a box, its letters apart; one that is too long for that is written over lines, so that nothing of it
/// is lost.
fn boxed(code: &str, width: usize) -> Vec<String> {
    let spaced: String = code.chars().flat_map(|c| [c, ' ', ' ']).collect();
    let spaced = format!("   {spaced} ");
    if spaced.width() + 2 > width {
        return wrap(code, width);
    }
    let (edge, blank) = ("━".repeat(spaced.width()), " ".repeat(spaced.width()));
    vec![
        format!("┏{edge}┓"),
        format!("┃{blank}┃"),
        format!("┃{spaced}┃"),
        format!("┃{blank}┃"),
        format!("┗{edge}┛"),
    ]
}

#[cfg(test)]
mod tests {
    use super::boxed;

    #[test]
    fn a_code_is_shown_whole_however_long_it_is() {
        assert_eq!(boxed("AB-1", 40)[2], "┃   A  B  -  1   ┃");
        let long = "ABCDEFGH".repeat(8);
        let lines = boxed(&long, 30);
        assert_eq!(lines.concat(), long);
        assert!(lines.iter().all(|line| line.len() <= 30), "{lines:?}");
    }
}
