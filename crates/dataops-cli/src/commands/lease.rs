//! `dataops lease`.

use std::io::{self, Write};

use clap::Subcommand;
use dataops_core::ledger::{Ledger, now};
use dataops_ledger::{Breaking, Broken, Lease};
use dataops_solution::environment::Needs;
use serde::Serialize;

use crate::args::EnvironmentName;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::in_force::{InForce, RecordsPlace};
use crate::ledger;
use crate::process::unless_interrupted;
use crate::report::Report;
use crate::terminal::harmless;

/// Show who deploys to an environment, and break the lease of a deployment that is known to be dead.
///
/// A deployment takes the lease of its environment, so that no other one begins meanwhile. A lease ends by itself two minutes after its
/// holder has died; nobody needs to break it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

/// What is done.
#[derive(Debug, Subcommand)]
enum Action {
    /// Show who has the lease.
    Show(Where),
    /// Take the lease from a holder that is known to be dead.
    Break(Break),
}

/// Which lease.
#[derive(Debug, clap::Args)]
struct Where {
    #[command(flatten)]
    environment: EnvironmentName,
    #[command(flatten)]
    records: RecordsPlace,
}

#[derive(Debug, clap::Args)]
struct Break {
    #[command(flatten)]
    place: Where,
    /// The id of the holder, as the refusal names it; without it, only a lease whose time is over is broken.
    #[arg(long, value_name = "ID")]
    holder: Option<String>,
    /// Break a lease that cannot be read.
    #[arg(long, conflicts_with = "holder")]
    unreadable: bool,
}

/// A lease, or that there is none.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    environment: String,
    lease: Option<Lease>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unreadable: Option<String>,
    /// Whether others may take it.
    is_over: bool,
    /// Whether it was broken just now.
    broken: bool,
}

impl Report for Shown {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let environment = harmless(&self.environment);
        if let Some(why) = &self.unreadable {
            return writeln!(
                out,
                "the lease of {environment} cannot be read: {}",
                harmless(why)
            );
        }
        let Some(Lease {
            claim,
            since,
            until,
            ..
        }) = &self.lease
        else {
            return match self.broken {
                true => writeln!(out, "the lease of {environment} is broken"),
                false => writeln!(out, "nobody has the lease of {environment}"),
            };
        };
        let (who, what) = (harmless(&claim.who.to_string()), harmless(&claim.what));
        let (verb, end) = match (self.broken, self.is_over) {
            (true, _) => ("had", "; it is broken"),
            (false, true) => ("had", "; its time is over, and others may take it"),
            (false, false) => ("has", ""),
        };
        writeln!(out, "{who} {verb} the lease of {environment}{end}")?;
        writeln!(out, "  for    {what}")?;
        writeln!(out, "  since  {}", since.short())?;
        writeln!(out, "  until  {} unless it is renewed", until.short())?;
        writeln!(out, "  holder {}", harmless(&claim.id))
    }
}

/// Does it.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let place = match &args.action {
        Action::Show(place) => place,
        Action::Break(breaking) => &breaking.place,
    };
    place.records.existing()?;
    let in_force = InForce::of_solution(context, context.solution()?);
    let name = &place.environment.name;
    let solution = in_force.solution();
    let session = context.visit(solution, name, Needs::Records).await?;
    let connection = &session.connection;
    let acting = async {
        let found = in_force.records(context, &place.records, name, connection)?;
        let ledger = ledger::open(&found, connection)?;
        match &args.action {
            Action::Show(_) => show(context, &ledger).await,
            Action::Break(breaking) => broken(context, &ledger, breaking).await,
        }
    };
    let shown = unless_interrupted(context, acting).await;
    session.close().await;
    context.print(&shown?)
}

async fn show(context: &Context, ledger: &Ledger) -> Result<Shown, Failure> {
    let found = ledger.lease().await.map_err(ledger::failure)?;
    if found.is_none()
        && ledger
            .neighbours()
            .await
            .map_err(ledger::failure)?
            .is_empty()
    {
        ledger::tell_of_none(context, ledger).await?;
    }
    let (lease, unreadable) = match found {
        None => (None, None),
        Some(Ok(lease)) => (Some(lease), None),
        Some(Err(why)) => (None, Some(why)),
    };
    Ok(Shown {
        environment: ledger.environment().to_owned(),
        is_over: lease
            .as_ref()
            .is_some_and(|lease| lease.may_be_taken(now())),
        lease,
        unreadable,
        broken: false,
    })
}

async fn broken(context: &Context, ledger: &Ledger, args: &Break) -> Result<Shown, Failure> {
    let what = match (&args.holder, args.unreadable) {
        (Some(holder), _) => Breaking::Holder(holder.clone()),
        (None, true) => Breaking::Unreadable,
        (None, false) => Breaking::Expired,
    };
    let broken = ledger.break_lease(what, now()).await;
    let shown = |lease: Option<Lease>, broken| Shown {
        environment: ledger.environment().to_owned(),
        lease,
        unreadable: None,
        is_over: true,
        broken,
    };
    match broken.map_err(ledger::failure)? {
        Broken::Gone(lease) => Ok(shown(lease.map(|lease| *lease), true)),
        Broken::Nothing => Ok(shown(None, false)),
        Broken::Held(held) => {
            let failure = Failure::new(Exit::Refused, held.to_string());
            Err(failure.hint(ledger::advised(context, &held.hint())))
        }
        _ => Err(Failure::new(
            Exit::Refused,
            "others write the lease all the time",
        )),
    }
}
