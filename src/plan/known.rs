use crate::domain::{Consent, Decision, Reason, Status};

/// What is remembered of a contact that the audience holds, though it is not read now.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// The status last seen.
    pub status: Status,
    /// Whether the values delivered last are those that would be sent.
    pub same_values: bool,
    /// Whether the contact has the tags of all segments that the person is in.
    pub has_tags: bool,
}

/// Decides about a person by what is remembered of the contact: as [`decide`](super::decide) would, as far as that can be
/// told. `None` where the contact has to be read: something would be sent, or an undo archived it.
#[must_use]
pub fn decide_known(consent: Consent, known: Known, was_undone: bool) -> Option<Decision> {
    match said_no(known.status, consent) {
        Some(Reason::Archived) if was_undone => None,
        Some(reason) => Some(Decision::Suppress(reason)),
        None => (known.same_values && known.has_tags).then_some(Decision::Leave),
    }
}

/// Tells why somebody who is in the audience is not written to, where that is so.
pub(super) fn said_no(status: Status, consent: Consent) -> Option<Reason> {
    match status {
        Status::Unsubscribed => Some(Reason::Unsubscribed),
        Status::Cleaned => Some(Reason::Cleaned),
        Status::Archived => Some(Reason::Archived),
        Status::Pending => Some(Reason::AwaitingConfirmation),
        // Silence does not concern those who are there; whoever is there again has overcome an earlier refusal.
        Status::Subscribed | Status::Transactional => {
            (consent == Consent::No).then_some(Reason::NoConsent)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, decide_known};
    use crate::domain::{Consent, Decision, Reason, Status};

    #[test]
    fn what_is_remembered_decides_where_nothing_would_be_sent() {
        let known = |status, same_values, has_tags| Known {
            status,
            same_values,
            has_tags,
        };
        let decided = |consent, known| decide_known(consent, known, false);
        let there = known(Status::Subscribed, true, true);
        assert_eq!(decided(Consent::Yes, there), Some(Decision::Leave));
        assert_eq!(decided(Consent::Silent, there), Some(Decision::Leave));
        for differs in [
            known(Status::Subscribed, true, false),
            known(Status::Subscribed, false, true),
        ] {
            assert_eq!(decided(Consent::Yes, differs), None);
        }
        let no = |reason| Some(Decision::Suppress(reason));
        assert_eq!(decided(Consent::No, there), no(Reason::NoConsent));
        let gone = known(Status::Archived, true, true);
        assert_eq!(decided(Consent::Yes, gone), no(Reason::Archived));
        assert_eq!(decide_known(Consent::Yes, gone, true), None);
        let left = known(Status::Unsubscribed, false, false);
        assert_eq!(decided(Consent::Yes, left), no(Reason::Unsubscribed));
    }
}
