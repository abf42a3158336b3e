//! Which name was likely meant by one that is none.

/// Finds the name that was likely meant, as clap does for its own.
#[must_use]
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.trim().to_lowercase();
    let alike = |name: &&str| strsim::jaro(&typed, &name.trim().to_lowercase());
    let likeliest = names
        .into_iter()
        .map(|name| (alike(&name), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    likeliest.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_name_that_is_most_alike_was_meant_if_it_is_alike_at_all() {
        let names = ["history", "home", "help"];
        assert_eq!(nearest("Histroy", names), Some("history"));
        assert_eq!(nearest("hom", names), Some("home"));
        assert_eq!(nearest("export", names), None);
        let names = ["Spring newsletter", "Autumn", "VIP"];
        assert_eq!(nearest("sprng newsleter", names), Some("Spring newsletter"));
        assert_eq!(nearest("winter", ["VIP"]), None);
    }
}
