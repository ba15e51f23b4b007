//! `dataops drop`.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use adf_model::{Document, Kind, Trigger};
use azure_core::time::OffsetDateTime;
use clap::builder::NonEmptyStringValueParser;
use dataops_core::run::{RunError, RunReport, Runs};
use dataops_solution::environment::Environment;
use dataops_solution::renames::Renames;
use dataops_solution::{Solution, text};
use serde::Serialize;

use super::run::{Ended, Waiting, advice, complaint, failure};
use crate::args::EnvironmentName;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;
use crate::session::Session;
use crate::terminal::{Place, harmless};
use crate::watching::watch;

/// Put an input file into the input container, where it starts the pipeline.
///
/// In an environment that is an emulator, and with --wait elsewhere too, the run that it starts is shown to its end.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file.
    file: PathBuf,
    #[command(flatten)]
    environment: EnvironmentName,
    /// The container; without it, the input container of dataops.yaml.
    #[arg(long)]
    container: Option<String>,
    /// The blob's name; without it, the file's.
    #[arg(long = "as", value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    name: Option<String>,
    /// Wait for the run that the file starts.
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    waiting: Waiting,
}

/// A file that was dropped, and the run that it started.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Dropped {
    container: String,
    blob: String,
    bytes: u64,
    run: Option<RunReport>,
}

impl Report for Dropped {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "{}/{}: {} bytes",
            self.container, self.blob, self.bytes
        )?;
        match &self.run {
            Some(run) => Ended(run.clone()).human(out),
            None => Ok(()),
        }
    }

    fn holds(&self) -> bool {
        self.run
            .as_ref()
            .is_none_or(|run| run.status == "Succeeded")
    }

    fn complaint(&self) -> String {
        self.run.as_ref().map(complaint).unwrap_or_default()
    }

    fn advice(&self) -> Option<String> {
        advice(self.run.as_ref()?)
    }
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Dropped, Failure> {
    let unreadable = |error| {
        Failure::usage(format!("{}: {error}", args.file.display()))
            .hint("name a file of this machine, which is put into the input container")
    };
    let about = std::fs::metadata(&args.file).map_err(unreadable)?;
    if !about.is_file() {
        return Err(Failure::usage(format!(
            "{} is no file",
            args.file.display()
        )));
    }
    if about.len() == 0 {
        let hint = "a trigger with ignoreEmptyBlobs passes it by";
        context.warn("warning", "the file is empty", Some(hint));
    }
    warn_of_encoding(context, &args.file).map_err(unreadable)?;
    let solution = context.solution()?;
    let unnamed = || {
        Failure::usage("no container is named")
            .hint("name one by --container, or by `storage.input` in dataops.yaml")
    };
    let container = args
        .container
        .clone()
        .or_else(|| solution.settings.storage.input.clone())
        .ok_or_else(unnamed)?;
    let file_name = args
        .file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let blob = args.name.clone().or(file_name).unwrap_or_default();
    let session = context.connect(&solution, &args.environment.name).await?;
    let wait = args.wait || session.connection.environment().emulator;
    let mut dropped = Dropped {
        container,
        blob,
        bytes: about.len(),
        run: None,
    };
    let ended = drop_file(context, &solution, &session, &args, &dropped, wait).await;
    session.close().await;
    dropped.run = ended?;
    Ok(dropped)
}

/// A table of another encoding is dropped as it is: it may be just what the pipeline is to be tried with.
fn warn_of_encoding(context: &Context, file: &Path) -> io::Result<()> {
    let is_table = file
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    if is_table && let Some(fault) = text::first_fault(File::open(file)?)? {
        let said = format!("{}: {fault}", file.display());
        let hint = "what reads it as UTF-8 fails there, `dataops test` too; save the file as UTF-8, or have its encoding named where it is read";
        context.warn("warning", &said, Some(hint));
    }
    Ok(())
}

async fn drop_file(
    context: &Context,
    solution: &Solution,
    session: &Session,
    args: &Args,
    dropped: &Dropped,
    wait: bool,
) -> Result<Option<RunReport>, Failure> {
    let (container, blob) = (dropped.container.as_str(), dropped.blob.as_str());
    let runs = Runs::new(&session.connection);
    let environment = session.connection.environment();
    // Who only drops the file needs no factory.
    let trigger = match &runs {
        Ok(runs) => check_trigger(runs, solution, environment).await?,
        Err(_) => None,
    };
    let awaited = match wait {
        true => {
            let runs = runs.map_err(Failure::service)?;
            Some((awaited(&runs, solution, environment).await?, runs))
        }
        false => None,
    };
    let storage = session.connection.storage().map_err(Failure::service)?;
    let since = OffsetDateTime::now_utc() - azure_core::time::Duration::seconds(1);
    storage
        .upload(&args.file, container, blob)
        .await
        .map_err(Failure::service)?;
    context.stands(format!(
        "{container}/{blob} is uploaded; a trigger may start a run for it"
    ));
    let Some((pipeline, runs)) = awaited else {
        context.say("a trigger may start a run for it; --wait follows that run");
        return Ok(None);
    };
    if dropped.bytes == 0
        && let Some(trigger) = trigger.filter(|trigger| ignores_empty(trigger))
    {
        return Err(passed_by(&trigger, &pipeline));
    }
    context.say(&format!(
        "{}/{} is uploaded; waiting for a trigger",
        harmless(container),
        harmless(blob)
    ));
    let run_id = started_by_trigger(
        &runs,
        &pipeline,
        blob,
        since,
        args.waiting.options().timeout.min(START),
    )
    .await?;
    let with = |run| Dropped {
        run: Some(run),
        ..dropped.clone()
    };
    let options = args.waiting.options();
    watch(context, &runs, &run_id, options, session.lasts())
        .await
        .map(Some)
        .map_err(|stopped| stopped.with_result(with))
}

