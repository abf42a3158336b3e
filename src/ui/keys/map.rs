//! The keys as they are pressed and shown: those of the tables, except where a person wished for others.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::tables::{ALWAYS, Binding, EVERYWHERE};
use super::{Command, Context};
use crate::store::{BadKey, KeyWish, NoSuchKey};

/// What the labels of keys that have no name of their own begin with, and those that are named by what they do.
const LABELS: [&str; 2] = ["ui-key-", "key-"];

/// The letters that mean the same with Ctrl everywhere, here or in any terminal: leaving, steps, Enter, Tab, Backspace, and
/// the program put into the background.
const HELD: &[u8] = b"cgqzmijh";

/// A key that was wished for.
#[derive(Debug)]
struct Other {
    name: &'static str,
    code: KeyCode,
    held: bool,
    shown: String,
}

/// The keys. Read once and kept as long as the program, so that whatever draws has them at hand.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::ui) struct Keys {
    others: &'static [Other],
}

impl Keys {
    /// The keys with those that were wished for; what cannot be granted is left out.
    pub fn new(wishes: &[KeyWish]) -> Self {
        let (others, _bad) = granted(wishes);
        Self {
            others: others.leak(),
        }
    }

    /// Lists the keys of a place, in the order of the footer.
    pub fn bindings(self, context: Context) -> impl Iterator<Item = Binding> {
        let all = context.bindings().iter();
        all.map(move |binding| bound(binding, self.others))
    }

    /// Finds what a key asks for in a place. What is written has the key before what is not.
    pub fn command(self, context: Context, event: KeyEvent) -> Command {
        if event.modifiers == KeyModifiers::CONTROL {
            match event.code {
                KeyCode::Up => return Command::StepBack,
                KeyCode::Down => return Command::StepOn,
                KeyCode::Char('g') => return Command::GoTo,
                _ => {}
            }
        }
        let held = event.modifiers.contains(KeyModifiers::CONTROL);
        let plain = !event.modifiers.contains(KeyModifiers::ALT);
        let everywhere: &[Binding] = if context.types() { &[] } else { EVERYWHERE };
        let is_written = |binding: &Binding| !binding.label.is_empty();
        let written = self.bindings(context).filter(is_written);
        let unwritten = self
            .bindings(context)
            .filter(|binding| !is_written(binding));
        written
            .chain(unwritten)
            .chain(everywhere.iter().chain(ALWAYS).copied())
            .find(|binding| plain && binding.code == event.code && binding.held == held)
            .map_or(Command::Type, |binding| binding.command)
    }

    /// How the key is written that has this label.
    pub fn shown(self, label: &str) -> &'static str {
        let mut all = Context::ALL.into_iter();
        let found = all.find_map(|context| {
            let mut bindings = self.bindings(context);
            bindings.find(|binding| binding.label == label)
        });
        found.map_or("", |binding| binding.shown)
    }
}

/// Looks for the wishes that cannot be granted.
pub(in crate::ui) fn bad_keys(wishes: &[KeyWish]) -> Vec<BadKey> {
    granted(wishes).1
}

/// A line of the table with the key that is wished for.
fn bound(binding: &Binding, others: &'static [Other]) -> Binding {
    let mut others = others.iter();
    let other = others.find(|other| name(binding) == Some(other.name));
    match other {
        Some(other) => Binding {
            code: other.code,
            held: other.held,
            shown: &other.shown,
            ..*binding
        },
        None => *binding,
    }
}

/// The name of what a key asks for, if it may have another key: those that go on, go back, move, choose and answer are the
/// same everywhere.
pub(in crate::ui) fn name(binding: &Binding) -> Option<&'static str> {
    let is_letter = matches!(binding.code, KeyCode::Char(c) if c != ' ');
    let answers = matches!(binding.command, Command::Yes | Command::Type);
    let mut labels = LABELS.iter();
    let name = labels.find_map(|label| binding.label.strip_prefix(label));
    name.filter(|name| is_letter && !answers && *name != "no")
}

