//! What can be typed about exports that run by themselves.

use clap::{Args, ValueEnum};

/// What nobody looks at before the command itself does: the parts of a schedule are read where they are put together.
#[derive(Debug, Args)]
pub(in crate::cli) struct ScheduleFlags {
    pub name: Vec<String>,
    #[arg(long, group = "when")]
    pub off: bool,
    #[arg(long, group = "when", value_name = "HH:MM", num_args = 1..)]
    pub daily: Vec<String>,
    #[arg(long, group = "when", value_names = ["DAYS", "HH:MM"], num_args = 2..)]
    pub weekly: Vec<String>,
    #[arg(long, group = "when")]
    pub on_refresh: bool,
    #[arg(long, value_name = "N", conflicts_with_all = ["off", "daily", "weekly"], requires = "on_refresh")]
    pub quiet_seconds: Option<u32>,
    #[arg(long, value_name = "ZONE", conflicts_with_all = ["off", "on_refresh"])]
    pub tz: Option<String>,
    #[arg(long, value_name = "SYSTEM", conflicts_with_all = ["name", "when", "tz", "quiet_seconds"])]
    pub print_unit: Option<UnitKind>,
}

/// The systems that a unit can be printed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum UnitKind {
    Systemd,
    Cron,
    Launchd,
    Task,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct WatchFlags {
    #[arg(long)]
    pub once: bool,
}
