//! The generated people: made one by one from the seed and a number, so that a million of them need no memory.

use std::borrow::Cow;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::dice::{Dice, mix};
use super::locales::{LOCALES, Locale, plain};
use super::options::Options;

/// Reserved for examples, so no generated address can ever reach anyone.
const DOMAINS: [&str; 5] = [
    "example.com",
    "example.org",
    "example.net",
    "brev.example",
    "mail.example",
];

/// The columns, as a folder source names them.
pub(super) const HEADER: &str = "ProfileId,EMail,FirstName,LastName,Phone,Birthday,StreetAddress,City,State,PostCode,Country,Language,Email Subscriber,Loyalty Tier,CreatedOn";

/// What is wrong with a generated person's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dirt {
    /// Nothing.
    Clean,
    /// There is none.
    Empty,
    /// It is no address.
    Invalid,
    /// It is the one of the person before, in another case.
    Double,
    /// Blanks stand before it.
    Blanks,
}

/// One generated person.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) number: u64,
    /// As the source has it, dirt included.
    pub(super) email: String,
    pub(super) dirt: Dirt,
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    pub(super) phone: String,
    /// Year, month, day.
    pub(super) born: (u64, u64, u64),
    pub(super) street: String,
    pub(super) place: (&'static str, &'static str, String),
    pub(super) language: &'static str,
    pub(super) country: &'static str,
    pub(super) consents: bool,
    tier: &'static str,
    created: (u64, u64, u64),
    /// Where on 0..1 the person falls, for segments and for being in the audience already.
    pub(super) lot: f64,
}

/// Makes person `number` (from 0) of a seed.
pub(super) fn person(seed: u64, number: u64) -> Person {
    let mut dice = Dice::of(seed, number);
    let locale = locale_of(dice.below(100));
    let first = dice.pick(locale.first).unwrap_or_default();
    let last = dice.pick(locale.last).unwrap_or_default();
    let (city, region, post) = dice.pick(locale.places).unwrap_or_default();
    let dirt = dirt_of(dice.unit(), number);
    let person = Person {
        number,
        email: String::new(),
        dirt,
        first,
        last,
        phone: format!(
            "{} {:03} {:03}",
            locale.phone,
            dice.below(1000),
            dice.below(1000)
        ),
        born: (
            1940 + dice.below(66),
            1 + dice.below(12),
            1 + dice.below(28),
        ),
        street: format!(
            "{} {}",
            dice.pick(locale.streets).unwrap_or_default(),
            1 + dice.below(120)
        ),
        place: (
            city,
            region,
            format!("{post}{:0width$}", dice.below(100), width = 5 - post.len()),
        ),
        language: locale.language,
        country: locale.country,
        consents: dice.unit() < 0.72,
        tier: match dice.below(100) {
            0..=7 => "gold",
            8..=29 => "silver",
            _ => "bronze",
        },
        created: (
            2015 + dice.below(11),
            1 + dice.below(12),
            1 + dice.below(28),
        ),
        lot: dice.unit(),
    };
    Person {
        email: email_of(seed, &person),
        ..person
    }
}

fn locale_of(mut drawn: u64) -> &'static Locale {
    for locale in &LOCALES {
        if drawn < locale.share {
            return locale;
        }
        drawn -= locale.share;
    }
    &LOCALES[0]
}

/// About 2.4 % of the people carry some dirt.
fn dirt_of(drawn: f64, number: u64) -> Dirt {
    match drawn {
        ..0.006 => Dirt::Empty,
        0.006..0.012 => Dirt::Invalid,
        0.012..0.019 if number > 0 => Dirt::Double,
        0.019..0.024 => Dirt::Blanks,
        _ => Dirt::Clean,
    }
}

fn email_of(seed: u64, person: &Person) -> String {
    // The number makes the address this person's own.
    let own = |number: u64, first: &str, last: &str| {
        let domain = DOMAINS[usize::try_from(number % 5).unwrap_or(0)];
        format!("{}.{}{number}@{domain}", plain(first), plain(last))
    };
    let clean = own(person.number, person.first, person.last);
    match person.dirt {
        Dirt::Clean => clean,
        Dirt::Empty => String::new(),
        Dirt::Blanks => format!("  {clean}"),
        Dirt::Invalid => match person.number % 4 {
            0 => clean.replace('@', " at "),
            1 => clean.replace('@', "@@"),
            2 => clean.split('@').next().unwrap_or_default().to_owned(),
            _ => format!("{}@", plain(person.first)),
        },
        Dirt::Double => {
            // Its own dirt does not matter: the names of the one before are enough to write the address.
            let mut dice = Dice::of(seed, person.number - 1);
            let locale = locale_of(dice.below(100));
            let first = dice.pick(locale.first).unwrap_or_default();
            let last = dice.pick(locale.last).unwrap_or_default();
            own(person.number - 1, first, last).to_uppercase()
        }
    }
}

impl Person {
    /// The id of this person in every kind of source: 32 hexadecimal digits, as Customer Insights gives them.
    pub(super) fn id(&self) -> String {
        format!(
            "{:016x}{:016x}",
            mix(0x1d, self.number),
            mix(0x2d, self.number)
        )
    }

