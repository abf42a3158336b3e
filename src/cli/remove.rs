use super::Context;
use super::args::RemoveFlags;
use super::context::Failure;
use super::out::say;
use crate::domain::LoginName;
use crate::export::Removal;

/// Removes a destination with all that names its people, and with what nobody else uses. Says before which login that is.
pub(super) async fn run(context: &Context, flags: &RemoveFlags) -> Result<u8, Failure> {
    let words = &context.words;
    let destination = context.destination(&flags.name)?;
    let name = destination.name.as_str();
    let how = Removal {
        purge: flags.purge,
        keep_login: flags.keep_login,
    };
    let logins = if how.keep_login {
        Vec::new()
    } else {
        context
            .surroundings
            .logins_of_only(&destination)
            .map_err(|why| context.failed(why))?
    };
    let mut question = words.with("remove-question", &[("name", name.into())]);
    if !logins.is_empty() {
        let args = [("logins", list(&logins).into())];
        question = format!("{question} {}", words.with("remove-with-login", &args));
    }
    if !context.confirm(&question, flags.yes).await? {
        return Ok(0);
    }
    let removed = context
        .surroundings
        .remove_destination(&destination, how)
        .await
        .map_err(|why| context.failed(why))?;
    say(&words.with("remove-done", &[("name", name.into())]));
    if !removed.logins.is_empty() {
        let args = [("logins", list(&removed.logins).into())];
        say(&words.with("remove-login-gone", &args));
    }
    if removed.tags_forgotten {
        say(&words.text("remove-tags-forgotten"));
    }
    if removed.owed > 0 {
        say(&words.owed(removed.owed, &destination.audience));
    }
    Ok(0)
}

fn list(logins: &[LoginName]) -> String {
    let names: Vec<&str> = logins.iter().map(LoginName::as_str).collect();
    names.join(", ")
}
