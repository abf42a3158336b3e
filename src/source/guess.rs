//! What attributes mean, told from their names, English and Swedish, and from sampled values.

use std::collections::HashSet;

use crate::domain::{DateOrder, Email, Semantic, looks_like_consent};

/// Names of id columns, the likeliest first. Compared by [`fold`].
const IDS: [&str; 20] = [
    "customerprofileid",
    "msdyncicustomerid",
    "customerid",
    "profileid",
    "contactid",
    "kundid",
    "profilid",
    "kontaktid",
    "personid",
    "memberid",
    "medlemsid",
    "subscriberid",
    "userid",
    "crmid",
    "id",
    "guid",
    "customernumber",
    "kundnummer",
    "kundnr",
    "medlemsnummer",
];

/// What each meaning is called; compared by [`fold`].
const NAMES: [(Semantic, &[&str]); 7] = [
    (
        Semantic::Email,
        &[
            "email",
            "emailaddress",
            "emailaddress1",
            "mail",
            "epost",
            "epostadress",
            "mejl",
            "mejladress",
            "mailadress",
        ],
    ),
    (
        Semantic::FirstName,
        &[
            "firstname",
            "fname",
            "givenname",
            "forename",
            "fornamn",
            "tilltalsnamn",
        ],
    ),
    (
        Semantic::LastName,
        &[
            "lastname",
            "lname",
            "surname",
            "familyname",
            "efternamn",
            "familjenamn",
        ],
    ),
    (
        Semantic::Phone,
        &[
            "phone",
            "phonenumber",
            "telephone",
            "telephone1",
            "telephonenumber",
            "mobile",
            "mobilephone",
            "mobilenumber",
            "cellphone",
            "telefon",
            "telefonnummer",
            "mobil",
            "mobilnummer",
            "mobiltelefon",
            "tel",
        ],
    ),
    (
        Semantic::Language,
        &[
            "language",
            "languagecode",
            "preferredlanguage",
            "lang",
            "locale",
            "sprak",
            "sprakkod",
        ],
    ),
    (
        Semantic::Birthday,
        &[
            "birthday",
            "birthdate",
            "dateofbirth",
            "dob",
            "fodelsedatum",
            "fodelsedag",
            "fodd",
        ],
    ),
    (
        Semantic::Country,
        &[
            "country",
            "countryregion",
            "countryorregion",
            "countrycode",
            "address1country",
            "land",
            "landskod",
        ],
    ),
];

/// Reduces a name to what counts in it: lower case, no blanks or signs, å and ä as a, ö as o.
pub(super) fn fold(name: &str) -> String {
    let letters = name.chars().flat_map(char::to_lowercase);
    letters
        .filter(|c| c.is_alphanumeric())
        .map(|c| match c {
            'å' | 'ä' => 'a',
            'ö' => 'o',
            'é' => 'e',
            c => c,
        })
        .collect()
}

/// Tells whether a name is one that id columns have.
pub(super) fn is_id_name(name: &str) -> bool {
    IDS.contains(&fold(name).as_str())
}

/// Finds the column with the likeliest name whose sampled values tell rows apart.
pub(super) fn id_column(columns: &[String], rows: &[Vec<String>]) -> Option<usize> {
    let folded: Vec<String> = columns.iter().map(|name| fold(name)).collect();
    let named = IDS
        .iter()
        .filter_map(|id| folded.iter().position(|name| name == id));
    named.into_iter().find(|at| tells_apart(rows, *at))
}

/// Tells whether a value is a long number that a spreadsheet rounded: `1.2E+14`.
pub(super) fn is_rounded(value: &str) -> bool {
    let value = value
        .trim()
        .strip_prefix(['+', '-'])
        .unwrap_or(value.trim());
    let Some((number, power)) = value.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    // `7E10` can well be an id; spreadsheets write the sign.
    let power = power.strip_prefix('+');
    digits(whole) && digits(part) && power.is_some_and(digits)
}

fn tells_apart(rows: &[Vec<String>], at: usize) -> bool {
    let values = rows
        .iter()
        .filter_map(|row| row.get(at))
        .map(|value| value.trim());
    let values: Vec<&str> = values.filter(|value| !value.is_empty()).collect();
    let distinct = values.iter().collect::<HashSet<_>>().len();
    // The same id twice is tolerated; a column of which most values come back is a key of something else.
    let needed = if values.len() < 20 {
        values.len().div_ceil(2)
    } else {
        values.len() * 4 / 5
    };
    let rounded = values.iter().any(|value| is_rounded(value));
    rows.is_empty() || (distinct >= needed.max(1) && !rounded)
}

