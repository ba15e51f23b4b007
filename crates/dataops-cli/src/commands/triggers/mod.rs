//! `dataops triggers`.

mod shown;

use std::time::Duration;

use adf_client::FactoryClient;
use adf_model::FactoryError;
use clap::Subcommand;
use dataops_core::apply::{self, ArmError, JournalError, Keeper, Limits, Target};
use dataops_core::connection::Connection;
use dataops_core::ledger::Holding;
use dataops_core::planning::PlanningError;
use dataops_plan::{ResourceKey, TriggerState};
use dataops_solution::environment::Needs;
use rest_core::Wait;

use shown::{Stand, States};

use crate::args::EnvironmentName;
use crate::context::Context;
use crate::duration;
use crate::exit::Exit;
use crate::failure::{Failure, suggestion};
use crate::going_on;
use crate::in_force::{InForce, JournalPlace, Places, RecordsPlace};
use crate::journal;
use crate::ledger;
use crate::planning;
use crate::process::unless_interrupted;
use crate::recording::repaired;

/// Show, start and stop the triggers of a factory, and start those that a deployment has left stopped.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

/// What is done.
#[derive(Debug, Subcommand)]
enum Action {
    /// Show the state of each trigger.
    Status(Which),
    /// Start triggers; those on events subscribe first.
    Start(Which),
    /// Stop triggers; those on events unsubscribe first.
    Stop(Which),
    /// Start the triggers that a deployment has left stopped, as its journal tells; where that was all that the last one lacked, a record says
    /// that it is done.
    Restore(Restore),
}

#[derive(Debug, clap::Args)]
struct Restore {
    #[command(flatten)]
    which: Which,
    /// Put the journal aside unread, as for one that is damaged, and start nothing.
    #[arg(long, conflicts_with = "names")]
    discard_journal: bool,
}

/// Which triggers.
#[derive(Debug, clap::Args)]
struct Which {
    /// The triggers; without a name, all of them for `status` and `restore`.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// All triggers of the factory.
    #[arg(long, conflicts_with = "names")]
    all: bool,
    #[command(flatten)]
    environment: EnvironmentName,
    /// How long each step of a trigger may take.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration::parse)]
    timeout: Duration,
    #[command(flatten)]
    journal: JournalPlace,
    #[command(flatten)]
    records: RecordsPlace,
}

/// Does it.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let which = match &args.action {
        Action::Status(which) | Action::Start(which) | Action::Stop(which) => which,
        Action::Restore(restore) => &restore.which,
    };
    which.journal.existing()?;
    let in_force = InForce::of_solution(context, context.solution()?);
    let name = &which.environment.name;
    let session = context
        .visit(in_force.solution(), name, Needs::Factory)
        .await?;
    let connection = &session.connection;
    let acting = async {
        let wanted = (&which.records, &which.journal);
        let places = in_force.places(context, wanted, name, connection)?;
        let client = connection.factory().map_err(Failure::service)?;
        let acting = Acting {
            context,
            which,
            connection,
            keeper: journal::keeper(context, &places.journal, connection)?,
            places,
            client,
        };
        match &args.action {
            Action::Status(_) => acting.status().await,
            Action::Start(_) => acting.bring(TriggerState::Started).await,
            Action::Stop(_) => acting.bring(TriggerState::Stopped).await,
            Action::Restore(restore) if restore.discard_journal => acting.discard().await,
            Action::Restore(_) => acting.restore().await,
        }
    };
    let exit = unless_interrupted(context, Box::pin(acting)).await;
    session.close().await;
    exit
}

/// What every action needs.
struct Acting<'a> {
    context: &'a Context,
    which: &'a Which,
    connection: &'a Connection,
    keeper: Keeper,
    places: Places,
    client: FactoryClient,
}

