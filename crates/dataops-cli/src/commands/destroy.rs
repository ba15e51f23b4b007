//! `dataops destroy`.

use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use dataops_core::connection::Connection;
use dataops_ledger::Cause;
use dataops_plan::{Consent, Plan, human};
use dataops_solution::environment::Needs;

use super::deploy::{Carrying, How, Order, Removal, Task, carry, read};
use super::plan::Planned;
use crate::args::EnvironmentName;
use crate::bundles::{Brought, Wanted};
use crate::context::Context;
use crate::duration;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gate::Standing;
use crate::in_force::{InForce, JournalPlace, Places, RecordsPlace};
use crate::journal;
use crate::ledger;
use crate::planning::{self, Source, Wishes};
use crate::process::unless_interrupted;
use crate::report::lines;
use crate::terminal::harmless;

/// Remove from an environment what the solution has brought there, and nothing else.
///
/// Triggers are unsubscribed and stopped first, then what refers to others goes before what it refers to, then the notebooks and files
/// that deployments of the solution remember. What others refer to stays, and is told; so does a notebook that somebody has changed
/// since. The factory stays, and so do its global parameters, networks, clusters, mounts and data.
///
/// It is planned, holds the lease and is recorded as a deployment is; what was killed is finished by calling it again, and `dataops
/// rollback` brings the last bundle back. An environment that denies `destroy` by its policy in dataops.yaml is left alone, and what has
/// a state of its own, such as a self-hosted integration runtime, goes only with --consent delete-stateful.
///
/// The exit code is that of `deploy`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dataops destroy --env qa --dry-run            what would go\n  \
    dataops destroy --env qa --yes                remove it without asking\n  \
    dataops destroy --env qa --recorded           what was deployed there last, whatever the folder says by now")]
pub(crate) struct Args {
    #[command(flatten)]
    environment: EnvironmentName,
    /// Remove what this bundle of `dataops build` has, instead of the solution's folder.
    #[arg(long, value_name = "DIR", conflicts_with = "recorded")]
    bundle: Option<PathBuf>,
    /// Remove what the bundle has that was deployed last, as it is kept beside the records.
    #[arg(long)]
    recorded: bool,
    /// Show what would go, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write what would go to a file, as JSON, and do nothing.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Remove just what this plan of --out says; refuse when something has moved since.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "out", "consent"])]
    plan: Option<PathBuf>,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// Consent to what a rule is about, such as delete-stateful, or for some resources only: delete-stateful=trigger.Hourly.
    #[arg(long, value_name = "RULE")]
    consent: Vec<Consent>,
    /// How long a trigger may take to stop or unsubscribe.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration::parse)]
    trigger_timeout: Duration,
    #[command(flatten)]
    journal: JournalPlace,
    #[command(flatten)]
    records: RecordsPlace,
}

/// Removes.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let seen = args.plan.as_deref().map(|path| read(context, path));
    let seen = seen.transpose()?;
    if seen.as_ref().is_some_and(|plan| !plan.options.destroys) {
        let failure =
            Failure::usage("the plan is one of a deployment, and removes nothing by itself");
        return Err(failure.hint("make one by `dataops destroy --out FILE`"));
    }
    let kept = match args.recorded {
        true => Some(Box::pin(recorded(context, &args)).await?),
        false => None,
    };
    let source = match &kept {
        Some(bundle) => bundle.source(context)?,
        None => planning::source(context, args.bundle.as_deref())?,
    };
    let session = context.reach(&source, &args.environment.name).await?;
    let removing = remove(context, &args, &source, &session.connection, seen);
    let exit = Box::pin(removing).await;
    session.close().await;
    exit
}

