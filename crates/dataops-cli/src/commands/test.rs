//! `dataops test`.

use std::io::{self, Write};
use std::path::PathBuf;

use azure_core::time::{Duration, OffsetDateTime};
use clap::builder::NonEmptyStringValueParser;
use dataops_core::connection::Connection;
use dataops_core::ingestion::{CheckOutcome, IngestionReport, IngestionTest, Input};
use dataops_core::run::{RunReport, Runs};
use dataops_ledger::CONTRACT;
use dataops_solution::Solution;
use serde::Serialize;

use super::run::failure;
use crate::args::EnvironmentName;
use crate::context::Context;
use crate::contracts::{self, Against, ContractArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::in_force::{InForce, RecordsPlace};
use crate::ledger;
use crate::recording::{Trial, Tried, case};
use crate::report::verdict::{Held, Verdicts};
use crate::report::{Report, checks};
use crate::terminal::harmless;

/// Test what a run wrote: training and testing data exist, are readable, add up to the input, and keep the data contracts of
/// dataops.yaml.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    environment: EnvironmentName,
    /// The pipeline run; without it, the latest of the solution's pipeline.
    #[arg(value_parser = NonEmptyStringValueParser::new(), long, value_name = "ID")]
    run_id: Option<String>,
    /// The input that was split; without it, the one that the run was given.
    #[arg(long, value_name = "CONTAINER/BLOB", value_parser = container_and_blob)]
    input: Option<(String, String)>,
    /// Record what came of it, as the test `contract`, which `promote` can require. It passed only where the run has succeeded since the
    /// last deployment has ended, and nobody has changed the factory since.
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = CONTRACT, value_parser = test_name)]
    record: Option<String>,
    #[command(flatten)]
    records: RecordsPlace,
    /// A data contract that the data have to keep, in place of those that dataops.yaml names. Can be given more than once.
    #[arg(long = "contract", id = "contracts", value_name = "FILE")]
    contracts: Vec<PathBuf>,
    #[command(flatten)]
    of_contracts: ContractArgs,
}

/// Reads `container/path/of/blob`.
pub(crate) fn container_and_blob(text: &str) -> Result<(String, String), String> {
    match text.trim_start_matches('/').split_once('/') {
        Some((container, blob)) if !container.is_empty() && !blob.is_empty() => {
            Ok((container.to_owned(), blob.to_owned()))
        }
        _ => Err(format!("`{text}` is not CONTAINER/BLOB")),
    }
}

/// A test that was made.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Tested(pub(crate) IngestionReport);

impl Report for Tested {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", checks(&self.0.checks))?;
        let verdict = if self.0.holds() {
            "it holds"
        } else {
            "it does not hold"
        };
        writeln!(out, "run {}: {verdict}", self.0.run_id)
    }

    fn holds(&self) -> bool {
        self.0.holds()
    }

    fn complaint(&self) -> String {
        complaint(&self.0)
    }
}

/// The checks that do not hold, in one line.
pub(crate) fn complaint(test: &IngestionReport) -> String {
    let failed = test
        .checks
        .iter()
        .filter(|check| check.outcome == CheckOutcome::Failed)
        .map(|check| format!("{} ({})", check.name, check.found));
    let failed: Vec<_> = failed.collect();
    format!("run {}: does not hold: {}", test.run_id, failed.join("; "))
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let solution = context.solution()?;
    let files = match args.contracts.as_slice() {
        [] if solution.settings.contracts.is_empty() => Vec::new(),
        [] => contracts::of_solution(&solution)?,
        files => files.to_vec(),
    };
    let of_contracts = args.of_contracts.clone();
    if files.is_empty() {
        of_contracts
            .without_contracts("name one by --contract FILE, or by `contracts` in dataops.yaml")?;
    }
    if of_contracts.dry_run {
        return planned(context, &solution, &args, &files);
    }
    contracts::prepare(&of_contracts)?;
    let session = context.connect(&solution, &args.environment.name).await?;
    let made = recorded(context, &solution, &session.connection, args, &files).await;
    session.close().await;
    let Made {
        ingestion,
        verdicts,
    } = made?;
    match verdicts {
        None => contracts::report_folders(context, &of_contracts, ingestion),
        Some(mut verdicts) => {
            verdicts.contracts.insert(0, Held::of_ingestion(&ingestion));
            contracts::report(context, &of_contracts, &verdicts)
        }
    }
}

