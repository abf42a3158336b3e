use super::Words;
use crate::export::Offer;

impl Words {
    /// Says what an undo would do and what it cannot, line by line.
    #[must_use]
    pub fn offer(&self, offer: &Offer) -> Vec<String> {
        let time = self.duration(offer.time);
        let goes_on = offer
            .done
            .map(|done| self.with("undo-goes-on", &[("count", done.into())]));
        let mut lines: Vec<String> = goes_on.into_iter().collect();
        if offer.archive > 0 {
            lines.push(self.with("undo-archive", &[("count", offer.archive.into())]));
        }
        if offer.restore > 0 {
            lines.push(self.with("undo-restore", &[("count", offer.restore.into())]));
        }
        if offer.archive + offer.restore > 0 {
            let args = [("calls", offer.calls.into()), ("time", time.into())];
            lines.push(self.with("undo-calls", &args));
            lines.push(self.text("undo-changed"));
        } else if offer.in_doubt == 0 {
            lines.push(self.text("undo-nothing"));
        }
        if offer.lost > 0 {
            lines.push(self.with("undo-lost", &[("count", offer.lost.into())]));
        }
        if offer.in_doubt > 0 {
            lines.push(self.with("undo-in-doubt", &[("count", offer.in_doubt.into())]));
        }
        if offer.is_damaged {
            lines.push(self.text("undo-damaged"));
        }
        if offer.addresses > 0 {
            lines.push(self.with("undo-addresses", &[("count", offer.addresses.into())]));
        }
        if !offer.campaigns.is_empty() {
            let titles = offer.campaigns.iter();
            let titles: Vec<String> = titles
                .map(|one| format!("{} ({})", one.title, self.date_time(one.sent)))
                .collect();
            let args = [
                ("count", titles.len().into()),
                ("titles", self.listed(&titles).into()),
            ];
            lines.push(self.with("undo-campaigns", &args));
        }
        for one in &offer.again {
            let key = if one.by_itself {
                "undo-comes-back-by-itself"
            } else {
                "undo-comes-back"
            };
            lines.push(self.with(key, &[("name", one.name.as_str().into())]));
        }
        lines
    }

    /// Asks whether a run shall be taken back.
    #[must_use]
    pub fn ask_undo(&self, offer: &Offer) -> String {
        let args = [
            ("run", offer.run.as_str().into()),
            ("time", self.date_time(offer.started_at).into()),
        ];
        self.with("undo-question", &args)
    }
}
