//! How any remote service is called: one client a worker, a pacer that watches how the service feels, and the one place
//! that decides what an answer means and whether a failed call may be tried again.
//!
//! Knows no service: neither paths nor bodies nor credentials.

mod client;
mod endpoint;
pub mod limits;
mod pacer;
mod quote;
mod retry;
mod waits;

pub use client::{
    Answer, CallError, CertificateFault, Client, ClientError, DEFAULT_TIMEOUT, Looks, timeout_from,
};
pub use endpoint::{BadEndpoint, Endpoint, web_address};
pub use pacer::{Pacer, Permit, Strain};
pub use quote::quote;
pub use retry::{Advice, Backoff, Meaning, Outcome, Wanted, advise, is_put_off, meaning};
pub use waits::Waits;
