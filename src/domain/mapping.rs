use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{FieldKind, MergeTag};

/// One part of an address field; Mailchimp wants all but `addr2` and `country` whenever one is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AddressPart {
    /// Street and number.
    Addr1,
    /// The second line of the street.
    Addr2,
    /// The town.
    City,
    /// The state or region.
    State,
    /// The postal code.
    Zip,
    /// The country.
    Country,
}

impl AddressPart {
    /// Every part, in the order of an address.
    pub const ALL: [Self; 6] = [
        Self::Addr1,
        Self::Addr2,
        Self::City,
        Self::State,
        Self::Zip,
        Self::Country,
    ];

    /// Shows the part as Mailchimp writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Addr1 => "addr1",
            Self::Addr2 => "addr2",
            Self::City => "city",
            Self::State => "state",
            Self::Zip => "zip",
            Self::Country => "country",
        }
    }
}

/// What of a member an attribute fills.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Target {
    /// The e-mail address, which is the member's key.
    Email,
    /// The member's language, as a two-letter code.
    Language,
    /// A merge field.
    Field(MergeTag),
    /// One part of an address field.
    Address(MergeTag, AddressPart),
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let unknown =
            || format!("{text:?} is neither `email`, `language`, a merge tag nor `ADDRESS.part`");
        if text.eq_ignore_ascii_case("email") {
            return Ok(Self::Email);
        }
        if text.eq_ignore_ascii_case("language") {
            return Ok(Self::Language);
        }
        let Some((tag, part)) = text.split_once('.') else {
            return MergeTag::parse(text).map(Self::Field).ok_or_else(unknown);
        };
        let part = AddressPart::ALL
            .into_iter()
            .find(|known| part.trim().eq_ignore_ascii_case(known.as_str()));
        match (MergeTag::parse(tag), part) {
            (Some(tag), Some(part)) => Ok(Self::Address(tag, part)),
            _ => Err(unknown()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email => out.write_str("email"),
            Self::Language => out.write_str("language"),
            Self::Field(tag) => write!(out, "{tag}"),
            Self::Address(tag, part) => write!(out, "{tag}.{}", part.as_str()),
        }
    }
}

impl TryFrom<String> for Target {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}

/// Which attribute fills what of a member.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(BTreeMap<Target, String>);

impl Mapping {
    /// Maps an attribute, and hands back what filled the target before.
    pub fn set(&mut self, target: Target, attribute: impl Into<String>) -> Option<String> {
        self.0.insert(target, attribute.into())
    }

    /// Removes a mapping.
    pub fn remove(&mut self, target: &Target) {
        self.0.remove(target);
    }

    /// Finds the attribute that fills a target.
    #[must_use]
    pub fn get(&self, target: &Target) -> Option<&str> {
        self.0.get(target).map(String::as_str)
    }

    /// Lists targets with their attributes: e-mail first, then language, then merge fields by tag.
    pub fn iter(&self) -> impl Iterator<Item = (&Target, &str)> {
        self.0
            .iter()
            .map(|(target, attribute)| (target, attribute.as_str()))
    }

    /// Lists the merge tags that some attribute fills, each once.
    #[must_use]
    pub fn tags(&self) -> Vec<&MergeTag> {
        let mut tags: Vec<&MergeTag> = self
            .0
            .keys()
            .filter_map(|target| match target {
                Target::Field(tag) | Target::Address(tag, _) => Some(tag),
                Target::Email | Target::Language => None,
            })
            .collect();
        tags.sort();
        tags.dedup();
        tags
    }

