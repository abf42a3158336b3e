//! What the tests of several kinds of sources need.

pub(in crate::source) mod peer;
