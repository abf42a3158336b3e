use serde_json::json;

use super::args::EraseFlags;
use super::context::Failure;
use super::out::{print_json, say};
use super::{Context, undo};
use crate::domain::Email;
use crate::export::erase;
use crate::store::Erased;
use crate::words::{Explanation, Next, shell_word};

/// Erases the person whose address comes on standard input. That it shall be is said on the command line.
pub(super) async fn run(context: &Context, flags: &EraseFlags) -> Result<u8, Failure> {
    let destination = context.destination(&flags.name)?;
    let text = context.standard_input("--email-stdin")?;
    let Ok(email) = Email::parse(&text) else {
        let failure = Failure::usage(context.words.text("erase-no-address"), None);
        return Err(failure.about("--email-stdin", &context.words));
    };
    let failed = |why| context.failed_for(&destination, &why);
    let order = undo::order(context, destination.clone()).await;
    let order = order.map_err(failed)?;
    let erased = erase(&order, &email).await.map_err(failed)?;
    if context.json {
        print_json(&json!({
            "erased": true,
            "audience": destination.audience,
            "was_in_audience": erased.was_there,
            "other_destinations": erased.elsewhere,
        }));
        return Ok(0);
    }
    let key = if erased.was_there {
        "erase-done"
    } else {
        "erase-done-not-there"
    };
    say(&context.words.text(key));
    say(&context.words.text("erase-source"));
    for other in &erased.elsewhere {
        let line = format!(
            "segue erase {} --email-stdin --confirm delete",
            shell_word(other.as_str())
        );
        let args = [("name", other.as_str().into())];
        let told = Explanation {
            what: context.words.with("erase-elsewhere", &args),
            why: String::new(),
            next: vec![Next::Run(line)],
        };
        say(&told.render(&context.words));
    }
    Ok(0)
}

/// Says that somebody is not erased yet who was to be.
pub(super) fn tell_begun(context: &Context) {
    // A list that cannot be read is told by the run itself.
    let begun = Erased::open(&context.surroundings.home).map_or(0, |erased| erased.begun());
    if begun > 0 {
        let args = [("count", begun.into())];
        say(&context.words.with("erase-begun", &args));
    }
}
