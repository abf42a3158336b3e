//! What the tests' answers are made of.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::super::look::part;
use super::super::msg::{
    Answer, Change as Changing, HomeData, Looked, Question, Row, UserAsked, UserSignIn, UserWay,
};
use super::engines;
use super::life::scheduled;
use super::matching::{first_rows, new_field, rows_for};
use super::tables::{rejects, written};
use crate::deliver::Campaign;
use crate::domain::{
    Audience, AudienceId, Change, ChangeKind, Destination, Draft, FieldChange, FieldKind,
    FolderOptions, LoginName, MergeField, MergeTag, Reason, SourceSpec,
};
use crate::export::{
    AudienceView, Checked, Counters, Diff, Forecast, Offer, Overlap, SourceSignIn, overlap,
};
use crate::http::{Client, Endpoint};
use crate::login::{DeviceSignIn, EntraApp, EntraSignIn, Resource};
use crate::sandbox::{Options, Sandbox, start};
use crate::source::{Instance, Row as SourceRow, Source};
use crate::store::{Home, Login, RunId};
use crate::words::Explanation;

/// What the answers are made of.
pub(super) struct World {
    /// The export user's sign-ins, in the browser and with a code; with the sandbox that they were begun at.
    pub begun: Vec<Arc<UserSignIn>>,
    _sandbox: Sandbox,
    pub source: Source,
    pub looked: Looked,
    /// What an engine has.
    pub sql: Option<Looked>,
    /// What is found where [`OTHER`] is typed.
    pub other: Option<Looked>,
    pub view: AudienceView,
    pub overlap: Overlap,
    /// The first profiles, with all that they have.
    pub rows: Vec<SourceRow>,
    /// What kind of field the values of a new one want.
    pub kind: FieldKind,
    /// What the account lists.
    pub audiences: Vec<Audience>,
    pub login: Login,
    /// What a check found.
    pub diff: Diff,
}

/// Another folder than the usual one.
pub(super) const OTHER: &str = "/srv/other";

/// What no screen may show as it is.
pub(super) const NASTY: &str = "id,EMail,FirstName,Email Subscriber,Segment\n1,a@example.com,\u{1b}[31mred,yes,日本語 e\u{301}\n2,nobody,\u{202e}x,no,Gold\n";

pub(super) async fn world(folder: &std::path::Path, people: &str, audience: &str) -> World {
    let looked = looked(folder, people).await;
    let (source, segments) = (looked.source.clone(), looked.segments.clone());
    let rows = first_rows(&source, &segments).await;
    let ids = segments.iter().map(|one| one.id.clone()).collect();
    let overlap = overlap(&source, ids).await.expect("overlap");
    let sandbox = start(Options {
        empty: true,
        ..Options::default()
    });
    let sandbox = sandbox.await.expect("sandbox");
    let view = audience_view(audience);
    World {
        begun: begin(&sandbox).await,
        diff: a_diff(folder),
        _sandbox: sandbox,
        looked,
        sql: None,
        other: None,
        source,
        overlap,
        rows,
        kind: FieldKind::Text,
        audiences: vec![view.audience.clone()],
        view,
        login: Login {
            name: crate::domain::LoginName::parse("club").expect("name"),
            service: "mailchimp".to_owned(),
            account_id: "1".to_owned(),
            account_name: "Club".to_owned(),
            api: crate::http::Endpoint::parse("http://127.0.0.1:1/3.0").ok(),
            sql: None,
            created_at: Timestamp::UNIX_EPOCH,
            plan_limit: None,
            entra: None,
        },
    }
}

/// What is found in a folder with a file of these people.
pub(super) async fn looked(folder: &std::path::Path, people: &str) -> Looked {
    std::fs::write(folder.join("people.csv"), people).expect("written");
    let spec = SourceSpec::Folder(folder.to_owned());
    let options = FolderOptions {
        segment_by: Some("Segment".to_owned()),
        ..FolderOptions::default()
    };
    let source = Source::open(&spec, &options, None).await.expect("open");
    let segments = source.segments().await.expect("segments");
    Looked {
        source,
        refreshing: true,
        segments,
    }
}