/// Lists the names of what may have another key.
fn names() -> Vec<&'static str> {
    let all = Context::ALL.into_iter().flat_map(Context::bindings);
    let mut names: Vec<&str> = all.filter_map(name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The names of keys that move, choose, go on and go back in every place.
const EVERYWHERE_THE_SAME: [&str; 18] = [
    "enter",
    "return",
    "esc",
    "escape",
    "space",
    "tab",
    "backtab",
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "pageup",
    "pagedown",
    "backspace",
    "delete",
    "insert",
];

/// Reads the name of a key, and whether Ctrl is held with it: what it writes, one from F2 to F12, or Ctrl with a letter.
fn key(text: &str) -> Result<(KeyCode, bool), NoSuchKey> {
    let lower = text.trim().to_lowercase();
    if EVERYWHERE_THE_SAME.contains(&lower.as_str()) {
        return Err(NoSuchKey::Kept);
    }
    let Some(letter) = lower.strip_prefix("ctrl-") else {
        return alone(text).map(|code| (code, false));
    };
    match *letter.as_bytes() {
        [c] if HELD.contains(&c) => Err(NoSuchKey::Kept),
        [c @ b'a'..=b'z'] => Ok((KeyCode::Char(c.into()), true)),
        _ => Err(NoSuchKey::Key),
    }
}

/// Reads the name of a key that is pressed alone.
fn alone(text: &str) -> Result<KeyCode, NoSuchKey> {
    let mut chars = text.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        let typed = KeyCode::Char(c);
        let is_kept = EVERYWHERE.iter().any(|binding| binding.code == typed);
        // What goes to the left and to the right gives way to the keys of a place.
        return match c {
            'h' | 'l' => Ok(typed),
            _ if is_kept || c.is_ascii_digit() => Err(NoSuchKey::Kept),
            _ if c.is_control() || c.is_whitespace() => Err(NoSuchKey::Key),
            _ => Ok(typed),
        };
    }
    let number = text.strip_prefix(['F', 'f']);
    match number.and_then(|number| number.parse().ok()) {
        Some(1) => Err(NoSuchKey::Kept),
        Some(number @ 2..=12) => Ok(KeyCode::F(number)),
        _ => Err(NoSuchKey::Key),
    }
}

/// Reads what is wished for; gives what can be had, and what cannot.
fn granted(wishes: &[KeyWish]) -> (Vec<Other>, Vec<BadKey>) {
    let (mut others, mut bad) = (Vec::new(), Vec::new());
    let names = names();
    for wish in wishes {
        let name = names.iter().find(|name| **name == wish.command);
        let code = match name {
            Some(_) => key(&wish.key),
            None => Err(NoSuchKey::Command(names.clone())),
        };
        match (name, code) {
            (Some(name), Ok((code, held))) => others.push(Other {
                name,
                code,
                held,
                shown: match code {
                    KeyCode::F(number) => format!("F{number}"),
                    KeyCode::Char(c) if held => format!("Ctrl-{}", c.to_ascii_uppercase()),
                    _ => wish.key.clone(),
                },
            }),
            (_, Err(why)) => bad.push(BadKey {
                wish: wish.clone(),
                why,
            }),
            (None, Ok(_)) => {}
        }
    }
    // The later line gives way, and with its own key back it may be in the way of another.
    let clash = |others: &[Other]| {
        let mut granted = wishes.iter().rev().filter(|wish| {
            let mut others = others.iter();
            others.any(|other| other.name == wish.command)
        });
        granted.find_map(|wish| Some((wish, taken(&wish.command, others)?)))
    };
    while let Some((wish, other)) = clash(&others) {
        others.retain(|other| other.name != wish.command);
        bad.push(BadKey {
            wish: wish.clone(),
            why: NoSuchKey::Taken(other),
        });
    }
    bad.sort_by_key(|bad| bad.wish.line);
    (others, bad)
}

