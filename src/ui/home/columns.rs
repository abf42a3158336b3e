//! The columns of the list: which there are, which fit, and by which one the list is sorted.

use unicode_width::UnicodeWidthStr;

use super::super::paint::{cut, left};
use crate::words::Words;

/// A column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::ui) enum Column {
    /// The display name.
    #[default]
    Name,
    /// The type of the source.
    Source,
    /// The audience.
    Audience,
    /// The logins that it goes by.
    Login,
    /// What is going on, or what came of the last run.
    Status,
    /// When the last run ended.
    Refreshed,
    /// When it runs by itself.
    Schedule,
    /// When it was last changed.
    Updated,
}

/// How many columns there are.
pub(super) const COLUMNS: usize = Column::ALL.len();
/// Between two columns.
const GAP: &str = "  ";
/// So much of the columns that are always shown is seen before others get room, and so much of each of those.
const ENOUGH: [usize; 2] = [40, 24];
/// Whatever the width, so much of a column is seen.
const LEAST: usize = 8;

impl Column {
    /// All of them, from left to right.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Source,
        Self::Audience,
        Self::Login,
        Self::Status,
        Self::Refreshed,
        Self::Schedule,
        Self::Updated,
    ];
    /// The ones that are always shown.
    const ALWAYS: [Self; 3] = [Self::Name, Self::Status, Self::Refreshed];
    /// The others, in the order in which they get room.
    const WHERE_THEY_FIT: [Self; 5] = [
        Self::Audience,
        Self::Source,
        Self::Login,
        Self::Updated,
        Self::Schedule,
    ];

    /// The key of its heading.
    fn heading(self) -> &'static str {
        match self {
            Self::Name => "list-name",
            Self::Source => "home-source",
            Self::Audience => "list-audience",
            Self::Login => "label-login",
            Self::Status => "home-status",
            Self::Refreshed => "home-refreshed",
            Self::Schedule => "label-schedule",
            Self::Updated => "home-updated",
        }
    }

    fn is_time(self) -> bool {
        matches!(self, Self::Refreshed | Self::Updated)
    }
}

/// By which column the list is sorted, and whether from the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Order {
    pub by: Column,
    pub reversed: bool,
}

impl Order {
    /// By a column in the way that is wanted first: of times the latest.
    fn by(column: Column) -> Self {
        Self {
            by: column,
            reversed: column.is_time(),
        }
    }

    /// By the next column.
    pub fn next(self) -> Self {
        let at = self.by as usize + 1;
        Self::by(Column::ALL[at % COLUMNS])
    }

    /// The other way round.
    pub fn reverse(self) -> Self {
        Self {
            reversed: !self.reversed,
            ..self
        }
    }

    /// What a click on a heading means: by that column, and the other way round where it was that one already.
    pub fn click(self, column: Column) -> Self {
        if self.by == column {
            self.reverse()
        } else {
            Self::by(column)
        }
    }

    /// What stands above a column.
    pub fn heading(self, column: Column, words: &Words) -> String {
        let heading = words.text(column.heading());
        match (self.by == column, self.reversed) {
            (false, _) => heading,
            (true, false) => heading + " ▲",
            (true, true) => heading + " ▼",
        }
    }
}

/// The columns that are shown, from left to right, each with its width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout(Vec<(Column, usize)>);

impl Layout {
    /// Chooses the columns that fit, given how wide the texts of each are. The one that the list is sorted by is always
    /// among them. Texts are cut, the longest first, only where they would not fit.
    pub fn of(width: usize, texts: &[usize; COLUMNS], sorted: Column) -> Self {
        let [always, where_it_fits] = ENOUGH;
        let enough = |column: &Column| {
            let most = if Column::ALWAYS.contains(column) {
                always
            } else {
                where_it_fits
            };
            texts[*column as usize].min(most) + GAP.len()
        };
        let mut shown = Column::ALWAYS.to_vec();
        if !shown.contains(&sorted) {
            shown.push(sorted);
        }
        for column in Column::WHERE_THEY_FIT {
            let used: usize = shown.iter().map(enough).sum();
            // There is no gap behind the last one.
            if !shown.contains(&column) && used + enough(&column) <= width + GAP.len() {
                shown.push(column);
            }
        }
        let columns = Column::ALL.into_iter().filter(|one| shown.contains(one));
        let mut columns: Vec<_> = columns.map(|one| (one, texts[one as usize])).collect();
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
    pub fn width(&self, column: Column) -> usize {
        let mut columns = self.0.iter();
        let found = columns.find(|(one, _)| *one == column);
        found.map_or(0, |(_, wide)| *wide)
    }

    /// Cuts and pads the texts of a line, with the gap behind each but the last.
    pub fn cells(&self, text: impl Fn(Column) -> String) -> Vec<(Column, String)> {
        let last = self.0.len().saturating_sub(1);
        let columns = self.0.iter().enumerate();
        let cell = |(at, (column, wide)): (usize, &(Column, usize))| {
            let text = text(*column);
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

/// How wide the widest text of each column is, its heading among them.
pub(super) fn widest<'a>(
    lines: impl Iterator<Item = &'a [String; COLUMNS]>,
    order: Order,
    words: &Words,
) -> [usize; COLUMNS] {
    let mut texts = Column::ALL.map(|column| order.heading(column, words).width());
    for line in lines {
        for (widest, text) in texts.iter_mut().zip(line) {
            *widest = (*widest).max(text.width());
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::{Column, Layout, Order};

    const USUAL: [usize; 8] = [14, 9, 12, 6, 14, 18, 8, 18];

    fn shown(layout: &Layout) -> Vec<Column> {
        layout.0.iter().map(|(column, _)| *column).collect()
    }

    #[test]
    fn as_many_columns_are_shown_as_fit() {
        use Column::{Audience, Login, Name, Refreshed, Source, Status};
        let at = |width| shown(&Layout::of(width, &USUAL, Name));
        assert_eq!(at(55), [Name, Status, Refreshed]);
        assert_eq!(at(77), [Name, Source, Audience, Status, Refreshed]);
        assert_eq!(
            at(84),
            [
                Name,
                Source,
                Audience,
                Login,
                Status,
                Refreshed,
                Column::Schedule
            ][..6]
        );
        assert_eq!(at(157), Column::ALL);
    }

    #[test]
    fn the_column_that_the_list_is_sorted_by_is_always_shown() {
        for column in Column::ALL {
            for width in [57, 77, 117, 157] {
                let layout = Layout::of(width, &USUAL, column);
                assert!(layout.width(column) > 0, "{column:?} at {width}");
            }
        }
    }

    #[test]
    fn nothing_is_cut_that_would_fit_and_the_longest_is_cut_first() {
        let texts = [40, 9, 12, 6, 14, 18, 8, 18];
        for width in 76..200 {
            let layout = Layout::of(width, &texts, Column::Name);
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
        let mut order = Order::default();
        for column in Column::ALL {
            assert_eq!(order.by, column);
            let latest = matches!(column, Column::Refreshed | Column::Updated);
            assert_eq!(order.reversed, latest, "{column:?}");
            assert_eq!(order.click(column), order.reverse());
            order = order.next();
        }
        assert_eq!(order, Order::default());
        assert_eq!(order.reverse().click(Column::Updated).by, Column::Updated);
    }
}
