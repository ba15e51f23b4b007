//! `dataops demo`.

mod contracts;
mod home;
mod input;
mod packages;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use azure_core::time::OffsetDateTime;
use dataops_core::connection::Connection;
use dataops_core::ingestion::IngestionReport;
use dataops_core::run::{RunOptions, RunReport, Runs};
use dataops_solution::Solution;
use serde::Serialize;
use tokio::process::Command;

use home::Home;

use super::drop::started_by_trigger;
use super::test::ingestion_test;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::local::{LocalEmulator, deploy, prepare_python};
use crate::report::verdict::Verdicts;
use crate::report::{Report, checks, failures, html, runs};
use crate::session::Lasts;
use crate::terminal::duration;
use crate::watching::watch;

/// Show everything on this machine: a dropped file starts the pipeline, a notebook prepares the data, a model is trained, and
/// the result is tested.
///
/// Needs Python 3.11 or later, and at the first time the network for its packages. Nothing is sent to Azure.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Your own CSV file with a `target` column; without it, generated claims of driver insurance.
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// Where the solution, the data and the report go.
    #[arg(long, value_name = "DIR", default_value = ".dataops/demo")]
    dir: PathBuf,
    /// How many rows are generated.
    #[arg(long, default_value_t = 120_000, conflicts_with = "input", value_parser = clap::value_parser!(u32).range(100..=50_000_000))]
    rows: u32,
}

/// What happened.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Demonstrated {
    trigger: String,
    run: RunReport,
    test: IngestionReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    contracts: Option<Verdicts>,
    report: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    contracts_report: Option<PathBuf>,
    seconds: f64,
}

impl Report for Demonstrated {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "trigger {} started run {}",
            self.trigger, self.run.run_id
        )?;
        writeln!(out, "{}", runs(&self.run))?;
        writeln!(out, "{}", failures(&self.run))?;
        writeln!(out, "{}", checks(&self.test.checks))?;
        let test = &self.test;
        let told = |rows: Option<u64>| rows.map_or_else(|| "?".to_owned(), |rows| rows.to_string());
        writeln!(
            out,
            "rows: {} in, {} training + {} testing out",
            told(test.input_rows),
            told(test.training_rows),
            told(test.testing_rows)
        )?;
        if let Some(contracts) = &self.contracts {
            contracts.human(out)?;
        }
        let (seconds, report) = (self.seconds, self.report.display());
        write!(out, "done in {seconds:.0} s; the report is {report}")?;
        match &self.contracts_report {
            Some(report) => writeln!(out, ", that of the contracts {}", report.display()),
            None => writeln!(out),
        }
    }

    fn holds(&self) -> bool {
        let contracts = self.contracts.as_ref();
        self.run.status == "Succeeded" && self.test.holds() && contracts.is_none_or(Report::holds)
    }

    fn complaint(&self) -> String {
        match (&self.contracts, self.run.status == "Succeeded") {
            (_, false) => super::run::complaint(&self.run),
            (Some(contracts), true) if self.test.holds() => contracts.complaint(),
            (_, true) => super::test::complaint(&self.test),
        }
    }

    fn advice(&self) -> Option<String> {
        super::run::advice(&self.run)
    }
}

/// Tells the steps with the time that each took.
struct Steps<'c> {
    context: &'c Context,
    since: Instant,
}

