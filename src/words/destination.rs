use crate::domain::{
    AudienceId, DateOrder, Destination, FieldKind, FolderLayout, FolderOptions, MergeTag, Target,
    spoken,
};
use crate::export::{Mismatch, Warning};

use super::{Explain, Label, Words};

/// Stands where nothing was chosen.
const NOTHING: &str = "–";

impl Words {
    /// Tells all that a destination is made of: what each part is called, and what it is. Where a part has several lines,
    /// only the first one has its name.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a line for each part")]
    pub fn all_of(&self, destination: &Destination) -> Vec<(String, String)> {
        // Every part is named here, so that a new one is not forgotten.
        let Destination {
            name,
            id: _,
            login,
            api,
            audience,
            audience_name,
            source,
            source_login,
            status_if_new,
            consent_attribute,
            consent_dismissed,
            on_leave,
            adopt_tags,
            clear_empty,
            max_profiles,
            created_at,
            agreement,
            map: _,
            new_fields: _,
            date_orders: _,
            tags: _,
            removed_tags: _,
            consent_dismissed_because: because,
            folder,
            schedule,
            segments: _,
        } = destination;
        let consent = consent_attribute.as_ref();
        let consent = consent.map(|rule| rule.called(spoken(&rule.attribute)).to_string());
        let consent = consent.unwrap_or_else(|| NOTHING.to_owned());
        let reader = source
            .needs_login()
            .then(|| self.connection(source_login.as_ref()));
        let dismissed = consent_dismissed.iter().map(|one| match because.get(one) {
            Some(reason) => format!("{} ({reason})", spoken(one)),
            None => spoken(one).to_owned(),
        });
        let dismissed: Vec<String> = dismissed.collect();
        let dismissed = Some(dismissed.join(", ")).filter(|all| !all.is_empty());
        let first = [
            (Label::DisplayName, Some(name.to_string())),
            (Label::Privacy, Some(self.agreed(agreement.as_ref()))),
            (Label::AudienceId, Some(named(audience, audience_name))),
            (Label::Login, Some(self.connection(login.as_ref()))),
            (Label::Service, api.clone()),
            (Label::Source, Some(source.to_string())),
            (Label::SourceLogin, reader),
            (Label::Files, self.files(folder)),
        ];
        let last = [
            (Label::StatusIfNew, Some(self.new_status(*status_if_new))),
            (Label::ConsentAttribute, Some(consent)),
            (Label::ConsentDismissed, dismissed),
            (Label::OnLeave, Some(self.on_leave(*on_leave))),
            (Label::AdoptTags, Some(self.yes_or_no(*adopt_tags))),
            (Label::ClearEmpty, Some(self.yes_or_no(*clear_empty))),
            (Label::MaxProfiles, Some(self.number(max_profiles.0))),
            (Label::Schedule, Some(self.schedule(schedule))),
            (Label::Created, Some(self.date_time(*created_at))),
        ];
        let told = |(label, value): (Label, Option<String>)| Some((self.label(label), value?));
        let mut parts: Vec<_> = first.into_iter().filter_map(told).collect();
        parts.extend(self.under(Label::DataMatching, self.mapped(destination)));
        parts.extend(self.under(Label::Segments, tagged(destination)));
        parts.extend(self.under(Label::RemovedTags, self.removed(destination)));
        parts.extend(last.into_iter().filter_map(told));
        parts
    }

    fn yes_or_no(&self, yes: bool) -> String {
        self.text(if yes { "yes" } else { "no" })
    }

    /// Puts the name of a part before the first of its lines.
    fn under(
        &self,
        label: Label,
        lines: impl IntoIterator<Item = String>,
    ) -> impl Iterator<Item = (String, String)> {
        let mut label = Some(self.label(label));
        let lines = lines.into_iter();
        lines.map(move |line| (label.take().unwrap_or_default(), line))
    }

    /// Which attribute fills what, line by line; with the order of dates.
    fn mapped<'a>(&'a self, destination: &'a Destination) -> impl Iterator<Item = String> + 'a {
        let order = |tag: &MergeTag| destination.date_orders.get(tag);
        destination.map.iter().map(move |(target, attribute)| {
            let line = format!("{} ← {}", self.target(target), spoken(attribute));
            match target {
                Target::Field(tag) => match order(tag) {
                    Some(order) => format!("{line} ({})", self.date_order(*order)),
                    None => line,
                },
                Target::Email | Target::Language | Target::Address(..) => line,
            }
        })
    }

