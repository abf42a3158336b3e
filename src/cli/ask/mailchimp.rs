//! Signing in with Mailchimp, and the audience.

use super::super::context::Failure;
use super::super::login::{Wanted, in_browser, keep, try_keyring};
use super::super::out::say;
use super::Asking;
use super::prompt::{Answered, Choice, Halt, Prompt};
use crate::domain::LoginName;
use crate::export::{Access, Error};
use crate::login::{Credential, DEFAULT_PORT, MailchimpApp, SecretKind, pasted_secret};

/// One way to sign in.
enum Way {
    Approve,
    Saved(LoginName),
    Browser,
    Key,
}

impl Asking<'_> {
    pub(super) async fn mailchimp(&mut self, prompt: &Prompt) -> Answered<()> {
        loop {
            let login = self.login(prompt).await?;
            let access = self.context.surroundings.access(&login).await;
            let access = access.map_err(|why| self.context.failed(why))?;
            self.answers.login = Some(login.to_string());
            loop {
                match self.audience(&access, prompt).await {
                    Err(Halt::Back) => break,
                    Err(Halt::Failed(why)) => prompt.refuse(*why),
                    Err(Halt::Gone) => return Err(Halt::Gone),
                    Ok(()) => {
                        self.access = Some(access);
                        return Ok(());
                    }
                }
            }
        }
    }

    async fn login(&self, prompt: &Prompt) -> Answered<LoginName> {
        let words = &self.context.words;
        let saved = self.context.surroundings.login_names();
        let saved = saved.map_err(|why| self.context.failed(why))?;
        let given = self.answers.login.as_ref();
        let usual = saved
            .iter()
            .position(|name| given.is_some_and(|given| name.matches(given)));
        let mut ways: Vec<Way> = saved.into_iter().map(Way::Saved).collect();
        ways.extend(self.demo.map(|_| Way::Approve));
        ways.extend([Way::Browser, Way::Key]);
        let named = |way: &Way| match way {
            Way::Approve => words.text("ui-login-approve"),
            Way::Saved(name) => words.with("ui-login-saved", &[("login", name.as_str().into())]),
            Way::Browser => words.text("ui-login-browser"),
            Way::Key => words.text("ui-login-use-key"),
        };
        let options: Vec<String> = ways.iter().map(named).collect();
        loop {
            let lead = words.text("ui-login-lead");
            let question = prompt.about("ui-help-login");
            let usual = Some(usual.unwrap_or(0));
            let at = question.choose(&lead, &options, usual).await?;
            match self.take(&ways[at], prompt).await {
                Err(Halt::Back) => {}
                Err(Halt::Failed(why)) => prompt.refuse(*why),
                taken => return taken,
            }
        }
    }

    async fn take(&self, way: &Way, prompt: &Prompt) -> Answered<LoginName> {
        let context = self.context;
        let failed = |why: Error| Halt::from(context.failed(why));
        let credential = match way {
            Way::Saved(name) => return Ok(name.clone()),
            Way::Approve => {
                let app = MailchimpApp {
                    client_id: self.ready("mailchimp_client_id").to_owned(),
                    client_secret: pasted_secret(
                        SecretKind::ClientSecret,
                        self.ready("mailchimp_client_secret"),
                    )
                    .map_err(|why| failed(why.into()))?,
                };
                in_browser(
                    context,
                    app,
                    DEFAULT_PORT,
                    self.demo.map(|demo| demo.approve),
                )
                .await?
            }
            Way::Browser => {
                say(&self.text("ui-login-app-lead"));
                let known = self.ready("mailchimp_client_id");
                let question = prompt.about("ask-about-client-id");
                let client_id = self.text("ui-login-client-id");
                let client_id = question.text(&client_id, known).await?;
                let known = self.ready("mailchimp_client_secret");
                let secret = self.text("ui-login-client-secret");
                let question = prompt.about("ask-about-client-secret");
                let secret = question
                    .secret(&secret, known, "--client-secret-stdin")
                    .await?;
                let secret = pasted_secret(SecretKind::ClientSecret, &secret);
                let app = MailchimpApp {
                    client_id,
                    client_secret: secret.map_err(|why| failed(why.into()))?,
                };
                in_browser(context, app, DEFAULT_PORT, None).await?
            }
            Way::Key => {
                say(&self.text("ui-login-key-lead"));
                let key = self.text("ui-login-key");
                let known = self.ready("mailchimp_api_key");
                let question = prompt.about("ask-about-api-key");
                let key = question.secret(&key, known, "--api-key-stdin").await?;
                let key = Credential::api_key(&key).map_err(|why| failed(why.into()))?;
                try_keyring(context).await?;
                key
            }
        };
        let login = keep(context, Wanted::default(), credential).await?;
        let account = [("account", login.account_name.as_str().into())];
        say(&context.words.with("ui-login-connected", &account));
        Ok(login.name)
    }

    async fn audience(&mut self, access: &Access, prompt: &Prompt) -> Answered<()> {
        let context = self.context;
        let failed = |why: Error| context.failed(why);
        let mailchimp = access.mailchimp().map_err(failed)?;
        let all = mailchimp
            .audiences()
            .await
            .map_err(|why| failed(why.into()))?;
        let options = all.iter().map(|one| {
            let args = [
                ("name", one.name.as_str().into()),
                ("count", one.members.into()),
            ];
            format!(
                "{} ({})",
                context.words.with("ui-audience-found", &args),
                one.id
            )
        });
        let options: Vec<String> = options.collect();
        let given = self.answers.audience.as_deref();
        let known = all.iter().position(|one| given == Some(one.id.as_str()));
        let usual = known.or((all.len() == 1).then_some(0));
        let lead = (&*self.text("ui-audience-lead"), "ask-audience");
        let question = prompt.about("ask-about-audience");
        let id = match question.choose_or_type(lead, &options, usual).await? {
            Choice::At(at) => all[at].id.to_string(),
            Choice::Other(typed) => typed,
        };
        let before = self.answers.audience.replace(id);
        let adding = self.adding();
        let looked = match adding.draft() {
            Ok(mut draft) => adding.look_at_audience(&mut draft, access).await,
            Err(why) => Err(why),
        };
        match looked {
            Ok(view) => {
                let args = [
                    ("name", view.audience.name.as_str().into()),
                    ("count", view.audience.members.into()),
                ];
                say(&context.words.with("ui-audience-found", &args));
                self.view = Some(view);
                Ok(())
            }
            Err(why) => {
                self.answers.audience = before;
                Err(Failure::into(why))
            }
        }
    }
}
