//! Signs the export user in for the wizard: what the performer does for the questions about it.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::desk::Desk;
use super::msg::{UserAsked, UserSignIn, UserWay};
use crate::export::Error;
use crate::login::{
    DeviceSignIn, EntraSignIn, Error as LoginError, Granted, SIGN_IN_LIMIT, SecretKind,
    pasted_secret,
};
use crate::store::Login;

/// A sign-in that nobody waits for any more must not become a login, nor keep its port.
async fn unless_left(
    begun: &UserSignIn,
    granted: impl Future<Output = Result<Granted, Error>>,
) -> Result<Granted, Error> {
    tokio::select! {
        granted = granted => granted,
        () = begun.given_up.cancelled() => Err(LoginError::NothingPending.into()),
    }
}

impl Desk {
    pub async fn begin_user(&self, asked: UserAsked) -> Result<Arc<UserSignIn>, Error> {
        if let Some(key) = &asked.subscription_key {
            pasted_secret(SecretKind::InsightsSubscriptionKey, key.expose())?;
        }
        self.surroundings.keyring.try_out().await?;
        let client = self.surroundings.client()?;
        let app = self.surroundings.entra_app(&asked.sign_in)?;
        let way = if asked.by_code {
            UserWay::Code(Box::new(DeviceSignIn::begin(&client, &app).await?))
        } else {
            UserWay::Browser(Box::new(EntraSignIn::begin(&client, app).await?))
        };
        let given_up = CancellationToken::new();
        Ok(Arc::new(UserSignIn {
            asked,
            way,
            given_up,
        }))
    }

    pub async fn wait_user(&self, begun: &UserSignIn) -> Result<Login, Error> {
        let granted = unless_left(begun, self.granted(begun)).await?;
        self.save_user(begun, granted).await
    }

    async fn granted(&self, begun: &UserSignIn) -> Result<Granted, Error> {
        match &begun.way {
            UserWay::Code(sign_in) => Ok(sign_in.wait().await?),
            UserWay::Browser(sign_in) => {
                let authorized = sign_in.wait(SIGN_IN_LIMIT, self.pages()).await?;
                Ok(authorized.exchange(&self.surroundings.client()?).await?)
            }
        }
    }

    pub async fn complete_user(&self, begun: &UserSignIn, text: &str) -> Result<Login, Error> {
        let UserWay::Browser(sign_in) = &begun.way else {
            return Err(LoginError::NothingPending.into());
        };
        let granted = unless_left(begun, async {
            let authorized = sign_in.complete(text)?;
            Ok(authorized.exchange(&self.surroundings.client()?).await?)
        });
        self.save_user(begun, granted.await?).await
    }

    pub async fn approve_user(&self, begun: &UserSignIn) -> Result<Login, Error> {
        let Some(approve) = &self.approve else {
            return self.wait_user(begun).await;
        };
        let approve = approve(begun.url().to_owned());
        let approved = async { approve.await.map_err(Error::Broken) };
        let (login, ()) = tokio::try_join!(self.wait_user(begun), approved)?;
        Ok(login)
    }

    async fn save_user(&self, begun: &UserSignIn, granted: Granted) -> Result<Login, Error> {
        let UserAsked {
            sign_in,
            subscription_key,
            ..
        } = begun.asked.clone();
        let saved =
            self.surroundings
                .save_source_login(None, sign_in, granted, subscription_key, false);
        Ok(saved.await?.login)
    }
}
