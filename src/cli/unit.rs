//! What keeps `segue watch` alive on each system: printed, for the user to look at and to install.

use std::path::Path;

use super::Context;
use super::args::UnitKind;
use super::context::Failure;
use super::out::{print, say};
use crate::export::Error;
use crate::store::{Error as StoreError, Home};
use crate::words::{LongWord, wrap};

/// What a unit is made of.
struct Unit<'a> {
    program: &'a str,
    /// The home, where it is not the usual one.
    home: Option<&'a str>,
    /// What the environment has to say: where the session's D-Bus is, over which the keyring is reached; and where the
    /// folders of the user's files are, where that is said.
    variables: Vec<(&'static str, String)>,
    /// How secrets get to it, in the language of whoever reads it.
    secrets: Secrets,
}

/// What a unit says of secrets, which it gets from the keyring.
struct Secrets {
    /// That they are from there, and what to do where there is none.
    told: String,
    /// The file of variables that a unit of systemd may name.
    file: String,
}

/// Prints the unit; how it is installed is said beside it.
pub(super) fn run(context: &Context, kind: UnitKind) -> Result<u8, Failure> {
    let program = std::env::current_exe().map_err(|source| {
        let path = Path::new("segue").to_owned();
        context.failed(Error::from(StoreError::Read { path, source }))
    })?;
    let home = &context.surroundings.home;
    let usual = Home::of_user().is_ok_and(|usual| usual == *home);
    let config = home.config_file();
    let config = std::path::absolute(&config).unwrap_or(config);
    let home = std::path::absolute(home.folder()).unwrap_or_else(|_why| home.folder().to_owned());
    let home = home.display().to_string();
    let unit = Unit {
        program: &program.display().to_string(),
        home: (!usual).then_some(home.as_str()),
        variables: variables(usual, |name| std::env::var(name).ok()),
        secrets: Secrets {
            told: context.words.text(match kind {
                UnitKind::Systemd => "unit-secrets-file",
                UnitKind::Cron | UnitKind::Launchd | UnitKind::Task => "unit-secrets",
            }),
            file: config.with_file_name("secrets.env").display().to_string(),
        },
    };
    print(&match kind {
        UnitKind::Systemd => unit.systemd(),
        UnitKind::Cron => unit.cron(),
        UnitKind::Launchd => unit.launchd(),
        UnitKind::Task => unit.task(),
    });
    let words = &context.words;
    say(&words.text(match kind {
        UnitKind::Systemd => "unit-systemd",
        UnitKind::Cron => "unit-cron",
        UnitKind::Launchd => "unit-launchd",
        UnitKind::Task => "unit-task",
    }));
    Ok(0)
}

fn variables(
    usual_home: bool,
    variable: impl Fn(&str) -> Option<String>,
) -> Vec<(&'static str, String)> {
    let folders = ["XDG_CONFIG_HOME", "XDG_DATA_HOME"].into_iter();
    let folders = folders.filter(|_| usual_home);
    let set = |name| Some((name, variable(name).filter(|text| !text.is_empty())?));
    [(
        "DBUS_SESSION_BUS_ADDRESS",
        bus(variable("DBUS_SESSION_BUS_ADDRESS")),
    )]
    .into_iter()
    .chain(folders.filter_map(set))
    .collect()
}

/// Takes the address of this session, else the usual one.
fn bus(variable: Option<String>) -> String {
    let usual = || {
        #[cfg(unix)]
        let user = rustix::process::getuid().as_raw();
        #[cfg(not(unix))]
        let user = 0;
        format!("unix:path=/run/user/{user}/bus")
    };
    variable
        .filter(|text| !text.is_empty())
        .unwrap_or_else(usual)
}

