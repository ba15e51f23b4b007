//! `dataops drift`.

use std::io::{self, Write};

use dataops_core::connection::Connection;
use dataops_ledger::{Drift, Record, render};
use serde::Serialize;

use crate::args::EnvironmentName;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledger::{self, RecordsPlace};
use crate::planning;
use crate::process::unless_interrupted;
use crate::report::{Output, Report, lines};

/// Show what somebody has changed in the factory of an environment since the last deployment.
///
/// The live factory is compared with the state that the last deployment has recorded, property by property, with the states of
/// triggers. The exit code is 1 when they differ.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    environment: EnvironmentName,
    /// The form of the result on stdout.
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
    #[command(flatten)]
    records: RecordsPlace,
}

/// The form of drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people.
    Human,
    /// One JSON document.
    Json,
    /// For a comment or a page.
    Markdown,
}

/// How an environment differs from what was left there.
#[derive(Serialize)]
struct Drifted {
    #[serde(skip)]
    is_markdown: bool,
    environment: String,
    /// The last deployment.
    since: Record,
    drift: Drift,
}

impl Report for Drifted {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        match self.is_markdown {
            true => out.write_all(render::drift_markdown(&self.drift, &self.since).as_bytes()),
            false => lines(render::drift(&self.drift, &self.since), out),
        }
    }

    fn holds(&self) -> bool {
        self.drift.is_none()
    }

    fn complaint(&self) -> String {
        format!("{} is not as the last deployment left it", self.environment)
    }
}

/// Compares.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let solution = context.solution()?;
    let session = context.visit(&solution, &args.environment.name).await?;
    let comparing = Box::pin(compare(context, &args, &session.connection));
    let drifted = unless_interrupted(context, comparing).await;
    session.close().await;
    let output = match args.format {
        Some(Form::Json) => Output::Json,
        None if context.wants_json() => Output::Json,
        _ => Output::Human,
    };
    context.print_as(&drifted?, output)
}

async fn compare(
    context: &Context,
    args: &Args,
    connection: &Connection,
) -> Result<Drifted, Failure> {
    let ledger = args.records.open(&context.home(), connection)?;
    let chain = ledger::told_chain(context, &ledger).await?;
    // A deployment that ended before it changed anything has left no state.
    let mut deployments = chain.deployments().rev();
    let last = deployments.find_map(|(record, it)| Some((record, it.state.as_ref()?)));
    let Some((record, digest)) = last else {
        let text = format!(
            "nothing was recorded of the factory of `{}` yet",
            args.environment.name
        );
        let hint = "`dataops deploy` records the state that it leaves";
        return Err(Failure::usage(text).hint(hint));
    };
    let left = ledger.state(digest).await.map_err(ledger::failure)?;
    let live = planning::live(connection).await?;
    Ok(Drifted {
        is_markdown: args.format == Some(Form::Markdown),
        environment: args.environment.name.clone(),
        since: record.clone(),
        drift: Drift::between(&left, &live),
    })
}
