//! Why a contact is refused, in the service's words.

use super::call::Problem;

/// Why a contact was not written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Exists,
    Forgotten,
    Compliance,
    Fake,
    TooManySignups,
    /// The address is none, with the service's words.
    Address(&'static str),
    /// Tag and message of each merge field that was refused.
    Merge(Vec<(String, String)>),
    /// Field and message.
    Shape(&'static str, &'static str),
}

impl Refusal {
    /// What the service says, with the address where it names it.
    pub(super) fn words(&self, email: &str) -> String {
        match self {
            Self::Exists => format!(
                "{email} is already a list member, do you want to update? please provide update_existing:true in the request body"
            ),
            Self::Forgotten => format!(
                "{email} was permanently deleted and cannot be re-imported. The contact must re-subscribe to get back on the list."
            ),
            Self::Compliance => format!(
                "{email} is in a compliance state due to unsubscribe, bounce, or compliance review and cannot be subscribed."
            ),
            Self::Fake => {
                format!("{email} looks fake or invalid, please enter a real email address.")
            }
            Self::TooManySignups => format!(
                "{email} has signed up to a lot of lists very recently; we're not allowing more signups for now."
            ),
            Self::Address(words) => (*words).to_owned(),
            Self::Merge(_) => "Your merge fields were invalid.".to_owned(),
            Self::Shape(_, message) => (*message).to_owned(),
        }
    }

    /// The answer of a call on one member.
    pub(super) fn problem(self, email: &str) -> Problem {
        let words = self.words(email);
        match self {
            Self::Exists => Problem::new(
                400,
                "Member Exists",
                &format!(
                    "{email} is already a list member. Use PUT to insert or update list members."
                ),
            ),
            Self::Forgotten => Problem::new(400, "Forgotten Email Not Subscribed", &words),
            Self::Compliance => Problem::new(400, "Member In Compliance State", &words),
            Self::Fake | Self::TooManySignups | Self::Address(_) => {
                Problem::new(400, "Invalid Resource", &words)
            }
            Self::Merge(errors) => Problem::merge(errors),
            Self::Shape(field, message) => Problem::field(field, message),
        }
    }
}

/// Checks an address the way the service words it; looser than the standard, blanks are never trimmed.
pub(super) fn check_address(email: &str) -> Result<(), Refusal> {
    if email.is_empty() {
        return Err(Refusal::Address("Please provide a valid email address."));
    }
    let Some((user, domain)) = email.split_once('@') else {
        return Err(Refusal::Address(
            "An email address must contain a single @.",
        ));
    };
    if domain.contains('@') {
        return Err(Refusal::Address(
            "An email address must contain a single @.",
        ));
    }
    let blank = |text: &str| text.chars().any(|c| c.is_whitespace() || c.is_control());
    let dots = |text: &str| text.starts_with('.') || text.ends_with('.') || text.contains("..");
    if user.is_empty()
        || blank(user)
        || dots(user)
        || user.chars().any(|c| "()<>,;:\\\"[]".contains(c))
    {
        return Err(Refusal::Address(
            "The username portion of the email address is invalid (the portion before the @).",
        ));
    }
    let label = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    if !domain.contains('.') || !domain.split('.').all(label) || email.len() > 254 {
        return Err(Refusal::Address(
            "The domain portion of the email address is invalid (the portion after the @).",
        ));
    }
    Ok(())
}
