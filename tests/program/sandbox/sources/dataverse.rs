//! The Dataverse Web API.

use serde_json::{Value, json};

use super::{Service, read};

const PROFILES: &str = "/msdynci_customerprofiles";
const MEMBERSHIPS: &str = "/msdynci_segmentmemberships";
const ATTRIBUTES: &str = "/EntityDefinitions(LogicalName='msdynci_customerprofile')/Attributes";

#[tokio::test]
async fn a_page_has_the_size_asked_for_and_links_to_the_next() {
    let service = Service::of_people(25).await;
    let path = format!("{PROFILES}?$select=msdynci_email&$top=3&$count=true");
    let answer = service.dataverse(&path, 10).await.expect("an answer");
    let applied = answer.headers()["preference-applied"].clone();
    assert_eq!(applied, "odata.maxpagesize=10");
    assert_eq!(answer.headers()["odata-version"], "4.0");
    let (_, page) = read(answer).await;
    let origin = service.told("dataverse_url");
    let context = format!(
        "{origin}/api/data/v9.2/$metadata#msdynci_customerprofiles(msdynci_email,msdynci_customerprofileid)"
    );
    assert_eq!(page["@odata.context"], context);
    assert_eq!(page["@odata.count"], 25);
    let row = &page["value"][0];
    assert!(
        row["@odata.etag"]
            .as_str()
            .expect("a tag")
            .starts_with("W/\"")
    );
    assert_eq!(row.as_object().expect("a row").len(), 3);
    let next = page["@odata.nextLink"].as_str().expect("a link");
    assert!(next.starts_with(&format!("{origin}/api/data/v9.2{PROFILES}?$select=")));
    assert!(next.contains("&$skiptoken=%3Ccookie%20pagenumber%3D%222%22"));
    let sizes = [10, 10, 5];
    let mut url = path;
    for size in sizes {
        let (_, page) = service.dataverse_json(&url, 10).await;
        assert_eq!(page["value"].as_array().expect("rows").len(), size);
        url = page["@odata.nextLink"].as_str().unwrap_or("").to_owned();
    }
    assert!(url.is_empty(), "the last page has no link");
    let (status, _) = service.dataverse_json(next, 9).await;
    assert_eq!(status, 400, "another page size on the way");
}

#[tokio::test]
async fn a_page_is_never_larger_than_5000() {
    let service = Service::of_people(5001).await;
    for (path, size, rows) in [
        (format!("{PROFILES}?$select=msdynci_city"), 9000, 5000),
        (format!("{PROFILES}?$top=2"), 2000, 2000),
    ] {
        let (_, page) = service.dataverse_json(&path, size).await;
        assert_eq!(page["value"].as_array().expect("rows").len(), rows);
        assert!(page["@odata.nextLink"].is_string());
    }
}

#[tokio::test]
async fn a_membership_lists_its_segments_in_quotes() {
    let service = Service::of_people(400).await;
    let rows = service.dataverse_rows(MEMBERSHIPS, 5000).await;
    let row = rows
        .iter()
        .find(|row| {
            row["msdynci_segments"]
                .as_str()
                .is_some_and(|text| text.contains("Gold"))
        })
        .expect("a row");
    let list: Vec<String> =
        serde_json::from_str(row["msdynci_segments"].as_str().expect("a text")).expect("a list");
    assert!(list.contains(&"Silver and gold".to_owned()), "{list:?}");
    assert_eq!(row["msdynci_segmentmembershiptype"], "Customer");
    let id = row["msdynci_customerid"].as_str().expect("an id");
    assert_eq!(id.len(), 32);
    let identifier = row["msdynci_identifier"].as_str().expect("a text");
    assert!(identifier.starts_with(&format!("{id}|")));
    assert!(rows.len() < 400, "only who is in a segment has a row");
    assert!(rows.iter().all(|row| row["msdynci_segments"] != "[]"));
}

#[tokio::test]
async fn a_segment_is_found_in_both_spellings_unless_the_list_holds_backslashes() {
    let service = Service::of_people(400).await;
    let plain = format!("{MEMBERSHIPS}?$filter=contains(msdynci_segments,'\"Gold\"')");
    let escaped = format!("{MEMBERSHIPS}?$filter=contains(msdynci_segments,'\\\"Gold\\\"')");
    let gold = service.dataverse_rows(&plain, 5000).await.len();
    assert!(gold > 0 && gold < 100);
    assert_eq!(service.dataverse_rows(&escaped, 5000).await.len(), gold);
    service.change(json!({ "backslash": true })).await;
    assert_eq!(service.dataverse_rows(&plain, 5000).await.len(), 0);
    assert_eq!(service.dataverse_rows(&escaped, 5000).await.len(), gold);
}

