//! Stands in for Microsoft Entra ID: one token for each service, until its sign-in is imitated.

/// Which service a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource {
    /// The Dataverse Web API.
    Dataverse,
    /// The Customer Insights API.
    CustomerInsights,
}

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It was never given out, or taken back.
    Unknown,
    /// Its time is over.
    Expired,
    /// It is for another service.
    OtherResource,
}

/// Who may come in.
#[derive(Debug)]
pub(super) struct Entra;

impl Entra {
    /// Tells whether a token opens a service.
    #[expect(clippy::unused_self, reason = "the real one looks the token up")]
    pub(super) fn opens(&self, token: &str, resource: Resource) -> Result<(), Refused> {
        let (wanted, other) = match resource {
            Resource::Dataverse => ("dataverse-token", "insights-token"),
            Resource::CustomerInsights => ("insights-token", "dataverse-token"),
        };
        match token {
            _ if token == wanted => Ok(()),
            _ if token == other => Err(Refused::OtherResource),
            "expired-token" => Err(Refused::Expired),
            _ => Err(Refused::Unknown),
        }
    }
}
