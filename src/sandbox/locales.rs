//! Names and places by language, for the generated people. Tables only.

/// What people of one language are called and where they live.
#[derive(Debug)]
pub(super) struct Locale {
    /// Two letters, as Mailchimp writes a language.
    pub(super) language: &'static str,
    /// Two letters, as Mailchimp writes a country.
    pub(super) country: &'static str,
    /// How many of a hundred people.
    pub(super) share: u64,
    pub(super) first: &'static [&'static str],
    pub(super) last: &'static [&'static str],
    pub(super) streets: &'static [&'static str],
    /// City, region, start of the postal code.
    pub(super) places: &'static [(&'static str, &'static str, &'static str)],
    /// How a phone number starts.
    pub(super) phone: &'static str,
}

/// All languages; the shares add up to a hundred.
pub(super) const LOCALES: [Locale; 4] = [
    Locale {
        language: "sv",
        country: "SE",
        share: 48,
        first: &[
            "Åsa", "Anders", "Björn", "Elin", "Erik", "Eva", "Göran", "Håkan", "Ingrid", "Jörgen",
            "Karin", "Lars", "Linnéa", "Märta", "Nils", "Oskar", "Örjan", "Pär", "Sofia", "Ulla",
        ],
        last: &[
            "Åberg",
            "Andersson",
            "Åström",
            "Bäckström",
            "Ekström",
            "Engström",
            "Forsgren",
            "Grönlund",
            "Hägg",
            "Holmgren",
            "Johansson",
            "Karlsson",
            "Lindqvist",
            "Löfgren",
            "Nordström",
            "Nyström",
            "Öberg",
            "Öhman",
            "Sjögren",
            "Wallin",
        ],
        streets: &[
            "Ängsvägen",
            "Björkgatan",
            "Kungsgatan",
            "Storgatan",
            "Östra Hamngatan",
        ],
        places: &[
            ("Stockholm", "Stockholm", "11"),
            ("Göteborg", "Västra Götaland", "41"),
            ("Malmö", "Skåne", "21"),
            ("Umeå", "Västerbotten", "90"),
            ("Örebro", "Örebro", "70"),
            ("Växjö", "Kronoberg", "35"),
        ],
        phone: "+46 70",
    },
    Locale {
        language: "en",
        country: "GB",
        share: 26,
        first: &[
            "Abigail",
            "Amelia",
            "Charlotte",
            "Daniel",
            "Emily",
            "George",
            "Grace",
            "Harry",
            "Isla",
            "Jack",
            "Oliver",
            "Siobhán",
            "Sophie",
            "Thomas",
            "William",
            "Zoë",
        ],
        last: &[
            "Baker",
            "Clarke",
            "Davies",
            "Edwards",
            "Evans",
            "Hughes",
            "Jones",
            "MacDonald",
            "O'Brien",
            "Patel",
            "Robinson",
            "Smith",
            "Taylor",
            "Walker",
            "Wilson",
            "Wright",
        ],
        streets: &[
            "Church Lane",
            "High Street",
            "Mill Road",
            "Station Road",
            "Victoria Street",
        ],
        places: &[
            ("London", "Greater London", "10"),
            ("Leeds", "West Yorkshire", "20"),
            ("Bristol", "Bristol", "30"),
            ("Cardiff", "Cardiff", "40"),
            ("Edinburgh", "Lothian", "50"),
        ],
        phone: "+44 7700",
    },
    Locale {
        language: "de",
        country: "DE",
        share: 16,
        first: &[
            "Anja",
            "Annegret",
            "Björn",
            "Claudia",
            "Friedrich",
            "Günther",
            "Heike",
            "Jürgen",
            "Jörg",
            "Katharina",
            "Lukas",
            "Maximilian",
            "Monika",
            "Renate",
            "Sören",
            "Wolfgang",
        ],
        last: &[
            "Bäcker",
            "Fischer",
            "Groß",
            "Hoffmann",
            "Jäger",
            "Köhler",
            "König",
            "Krüger",
            "Meißner",
            "Müller",
            "Schäfer",
            "Schmidt",
            "Schröder",
            "Weiß",
            "Wagner",
            "Zöllner",
        ],
        streets: &[
            "Bahnhofstraße",
            "Goethestraße",
            "Hauptstraße",
            "Schlossallee",
            "Mühlenweg",
        ],
        places: &[
            ("Berlin", "Berlin", "101"),
            ("München", "Bayern", "803"),
            ("Köln", "Nordrhein-Westfalen", "506"),
            ("Hamburg", "Hamburg", "200"),
            ("Lübeck", "Schleswig-Holstein", "235"),
        ],
        phone: "+49 1511",
    },
    Locale {
        language: "pl",
        country: "PL",
        share: 10,
        first: &[
            "Agnieszka",
            "Andrzej",
            "Bożena",
            "Grażyna",
            "Jakub",
            "Katarzyna",
            "Łukasz",
            "Małgorzata",
            "Michał",
            "Paweł",
            "Stanisław",
            "Świętosława",
            "Wojciech",
            "Zofia",
        ],
        last: &[
            "Dąbrowska",
            "Głowacki",
            "Jabłońska",
            "Kamiński",
            "Kowalczyk",
            "Król",
            "Łuczak",
            "Nowak",
            "Piątek",
            "Sikorska",
            "Szymański",
            "Wiśniewska",
            "Wójcik",
            "Żak",
        ],
        streets: &["Długa", "Kwiatowa", "Łąkowa", "Marszałkowska", "Ogrodowa"],
        places: &[
            ("Warszawa", "Mazowieckie", "00"),
            ("Kraków", "Małopolskie", "30"),
            ("Gdańsk", "Pomorskie", "80"),
            ("Łódź", "Łódzkie", "90"),
            ("Wrocław", "Dolnośląskie", "50"),
        ],
        phone: "+48 512",
    },
];

/// Spells a name with the letters an address takes.
pub(super) fn plain(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'å' | 'ä' | 'ą' | 'á' => text.push('a'),
            'ö' | 'ó' => text.push('o'),
            'ü' => text.push('u'),
            'é' | 'ë' | 'ę' => text.push('e'),
            'ß' => text.push_str("ss"),
            'ł' => text.push('l'),
            'ń' => text.push('n'),
            'ś' => text.push('s'),
            'ć' => text.push('c'),
            'ż' | 'ź' => text.push('z'),
            letter if letter.is_ascii_alphanumeric() => text.push(letter),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_no_list_is_empty() {
        assert_eq!(LOCALES.iter().map(|locale| locale.share).sum::<u64>(), 100);
        for locale in &LOCALES {
            assert!(!locale.first.is_empty() && !locale.last.is_empty());
            assert!(!locale.streets.is_empty() && !locale.places.is_empty());
            for name in locale.first.iter().chain(locale.last) {
                assert!(!plain(name).is_empty(), "{name}");
            }
        }
    }
}
