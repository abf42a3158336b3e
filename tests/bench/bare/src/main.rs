//! The bare loop: the least that can be done to create people. Parses the CSV, writes bodies of 500 members, posts them
//! over ten connections, decodes e-mail and status of each member that the answers name. No plan, no journal, no ledger.
//!
//! usage: bare PEOPLE.csv API KEY AUDIENCE

use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;

use reqwest::Client;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, mpsc};

const CONNECTIONS: usize = 10;
const MEMBERS: usize = 500;

type Anything = Box<dyn Error + Send + Sync>;

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(rename = "EMail")]
    email: &'a str,
    #[serde(rename = "FirstName")]
    first: &'a str,
    #[serde(rename = "LastName")]
    last: &'a str,
    #[serde(rename = "Tier")]
    tier: &'a str,
}

#[derive(Serialize)]
struct Member<'a> {
    email_address: &'a str,
    status: &'static str,
    merge_fields: Fields<'a>,
    tags: [&'a str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct Fields<'a> {
    fname: &'a str,
    lname: &'a str,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    new_members: Vec<Made<'a>>,
}

#[derive(Deserialize)]
struct Made<'a> {
    #[serde(borrow)]
    email_address: Cow<'a, str>,
    #[serde(borrow)]
    status: Cow<'a, str>,
}

fn read(path: &str, bodies: &mpsc::Sender<Vec<u8>>) -> Result<(), Anything> {
    let mut rows = csv::Reader::from_path(path)?;
    let (head, mut row) = (rows.headers()?.clone(), csv::StringRecord::new());
    let (mut body, mut members) = (Vec::new(), 0);
    while rows.read_record(&mut row)? {
        let Row {
            email,
            first,
            last,
            tier,
        } = row.deserialize(Some(&head))?;
        body.extend_from_slice(if members == 0 {
            br#"{"members":["#
        } else {
            b","
        });
        let merge_fields = Fields {
            fname: first,
            lname: last,
        };
        let member = Member {
            email_address: email,
            status: "subscribed",
            merge_fields,
            tags: [tier],
        };
        serde_json::to_writer(&mut body, &member)?;
        members += 1;
        if members == MEMBERS {
            send(&mut body, &mut members, bodies)?;
        }
    }
    if members > 0 {
        send(&mut body, &mut members, bodies)
    } else {
        Ok(())
    }
}

fn send(
    body: &mut Vec<u8>,
    members: &mut usize,
    bodies: &mpsc::Sender<Vec<u8>>,
) -> Result<(), Anything> {
    body.extend_from_slice(br#"],"update_existing":false}"#);
    bodies.blocking_send(std::mem::take(body))?;
    *members = 0;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Anything> {
    let told: Vec<String> = std::env::args().skip(1).collect();
    let [people, api, key, audience] =
        <[String; 4]>::try_from(told).map_err(|_| "PEOPLE.csv API KEY AUDIENCE")?;
    let (give, take) = mpsc::channel(2 * CONNECTIONS);
    let reading = tokio::task::spawn_blocking(move || read(&people, &give));
    let (take, url) = (
        Arc::new(Mutex::new(take)),
        format!("{api}/lists/{audience}"),
    );
    let mut lanes = Vec::new();
    for _ in 0..CONNECTIONS {
        let (take, url, key) = (Arc::clone(&take), url.clone(), key.clone());
        lanes.push(tokio::spawn(async move {
            let client = Client::builder().no_proxy().build()?;
            let (mut created, mut calls) = (0, 0);
            loop {
                let body = take.lock().await.recv().await;
                let Some(body) = body else {
                    return Ok::<_, Anything>((created, calls));
                };
                let call = client.post(&url).basic_auth("any", Some(&key));
                let call = call.header("content-type", "application/json").body(body);
                let answer = call.send().await?.error_for_status()?.bytes().await?;
                let answer: Answer<'_> = serde_json::from_slice(&answer)?;
                let made =
                    |one: &&Made<'_>| one.status == "subscribed" && one.email_address.contains('@');
                created += answer.new_members.iter().filter(made).count();
                calls += 1;
            }
        }));
    }
    reading.await??;
    let (mut created, mut calls) = (0, 0);
    for lane in lanes {
        let (some, number) = lane.await??;
        created += some;
        calls += number;
    }
    println!(r#"{{"created":{created},"calls":{calls}}}"#);
    Ok(())
}
