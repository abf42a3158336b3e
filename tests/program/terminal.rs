//! The real binary in a real pseudo-terminal: it works by keys alone and leaves the terminal as it found it.

use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::{MouseProtocolMode, Parser, Screen};

/// A program on a terminal, and what it shows.
pub struct Tty {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    screen: Arc<(Mutex<Shown>, Condvar)>,
    master: Box<dyn MasterPty + Send>,
}

struct Shown {
    parser: Parser,
    /// All that was ever sent to the terminal.
    sent: Vec<u8>,
    over: bool,
}

type Started = (Box<dyn Child + Send + Sync>, Box<dyn MasterPty + Send>);

/// Starts the program on a terminal of its own. With the other end of that, the terminal goes.
fn start(args: &[&str], (rows, cols): (u16, u16), variables: &[(&str, &str)]) -> Started {
    let size = PtySize {
        rows,
        cols,
        ..PtySize::default()
    };
    let pair = native_pty_system().openpty(size).expect("a pty");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_segue"));
    command.args(args);
    command.env("TERM", "xterm-256color");
    command.env("LC_ALL", "en_US.UTF-8");
    command.env("USER", "lotta");
    command.env_remove("NO_COLOR");
    for name in ["SEGUE_HOME", "SEGUE_PLAIN"] {
        command.env_remove(name);
    }
    for (name, value) in variables {
        command.env(name, value);
    }
    let child = pair.slave.spawn_command(command).expect("started");
    (child, pair.master)
}

impl Tty {
    pub fn run(args: &[&str], rows: u16, cols: u16) -> Self {
        Self::run_with(args, (rows, cols), &[])
    }

    /// The same with other variables.
    pub fn run_with(args: &[&str], (rows, cols): (u16, u16), variables: &[(&str, &str)]) -> Self {
        let (child, master) = start(args, (rows, cols), variables);
        let screen = Arc::new((
            Mutex::new(Shown {
                parser: Parser::new(rows, cols, 0),
                sent: Vec::new(),
                over: false,
            }),
            Condvar::new(),
        ));
        let mut output = master.try_clone_reader().expect("a reader");
        let shared = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            loop {
                // The end of a pty is an error on Linux.
                let count = output.read(&mut bytes).unwrap_or(0);
                let mut shown = shared.0.lock().expect("lock");
                shown.parser.process(&bytes[..count]);
                shown.sent.extend_from_slice(&bytes[..count]);
                shown.over = count == 0;
                shared.1.notify_all();
                if count == 0 {
                    return;
                }
            }
        });
        Self {
            child,
            keys: master.take_writer().expect("a writer"),
            screen,
            master,
        }
    }

    /// Waits until what is shown is as wanted.
    fn wait(&self, wanted: &str, is: impl Fn(&Shown) -> bool) {
        let (lock, changed) = &*self.screen;
        let shown = lock.lock().expect("lock");
        let (shown, late) = changed
            .wait_timeout_while(shown, Duration::from_mins(1), |shown| !is(shown))
            .expect("lock");
        let text = shown.parser.screen().contents();
        assert!(!late.timed_out(), "{wanted:?} did not come:\n{text}");
    }

    pub fn see(&self, wanted: &str) {
        self.wait(wanted, |shown| {
            shown.parser.screen().contents().contains(wanted)
        });
    }

    /// Waits until the text on the screen is as wanted.
    pub fn see_text(&self, wanted: &str, is: impl Fn(&str) -> bool) {
        self.wait(wanted, |shown| is(&shown.parser.screen().contents()));
    }

    /// Looks at the screen.
    pub fn with_screen<T>(&self, look: impl FnOnce(&Screen) -> T) -> T {
        look(self.screen.0.lock().expect("lock").parser.screen())
    }

    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("typed");
        self.keys.flush().expect("typed");
    }

    /// Waits for the end; gives all that was ever sent to the terminal.
    fn sent(mut self) -> String {
        self.wait("the end", |shown| shown.over);
        let _status = self.child.wait().expect("ended");
        let shown = self.screen.0.lock().expect("lock");
        String::from_utf8_lossy(&shown.sent).into_owned()
    }

    /// Waits for the end; tells the exit code and what the shell's screen holds then.
    pub fn end(mut self) -> (u32, String) {
        // Of one that does not end, the screen is told.
        self.wait("the end", |shown| shown.over);
        let status = self.child.wait().expect("ended");
        drop(self.master);
        let shown = self.screen.0.lock().expect("lock");
        let screen = shown.parser.screen();
        assert!(!screen.alternate_screen(), "the shell's screen is back");
        assert!(!screen.hide_cursor(), "the cursor is back");
        assert!(!screen.bracketed_paste(), "pasting is as it was");
        assert_eq!(screen.mouse_protocol_mode(), MouseProtocolMode::None);
        (status.exit_code(), screen.contents())
    }

    fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("it runs").to_string();
        let sent = std::process::Command::new("kill")
            .args([name, &id])
            .status()
            .expect("kill");
        assert!(sent.success());
    }
}

/// From the start to where the export can begin.
pub const WIZARD: [(&str, &str); 9] = [
    ("a Mailchimp account", "\r"),
    ("The name is free", "\r"),
    ("❯ [ ] I agree", " \r"),
    ("Approve here", "\r"),
    ("❯ Audience ID", "\r"),
    ("Where do the profiles", "\r"),
    ("Which attribute fills", "\r"),
    ("Which segments", " \r"),
    ("Which status do new", " \r"),
];

