use std::time::Duration;

use super::Engine;
use crate::domain::Secret;
use crate::http::{Client, Endpoint, Waits};
use crate::login::Session;

/// How a source that is no folder of files is reached.
#[derive(Debug, Clone)]
pub enum Reach {
    /// A service is called.
    Service(Box<Service>),
    /// An engine is asked in SQL.
    Engine(Box<Engine>),
}

impl From<Service> for Reach {
    fn from(service: Service) -> Self {
        Self::Service(Box::new(service))
    }
}

/// How a source that is a service is called.
#[derive(Debug, Clone)]
pub struct Service {
    /// The base address: `https://ORG.crm.dynamics.com` for Dataverse, `https://api.ci.ai.dynamics.com/v1` for Customer
    /// Insights.
    pub root: Endpoint,
    /// Who calls.
    pub session: Session,
    /// The key that the Customer Insights API wants besides a token.
    pub subscription_key: Option<Secret<String>>,
    /// What calls it; whoever asks again later does so over the same connections.
    pub client: Client,
    /// The longest first pause before a call is tried again.
    pub first_pause: Duration,
    /// Whom to tell that the service asks us to wait.
    pub waits: Waits,
}

/// An instance of Customer Insights, or a Dataverse environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its id, as `insights:ID` names it.
    pub id: String,
    /// What people call it.
    pub name: String,
}
