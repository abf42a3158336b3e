use std::time::Duration;

use crate::domain::LoginName;
use crate::http::{BadEndpoint, CallError, CertificateFault, Looks};
use crate::login::{BrowserObstacle, DEFAULT_PORT, Error, SecretKind, StoreError};

use super::{Explain, Explanation, Words, entra, shell_word};

impl Words {
    /// Says why no browser can be opened here.
    pub(super) fn browser_obstacle(&self, why: BrowserObstacle) -> String {
        self.text(match why {
            BrowserObstacle::TextBrowser => "browser-text",
            BrowserObstacle::Remote => "browser-remote",
            BrowserObstacle::NoDisplay => "browser-no-display",
        })
    }
}

impl Explain for Error {
    fn explain(&self, words: &Words) -> Explanation {
        let plain = |key| words.explained(key, &[]);
        let because = |key, why: String| words.explained(key, &[("cause", why.into())]);
        let told = Telling { words };
        match self {
            Self::NoKeyring(why) => because("error-login-no-keyring", told.keyring(why)),
            Self::KeyringLocked(why) => because("error-login-keyring-locked", told.keyring(why)),
            Self::KeyringTimeout(time) => told.after("error-login-keyring-timeout", *time),
            Self::KeyringEntry {
                login,
                kind,
                source,
            } => told.entry(login, *kind, source),
            Self::NoSecret { login, kind } => told.no_secret(login, *kind),
            Self::Thread(why) => because("error-login-thread", words.system_said(why)),
            Self::PortInUse { port } => told.port("error-login-port-in-use", *port, String::new()),
            Self::Listen { port, source } => {
                told.port("error-login-listen", *port, words.system_said(source))
            }
            Self::NoBrowser(why) => because("error-login-no-browser", words.browser_obstacle(*why)),
            Self::OpenBrowser(why) => because("error-login-open-browser", words.system_said(why)),
            Self::Denied => plain("error-login-denied"),
            Self::Refused { reason } => because("error-login-refused", told.said(reason)),
            Self::WrongState => plain("error-login-wrong-state"),
            Self::SignInTimeout(time) => told.after("error-login-sign-in-timeout", *time),
            Self::NotARedirect => plain("error-login-not-a-redirect"),
            Self::NothingPending => plain("error-login-nothing-pending"),
            Self::ExchangeConnect(why) => {
                because("error-login-exchange-connect", words.call_failed(why))
            }
            Self::ExchangeUnanswered(why) => {
                because("error-login-exchange-unanswered", words.call_failed(why))
            }
            Self::ExchangeRefused { code, reason } => told.exchange_refused(code, reason),
            Self::ExchangeAnswer { status, said } => told.exchange_answer(status.as_u16(), said),
            Self::TokenType(kind) => {
                words.explained("error-login-token-type", &[("kind", kind.as_str().into())])
            }
            Self::BadCredential => plain("error-login-bad-credential"),
            Self::BadSecret(kind) => {
                let secret = told.secret(*kind);
                words.explained("error-login-bad-secret", &[("secret", secret.into())])
            }
            Self::BadVariable { name } => {
                words.explained("error-login-bad-variable", &[("name", (*name).into())])
            }
            Self::KeyWithoutDataCentre => plain("error-login-key-without-data-centre"),
            Self::BadDataCentre(named) => told.bad_data_centre(named),
            Self::Endpoint { which, source } => told.endpoint(which, source),
            Self::MixedEndpoints => plain("error-login-mixed-endpoints"),
            Self::Entra { whose, source } => entra::explain(words, whose, source),
            Self::Ask { what: _, source } => because("error-login-ask", words.call_failed(source)),
            Self::CredentialRefused { status: _, reason } => {
                because("error-login-credential-refused", told.said(reason))
            }
            Self::AskRefused {
                what: _,
                status,
                reason,
            } => told.ask_refused(status.as_u16(), reason),
        }
    }
}

impl Words {
    /// Says in a sentence why a call got no answer.
    pub(super) fn call_failed(&self, why: &CallError) -> String {
        let about = |key, host: &str, more: &[(&str, String)]| {
            let more = more
                .iter()
                .map(|(name, text)| (*name, text.as_str().into()));
            let args: Vec<_> = [("host", host.into())].into_iter().chain(more).collect();
            self.with(key, &args)
        };
        let because = |key, host| about(key, host, &[("cause", self.cause(why))]);
        let status = |status: u16| ("status", status.to_string());
        match why {
            CallError::Connect { host, .. } => because("error-call-connect", host),
            CallError::Certificate { host, fault, .. } => {
                let key = match fault {
                    CertificateFault::Issuer => "error-call-certificate-issuer",
                    CertificateFault::Time => "error-call-certificate-time",
                    CertificateFault::Other => "error-call-certificate-other",
                };
                because(key, host)
            }
            CallError::Unanswered { host, .. } => because("error-call-unanswered", host),
            CallError::Request(_) => because("error-call-request", ""),
            CallError::TooLong { host, limit } => {
                let megabytes = (limit / (1024 * 1024)).to_string();
                about("error-call-too-long", host, &[("limit", megabytes)])
            }
            CallError::Elsewhere {
                host,
                status: code,
                target,
            } => {
                let more = [("target", target.clone()), status(code.as_u16())];
                about("error-call-elsewhere", host, &more)
            }
            CallError::Strange {
                host,
                status: code,
                looks,
            } => {
                let key = match looks {
                    Looks::Empty => "error-call-strange-empty",
                    Looks::Page => "error-call-strange-page",
                    Looks::Broken => "error-call-strange-broken",
                    Looks::Other => "error-call-strange-other",
                };
                about(key, host, &[status(code.as_u16())])
            }
            CallError::Busy { host, status: code } => {
                about("error-call-busy", host, &[status(code.as_u16())])
            }
        }
    }
}

