//! The one instance, and who may ask for it: whoever has a token and a subscription key.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::problem::Problem;
use crate::sandbox::auth;
use crate::sandbox::dice::Dice;
use crate::sandbox::entra::Resource;
use crate::sandbox::profiles::{Moment, written};
use crate::sandbox::server::World;
use crate::sandbox::traffic::Asked;

const NAME: &str = "Contoso (sandbox)";
const KIND: &str = "sandbox";
const REGION: &str = "northeurope";

/// What a caller has to know: the instance's id and the key.
#[derive(Debug)]
pub(in crate::sandbox) struct Account {
    pub(in crate::sandbox) instance: String,
    pub(in crate::sandbox) subscription_key: String,
}

impl Account {
    /// Makes both from the seed.
    pub(in crate::sandbox) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, "insights");
        let id = dice.hex(32);
        Self {
            instance: format!(
                "{}-{}-{}-{}-{}",
                &id[..8],
                &id[8..12],
                &id[12..16],
                &id[16..20],
                &id[20..]
            ),
            subscription_key: dice.hex(32),
        }
    }

    /// The instance as it is listed.
    pub(super) fn brief(&self) -> Value {
        json!({
            "instanceId": self.instance,
            "name": NAME,
            "instanceType": KIND,
            "expiryTimeUtc": Value::Null,
            "maxTrialExtensionsAllowed": 0,
            "trialExtensionHistory": Value::Null,
            "scaleUnitId": "neu-001",
            "azureRegion": REGION,
            "platformType": "commonDataService",
        })
    }

    /// The instance with all that is told of it.
    pub(super) fn whole(&self, origin: &str, moment: &Moment) -> Value {
        json!({
            "isB2B": false,
            "isB2C": true,
            "name": NAME,
            "provisioningState": "active",
            "instanceType": KIND,
            "expiryTimeUtc": Value::Null,
            "region": REGION,
            "cdsOrgInfo": { "friendlyName": NAME, "url": origin, "state": "Ready", "location": "europe" },
            "isRefreshCredentialRequired": false,
            "platformType": "commonDataService",
            "azureRegion": REGION,
            "version": 1,
            "updatedBy": WHO,
            "updatedUtc": written(moment.first()),
            "createdBy": WHO,
            "createdUtc": written(MADE),
            "instanceId": self.instance,
        })
    }
}

/// Who made everything there is.
pub(super) const WHO: &str = "admin@contoso.example";

/// When everything was made: 1 September 2025.
pub(super) const MADE: Timestamp = Timestamp::constant(1_756_684_800, 0);

/// Tells whether a caller may ask: the gateway first wants its key, then a token for the API.
pub(super) fn admit(place: &World, asked: &Asked) -> Result<(), Problem> {
    let key = asked.headers.get("ocp-apim-subscription-key");
    let Some(key) = key else {
        return Err(Problem::no_key());
    };
    if key.as_bytes() != place.insights.subscription_key.as_bytes()
        || !place.profiles.manner().subscription
    {
        return Err(Problem::wrong_key());
    }
    let token = auth::secret(&asked.headers);
    let opened = token.map(|token| place.entra.opens(&token, Resource::CustomerInsights));
    match opened {
        Some(Ok(())) => Ok(()),
        Some(Err(why)) => Err(Problem::token(Some(why))),
        None => Err(Problem::token(None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_is_a_guid_that_follows_from_the_seed() {
        let account = Account::new(1);
        let lengths: Vec<_> = account.instance.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(account.instance, Account::new(1).instance);
        assert_ne!(account.instance, Account::new(2).instance);
        assert_eq!(account.subscription_key.len(), 32);
    }
}
