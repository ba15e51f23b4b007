//! `dataops drift`.

use std::io::{self, Write};

use dataops_core::connection::Connection;
use dataops_core::ledger::Ledger;
use dataops_ledger::{Chain, Drift, NotebooksLeft, Record, Time, render};
use dataops_solution::environment::Needs;
use serde::Serialize;

use crate::args::EnvironmentName;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::in_force::{InForce, RecordsPlace};
use crate::ledger;
use crate::notebooks;
use crate::planning;
use crate::process::unless_interrupted;
use crate::report::{Output, Report, lines};

/// Show what somebody has changed in the factory and the workspace of an environment since the last deployment.
///
/// The live factory is compared with the state that the last deployment has recorded, property by property, with the states of
/// triggers, and so are the notebooks and files that it brought, by content; what no deployment has brought into their folder is told too.
/// What a deployment of chosen resources was not about counts as the one before has left it. The exit code is 1 when they differ.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    environment: EnvironmentName,
    /// The form of the result on stdout.
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
    /// End with 0 where nothing was deployed yet, as of an environment that is still to come; otherwise that is a mistake, and 2.
    #[arg(long)]
    if_deployed: bool,
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

/// What was compared, or that there is nothing to compare with.
#[derive(Serialize)]
#[serde(untagged)]
enum Looked {
    Drifted(Box<Drifted>),
    Nothing(Nothing),
}

/// An environment that nothing was deployed to yet.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Nothing {
    environment: String,
    /// Nothing: there was no deployment.
    since: (),
}

impl Report for Looked {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Drifted(drifted) => drifted.human(out),
            Self::Nothing(nothing) => {
                writeln!(out, "nothing was deployed to `{}` yet", nothing.environment)
            }
        }
    }

    fn holds(&self) -> bool {
        match self {
            Self::Drifted(drifted) => drifted.holds(),
            Self::Nothing(_) => true,
        }
    }

    fn complaint(&self) -> String {
        match self {
            Self::Drifted(drifted) => drifted.complaint(),
            Self::Nothing(nothing) => format!("nothing was deployed to {}", nothing.environment),
        }
    }
}

/// How an environment differs from what was left there.
#[derive(Serialize)]
struct Drifted {
    #[serde(skip)]
    is_markdown: bool,
    environment: String,
    /// The last deployment.
    since: Record,
    /// A deployment that did not end, and that may have done what differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    unfinished: Option<Unfinished>,
    drift: Drift,
}

/// A deployment that did not end.
#[derive(Serialize)]
struct Unfinished {
    /// The number of the record of its beginning.
    record: u64,
    at: Time,
}

impl Report for Drifted {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        match self.is_markdown {
            true => out.write_all(render::drift_markdown(&self.drift, &self.since).as_bytes())?,
            false => lines(render::drift(&self.drift, &self.since), out)?,
        }
        match &self.unfinished {
            Some(begun) if !self.drift.is_none() => writeln!(
                out,
                "\nThe deployment that began on {} (record {}) did not end: what it did until then counts as changed by somebody.",
                begun.at.short(),
                begun.record
            ),
            _ => Ok(()),
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
    args.records.existing()?;
    let in_force = InForce::of_solution(context, context.solution()?);
    let (solution, name) = (in_force.solution(), &args.environment.name);
    let session = context.visit(solution, name, Needs::Everything).await?;
    let comparing = Box::pin(compare(context, &args, &in_force, &session.connection));
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
    in_force: &InForce,
    connection: &Connection,
) -> Result<Looked, Failure> {
    let name = &args.environment.name;
    let place = in_force.records(context, &args.records, name, connection)?;
    let ledger = ledger::open(&place, connection)?;
    let chain = ledger::told_chain(context, &ledger).await?;
    // A deployment that ended before it changed anything has left no state.
    let mut deployments = chain.deployments().rev();
    let last = deployments.find_map(|(record, it)| Some((record, it.state.as_ref()?)));
    let Some((record, digest)) = last else {
        if args.if_deployed && chain.deployments().next().is_none() {
            if chain.records().is_empty() {
                ledger::tell_of_none(context, &ledger).await?;
            }
            return Ok(Looked::Nothing(Nothing {
                environment: name.clone(),
                since: (),
            }));
        }
        let text = format!("nothing was recorded of the factory of `{name}` yet in {place}");
        let hint = "`dataops deploy` records the state that it leaves";
        return Err(Failure::usage(text).hint(hint));
    };
    let left = ledger.state(digest).await.map_err(ledger::failure)?;
    let live = planning::live(connection).await?;
    let moved = match &notebooks_left(&ledger, &chain, left.notebooks.as_ref()).await? {
        Some(left) => notebooks::moved_since(left, connection).await?,
        None => Vec::new(),
    };
    Ok(Looked::Drifted(Box::new(Drifted {
        is_markdown: args.format == Some(Form::Markdown),
        environment: args.environment.name.clone(),
        since: record.clone(),
        unfinished: chain.untold().map(|(begun, _)| Unfinished {
            record: begun.number,
            at: begun.at,
        }),
        drift: Drift::between(&left, &live).with_notebooks(moved),
    })))
}

/// What the last deployment has left in the workspace that was about it: one of chosen resources leaves notebooks alone.
async fn notebooks_left(
    ledger: &Ledger,
    chain: &Chain,
    last: Option<&NotebooksLeft>,
) -> Result<Option<NotebooksLeft>, Failure> {
    if let Some(left) = last {
        return Ok(Some(left.clone()));
    }
    notebooks::last_left(ledger, chain).await
}
