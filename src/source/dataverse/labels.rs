//! The labels of choices and two-option attributes in the organisation's base language, and what dates mean. A value as the
//! service formats it would be in the language of whoever reads; these are the same for everyone.

use std::collections::HashMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::Error;
use super::super::odata::{Odata, ServiceError};
use super::forms::Form;

/// The kind of attributes that hold several choices, which are told as `Virtual` otherwise.
pub(super) const CHOICES: &str = "MultiSelectPicklist";
const TRUTH: &str = "Boolean";
const DATE: &str = "DateTime";
/// The kinds of attributes that hold a choice's number.
const NUMBERED: [&str; 4] = ["Picklist", "State", "Status", CHOICES];

#[derive(Deserialize)]
struct Answer<T> {
    #[serde(default = "Vec::new")]
    value: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    logical_name: String,
    #[serde(default)]
    option_set: Option<OptionSet>,
    #[serde(default)]
    global_option_set: Option<OptionSet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OptionSet {
    #[serde(default)]
    options: Option<Vec<Choice>>,
    #[serde(default)]
    true_option: Option<Choice>,
    #[serde(default)]
    false_option: Option<Choice>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Choice {
    #[serde(default)]
    value: Option<i64>,
    #[serde(default)]
    label: Option<Label>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Label {
    #[serde(default)]
    localized_labels: Option<Vec<Localized>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Localized {
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    language_code: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DateAttribute {
    logical_name: String,
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    date_time_behavior: Option<Behavior>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Behavior {
    #[serde(default)]
    value: Option<String>,
}

#[derive(Deserialize)]
struct Organisation {
    #[serde(default)]
    languagecode: Option<u32>,
}

impl Choice {
    fn label(&self, language: Option<u32>) -> Option<String> {
        let labels = self.label.as_ref()?.localized_labels.as_deref()?;
        let found = match (language, labels) {
            (Some(language), labels) => labels
                .iter()
                .find(|label| label.language_code == Some(language)),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        let text = found?.label.as_deref()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

impl Told {
    fn form(&self, language: Option<u32>) -> Option<Form> {
        let sets = [&self.option_set, &self.global_option_set];
        let mut sets = sets.into_iter().flatten();
        sets.find_map(|set| set.form(language))
    }
}

impl OptionSet {
    fn form(&self, language: Option<u32>) -> Option<Form> {
        if let (Some(no), Some(yes)) = (&self.false_option, &self.true_option) {
            return Some(Form::Truth([no.label(language)?, yes.label(language)?]));
        }
        let options = self.options.iter().flatten();
        let labels: HashMap<String, String> = options
            .filter_map(|one| Some((one.value?.to_string(), one.label(language)?)))
            .collect();
        (!labels.is_empty()).then_some(Form::Choice(labels))
    }
}

impl DateAttribute {
    fn form(&self) -> Option<Form> {
        let behavior = self.date_time_behavior.as_ref()?.value.as_deref()?;
        match (behavior, self.format.as_deref()) {
            ("DateOnly" | "TimeZoneIndependent", _) => Some(Form::Everywhere),
            ("UserLocal", Some("DateOnly")) => Some(Form::WritersDay),
            // A moment, in UTC.
            _ => None,
        }
    }
}

/// Finds how values are written, by attribute; `kinds` are the attributes' names and kinds.
pub(super) async fn forms(
    odata: &Odata,
    table: &str,
    kinds: &[(&str, &str)],
) -> Result<HashMap<String, Form>, Error> {
    let mut forms = HashMap::new();
    let is_there = |kind: &str| kinds.iter().any(|(_, one)| *one == kind);
    if is_there(DATE) {
        let select = [("$select", "LogicalName,DateTimeBehavior,Format")];
        let dates: Vec<DateAttribute> = of_kind(odata, table, DATE, &select).await?;
        let dates = dates.into_iter();
        forms.extend(dates.filter_map(|date| Some((date.logical_name.clone(), date.form()?))));
    }
    let labelled: Vec<&str> = [TRUTH].into_iter().chain(NUMBERED).collect();
    let labelled: Vec<&str> = labelled.into_iter().filter(|kind| is_there(kind)).collect();
    if labelled.is_empty() {
        return Ok(forms);
    }
    let language = base_language(odata).await?;
    for kind in labelled {
        let expand = match kind {
            TRUTH => "OptionSet",
            _ => "OptionSet,GlobalOptionSet",
        };
        let options = [("$select", "LogicalName"), ("$expand", expand)];
        let told: Vec<Told> = of_kind(odata, table, kind, &options).await?;
        let found = told
            .into_iter()
            .filter_map(|told| Some((told.logical_name.clone(), told.form(language)?)));
        forms.extend(found);
    }
    for (name, kind) in kinds {
        if NUMBERED.contains(kind) && !forms.contains_key(*name) {
            forms.insert((*name).to_owned(), Form::Unlabelled);
        }
    }
    Ok(forms)
}

/// Describes the attributes of one kind; none where the environment does not.
async fn of_kind<T: DeserializeOwned + Send + 'static>(
    odata: &Odata,
    table: &str,
    kind: &str,
    options: &[(&str, &str)],
) -> Result<Vec<T>, Error> {
    let cast = format!("Microsoft.Dynamics.CRM.{kind}AttributeMetadata");
    let url = odata.url(&[table, "Attributes", &cast], options);
    let answer: Option<Answer<T>> = if_told(odata.ask(&url).await)?;
    Ok(answer.map_or_else(Vec::new, |answer| answer.value))
}

/// Asks for the language in which every label exists.
async fn base_language(odata: &Odata) -> Result<Option<u32>, Error> {
    let url = odata.url(&["organizations"], &[("$select", "languagecode")]);
    let answer: Option<Answer<Organisation>> = if_told(odata.ask(&url).await)?;
    let mut told = answer.into_iter().flat_map(|answer| answer.value);
    Ok(told.find_map(|one| one.languagecode))
}

/// Goes on without what the export user may not see: it is missed only where such an attribute is mapped.
fn if_told<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(told) => Ok(Some(told)),
        Err(Error::Service(
            ServiceError::NotThere { .. }
            | ServiceError::NoPrivilege { .. }
            | ServiceError::Refused { .. },
        )) => Ok(None),
        Err(why) => Err(why),
    }
}
