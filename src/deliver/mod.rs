//! How a batch gets to the audience: Mailchimp's calls, who is sent what, and what each answer means for each member.
//!
//! Knows neither where profiles come from nor who watches: it takes batches, and tells what happened as [`Notice`]s.

mod batch;
mod caller;
mod doubt;
mod error;
mod holders;

mod lane;
mod listing;
mod look_up;
mod mailchimp;
mod notice;
mod queue;
mod reinstate;
mod request;
mod shared;
mod size;
mod stamp;
mod take_back;
mod touched;
mod trial;
mod untag;
mod verdict;
mod watch;
mod wire;
mod written;

pub use batch::{Batch, Item, Said};
pub use caller::{Caller, Service, Stop};
pub use doubt::Doubt;
pub use error::{Error, Problem};
pub use holders::addresses;
pub use lane::{Began, Delivery};
pub use listing::{Listing, Which};
pub use mailchimp::{
    Account, Automation, Campaign, Holder, Mailchimp, PAGE, StaticSegment, Untagged,
};
pub use notice::{Lane, Notice, Told, Trouble};
pub use take_back::TakeBack;
pub use touched::{Did, Touched};
pub use untag::{Leaving, Removal};
