//! What Entra's numbers mean to the person who signs in. Data: one line a meaning.

use super::RefusalKind;

/// Numbers: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>, and some that are told of where
/// people ask for help.
const MEANINGS: &[(RefusalKind, &[u32])] = &[
    (
        RefusalKind::RedirectUri,
        &[50_011, 70_004, 500_112, 500_113, 900_971],
    ),
    (
        RefusalKind::Platform,
        &[700_084, 9_002_325, 9_002_326, 9_002_327],
    ),
    (
        RefusalKind::InvalidClient,
        &[70_002, 700_025, 7_000_215, 7_000_218, 7_000_222],
    ),
    (
        RefusalKind::UnsupportedWay,
        &[70_003, 70_005, 70_007, 700_054],
    ),
    (RefusalKind::UnknownApp, &[90_013, 700_011, 700_016]),
    (RefusalKind::AppDisabled, &[70_001, 1_000_031, 7_000_112]),
    (
        RefusalKind::InvalidResource,
        &[50_001, 65_005, 500_011, 650_052, 650_054, 650_056, 650_057],
    ),
    (
        RefusalKind::InvalidScope,
        &[28_002, 28_003, 70_011, 700_022, 700_023],
    ),
    (RefusalKind::ConsentRequired, &[65_001, 90_008]),
    (RefusalKind::AdminConsent, &[90_093, 90_094, 90_095, 90_099]),
    (
        RefusalKind::WrongTenant,
        &[
            50_029, 50_049, 50_059, 50_128, 90_002, 90_019, 90_038, 90_051, 700_005, 900_021,
            900_023, 9_002_332,
        ],
    ),
    (
        RefusalKind::TenantNeeded,
        &[50_194, 90_124, 90_126, 90_130, 9_001_023],
    ),
    (
        RefusalKind::NotInTenant,
        &[
            16_000, 16_003, 50_014, 50_020, 50_034, 50_177, 50_178, 51_004, 90_072, 90_084, 90_125,
            500_208,
        ],
    ),
    (RefusalKind::NotAssigned, &[50_105]),
    (
        RefusalKind::DeviceRule,
        &[
            50_005, 50_097, 50_127, 50_129, 50_155, 50_187, 53_000, 53_001, 130_007, 130_008,
            135_011, 530_001, 530_002, 530_003, 530_021,
        ],
    ),
    (
        RefusalKind::Forbidden,
        &[
            50_002, 50_131, 53_002, 53_003, 53_009, 53_010, 53_011, 500_021, 500_022, 500_212,
            500_213, 530_032, 530_033, 530_034, 530_035, 530_036,
        ],
    ),
    (
        RefusalKind::SecondFactor,
        &[
            50_072, 50_074, 50_076, 50_078, 50_079, 50_125, 50_158, 50_161, 50_203, 53_004, 500_121,
        ],
    ),
    (
        RefusalKind::InteractionRequired,
        &[50_058, 50_085, 50_089, 50_140, 50_199, 51_006, 700_020],
    ),
    (
        RefusalKind::Password,
        &[50_055, 50_056, 50_064, 50_126, 50_135, 50_144],
    ),
    (RefusalKind::AccountDisabled, &[50_053, 50_057]),
    (RefusalKind::Revoked, &[50_132, 50_133, 50_173, 70_043]),
    (RefusalKind::Expired, &[70_008, 700_082]),
    (RefusalKind::InvalidGrant, &[54_005, 70_000, 501_481]),
    (
        RefusalKind::BadDeviceCode,
        &[50_134, 70_018, 90_119, 90_120],
    ),
    (RefusalKind::ServerError, &[50_000, 70_012, 90_036]),
    (
        RefusalKind::TemporarilyUnavailable,
        &[
            40_010, 50_033, 50_087, 50_088, 50_166, 50_196, 90_006, 90_012, 90_024, 90_033, 90_055,
            90_090, 90_091,
        ],
    ),
];

/// Finds what a number means; `None` for one that is not known to us.
pub(super) fn meaning(number: u32) -> Option<RefusalKind> {
    let mut meanings = MEANINGS.iter();
    let found = meanings.find(|(_, numbers)| numbers.contains(&number));
    found.map(|(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{MEANINGS, meaning};
    use crate::login::RefusalKind;

    #[test]
    fn each_number_means_one_thing_and_each_meaning_stands_once() {
        let numbers: Vec<u32> = MEANINGS
            .iter()
            .flat_map(|(_, all)| all.iter().copied())
            .collect();
        let distinct: BTreeSet<u32> = numbers.iter().copied().collect();
        assert_eq!(numbers.len(), distinct.len());
        for (at, (kind, _)) in MEANINGS.iter().enumerate() {
            let first = MEANINGS.iter().position(|(other, _)| other == kind);
            assert_eq!(first, Some(at), "{kind:?}");
        }
    }

    #[test]
    fn a_mistake_in_the_registration_or_a_rule_is_told_as_the_one_it_is() {
        for (number, kind) in [
            (50_011, RefusalKind::RedirectUri),
            (500_113, RefusalKind::RedirectUri),
            (9_002_326, RefusalKind::Platform),
            (9_002_327, RefusalKind::Platform),
            (700_016, RefusalKind::UnknownApp),
            (7_000_112, RefusalKind::AppDisabled),
            (7_000_218, RefusalKind::InvalidClient),
            (650_057, RefusalKind::InvalidResource),
            (65_001, RefusalKind::ConsentRequired),
            (90_094, RefusalKind::AdminConsent),
            (90_002, RefusalKind::WrongTenant),
            (50_194, RefusalKind::TenantNeeded),
            (50_020, RefusalKind::NotInTenant),
            (90_072, RefusalKind::NotInTenant),
            (50_105, RefusalKind::NotAssigned),
            (530_003, RefusalKind::DeviceRule),
            (50_097, RefusalKind::DeviceRule),
            (53_003, RefusalKind::Forbidden),
            (50_076, RefusalKind::SecondFactor),
            (50_158, RefusalKind::SecondFactor),
            (70_043, RefusalKind::Revoked),
            (700_082, RefusalKind::Expired),
        ] {
            assert_eq!(meaning(number), Some(kind), "{number}");
        }
        assert_eq!(meaning(1), None);
    }
}
