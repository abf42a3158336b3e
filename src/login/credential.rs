use reqwest::RequestBuilder;
use reqwest::header::HeaderValue;

use super::entra::SourceVariables;
use super::error::{Error, Result};
use super::keyring::{Keyring, SecretKind};
use crate::domain::{LoginName, Secret};
use crate::http::{Endpoint, quote};

/// Where Mailchimp signs people in; `authorize`, `token` and `metadata` are below it.
const LOGIN: &str = "https://login.mailchimp.com/oauth2";

/// Where Mailchimp is: its real addresses unless the environment names others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    api: Option<Endpoint>,
    login: Option<Endpoint>,
    real_login: Endpoint,
}

/// Names the variable with another address of Mailchimp's API.
const MAILCHIMP_API: &str = "SEGUE_MAILCHIMP_API_URL";
/// Names the variable with another address to sign in to Mailchimp at.
const MAILCHIMP_LOGIN: &str = "SEGUE_MAILCHIMP_LOGIN_URL";
/// The variables that give services other addresses.
pub const ADDRESSES: [&str; 4] = [
    MAILCHIMP_API,
    MAILCHIMP_LOGIN,
    SourceVariables::AUTHORITY,
    SourceVariables::INSIGHTS,
];

impl Endpoints {
    /// Takes the values of `SEGUE_MAILCHIMP_API_URL` and `SEGUE_MAILCHIMP_LOGIN_URL`; an empty one counts as not set.
    ///
    /// # Errors
    /// Refuses an address that credentials may not be sent to.
    pub fn new(api: Option<&str>, login: Option<&str>) -> Result<Self> {
        let parse = |which, text: Option<&str>| {
            let text = text.map(str::trim).filter(|text| !text.is_empty());
            let parsed = text.map(Endpoint::parse).transpose();
            parsed.map_err(|source| Error::Endpoint { which, source })
        };
        Ok(Self {
            api: parse(MAILCHIMP_API, api)?,
            login: parse(MAILCHIMP_LOGIN, login)?,
            real_login: Endpoint::parse(LOGIN).map_err(|source| Error::Endpoint {
                which: "sign-in",
                source,
            })?,
        })
    }

    /// Gives the API's address if the environment names one.
    #[must_use]
    pub fn api(&self) -> Option<&Endpoint> {
        self.api.as_ref()
    }

    /// Gives the address to sign in at.
    ///
    /// # Errors
    /// Refuses when only one of the two is overridden: a real token would go to a sandbox, or the other way about.
    pub fn login(&self) -> Result<&Endpoint> {
        match (&self.api, &self.login) {
            (None, None) => Ok(&self.real_login),
            (Some(_), Some(login)) => Ok(login),
            _ => Err(Error::MixedEndpoints),
        }
    }

    /// Tells without asking anyone which base a credential of the environment is for: the API, or the sign-in service that
    /// will name it.
    ///
    /// # Errors
    /// Refuses a data centre that could lead elsewhere.
    pub fn base(&self, credential: &EnvCredential) -> Result<Endpoint> {
        match (&self.api, credential) {
            (Some(api), _) => Ok(api.clone()),
            (None, credential) => match credential.usable()?.data_centre() {
                Some(dc) => Self::of_data_centre(dc),
                None => Ok(self.real_login.clone()),
            },
        }
    }

    /// Tells whether two bases are on the same side: both Mailchimp's, or both a sandbox of this computer, whose port
    /// changes with every start.
    #[must_use]
    pub fn are_alike(one: &Endpoint, other: &Endpoint) -> bool {
        let mailchimps = |base: &Endpoint| {
            let host = base.host();
            host == "mailchimp.com" || host.ends_with(".mailchimp.com")
        };
        one == other
            || one.is_loopback() && other.is_loopback()
            || mailchimps(one) && mailchimps(other)
    }

