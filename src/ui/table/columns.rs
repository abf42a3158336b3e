//! The columns of a table: which there are, which fit, and by which one it is sorted.

use unicode_width::UnicodeWidthStr;

use super::super::paint::{cut, cut_middle, left};
use crate::words::Words;

/// Between two columns.
const GAP: &str = "  ";
/// So much of the columns that are always shown is seen before others get room, and so much of each of those.
const ENOUGH: [usize; 2] = [40, 24];
/// Whatever the width, so much of a column is seen.
const LEAST: usize = 8;

/// The columns that a table has.
pub(in crate::ui) trait Columned: Copy + Eq + 'static {
    /// All of them, from left to right.
    const ALL: &'static [Self];
    /// The ones that are always shown.
    const ALWAYS: &'static [Self];
    /// The others, in the order in which they get room.
    const WHERE_THEY_FIT: &'static [Self];

    /// The key of its heading.
    fn heading(self) -> &'static str;

    /// Tells whether the last comes first when the table is sorted by it: of times the latest.
    fn is_from_the_end(self) -> bool {
        false
    }

    /// Tells whether its texts are cut in the middle where they do not fit: their ends matter.
    fn keeps_its_end(self) -> bool {
        false
    }

    /// Its place among all of them.
    fn at(self) -> usize {
        let mut all = Self::ALL.iter();
        all.position(|one| *one == self).unwrap_or(0)
    }
}

/// By which column a table is sorted, and whether from the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) struct Order<C> {
    pub by: C,
    pub reversed: bool,
}

impl<C: Columned> Order<C> {
    /// By a column in the way that is wanted first.
    pub fn by(column: C) -> Self {
        Self {
            by: column,
            reversed: column.is_from_the_end(),
        }
    }

    /// By the next column.
    pub fn next(self) -> Self {
        let at = self.by.at() + 1;
        Self::by(C::ALL[at % C::ALL.len()])
    }

    /// The other way round.
    pub fn reverse(self) -> Self {
        Self {
            reversed: !self.reversed,
            ..self
        }
    }

    /// What a click on a heading means: by that column, and the other way round where it was that one already.
    pub fn click(self, column: C) -> Self {
        if self.by == column {
            self.reverse()
        } else {
            Self::by(column)
        }
    }

    /// What stands above a column.
    pub fn heading(self, column: C, words: &Words) -> String {
        let heading = words.text(column.heading());
        match (self.by == column, self.reversed) {
            (false, _) => heading,
            (true, false) => heading + " ▲",
            (true, true) => heading + " ▼",
        }
    }

    /// How wide the widest text of each column is, its heading among them, as far as headings alone tell.
    pub fn headings(self, words: &Words) -> Vec<usize> {
        let all = C::ALL.iter();
        all.map(|column| self.heading(*column, words).width())
            .collect()
    }
}

/// The columns that are shown, from left to right, each with its width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) struct Layout<C>(Vec<(C, usize)>);

impl<C: Columned> Layout<C> {
    /// Chooses the columns that fit, given how wide the texts of each are. The one that the table is sorted by is always
    /// among them; the one of which nothing is known is not. Texts are cut, the longest first, only where they would not fit.
    pub fn of(width: usize, texts: &[usize], sorted: C, without: Option<C>) -> Self {
        let [always, where_it_fits] = ENOUGH;
        let enough = |column: &C| {
            let most = if C::ALWAYS.contains(column) {
                always
            } else {
                where_it_fits
            };
            texts[column.at()].min(most) + GAP.len()
        };
        let mut shown = C::ALWAYS.to_vec();
        if !shown.contains(&sorted) {
            shown.push(sorted);
        }
        for column in C::WHERE_THEY_FIT {
            let used: usize = shown.iter().map(enough).sum();
            // There is no gap behind the last one.
            let is_known = without != Some(*column);
            if is_known && !shown.contains(column) && used + enough(column) <= width + GAP.len() {
                shown.push(*column);
            }
        }
        let columns = C::ALL.iter().filter(|one| shown.contains(one));
        let mut columns: Vec<_> = columns.map(|one| (*one, texts[one.at()])).collect();
        let room = (width + GAP.len()).saturating_sub(columns.len() * GAP.len());
        while columns.iter().map(|(_, wide)| wide).sum::<usize>() > room {
            let longest = columns.iter_mut().max_by_key(|(_, wide)| *wide);
            match longest {
                Some((_, wide)) if *wide > LEAST => *wide -= 1,
                _ => break,
            }
        }
        Self(columns)
    }

