//! `dataops plan`.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use dataops_core::connection::Connection;
use dataops_core::deployment::Deployment;
use dataops_core::planning::Lookup;
use dataops_plan::{Plan, human, markdown};
use serde::{Serialize, Serializer};

use crate::args::EnvironmentName;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::in_force::{InForce, JournalPlace, RecordsPlace};
use crate::journal;
use crate::local::deploy_failure;
use crate::planning::{self, Source, Wishes};
use crate::process::unless_interrupted;
use crate::report::{Output, Report, lines};

/// Show what a deployment would do to an environment, property by property and notebook by notebook, and do nothing.
///
/// The live factory and the Databricks workspace are listed and compared with the solution, or with a bundle. The exit code is 0 when the plan can be carried out,
/// 1 when a policy or the service stands against it; with --exit-code it is 1 also when there is something to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    environment: EnvironmentName,
    /// A bundle of `dataops build`, instead of the solution's folder.
    #[arg(long, value_name = "DIR")]
    bundle: Option<PathBuf>,
    /// Write the plan to a file, as JSON.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    wishes: Wishes,
    /// The form of the result on stdout.
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
    /// Show also what is left alone.
    #[arg(long)]
    everything: bool,
    /// Exit with 1 when there is something to do.
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    journal: JournalPlace,
}

/// The form of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people.
    Human,
    /// The plan as a JSON document.
    Json,
    /// For a comment in a pull request.
    Markdown,
}

/// The most bytes of Markdown: what GitHub takes for a comment, and some room.
const MOST_MARKDOWN: usize = 60_000;

/// Makes the plan.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let source = planning::source(context, args.bundle.as_deref())?;
    let asked = Asked {
        environment: &args.environment.name,
        wishes: &args.wishes,
        journal: &args.journal,
    };
    let plan = Box::pin(made(context, &source, asked)).await?;
    if let Some(file) = &args.out {
        fs::write(file, plan.to_json())
            .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    }
    let form = args.format.unwrap_or_else(|| match context.wants_json() {
        false => Form::Human,
        true => Form::Json,
    });
    let output = match form {
        Form::Json => Output::Json,
        Form::Human | Form::Markdown => Output::Human,
    };
    let report = Planned {
        plan,
        is_markdown: form == Form::Markdown,
        everything: args.everything,
        exit_code: args.exit_code,
    };
    context.print_as(&report, output)
}

/// What a plan is asked for.
pub(crate) struct Asked<'a> {
    pub(crate) environment: &'a str,
    pub(crate) wishes: &'a Wishes,
    pub(crate) journal: &'a JournalPlace,
}

/// The plan for an environment.
pub(crate) async fn made(
    context: &Context,
    source: &Source,
    asked: Asked<'_>,
) -> Result<Plan, Failure> {
    let session = context.reach(source, asked.environment).await?;
    let planning = plan(context, &asked, source, &session.connection);
    let plan = unless_interrupted(context, planning).await;
    session.close().await;
    plan
}

async fn plan(
    context: &Context,
    args: &Asked<'_>,
    source: &Source,
    connection: &Connection,
) -> Result<Plan, Failure> {
    let in_force = InForce::of_source(context, source)?;
    if connection.is_emulated() {
        // What other teams have there, whose ids the plan names.
        let deployment = Deployment::new(&source.solution, connection);
        let there = deployment.belongings(|_| {}).await;
        there.map_err(deploy_failure)?;
    }
    let (name, records) = (args.environment, RecordsPlace::default());
    let places = in_force.places(context, (&records, args.journal), name, connection)?;
    let keeper = journal::keeper(context, &places.journal, connection)?;
    let pending = journal::pending(context, &keeper, name).await?;
    let sides = planning::sides(source, connection, pending.as_ref(), Lookup::MayStay);
    let (desired, live) = sides.await?;
    journal::tell(context, pending.as_ref());
    let sides = (&desired, &live);
    args.wishes.plan(source, connection, sides).await
}

/// A plan, and the form that it is shown in.
pub(super) struct Planned {
    plan: Plan,
    is_markdown: bool,
    everything: bool,
    exit_code: bool,
}

impl Planned {
    /// A plan for people.
    pub(super) fn of(plan: Plan) -> Self {
        Self {
            plan,
            is_markdown: false,
            everything: false,
            exit_code: false,
        }
    }
}

impl Serialize for Planned {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.plan.serialize(serializer)
    }
}

impl Report for Planned {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.is_markdown {
            return out.write_all(markdown(&self.plan, MOST_MARKDOWN).as_bytes());
        }
        lines(human(&self.plan, self.everything), out)
    }

    fn holds(&self) -> bool {
        self.plan.is_applicable() && !(self.exit_code && self.plan.has_work())
    }

    fn complaint(&self) -> String {
        match self.plan.is_applicable() {
            true => "there is something to do".to_owned(),
            false => "the plan cannot be carried out".to_owned(),
        }
    }
}