fn audience_view(audience: &str) -> AudienceView {
    let field = |tag: &str, kind| MergeField {
        tag: MergeTag::parse(tag).expect("tag"),
        name: tag.to_owned(),
        kind,
        required: false,
        choices: Vec::new(),
        us_phone: false,
    };
    AudienceView {
        audience: Audience {
            id: AudienceId::parse("a1b2c3").expect("id"),
            name: audience.to_owned(),
            web_id: 1,
            members: 12,
            last_campaign: None,
            double_optin: false,
            marketing_permissions: false,
        },
        merge_fields: vec![
            field("FNAME", FieldKind::Text),
            field("BIRTHDAY", FieldKind::Birthday),
        ],
        tags: vec!["Gold".to_owned()],
    }
}

/// Begins both ways to sign in: only a service can.
async fn begin(sandbox: &Sandbox) -> Vec<Arc<UserSignIn>> {
    let ready = |key: &str| sandbox.ready()[key].as_str().expect("text").to_owned();
    let endpoint = |text: &str| Endpoint::parse(text).expect("endpoint");
    let app = EntraApp {
        client_id: ready("insights_client_id"),
        authority: endpoint(&ready("authority")),
        resource: Resource::CustomerInsights,
    };
    let client = Client::new(Duration::from_secs(20)).expect("client");
    let browser = EntraSignIn::begin(&client, app.clone()).await;
    let code = DeviceSignIn::begin(&client, &app).await;
    let asked = UserAsked {
        sign_in: insights(),
        subscription_key: None,
        by_code: false,
    };
    let ways = [
        UserWay::Browser(Box::new(browser.expect("begun"))),
        UserWay::Code(Box::new(code.expect("begun"))),
    ];
    ways.into_iter()
        .map(|way| {
            let asked = asked.clone();
            Arc::new(UserSignIn {
                asked,
                way,
                given_up: CancellationToken::new(),
            })
        })
        .collect()
}

/// What a saved login of an export user was made with.
fn insights() -> SourceSignIn {
    SourceSignIn {
        client_id: "0c3d".to_owned(),
        tenant: "contoso.example".to_owned(),
        source: SourceSpec::Insights("two".to_owned()),
    }
}

pub(super) fn users() -> Vec<(LoginName, SourceSignIn)> {
    vec![(LoginName::parse("crm").expect("name"), insights())]
}

/// Every kind of change, and a text that no screen may show as it is.
pub(super) fn changes() -> Vec<Change> {
    let field = |old: &str, new: &str| FieldChange {
        field: "FNAME".to_owned(),
        old: old.to_owned(),
        new: new.to_owned(),
    };
    let change = |at: usize, what| Change {
        address: format!("p{at}@x.example"),
        profile: Some(format!("C-{at}")),
        place: format!("people.csv:{}", at + 2),
        what,
        reason: None,
        detail: String::new(),
        fields: Vec::new(),
        tags_added: Vec::new(),
        tags_removed: Vec::new(),
        changed_in_mailchimp: false,
    };
    let mut all: Vec<Change> = (0..1000)
        .map(|at| Change {
            fields: vec![field("", &format!("Åsa {at}"))],
            tags_added: vec!["Gold".to_owned()],
            ..change(at, ChangeKind::Created)
        })
        .collect();
    all.push(Change {
        address: "nasty\u{1b}[2J@x.example".to_owned(),
        fields: vec![field("\u{202e}old 日本", "new\u{7}"), field("", "x")],
        tags_added: vec!["Gold".to_owned()],
        tags_removed: vec!["Silver".to_owned()],
        changed_in_mailchimp: true,
        ..change(1000, ChangeKind::Updated)
    });
    all.push(Change {
        reason: Some(Reason::Unsubscribed),
        ..change(1001, ChangeKind::Suppressed)
    });
    all.push(Change {
        address: String::new(),
        reason: Some(Reason::InvalidValue),
        detail: "BIRTHDAY: never".to_owned(),
        ..change(1002, ChangeKind::Rejected)
    });
    all.push(change(1003, ChangeKind::Unchanged));
    all
}

