//! Calls on merge fields.

use serde::Deserialize;
use serde_json::{Value, json};

use super::audience::Audience;
use super::call::{Answer, Call, Problem};
use super::merge::{Field, Type};

/// How many merge fields an audience may have, the five at the start included.
const MOST: usize = 30;

#[derive(Debug, Default, Deserialize)]
struct Body {
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<Type>,
    tag: Option<String>,
    required: Option<bool>,
    public: Option<bool>,
    default_value: Option<String>,
    help_text: Option<String>,
    display_order: Option<i64>,
    options: Option<Options>,
}

#[derive(Debug, Default, Deserialize)]
struct Options {
    choices: Option<Vec<String>>,
    date_format: Option<String>,
    phone_format: Option<String>,
}

fn show(audience: &Audience, field: &Field) -> Value {
    let mut options = json!({});
    match field.kind {
        Type::Text => options["size"] = 25.into(),
        Type::Date | Type::Birthday => options["date_format"] = field.date_format.clone().into(),
        Type::Phone => options["phone_format"] = field.phone_format.clone().into(),
        Type::Address => options["default_country"] = 164.into(),
        Type::Radio | Type::Dropdown => options["choices"] = field.choices.clone().into(),
        _ => {}
    }
    let href = format!(
        "{}/lists/{}/merge-fields/{}",
        audience.api, audience.id, field.id
    );
    json!({
        "merge_id": field.id,
        "tag": field.tag,
        "name": field.name,
        "type": field.kind,
        "required": field.required,
        "default_value": field.default_value,
        "public": field.public,
        "display_order": field.display_order,
        "options": options,
        "help_text": field.help_text,
        "list_id": audience.id,
        "_links": [{ "rel": "self", "href": href, "method": "GET" }],
    })
}

pub(super) fn list(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let page = call.page()?;
    let (kind, required) = (call.text("type"), call.text("required"));
    let fields: Vec<&Field> = audience
        .fields
        .iter()
        .filter(|field| kind.is_none_or(|kind| json!(field.kind) == kind))
        .filter(|field| required.is_none() || field.required == call.flag("required"))
        .collect();
    let shown: Vec<Value> = fields
        .iter()
        .skip(page.offset)
        .take(page.count)
        .map(|field| show(audience, field))
        .collect();
    let answer = json!({
        "merge_fields": shown,
        "list_id": audience.id,
        "total_items": fields.len(),
        "_links": [],
    });
    Answer::of(call, answer)
}

fn place(audience: &Audience, call: &Call<'_>) -> Result<usize, Problem> {
    let id = call.param(1).parse::<u16>().ok();
    let at = audience
        .fields
        .iter()
        .position(|field| Some(field.id) == id);
    at.ok_or_else(Problem::not_found)
}

pub(super) fn get(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let at = place(audience, call)?;
    Answer::of(call, show(audience, &audience.fields[at]))
}

pub(super) fn add(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let body: Body = call.json()?;
    let (Some(name), Some(kind)) = (body.name.clone(), body.kind) else {
        return Err(Problem::field(
            "",
            "Required fields were not provided: name, type",
        ));
    };
    if audience.fields.len() >= MOST {
        let detail = "This list already has the maximum number of merge fields.";
        return Err(Problem::new(400, "Bad Request", detail));
    }
    let tag = match &body.tag {
        Some(tag) if !tag.is_empty() => tag.to_uppercase(),
        _ => free_tag(audience, &name),
    };
    check_tag(audience, &tag)?;
    if matches!(kind, Type::Radio | Type::Dropdown)
        && body
            .options
            .as_ref()
            .and_then(|options| options.choices.as_ref())
            .is_none()
    {
        return Err(Problem::field("options.choices", "Please provide choices"));
    }
    let blank = Field {
        id: 0,
        tag,
        name,
        kind,
        required: false,
        public: false,
        default_value: String::new(),
        help_text: String::new(),
        display_order: 0,
        choices: Vec::new(),
        date_format: match kind {
            Type::Date => "MM/DD/YYYY".into(),
            Type::Birthday => "MM/DD".into(),
            _ => String::new(),
        },
        phone_format: if kind == Type::Phone {
            "none".into()
        } else {
            String::new()
        },
    };
    let field = audience.add_field(apply(blank, body));
    Answer::of(call, show(audience, &field))
}

/// [?] Longer tags than ten are commonly said to be refused; a program that makes them up should not find out late.
fn check_tag(audience: &Audience, tag: &str) -> Result<(), Problem> {
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if tag.len() > 10 || !tag.chars().all(fits) {
        let message = "A merge tag has at most 10 characters: A to Z, 0 to 9 and _";
        return Err(Problem::field("tag", message));
    }
    if tag == "EMAIL" || audience.fields.iter().any(|field| field.tag == tag) {
        let detail = format!("A Merge Field with the tag \"{tag}\" already exists for this list.");
        return Err(Problem::new(400, "Bad Request", &detail));
    }
    Ok(())
}

fn free_tag(audience: &Audience, name: &str) -> String {
    let tag: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(10)
        .collect::<String>()
        .to_uppercase();
    if tag.is_empty() || audience.fields.iter().any(|field| field.tag == tag) {
        return format!("MMERGE{}", audience.next_field);
    }
    tag
}

fn apply(field: Field, body: Body) -> Field {
    let options = body.options.unwrap_or_default();
    Field {
        name: body.name.unwrap_or(field.name),
        required: body.required.unwrap_or(field.required),
        public: body.public.unwrap_or(field.public),
        default_value: body.default_value.unwrap_or(field.default_value),
        help_text: body.help_text.unwrap_or(field.help_text),
        display_order: body.display_order.unwrap_or(field.display_order),
        choices: options.choices.unwrap_or(field.choices),
        date_format: options.date_format.unwrap_or(field.date_format),
        phone_format: options.phone_format.unwrap_or(field.phone_format),
        ..field
    }
}

/// Changes a field; its type stays what it is, whatever the body says.
pub(super) fn patch(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let at = place(audience, call)?;
    let body: Body = call.json()?;
    let old = audience.fields[at].clone();
    let tag = body.tag.as_ref().map(|tag| tag.to_uppercase());
    if let Some(tag) = &tag
        && *tag != old.tag
    {
        check_tag(audience, tag)?;
    }
    audience.fields[at] = Field {
        tag: tag.unwrap_or_else(|| old.tag.clone()),
        ..apply(old, body)
    };
    Answer::of(call, show(audience, &audience.fields[at]))
}

pub(super) fn delete(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let at = place(audience, call)?;
    let gone = audience.fields.remove(at).id;
    for contact in &mut audience.contacts {
        contact.merge.retain(|(id, _)| *id != gone);
    }
    Ok(Answer::NoContent)
}