#[tokio::test]
async fn columns_are_described_and_texts_by_their_own_kind() {
    let service = Service::of_people(1).await;
    let path = format!("{ATTRIBUTES}?$select=LogicalName,DisplayName,AttributeType");
    let (_, told) = service.dataverse_json(&path, 5000).await;
    let all = told["value"].as_array().expect("columns").clone();
    let named = |name: &str| -> Value {
        let found = all.iter().find(|one| one["LogicalName"] == name);
        found.expect("the column").clone()
    };
    let subscriber = named("msdynci_emailsubscriber");
    let label = &subscriber["DisplayName"]["UserLocalizedLabel"]["Label"];
    assert_eq!(*label, "Email Subscriber");
    assert_eq!(
        subscriber["@odata.type"],
        "#Microsoft.Dynamics.CRM.StringAttributeMetadata"
    );
    assert_eq!(
        named("msdynci_customerprofileid")["AttributeType"],
        "Uniqueidentifier"
    );
    assert_eq!(named("createdon")["AttributeType"], "DateTime");

    let select = "$select=LogicalName,FormatName";
    let (status, told) = service
        .dataverse_json(&format!("{ATTRIBUTES}?{select}"), 5000)
        .await;
    assert_eq!(status, 400, "{told}");
    let cast = format!("{ATTRIBUTES}/Microsoft.Dynamics.CRM.StringAttributeMetadata?{select}");
    let (status, told) = service.dataverse_json(&cast, 5000).await;
    assert_eq!(status, 200, "{told}");
    let texts = told["value"].as_array().expect("columns");
    assert!(texts.len() < all.len());
    assert!(texts.iter().all(|one| one["FormatName"]["Value"] == "Text"));
}

#[tokio::test]
async fn what_is_not_there_is_refused_in_the_services_words() {
    let service = Service::of_people(3).await;
    let no_property = "Could not find a property named 'msdynci_mail' on type 'Microsoft.Dynamics.CRM.msdynci_customerprofile'.";
    let profiles = |query: &str| format!("{PROFILES}?{query}");
    for (path, expected, message) in [
        (profiles("$select=msdynci_mail"), 400, no_property),
        (profiles("$filter=msdynci_mail eq 'x'"), 400, no_property),
        (profiles("$orderby=msdynci_mail"), 400, no_property),
        (
            profiles("$skip=5"),
            400,
            "Skip Clause is not supported in CRM",
        ),
        (
            "/msdynci_nothings".to_owned(),
            404,
            "Resource not found for the segment 'msdynci_nothings'.",
        ),
        (
            "/EntityDefinitions(LogicalName='msdynci_nothing')".to_owned(),
            404,
            "The entity with a name = 'msdynci_nothing' with namemapping = 'Logical' was not found in the MetadataCache.",
        ),
    ] {
        let (status, told) = service.dataverse_json(&path, 10).await;
        assert_eq!(
            (status.as_u16(), &told["error"]["message"]),
            (expected, &json!(message)),
            "{path}"
        );
        assert!(
            told["error"]["code"]
                .as_str()
                .expect("a code")
                .starts_with("0x80")
        );
    }
}

#[tokio::test]
async fn without_the_privilege_profiles_are_forbidden_and_nothing_else() {
    let service = Service::of_people(3).await;
    service.change(json!({ "privilege": "off" })).await;
    let (status, told) = service.dataverse_json(PROFILES, 10).await;
    assert_eq!(
        (status.as_u16(), &told["error"]["code"]),
        (403, &json!("0x80040220"))
    );
    let message = told["error"]["message"].as_str().expect("a text");
    assert!(
        message.contains("is missing prvReadmsdynci_CustomerProfile privilege"),
        "{message}"
    );
    assert_eq!(service.dataverse_json(MEMBERSHIPS, 10).await.0, 200);
    assert_eq!(service.dataverse_json(ATTRIBUTES, 10).await.0, 200);
    service.change(json!({ "privilege": "on" })).await;
    assert_eq!(service.dataverse_json(PROFILES, 10).await.0, 200);
}

#[tokio::test]
async fn a_token_of_the_other_service_opens_nothing() {
    let service = Service::of_people(3).await;
    let url = format!("{}/api/data/v9.2/WhoAmI", service.told("dataverse_url"));
    for token in [Some(service.token("insights").await), None] {
        let request = service.client.get(&url);
        let request = match &token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 401);
        let challenge = answer.headers()["www-authenticate"].clone();
        let challenge = challenge.to_str().expect("a text");
        assert!(
            challenge.starts_with("Bearer authorization_uri="),
            "{challenge}"
        );
        assert_eq!(challenge.contains("invalid_token"), token.is_some());
    }
    let (status, who) = service.dataverse_json("/WhoAmI", 1).await;
    assert_eq!(status, 200);
    assert!(who["UserId"].is_string());
}

