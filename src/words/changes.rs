use crate::domain::{Change, ChangeKind, printable};

use super::Words;

impl Words {
    /// Names what would become of a contact.
    #[must_use]
    pub fn change(&self, kind: ChangeKind) -> String {
        self.text(match kind {
            ChangeKind::Created => "change-created",
            ChangeKind::Reinstated => "change-reinstated",
            ChangeKind::Updated => "change-updated",
            ChangeKind::Untagged => "change-untagged",
            ChangeKind::Suppressed => "change-suppressed",
            ChangeKind::Rejected => "change-rejected",
            ChangeKind::Unchanged => "change-unchanged",
        })
    }

    /// Names what became of a contact.
    #[must_use]
    pub fn change_done(&self, kind: ChangeKind) -> String {
        self.text(match kind {
            ChangeKind::Created => "changed-created",
            ChangeKind::Reinstated => "changed-reinstated",
            ChangeKind::Updated => "changed-updated",
            ChangeKind::Untagged => "changed-untagged",
            ChangeKind::Suppressed => "changed-suppressed",
            ChangeKind::Rejected => "changed-rejected",
            ChangeKind::Unchanged => "changed-unchanged",
        })
    }

    /// Tells what would become of a contact, part by part: why nothing is written, values, tags. All of it is printable.
    #[must_use]
    pub fn told(&self, change: &Change) -> Vec<String> {
        let reason = change.reason.map(|reason| self.reason(reason));
        let detail = Some(printable(&change.detail).into_owned());
        let detail = detail.filter(|detail| !detail.is_empty() && *detail != change.address);
        let mut told: Vec<String> = reason.into_iter().chain(detail).collect();
        // What an archived contact held is of no interest: it counts as new.
        let is_new = matches!(change.what, ChangeKind::Created | ChangeKind::Reinstated);
        for field in &change.fields {
            let target = field.field.parse();
            let name = target.map_or_else(|_| field.field.clone(), |target| self.target(&target));
            let (name, new) = (printable(&name), printable(&field.new));
            let new = if new.is_empty() { "—".into() } else { new };
            told.push(match &*printable(&field.old) {
                _ if is_new => format!("{name}: {new}"),
                "" => format!("{name}: — → {new}"),
                old => format!("{name}: {old} → {new}"),
            });
        }
        let tags = |sign: char, tags: &[String]| {
            let each = tags.iter();
            each.map(|tag| format!("{sign}{}", printable(tag)))
                .collect::<Vec<_>>()
        };
        told.extend(tags('+', &change.tags_added));
        told.extend(tags('−', &change.tags_removed));
        told.extend(
            change
                .changed_in_mailchimp
                .then(|| self.text("change-in-mailchimp")),
        );
        told
    }
}
