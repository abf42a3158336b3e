//! The imitated services, faithful enough that the vendors' own clients work against them. Loopback only, state in
//! memory, until stopped.
//!
//! This folder knows none of the others and has its own wire types: sharing them would confirm our mistakes. What it
//! imitates, and how, is in SANDBOX.md; where the vendor's reference is unsure it takes the reading that hurts.
//!
//! - `server` listens, counts, delays and breaks; `wire` is one connection.
//! - `mailchimp` is the Marketing API with its sign-in.
//! - `traffic` is what befalls a call to Microsoft's services; `dataverse` and `insights` are its two ways to read
//!   Customer Insights, `entra` is the sign-in to both.
//! - `page` is what people see of both sign-ins.
//! - `profiles` is what Customer Insights holds.
//! - `people` makes the generated people, who are also a folder source for `segue demo`.

mod auth;
mod clock;
mod control;
mod dataverse;
mod dice;
mod entra;
mod faults;
mod gauge;
mod insights;
mod locales;
mod mailchimp;
mod options;
mod page;
mod path;
mod people;
mod profiles;
mod server;
mod traffic;
mod wire;

pub use faults::{Fault, Kind, ParseFaultError};
pub use options::{Options, SandboxError};
pub use people::write_people;
pub use server::{Sandbox, start};
