//! The film of the README: what a terminal showed at some moments, one after the other, as one picture that moves by itself.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use vt100::Screen;

use super::super::terminal::{Tty, WIZARD};
use super::{CELL, FONT, GROUND, MARGIN, is_whole, row, settled};

/// The most that the film may weigh.
const MOST: usize = 1 << 20;
/// The room below the screen, where the key is shown that is pressed next.
const BELOW: u32 = 30;

/// What was seen, for how long it is shown, and the key that was pressed then.
struct Frame {
    screen: Screen,
    seconds: f64,
    key: &'static str,
}

/// A film that is being taken.
struct Film {
    tty: Tty,
    frames: Vec<Frame>,
}

impl Film {
    /// Waits until something is shown, takes that, and presses a key.
    fn take(&mut self, wanted: &str, seconds: f64, (key, keys): (&'static str, &str)) {
        self.tty.see(wanted);
        let screen = settled(&self.tty, wanted);
        self.frames.push(Frame {
            screen,
            seconds,
            key,
        });
        self.tty.press(keys);
    }

    /// Takes what moves for good, as soon as it is whole.
    fn take_moving(&mut self, seconds: f64) {
        let mut screen = self.tty.with_screen(Screen::clone);
        while !is_whole(&super::svg(&screen)) {
            std::thread::sleep(Duration::from_millis(10));
            screen = self.tty.with_screen(Screen::clone);
        }
        self.frames.push(Frame {
            screen,
            seconds,
            key: "",
        });
    }

    fn shows(&self, wanted: &str) -> bool {
        self.tty
            .with_screen(|screen| screen.contents().contains(wanted))
    }
}

/// Draws the film. Lines that are the same in several frames stand in it once.
fn svg(frames: &[Frame]) -> String {
    let (rows, cols) = frames[0].screen.size();
    let width = u32::from(cols) * CELL.0 + 2 * MARGIN;
    let height = u32::from(rows) * CELL.1 + 2 * MARGIN + BELOW;
    let total: f64 = frames.iter().map(|frame| frame.seconds).sum();
    let (mut defs, mut style, mut shown) = (String::new(), String::new(), String::new());
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut from = 0.0;
    for (at, frame) in frames.iter().enumerate() {
        let to = from + frame.seconds / total * 100.0;
        let before = if at == 0 { "" } else { "0%{visibility:hidden}" };
        writeln!(
            style,
            "#f{at}{{animation-name:k{at}}}\n@keyframes k{at}{{{before}{from:.3}%{{visibility:visible}}\
             {to:.3}%{{visibility:hidden}}}}"
        )
        .expect("written");
        from = to;
        writeln!(shown, "<g id=\"f{at}\" class=\"f\">").expect("written");
        for line in 0..rows {
            let drawn = row(&frame.screen, line, 0);
            if drawn.is_empty() {
                continue;
            }
            let next = known.len();
            let id = *known.entry(drawn.clone()).or_insert_with(|| {
                write!(defs, "<g id=\"r{next}\">\n{drawn}</g>\n").expect("written");
                next
            });
            let y = MARGIN + u32::from(line) * CELL.1;
            writeln!(shown, "<use href=\"#r{id}\" y=\"{y}\"/>").expect("written");
        }
        let (x, y) = (width / 2, height - 16);
        let key = frame.key;
        if !key.is_empty() {
            writeln!(
                shown,
                "<text x=\"{x}\" y=\"{y}\" fill=\"#e5c07b\" text-anchor=\"middle\">{key}</text>"
            )
            .expect("written");
        }
        shown.push_str("</g>\n");
    }
    let last = frames.len() - 1;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" {FONT}>\n<style>\n\
         .f{{visibility:hidden;animation:{total:.1}s step-end infinite}}\n#f{last}{{visibility:visible}}\n{style}\
         @media(prefers-reduced-motion:reduce){{.f{{animation:none}}}}\n</style>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{GROUND}\"/>\n<defs>\n{defs}</defs>\n{shown}</svg>\n"
    )
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo.svg")
}

#[test]
fn the_film_is_light_and_each_of_its_frames_is_a_settled_screen() {
    let film = std::fs::read_to_string(path()).expect("the film");
    assert!(film.len() < MOST, "{} bytes", film.len());
    assert!(!film.contains("unknown"));
    let lines: HashMap<&str, &str> = film
        .split("<g id=\"r")
        .skip(1)
        .filter_map(|line| line.split_once("</g>")?.0.split_once("\">"))
        .collect();
    let frames: Vec<&str> = film.split("class=\"f\">").skip(1).collect();
    assert!(frames.len() >= 12, "{} frames", frames.len());
    for (at, frame) in frames.into_iter().enumerate() {
        let used = frame.split("href=\"#r").skip(1);
        let used = used.filter_map(|rest| lines.get(rest.split_once('"')?.0));
        let used: String = used.copied().collect();
        assert!(is_whole(&used), "frame {at} is torn");
    }
}

#[test]
#[ignore = "writes assets/demo.svg; assets/pictures.sh runs it"]
fn the_film_of_the_readme_is_taken() {
    const ENTER: (&str, &str) = ("Enter", "\r");
    const SPACE: (&str, &str) = ("Space", " ");
    let args = ["demo", "--profiles", "60000", "--latency", "150ms"];
    let mut film = Film {
        tty: Tty::run(&args, 30, 110),
        frames: Vec::new(),
    };
    film.tty.see(WIZARD[0].0);
    film.tty.press("\x1b");
    film.take("makes your first destination", 4.0, ("n", "n"));
    film.take(WIZARD[0].0, 2.0, ENTER);
    film.take(WIZARD[1].0, 1.4, ENTER);
    film.take(WIZARD[2].0, 1.8, SPACE);
    film.take("[✓]", 1.2, ENTER);
    film.take(WIZARD[3].0, 1.4, ENTER);
    film.take("✓ Kundklubben  ", 1.8, ENTER);
    film.take(WIZARD[5].0, 1.6, ENTER);
    film.take(WIZARD[6].0, 2.6, ENTER);
    film.take("Which segments", 1.4, SPACE);
    film.take("1 chosen", 1.0, ("j j Space", "jj "));
    film.take("2 chosen", 1.8, ENTER);
    film.take(WIZARD[8].0, 1.8, SPACE);
    film.take("(●)", 1.2, ENTER);
    film.take("would give", 3.2, ("e", "e"));
    film.take("export now?", 2.2, ("y", "y"));
    film.tty.see("▸");
    while !film.shows("Every profile is accounted for.") && film.frames.len() < 60 {
        film.take_moving(0.7);
        std::thread::sleep(Duration::from_millis(600));
    }
    film.take("Every profile is accounted for.", 4.5, ENTER);
    film.take("Last run", 4.0, ("", "q"));
    assert_eq!(film.tty.end().0, 0);
    let film = svg(&film.frames);
    assert!(film.len() < MOST, "{} bytes", film.len());
    std::fs::write(path(), film).expect("written");
}
