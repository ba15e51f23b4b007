//! The checks that would be made, without any data.

use data_contract::plan::{Category, Plan, Severity, Test};
use data_contract::verdict::CheckResult;
use data_contract::{compile, judge};
use dataops_contracts::server::{choose, places};
use dataops_contracts::{Backend, CheckError};
use dataops_core::connection::Connection;
use serde::Serialize;

use super::chosen::{Chosen, chosen};
use super::failure::at_server;
use super::hold::named_here;
use super::sound::sound;
use super::{Against, ContractArgs, Named, failure};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::planned::Planned;
use crate::report::verdict::Form;
use crate::report::{document, write};

/// A contract whose checks would be made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlannedContract {
    /// The contract's file.
    pub(crate) file: String,
    /// The contract's `id`.
    pub(crate) contract: String,
    /// The contract's `version`.
    pub(crate) version: String,
    /// The server that has the data, with its type.
    pub(crate) server: String,
    /// Where they would be measured.
    pub(crate) measured: &'static str,
    /// What is worth knowing of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<&'static str>,
    /// Where the data of each object would be looked for, where that is known.
    pub(crate) objects: Vec<PlannedObject>,
    /// The checks.
    pub(crate) checks: Vec<PlannedCheck>,
}

/// An object that would be looked at.
#[derive(Debug, Serialize)]
pub(crate) struct PlannedObject {
    /// Its name.
    pub(crate) name: String,
    /// Where its data would be looked for; in Databricks the server says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<String>,
}

/// A check that would be made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlannedCheck {
    /// Its stable id.
    pub(crate) id: String,
    /// What ought to hold.
    pub(crate) title: String,
    /// The object that it is about.
    pub(crate) object: String,
    /// The column that it is about.
    pub(crate) column: Option<String>,
    /// Where it comes from.
    pub(crate) category: Category,
    /// Its dimension of quality.
    pub(crate) dimension: Option<String>,
    /// What a failure means.
    pub(crate) severity: Severity,
    /// Its tags.
    pub(crate) tags: Vec<String>,
    /// The line of the contract.
    pub(crate) line: u64,
    /// What the measured value is compared with.
    pub(crate) expected: Option<String>,
    /// Why nothing can decide it, where nothing can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) not_executable: Option<String>,
    /// Why it would be an error, whatever the data are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// What is told of measuring in Databricks.
const OF_DATABRICKS: &str =
    "the statements are made when the columns are known, which Databricks was not asked for";

/// Tells which checks would be made of contracts.
///
/// # Errors
///
/// When one says wrongly what is checked, or where its data are.
pub(crate) fn dry_run(
    context: &Context,
    args: &ContractArgs,
    contracts: &[Named],
    against: Against<'_>,
) -> Result<Exit, Failure> {
    sound(context, contracts, (args.server(), against.environment))?;
    let chosen = chosen(context, &args.selection(), contracts, against.folder)?;
    let planned = chosen.iter().map(|chosen| planned(args, chosen, against));
    let planned = Planned {
        contracts: planned.collect::<Result<_, _>>()?,
    };
    match args.format {
        None | Some(Form::Text) => context.print(&planned),
        Some(Form::Json) => {
            write(&document(&planned)?)?;
            Ok(Exit::Ok)
        }
        Some(_) => Err(
            Failure::usage("checks that were not made have no report of this form")
                .hint("--dry-run has the forms text and json"),
        ),
    }
}

fn planned(
    args: &ContractArgs,
    chosen: &Chosen<'_>,
    against: Against<'_>,
) -> Result<PlannedContract, Failure> {
    let Named { path, contract } = chosen.named;
    let wrong = |error: CheckError| failure(path, error);
    let plan = compile(contract, &chosen.selection, &chosen.settings);
    let plan = plan.map_err(|error| wrong(error.into()))?;
    let server = choose(contract, args.server(), against.environment);
    let server = server.map_err(|error| wrong(error.into()))?;
    let is_here = args.backend().unwrap_or_else(|| Backend::of(server)) == Backend::Here;
    let locations = match is_here {
        true => {
            let account = against.connection.and_then(Connection::storage_account);
            let places = places(server, &plan, account.or(Some("ACCOUNT")));
            let places =
                places.map_err(|error| at_server(chosen.named, Some(server), error.into()))?;
            places
                .iter()
                .map(|place| Some(place.address.shown()))
                .collect()
        }
        false => vec![None; plan.objects.len()],
    };
    let objects = plan.objects.iter().zip(locations);
    let mut objects: Vec<_> = objects
        .map(|(object, location)| PlannedObject {
            name: object.name.clone(),
            location,
        })
        .collect();
    let checks = checks(&plan);
    objects.retain(|object| checks.iter().any(|check| check.object == object.name));
    Ok(PlannedContract {
        file: named_here(path),
        contract: plan.contract.clone(),
        version: plan.version.clone(),
        server: format!("{} ({})", server.name(), server.kind()),
        measured: if is_here { "here" } else { "databricks" },
        note: (!is_here).then_some(OF_DATABRICKS),
        objects,
        checks,
    })
}

/// The checks as they are judged, with nothing measured.
fn checks(plan: &Plan) -> Vec<PlannedCheck> {
    let judged = judge(plan, &[], jiff::Timestamp::now()).checks;
    let checks = plan.checks.iter().zip(judged);
    checks
        .map(|(check, judged)| planned_check(&check.test, judged))
        .collect()
}

fn planned_check(test: &Test, judged: CheckResult) -> PlannedCheck {
    let reason = judged.reason;
    let (not_executable, error) = match test {
        Test::NotExecutable { .. } => (reason, None),
        Test::Undecided { .. } => (None, reason),
        _ => (None, None),
    };
    PlannedCheck {
        id: judged.id,
        title: judged.title,
        object: judged.object,
        column: judged.column,
        category: judged.category,
        dimension: judged.dimension,
        severity: judged.severity,
        tags: judged.tags,
        line: judged.line,
        expected: judged.expected,
        not_executable,
        error,
    }
}
