//! Contracts held against data where these are: by Spark SQL in a Databricks workspace.
//!
//! The plan is that of a local scan, and so is the verdict; only who measures differs. What a statement cannot bring is an error of
//! the checks that need it. The test itself ends only where the workspace refuses it, or cannot be reached.

mod columns;
mod compute;
mod measuring;
mod notebook;
mod oddities;
mod places;
mod reason;
mod told;
mod warehouse;

pub use compute::{Compute, Took, Used};
pub use told::Told;

use std::time::Duration;

use data_contract::judge;
use data_contract::model::Server;
use data_contract::plan::{Evidence, Gap, Measured, Object, ObjectId, Plan};
use data_contract::spark::{self, Prepared, Samples, Schema, Source, describe, prepare};
use data_contract::verdict::{CheckResult, Status};
use dataops_core::workspace::Going;
use jiff::Timestamp;

use crate::{CheckError, Checked, Request, wanted};
use columns::Columns;
use compute::{Deadline, Runner};
use places::Place;

/// How data are measured in Databricks.
#[derive(Clone, Debug)]
pub struct Databricks<'r> {
    /// Who measures; without it, what the contract's server names, or the only warehouse that there is.
    pub compute: Option<Compute>,
    /// How long it may take in all.
    pub limit: Duration,
    /// What runs in the workspace meanwhile, so that it can be ended.
    pub going: Going,
    /// Who is told how far it is.
    pub told: Told<'r>,
}

/// Makes the checks of a contract whose data are measured in Databricks.
pub(crate) async fn check(
    request: &Request<'_>,
    server: Server<'_>,
    plan: &Plan,
) -> Result<Checked, CheckError> {
    let deadline = Deadline::new(request.databricks.limit);
    let connection = request
        .connection
        .ok_or_else(|| CheckError::NoConnection("Databricks".to_owned()))?;
    let places = places::places(server, plan, connection.storage_account())?;
    let host = server.field("host");
    let client = connection.databricks_named(host.as_deref())?;
    if let Some(variable) = connection.databricks_by() {
        let told = request.databricks.told;
        told.tell(&format!("signing in to Databricks by {variable}"));
    }
    let mut runner = Runner::start(client, server, (&request.databricks, deadline)).await?;
    let columns = columns::of(&mut runner, &places).await?;
    let mut prepared = prepared(plan, &places, &columns);
    let measured = match request.options.metadata_only {
        true => by_schema(plan, &prepared, &columns),
        false => {
            let mut measured = measuring::ask(plan, &mut runner, (&mut prepared, &columns)).await?;
            let most = request.options.samples;
            samples(&mut runner, &prepared, &mut measured, most).await?;
            measured
        }
    };
    let wanted = wanted::wanted(plan, &plan.objects, request.selection);
    let read: Vec<bool> = wanted
        .iter()
        .map(|wanted| *wanted && !request.options.metadata_only)
        .collect();
    let found = (places.as_slice(), columns.as_slice());
    let odd = oddities::of(&mut runner, plan, found, &read).await?;
    if !runner.has_time() {
        // A start whose answer was not waited for any longer may have come to something all the same.
        request.databricks.going.end(warehouse::TO_CANCEL).await;
    }
    let mut verdict = judge(plan, &measured, Timestamp::now());
    let all = verdict.objects.iter_mut().zip(&places).zip(&columns);
    let mut tables = Vec::new();
    for ((((object, place), columns), odd), _) in
        all.zip(odd).zip(&wanted).filter(|(_, wanted)| **wanted)
    {
        object.location.clone_from(&place.shown);
        tables.push(readable(&object.name, place, columns));
        tables.extend(odd);
    }
    wanted::keep(&wanted, &mut verdict.objects);
    tables.append(&mut verdict.checks);
    verdict.checks = tables;
    Ok(Checked {
        verdict,
        profiles: Vec::new(),
        took: Some(runner.took()),
    })
}

/// The statements of each object whose columns are known.
fn prepared(plan: &Plan, places: &[Place], columns: &[Columns]) -> Vec<Option<Prepared>> {
    let of_spark: Vec<(Source, Schema)> = places
        .iter()
        .zip(columns)
        .map(|(place, columns)| {
            let columns = columns.clone().unwrap_or_default();
            (place.source.clone(), columns)
        })
        .collect();
    let prepared = columns.iter().enumerate().map(|(at, columns)| {
        let known = columns.is_ok() && !plan.objects[at].measures.is_empty();
        known.then(|| prepare(plan, ObjectId(at), &of_spark))
    });
    prepared.collect()
}

/// What the columns alone decide.
fn by_schema(
    plan: &Plan,
    prepared: &[Option<Prepared>],
    columns: &[Columns],
) -> Vec<Vec<Measured>> {
    let all = plan.objects.iter().zip(prepared).zip(columns);
    let of = |((object, prepared), columns): ((&Object, &Option<Prepared>), &Columns)| {
        let known = prepared.as_ref().map(Prepared::by_schema);
        known.unwrap_or_else(|| unknown(object, columns))
    };
    all.map(of).collect()
}

/// The measures of an object whose columns nobody knows.
fn unknown(object: &Object, columns: &Columns) -> Vec<Measured> {
    let reason = columns.as_ref().err().cloned().unwrap_or_default();
    let gap = Measured {
        value: Err(Gap::Failed(reason)),
        evidence: Evidence::None,
        samples: Vec::new(),
        files: Vec::new(),
    };
    vec![gap; object.measures.len()]
}

/// Asks for rows of what was counted, in one statement of each object where anything was.
async fn samples(
    runner: &mut Runner,
    prepared: &[Option<Prepared>],
    measured: &mut [Vec<Measured>],
    most: usize,
) -> Result<(), CheckError> {
    let asked: Vec<(usize, Samples)> = prepared
        .iter()
        .enumerate()
        .filter_map(|(at, prepared)| {
            let samples = prepared.as_ref()?.samples(measured.get(at)?, most)?;
            Some((at, samples))
        })
        .collect();
    let statements = asked.iter().map(|(_, samples)| samples.sql.clone());
    let answers = runner.ask(statements.collect()).await?;
    for ((at, _), answer) in asked.iter().zip(&answers) {
        if let Some(measured) = measured.get_mut(*at) {
            spark::Samples::put(answer, measured);
        }
    }
    Ok(())
}

/// Whether the columns of an object could be read: a table that is not there is told once, and not by each check alone.
fn readable(object: &str, place: &Place, columns: &Columns) -> CheckResult {
    let (id, title) = match place.source {
        Source::Table(_) => ("table", "the table is there, and its columns can be read"),
        _ => ("files", "there are files, and their columns can be read"),
    };
    let mut check = CheckResult::of_files(object, id, title);
    check.evidence = Evidence::Query(describe(&place.source));
    match columns {
        Ok(columns) => {
            let count = columns.names().count();
            let word = if count == 1 { "column" } else { "columns" };
            check.measured = Some(format!("{count} {word}"));
            check.value = Some(0.0);
        }
        Err(reason) => {
            check.status = match reason::is_missing(reason) {
                true => Status::Failed,
                false => Status::Error,
            };
            check.reason = Some(reason.clone());
        }
    }
    check
}
