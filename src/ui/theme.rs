//! Colours: the terminal's own sixteen, no background, and never colour alone.

use ratatui::style::{Color, Modifier, Style};

/// How things look. Without colour only weight and the reverse of the terminal's own colours are used.
#[derive(Debug, Clone, Copy)]
pub(super) struct Theme {
    colour: bool,
}

impl Theme {
    /// Uses colour or not.
    pub fn new(colour: bool) -> Self {
        Self { colour }
    }

    fn in_colour(self, colour: Color) -> Style {
        if self.colour {
            Style::new().fg(colour)
        } else {
            Style::new()
        }
    }

    /// Text that is read first.
    #[expect(
        clippy::unused_self,
        reason = "asked of the theme like every other style"
    )]
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Text that may be overlooked.
    #[expect(
        clippy::unused_self,
        reason = "asked of the theme like every other style"
    )]
    pub fn faint(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// What the cursor is on.
    pub fn here(self) -> Style {
        self.in_colour(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// Done, goes well: beside ✓.
    pub fn good(self) -> Style {
        self.in_colour(Color::Green)
    }

    /// Wants attention: beside !.
    pub fn warn(self) -> Style {
        self.in_colour(Color::Yellow)
    }

    /// Refused, failed: beside ✗.
    pub fn bad(self) -> Style {
        self.in_colour(Color::Red)
    }

    /// A key that can be pressed.
    pub fn key(self) -> Style {
        self.in_colour(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// A button that is chosen.
    pub fn button(self) -> Style {
        self.in_colour(Color::Cyan)
            .add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }

    /// Typed text.
    #[expect(
        clippy::unused_self,
        reason = "asked of the theme like every other style"
    )]
    pub fn typed(self) -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED)
    }
}
