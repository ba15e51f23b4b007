//! Where the journal of a deployment is kept, and what is told of one that was left.

use dataops_core::apply::{ApplyError, JournalError, Keeper, Kept};
use dataops_core::connection::Connection;
use dataops_core::store::Place;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledger;
use crate::terminal::harmless;

/// Who keeps the journal, in this place.
pub(crate) fn keeper(
    context: &Context,
    place: &Place,
    connection: &Connection,
) -> Result<Keeper, Failure> {
    let environment = connection.environment();
    let factory = &environment.azure()?.factory;
    let store = place.open(connection).map_err(Failure::service)?;
    Ok(Keeper::new(
        store,
        &environment.name,
        factory,
        caller(context),
    ))
}

/// Who this is: the run of a CI system, the same one in each of its attempts, or somebody on a machine.
fn caller(context: &Context) -> String {
    let variable = |name: &str| context.variables.get(name).unwrap_or_default().to_owned();
    let runs = [
        ("BUILD_BUILDNUMBER", "Azure Pipelines run"),
        ("GITHUB_RUN_ID", "GitHub run"),
    ];
    let run = runs.into_iter().find_map(|(name, of)| {
        let id = variable(name);
        (!id.is_empty()).then(|| format!("{of} {id}"))
    });
    run.unwrap_or_else(|| {
        let who = ledger::who(context);
        match who.run {
            Some(run) => format!("{} run {}", run.system, run.number),
            None => who.name,
        }
    })
}

/// Tells that an earlier deployment, or removal, was not finished by one that removes what it was about.
pub(crate) fn tell_removed(context: &Context, pending: Option<&Kept>) {
    let Some(kept) = pending else { return };
    let journal = &kept.journal;
    let text = format!(
        "what {} began at {} was not finished: triggers that it stopped go with the solution, those of others will run again",
        harmless(&journal.by),
        harmless(&journal.since)
    );
    context.warn("warning", &text, None);
}

/// Tells that an earlier deployment was not finished.
pub(crate) fn tell(context: &Context, pending: Option<&Kept>) {
    let Some(kept) = pending else { return };
    let text = format!("{} that it stopped will run again", unfinished(kept, "was"));
    context.warn("warning", &text, None);
}

/// Tells that an earlier deployment was not finished, and that its triggers wait for somebody to start them.
pub(crate) fn tell_stopped(context: &Context, kept: &Kept, environment: &str) {
    let verb = match kept.journal.started().count() {
        1 => "is",
        _ => "are",
    };
    let text = format!(
        "{} that it stopped {verb} not started",
        unfinished(kept, "is")
    );
    context.warn("warning", &text, Some(&restoring(context, environment)));
}

/// How triggers are started that a deployment has left stopped.
pub(crate) fn restoring(context: &Context, environment: &str) -> String {
    let advice = format!(
        "`dataops triggers restore --env {environment}` starts what a deployment has left stopped"
    );
    advised(context, &advice)
}

/// Advice with the places that were named for records and the journal in its commands, all of which read the journal.
pub(crate) fn advised(context: &Context, advice: &str) -> String {
    let advice = ledger::advised(context, advice);
    match context.journal.get() {
        Some(place) => ledger::with_place(&advice, "--journal", place),
        None => advice,
    }
}

fn unfinished(kept: &Kept, verb: &str) -> String {
    let journal = &kept.journal;
    let triggers = match journal.started().count() {
        1 => "1 trigger".to_owned(),
        several => format!("{several} triggers"),
    };
    format!(
        "the deployment that {} began at {} {verb} not finished: {triggers}",
        harmless(&journal.by),
        harmless(&journal.since)
    )
}

/// The journal that an earlier deployment has left.
pub(crate) async fn pending(
    context: &Context,
    keeper: &Keeper,
    environment: &str,
) -> Result<Option<Kept>, Failure> {
    let read = keeper.read().await;
    read.map_err(|error| unusable(context, environment, error))
}

/// A journal of an environment that cannot be read, or not be kept.
pub(crate) fn unusable(context: &Context, environment: &str, error: JournalError) -> Failure {
    let hint = match error {
        JournalError::Malformed { .. } => {
            let advice = format!(
                "`dataops triggers status --env {environment}` shows which triggers are stopped; \
                 `dataops triggers restore --env {environment} --discard-journal` puts the journal aside, and \
                 `dataops triggers start --env {environment} NAME` starts what ought to run"
            );
            advised(context, &advice)
        }
        _ => "--journal PLACE keeps it elsewhere".to_owned(),
    };
    Failure::service(error).hint(hint)
}

/// Why nothing was begun.
pub(crate) fn failure(error: ApplyError) -> Failure {
    match error {
        ApplyError::NotApplicable(_) => Failure::new(Exit::Failed, error),
        ApplyError::Journal(_) => Failure::service(error)
            .hint("no trigger was stopped; --journal PLACE keeps the journal elsewhere"),
        _ => Failure::service(error),
    }
}