/// The checks of contracts that would be made; what would be read is the same for each run.
fn planned(
    context: &Context,
    solution: &Solution,
    args: &Args,
    files: &[PathBuf],
) -> Result<Exit, Failure> {
    let run_id = args.run_id.as_deref().unwrap_or("RUN_ID");
    let variables = args.of_contracts.contract_variables(context, Some(run_id));
    let named = files.iter().map(|file| contracts::read(file, &variables));
    let named = named.collect::<Result<Vec<_>, _>>()?;
    let against = Against {
        folder: &solution.root,
        environment: Some(&args.environment.name),
        connection: None,
        run_id: None,
    };
    contracts::dry_run(context, &args.of_contracts, &named, against)
}

/// What came of the test of the folders, and of the contracts where there are any.
struct Made {
    ingestion: IngestionReport,
    verdicts: Option<Verdicts>,
}

impl Made {
    /// What is recorded of it.
    fn tried(&self) -> Tried {
        let of_folders = self.ingestion.checks.iter();
        let of_folders = of_folders.map(|check| {
            case(
                &check.name,
                check.outcome != CheckOutcome::Failed,
                &check.found,
            )
        });
        let contracts = self.verdicts.iter().flat_map(Verdicts::cases);
        Tried {
            run_id: self.ingestion.run_id.clone(),
            holds: self.ingestion.holds() && self.verdicts.as_ref().is_none_or(Report::holds),
            cases: of_folders.chain(contracts).collect(),
        }
    }
}

/// Tests, and records that where it is wished.
async fn recorded(
    context: &Context,
    solution: &Solution,
    connection: &Connection,
    args: Args,
    files: &[PathBuf],
) -> Result<Made, Failure> {
    let trial = match &args.record {
        None => None,
        Some(name) => {
            let in_force = InForce::of_solution(context, solution.clone());
            let environment = &args.environment.name;
            let place = in_force.records(context, &args.records, environment, connection)?;
            let ledger = ledger::open(&place, connection)?;
            Some(Trial::begin(ledger, name, args.run_id.clone()).await?)
        }
    };
    let made = make(context, solution, connection, args, files).await;
    if let Some(mut trial) = trial {
        if let Ok(made) = &made {
            let runs = Runs::new(connection).map_err(Failure::service)?;
            trial.of_run(&runs.get(&made.ingestion.run_id).await);
            trial.of_factory(context, connection).await?;
        }
        trial
            .record(context, made.as_ref().map(Made::tried))
            .await?;
    }
    made
}

async fn make(
    context: &Context,
    solution: &Solution,
    connection: &Connection,
    args: Args,
    files: &[PathBuf],
) -> Result<Made, Failure> {
    let environment = args.environment.name.clone();
    let of_contracts = args.of_contracts.clone();
    let ingestion = test(context, solution, connection, args).await?;
    let verdicts = match files {
        [] => None,
        files => {
            let variables = of_contracts.contract_variables(context, Some(&ingestion.run_id));
            let named = files.iter().map(|file| contracts::read(file, &variables));
            let named = named.collect::<Result<Vec<_>, _>>()?;
            let against = Against {
                folder: &solution.root,
                environment: Some(&environment),
                connection: Some(connection),
                run_id: Some(&ingestion.run_id),
            };
            Some(Box::pin(contracts::hold(context, &of_contracts, &named, against)).await?)
        }
    };
    Ok(Made {
        ingestion,
        verdicts,
    })
}

/// The test that this command makes: no other one is recorded by it.
fn test_name(name: &str) -> Result<String, String> {
    match name == CONTRACT {
        true => Ok(name.to_owned()),
        false => Err(format!(
            "`dataops test` makes the test `{CONTRACT}`, and nothing that it finds speaks for `{name}`"
        )),
    }
}