    /// Builds the API's address of a data centre ourselves, whatever address the service names.
    ///
    /// # Errors
    /// Refuses a data centre that could lead elsewhere.
    pub(super) fn of_data_centre(dc: &str) -> Result<Endpoint> {
        if !is_data_centre(dc) {
            return Err(Error::BadDataCentre(quote(dc, &[])));
        }
        let address = format!("https://{dc}.api.mailchimp.com/3.0");
        Endpoint::parse(&address).map_err(|_why| Error::BadDataCentre(quote(dc, &[])))
    }
}

/// Tells whether a text is `^[a-z]+[0-9]+$` and no longer than a host name's part.
fn is_data_centre(text: &str) -> bool {
    let number = text.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let all_digits = number.bytes().all(|byte| byte.is_ascii_digit());
    !number.is_empty() && number.len() < text.len() && all_digits && text.len() <= 63
}

/// The credential that the environment names instead of the keyring.
#[derive(Debug, Clone)]
pub enum EnvCredential {
    /// It can be used.
    Usable(Credential),
    /// It can be none: only what needs it fails, and names the variable.
    Broken,
}

impl EnvCredential {
    /// The variable that gives it.
    pub const VARIABLE: &'static str = "SEGUE_MAILCHIMP_TOKEN";

    /// Reads the value of `SEGUE_MAILCHIMP_TOKEN`.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Credential::from_env_text(text).map_or(Self::Broken, Self::Usable)
    }

    /// Gives the credential.
    ///
    /// # Errors
    /// Names the variable when it holds none.
    pub fn usable(&self) -> Result<&Credential> {
        match self {
            Self::Usable(credential) => Ok(credential),
            Self::Broken => Err(Error::BadVariable {
                name: Self::VARIABLE,
            }),
        }
    }
}

/// What proves to Mailchimp who we are.
#[derive(Debug, Clone)]
pub enum Credential {
    /// An access token of an OAuth sign-in.
    Token(Secret<String>),
    /// An API key; its end names the data centre.
    ApiKey(Secret<String>),
}

impl Credential {
    /// Takes a pasted API key.
    ///
    /// # Errors
    /// Refuses what could not be one: blanks inside, or no data centre at its end.
    pub fn api_key(text: &str) -> Result<Self> {
        let key = printable(text)?;
        let (_secret, dc) = key.rsplit_once('-').ok_or(Error::KeyWithoutDataCentre)?;
        if !is_data_centre(dc) {
            return Err(Error::KeyWithoutDataCentre);
        }
        Ok(Self::ApiKey(Secret::new(key.to_owned())))
    }

    /// Takes the value of `SEGUE_MAILCHIMP_TOKEN`: an API key if it is 32 hexadecimal digits, a dash and a data centre,
    /// otherwise an access token.
    ///
    /// # Errors
    /// Refuses what could be neither.
    pub fn from_env_text(text: &str) -> Result<Self> {
        let text = printable(text)?;
        let is_key = text.rsplit_once('-').is_some_and(|(key, dc)| {
            key.len() == 32
                && key.bytes().all(|byte| byte.is_ascii_hexdigit())
                && is_data_centre(dc)
        });
        let secret = Secret::new(text.to_owned());
        Ok(if is_key {
            Self::ApiKey(secret)
        } else {
            Self::Token(secret)
        })
    }

    /// Takes an access token.
    ///
    /// # Errors
    /// Refuses what could not stand in a header.
    pub fn from_token(text: &str) -> Result<Self> {
        let token = printable(text)?;
        Ok(Self::Token(Secret::new(token.to_owned())))
    }

    /// Finds what the keyring holds for a login: a token or an API key.
    ///
    /// # Errors
    /// As the keyring; [`Error::NoSecret`] when it holds neither.
    pub async fn kept(keyring: &Keyring, login: &LoginName) -> Result<Self> {
        match keyring.get(login, SecretKind::MailchimpToken).await {
            Ok(token) => Ok(Self::Token(token)),
            Err(Error::NoSecret { .. }) => keyring
                .get(login, SecretKind::MailchimpApiKey)
                .await
                .map(Self::ApiKey),
            Err(why) => Err(why),
        }
    }

