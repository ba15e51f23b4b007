//! `dataops smoke`.

use std::io::{self, Write};

use dataops_core::apply::Interrupt;
use dataops_core::connection::Connection;
use dataops_core::ledger::{Ledger, now};
use dataops_core::smoke::{Killed, Smoke, SmokeError, SmokeReport};
use dataops_solution::Solution;
use serde::Serialize;

use super::run;
use crate::args::EnvironmentName;
use crate::context::Context;
use crate::contracts::of_smoke;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::in_force::{InForce, RecordsPlace};
use crate::ledger;
use crate::process::{interrupted, unless_interrupted};
use crate::recording;
use crate::report::{Report, checks, failures};
use crate::terminal::harmless;

/// Run what is deployed once on input of its own, as `smoke` of the environment says, test what it wrote, and remove it.
///
/// It works in folders of its own: `_smoke/ID`, and those named after its run. Input that would fire a trigger of the factory is refused.
/// Ctrl-C cancels the run and removes what was made. What came of it is recorded as the test `smoke`, which `promote` can require.
///
/// `deploy` and `promote` do the same when they are done, and go back where `smoke.rollback` says so; this command does not.
///
/// The exit code is 0 when it holds, 1 when it does not, 2 when it cannot be made as it is described.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    environment: EnvironmentName,
    #[command(flatten)]
    records: RecordsPlace,
}

/// A smoke test that was made.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(super) struct Smoked(pub(super) SmokeReport);

impl Report for Smoked {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let report = &self.0;
        writeln!(out, "{}", checks(&report.checks))?;
        if let Some(run) = &report.run {
            let failed = failures(run);
            if !failed.is_empty() {
                writeln!(out, "{failed}")?;
            }
        }
        let verdict = match report.holds() {
            true => "it holds",
            false if report.was_interrupted => "cancelled, because it was interrupted",
            false => "it does not hold",
        };
        let pipeline = harmless(&report.pipeline);
        let removed = match report.cleaned.blobs {
            1 => "1 blob".to_owned(),
            blobs => format!("{blobs} blobs"),
        };
        let ran = match report.spent.activity_runs {
            1 => "1 activity".to_owned(),
            runs => format!("{runs} activities"),
        };
        let billed = report
            .spent
            .billed_hours
            .map(|hours| format!(", {hours:.4} hours billed"));
        let billed = billed.unwrap_or_default();
        writeln!(
            out,
            "smoke test of {pipeline}: {verdict}; {ran}{billed}, {removed} removed"
        )
    }

    fn exit(&self) -> Exit {
        match self.0.holds() {
            true => Exit::Ok,
            false if self.0.was_interrupted => Exit::Interrupted,
            false => Exit::Failed,
        }
    }

    fn complaint(&self) -> String {
        self.0.complaint()
    }
}

/// Makes the smoke test of an environment.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let solution = context.solution()?;
    let name = &args.environment.name;
    let session = context.connect(&solution, name).await?;
    let connection = &session.connection;
    let smoking = async {
        let in_force = InForce::of_solution(context, solution.clone());
        let place = in_force.records(context, &args.records, name, connection)?;
        let ledger = ledger::open(&place, connection)?;
        let interrupt = Interrupt::default();
        let Some(smoke) = prepared(context, &solution, connection)? else {
            let failure = Failure::usage(format!("environment `{name}` has no `smoke`"));
            return Err(failure
                .hint("it names a pipeline and what that is given; the README has an example"));
        };
        let taking = ledger::take(context, &ledger, "smoke test".to_owned());
        let mut holding = unless_interrupted(context, taking).await?;
        remove_left(context, &ledger, connection).await;
        let work = Box::pin(make(context, smoke, &ledger, &interrupt));
        let smoked = holding.during(work, |_| interrupt.raise()).await;
        ledger::release(context, holding).await;
        context.print(&Smoked(smoked?))
    };
    let exit = Box::pin(smoking).await;
    session.close().await;
    exit
}

/// The smoke test that an environment wants.
pub(super) fn prepared<'s>(
    context: &'s Context,
    solution: &'s Solution,
    connection: &'s Connection,
) -> Result<Option<Smoke<'s>>, Failure> {
    let smoke = Smoke::of(solution, connection).map_err(failure)?;
    let smoke = smoke.map(|smoke| of_smoke(context, solution, connection, smoke));
    smoke.transpose()
}

/// Removes what an earlier smoke test has left that was killed. What cannot be removed now is found again by the next.
pub(super) async fn remove_left(context: &Context, ledger: &Ledger, connection: &Connection) {
    match ledger.traces().remove_left(connection).await {
        Ok(killed) => killed.iter().for_each(|killed| tell_left(context, killed)),
        Err(error) => {
            let text = format!("what earlier smoke tests have left is not known: {error}");
            context.explain(&text);
        }
    }
}

fn tell_left(context: &Context, killed: &Killed) {
    let text = format!(
        "a smoke test was killed that began on {}: {} blobs of it are removed, in the folder {} and those of its run",
        killed.since, killed.cleaned.blobs, killed.folder
    );
    context.warn("warning", &text, None);
    for left in &killed.cleaned.left {
        let hint = "the next deployment or smoke test tries it again";
        context.warn("warning", &format!("not removed: {left}"), Some(hint));
    }
}

/// Makes a smoke test, and records what came of it.
pub(super) async fn make(
    context: &Context,
    smoke: Smoke<'_>,
    ledger: &Ledger,
    interrupt: &Interrupt,
) -> Result<SmokeReport, Failure> {
    let began = now();
    let smoke = smoke
        .until(interrupt.clone())
        .remembered_in(ledger.traces());
    let mut progress = context.progress();
    let mut on_run = |run: &dataops_core::run::RunReport| progress.update(run);
    let tell = |step: &str| context.say(&harmless(step));
    let made = {
        let mut making = Box::pin(async { smoke.run(&tell, &mut on_run).await.map_err(failure) });
        tokio::select! {
            made = &mut making => made,
            () = interrupted() => {
                interrupt.raise();
                let text = "interrupted: the run is cancelled, and what was made is removed";
                context.warn("warning", text, None);
                making.await
            }
        }
    };
    drop(progress);
    // A test that cannot be made as it is described says nothing of what is deployed.
    if !matches!(&made, Err(failure) if failure.exit == Exit::Usage) {
        let interrupted = interrupt.is_raised();
        recording::smoke(context, ledger, began, made.as_ref(), interrupted).await?;
    }
    made
}

fn failure(error: SmokeError) -> Failure {
    match error {
        error if error.is_of_settings() => Failure::usage(error),
        SmokeError::Run(error) => run::failure(error),
        error => Failure::service(error),
    }
}