    /// Lists the address fields of which parts are filled by nothing, with those parts. `addr2` is nobody's must.
    #[must_use]
    pub fn partial_addresses(&self) -> Vec<(MergeTag, Vec<AddressPart>)> {
        let mut filled: BTreeMap<&MergeTag, Vec<AddressPart>> = BTreeMap::new();
        for target in self.0.keys() {
            if let Target::Address(tag, part) = target {
                filled.entry(tag).or_default().push(*part);
            }
        }
        let lacking = |filled: Vec<AddressPart>| {
            let needed = AddressPart::ALL.into_iter();
            let needed = needed.filter(|part| *part != AddressPart::Addr2);
            needed.filter(|part| !filled.contains(part)).collect()
        };
        let all = filled
            .into_iter()
            .map(|(tag, filled)| (tag.clone(), lacking(filled)));
        all.filter(|(_, lacking): &(_, Vec<_>)| !lacking.is_empty())
            .collect()
    }
}

/// The order in which a source writes the parts of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Month, day, year: 5/8/1986 is the eighth of May.
    Mdy,
    /// Day, month, year: 5/8/1986 is the fifth of August.
    Dmy,
    /// Year, month, day: 1986-05-08.
    Ymd,
}

impl DateOrder {
    /// All of them, as they are offered.
    pub const ALL: [Self; 3] = [Self::Dmy, Self::Mdy, Self::Ymd];

    /// Its name in files and flags.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mdy => "mdy",
            Self::Dmy => "dmy",
            Self::Ymd => "ymd",
        }
    }

    /// Splits a date into (year, month, day) by this order. A time of day after the date is ignored; a birthday may lack
    /// the year, which is then 0. What is no date of the calendar is `None`.
    #[must_use]
    pub fn read(self, text: &str) -> Option<(i16, i8, i8)> {
        let date = text.trim();
        let date = date
            .split_once(['T', ' '])
            .map_or(date, |(date, _time)| date);
        let parts: Vec<&str> = date
            .split(['/', '-', '.'])
            .filter(|part| !part.is_empty())
            .collect();
        let number = |at: usize| -> Option<i16> {
            let part: &&str = parts.get(at)?;
            part.bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| part.parse().ok())?
        };
        let (year, month, day) = match (self, parts.len()) {
            (Self::Mdy, 3) => (number(2)?, number(0)?, number(1)?),
            (Self::Dmy, 3) => (number(2)?, number(1)?, number(0)?),
            (Self::Ymd, 3) if parts[0].len() == 4 => (number(0)?, number(1)?, number(2)?),
            (Self::Mdy | Self::Ymd, 2) => (0, number(0)?, number(1)?),
            (Self::Dmy, 2) => (0, number(1)?, number(0)?),
            _ => return None,
        };
        if parts.len() == 3 && (self != Self::Ymd && parts[2].len() != 4) {
            return None;
        }
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        // The 29th of February is a birthday in any year.
        let calendar_year = if parts.len() == 2 { 2024 } else { year };
        jiff::civil::Date::new(calendar_year, month, day).ok()?;
        Some((year, month, day))
    }
}

/// What the values of one column, read to its end, say about the order of its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateEvidence {
    fits: [u64; 3],
    /// Values that can be read in one order only.
    only: [u64; 3],
}

impl DateEvidence {
    const ORDERS: [DateOrder; 3] = [DateOrder::Ymd, DateOrder::Mdy, DateOrder::Dmy];

    /// Says of a column that its source writes dates in one order only.
    #[must_use]
    pub fn known(order: DateOrder) -> Self {
        let one = Self::ORDERS.map(|known| u64::from(known == order));
        Self {
            fits: one,
            only: one,
        }
    }

    /// Takes one more value of the column; an empty one says nothing.
    pub fn add(&mut self, value: &str) {
        if value.trim().is_empty() {
            return;
        }
        let fits = Self::ORDERS.map(|order| order.read(value).is_some());
        let alone = fits.iter().filter(|fits| **fits).count() == 1;
        for (at, fits) in fits.into_iter().enumerate() {
            self.fits[at] += u64::from(fits);
            self.only[at] += u64::from(fits && alone);
        }
    }

    /// Tells whether the column contradicts itself: some of its dates can be read in one order only, others only in another.
    #[must_use]
    pub fn contradicts_itself(&self) -> bool {
        self.only.iter().filter(|count| **count > 0).count() > 1
    }

