//! Every part of a destination is carried by its file, and can be said by flags.

use std::collections::BTreeMap;

use clap::Parser;
use jiff::Timestamp;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{Adding, add, answers_of, carried, change};
use crate::cli::Context;
use crate::cli::args::{AddFlags, Command, Parsed};
use crate::cli::context::Failure;
use crate::domain::{
    AudienceId, ConsentRule, DateOrder, Destination, DestinationName, FolderLayout, FolderOptions,
    LoginName, Mapping, MaxProfiles, MergeTag, NewStatus, OnLeave, Schedule, Segment, SourceSpec,
    Target,
};
use crate::store::{Destinations, Home};
use crate::words::{Lang, Words};

/// Whatever people write, and what no terminal should get to see.
fn text() -> impl Strategy<Value = String> {
    let strange = select(vec![
        '"',
        '\'',
        '\\',
        '=',
        ',',
        '#',
        '\u{202e}',
        '\u{e0041}',
        '\u{fff9}',
        '\t',
        'Å',
        ' ',
    ]);
    let any = prop_oneof![any::<char>(), strange, proptest::char::range('a', 'z')];
    vec(any, 1..12).prop_filter_map("blank", |all| {
        let text: String = all.into_iter().filter(|c| *c != '\0').collect();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    })
}

fn login() -> impl Strategy<Value = LoginName> {
    text().prop_filter_map("no name", |text| LoginName::parse(&text).ok())
}

fn source() -> impl Strategy<Value = (SourceSpec, Option<LoginName>)> {
    let folder = text().prop_map(|text| format!("folder:/{}", text.replace(['/', '.'], "x")));
    let folder = folder.prop_filter_map("no source", |text| Some((text.parse().ok()?, None)));
    let service = select(vec!["dataverse:https://x.example", "insights:1f9d"]);
    let service = (service, login()).prop_filter_map("no source", |(text, login)| {
        Some((text.parse().ok()?, Some(login)))
    });
    prop_oneof![folder, service]
}

fn map() -> impl Strategy<Value = Mapping> {
    const TARGETS: [&str; 5] = ["language", "FNAME", "BDAY", "ADDRESS.addr1", "ADDRESS.city"];
    (text(), subsequence(&TARGETS[..], 0..=5), vec(text(), 5)).prop_map(
        |(email, targets, attributes)| {
            let mut map = Mapping::default();
            map.set(Target::Email, email);
            for (target, attribute) in targets.into_iter().zip(attributes) {
                map.set(target.parse().expect("a target"), attribute);
            }
            map
        },
    )
}

fn orders() -> impl Strategy<Value = BTreeMap<MergeTag, DateOrder>> {
    let tags = select(vec!["FNAME", "BDAY"]);
    let tags = tags.prop_map(|tag| MergeTag::parse(tag).expect("a tag"));
    btree_map(
        tags,
        select(vec![DateOrder::Mdy, DateOrder::Dmy, DateOrder::Ymd]),
        0..3,
    )
}

/// Segments by their names, with those whose tag has another.
fn segments() -> impl Strategy<Value = Vec<(Segment, Option<String>)>> {
    vec((text(), proptest::option::of(text())), 1..5).prop_map(|all| {
        let numbered = all.into_iter().enumerate();
        let segment = |(at, (text, tag)): (usize, (String, Option<String>))| {
            let name = format!("S{at} {text}");
            (
                Segment::new(name.clone(), name),
                tag.map(|tag| format!("T{at} {tag}")),
            )
        };
        numbered.map(segment).collect()
    })
}

fn folder() -> impl Strategy<Value = FolderOptions> {
    let layouts = vec![
        FolderLayout::OneFile,
        FolderLayout::ProfilesAndSegments,
        FolderLayout::FilePerSegment,
        FolderLayout::Tables,
    ];
    let some = proptest::option::of::<BoxedStrategy<String>>;
    let delimiter = proptest::option::of(select(vec!['\t', ';', ',', '|', '\\', '§']));
    let layout = proptest::option::of(select(layouts));
    let parts = (
        layout,
        some(text().boxed()),
        some(text().boxed()),
        delimiter,
    );
    parts.prop_map(|(layout, segment_by, id_column, delimiter)| FolderOptions {
        layout,
        segment_by,
        id_column,
        delimiter,
        ..FolderOptions::default()
    })
}

fn consent() -> impl Strategy<Value = Option<ConsentRule>> {
    let rule = text().prop_map(|text| text.parse().ok());
    prop_oneof![Just(None), rule]
}