#[tokio::test]
async fn choices_are_numbers_in_rows_and_words_in_the_metadata_as_documented() {
    let service = Service::of_people(30).await;
    service.change(json!({ "choices": true })).await;
    let (_, page) = service
        .dataverse_json(
            &format!("{PROFILES}?$select=msdynci_loyaltytier,msdynci_emailsubscriber"),
            30,
        )
        .await;
    for row in page["value"].as_array().expect("rows") {
        assert!(row["msdynci_loyaltytier"].as_u64() >= Some(100_000_000));
        assert!(row["msdynci_emailsubscriber"].is_boolean());
    }
    let (_, told) = service
        .dataverse_json(
            &format!("{ATTRIBUTES}/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet,GlobalOptionSet"),
            30,
        )
        .await;
    let tier = &told["value"][0];
    assert_eq!(tier["LogicalName"], "msdynci_loyaltytier");
    let bronze = &tier["OptionSet"]["Options"][0];
    assert_eq!(bronze["Value"], 100_000_000);
    let labels = bronze["Label"]["LocalizedLabels"]
        .as_array()
        .expect("labels");
    assert_eq!(labels.len(), 2);
    assert_eq!(bronze["Label"]["UserLocalizedLabel"]["LanguageCode"], 1053);
    let (_, told) = service
        .dataverse_json(
            &format!("{ATTRIBUTES}/Microsoft.Dynamics.CRM.BooleanAttributeMetadata?$select=LogicalName&$expand=OptionSet"),
            30,
        )
        .await;
    let set = &told["value"][0]["OptionSet"];
    assert_eq!(set["TrueOption"]["Value"], 1);
    assert_eq!(
        set["FalseOption"]["Label"]["UserLocalizedLabel"]["Label"],
        "Nej"
    );
    let (_, told) = service
        .dataverse_json("/organizations?$select=languagecode", 30)
        .await;
    assert_eq!(told["value"][0]["languagecode"], 1033);
    let (_, plain) = service.dataverse_json(ATTRIBUTES, 30).await;
    let plain = plain["value"].as_array().expect("attributes");
    assert!(plain.iter().all(|one| one.get("OptionSet").is_none()));
}

#[tokio::test]
async fn profiles_are_found_by_id_many_at_a_time_and_counted() {
    let service = Service::of_people(600).await;
    let rows = service.dataverse_rows(PROFILES, 5000).await;
    let ids: Vec<&str> = rows
        .iter()
        .map(|row| row["msdynci_customerid"].as_str().expect("an id"))
        .collect();
    let by_id = |values: &str| {
        format!(
            "{PROFILES}?$select=msdynci_customerid&$filter=Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)&@p1='msdynci_customerid'&@p2={values}"
        )
    };
    let upper = ids[3].to_uppercase();
    let few = by_id(&json!([ids[599], upper, "nobody"]).to_string());
    let found = service.dataverse_rows(&few, 5000).await;
    let found: Vec<&Value> = found.iter().map(|row| &row["msdynci_customerid"]).collect();
    assert_eq!(found, [ids[3], ids[599]]);
    let inline = format!(
        "{PROFILES}?$filter=Microsoft.Dynamics.CRM.In(PropertyName='msdynci_customerid',PropertyValues=['{}'])",
        ids[0]
    );
    assert_eq!(service.dataverse_rows(&inline, 5000).await.len(), 1);
    let (status, _) = service
        .dataverse_json(&by_id(&json!(ids[..501]).to_string()), 5000)
        .await;
    assert_eq!(status, 400, "more values than it takes");
    let endless = by_id(&json!(["x".repeat(33_000)]).to_string());
    assert_eq!(service.dataverse_json(&endless, 5000).await.0, 414);
    let names = json!(["msdynci_customerprofile", "msdynci_segmentmembership"]);
    let count = format!("/RetrieveTotalRecordCount(EntityNames=@p1)?@p1={names}");
    let (_, told) = service.dataverse_json(&count, 5000).await;
    let told = &told["EntityRecordCountCollection"];
    assert_eq!(told["Keys"], names);
    assert_eq!(told["Values"][0], 600);
    let members = service.dataverse_rows(MEMBERSHIPS, 5000).await.len();
    assert_eq!(told["Values"][1], members);
    let unknown = "/RetrieveTotalRecordCount(EntityNames=['account'])";
    assert_eq!(service.dataverse_json(unknown, 5000).await.0, 404);
}
