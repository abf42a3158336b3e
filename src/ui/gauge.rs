//! Shares, and the bars that show them.

use ratatui::text::Span;

use super::theme::Theme;

/// The share of a whole: none of nothing, and all only when nothing is left, whatever rounding would make of it.
#[expect(
    clippy::cast_precision_loss,
    reason = "a share that is shown needs no 53 bits"
)]
pub(super) fn share(done: u64, total: u64) -> Option<f64> {
    match total {
        0 => None,
        _ if done >= total => Some(1.0),
        _ => Some((done as f64 / total as f64).min(0.999)),
    }
}

/// A bar with a fraction of a cell at its end, and the rest of its room.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few hundred cells"
)]
fn bar_of(share: f64, width: usize) -> (String, String) {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share.clamp(0.0, 1.0) * (width * 8) as f64).round() as usize;
    let filled = "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
    let blanks = width.saturating_sub(filled.chars().count());
    (filled, "░".repeat(blanks))
}

/// Draws a bar.
pub(super) fn bar(share: f64, width: usize, theme: Theme) -> [Span<'static>; 2] {
    let (filled, rest) = bar_of(share, width);
    [
        Span::styled(filled, theme.good()),
        Span::styled(rest, theme.faint()),
    ]
}

#[cfg(test)]
mod tests {
    use super::{bar_of, share};

    #[test]
    fn nothing_claims_to_be_done_before_it_is() {
        assert_eq!(
            share(0, 0),
            None,
            "a segment whose members are not known yet"
        );
        assert_eq!(share(999_999, 1_000_000), Some(0.999));
        assert_eq!(share(1_000_000, 1_000_000), Some(1.0));
    }

    #[test]
    fn a_bar_is_as_wide_as_asked_at_every_share() {
        for step in 0..=100 {
            let (filled, rest) = bar_of(f64::from(step) / 100.0, 20);
            assert_eq!((filled + &rest).chars().count(), 20);
        }
    }
}