pub(super) fn counters() -> Counters {
    Counters {
        profiles: 4_892,
        created: 4_318,
        updated: 312,
        unchanged: 0,
        suppressed: 168,
        rejected: 67,
        merged: 27,
        reasons: [
            (Reason::Unsubscribed, 121),
            (Reason::Cleaned, 47),
            (Reason::NoEmail, 40),
            (Reason::InvalidValue, 27),
        ]
        .into(),
        duration_ms: 83_000,
        ..Counters::default()
    }
}

pub(super) fn failed() -> Explanation {
    Explanation {
        what: "It failed \u{1b}[2J".to_owned(),
        why: "日本 ".repeat(40),
        next: Vec::new(),
    }
}

/// What an undo of a run would do.
pub(super) fn offer(run: Option<&str>) -> Offer {
    Offer {
        run: RunId::parse(run.unwrap_or("latest")).expect("a run"),
        started_at: Timestamp::UNIX_EPOCH,
        done: None,
        archive: 4_318,
        restore: 312,
        lost: 0,
        in_doubt: 0,
        is_damaged: false,
        addresses: 3,
        campaigns: vec![Campaign {
            title: "July \u{1b}[2J".to_owned(),
            sent: Timestamp::UNIX_EPOCH,
        }],
        again: Vec::new(),
        calls: 9_572,
        time: Duration::from_secs(1_197),
    }
}

/// Removes a login; what uses it stays without it.
fn log_out(login: &LoginName, saved: &mut HomeData) {
    saved.logins.retain(|saved| saved.name != *login);
    saved.usable.retain(|usable| usable != login);
    for row in &mut saved.rows {
        let used = row.destination.login.take();
        row.destination.login = used.filter(|used| used != login);
    }
}

fn logins_of_only(destination: &Destination, saved: &HomeData) -> Vec<LoginName> {
    let rows = saved.rows.iter();
    let used = rows.filter(|row| row.destination.login == destination.login);
    let alone = destination.login.clone().filter(|_| used.count() < 2);
    alone.into_iter().collect()
}

/// Changes what is saved as the engine does.
fn changed(destination: &Destination, change: &Changing, saved: &mut HomeData) -> Destination {
    let mut changed = destination.clone();
    match change {
        Changing::Rename(name) | Changing::Duplicate(name, _) => {
            changed.name.clone_from(name);
        }
        Changing::Detach => changed.login = None,
    }
    if !matches!(change, Changing::Duplicate(..)) {
        let is_other = |other: &Row| other.destination.name != destination.name;
        saved.rows.retain(is_other);
    }
    saved.rows.push(row(changed.clone()));
    changed
}

/// A destination that never ran.
pub(super) fn row(destination: Destination) -> Row {
    Row {
        agenda: None,
        trouble: None,
        watched: false,
        destination,
        updated: Some(Timestamp::UNIX_EPOCH),
        last: None,
    }
}

fn instances() -> Vec<Instance> {
    let instance = |id: &str, name: &str| Instance {
        id: id.to_owned(),
        name: name.to_owned(),
    };
    vec![
        instance("one", "Contoso"),
        instance("two", "日本語 \u{1b}[1m"),
    ]
}

pub(super) fn or_not<T>(good: bool, answer: T) -> Result<T, Explanation> {
    if good { Ok(answer) } else { Err(failed()) }
}

fn user_login(world: &World) -> Login {
    Login {
        name: LoginName::parse("crm").expect("name"),
        account_name: "Ann \u{1b}[1m".to_owned(),
        ..world.login.clone()
    }
}

/// What is found at a source.
fn found(spec: &SourceSpec, world: &World) -> Looked {
    let other = world.other.as_ref();
    let other = other.filter(|_| *spec == SourceSpec::Folder(OTHER.into()));
    let sql = world.sql.as_ref().filter(|_| spec.engine().is_some());
    other.or(sql).unwrap_or(&world.looked).clone()
}

/// What the audience with this ID is like, if it is there.
fn seen(id: &AudienceId, world: &World) -> Option<AudienceView> {
    let mut all = world.audiences.iter().chain([&world.view.audience]);
    let mut view = world.view.clone();
    view.audience = all.find(|one| one.id == *id)?.clone();
    Some(view)
}