    /// What becomes of tags that are given no more, line by line.
    fn removed<'a>(&'a self, destination: &'a Destination) -> impl Iterator<Item = String> + 'a {
        let all = destination.removed_tags.iter();
        all.map(|(tag, what)| format!("{tag}: {}", self.removed_tag(*what)))
    }

    /// What the user said about a folder, if anything.
    fn files(&self, folder: &FolderOptions) -> Option<String> {
        let FolderOptions {
            layout,
            segment_by,
            id_column,
            delimiter,
            queries,
            columns: _,
        } = folder;
        let named = |key: &str, value: &str| format!("{} {value}", self.text(key));
        let parts = [
            layout.map(|layout| self.layout(layout)),
            segment_by
                .as_deref()
                .map(|column| named("files-segment-by", column)),
            id_column
                .as_deref()
                .map(|column| named("files-id-column", column)),
            delimiter.map(|delimiter| named("files-delimiter", &format!("{delimiter:?}"))),
            queries
                .as_deref()
                .map(|folder| named("files-queries", &folder.display().to_string())),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" · "))
    }

    /// Names how a folder's files make up profiles and segments.
    #[must_use]
    pub fn layout(&self, layout: FolderLayout) -> String {
        self.text(match layout {
            FolderLayout::OneFile => "layout-one-file",
            FolderLayout::ProfilesAndSegments => "layout-profiles-and-segments",
            FolderLayout::FilePerSegment => "layout-file-per-segment",
            FolderLayout::Tables => "layout-tables",
        })
    }

    /// Says what is wrong with a line of data matching.
    #[must_use]
    pub fn mismatch(&self, what: &Mismatch) -> String {
        match what {
            Mismatch::Gone(attribute) => self.with(
                "ui-matching-gone",
                &[("attribute", attribute.as_str().into())],
            ),
            Mismatch::Unmet(unmet) => unmet.explain(self).what,
            Mismatch::Misfits {
                count,
                all,
                kind,
                rejects,
            } => {
                let kind = match kind {
                    Some(kind) => self.field_kind(*kind),
                    None => self.text("ui-matching-address"),
                };
                let key = if *rejects {
                    "ui-matching-rejects"
                } else {
                    "ui-matching-leaves-out"
                };
                let args = [
                    ("count", (*count).into()),
                    ("all", (*all).into()),
                    ("kind", kind.into()),
                ];
                self.with(key, &args)
            }
            Mismatch::PartialAddress(tag, lacking) => self.warning(&Warning::PartialAddress {
                tag: tag.clone(),
                lacking: lacking.clone(),
            }),
        }
    }

    /// Names the type of a merge field.
    #[must_use]
    pub fn field_kind(&self, kind: FieldKind) -> String {
        self.text(match kind {
            FieldKind::Text => "field-kind-text",
            FieldKind::Number => "field-kind-number",
            FieldKind::Address => "field-kind-address",
            FieldKind::Phone => "field-kind-phone",
            FieldKind::Date => "field-kind-date",
            FieldKind::Birthday => "field-kind-birthday",
            FieldKind::Zip => "field-kind-zip",
            FieldKind::Url => "field-kind-url",
            FieldKind::ImageUrl => "field-kind-image",
            FieldKind::Radio => "field-kind-radio",
            FieldKind::Dropdown => "field-kind-dropdown",
        })
    }

    /// Names an order of dates.
    #[must_use]
    pub fn date_order(&self, order: DateOrder) -> String {
        self.text(match order {
            DateOrder::Dmy => "date-order-dmy",
            DateOrder::Mdy => "date-order-mdy",
            DateOrder::Ymd => "date-order-ymd",
        })
    }
}

/// An audience by its name, where that is known, and its ID.
fn named(audience: &AudienceId, name: &str) -> String {
    match name {
        "" => audience.to_string(),
        name => format!("{name} ({audience})"),
    }
}

/// The segments with their tags, line by line.
fn tagged(destination: &Destination) -> impl Iterator<Item = String> {
    let segments = destination.segments.iter();
    segments.map(|segment| format!("{} → {}", segment.label, destination.tag_of(segment)))
}