    /// Tells under which kind the keyring keeps it.
    #[must_use]
    pub fn kind(&self) -> SecretKind {
        match self {
            Self::Token(_) => SecretKind::MailchimpToken,
            Self::ApiKey(_) => SecretKind::MailchimpApiKey,
        }
    }

    /// Gives what the keyring shall keep.
    #[must_use]
    pub fn secret(&self) -> &Secret<String> {
        match self {
            Self::Token(secret) | Self::ApiKey(secret) => secret,
        }
    }

    /// Puts it on a request to the API: a token as bearer, a key as basic authentication with any user name.
    pub fn authorize(&self, request: RequestBuilder) -> RequestBuilder {
        match self {
            Self::Token(token) => request.bearer_auth(token.expose()),
            Self::ApiKey(key) => request.basic_auth("anystring", Some(key.expose())),
        }
    }

    /// The data centre at the end of an API key.
    pub(super) fn data_centre(&self) -> Option<&str> {
        match self {
            Self::Token(_) => None,
            Self::ApiKey(key) => key.expose().rsplit_once('-').map(|(_secret, dc)| dc),
        }
    }
}

/// Tells from Mailchimp's words whether a 403 is about the key or the account, not about what was asked for.
#[must_use]
pub fn is_about_the_login(words: &str) -> bool {
    const MARKS: [&str; 7] = [
        "api key",
        "access token",
        "data center",
        "datacenter",
        "user disabled",
        "deactivated",
        "account has been",
    ];
    let words = words.to_lowercase();
    MARKS.iter().any(|mark| words.contains(mark))
}

/// Takes a pasted secret that is sent in a header: the blanks around it are nobody's, one inside is a mistake.
///
/// # Errors
/// [`Error::BadSecret`] for a text that could not be sent.
pub fn pasted_secret(kind: SecretKind, text: &str) -> Result<Secret<String>> {
    let secret = printable(text).map_err(|_why| Error::BadSecret(kind))?;
    Ok(Secret::new(secret.to_owned()))
}

