//! What can be typed. Help texts are in the Fluent files, by the rule `cli-COMMAND-FLAG`.

mod schedule;
mod values;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::domain::{FolderLayout, NewStatus, OnLeave};

pub(super) use schedule::{ScheduleFlags, UnitKind, WatchFlags};
pub(super) use values::{DateOrderOf, closed_list};

use values::{OrNone, confirmed, date_order, delimiter, layout, on_leave, shell, status};

#[derive(Debug, Parser)]
#[command(name = "segue", version, disable_help_subcommand = true)]
pub(super) struct Parsed {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Global {
    #[arg(long, global = true, value_name = "DIR")]
    pub home: Option<PathBuf>,
    #[arg(long, global = true, value_name = "en|sv")]
    pub lang: Option<String>,
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Colour,
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(long, global = true, conflicts_with = "json")]
    pub plain: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Demo(DemoFlags),
    Sandbox(SandboxFlags),
    Login {
        #[command(subcommand)]
        service: LoginCommand,
    },
    Logins,
    Logout(LogoutFlags),
    Add(Box<AddFlags>),
    List,
    Show(ShowFlags),
    Edit(Box<EditFlags>),
    Rename(RenameFlags),
    Duplicate(DuplicateFlags),
    Remove(RemoveFlags),
    Check(CheckFlags),
    Run(RunFlags),
    Schedule(ScheduleFlags),
    Watch(WatchFlags),
    Undo(UndoFlags),
    History(HistoryFlags),
    Rejects(RejectsFlags),
    Segments(SegmentsFlags),
    Erase(EraseFlags),
    Doctor,
    Completions(CompletionsFlags),
    Man,
}

#[derive(Debug, Args)]
pub(super) struct DemoFlags {
    #[arg(long)]
    pub auto: bool,
    #[command(flatten)]
    pub sandbox: SandboxFlags,
}

/// The flags of `segue sandbox`, as typed: main hands them to the sandbox, which reads them.
#[derive(Debug, Clone, Args)]
pub struct SandboxFlags {
    /// Where to listen; loopback only.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0")]
    pub listen: String,
    /// How many people to make up.
    #[arg(long, value_name = "N", default_value_t = 5000)]
    pub profiles: u64,
    /// What people and faults are drawn from.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// The least time of an answer.
    #[arg(long, value_name = "TIME", default_value = "0ms")]
    pub latency: String,
    /// Requests in flight before more are refused.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub max_connections: usize,
    /// Faults to inject: `KIND=RATE[:SECONDS]`.
    #[arg(long, value_name = "KIND=RATE[:SECONDS]")]
    pub fault: Vec<String>,
    /// Whether the audience starts without members.
    #[arg(long)]
    pub empty: bool,
    /// The members the audience starts with.
    #[arg(long, value_name = "FILE")]
    pub preload: Option<PathBuf>,
    /// A folder of files instead of made-up people.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// How long a sign-in is valid.
    #[arg(long, value_name = "TIME", default_value = "3600s")]
    pub token_lifetime: String,
    /// How often the source refreshes.
    #[arg(long, value_name = "TIME", default_value = "0s")]
    pub refresh_every: String,
}

#[derive(Debug, Subcommand)]
pub(super) enum LoginCommand {
    Mailchimp(LoginFlags),
    Insights(InsightsFlags),
    Sql(SqlFlags),
}

#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Args)]
pub(super) struct LoginFlags {
    #[arg(long = "as", value_name = "LOGIN")]
    pub name: Option<String>,
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    #[arg(long)]
    pub client_secret_stdin: bool,
    #[arg(long, default_value_t = 8723)]
    pub port: u16,
    #[arg(long)]
    pub print_url: bool,
    #[arg(long, value_name = "-", conflicts_with_all = ["print_url", "api_key_stdin"])]
    pub complete: Option<String>,
    #[arg(long, conflicts_with_all = ["client_id", "client_secret_stdin", "print_url"])]
    pub api_key_stdin: bool,
    #[arg(long)]
    pub yes: bool,
    #[arg(long, value_name = "N")]
    pub plan_limit: Option<u64>,
}