#[expect(clippy::too_many_lines, reason = "every part is named in one place")]
fn destination() -> impl Strategy<Value = Destination> {
    let statuses = vec![
        NewStatus::Subscribed,
        NewStatus::Pending,
        NewStatus::Transactional,
    ];
    let name = text().prop_filter_map("no name", |text| DestinationName::parse(&text).ok());
    let audience = "[0-9a-f]{6,10}".prop_filter_map("no id", |text| AudienceId::parse(&text));
    let first = (
        name,
        login(),
        audience,
        source(),
        select(statuses),
        consent(),
        map(),
    );
    let last = (
        btree_set(text(), 0..3),
        select(vec![OnLeave::Untag, OnLeave::Keep]),
        (any::<bool>(), any::<bool>()),
        1..=i64::MAX.unsigned_abs(),
        orders(),
        folder(),
        segments(),
    );
    (first, last).prop_map(|(first, last)| {
        let (name, login, audience, (source, source_login), status_if_new, consent_attribute, map) =
            first;
        let (dismissed, on_leave, (adopt_tags, clear_empty), most, date_orders, folder, segments) =
            last;
        let is_folder = matches!(source, SourceSpec::Folder(_));
        let folder = if is_folder {
            folder
        } else {
            FolderOptions::default()
        };
        let tags = segments.iter();
        let tags = tags.filter_map(|(segment, tag)| Some((segment.id.clone(), tag.clone()?)));
        Destination {
            name,
            id: None,
            login: Some(login),
            api: None,
            audience,
            audience_name: String::new(),
            source,
            source_login,
            status_if_new,
            consent_attribute,
            consent_dismissed: dismissed.into_iter().collect(),
            on_leave,
            adopt_tags,
            clear_empty,
            max_profiles: MaxProfiles(most),
            created_at: Timestamp::UNIX_EPOCH,
            agreement: None,
            new_fields: Vec::new(),
            date_orders: date_orders
                .into_iter()
                .filter(|(tag, _)| map.tags().contains(&tag))
                .collect(),
            map,
            tags: tags.collect(),
            removed_tags: BTreeMap::new(),
            consent_dismissed_because: BTreeMap::new(),
            folder,
            schedule: Schedule::Off,
            segments: segments.into_iter().map(|(segment, _)| segment).collect(),
        }
    })
}

/// The flags that make a destination, or this one of another.
#[expect(clippy::too_many_lines, reason = "every part is named in one place")]
fn flags(wanted: &Destination, former: Option<&Destination>) -> Vec<String> {
    // Every part is named here: a new one wants a flag, or a reason to have none.
    let Destination {
        name,
        id: _known_when_saved,
        login,
        api: _that_of_the_login,
        audience,
        audience_name: _told_by_mailchimp,
        source,
        source_login,
        status_if_new,
        consent_attribute,
        consent_dismissed,
        on_leave,
        adopt_tags,
        clear_empty,
        max_profiles,
        created_at: _told_by_the_clock,
        agreement: _given_anew,
        map,
        new_fields: _made_when_saved,
        date_orders,
        tags,
        removed_tags: _told_by_edit_alone,
        consent_dismissed_because: _asked_for_by_the_wizard,
        folder,
        schedule: _told_by_a_command_of_its_own,
        segments,
    } = wanted;
    let spelled = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let json = |value| serde_json::to_value(value).map(spelled).expect("text");
    let mut line = vec!["--accept-privacy".to_owned(), "--offline".to_owned()];
    let mut say = |flag: &str, value: &str| line.push(format!("--{flag}={value}"));
    say("name", name.as_str());
    say("audience", audience.as_str());
    say("source", &source.to_string());
    if let Some(login) = login {
        say("login", login.as_str());
    }
    if let Some(login) = source_login {
        say("source-login", login.as_str());
    }
    say("status-if-new", &json(serde_json::json!(status_if_new)));
    match (consent_attribute, former) {
        (Some(rule), _) => say("consent-attribute", &rule.to_string()),
        (None, Some(_)) => say("consent-attribute", ""),
        (None, None) => {}
    }
    if former.is_some() {
        say("dismiss-consent", "");
    }
    for attribute in consent_dismissed {
        say("dismiss-consent", attribute);
    }
    say(
        "on-leave",
        if *on_leave == OnLeave::Keep {
            "keep"
        } else {
            "untag"
        },
    );
    say("adopt-tags", &adopt_tags.to_string());
    say("clear-empty", &clear_empty.to_string());
    say("max-profiles", &max_profiles.0.to_string());
    for (target, _) in former.iter().flat_map(|former| former.map.iter()) {
        say("map", &format!("{target}="));
    }
    for (target, attribute) in map.iter() {
        say("map", &format!("{target}={attribute}"));
    }
    for tag in former.iter().flat_map(|former| former.date_orders.keys()) {
        say("date-order", &format!("{tag}="));
    }
    for (tag, order) in date_orders {
        say(
            "date-order",
            &format!("{tag}={}", json(serde_json::json!(order))),
        );
    }
    for segment in segments {
        say("segment", &segment.label);
        let tag = tags.get(&segment.id).map_or("", String::as_str);
        say("tag", &format!("{}={tag}", segment.label));
    }
    let FolderOptions {
        layout,
        segment_by,
        id_column,
        delimiter,
        queries: _,
        columns: _,
    } = folder;
    say(
        "layout",
        &layout
            .map(|layout| json(serde_json::json!(layout)))
            .unwrap_or_default(),
    );
    say("segment-by", segment_by.as_deref().unwrap_or_default());
    say("id-column", id_column.as_deref().unwrap_or_default());
    let delimiter = delimiter.map(|one| {
        if one == '\t' {
            "tab".to_owned()
        } else {
            one.to_string()
        }
    });
    say("delimiter", &delimiter.unwrap_or_default());
    line
}

