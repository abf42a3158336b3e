//! What a person should know before a run.

use segue::domain::{AddressPart, DestinationName, MergeTag};
use segue::export::{Addresses, CountDiffers, Lost, SharedField, Warning};
use segue::source::ExportView;
use segue::store::RunId;

use super::{Failure, guards, one, tag};

pub fn all() -> Vec<Failure> {
    let [most, ..] = guards();
    [
        Warning::ConsentUnused("Email Subscriber".to_owned()),
        Warning::Unread(vec![
            "subManifests Sales/Sales.manifest.cdm.json".to_owned(),
        ]),
        Warning::Rounded(vec!["Mobil".to_owned()]),
        Warning::OlderExport(ExportView {
            table: "HighValueSegment".to_owned(),
            at: "2026-08-24 14:33".to_owned(),
            incomplete: Some("2026-08-25 14:33".to_owned()),
            missing: vec!["HighValueSegment_2.csv".to_owned()],
        }),
        Warning::Refreshing,
        Warning::EmptySegments(vec!["VIP".to_owned()]),
        Warning::GoneSegments(vec!["VIP".to_owned()]),
        Warning::GoneSegments(vec!["VIP".to_owned(), "Gold".to_owned()]),
        Warning::AudienceCountsDiffer(super::gap(0)),
        Warning::AudienceCountsDiffer(super::gap(188)),
        Warning::CountsDiffer([("VIP".to_owned(), CountDiffers { told: 12, read: 13 })].into()),
        Warning::SegmentsDiffer(3),
        Warning::OfMoments,
        Warning::LettersReplaced([("msdynci_note".to_owned(), 1)].into()),
        Warning::ChoicesUnknown([("msdynci_level".to_owned(), 12)].into()),
        Warning::MarketingPermissions,
        Warning::DoubleOptin,
        Warning::SharedField(SharedField {
            tag: MergeTag::parse("FNAME").expect("tag"),
            other: DestinationName::parse("Nyhetsbrev").expect("name"),
            attribute: "NickName".to_owned(),
        }),
        Warning::IdsApart(4),
        Warning::OddValues([("Phone: 1.2E+14".to_owned(), 7)].into()),
        repeated(1),
        repeated(12),
        Warning::ValuesLeftOut([("PHONE".to_owned(), 3), ("language".to_owned(), 12)].into()),
        Warning::ConsentNotUnderstood([("Allow".to_owned(), 1)].into()),
        Warning::FewAddresses {
            attribute: "City".to_owned(),
            found: Addresses {
                values: 200,
                addresses: 3,
            },
        },
        Warning::PartialAddress {
            tag: tag("ADDRESS"),
            lacking: vec![AddressPart::Addr1, AddressPart::Zip],
        },
        Warning::ManySegments {
            count: 5000,
            column: Some("FullName".to_owned()),
        },
        Warning::Automations(vec!["Welcome".to_owned()]),
        Warning::JourneysUnseen,
        Warning::WouldBeRefused(most),
    ]
    .into_iter()
    .chain(of_notes())
    .map(|warning| one("export::Warning", warning))
    .collect()
}

/// What Segue's own notes come to.
fn of_notes() -> Vec<Warning> {
    let lost = [Lost::LedgerDamaged, Lost::Ledger, Lost::Journal];
    let run = RunId::parse("20261007T063000Z-a1b2").expect("run");
    let lost = lost.into_iter().map(Warning::Lost);
    lost.chain([Warning::Unsettled(run)]).collect()
}

fn repeated(count: u64) -> Warning {
    Warning::RepeatedIds {
        count,
        examples: vec!["7 (people.csv:3)".to_owned()],
    }
}