/// The pipeline whose run is waited for, which the factory must have.
async fn awaited(
    runs: &Runs,
    solution: &Solution,
    environment: &Environment,
) -> Result<String, Failure> {
    let pipeline = solution.settings.pipeline.as_deref().ok_or_else(|| {
        Failure::usage("which run to wait for is not known")
            .hint("name the pipeline by `pipeline` in dataops.yaml")
    })?;
    let pipeline = there(environment, Kind::Pipeline, pipeline);
    let found = runs.find_pipeline(&pipeline).await;
    found.map_err(failure)?;
    Ok(pipeline)
}

/// A trigger that dataops.yaml names and the factory does not have is a slip of the pen: the file would start nothing. Who may not look
/// at triggers may drop files all the same.
async fn check_trigger(
    runs: &Runs,
    solution: &Solution,
    environment: &Environment,
) -> Result<Option<Document<Trigger>>, Failure> {
    let Some(named) = &solution.settings.trigger else {
        return Ok(None);
    };
    let trigger = there(environment, Kind::Trigger, named);
    let error = match runs.find_trigger(&trigger).await {
        Err(error @ RunError::NoTrigger { .. }) => error,
        found => return Ok(found.ok()),
    };
    let start = solution.source.span(&["trigger"]).start;
    let place = Place {
        path: solution.source.path().to_owned(),
        line: start.line as u64,
        column: start.column as u64,
    };
    let failure = failure(error).at(place);
    Err(failure.hint("`trigger` of dataops.yaml names it; nothing was dropped"))
}

/// Whether a trigger passes by files that have nothing in them, as one does that does not say.
fn ignores_empty(trigger: &Trigger) -> bool {
    let events = trigger.properties.blob_events().ok().flatten();
    events.is_some_and(|events| events.ignore_empty_blobs.unwrap_or(true))
}

fn passed_by(trigger: &Document<Trigger>, pipeline: &str) -> Failure {
    let name = trigger.name().unwrap_or_default();
    let told = format!("no run of pipeline `{pipeline}` starts for an empty file");
    Failure::new(Exit::Failed, told).hint(format!(
        "drop a file that has something in it, or set `ignoreEmptyBlobs` of the trigger `{name}` to false"
    ))
}

/// What a resource of the solution is called in an environment.
fn there(environment: &Environment, kind: Kind, name: &str) -> String {
    let renames = Renames::parse(&environment.renames).unwrap_or_default();
    renames.new_name(kind, name).unwrap_or(name).to_owned()
}

/// How long a trigger may take to start a run.
const START: Duration = Duration::from_secs(60);

/// The run that a trigger starts after `since` for a blob.
pub(crate) async fn started_by_trigger(
    runs: &Runs,
    pipeline: &str,
    blob: &str,
    since: OffsetDateTime,
    limit: Duration,
) -> Result<String, Failure> {
    let file = blob.rsplit('/').next().unwrap_or(blob);
    let wait = rest_core::Wait {
        limit,
        first: Duration::from_millis(50),
        longest: Duration::from_secs(5),
    };
    let found = rest_core::poll("the start by the trigger", wait, || async {
        Ok(match runs.started_for_file(pipeline, file, since).await? {
            Some(run_id) => rest_core::Polled::Done(run_id),
            None => rest_core::Polled::Pending(None),
        })
    });
    let error = match found.await {
        Ok(run_id) => return Ok(run_id),
        Err(error) => error,
    };
    if rest_core::TimedOut::of(&error).is_none() {
        return Err(Failure::service(error));
    }
    // A pipeline that is given other texts than the file's name: who waited to the end may take it for his own.
    let newest = runs.newest_triggered(pipeline, since).await;
    newest.map_err(Failure::service)?.ok_or_else(|| {
        Failure::new(Exit::Failed, format!("no trigger has started pipeline `{pipeline}`"))
            .hint("check that the trigger is started, and that container and file name match its blobPathBeginsWith and blobPathEndsWith")
    })
}