    /// How wide a column is; nothing where it is not shown.
    pub fn width(&self, column: C) -> usize {
        let mut columns = self.0.iter();
        let found = columns.find(|(one, _)| *one == column);
        found.map_or(0, |(_, wide)| *wide)
    }

    /// Cuts and pads the texts of a line, with the gap behind each but the last.
    pub fn cells(&self, text: impl Fn(C) -> String) -> Vec<(C, String)> {
        let last = self.0.len().saturating_sub(1);
        let columns = self.0.iter().enumerate();
        let cell = |(at, (column, wide)): (usize, &(C, usize))| {
            let mut text = text(*column);
            if column.keeps_its_end() {
                text = cut_middle(&text, *wide);
            }
            let cell = if at == last {
                cut(&text, *wide)
            } else {
                left(&text, *wide) + GAP
            };
            (*column, cell)
        };
        columns.map(cell).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Columned, Layout, Order};
    use crate::ui::home::Column;

    const USUAL: [usize; 8] = [14, 9, 12, 6, 14, 18, 8, 18];

    fn shown(layout: &Layout<Column>) -> Vec<Column> {
        layout.0.iter().map(|(column, _)| *column).collect()
    }

    #[test]
    fn as_many_columns_are_shown_as_fit() {
        use Column::{Audience, Login, Name, Refreshed, Schedule, Source, Status};
        let at = |width| shown(&Layout::of(width, &USUAL, Name, None));
        assert_eq!(at(55), [Name, Status, Refreshed]);
        // When it runs by itself is told first, what it is made of after that.
        assert_eq!(at(66), [Name, Status, Refreshed, Schedule]);
        assert_eq!(at(77), [Name, Audience, Status, Refreshed, Schedule]);
        assert_eq!(
            at(90),
            [Name, Source, Audience, Status, Refreshed, Schedule]
        );
        assert_eq!(at(157), Column::ALL);
        let without = shown(&Layout::of(157, &USUAL, Name, Some(Login)));
        assert_eq!(without.len(), Column::ALL.len() - 1);
        assert!(!without.contains(&Login));
    }

    #[test]
    fn the_column_that_the_list_is_sorted_by_is_always_shown() {
        for column in Column::ALL.iter().copied() {
            for width in [57, 77, 117, 157] {
                let layout = Layout::of(width, &USUAL, column, None);
                assert!(layout.width(column) > 0, "{column:?} at {width}");
            }
        }
    }

    #[test]
    fn nothing_is_cut_that_would_fit_and_the_longest_is_cut_first() {
        let texts = [40, 9, 12, 6, 14, 18, 8, 18];
        for width in 76..200 {
            let layout = Layout::of(width, &texts, Column::Name, None);
            let used = layout.0.iter().map(|(_, wide)| wide + 2).sum::<usize>() - 2;
            assert!(used <= width, "{layout:?} at {width}");
            let cut = layout
                .0
                .iter()
                .any(|(one, wide)| *wide < texts[*one as usize]);
            assert!(!cut || used == width, "{layout:?} at {width}");
            assert_eq!(layout.width(Column::Refreshed), 18);
        }
    }

    #[test]
    fn sorting_goes_through_all_columns_and_the_latest_time_comes_first() {
        let mut order = Order::by(Column::Name);
        for column in Column::ALL.iter().copied() {
            assert_eq!(order.by, column);
            let latest = matches!(column, Column::Refreshed | Column::Updated);
            assert_eq!(order.reversed, latest, "{column:?}");
            assert_eq!(order.click(column), order.reverse());
            order = order.next();
        }
        assert_eq!(order, Order::by(Column::Name));
        assert_eq!(order.reverse().click(Column::Updated).by, Column::Updated);
    }
}