impl Unit<'_> {
    /// The words of the command line, the program's name first.
    fn words(&self, more: &[&str]) -> Vec<String> {
        let home = self.home.map(|home| ["--home".to_owned(), home.to_owned()]);
        let own = home.into_iter().flatten();
        let more = more.iter().map(|word| (*word).to_owned());
        [self.program.to_owned()]
            .into_iter()
            .chain(own)
            .chain(more)
            .collect()
    }

    fn systemd(&self) -> String {
        let line: Vec<String> = self
            .words(&["watch"])
            .iter()
            .map(|word| systemd_word(word))
            .collect();
        let variables = self.variables.iter();
        let variables = variables.map(|(name, value)| {
            let word = systemd_word(&format!("{name}={value}"));
            format!("Environment={word}\n")
        });
        let variables: Vec<String> = variables.collect();
        format!(
            "[Unit]\nDescription=Segue: exports that run by themselves\n\n[Service]\nType=exec\n\
             {}{}#EnvironmentFile={}\nExecStart={}\nSuccessExitStatus=130 143\nTimeoutStopSec=180\n\
             Restart=on-failure\nRestartSec=60\nRestartPreventExitStatus=2\n\n\
             [Install]\nWantedBy=default.target",
            variables.concat(),
            comment(&self.secrets.told),
            systemd_path(&self.secrets.file),
            line.join(" "),
        )
    }

    fn cron(&self) -> String {
        let words = self.words(&["watch", "--once"]);
        let line: Vec<String> = words
            .iter()
            .map(|word| format!("'{}'", word.replace('\'', r"'\''")))
            .collect();
        let line = line.join(" ").replace('%', r"\%");
        let variables = self.variables.iter();
        let variables: Vec<String> = variables
            .map(|(name, value)| format!("{name}={value}\n"))
            .collect();
        // What is said when something happens comes by mail.
        let secrets = comment(&self.secrets.told);
        format!(
            "{secrets}{}*/5 * * * * {line} >/dev/null",
            variables.concat()
        )
    }

    fn launchd(&self) -> String {
        let words = self.words(&["watch"]);
        let words = words
            .iter()
            .map(|word| format!("    <string>{}</string>\n", xml(word)));
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
             <!-- untested -->\n{}<plist version=\"1.0\">\n<dict>\n  <key>Label</key>\n  <string>segue.watch</string>\n  \
             <key>ProgramArguments</key>\n  <array>\n{}  </array>\n  <key>RunAtLoad</key>\n  <true/>\n  \
             <key>KeepAlive</key>\n  <dict>\n    <key>SuccessfulExit</key>\n    <false/>\n  </dict>\n  \
             <key>ThrottleInterval</key>\n  <integer>60</integer>\n</dict>\n</plist>",
            xml_comment(&self.secrets.told),
            words.collect::<String>(),
        )
    }

    fn task(&self) -> String {
        let words = self.words(&["watch"]);
        let quoted = |word: &String| format!("\"{}\"", word.replace('"', "\\\""));
        let arguments: Vec<String> = words.iter().skip(1).map(quoted).collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- untested -->\n{}\
             <Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\n  \
             <Triggers>\n    <LogonTrigger />\n  </Triggers>\n  <Settings>\n    \
             <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>\n    \
             <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>\n    \
             <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>\n    \
             <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>\n    \
             <RestartOnFailure>\n      <Interval>PT1M</Interval>\n      <Count>999</Count>\n    </RestartOnFailure>\n  \
             </Settings>\n  <Actions>\n    <Exec>\n      <Command>{}</Command>\n      \
             <Arguments>{}</Arguments>\n    </Exec>\n  </Actions>\n</Task>",
            xml_comment(&self.secrets.told),
            xml(self.program),
            xml(&arguments.join(" ")),
        )
    }
}

/// How wide a comment is.
const COMMENT: usize = 100;

/// Writes a text as lines that begin as comments do.
fn comment(text: &str) -> String {
    let lines = wrap(text, COMMENT, LongWord::Whole);
    format!("# {}\n", lines.join("\n# "))
}

/// Writes a text as a comment of XML, in which no two dashes may stand together.
fn xml_comment(text: &str) -> String {
    let text = wrap(text, COMMENT, LongWord::Whole).join("\n     ");
    format!("<!-- {} -->\n", text.replace("--", "-"))
}