pub(super) fn answer(
    question: &Question,
    world: &World,
    saved: &mut HomeData,
    good: bool,
) -> Answer {
    match question {
        Question::Home => Answer::Home(or_not(good, Box::new(saved.clone()))),
        Question::SignIn { .. } => Answer::SignIn(Err(failed())),
        Question::Wait(..)
        | Question::Complete(..)
        | Question::Approve(_)
        | Question::ApiKey(_) => Answer::Login(or_not(good, world.login.clone())),
        Question::BeginUser(asked) => {
            let way = world.begun[usize::from(asked.by_code)].clone();
            Answer::UserSignIn(or_not(good, way))
        }
        Question::WaitUser(_) | Question::CompleteUser(..) | Question::ApproveUser(_) => {
            Answer::User(or_not(good, user_login(world)))
        }
        Question::Instances(_) => Answer::Instances(or_not(good, instances())),
        Question::Engine(_)
        | Question::Queries(..)
        | Question::TryQuery(..)
        | Question::OpenQuery(_)
        | Question::KeepQuery(..) => engines::answer(question, world, good),
        Question::Did(..) => Answer::Did(or_not(good, world.diff.clone())),
        Question::Audiences(_) => Answer::Audiences(or_not(good, world.audiences.clone())),
        Question::Audience(_, id) => {
            let found = seen(id, world).filter(|_| good);
            Answer::Audience(found.map(Box::new).ok_or_else(failed))
        }
        Question::Source(spec, options, _) => {
            let is_there = good && options.queries.as_deref() != Some(Path::new(engines::BROKEN));
            Answer::Source(or_not(is_there, Box::new(found(spec, world))))
        }
        Question::Overlap(..) => Answer::Overlap(or_not(good, world.overlap.clone())),
        Question::Preview(_, request, _) => Answer::Preview(or_not(good, rows_for(request, world))),
        Question::Field(..) => Answer::Field(or_not(good, vec![new_field(world.kind)])),
        Question::Dates(..) => Answer::Dates(or_not(good, Default::default())),
        Question::Check(destination, _) => Answer::Check(or_not(
            good,
            Box::new(Checked {
                name: destination.name.clone(),
                would: counters(),
                warnings: Vec::new(),
                exit: 0,
                diff: Some(world.diff.clone()),
                run: Forecast::default(),
            }),
        )),
        Question::Changes(diff, stretch) => {
            let read = part(diff, (**stretch).clone()).expect("read");
            Answer::Changes(or_not(good, Box::new(read)))
        }
        Question::Save(destination, ..) => {
            // Rule 6, and all that a destination must have.
            assert_eq!(Draft::from((**destination).clone()).gaps(), []);
            if good {
                saved.rows.push(row((**destination).clone()));
            }
            Answer::Saved(or_not(good, destination.clone()))
        }
        later => answer_later(later, saved, good),
    }
}

/// Answers what is asked of destinations that are saved, and of files.
fn answer_later(question: &Question, saved: &mut HomeData, good: bool) -> Answer {
    match question {
        Question::Schedule(all, schedule) => {
            Answer::Scheduled(or_not(good, scheduled(all, schedule, saved)))
        }
        Question::Change(destination, change) => {
            Answer::Changed(or_not(good, Box::new(changed(destination, change, saved))))
        }
        Question::Logout(login) => {
            log_out(login, saved);
            Answer::LoggedOut(or_not(good, ()))
        }
        Question::LoginsOfOnly(destination) => {
            Answer::LoginsOfOnly(or_not(good, logins_of_only(destination, saved)))
        }
        Question::Remove(name, _) => Answer::Removed(or_not(good, (name.clone(), None))),
        Question::Undo(_, run) => Answer::Undo(or_not(good, Box::new(offer(run.as_deref())))),
        Question::History(_) => Answer::History(or_not(good, super::history::past_runs())),
        Question::Rejects(_) => Answer::Rejects(or_not(good, rejects())),
        Question::Write(writing) => Answer::Written(or_not(good, written(writing))),
        Question::Path(..) => Answer::Path(vec!["/tmp/a/".to_owned(), "/tmp/å\u{7}".to_owned()]),
        other => panic!("nothing answers {other:?}"),
    }
}

fn a_diff(folder: &Path) -> Diff {
    let diff = Diff::told(&Home::at(folder.join("home")), |kept| {
        for change in changes() {
            kept.add(&change)?;
        }
        Ok(())
    });
    diff.expect("kept")
}
