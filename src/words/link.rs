//! Texts that lead somewhere: what a terminal that knows links (OSC 8) takes, and any other passes over.
//!
//! <https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>

use std::path::Path;

use url::Url;

/// Makes a text lead to an address. Whoever breaks the text makes each part of it lead there: a terminal takes parts of the
/// same name and address for one.
#[must_use]
pub fn link(shown: &str, address: &str) -> String {
    format!("\u{1b}]8;id=segue;{address}\u{1b}\\{shown}\u{1b}]8;;\u{1b}\\")
}

/// Finds the address that a web address or the full path of a file has for a terminal: letters, digits and signs only, so
/// that nothing in it can steer one. Anything else leads nowhere.
#[must_use]
pub fn address(to: &str) -> Option<String> {
    if to.starts_with("http://") || to.starts_with("https://") {
        return Url::parse(to).ok().map(String::from);
    }
    let mut file = Url::from_file_path(Path::new(to)).ok()?;
    // So that a terminal on another computer knows that the file is not on its own.
    if let Some(host) = host() {
        let _without = file.set_host(Some(&host));
    }
    Some(file.into())
}

#[cfg(unix)]
fn host() -> Option<String> {
    let system = rustix::system::uname();
    system.nodename().to_str().ok().map(str::to_owned)
}

#[cfg(not(unix))]
fn host() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::{address, link};

    #[test]
    fn a_link_is_closed_behind_its_text() {
        let shown = link("here", "https://x.example/");
        let wanted = "\u{1b}]8;id=segue;https://x.example/\u{1b}\\here\u{1b}]8;;\u{1b}\\";
        assert_eq!(shown, wanted);
    }

    #[test]
    fn an_address_is_of_the_web_or_of_a_file_and_nothing_in_it_steers_a_terminal() {
        let of = |to: &str| address(to).unwrap_or_default();
        assert_eq!(of("https://x.example/å b"), "https://x.example/%C3%A5%20b");
        for nasty in ["https://x.example/\u{1b}\\\u{7}", "/tmp/\u{1b}]0;x\u{7}"] {
            let found = of(nasty);
            assert!(!found.is_empty() && found.bytes().all(|byte| (0x21..0x7f).contains(&byte)));
        }
        for nowhere in ["", "a1b2c3", "reports/one.json", "javascript:alert(1)"] {
            assert_eq!(address(nowhere), None, "{nowhere}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_named_with_the_computer_that_has_it() {
        let found = address("/srv/a b/report.json").expect("an address");
        let host = rustix::system::uname();
        let host = host.nodename().to_str().expect("a name").to_lowercase();
        let host = if host == "localhost" { "" } else { &host };
        assert_eq!(found, format!("file://{host}/srv/a%20b/report.json"));
    }
}