impl Steps<'_> {
    fn done(&mut self, what: &str) {
        self.ended(what, true);
    }

    fn ended(&mut self, what: &str, well: bool) {
        let took = self.since.elapsed();
        let (mark, color) = if well {
            ('✔', anstyle::AnsiColor::Green)
        } else {
            ('✘', anstyle::AnsiColor::Red)
        };
        let style = color.on_default();
        let time = duration(took.try_into().unwrap_or(azure_core::time::Duration::ZERO));
        self.context
            .say(&format!("{style}{mark}{style:#} {what}  {time}"));
        self.since = Instant::now();
    }
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Demonstrated, Failure> {
    let started = Instant::now();
    let mut steps = Steps {
        context,
        since: started,
    };
    if let Some(input) = &args.input {
        input::check(input)?;
    }
    let home = Home::take(&args.dir)?;
    home.leave_alone(args.input.as_deref())?;
    let (solution, data) = home.lay_out()?;
    let python = prepare_python(context, &solution).await?;
    if let Some(python) = &python {
        packages::check(python, &solution).await?;
    }
    steps.done("Python with the packages of the solution");
    let input = match &args.input {
        Some(input) => input.clone(),
        None => generate(&solution, python.as_deref(), &args.dir, args.rows).await?,
    };
    steps.done(&format!("input {}", input.display()));
    let local = LocalEmulator::start_in(context, &solution, Some(data)).await?;
    let environment = solution.environment("local", &context.variables)?;
    let access = dataops_core::connection::Access::Emulator(local.address());
    let connection = Connection::new(environment, access, context.variables.clone());
    steps.done("a local Azure");
    let deployed = deploy(context, &solution, &connection).await?;
    let (resources, notebooks) = (deployed.resources.len(), deployed.prepared.notebooks.len());
    steps.done(&format!(
        "the solution is deployed: {resources} factory resources, {notebooks} notebooks and files"
    ));
    let mut ended = ingest(context, &solution, &connection, &input, &mut steps).await;
    // Somebody else's data have a contract of their own.
    let contracts = match (&args.input, &mut ended) {
        (None, Ok((run, _))) if run.status == "Succeeded" => {
            Some(contracts::keep(context, &solution, &connection, run).await)
        }
        _ => None,
    };
    local.stop().await;
    let (run, test) = ended?;
    steps.ended("the data are tested", test.holds());
    let contracts = contracts.transpose()?;
    let contracts_report = contracts::write(&args.dir, contracts.as_ref())?;
    let report = write_report(&args.dir, &solution, &run, &test, &input)?;
    let trigger = solution.settings.trigger.clone().unwrap_or_default();
    Ok(Demonstrated {
        trigger,
        run,
        test,
        contracts,
        report,
        contracts_report,
        seconds: started.elapsed().as_secs_f64(),
    })
}

async fn generate(
    solution: &Solution,
    python: Option<&Path>,
    dir: &Path,
    rows: u32,
) -> Result<PathBuf, Failure> {
    let file = dir.join("driver-claims.csv");
    let script = solution.path(Path::new("data/generate.py"));
    let mut command = Command::new(python.unwrap_or(Path::new("python3")));
    command
        .arg(&script)
        .args(["--rows", &rows.to_string(), "--seed", "7", "--out"])
        .arg(&file);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let output = command
        .output()
        .await
        .map_err(|error| Failure::usage(format!("{}: {error}", script.display())))?;
    if output.status.success() {
        return Ok(file);
    }
    Err(Failure::new(
        Exit::Failed,
        format!(
            "{}: {}",
            script.display(),
            String::from_utf8_lossy(&output.stderr).trim()
        ),
    ))
}

async fn ingest(
    context: &Context,
    solution: &Solution,
    connection: &Connection,
    input: &Path,
    steps: &mut Steps<'_>,
) -> Result<(RunReport, IngestionReport), Failure> {
    let pipeline = solution.settings.pipeline.as_deref().unwrap_or_default();
    let container = solution
        .settings
        .storage
        .input
        .as_deref()
        .unwrap_or_default();
    let name = input.file_stem().unwrap_or_default().to_string_lossy();
    let blob = format!("{name}.csv");
    let storage = connection.storage().map_err(Failure::service)?;
    let since = OffsetDateTime::now_utc() - azure_core::time::Duration::seconds(1);
    storage
        .upload(input, container, &blob)
        .await
        .map_err(Failure::service)?;
    steps.done(&format!("dropped as {container}/{blob}"));
    let runs = Runs::new(connection).map_err(Failure::service)?;
    let run_id = started_by_trigger(&runs, pipeline, &blob, since, Duration::from_secs(30)).await?;
    let trigger = solution.settings.trigger.as_deref().unwrap_or_default();
    steps.done(&format!("trigger {trigger} has started run {run_id}"));
    let options = RunOptions {
        timeout: Duration::from_secs(3_600),
        cancel_on_timeout: true,
    };
    let run = watch(context, &runs, &run_id, options, Lasts::AsLongAsThis).await?;
    steps.ended(
        &format!("pipeline {pipeline}: {}", run.status),
        run.status == "Succeeded",
    );
    let test = ingestion_test(solution, &run_id, Some((container.to_owned(), blob)))?;
    let tested = test.run(&storage).await.map_err(Failure::service)?;
    Ok((run, tested))
}

fn write_report(
    dir: &Path,
    solution: &Solution,
    run: &RunReport,
    test: &IngestionReport,
    input: &Path,
) -> Result<PathBuf, Failure> {
    let trigger = solution.settings.trigger.clone().unwrap_or_default();
    let facts = [
        ("Solution", solution.settings.name.clone()),
        ("Input", input.display().to_string()),
        ("Trigger", trigger),
    ];
    let page = html::Page {
        title: "Data ingestion",
        facts: &facts,
        run,
        test: Some(test),
    };
    let path = dir.join("report.html");
    fs::write(&path, html::render(&page))
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(path.canonicalize().unwrap_or(path))
}