/// Tells failures of signing in, in the language of the words.
struct Telling<'a> {
    words: &'a Words,
}

impl Telling<'_> {
    fn keyring(&self, why: &StoreError) -> String {
        match why {
            StoreError::Missing => self.words.text("error-keyring-missing"),
            StoreError::Damaged => self.words.text("error-keyring-damaged"),
            StoreError::NoService(why) | StoreError::Locked(why) | StoreError::Failed(why) => {
                self.words.with(
                    "error-keyring-said",
                    &[("cause", self.words.cause(why.as_ref()).into())],
                )
            }
        }
    }

    /// What the service said, or that it said nothing.
    fn said(&self, reason: &str) -> String {
        if reason.trim().is_empty() {
            self.words.text("error-no-reason")
        } else {
            let reason = reason.trim();
            self.words
                .with("error-mailchimp-said", &[("reason", reason.into())])
        }
    }

    fn after(&self, key: &str, time: Duration) -> Explanation {
        let time = self.words.duration(time);
        self.words.explained(key, &[("time", time.into())])
    }

    fn entry(&self, login: &LoginName, kind: SecretKind, why: &StoreError) -> Explanation {
        self.words.explained(
            "error-login-keyring-entry",
            &[
                ("login", login.as_str().into()),
                ("line", sign_in_again(login, kind).into()),
                ("secret", self.secret(kind).into()),
                ("cause", self.keyring(why).into()),
            ],
        )
    }

    fn no_secret(&self, login: &LoginName, kind: SecretKind) -> Explanation {
        self.words.explained(
            "error-login-no-secret",
            &[
                ("login", login.as_str().into()),
                ("line", sign_in_again(login, kind).into()),
                ("secret", self.secret(kind).into()),
            ],
        )
    }

    fn ask_refused(&self, status: u16, reason: &str) -> Explanation {
        self.words.explained(
            "error-login-ask-refused",
            &[
                ("status", status.to_string().into()),
                ("cause", self.said(reason).into()),
            ],
        )
    }

    fn secret(&self, kind: SecretKind) -> String {
        self.words.text(match kind {
            SecretKind::MailchimpToken => "error-secret-mailchimp-token",
            SecretKind::MailchimpApiKey => "error-secret-mailchimp-api-key",
            SecretKind::InsightsRefreshToken => "error-secret-insights-refresh-token",
            SecretKind::InsightsSubscriptionKey => "error-secret-insights-subscription-key",
            SecretKind::Sql => "error-secret-sql",
            SecretKind::Pending => "error-secret-pending",
            SecretKind::ClientSecret => "error-secret-client-secret",
            SecretKind::Trial => "error-secret-trial",
        })
    }

    fn port(&self, key: &str, port: u16, cause: String) -> Explanation {
        // A port below 1024 is for the system's administrator, and so is the next one.
        let other = match port {
            0..1024 => DEFAULT_PORT,
            u16::MAX => port - 1,
            port => port + 1,
        };
        self.words.explained(
            key,
            &[
                ("port", port.to_string().into()),
                ("other", other.to_string().into()),
                ("cause", cause.into()),
            ],
        )
    }

    fn exchange_refused(&self, code: &str, reason: &str) -> Explanation {
        self.words.explained(
            "error-login-exchange-refused",
            &[("code", code.into()), ("cause", self.said(reason).into())],
        )
    }

    fn exchange_answer(&self, status: u16, said: &str) -> Explanation {
        let cause = if said.is_empty() {
            self.words.text("error-entra-said-nothing")
        } else {
            self.words
                .with("error-entra-said", &[("reason", said.into())])
        };
        let args = [
            ("status", status.to_string().into()),
            ("cause", cause.into()),
        ];
        self.words.explained("error-login-exchange-answer", &args)
    }

    fn bad_data_centre(&self, named: &str) -> Explanation {
        self.words
            .explained("error-login-bad-data-centre", &[("named", named.into())])
    }

    fn endpoint(&self, which: &str, why: &BadEndpoint) -> Explanation {
        let cause = why.explain(self.words).what;
        self.words.explained(
            "error-login-endpoint",
            &[("which", which.into()), ("cause", cause.into())],
        )
    }
}

/// The line that signs in again under the same name, as it stands: an API key comes on stdin, and what else signing in to
/// Customer Insights needs is known from the time before.
fn sign_in_again(login: &LoginName, kind: SecretKind) -> String {
    let word = shell_word(login.as_str());
    match kind {
        SecretKind::MailchimpToken
        | SecretKind::MailchimpApiKey
        | SecretKind::Pending
        | SecretKind::ClientSecret
        | SecretKind::Trial => {
            format!("segue login mailchimp --as {word} --api-key-stdin")
        }
        SecretKind::InsightsRefreshToken | SecretKind::InsightsSubscriptionKey => {
            format!("segue login insights --as {word}")
        }
        SecretKind::Sql => format!("segue login sql --as {word} --help"),
    }
}