/// Gives each column its meaning. E-mail, first and last name go to the one column that fits best.
pub(super) fn semantics(columns: &[(&str, Vec<&str>)], id: Option<&str>) -> Vec<Option<Semantic>> {
    let mut scored: Vec<Option<(Semantic, u32)>> = columns
        .iter()
        .map(|(name, values)| {
            if id == Some(*name) {
                Some((Semantic::Id, u32::MAX))
            } else {
                meaning(name, values)
            }
        })
        .collect();
    for single in [Semantic::Email, Semantic::FirstName, Semantic::LastName] {
        let best = (0..scored.len())
            .rev()
            .filter(|at| scored[*at].is_some_and(|(semantic, _)| semantic == single))
            .max_by_key(|at| scored[*at].map(|(_, score)| score));
        for (at, guess) in scored.iter_mut().enumerate() {
            if Some(at) != best && guess.is_some_and(|(semantic, _)| semantic == single) {
                *guess = None;
            }
        }
    }
    scored
        .into_iter()
        .map(|guess| guess.map(|(semantic, _)| semantic))
        .collect()
}

/// Gives the meaning of one column and how sure it is.
fn meaning(name: &str, values: &[&str]) -> Option<(Semantic, u32)> {
    let addresses = share(values, |value| Email::parse(value).is_ok());
    if !values.is_empty() && is_address(name, values) {
        let (_, named) = by_name(name)
            .filter(|(semantic, _)| *semantic == Semantic::Email)
            .unwrap_or((Semantic::Email, 0));
        return Some((Semantic::Email, 1000 + addresses.unwrap_or(0) + named));
    }
    if looks_like_consent(name) {
        return Some((Semantic::Consent, 100));
    }
    let (semantic, score) = by_name(name)?;
    let fits = match semantic {
        // Without any value the name alone decides; with values, they do.
        Semantic::Email => addresses.is_none(),
        Semantic::Phone => {
            let digits = |value: &str| value.bytes().filter(u8::is_ascii_digit).count();
            half(values, |value| digits(value) >= 5) && !values.iter().any(|one| is_rounded(one))
        }
        Semantic::Birthday => half(values, is_date),
        Semantic::FirstName | Semantic::LastName | Semantic::Country => {
            half(values, |value| value.chars().any(char::is_alphabetic))
        }
        Semantic::Language => half(values, |value| value.len() <= 30),
        Semantic::Id | Semantic::Consent => true,
    };
    fits.then_some((semantic, score))
}

/// Tells whether most of a column's values are addresses, or without values its name is one that addresses have.
pub(super) fn is_address(name: &str, values: &[&str]) -> bool {
    match share(values, |value| Email::parse(value).is_ok()) {
        Some(share) => share >= 50,
        None => by_name(name).is_some_and(|(semantic, _)| semantic == Semantic::Email),
    }
}

/// Compares a name as a whole, then its end: "Contact First Name" is a first name. "Full name" is no `lname`.
fn by_name(name: &str) -> Option<(Semantic, u32)> {
    let name = fold(name);
    let exact = NAMES
        .iter()
        .find(|(_, names)| names.contains(&name.as_str()));
    if let Some((semantic, _)) = exact {
        return Some((*semantic, 20));
    }
    let ends =
        |known: &&str| known.len() > 4 && !known.ends_with("lname") && name.ends_with(*known);
    let ending = NAMES.iter().find(|(_, names)| names.iter().any(ends));
    ending.map(|(semantic, _)| (*semantic, 10))
}

fn is_date(value: &str) -> bool {
    let orders = [DateOrder::Ymd, DateOrder::Mdy, DateOrder::Dmy];
    orders.iter().any(|order| order.read(value).is_some())
}

fn half(values: &[&str], fits: impl Fn(&str) -> bool) -> bool {
    share(values, fits).is_none_or(|share| share >= 50)
}

/// Counts what share of the values fits, in per cent; `None` without values.
fn share(values: &[&str], fits: impl Fn(&str) -> bool) -> Option<u32> {
    let fitting = values.iter().filter(|value| fits(value)).count();
    let share = (fitting * 100).checked_div(values.len())?;
    u32::try_from(share).ok()
}

