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
        for (by_itself, key) in [
            (true, "undo-comes-back-by-itself"),
            (false, "undo-comes-back"),
        ] {
            let those = offer.again.iter().filter(|one| one.by_itself == by_itself);
            let names: Vec<String> = those.map(|one| one.name.to_string()).collect();
            if !names.is_empty() {
                let args = [
                    ("count", names.len().into()),
                    ("names", self.listed(&names).into()),
                ];
                lines.push(self.with(key, &args));
            }
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::super::{Lang, Words};
    use crate::domain::DestinationName;
    use crate::export::{Again, Offer};
    use crate::store::RunId;

    #[test]
    fn destinations_that_bring_people_back_are_named_in_one_sentence_of_each_kind() {
        let again = |name: &str, by_itself: bool| Again {
            name: DestinationName::parse(name).expect("name"),
            by_itself,
        };
        let offer = |again: Vec<Again>| Offer {
            run: RunId::parse("20261127T182334.604Z-1f44").expect("run"),
            started_at: Timestamp::UNIX_EPOCH,
            done: None,
            archive: 1,
            restore: 0,
            lost: 0,
            addresses: 0,
            in_doubt: 0,
            is_damaged: false,
            campaigns: Vec::new(),
            again,
            calls: 2,
            time: Duration::from_secs(1),
        };
        let words = Words::new(Lang::En);
        let told = |again: Vec<Again>| words.offer(&offer(again)).split_off(3);
        assert_eq!(told(Vec::new()), [""; 0]);
        assert_eq!(
            told(vec![again("Spring", false)]),
            [
                "Spring exports to this audience too: whoever is in its segments comes back with its next run."
            ]
        );
        let told = told(vec![
            again("Spring", true),
            again("Summer", false),
            again("Autumn", true),
        ]);
        assert_eq!(
            told,
            [
                "Spring, Autumn export to this audience by themselves: whoever is in their segments comes back with their next runs, unless you switch them off first (segue schedule --off).",
                "Summer exports to this audience too: whoever is in its segments comes back with its next run.",
            ]
        );
    }
}