#[derive(Debug, Args)]
pub(super) struct InsightsFlags {
    #[arg(long = "as", value_name = "LOGIN")]
    pub name: Option<String>,
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    #[arg(long, value_name = "TENANT")]
    pub tenant: Option<String>,
    #[arg(long, value_name = "URL", conflicts_with = "instance")]
    pub environment: Option<String>,
    #[arg(long, value_name = "ID")]
    pub instance: Option<String>,
    #[arg(long)]
    pub device: bool,
    #[arg(long)]
    pub subscription_key_stdin: bool,
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub(super) struct SqlFlags {
    #[arg(long = "as", value_name = "LOGIN")]
    pub name: String,
    #[arg(long, value_name = "NAME|PATH")]
    pub driver: String,
    #[arg(long, value_name = "K=V")]
    pub option: Vec<String>,
    #[arg(long, value_name = "K")]
    pub secret: Vec<String>,
    #[arg(long, requires = "secret")]
    pub secret_stdin: bool,
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub(super) struct LogoutFlags {
    pub login: String,
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Clone, Default, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that can be typed by itself"
)]
pub(super) struct AddFlags {
    #[arg(long)]
    pub name: Option<String>,
    #[arg(long)]
    pub accept_privacy: bool,
    #[arg(long)]
    pub login: Option<String>,
    #[arg(long, value_name = "ID")]
    pub audience: Option<String>,
    #[arg(long, value_name = "SPEC")]
    pub source: Option<String>,
    #[arg(long, value_name = "LOGIN")]
    pub source_login: Option<String>,
    #[arg(long, value_name = "FIELD=ATTRIBUTE")]
    pub map: Vec<String>,
    #[arg(long, value_name = "SEGMENT")]
    pub segment: Vec<String>,
    #[arg(long, conflicts_with = "segment")]
    pub all_segments: bool,
    #[arg(long, value_name = "STATUS", value_parser = status)]
    pub status_if_new: Option<NewStatus>,
    #[arg(long, value_name = "[!]ATTRIBUTE[=VALUE,…]")]
    pub consent_attribute: Option<String>,
    #[arg(long, value_name = "ATTRIBUTE")]
    pub dismiss_consent: Vec<String>,
    #[arg(long, value_name = "WHAT", value_parser = on_leave)]
    pub on_leave: Option<OnLeave>,
    #[arg(long, value_name = "SEGMENT=TAG")]
    pub tag: Vec<String>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub adopt_tags: Option<bool>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub clear_empty: Option<bool>,
    #[arg(long)]
    pub create_fields: bool,
    #[arg(long, value_name = "LAYOUT", value_parser = layout)]
    pub layout: Option<OrNone<FolderLayout>>,
    #[arg(long, value_name = "DIR")]
    pub queries: Option<PathBuf>,
    #[arg(long, value_name = "COLUMN")]
    pub segment_by: Option<String>,
    #[arg(long, value_name = "COLUMN")]
    pub id_column: Option<String>,
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    pub delimiter: Option<OrNone<char>>,
    #[arg(long, value_name = "[FIELD=]ORDER", value_parser = date_order)]
    pub date_order: Vec<DateOrderOf>,
    // A file's numbers end there.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=i64::MAX.unsigned_abs()))]
    pub max_profiles: Option<u64>,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_segments: Option<u64>,
    #[arg(long)]
    pub force: bool,
    #[arg(long)]
    pub offline: bool,
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
}

/// The flags of `add`, of which none is needed.
#[derive(Debug, Args)]
pub(super) struct EditFlags {
    #[arg(value_name = "NAME")]
    pub destination: String,
    #[arg(long, conflicts_with = "login")]
    pub no_login: bool,
    #[arg(long, value_name = "WHAT", value_parser = on_leave)]
    pub removed_tags: Option<OnLeave>,
    #[command(flatten)]
    pub change: AddFlags,
}

#[derive(Debug, Args)]
pub(super) struct RenameFlags {
    pub name: String,
    pub new: String,
}

#[derive(Debug, Args)]
pub(super) struct DuplicateFlags {
    pub name: String,
    pub new: String,
    #[arg(long)]
    pub accept_privacy: bool,
}

#[derive(Debug, Args)]
pub(super) struct ShowFlags {
    pub name: String,
    #[arg(long)]
    pub toml: bool,
}

#[derive(Debug, Args)]
pub(super) struct RemoveFlags {
    pub name: String,
    #[arg(long)]
    pub yes: bool,
    #[arg(long)]
    pub purge: bool,
    #[arg(long)]
    pub keep_login: bool,
}

#[derive(Debug, Args)]
pub(super) struct CheckFlags {
    pub name: String,
    #[arg(long)]
    pub diff: bool,
    #[arg(long, requires = "diff", conflicts_with = "json")]
    pub csv: bool,
    #[arg(long)]
    pub trust_counts: bool,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Args)]
pub(super) struct RunFlags {
    #[arg(required_unless_present_any = ["all", "scheduled"], conflicts_with_all = ["all", "scheduled"])]
    pub name: Vec<String>,
    #[arg(long, conflicts_with = "scheduled")]
    pub all: bool,
    #[arg(long)]
    pub scheduled: bool,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    #[arg(long, conflicts_with = "limit")]
    pub only_rejects: bool,
    #[arg(long)]
    pub fresh: bool,
    #[arg(long)]
    pub allow_overage: bool,
    #[arg(long)]
    pub allow_shrink: bool,
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub max_removals: Option<u8>,
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=10))]
    pub max_in_flight: u8,
    #[arg(long)]
    pub trust_counts: bool,
    #[arg(long)]
    pub wait: bool,
    #[arg(long)]
    pub strict: bool,
}

#[derive(Debug, Args)]
pub(super) struct UndoFlags {
    pub name: String,
    pub run: Option<String>,
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub(super) struct HistoryFlags {
    pub name: Option<String>,
    pub run: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct SegmentsFlags {
    pub name: String,
    pub segment: Option<String>,
    #[arg(long, requires = "segment")]
    pub preview: bool,
    #[arg(long, requires = "segment", conflicts_with_all = ["preview", "json"])]
    pub csv: bool,
}

#[derive(Debug, Args)]
pub(super) struct RejectsFlags {
    pub name: String,
    pub run: Option<String>,
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    #[arg(long, conflicts_with = "csv")]
    pub remembered: bool,
    #[arg(long, conflicts_with_all = ["run", "csv", "remembered"])]
    pub forget: bool,
}

#[derive(Debug, Args)]
pub(super) struct EraseFlags {
    pub name: String,
    #[arg(long, required = true)]
    pub email_stdin: bool,
    #[arg(long, required = true, value_name = "delete", value_parser = confirmed)]
    pub confirm: String,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsFlags {
    #[arg(value_name = "SHELL", value_parser = shell)]
    pub shell: String,
}