/// What can stand in a header: visible ASCII without blanks.
fn printable(text: &str) -> Result<&str> {
    let text = text.trim();
    let fits = text.bytes().all(|byte| byte.is_ascii_graphic());
    if text.is_empty() || !fits || HeaderValue::from_str(text).is_err() {
        return Err(Error::BadCredential);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{Credential, Endpoints, EnvCredential, Error, SecretKind, pasted_secret};
    use crate::http::Endpoint;

    const KEY: &str = "0123456789abcdef0123456789ABCDEF-us21";

    #[test]
    fn the_environment_variable_holds_a_key_or_a_token() {
        let read = |text: &str| Credential::from_env_text(text);
        assert!(matches!(read(KEY), Ok(Credential::ApiKey(_))));
        assert!(matches!(
            read(&KEY.replace("-us21", "\n")),
            Ok(Credential::Token(_))
        ));
        assert!(matches!(read("abc-us1"), Ok(Credential::Token(_))));
        for bad in ["", "  ", "two words", "å", "a\u{7}b"] {
            assert!(matches!(read(bad), Err(Error::BadCredential)), "{bad:?}");
        }
    }

    #[test]
    fn a_pasted_secret_with_a_line_break_or_a_blank_inside_is_refused() {
        let kind = SecretKind::InsightsSubscriptionKey;
        let good = pasted_secret(kind, " 0123abcd\r\n").expect("a key");
        assert_eq!(good.expose(), "0123abcd");
        for bad in [
            "",
            " ",
            "0123\nabcd",
            "0123\r\nabcd",
            "0123 abcd",
            "0123\tabcd",
            "é",
        ] {
            let why = pasted_secret(kind, bad).expect_err(bad);
            assert!(matches!(why, Error::BadSecret(of) if of == kind), "{bad:?}");
            assert!(why.is_usage());
            let why = Credential::api_key(&format!("{bad}x-us1"));
            assert_eq!(
                why.is_err(),
                bad.contains(|c: char| c.is_whitespace() || c == 'é') && !bad.trim().is_empty(),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn a_key_says_which_data_centre_it_is_for() {
        let key = Credential::api_key(&format!(" {KEY}\n")).expect("key");
        assert_eq!(key.data_centre(), Some("us21"));
        for bad in [
            "nodash",
            "abc-",
            "abc-us",
            "abc-1",
            "abc-us1.evil.example",
            "abc-US1",
        ] {
            let why = Credential::api_key(bad).expect_err(bad);
            assert!(matches!(why, Error::KeyWithoutDataCentre), "{bad}");
        }
        assert!(!format!("{key:?}").contains("0123"));
    }

    #[test]
    fn only_a_real_data_centre_becomes_a_host() {
        let host = Endpoints::of_data_centre("us1").expect("host");
        assert_eq!(host.as_str(), "https://us1.api.mailchimp.com/3.0");
        for bad in [
            "", "us", "1", "us1.evil", "us1/", "us1@x", "Us1", "us１", "1us", "us1a",
        ] {
            assert!(Endpoints::of_data_centre(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sandbox_and_live_are_never_mixed() {
        let (api, login) = ("http://127.0.0.1:1/3.0", "http://127.0.0.1:1/oauth2");
        let make = |api, login| Endpoints::new(api, login).expect("endpoints");
        let real = make(None, Some(" "));
        assert_eq!(
            real.login().expect("real").as_str(),
            "https://login.mailchimp.com/oauth2"
        );
        let sandbox = make(Some(api), Some(login));
        assert_eq!(sandbox.login().expect("sandbox").as_str(), login);
        for mixed in [make(Some(api), None), make(None, Some(login))] {
            assert!(matches!(mixed.login(), Err(Error::MixedEndpoints)));
        }
        let plain = Endpoints::new(Some("http://us1.api.mailchimp.com/3.0"), None);
        assert!(matches!(plain, Err(Error::Endpoint { .. })));
    }

    #[test]
    fn a_base_is_told_without_a_call_and_sandbox_and_live_are_not_alike() {
        let at = |text: &str| Endpoint::parse(text).expect("address");
        let make = |api| Endpoints::new(api, None).expect("endpoints");
        let (sandbox, other) = ("http://127.0.0.1:1/3.0", at("http://[::1]:2/3.0"));
        let (key, token) = (EnvCredential::read(KEY), EnvCredential::read("abc"));
        let base = |api, credential| make(api).base(credential).expect("a base");
        let live = base(None, &key);
        assert_eq!(live.as_str(), "https://us21.api.mailchimp.com/3.0");
        let broken = EnvCredential::read("two words");
        assert!(Endpoints::are_alike(&base(Some(sandbox), &broken), &other));
        assert!(Endpoints::are_alike(&base(None, &token), &live));
        assert!(!Endpoints::are_alike(&live, &other));
        assert!(!Endpoints::are_alike(
            &live,
            &at("https://mailchimp.com.evil.example")
        ));
        let why = make(None).base(&broken).expect_err("no credential");
        assert!(why.is_usage() && why.to_string().contains("SEGUE_MAILCHIMP_TOKEN"));
    }

    #[test]
    fn a_token_goes_as_bearer_and_a_key_as_basic() {
        crate::http::Client::new(std::time::Duration::from_secs(1)).expect("tls");
        let client = reqwest::Client::new();
        let header = |credential: Credential| {
            let request = credential.authorize(client.get("http://127.0.0.1/"));
            let request = request.build().expect("request");
            request.headers()["authorization"].clone()
        };
        let token = header(Credential::from_env_text("abc").expect("token"));
        assert_eq!(token.to_str().expect("text"), "Bearer abc");
        assert!(token.is_sensitive());
        let key = header(Credential::api_key("abc-us1").expect("key"));
        assert_eq!(
            key.to_str().expect("text"),
            "Basic YW55c3RyaW5nOmFiYy11czE="
        );
    }
}