async fn test(
    context: &Context,
    solution: &Solution,
    connection: &Connection,
    args: Args,
) -> Result<IngestionReport, Failure> {
    let runs = Runs::new(connection).map_err(Failure::service)?;
    let (run_id, named) = match args.run_id {
        Some(run_id) => (run_id, true),
        None => (latest(solution, &runs).await?, false),
    };
    let input = match args.input {
        Some(input) if named => Some(input),
        input => {
            let run = runs.get(&run_id).await.map_err(failure)?;
            warn_of(context, &run);
            input.or_else(|| input_of(solution, &run))
        }
    };
    ingestion_test(solution, &run_id, input)?
        .run(&connection.storage().map_err(Failure::service)?)
        .await
        .map_err(Failure::service)
}

/// What a run has written before it failed or was cancelled may keep every promise, and still be half of the truth.
fn warn_of(context: &Context, run: &RunReport) {
    if run.status == "Succeeded" {
        return;
    }
    let said = format!(
        "run {} is {}, and what it wrote is tested",
        run.run_id, run.status
    );
    context.warn("warning", &harmless(&said), None);
}

async fn latest(solution: &Solution, runs: &Runs) -> Result<String, Failure> {
    let unnamed = || Failure::usage("no run is named").hint("name one by --run-id");
    let pipeline = solution.settings.pipeline.as_deref().ok_or_else(unnamed)?;
    let since = OffsetDateTime::now_utc() - Duration::days(45);
    let found = runs
        .newest_since(pipeline, since)
        .await
        .map_err(Failure::service)?;
    found.ok_or_else(|| {
        Failure::usage(format!("pipeline `{pipeline}` has no run"))
            .hint("start one by `dataops run`, or name one by --run-id")
    })
}

/// The test of a solution's containers.
pub(crate) fn ingestion_test(
    solution: &Solution,
    run_id: &str,
    input: Option<(String, String)>,
) -> Result<IngestionTest, Failure> {
    let storage = &solution.settings.storage;
    let named = |container: &Option<String>, field: &str| {
        container.clone().ok_or_else(|| {
            Failure::usage(format!(
                "dataops.yaml does not name the container `storage.{field}`"
            ))
        })
    };
    Ok(IngestionTest {
        training: named(&storage.training, "training")?,
        testing: named(&storage.testing, "testing")?,
        run_id: run_id.to_owned(),
        input: input.map_or(Input::Unknown, named_input),
        counting: dataops_contracts::count_rows,
    })
}

/// The input that `CONTAINER/BLOB` names.
pub(crate) fn named_input((container, blob): (String, String)) -> Input {
    Input::Blob { container, blob }
}

/// The file that a run was given: by its trigger, or as the parameter of its notebook.
fn input_of(solution: &Solution, run: &RunReport) -> Option<(String, String)> {
    let text = |value: Option<&serde_json::Value>| {
        value?
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    if let (Some(folder), Some(file)) = (
        text(run.parameters.get("folderPath")),
        text(run.parameters.get("fileName")),
    ) {
        return container_and_blob(&format!("{folder}/{file}")).ok();
    }
    let container = solution.settings.storage.input.clone()?;
    let mut notebooks = run
        .activities
        .iter()
        .filter(|activity| activity.kind == "DatabricksNotebook");
    let file = notebooks
        .find_map(|activity| text(activity.input.pointer("/baseParameters/data_file_name")))?;
    Some((container, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_other_test_is_recorded_than_the_one_that_is_made() {
        assert_eq!(test_name("contract").as_deref(), Ok("contract"));
        let refused = test_name("smoke").unwrap_err();
        assert!(refused.ends_with("speaks for `smoke`"), "{refused}");
    }

    #[test]
    fn a_test_of_a_solution_does_not_hold_without_the_input() {
        let folder = tempfile::tempdir().unwrap();
        let settings = "name: s\nstorage: { training: t, testing: u }\nenvironments: {}\n";
        std::fs::write(folder.path().join("dataops.yaml"), settings).unwrap();
        let solution = Solution::find(folder.path()).unwrap();

        let test = ingestion_test(&solution, "r1", None).unwrap();

        assert_eq!(test.input, Input::Unknown);
    }
}