/// Writes a path as systemd reads it back: to the end of the line, and without signs around it.
fn systemd_path(path: &str) -> String {
    path.replace('%', "%%")
}

/// Writes a word as systemd reads it back.
fn systemd_word(word: &str) -> String {
    let escaped = word.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('%', "%%").replace('$', "$$"))
}

fn xml(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{Secrets, Unit, bus, variables};

    fn unit(home: Option<&'static str>) -> Unit<'static> {
        Unit {
            program: "/opt/my apps/segue",
            home,
            variables: variables(home.is_none(), |name| {
                (name != "XDG_DATA_HOME").then(|| format!("unix:path=/{name}"))
            }),
            secrets: Secrets {
                told: "From the keyring -- or not.".to_owned(),
                file: "/srv/100%/secrets.env".to_owned(),
            },
        }
    }

    #[test]
    fn a_unit_of_systemd_has_the_bus_and_starts_the_watcher() {
        let wanted = r#"[Unit]
Description=Segue: exports that run by themselves

[Service]
Type=exec
Environment="DBUS_SESSION_BUS_ADDRESS=unix:path=/DBUS_SESSION_BUS_ADDRESS"
# From the keyring -- or not.
#EnvironmentFile=/srv/100%%/secrets.env
ExecStart="/opt/my apps/segue" "--home" "/srv/100%%" "watch"
SuccessExitStatus=130 143
TimeoutStopSec=180
Restart=on-failure
RestartSec=60
RestartPreventExitStatus=2

[Install]
WantedBy=default.target"#;
        assert_eq!(unit(Some("/srv/100%")).systemd(), wanted);
    }

    #[test]
    fn a_line_of_cron_does_what_is_due_each_five_minutes() {
        let bus = "DBUS_SESSION_BUS_ADDRESS=unix:path=/DBUS_SESSION_BUS_ADDRESS\n";
        let line =
            "*/5 * * * * '/opt/my apps/segue' '--home' '/srv/100\\%' 'watch' '--once' >/dev/null";
        let secrets = "# From the keyring -- or not.\n";
        let wanted = format!("{secrets}{bus}{line}");
        assert_eq!(unit(Some("/srv/100%")).cron(), wanted);
    }

    #[test]
    fn a_usual_home_is_found_by_the_variables_that_say_where_it_is() {
        let (cron, systemd) = (unit(None).cron(), unit(None).systemd());
        assert!(
            cron.contains("\nXDG_CONFIG_HOME=unix:path=/XDG_CONFIG_HOME\n*/5"),
            "{cron}"
        );
        assert!(!cron.contains("XDG_DATA_HOME"), "{cron}");
        assert!(
            systemd
                .contains("\nEnvironment=\"XDG_CONFIG_HOME=unix:path=/XDG_CONFIG_HOME\"\n# From"),
            "{systemd}"
        );
    }

    #[test]
    fn units_of_other_systems_start_the_watcher_and_say_that_nobody_tried_them() {
        let launchd = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- untested -->
<!-- From the keyring - or not. -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>segue.watch</string>
  <key>ProgramArguments</key>
  <array>
    <string>/opt/my apps/segue</string>
    <string>--home</string>
    <string>/a&amp;b</string>
    <string>watch</string>
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>60</integer>
</dict>
</plist>"#;
        assert_eq!(unit(Some("/a&b")).launchd(), launchd);
        let task = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- untested -->
<!-- From the keyring - or not. -->
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers>
    <LogonTrigger />
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions>
    <Exec>
      <Command>/opt/my apps/segue</Command>
      <Arguments>&quot;watch&quot;</Arguments>
    </Exec>
  </Actions>
</Task>"#;
        assert_eq!(unit(None).task(), task);
    }

    #[test]
    fn the_bus_is_that_of_the_session_or_the_usual_one() {
        assert_eq!(bus(Some("unix:path=/x".to_owned())), "unix:path=/x");
        assert!(bus(None).starts_with("unix:path=/run/user/"));
    }
}