    /// Lists the orders that read the most values: one when the column decides, more when it must be asked, none when it
    /// holds no date at all.
    #[must_use]
    pub fn orders(&self) -> Vec<DateOrder> {
        let most = self.fits.into_iter().max().unwrap_or(0);
        let fitting = Self::ORDERS
            .into_iter()
            .zip(self.fits)
            .filter(|(_, count)| *count == most && most > 0);
        fitting.map(|(order, _)| order).collect()
    }

    /// Tells whether a kind of merge field needs to know the order.
    #[must_use]
    pub fn matters_to(kind: FieldKind) -> bool {
        matches!(kind, FieldKind::Date | FieldKind::Birthday)
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressPart, DateEvidence, DateOrder, Mapping, Target};

    fn orders(values: &[&str]) -> Vec<DateOrder> {
        let mut evidence = DateEvidence::default();
        for value in values {
            evidence.add(value);
        }
        evidence.orders()
    }

    #[test]
    fn dates_that_contradict_each_other_are_told() {
        let contradicts = |values: &[&str]| {
            let mut evidence = DateEvidence::default();
            for value in values {
                evidence.add(value);
            }
            evidence.contradicts_itself()
        };
        assert!(contradicts(&["5/28/1986", "28/5/1986", "1/2/1975"]));
        assert!(contradicts(&["5/28/1986", "5/29/1986", "1986-05-08"]));
        assert!(!contradicts(&["5/28/1986", "1/2/1975", "no date"]));
        assert!(!contradicts(&["1/2/1975", ""]));
    }

    #[test]
    fn an_address_that_is_mapped_in_part_is_named_with_what_it_lacks() {
        let mut mapping = Mapping::default();
        for target in [
            "ADDRESS.addr1",
            "ADDRESS.city",
            "ADDRESS.state",
            "ADDRESS.zip",
        ] {
            mapping.set(target.parse().expect("target"), target);
        }
        let lacking = |mapping: &Mapping| -> Vec<Vec<AddressPart>> {
            let partial = mapping.partial_addresses();
            partial.into_iter().map(|(_, lacking)| lacking).collect()
        };
        assert_eq!(lacking(&mapping), [[AddressPart::Country]]);
        mapping.set("ADDRESS.country".parse().expect("target"), "Country");
        assert!(lacking(&mapping).is_empty());
        mapping.set("HOME.city".parse().expect("target"), "City");
        let [addr1, _, _, state, zip, country] = AddressPart::ALL;
        assert_eq!(lacking(&mapping), [[addr1, state, zip, country]]);
    }

    #[test]
    fn the_order_of_dates_is_decided_over_the_whole_column_or_asked() {
        assert_eq!(orders(&["5/8/1986", "8/28/1975", ""]), [DateOrder::Mdy]);
        assert_eq!(orders(&["5/8/1986", "28.8.1975"]), [DateOrder::Dmy]);
        assert_eq!(orders(&["1986-05-08T10:00:00Z"]), [DateOrder::Ymd]);
        assert_eq!(
            orders(&["5/8/1986", "1/2/1975"]),
            [DateOrder::Mdy, DateOrder::Dmy]
        );
        assert_eq!(orders(&["never", ""]), []);
    }

    #[test]
    fn what_is_no_day_of_the_calendar_is_no_date() {
        assert_eq!(DateOrder::Mdy.read("2/30/2001"), None);
        assert_eq!(DateOrder::Ymd.read("2001-02-28"), Some((2001, 2, 28)));
        assert_eq!(DateOrder::Dmy.read("29/2"), Some((0, 2, 29)));
    }

    #[test]
    fn a_target_reads_what_it_writes() {
        for text in ["email", "language", "FNAME", "ADDRESS.addr1"] {
            assert_eq!(text.parse::<Target>().expect("valid").to_string(), text);
        }
        assert!("ADDRESS.street".parse::<Target>().is_err());
    }
}