#[cfg(test)]
mod tests {
    use super::{Semantic, id_column, is_rounded, semantics};

    fn guess(columns: &[(&str, &[&str])]) -> Vec<Option<Semantic>> {
        let columns: Vec<_> = columns
            .iter()
            .map(|(name, values)| (*name, values.to_vec()))
            .collect();
        semantics(&columns, None)
    }

    #[test]
    fn names_are_understood_in_english_and_swedish() {
        let expected = [
            ("E-post", "EMail", Semantic::Email),
            ("Förnamn", "First Name", Semantic::FirstName),
            ("Efternamn", "contact_lastname", Semantic::LastName),
            ("Mobil", "Telephone", Semantic::Phone),
            ("Språk", "preferred-language", Semantic::Language),
            ("Födelsedatum", "DateOfBirth", Semantic::Birthday),
            ("Land", "Country", Semantic::Country),
            ("Samtycke nyhetsbrev", "Email Subscriber", Semantic::Consent),
        ];
        for (swedish, english, semantic) in expected {
            assert_eq!(guess(&[(swedish, &[])]), [Some(semantic)], "{swedish}");
            assert_eq!(guess(&[(english, &[])]), [Some(semantic)], "{english}");
        }
        assert_eq!(
            guess(&[("FullName", &["Bo Ek"]), ("CompanyName", &["Ek AB"])]),
            [None, None]
        );
    }

    #[test]
    fn a_column_of_addresses_is_e_mail_whatever_its_name() {
        let addresses: &[&str] = &["asa@exempel.se", "bo@exempel.se", "-"];
        assert_eq!(guess(&[("kontakt", addresses)]), [Some(Semantic::Email)]);
        assert_eq!(
            guess(&[("newsletter subscription", addresses)]),
            [Some(Semantic::Email)]
        );
    }

    #[test]
    fn a_column_named_email_without_addresses_is_not_e_mail() {
        assert_eq!(
            guess(&[("email", &["yes", "no"]), ("birthday", &["Gävle"])]),
            [None, None]
        );
        assert_eq!(guess(&[("Mobil", &["iPhone", "Android"])]), [None]);
    }

    #[test]
    fn one_column_is_the_e_mail_and_the_best_one_wins() {
        let found = guess(&[
            ("work", &["a@exempel.se", "?"]),
            ("E-post", &["a@exempel.se", "b@exempel.se"]),
            ("second", &["a@exempel.se", "b@exempel.se"]),
            ("Contact First Name", &["Bo"]),
            ("FirstName", &["Bo"]),
        ]);
        let first = Some(Semantic::FirstName);
        assert_eq!(found, [None, Some(Semantic::Email), None, None, first]);
    }

    #[test]
    fn long_numbers_that_a_spreadsheet_rounded_are_neither_ids_nor_phones() {
        let rounded: &[&str] = &["4.67012E+10", "070-1234567"];
        assert_eq!(guess(&[("Mobil", rounded)]), [None]);
        assert_eq!(guess(&[("Mobil", &rounded[1..])]), [Some(Semantic::Phone)]);
        let rows = [["1.2E+14"], ["1,3E+14"], ["3"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(id_column(&["Id".to_owned()], &rows), None);
        assert_eq!(id_column(&["Id".to_owned()], &rows[2..]), Some(0));
        for id in ["7E10", "1.2.3E+4", "E+4", "46701234567", "1.2E+", "1E+4x"] {
            assert!(!is_rounded(id), "{id}");
        }
    }

    #[test]
    fn an_id_column_tells_rows_apart() {
        let columns = ["CustomerId", "Id"].map(str::to_owned);
        let rows = |values: &[(&str, &str)]| -> Vec<Vec<String>> {
            values
                .iter()
                .map(|(a, b)| vec![(*a).to_owned(), (*b).to_owned()])
                .collect()
        };
        assert_eq!(
            id_column(&columns, &rows(&[("c1", "1"), ("c2", "2")])),
            Some(0)
        );
        let orders = rows(&[
            ("c1", "1"),
            ("c1", "2"),
            ("c1", "3"),
            ("c1", "4"),
            ("c1", "5"),
        ]);
        assert_eq!(id_column(&columns, &orders), Some(1));
        assert_eq!(id_column(&columns, &[]), Some(0));
        assert_eq!(id_column(&columns, &rows(&[("", ""), ("", "")])), None);
    }
}