impl Acting<'_> {
    /// Shows the states, also where the journal cannot be read.
    async fn status(&self) -> Result<Exit, Failure> {
        let known = apply::known(&self.client).await.map_err(absent)?;
        let chosen = choose(known, &self.which.names)?;
        let kept = match self.keeper.read().await {
            Ok(kept) => kept,
            Err(error @ JournalError::Malformed { .. }) => {
                let failure = self.unusable(error);
                let hint = failure.hints().first().map(String::as_str);
                self.context.warn("warning", &failure.summary(), hint);
                None
            }
            Err(error) => return Err(self.unusable(error)),
        };
        self.context.print(&States::of(chosen, kept.as_ref()))
    }

    /// Starts or stops, while nobody deploys.
    async fn bring(&self, state: TriggerState) -> Result<Exit, Failure> {
        let which = self.which;
        if which.names.is_empty() && !which.all {
            return Err(Failure::usage("no trigger is named").hint("name some, or give --all"));
        }
        let known = apply::known(&self.client).await.map_err(absent)?;
        let mut targets = choose(known, &which.names)?;
        targets.iter_mut().for_each(|target| target.state = state);
        let doing = match state {
            TriggerState::Started => "starting triggers",
            _ => "stopping triggers",
        };
        // A deployment counts on the states that it has brought them into.
        let mut holding = self.lease(doing).await?;
        let progress = self.context.deploying();
        let tell = |event: apply::Event<'_>| progress.tell(event);
        let limits = Limits::default().with_trigger_limit(which.timeout);
        let waves = [targets];
        let settling = Box::pin(apply::settle(&self.client, &waves, limits, &tell));
        let triggers = holding.during(settling, |why| self.lost(why)).await;
        drop(progress);
        ledger::release(self.context, holding).await;
        self.context.print(&Stand::of(triggers))
    }

    fn unusable(&self, error: JournalError) -> Failure {
        journal::unusable(self.context, self.environment(), error)
    }

    fn environment(&self) -> &str {
        &self.connection.environment().name
    }

    fn lost(&self, why: &str) {
        let text = format!("the lease was lost: {why}");
        self.context.warn("warning", &text, None);
    }

    /// Starts what a journal tells, while nobody deploys: a deployment that is at work starts its triggers itself, over what it has then
    /// brought.
    async fn restore(&self) -> Result<Exit, Failure> {
        let context = self.context;
        let kept = journal::pending(context, &self.keeper, self.environment()).await?;
        let Some(kept) = kept else {
            context.say(&format!(
                "no deployment has left a journal in {}",
                self.keeper.place()
            ));
            return context.print(&Stand::of(Vec::new()));
        };
        let ledger = ledger::open(&self.places.records, self.connection)?;
        let mut holding = self.lease("restoring triggers").await?;
        let watch = holding.watch();
        journal::tell(context, Some(&kept));
        let only = |trigger: &ResourceKey| is_named(trigger, &self.which.names);
        let progress = context.deploying();
        let tell = |event: apply::Event<'_>| progress.tell(event);
        let limits = Limits::default().with_trigger_limit(self.which.timeout);
        let restored = async {
            self.until_nobody_writes().await?;
            let restored = apply::restore(&self.client, &self.keeper, &kept, only, limits, &tell);
            restored.await.map_err(|error| self.unusable(error))
        };
        let restored = Box::pin(restored);
        let restored = holding.during(restored, |why| self.lost(why)).await;
        drop(progress);
        if restored.is_ok() && watch.known_lost().is_none() {
            repaired(context, &ledger, &self.client, &self.keeper, &kept.journal).await;
        }
        ledger::release(context, holding).await;
        context.print(&Stand::of(restored?))
    }

    /// Waits for a deployment of Azure Resource Manager that a killed run has left: it writes triggers, which have to stand still for it.
    async fn until_nobody_writes(&self) -> Result<(), Failure> {
        let wait = Wait {
            limit: self.which.timeout,
            ..Limits::default().deployment
        };
        match going_on::wait_for(self.context, self.connection, wait).await {
            Ok(()) => Ok(()),
            Err(error @ ArmError::GoesOn { .. }) => Err(going_on::failure(error)),
            Err(error) => {
                going_on::not_known(self.context, &error);
                Ok(())
            }
        }
    }

    /// Puts the journal aside, and shows which triggers are stopped.
    async fn discard(&self) -> Result<Exit, Failure> {
        let holding = self.lease("discarding the journal").await?;
        let aside = self.keeper.put_aside().await;
        ledger::release(self.context, holding).await;
        match aside.map_err(|error| self.unusable(error))? {
            Some(key) => {
                let text = format!(
                    "the journal is put aside, as `{key}` in {}",
                    self.places.journal
                );
                let hint = format!(
                    "no deployment starts what it told: `dataops triggers start --env {} NAME` does",
                    self.environment()
                );
                let hint = journal::advised(self.context, &hint);
                self.context.warn("warning", &text, Some(&hint));
            }
            None => self.context.say("no deployment has left a journal"),
        }
        self.status().await
    }

    async fn lease(&self, what: &str) -> Result<Holding, Failure> {
        let ledger = ledger::open(&self.places.records, self.connection)?;
        ledger::take(self.context, &ledger, what.to_owned()).await
    }
}

/// Why the triggers are not known.
fn absent(error: PlanningError) -> Failure {
    match error {
        PlanningError::Factory(FactoryError::NotFound { .. }) => {
            Failure::new(Exit::Refused, "the factory does not exist")
                .hint("check the environment's names; `dataops deploy` creates a factory")
        }
        other => planning::failure(other),
    }
}

/// The triggers that were named; all of them where none is.
fn choose(known: Vec<Target>, names: &[String]) -> Result<Vec<Target>, Failure> {
    if names.is_empty() {
        return Ok(known);
    }
    let same = |target: &&Target, name: &String| target.trigger.name.eq_ignore_ascii_case(name);
    let chosen = names.iter().map(|name| {
        let found = known.iter().find(|target| same(target, name));
        found.cloned().ok_or_else(|| unknown(name, &known))
    });
    chosen.collect()
}

/// Whether a trigger is among some names; it is where there is none.
fn is_named(trigger: &ResourceKey, names: &[String]) -> bool {
    let mut all = names.iter();
    names.is_empty() || all.any(|name| name.eq_ignore_ascii_case(&trigger.name))
}

fn unknown(name: &str, known: &[Target]) -> Failure {
    let names: Vec<_> = known.iter().map(|it| it.trigger.name.clone()).collect();
    let failure = Failure::new(
        Exit::Refused,
        format!("the factory has no trigger `{name}`"),
    );
    match suggestion::nearest(name, &names) {
        Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
        None if names.is_empty() => failure.hint("it has no triggers"),
        None => failure.hint(format!("it has {}", suggestion::listed(&names))),
    }
}