/// The bundle that was deployed last, from beside the records.
async fn recorded(context: &Context, args: &Args) -> Result<Brought, Failure> {
    args.records.existing()?;
    let in_force = InForce::of_checkout(context, None)?;
    let name = &args.environment.name;
    let session = context
        .visit(in_force.knowing(name), name, Needs::Records)
        .await?;
    let connection = &session.connection;
    let finding = async {
        let place = in_force.records(context, &args.records, name, connection)?;
        let ledger = ledger::open(&place, connection)?;
        let chain = ledger::told_chain(context, &ledger).await?;
        let bundles = chain.deployments().rev();
        let mut bundles = bundles.filter_map(|(_, deployment)| deployment.bundle.clone());
        let Some(digest) = bundles.next() else {
            let text = format!("no record of `{name}` names a bundle");
            return Err(Failure::new(Exit::Refused, text)
                .hint("leave out --recorded to remove what the folder has"));
        };
        context.say(&format!("removing what bundle {digest} has"));
        Ok(Wanted::Digest(digest).bring(&ledger).await??)
    };
    let found = unless_interrupted(context, Box::pin(finding)).await;
    session.close().await;
    found
}

async fn remove(
    context: &Context,
    args: &Args,
    source: &Source,
    connection: &Connection,
    seen: Option<Plan>,
) -> Result<Exit, Failure> {
    let in_force = InForce::of_source(context, source)?;
    let name = &args.environment.name;
    let places = in_force.places(context, (&args.records, &args.journal), name, connection)?;
    let resources = dataops_core::planning::owned(&source.repository, connection);
    let consents = match &seen {
        Some(plan) => {
            let texts = plan.options.consents.iter();
            let consents = texts.map(|text| text.parse());
            consents.collect::<Result<_, _>>().map_err(Failure::usage)?
        }
        None => args.consent.clone(),
    };
    let mut removal = Removal {
        resources: resources.map_err(|error| planning::unmade(source, connection, error))?,
        consents,
        plan: seen,
    };
    let surveying = Box::pin(survey(context, &removal, source, connection, &places));
    let plan = unless_interrupted(context, surveying).await?;
    if let Some(file) = &args.out {
        fs::write(file, plan.to_json())
            .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    }
    if args.dry_run || args.out.is_some() {
        return context.print(&Planned::of(plan));
    }
    if plan.is_applicable() && plan.has_work() {
        show(context, &plan);
        if !args.yes {
            confirm(name)?;
        }
    }
    // What somebody has seen is removed, and nothing that has come meanwhile.
    removal.plan = Some(plan);
    let how = How::new(
        Wishes::default(),
        Carrying::removing(
            args.trigger_timeout,
            args.journal.clone(),
            args.records.clone(),
        ),
    );
    let order = Order {
        source,
        connection,
        places: &places,
        cause: Cause::Removal,
        standing: Standing::default(),
        task: Task::Remove(removal),
    };
    Box::pin(carry(context, &how, &order)).await?.print(context)
}

async fn survey(
    context: &Context,
    removal: &Removal,
    source: &Source,
    connection: &Connection,
    places: &Places,
) -> Result<Plan, Failure> {
    let keeper = journal::keeper(context, &places.journal, connection)?;
    let surveyed = removal.survey(context, source, connection, &keeper);
    Ok(surveyed.await?.plan)
}

/// Shows what goes to whoever is asked, beside the result.
fn show(context: &Context, plan: &Plan) {
    if context.quiet {
        return;
    }
    // A terminal that is gone is no reason not to ask.
    let _ = lines(human(plan, false), &mut anstream::stderr());
}

/// Asks, by having the environment's name typed.
fn confirm(environment: &str) -> Result<(), Failure> {
    let name = harmless(environment);
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        let failure = Failure::usage("nobody can be asked whether all that is to go");
        return Err(failure.hint("--yes removes it without asking, --dry-run shows what would go"));
    }
    let mut err = anstream::stderr();
    let asked = write!(err, "\nType {name} to remove all that: ").and_then(|()| err.flush());
    let mut typed = String::new();
    let read = asked.and_then(|()| io::stdin().lock().read_line(&mut typed));
    match read {
        Ok(_) if typed.trim() == environment => Ok(()),
        Ok(_) => Err(Failure::usage(format!(
            "nothing was removed: `{name}` was not typed"
        ))),
        Err(error) => Err(Failure::usage(format!("nothing was removed: {error}"))),
    }
}
