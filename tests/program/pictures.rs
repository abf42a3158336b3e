//! Draws the pictures of the README from the real program: `assets/pictures.sh` runs this.

mod film;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use vt100::{Color, Screen};

use super::terminal::{Tty, WIZARD};

const CELL: (u32, u32) = (9, 19);
const MARGIN: u32 = 16;
/// The sixteen colours of a common dark palette; the program itself uses whatever the terminal has.
const PALETTE: [&str; 16] = [
    "#3b4252", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d8dee9",
    "#4c566a", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#eceff4",
];
const TEXT: &str = "#d8dee9";
const GROUND: &str = "#20242d";

fn colour(colour: Color, otherwise: &str) -> String {
    match colour {
        Color::Default => otherwise.to_owned(),
        Color::Idx(at) => PALETTE[usize::from(at) % 16].to_owned(),
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
    }
}

/// Neighbouring cells that look the same, as one piece of text.
fn pieces(screen: &Screen, row: u16, cols: u16) -> Vec<(u16, u16, String, String)> {
    let mut pieces: Vec<(u16, u16, String, String)> = Vec::new();
    for col in 0..cols {
        let Some(cell) = screen.cell(row, col) else {
            continue;
        };
        if cell.is_wide_continuation() {
            continue;
        }
        let wide = 1 + u16::from(cell.is_wide());
        let (mut front, mut back) = (colour(cell.fgcolor(), TEXT), colour(cell.bgcolor(), GROUND));
        if cell.inverse() {
            std::mem::swap(&mut front, &mut back);
        }
        let weight = if cell.bold() {
            " font-weight=\"bold\""
        } else {
            ""
        };
        let faint = if cell.dim() { " opacity=\"0.55\"" } else { "" };
        let under = if cell.underline() {
            " text-decoration=\"underline\""
        } else {
            ""
        };
        let look = format!("{front}|{back}|{weight}{faint}{under}");
        let text = if cell.has_contents() {
            cell.contents()
        } else {
            " "
        };
        match pieces.last_mut() {
            Some(last) if last.2 == look => {
                last.1 += wide;
                last.3.push_str(text);
            }
            _ => pieces.push((col, wide, look, text.to_owned())),
        }
    }
    pieces
}

/// How all text is written.
const FONT: &str =
    "font-family=\"ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"15\"";

fn svg(screen: &Screen) -> String {
    let (rows, cols) = screen.size();
    let (width, height) = (
        u32::from(cols) * CELL.0 + 2 * MARGIN,
        u32::from(rows) * CELL.1 + 2 * MARGIN,
    );
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" {FONT}>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{GROUND}\"/>\n"
    );
    for line in 0..rows {
        out += &row(screen, line, MARGIN + u32::from(line) * CELL.1);
    }
    out + "</svg>\n"
}

/// Draws a line of the screen at a height.
fn row(screen: &Screen, line: u16, y: u32) -> String {
    let mut out = String::new();
    for (col, count, look, text) in pieces(screen, line, screen.size().1) {
        let mut parts = look.splitn(3, '|');
        let (front, back) = (parts.next().unwrap_or(TEXT), parts.next().unwrap_or(GROUND));
        let rest = parts.next().unwrap_or_default();
        let x = MARGIN + u32::from(col) * CELL.0;
        let wide = u32::from(count) * CELL.0;
        if back != GROUND {
            let tall = CELL.1;
            writeln!(
                out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{tall}\" fill=\"{back}\"/>"
            )
            .expect("written");
        }
        if text.trim().is_empty() {
            continue;
        }
        let base = y + 14;
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        writeln!(
            out,
            "<text x=\"{x}\" y=\"{base}\" fill=\"{front}\"{rest} textLength=\"{wide}\" \
             lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\">{text}</text>"
        )
        .expect("written");
    }
    out
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/pictures")
}

/// Waits until the screen no longer changes, or, where something on it moves for good, until it is whole.
fn settled(tty: &Tty, name: &str) -> Screen {
    let mut last = tty.with_screen(Screen::clone);
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(100));
        let now = tty.with_screen(Screen::clone);
        let before = std::mem::replace(&mut last, now);
        if svg(&before) == svg(&last) && is_whole(&svg(&last)) {
            break;
        }
    }
    assert!(is_whole(&svg(&last)), "{name} is torn");
    last
}

/// Keeps the screen once it is settled.
fn keep(tty: &Tty, name: &str) {
    let screen = settled(tty, name);
    std::fs::create_dir_all(folder()).expect("folder");
    std::fs::write(folder().join(name), svg(&screen)).expect("written");
}

/// Tells whether every panel is closed, and the line of keys stands below.
fn is_whole(picture: &str) -> bool {
    let count = |corner| picture.matches(corner).count();
    // A question shows all the keys there are.
    let has_keys = ["help</text>", "> no</text>"].map(|last| picture.contains(last));
    count('╭') > 0 && count('╭') == count('╰') && has_keys != [false, false]
}

#[test]
fn the_pictures_are_of_settled_screens_and_know_who_agreed() {
    let pictures = std::fs::read_dir(folder()).expect("pictures");
    for path in pictures.map(|entry| entry.expect("entry").path()) {
        let picture = std::fs::read_to_string(&path).expect("a picture");
        assert!(is_whole(&picture), "{} is torn", path.display());
        assert!(!picture.contains("unknown"), "{}", path.display());
    }
}

#[test]
#[ignore = "writes assets/pictures/*.svg; assets/pictures.sh runs it"]
fn the_pictures_of_the_readme_are_drawn() {
    let args = ["demo", "--profiles", "60000", "--latency", "250ms"];
    let mut tty = Tty::run(&args, 30, 110);
    for (wanted, keys) in &WIZARD[..6] {
        tty.see(wanted);
        tty.press(keys);
    }
    tty.see("Which attribute fills");
    tty.press("\x1b[Z");
    tty.see("A folder of exported files");
    keep(&tty, "export-user.svg");
    tty.press("\r");
    tty.see("Which attribute fills");
    // What the first profiles tell comes a little later.
    tty.see("do not fit");
    keep(&tty, "data-matching.svg");
    tty.press("\r");
    tty.see("Which segments");
    // Active customers, birthdays, gold, Norden; the one between them is switched off.
    tty.press(" jj j jj ");
    tty.see("4 chosen");
    keep(&tty, "segments.svg");
    tty.press("\r");
    tty.see("Which status do new");
    tty.press(" \r");
    tty.see("would give");
    keep(&tty, "review.svg");
    tty.press("e");
    tty.see("export now?");
    tty.press("y");
    tty.see(" left");
    keep(&tty, "export.svg");
    tty.see("Every profile is accounted for.");
    keep(&tty, "report.svg");
    tty.press("\r");
    tty.see("Last run");
    keep(&tty, "home.svg");
    tty.press(":");
    tty.see("Commands");
    keep(&tty, "commands.svg");
    tty.press("\x1b");
    tty.see(": commands");
    tty.press("q");
    assert_eq!(tty.end().0, 0);
}