    /// The values under `HEADER`.
    pub(super) fn cells(&self) -> [Cow<'_, str>; 15] {
        let day = |(year, month, day): (u64, u64, u64)| format!("{year}-{month:02}-{day:02}");
        let (city, region, post) = &self.place;
        [
            self.id().into(),
            self.email.as_str().into(),
            self.first.into(),
            self.last.into(),
            self.phone.as_str().into(),
            day(self.born).into(),
            self.street.as_str().into(),
            (*city).into(),
            (*region).into(),
            post.as_str().into(),
            self.country.into(),
            self.language.into(),
            if self.consents { "Yes" } else { "No" }.into(),
            self.tier.into(),
            day(self.created).into(),
        ]
    }
}

/// A generated segment: its name and who is in it.
pub(super) type Segment = (&'static str, fn(&Person) -> bool);

/// From nearly everyone to a handful, overlapping.
pub(super) const SEGMENTS: [Segment; 8] = [
    ("Nyhetsbrev", |person| person.lot < 0.62),
    ("Active customers", |person| {
        person.lot > 0.3 && person.lot < 0.75
    }),
    ("Norden", |person| person.country == "SE"),
    ("Silver and gold", |person| person.tier != "bronze"),
    ("Gold", |person| person.tier == "gold"),
    ("Churn risk", |person| person.lot > 0.97),
    ("Födelsedag i maj", |person| person.born.1 == 5),
    ("VIP", |person| person.number % 400 == 7),
];

/// Writes the generated people as a folder source: `profiles.csv` and one file of ids per segment in `segments/`.
///
/// # Errors
///
/// Fails when a file cannot be written.
pub fn write_people(options: &Options, folder: &Path) -> io::Result<()> {
    let segments = folder.join("segments");
    fs::create_dir_all(&segments)?;
    let mut profiles = create(&folder.join("profiles.csv"), HEADER)?;
    let mut members = SEGMENTS
        .iter()
        .map(|(name, holds)| {
            let file = create(&segments.join(format!("{name}.csv")), "ProfileId")?;
            Ok((file, holds))
        })
        .collect::<io::Result<Vec<_>>>()?;
    for number in 0..options.profiles {
        let person = person(options.seed, number);
        writeln!(profiles, "{}", person.cells().join(","))?;
        for (file, holds) in &mut members {
            if holds(&person) {
                writeln!(file, "{}", person.id())?;
            }
        }
    }
    profiles.flush()?;
    members.iter_mut().try_for_each(|(file, _)| file.flush())
}

fn create(path: &Path, header: &str) -> io::Result<BufWriter<fs::File>> {
    let mut file = BufWriter::new(fs::File::create(path)?);
    writeln!(file, "{header}")?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_people() {
        let text = |seed| format!("{:?}", person(seed, 17));
        assert_eq!(text(1), text(1));
        assert_ne!(text(1), text(2));
    }

    #[test]
    fn people_carry_a_realistic_share_of_dirt() {
        let people: Vec<_> = (0..5000).map(|number| person(1, number)).collect();
        let dirty = people.iter().filter(|one| one.dirt != Dirt::Clean).count();
        assert!((50..=150).contains(&dirty), "{dirty} of 5,000");
        for dirt in [Dirt::Empty, Dirt::Invalid, Dirt::Double, Dirt::Blanks] {
            assert!(people.iter().any(|one| one.dirt == dirt), "{dirt:?}");
        }
        let clean: HashSet<_> = people
            .iter()
            .filter(|one| one.dirt == Dirt::Clean)
            .map(|one| one.email.as_str())
            .collect();
        let count = people.iter().filter(|one| one.dirt == Dirt::Clean).count();
        assert_eq!(clean.len(), count, "clean addresses are all different");
    }

    #[test]
    fn a_double_is_the_person_before_in_another_case() {
        let double = (1..5000)
            .map(|number| person(1, number))
            .find(|one| one.dirt == Dirt::Double && person(1, one.number - 1).dirt == Dirt::Clean)
            .expect("a double");
        let before = person(1, double.number - 1);
        assert_ne!(double.email, before.email);
        assert_eq!(double.email.to_lowercase(), before.email);
    }

    #[test]
    fn a_folder_source_has_overlapping_segments_of_very_different_size() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options {
            profiles: 2000,
            ..Options::default()
        };
        write_people(&options, folder.path()).expect("files");
        let profiles = fs::read_to_string(folder.path().join("profiles.csv")).expect("profiles");
        assert_eq!(profiles.lines().count(), 2001);
        let columns = HEADER.split(',').count();
        assert!(
            profiles
                .lines()
                .all(|line| line.split(',').count() == columns)
        );
        assert!(
            profiles.contains("Åsa") && profiles.contains("Björn") && profiles.contains("Łukasz")
        );
        let sizes: Vec<_> = SEGMENTS
            .iter()
            .map(|(name, _)| {
                let path = folder.path().join("segments").join(format!("{name}.csv"));
                fs::read_to_string(path).expect("a segment").lines().count() - 1
            })
            .collect();
        let largest = sizes.iter().max().copied().unwrap_or(0);
        let smallest = sizes.iter().min().copied().unwrap_or(0);
        assert!(smallest > 0 && largest > 100 * smallest, "{sizes:?}");
        assert!(sizes.iter().sum::<usize>() > 2000, "segments overlap");
    }
}
