//! `dataops bind`.

use dataops_core::connection::Connection;
use dataops_core::ledger::Ledger;
use dataops_core::planning::bindings;
use dataops_ledger::Cause;
use dataops_plan::{Overlay, Selector};
use dataops_solution::aml_address;
use dataops_solution::environment::Needs;
use dataops_solution::overrides::{OverridePath, OverrideValue};
use serde_json::Value;

use super::deploy::{Carrying, How, Order, Task, bring};
use crate::args::EnvironmentName;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gate::Standing;
use crate::in_force::InForce;
use crate::ledger;
use crate::planning::{self, Wishes};
use crate::process::unless_interrupted;

/// Hand over new ids of ML pipelines to a factory, and change nothing else of it.
///
/// For a team that owns the ML side and not the sources of Data Factory: each override and global parameter that the environment sets to
/// an aml:// address is looked up again, and put into the documents that the factory has now. It is a deployment of these resources
/// alone: it has a plan, is written over the versions that were seen, holds the lease, takes the same care of triggers, and is recorded.
///
/// The exit code is that of `deploy`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dataops bind --env qa                         all aml:// addresses of the environment\n  \
    dataops bind --env qa --dry-run               what would change\n  \
    dataops bind --env qa --set pipeline.ingest.variables.ml_pipeline_id.defaultValue=aml://pipelines/training/42")]
pub(crate) struct Args {
    #[command(flatten)]
    environment: EnvironmentName,
    /// Put this value there, an id or an aml:// address, in place of what the environment says: where the environment has an aml:// address,
    /// or where an activity that runs ML pipelines has its id. May be given several times.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    carrying: Carrying,
}

/// Binds.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let mut source = planning::source(context, None)?;
    let session = context
        .visit(&source.solution, &args.environment.name, Needs::Everything)
        .await?;
    let connection = &session.connection;
    let binding = async {
        let overlay = overlay(&source, connection, &args.set)?;
        let how = How::new(Wishes::only(selectors(&overlay)?), args.carrying);
        let in_force = InForce::of_source(context, &source)?;
        let wanted = (&how.carrying.records, &how.carrying.journal);
        let places = in_force.places(context, wanted, &args.environment.name, connection)?;
        let ledger = ledger::open(&places.records, connection)?;
        source.bundle = unless_interrupted(context, running(context, &ledger)).await?;
        let order = Order {
            source: &source,
            connection,
            places: &places,
            cause: Cause::Binding,
            standing: Standing::default(),
            task: Task::Bind(overlay),
        };
        bring(context, &how, order).await
    };
    let exit = Box::pin(binding).await;
    session.close().await;
    exit
}

/// The bundle that runs: binding changes nothing about which one it is.
async fn running(context: &Context, ledger: &Ledger) -> Result<Option<String>, Failure> {
    let chain = ledger::told_chain(context, ledger).await?;
    let last = chain.last_deployment();
    Ok(last.and_then(|(_, deployment)| deployment.bundle.clone()))
}

/// What is bound: what was given, otherwise what the environment says.
fn overlay(
    source: &planning::Source,
    connection: &Connection,
    given: &[String],
) -> Result<Overlay, Failure> {
    let overlay = bindings(connection.environment());
    let mut overlay = overlay.map_err(|error| planning::unmade(source, connection, error))?;
    if !given.is_empty() {
        let given = given.iter().map(|text| read(text));
        overlay.overrides = given.collect::<Result<_, _>>()?;
        overlay.global_parameters.clear();
    }
    if overlay.overrides.is_empty() && overlay.global_parameters.is_empty() {
        let text = format!(
            "environment `{}` sets nothing to an aml:// address",
            connection.environment().name
        );
        return Err(Failure::usage(text).hint("name the place and the value by --set PATH=VALUE"));
    }
    Ok(overlay)
}

fn read(text: &str) -> Result<(OverridePath, OverrideValue), Failure> {
    let Some((path, value)) = text.split_once('=') else {
        let failure = Failure::usage(format!("`{text}` is not PATH=VALUE"));
        return Err(failure.hint(
            "for example --set pipeline.ingest.variables.ml_pipeline_id.defaultValue=aml://pipelines/training",
        ));
    };
    let path = OverridePath::parse(path.trim())?;
    let value = value.trim();
    if value.is_empty() {
        let failure = Failure::usage(format!("`{text}` gives no value"));
        let hint =
            "an empty id is that of no ML pipeline; is the variable that the value comes from set?";
        return Err(failure.hint(hint));
    }
    if aml_address::is_meant(value) && !aml_address::is_well_formed(value) {
        let forms = aml_address::FORMS;
        return Err(Failure::usage(format!("`{value}` is not {forms}")));
    }
    Ok((path, Value::from(value).into()))
}

/// The resources that are bound, and no others.
fn selectors(overlay: &Overlay) -> Result<Vec<Selector>, Failure> {
    let mut texts: Vec<String> = Vec::new();
    for (path, _) in &overlay.overrides {
        let renamed = overlay.renames.new_name(path.id.kind, &path.id.name);
        let name = renamed.unwrap_or(&path.id.name);
        texts.push(format!("{}.{name}", path.id.kind.folder()));
    }
    if !overlay.global_parameters.is_empty() {
        let kind = adf_model::Kind::GlobalParameters;
        texts.push(format!("{}.default", kind.folder()));
    }
    texts.dedup();
    let selectors = texts.iter().map(|text| text.parse());
    selectors.collect::<Result<_, _>>().map_err(Failure::usage)
}