#[test]
fn enter_and_space_lead_through_the_demo_and_the_terminal_is_left_clean() {
    let _turn = crate::wizard::TURN.blocking_lock();
    let mut tty = Tty::run(&["demo", "--profiles", "200"], 24, 80);
    let rest = [
        ("profiles would give", "e"),
        ("export now?", "y"),
        ("Every profile is accounted for.", "\r"),
        ("Last run", "q"),
    ];
    for (wanted, keys) in WIZARD.into_iter().chain(rest) {
        tty.see(wanted);
        tty.press(keys);
    }
    let (exit, left) = tty.end();
    assert_eq!(exit, 0, "{left}");
}

#[test]
fn a_signal_ends_the_application_and_gives_the_terminal_back() {
    for (signal, code) in [("-TERM", 143), ("-HUP", 129)] {
        let tty = Tty::run(&["demo", "--profiles", "20"], 24, 80);
        tty.see("You need:");
        tty.signal(signal);
        let (exit, left) = tty.end();
        assert_eq!(exit, code, "{signal}: {left}");
    }
}

#[test]
fn what_leads_somewhere_is_a_link_on_a_terminal_that_can_do_more_than_lines() {
    let _turn = crate::wizard::TURN.blocking_lock();
    let demo = ["demo", "--auto", "--profiles", "20"];
    let sent = |args: &[&str], variables| Tty::run_with(args, (24, 80), variables).sent();
    let is_linked = |sent: &str| {
        assert!(sent.contains("http://127.0.0.1:"), "{sent}");
        sent.contains("\u{1b}]8;id=segue;http://127.0.0.1:")
    };
    assert!(is_linked(&sent(&demo, &[("NO_COLOR", "1")])));
    assert!(!is_linked(&sent(&demo, &[("TERM", "dumb")])));
    for none in [&["--plain"][..], &["--color", "never"]] {
        let without = [&demo[..], none].concat();
        assert!(!is_linked(&sent(&without, &[])), "{none:?}");
    }
}

#[test]
fn the_keys_of_the_home_are_used_and_one_that_cannot_be_had_is_refused_with_its_place() {
    let folder = tempfile::tempdir().expect("folder");
    let home = folder.path().to_str().expect("a path");
    let with = |keys: &str| {
        std::fs::write(folder.path().join("config.toml"), keys).expect("file");
        Tty::run(&["--home", home], 24, 110)
    };
    let mut tty = with("[keys]\nquit = 'x'\nnew = 'F5'\n");
    tty.see("x quit");
    tty.see("F5 new");
    // No longer what it was, and Ctrl-C is always there.
    tty.press("q");
    tty.press("?");
    tty.see("Ctrl-C ends the program");
    tty.press("\x1b");
    // A key that comes with Esc is another one.
    tty.see_text("no help", |text| {
        !text.contains("Ctrl-C ends the program") && text.contains("x quit")
    });
    tty.press("x");
    assert_eq!(tty.end().0, 0);
    let (exit, told) = with("[keys]\nrun = 'w'\ncheck = 'w'\n").end();
    assert_eq!(exit, 2, "{told}");
    let told = told.replace('\n', "");
    let place = "line 3: check cannot have “w”, which is the key of run in the same place";
    assert!(told.contains(place), "{told}");
}

#[test]
fn a_terminal_that_goes_away_ends_the_application() {
    let (mut child, master) = start(&["demo", "--profiles", "20"], (24, 80), &[]);
    let mut output = master.try_clone_reader().expect("a reader");
    let mut parser = Parser::new(24, 80, 0);
    let mut bytes = [0; 4096];
    while !parser.screen().contents().contains("You need:") {
        let count = output.read(&mut bytes).expect("shown");
        parser.process(&bytes[..count]);
    }
    let mut killer = child.clone_killer();
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || tell.send(child.wait().map(|status| status.exit_code())));
    drop((output, master));
    let ended = told.recv_timeout(Duration::from_mins(1));
    if ended.is_err() {
        let _killed = killer.kill();
    }
    let exit = ended.expect("it ends").expect("waited for");
    // 70 where the farewell could not be printed any more.
    assert!(matches!(exit, 129 | 70), "{exit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_at_a_terminal_reads_sums_where_a_program_reads_counters() {
    let world = crate::support::command::saved().await;
    let source = world.folder.path().join("source/people.csv");
    let more = "email,first\nanna@x.example,Anna\nbo@x.example,Bo\ncy@x.example,Cy\n";
    std::fs::write(source, more).expect("file");
    let home = world.folder.path().join("home");
    let home = home.to_str().expect("a path");
    let read = |line: &[&str]| {
        let variables = [
            ("SEGUE_HOME", home),
            ("SEGUE_MAILCHIMP_API_URL", world.ready("mailchimp_api")),
            ("SEGUE_MAILCHIMP_TOKEN", world.ready("mailchimp_api_key")),
        ];
        let (exit, text) = Tty::run_with(line, (80, 100), &variables).end();
        assert_eq!(exit, 0, "{text}");
        assert!(!text.contains("statuses_raised"), "{text}");
        text
    };
    let shows = |text: &str, parts: &[&str]| {
        for part in parts {
            assert!(text.contains(part), "no {part:?}:\n{text}");
        }
    };
    let given =
        "An export of 3 profiles would give:\n    1 created\n    1 updated\n    1 unchanged\n";
    shows(&read(&["check", "Spring"]), &[given]);
    let did = "    3 profiles\n  = 1 created\n  + 1 updated\n  + 1 unchanged\n";
    shows(
        &read(&["run", "Spring"]),
        &["✓ Successful · ", did, "Report: "],
    );
    let undone = "    2 contacts\n  = 1 archived\n  + 1 restored\n";
    shows(
        &read(&["undo", "Spring", "--yes"]),
        &["✓ Successful · ", undone],
    );
}
