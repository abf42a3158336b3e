//! The web pages that people sign in on: no scripts, every text from outside escaped.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

/// What a form or a query says.
pub(super) type Form = HashMap<String, String>;

const HEAD: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sandbox sign-in</title><style>
body{font:1.1em/1.5 sans-serif;max-width:32em;margin:4em auto;padding:0 1em;color:#222;background:#fafafa}
form{display:inline}
button,input{font:inherit;padding:.5em 1.5em;margin:0 1em 1em 0}
code{overflow-wrap:anywhere}
</style></head><body>
"#;

/// Writes a page around a body.
pub(super) fn page(status: StatusCode, body: &str) -> Response {
    (status, Html(format!("{HEAD}{body}</body></html>"))).into_response()
}

/// Makes a text safe to stand in a page.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Writes the buttons Approve and Deny. Each is a form that sends `decision` and, again, what was `asked` by these names.
pub(super) fn choice(action: &str, asked: &Form, names: &[&str]) -> String {
    let hidden: Vec<String> = names
        .iter()
        .filter_map(|name| asked.get(*name).map(|value| (name, escape(value))))
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"))
        .collect();
    let hidden = hidden.concat();
    let forms: Vec<String> = [("approve", "Approve"), ("deny", "Deny")]
        .iter()
        .map(|(decision, label)| {
            format!(
                "<form method=\"post\" action=\"{action}\">{hidden}<input type=\"hidden\" name=\"decision\" value=\"{decision}\"><button type=\"submit\">{label}</button></form>"
            )
        })
        .collect();
    forms.concat()
}
