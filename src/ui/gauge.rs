//! Shares, and the bars that show them.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::theme::Theme;
use crate::words::Part;

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

/// How a part of a run looks: its cell, which tells parts apart where colour does not, and its style.
fn cell_of(part: Part, theme: Theme) -> (char, Style) {
    match part {
        Part::Created | Part::Restored => ('█', theme.good()),
        Part::Updated | Part::Archived => ('▓', theme.here()),
        Part::Unchanged => ('▒', theme.faint()),
        Part::Suppressed | Part::Left => ('░', theme.warn()),
        Part::Rejected => ('╳', theme.bad()),
        Part::Merged => ('=', theme.faint()),
        Part::Remaining => ('·', theme.faint()),
    }
}

/// The mark of a part, as it stands in the bar.
pub(super) fn mark(part: Part, theme: Theme) -> Span<'static> {
    let (cell, style) = cell_of(part, theme);
    Span::styled(cell.to_string(), style)
}

/// Shares a number of cells among counts: by their size, none of them without a cell while there are enough.
fn cells(counts: &[u64], width: usize) -> Vec<usize> {
    let total: u64 = counts.iter().sum();
    let exact = |count: u64| u128::from(count) * width as u128;
    let whole = |count: u64| exact(count).checked_div(u128::from(total)).unwrap_or(0);
    let mut cells: Vec<usize> = counts
        .iter()
        .map(|count| usize::try_from(whole(*count)).unwrap_or(width))
        .map(|cells| cells.max(1))
        .collect();
    // What rounding gave or took is the largest part's to bear: there it shows least.
    let used: usize = cells.iter().sum();
    if let Some(largest) = cells.iter_mut().max() {
        *largest = (*largest + width).saturating_sub(used);
    }
    cells
}

/// Draws what became of all as one bar, part beside part.
pub(super) fn stacked(parts: &[(Part, u64)], width: usize, theme: Theme) -> Line<'static> {
    let counts: Vec<u64> = parts.iter().map(|(_, count)| *count).collect();
    let spans = parts.iter().zip(cells(&counts, width));
    let spans = spans.map(|((part, _), wide)| {
        let (cell, style) = cell_of(*part, theme);
        Span::styled(cell.to_string().repeat(wide), style)
    });
    spans.collect::<Vec<_>>().into()
}

#[cfg(test)]
mod tests {
    use super::{bar_of, cells, share};

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

    #[test]
    fn a_stacked_bar_is_as_wide_as_asked_and_hides_no_part() {
        for counts in [
            vec![1],
            vec![999_998, 1, 1],
            vec![1, 1, 1],
            vec![4_398, 46, 556],
            vec![0, 0],
        ] {
            for width in [8, 40, 117] {
                let cells = cells(&counts, width);
                assert_eq!(cells.iter().sum::<usize>(), width, "{counts:?}");
                assert!(
                    cells.iter().all(|cells| *cells > 0),
                    "{counts:?}: {cells:?}"
                );
            }
        }
        assert!(cells(&[], 40).is_empty());
    }
}