/// Finds who else has the key of a command, in a place that has both.
fn taken(command: &str, others: &[Other]) -> Option<&'static str> {
    let code = |binding: &Binding| {
        let mut others = others.iter();
        let other = others.find(|other| name(binding) == Some(other.name));
        other.map_or((binding.code, binding.held), |other| {
            (other.code, other.held)
        })
    };
    let mut places = Context::ALL.into_iter().map(Context::bindings);
    places.find_map(|bindings| {
        let own = bindings.iter().find(|one| name(one) == Some(command))?;
        let mut written = bindings.iter().filter(|one| !one.label.is_empty());
        let other = written.find(|one| one.command != own.command && code(one) == code(own))?;
        LABELS
            .iter()
            .find_map(|label| other.label.strip_prefix(label))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::{Keys, bad_keys, names};
    use crate::store::{KeyWish, NoSuchKey};
    use crate::ui::keys::{Command, Context};

    fn wishes(all: &[(&str, &str)]) -> Vec<KeyWish> {
        let wishes = (1..).zip(all).map(|(line, (command, key))| KeyWish {
            command: (*command).to_owned(),
            key: (*key).to_owned(),
            line,
        });
        wishes.collect()
    }

    fn why(all: &[(&str, &str)]) -> Vec<(usize, NoSuchKey)> {
        let bad = bad_keys(&wishes(all)).into_iter();
        bad.map(|bad| (bad.wish.line, bad.why)).collect()
    }

    #[test]
    fn a_command_has_the_key_that_was_wished_for_and_no_longer_its_own() {
        let keys = Keys::new(&wishes(&[("run", "w"), ("check", "r"), ("new", "F5")]));
        let at_home = |code: KeyCode| keys.command(Context::Home, code.into());
        assert_eq!(at_home(KeyCode::Char('w')), Command::Run);
        assert_eq!(at_home(KeyCode::Char('r')), Command::Check);
        assert_eq!(at_home(KeyCode::Char('c')), Command::Type);
        assert_eq!(at_home(KeyCode::F(5)), Command::New);
        let shown: Vec<_> = keys.bindings(Context::Home).map(|one| one.shown).collect();
        assert_eq!(shown[..3], ["F5", "w", "r"]);
        assert_eq!(keys.shown("ui-key-run"), "w");
        // In a place where it is typed a letter stays one.
        assert_eq!(
            keys.command(Context::Filter, KeyCode::Char('w').into()),
            Command::Type
        );
    }

    #[test]
    fn a_key_is_refused_that_is_none_is_kept_or_is_another_commands_in_the_same_place() {
        assert_eq!(
            why(&[
                ("run", "w"),
                ("check", "r"),
                ("new", "ö"),
                ("history", "F12")
            ]),
            []
        );
        assert_eq!(why(&[("run", "c")]), [(1, NoSuchKey::Taken("check"))]);
        assert_eq!(
            why(&[("run", "w"), ("check", "w")]),
            [(2, NoSuchKey::Taken("run"))]
        );
        let both = [(1, NoSuchKey::Taken("new")), (2, NoSuchKey::Taken("run"))];
        assert_eq!(why(&[("run", "n"), ("check", "r")]), both);
        for none in [
            "", "xy", "F0", "F13", "ctrl-", "ctrl-ö", "ctrl-xy", "alt-x", "\t",
        ] {
            assert_eq!(why(&[("run", none)]), [(1, NoSuchKey::Key)], "{none:?}");
        }
        for kept in [
            "?", ":", "j", " ", "G", "1", "F1", "Enter", "esc", "PageUp", "Ctrl-C", "ctrl-m",
        ] {
            assert_eq!(why(&[("run", kept)]), [(1, NoSuchKey::Kept)], "{kept:?}");
        }
        for nobody in ["jump", "yes", "no", "next", "step", "choose"] {
            assert_eq!(why(&[(nobody, "x")]), [(1, NoSuchKey::Command(names()))]);
        }
    }

    #[test]
    fn the_readme_has_the_names_of_what_may_have_another_key() {
        let readme = include_str!("../../../README.md");
        let (_, rest) = readme.split_once("The names are `").expect("a list");
        let (list, _) = rest.split_once("`. ").expect("its end");
        let listed: Vec<_> = list
            .split("`,")
            .map(|name| name.trim().trim_matches('`'))
            .collect();
        assert_eq!(listed, names());
    }

    #[test]
    fn what_cannot_be_granted_leaves_the_key_as_it_was() {
        let keys = Keys::new(&wishes(&[("run", "c"), ("new", "ctrl-c")]));
        let at_home = |c: char| keys.command(Context::Home, KeyCode::Char(c).into());
        assert_eq!(
            [at_home('r'), at_home('c'), at_home('n')],
            [Command::Run, Command::Check, Command::New]
        );
    }

    #[test]
    fn no_place_has_one_key_for_two_commands_and_each_name_stands_for_one_key() {
        for context in Context::ALL {
            let written = context
                .bindings()
                .iter()
                .filter(|one| !one.label.is_empty());
            let codes: Vec<_> = written.map(|one| format!("{:?}", one.code)).collect();
            let apart: BTreeSet<_> = codes.iter().collect();
            assert_eq!(apart.len(), codes.len(), "{context:?}");
        }
        let mut keys = BTreeSet::new();
        for binding in Context::ALL.into_iter().flat_map(Context::bindings) {
            keys.extend(super::name(binding).map(|name| (name, binding.shown)));
        }
        let named: Vec<_> = keys.iter().map(|(name, _)| *name).collect();
        assert_eq!(named, names());
    }

    #[test]
    fn a_letter_held_with_control_is_another_key_than_the_letter() {
        let keys = Keys::new(&wishes(&[("run", "ctrl-r"), ("check", "r")]));
        let held = KeyEvent::new(KeyCode::Char('r'), KeyModifiers::CONTROL);
        assert_eq!(keys.command(Context::Home, held), Command::Run);
        assert_eq!(
            keys.command(Context::Home, KeyCode::Char('r').into()),
            Command::Check
        );
        assert_eq!(keys.command(Context::Filter, held), Command::Type);
        assert_eq!(keys.shown("ui-key-run"), "Ctrl-R");
        let mut run = keys.bindings(Context::Home);
        let run = run.find(|one| one.command == Command::Run);
        assert_eq!(run.expect("a key").event(), held);
        assert_eq!(
            why(&[("run", "ctrl-w"), ("check", "Ctrl-W")]),
            [(2, NoSuchKey::Taken("run"))]
        );
    }

    #[test]
    fn keys_held_with_control_are_not_letters() {
        let held = KeyEvent::new(KeyCode::Char('r'), KeyModifiers::CONTROL);
        assert_eq!(Keys::default().command(Context::Home, held), Command::Type);
    }
}
