//! By what it is guessed that Customer Insights wrote its tables anew: it does not tell. Who leaves a segment moves no
//! date, so that rows are counted too.

use serde::Deserialize;
use serde_json::Value;

use super::super::odata::{Odata, ServiceError};
use super::super::{Error, Service};
use super::{MEMBERSHIPS, PROFILES};
use crate::domain::Refresh;

/// How long the tables must have stood still: they are written in pieces, with pauses of minutes between.
const QUIET_SECONDS: u32 = 15 * 60;
/// The tables' names where all rows are counted.
const COUNTED: &str = "[\"msdynci_segmentmembership\",\"msdynci_customerprofile\"]";

/// The newest row of a table, and its count, which ends at 5,000.
#[derive(Debug, Deserialize)]
struct Newest {
    #[serde(default, rename = "@odata.count")]
    count: Option<u64>,
    #[serde(default)]
    value: Vec<Dated>,
}

#[derive(Debug, Deserialize)]
struct Dated {
    #[serde(default)]
    modifiedon: Option<String>,
}

/// Asks for the newest date and the count of each table.
pub(in crate::source) async fn refresh(service: Service) -> Result<Refresh, Error> {
    let odata = Odata::new(service, &["api", "data", "v9.2"])?;
    let mut parts = Vec::new();
    for table in [MEMBERSHIPS, PROFILES.0] {
        let options = [
            ("$select", "modifiedon"),
            ("$orderby", "modifiedon desc"),
            ("$top", "1"),
            ("$count", "true"),
        ];
        let newest: Newest = odata.ask(&odata.url(&[table], &options)).await?;
        let date = newest.value.into_iter().find_map(|row| row.modifiedon);
        parts.push(date.unwrap_or_default());
        parts.push(
            newest
                .count
                .map(|count| count.to_string())
                .unwrap_or_default(),
        );
    }
    parts.push(all_rows(&odata).await?);
    Ok(Refresh {
        mark: parts.join(" "),
        quiet_seconds: QUIET_SECONDS,
        ..Refresh::default()
    })
}

/// Asks how many rows there are in all, as of the last day. Not everyone may ask.
async fn all_rows(odata: &Odata) -> Result<String, Error> {
    let url = odata.url(
        &["RetrieveTotalRecordCount(EntityNames=@names)"],
        &[("@names", COUNTED)],
    );
    match odata.ask::<Value>(&url).await {
        Ok(told) => Ok(told["EntityRecordCountCollection"]["Values"].to_string()),
        Err(Error::Service(
            ServiceError::NotThere { .. }
            | ServiceError::NoPrivilege { .. }
            | ServiceError::Refused { .. },
        )) => Ok(String::new()),
        Err(why) => Err(why),
    }
}