/// What is the destination's own on this machine is not compared.
fn without_its_own(destination: Destination) -> Destination {
    Destination {
        id: None,
        api: None,
        agreement: None,
        created_at: Timestamp::UNIX_EPOCH,
        ..destination
    }
}

fn context(home: &std::path::Path) -> Context {
    let parsed = Parsed::try_parse_from(["segue"]).expect("parses");
    let mut context = Context::apart(&parsed.global, Words::new(Lang::En)).expect("context");
    context.surroundings.home = Home::at(home);
    context
}

#[test]
fn the_application_does_not_open_with_other_keys_and_colours_than_were_set() {
    let folder = tempfile::tempdir().expect("folder");
    let context = context(folder.path());
    assert!(context.look().is_ok());
    std::fs::write(
        context.surroundings.home.config_file(),
        "theme = 'dark'\n[keys\n",
    )
    .expect("file");
    assert!(context.look().is_err());
}

/// Performs `add` or `edit NAME` with these flags.
fn perform(context: &Context, command: &[&str], flags: &[String]) -> Result<Destination, Failure> {
    let line = ["segue"].iter().chain(command).map(ToString::to_string);
    let parsed = Parsed::try_parse_from(line.chain(flags.iter().cloned())).expect("parses");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("runtime");
    match parsed.command {
        Some(Command::Add(flags)) => runtime.block_on(add(context, *flags)),
        Some(Command::Edit(flags)) => {
            let saved = context.destination(&flags.destination)?;
            runtime.block_on(change(context, saved, *flags))
        }
        _ => panic!("neither add nor edit"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_is_shown_as_toml_is_added_as_it_was(wanted in destination()) {
        let home = tempfile::tempdir().expect("folder");
        let text = carried(wanted.clone(), "").expect("text");
        let strange = |c: char| c != '\n' && crate::domain::is_unprintable(c);
        prop_assert!(!text.contains(strange), "{text:?}");
        let path = home.path().join("carried.toml");
        std::fs::write(&path, &text).expect("written");
        let flags = AddFlags {
            from: Some(path),
            accept_privacy: true,
            offline: true,
            ..AddFlags::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
        let added = runtime.block_on(add(&context(home.path()), flags)).expect("added");
        prop_assert_eq!(without_its_own(added), wanted, "{}", text);
    }

    #[test]
    fn every_part_can_be_said_by_a_flag_and_changed_by_it(
        first in destination(), second in destination(),
    ) {
        let home = tempfile::tempdir().expect("folder");
        let context = context(home.path());
        let added = perform(&context, &["add"], &flags(&first, None)).expect("added");
        prop_assert_eq!(without_its_own(added), first.clone());
        let name = first.name.as_str();
        // A name may look like a flag.
        let line = [vec![format!("--home={}", home.path().display())], flags(&second, Some(&first))].concat();
        let line: Vec<String> = line.into_iter().chain(["--".to_owned(), name.to_owned()]).collect();
        let mut edited = perform(&context, &["edit"], &line).expect("edited");
        // A tag's other name stays with a segment that is not exported any more.
        edited.tags.retain(|id, _| second.segments.iter().any(|segment| segment.id == *id));
        prop_assert_eq!(without_its_own(edited), second);
        prop_assert_eq!(Destinations::of(&Home::at(home.path())).list().expect("list").len(), 1);
    }

    #[test]
    fn whoever_is_asked_about_a_saved_destination_and_changes_nothing_keeps_all_of_it(
        wanted in destination(),
    ) {
        let home = tempfile::tempdir().expect("folder");
        let context = context(home.path());
        let added = perform(&context, &["add"], &flags(&wanted, None)).expect("added");
        let answers = AddFlags { offline: true, ..answers_of(&added) };
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
        let edited = runtime.block_on(Adding::editing(&context, answers, added).go());
        prop_assert_eq!(without_its_own(edited.expect("edited")), wanted);
    }
}
