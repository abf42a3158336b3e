//! What a saved destination is, as the usual answers of who edits it.

use super::super::args::AddFlags;
use crate::domain::{ConsentRule, Destination, LoginName};

/// Says what was answered once. Whatever is not asked stays as it is saved, and is not said.
pub(in crate::cli) fn answers_of(saved: &Destination) -> AddFlags {
    let consent = saved.consent_attribute.as_ref();
    // Taken away where somebody says that there is none.
    let consent = consent.map(ConsentRule::to_string).unwrap_or_default();
    let dismissed = saved.consent_dismissed.iter().cloned();
    let map = saved.map.iter();
    let segments = saved.segments.iter();
    AddFlags {
        name: Some(saved.name.to_string()),
        accept_privacy: saved.agreement.is_some(),
        login: saved.login.as_ref().map(LoginName::to_string),
        audience: Some(saved.audience.to_string()),
        source: Some(saved.source.to_string()),
        source_login: saved.source_login.as_ref().map(LoginName::to_string),
        map: map
            .map(|(target, attribute)| format!("{target}={attribute}"))
            .collect(),
        segment: segments.map(|one| one.id.as_str().to_owned()).collect(),
        status_if_new: Some(saved.status_if_new),
        consent_attribute: Some(consent),
        dismiss_consent: std::iter::once(String::new()).chain(dismissed).collect(),
        layout: Some(saved.folder.layout),
        queries: saved.folder.queries.clone(),
        segment_by: saved.folder.segment_by.clone(),
        id_column: saved.folder.id_column.clone(),
        ..AddFlags::default()
    }
}
