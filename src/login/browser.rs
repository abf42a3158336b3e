use std::time::Duration;

use super::error::{Error, Result};
use super::keyring::aside;

/// Browsers that would draw over our own terminal.
const TEXT_BROWSERS: [&str; 8] = [
    "www-browser",
    "links",
    "links2",
    "elinks",
    "lynx",
    "w3m",
    "browsh",
    "carbonyl",
];

/// Starting a browser takes a moment; longer than this means that it runs in the foreground, and so has been opened.
const LIMIT: Duration = Duration::from_secs(10);

/// Why no browser can be opened in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrowserObstacle {
    /// `BROWSER` names one that would draw over the terminal.
    TextBrowser,
    /// The person sits at another machine.
    Remote,
    /// There is no display.
    NoDisplay,
}

/// Tells why no browser can be opened in this session, where that is so.
#[must_use]
pub fn browser_obstacle() -> Option<BrowserObstacle> {
    let variable = |name: &str| std::env::var(name).ok();
    find_obstacle(cfg!(target_os = "linux"), on_wsl(), variable)
}

/// Opens a page in the person's browser, without a word on the terminal.
///
/// # Errors
/// [`Error::NoBrowser`] when this session has none: no display, a remote session, or a text browser;
/// [`Error::OpenBrowser`] when the one it has did not open.
pub async fn open_browser(url: &str) -> Result<()> {
    if let Some(why) = browser_obstacle() {
        return Err(Error::NoBrowser(why));
    }
    let url = url.to_owned();
    match aside(LIMIT, move || webbrowser::open(&url)).await? {
        Some(outcome) => outcome.map_err(Error::OpenBrowser),
        None => Ok(()),
    }
}

/// Tells whether a person sits at another machine than this one, and chose no browser for it.
#[must_use]
pub fn is_remote() -> bool {
    let has = |name: &str| std::env::var(name).is_ok_and(|value| !value.trim().is_empty());
    (has("SSH_CONNECTION") || has("SSH_TTY")) && !has("BROWSER")
}

/// Tells why no browser can be opened. `BROWSER` names one that the person chose, also for remote sessions.
fn find_obstacle(
    linux: bool,
    wsl: bool,
    variable: impl Fn(&str) -> Option<String>,
) -> Option<BrowserObstacle> {
    let has = |name: &str| variable(name).is_some_and(|value| !value.trim().is_empty());
    if linux && has("BROWSER") {
        let chosen = variable("BROWSER").unwrap_or_default();
        let text = chosen.split(':').any(is_text_browser);
        return text.then_some(BrowserObstacle::TextBrowser);
    }
    if has("SSH_CONNECTION") || has("SSH_TTY") {
        return Some(BrowserObstacle::Remote);
    }
    if linux && !wsl && !has("DISPLAY") && !has("WAYLAND_DISPLAY") {
        return Some(BrowserObstacle::NoDisplay);
    }
    None
}

fn is_text_browser(command: &str) -> bool {
    let program = command.split_whitespace().next().unwrap_or_default();
    let name = program.rsplit('/').next().unwrap_or_default();
    TEXT_BROWSERS.contains(&name)
}

/// Windows' own browser can be reached from its Linux subsystem without a display.
fn on_wsl() -> bool {
    cfg!(target_os = "linux")
        && std::path::Path::new("/proc/sys/fs/binfmt_misc/WSLInterop").exists()
}

#[cfg(test)]
mod tests {
    use super::find_obstacle;

    fn obstacle(linux: bool, set: &[(&str, &str)]) -> bool {
        let variable = |name: &str| {
            let found = set.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        find_obstacle(linux, false, variable).is_some()
    }

    #[test]
    fn a_browser_needs_a_display_of_this_machine_or_a_choice() {
        for (stuck, set) in [
            (true, &[][..]),
            (false, &[("DISPLAY", ":0")][..]),
            (false, &[("WAYLAND_DISPLAY", "wayland-0")]),
            (true, &[("DISPLAY", "")]),
            (true, &[("DISPLAY", ":10"), ("SSH_CONNECTION", "1 2 3 4")]),
            (
                false,
                &[("BROWSER", "/opt/open-on-my-desk"), ("SSH_TTY", "x")],
            ),
            (true, &[("BROWSER", "/usr/bin/w3m -o x"), ("DISPLAY", ":0")]),
        ] {
            assert_eq!(obstacle(true, set), stuck, "{set:?}");
        }
        assert!(!obstacle(false, &[]));
        assert!(obstacle(false, &[("SSH_CONNECTION", "1 2 3 4")]));
    }
}
