//! `invoke-adf-pipeline`, in place of `Invoke-ADFPipeline.ps1`.

use std::ffi::OsString;
use std::path::Path;

use clap::{CommandFactory as _, Parser};
use dataops_core::connection::{Access, Connection};
use dataops_core::run::Runs;
use dataops_solution::environment::{AzureFactory, Environment};

use super::powershell;
use crate::args::Manner;
use crate::commands::run::{Ended, Waiting, failure};
use crate::commands::{name, pair};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::process::{self, Threads};
use crate::session::Lasts;
use crate::terminal::harmless;
use crate::watching::{starting, watch};

/// The variable that the script set.
const RUN_ID_VARIABLE: &str = "AdfPipeline.RunId";

/// How many of the parameters may stand without their names, in their order.
const IN_ORDER: usize = 3;

/// The parameters of the script, and what they are called here.
const POWERSHELL: &[(&str, &str)] = &[
    ("ResourceGroupName", "resource-group"),
    ("DataFactoryName", "factory"),
    ("PipelineName", "pipeline"),
    ("SubscriptionId", "subscription"),
    ("Parameter", "parameter"),
    ("Timeout", "timeout"),
];

/// Start a Data Factory pipeline run and wait for its end.
///
/// Takes the parameters of Invoke-ADFPipeline.ps1 (-ResourceGroupName, -DataFactoryName, -PipelineName) as well as the options
/// below. In Azure Pipelines it sets the variable AdfPipeline.RunId. A queued run is waited for.
#[derive(Debug, Parser)]
#[command(
    name = "invoke-adf-pipeline",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
#[command(
    after_help = "Exit codes: 0 succeeded · 1 failed or cancelled · 2 usage · 3 refused · 4 unreachable or timed out · \
    130 interrupted"
)]
struct Args {
    /// The subscription's id.
    #[arg(
        long,
        value_name = "ID",
        env = "AZURE_SUBSCRIPTION_ID",
        hide_env_values = true
    )]
    subscription: Option<String>,
    /// The resource group (-ResourceGroupName).
    #[arg(long, short = 'g', value_name = "NAME", value_parser = name)]
    resource_group: String,
    /// The factory (-DataFactoryName).
    #[arg(long, short = 'f', value_name = "NAME", value_parser = name)]
    factory: String,
    /// The pipeline (-PipelineName).
    #[arg(long, value_name = "NAME", value_parser = name)]
    pipeline: String,
    /// A parameter of the run; may be repeated.
    #[arg(short = 'p', long = "parameter", value_name = "NAME=VALUE", value_parser = pair)]
    parameters: Vec<(String, String)>,
    #[command(flatten)]
    waiting: Waiting,
    #[command(flatten)]
    manner: Manner,
}

/// The subscription that stands for one in an emulator.
const LOCAL_SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000000";

/// The arguments.
pub(super) fn command() -> clap::Command {
    Args::command()
}

pub(super) fn main(args: impl IntoIterator<Item = OsString>) -> Result<Exit, clap::Error> {
    let given: Vec<_> = args.into_iter().collect();
    powershell::refuse_unknown(&given, POWERSHELL, &mut Args::command())?;
    let translated = powershell::translate(given, POWERSHELL);
    let named = powershell::named(translated, &POWERSHELL[..IN_ORDER], &Args::command());
    let args = Args::try_parse_from(named)?;
    let context = Context::new("invoke-adf-pipeline", &args.manner, Path::new("."));
    let command = process::report(&context, invoke(&context, args));
    Ok(process::block_on(&context, Threads::One, command))
}

async fn invoke(context: &Context, args: Args) -> Result<Ended, Failure> {
    let emulator = context.emulator()?;
    // A pipeline's variable that is not set comes as an empty text.
    let named = args.subscription.as_ref().filter(|name| !name.is_empty());
    let subscription = match (named, &emulator) {
        (Some(subscription), _) => subscription.clone(),
        (None, Some(_)) => LOCAL_SUBSCRIPTION.to_owned(),
        (None, None) => {
            return Err(Failure::usage("the subscription is not known")
                .hint("name it by --subscription or AZURE_SUBSCRIPTION_ID"));
        }
    };
    let access = match emulator {
        Some(address) => Access::Emulator(address),
        None => Access::Azure(context.credential()?),
    };
    let factory = AzureFactory::new(subscription, &args.resource_group, &args.factory);
    let environment = Environment::of_factory(&args.factory, factory);
    let connection = Connection::new(environment, access, context.variables.clone());
    let runs = Runs::new(&connection).map_err(Failure::service)?;
    let arguments = runs.arguments(&args.pipeline, &args.parameters).await;
    let arguments = arguments.map_err(failure)?;
    starting(context, &connection, &args.pipeline);
    let started = runs.start(&args.pipeline, &arguments).await;
    let run_id = started.map_err(failure)?;
    announce(context, &args.pipeline, &run_id);
    let ended = watch(
        context,
        &runs,
        &run_id,
        args.waiting.options(),
        Lasts::Longer,
    )
    .await;
    ended
        .map(Ended)
        .map_err(|stopped| stopped.with_result(Ended))
}

/// Tells the run's id at once, so that later steps have it whatever becomes of the run.
fn announce(context: &Context, pipeline: &str, run_id: &str) {
    if let Some(ci) = context.ci {
        let told = ci.tell(RUN_ID_VARIABLE, run_id, &context.variables);
        if let Some(command) = told {
            context.command(&command);
        }
    }
    context.say(&format!("{}: run {}", harmless(pipeline), harmless(run_id)));
}
