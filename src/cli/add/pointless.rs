//! Refuses flags that contradict each other, and flags that nothing would come of: whoever typed them meant something else.

use std::collections::{BTreeMap, HashMap};

use super::Adding;
use crate::cli::args::DateOrderOf;
use crate::cli::context::Failure;
use crate::cli::usage;
use crate::domain::{DateOrder, Destination, Draft, MergeTag, SourceSpec, Target};

impl Adding<'_> {
    fn pointless(&self, flag: &str, key: &str, args: &[(&'static str, &str)]) -> Failure {
        let words = &self.context.words;
        let args: Vec<_> = args
            .iter()
            .map(|(name, text)| (*name, (*text).into()))
            .collect();
        let failure = Failure::usage(
            words.with(key, &args),
            usage::try_help(self.command(), words),
        );
        failure.about(flag, words)
    }

    /// Refuses what is told of files about a service, and the login of a service for files.
    pub(super) fn refuse_flags_of_other_sources(&self, draft: &Draft) -> Result<(), Failure> {
        let Some(source) = &draft.source else {
            return Ok(());
        };
        let flags = &self.flags;
        let says = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        let login = (
            "--source-login",
            says(&flags.source_login),
            "add-only-for-service",
        );
        let queries = ("--queries", flags.queries.is_some(), "add-only-for-sql");
        let files = [
            (
                "--layout",
                flags.layout.flatten().is_some(),
                "add-only-for-folder",
            ),
            (
                "--segment-by",
                says(&flags.segment_by),
                "add-only-for-folder",
            ),
            (
                "--delimiter",
                flags.delimiter.flatten().is_some(),
                "add-only-for-folder",
            ),
        ];
        let id = ("--id-column", says(&flags.id_column), "add-only-for-folder");
        let told = match source {
            SourceSpec::Folder(_) => vec![login, queries],
            SourceSpec::Sql(_) => [login].into_iter().chain(files).collect(),
            SourceSpec::Dataverse(_) | SourceSpec::Insights(_) => {
                files.into_iter().chain([id, queries]).collect()
            }
        };
        match told.into_iter().find(|(_, is_told, _)| *is_told) {
            Some((flag, _, about)) => {
                Err(self.pointless(flag, about, &[("source", &source.to_string())]))
            }
            None => Ok(()),
        }
    }

    /// Refuses one merge field from two attributes; taking a field off first is no contradiction.
    pub(super) fn refuse_fields_mapped_twice(&self) -> Result<(), Failure> {
        let mut seen: HashMap<Target, &str> = HashMap::new();
        for text in &self.flags.map {
            // What is no mapping is refused where it is read.
            let Some((field, attribute)) = text.split_once('=') else {
                continue;
            };
            let (Ok(target), attribute) = (field.parse::<Target>(), attribute.trim()) else {
                continue;
            };
            let field = target.to_string();
            let before = seen.insert(target, attribute).unwrap_or_default();
            if !before.is_empty() && before != attribute {
                let args = [
                    ("field", field.as_str()),
                    ("first", before),
                    ("second", attribute),
                ];
                return Err(self.pointless("--map", "add-mapped-twice", &args));
            }
        }
        Ok(())
    }

    /// Refuses the order of dates for fields that nothing fills.
    pub(super) fn refuse_orders_of_unmapped(&self, draft: &Draft) -> Result<(), Failure> {
        let tags = draft.map.tags();
        let ordered = self
            .flags
            .date_order
            .iter()
            .filter(|one| one.order.is_some());
        let unmapped = |tag: &&MergeTag| !tags.contains(tag);
        let mut unmapped = ordered
            .filter_map(|one| one.field.as_ref())
            .filter(unmapped);
        match unmapped.next() {
            Some(tag) => {
                let args = [("field", tag.as_str())];
                Err(self.pointless("--date-order", "add-date-order-unmapped", &args))
            }
            None => Ok(()),
        }
    }

    /// Refuses an order of dates that no field needs, or that the dates themselves contradict.
    pub(super) fn refuse_needless_orders(
        &self,
        decided: &BTreeMap<MergeTag, DateOrder>,
    ) -> Result<(), Failure> {
        for DateOrderOf { field, order } in &self.flags.date_order {
            let Some(order) = order else { continue };
            let Some(tag) = field else {
                if decided.is_empty() {
                    return Err(self.pointless("--date-order", "add-date-order-needless", &[]));
                }
                continue;
            };
            let field = tag.as_str();
            match decided.get(tag) {
                None => {
                    let args = [("field", field)];
                    return Err(self.pointless("--date-order", "add-date-order-no-date", &args));
                }
                Some(found) if found != order => {
                    let args = [("field", field), ("found", found.as_str())];
                    return Err(self.pointless("--date-order", "add-date-order-told", &args));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Refuses to say what becomes of tags that are given on.
    pub(super) fn refuse_kept_tags(
        &self,
        draft: &Draft,
        saved: &Destination,
    ) -> Result<(), Failure> {
        let mut removed = draft.clone();
        removed.ask_about_tags(saved);
        let elsewhere = *draft.audience != saved.audience.as_str();
        if self.removed_tags.is_none() || elsewhere || !removed.removed_tags.is_empty() {
            return Ok(());
        }
        Err(self.pointless("--removed-tags", "edit-no-removed-tags", &[]))
    }
}
