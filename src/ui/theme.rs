//! How things look: the terminal's own sixteen colours unless others are wished for, and never colour alone; whether there
//! are links, and how keys are written.

use ratatui::style::{Color, Modifier, Style};

use super::keys::Keys;
use crate::store::Look;

/// The colours of a look. `None` is what the terminal itself has.
#[derive(Debug, Clone, Copy, Default)]
struct Palette {
    ground: Option<Color>,
    text: Option<Color>,
    faint: Option<Color>,
    border: Option<Color>,
    accent: Option<Color>,
    good: Option<Color>,
    warn: Option<Color>,
    bad: Option<Color>,
}

/// Reads `0xRRGGBB`.
const fn rgb(hex: u32) -> Color {
    let [_, r, g, b] = hex.to_be_bytes();
    Color::Rgb(r, g, b)
}

/// Whatever the user made of the sixteen colours of the terminal.
const TERMINAL: Palette = Palette {
    ground: None,
    text: None,
    faint: None,
    border: None,
    accent: Some(Color::Cyan),
    good: Some(Color::Green),
    warn: Some(Color::Yellow),
    bad: Some(Color::Red),
};

const DARK: Palette = Palette {
    ground: Some(rgb(0x1a_1d24)),
    text: Some(rgb(0xd7_dae0)),
    faint: Some(rgb(0x8d_95a5)),
    border: Some(rgb(0x4a_5263)),
    accent: Some(rgb(0x5f_d7d7)),
    good: Some(rgb(0x8f_d186)),
    warn: Some(rgb(0xe8_c26a)),
    bad: Some(rgb(0xf0_7a7a)),
};

const LIGHT: Palette = Palette {
    ground: Some(rgb(0xfb_faf7)),
    text: Some(rgb(0x24_292f)),
    faint: Some(rgb(0x60_6873)),
    border: Some(rgb(0xb4_b9c2)),
    accent: Some(rgb(0x00_6a80)),
    good: Some(rgb(0x1b_6e35)),
    warn: Some(rgb(0x8a_5a00)),
    bad: Some(rgb(0xb3_1d28)),
};

const CONTRAST: Palette = Palette {
    ground: Some(rgb(0x00_0000)),
    text: Some(rgb(0xff_ffff)),
    faint: Some(rgb(0xe0_e0e0)),
    border: Some(rgb(0xff_ffff)),
    accent: Some(rgb(0xff_ff00)),
    good: Some(rgb(0x5f_ff5f)),
    warn: Some(rgb(0xff_d700)),
    bad: Some(rgb(0xff_8a8a)),
};

/// How things look. Without colour, which is the default, only weight and the reverse of the terminal's own colours are
/// used.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Theme {
    palette: Palette,
    links: bool,
    keys: Keys,
}

impl Theme {
    /// The look that was wished for; where colour must not be used, none of its colours.
    pub fn new(look: Look, colour: bool) -> Self {
        let palette = match look {
            _ if !colour => Palette::default(),
            Look::Terminal => TERMINAL,
            Look::Dark => DARK,
            Look::Light => LIGHT,
            Look::Contrast => CONTRAST,
        };
        Self {
            palette,
            links: false,
            keys: Keys::default(),
        }
    }

    /// The same with other keys.
    pub fn with_keys(self, keys: Keys) -> Self {
        Self { keys, ..self }
    }

    /// The keys, which are written beside what they do.
    pub fn keys(self) -> Keys {
        self.keys
    }

    /// The same, and what leads somewhere is a link.
    pub fn with_links(self) -> Self {
        Self {
            links: true,
            ..self
        }
    }

    /// Tells whether what leads somewhere is a link.
    pub fn has_links(self) -> bool {
        self.links
    }

    /// Text, and what lies behind all.
    pub fn ground(self) -> Style {
        Style {
            fg: self.palette.text,
            bg: self.palette.ground,
            ..Style::new()
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
    pub fn faint(self) -> Style {
        dimmed(self.palette.faint)
    }

    /// The lines around things.
    pub fn border(self) -> Style {
        dimmed(self.palette.border)
    }

    /// What the cursor is on.
    pub fn here(self) -> Style {
        coloured(self.palette.accent).add_modifier(Modifier::BOLD)
    }

    /// Done, goes well: beside ✓.
    pub fn good(self) -> Style {
        coloured(self.palette.good)
    }

    /// Wants attention: beside !.
    pub fn warn(self) -> Style {
        coloured(self.palette.warn)
    }

    /// Refused, failed: beside ✗.
    pub fn bad(self) -> Style {
        coloured(self.palette.bad)
    }

    /// A key that can be pressed.
    pub fn key(self) -> Style {
        self.here()
    }

    /// A button that is chosen.
    pub fn button(self) -> Style {
        self.here().add_modifier(Modifier::REVERSED)
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

fn coloured(colour: Option<Color>) -> Style {
    Style {
        fg: colour,
        ..Style::new()
    }
}

/// A colour of its own, or else the terminal's own way of holding back.
fn dimmed(colour: Option<Color>) -> Style {
    match colour {
        Some(_) => coloured(colour),
        None => Style::new().add_modifier(Modifier::DIM),
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Color;

    use super::{CONTRAST, DARK, LIGHT, Theme};
    use crate::store::Look;

    /// How bright a colour is by WCAG 2.
    fn luminance(colour: Color) -> f64 {
        let Color::Rgb(r, g, b) = colour else {
            return 0.0;
        };
        let [r, g, b] = [r, g, b].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(one: Color, other: Color) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn what_is_written_can_be_read_on_its_ground() {
        for (name, palette, least) in [
            ("dark", DARK, 4.5),
            ("light", LIGHT, 4.5),
            ("contrast", CONTRAST, 7.0),
        ] {
            let ground = palette.ground.expect("a ground");
            for colour in [
                palette.text,
                palette.faint,
                palette.accent,
                palette.good,
                palette.warn,
                palette.bad,
            ] {
                let got = contrast(colour.expect("a colour"), ground);
                assert!(got >= least, "{name}: {colour:?} has {got:.1}");
            }
        }
    }

    #[test]
    fn without_colour_no_look_has_any() {
        for look in Look::ALL {
            let theme = Theme::new(look, false);
            for style in [
                theme.ground(),
                theme.faint(),
                theme.border(),
                theme.here(),
                theme.good(),
                theme.warn(),
                theme.bad(),
                theme.button(),
            ] {
                assert_eq!((style.fg, style.bg), (None, None), "{look:?}");
            }
        }
    }
}
