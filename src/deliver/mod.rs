//! How a batch gets to the audience: Mailchimp's calls, who is sent what, and what each answer means for each member.
//!
//! Knows neither where profiles come from nor who watches: it takes batches, and tells what happened as [`Notice`]s.

mod caller;
mod error;
mod mailchimp;
mod notice;
mod queue;
mod request;
mod verdict;
mod wire;
mod worker;

pub use caller::{Caller, Service, Stop};
pub use error::{Error, Problem};
pub use mailchimp::{Account, Mailchimp, PAGE};
pub use notice::{Lane, Notice, Trouble, Verdict};
pub use worker::{Batch, Delivery, Item, try_out_updates};
