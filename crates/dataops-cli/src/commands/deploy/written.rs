//! A plan that was made earlier: whether it is of this deployment, and still holds.

use std::fs;
use std::path::Path;

use dataops_core::apply::Keeper;
use dataops_core::connection::Connection;
use dataops_core::planning::Lookup;
use dataops_plan::{Desired, Live, Plan};

use super::ready::Ready;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::journal;
use crate::notebooks;
use crate::planning::{self, Source, Wishes};
use crate::terminal::harmless;

/// Reads a plan, and tells what it consents to.
pub(in super::super) fn read(context: &Context, path: &Path) -> Result<Plan, Failure> {
    let unusable = |error: &dyn std::fmt::Display| {
        Failure::usage(format!("{}: {error}", path.display()))
            .hint("make a plan by `dataops plan --out FILE`")
    };
    let text = fs::read_to_string(path).map_err(|error| unusable(&error))?;
    let plan = Plan::read(&text).map_err(|error| unusable(&error))?;
    tell_consents(context, path, &plan);
    Ok(plan)
}

/// The consents in a file are believed, and are those of whoever could write it: what was not asked of this call stands in its log.
fn tell_consents(context: &Context, path: &Path, plan: &Plan) {
    let consents = plan.options.consents.iter();
    let consents: Vec<_> = consents.map(|it| format!("`{it}`")).collect();
    if consents.is_empty() {
        return;
    }
    let text = format!(
        "{} consents to {}; the file does not tell who gave that, and whoever can write it can",
        path.display(),
        consents.join(", ")
    );
    let hint = "`deny` in the `policy` of the environment holds whatever a file consents to";
    context.warn("note", &text, Some(hint));
}

/// A plan that was made earlier, if it still holds, also before what the environment asks for by now; or what is left of it.
pub(super) async fn verified(
    context: &Context,
    plan: Plan,
    source: &Source,
    connection: &Connection,
    keeper: &Keeper,
) -> Result<Ready, Failure> {
    belongs(&plan, source, connection)?;
    let planned = plan.digest.clone();
    let name = &connection.environment().name;
    let pending = journal::pending(context, keeper, name).await?;
    let (desired, live) =
        planning::sides(source, connection, pending.as_ref(), Lookup::Must).await?;
    let sides = (&desired, &live);
    let mut moved = moved(&plan, &desired, &live);
    moved.extend(notebooks::moved(&plan, source, connection).await?);
    let (plan, is_done) = match moved.is_empty() {
        true => (in_force(plan, source, connection, sides)?, false),
        false => match rest(&plan, source, connection, sides).await? {
            Some(rest) => {
                let is_done = !rest.has_work();
                (rest, is_done)
            }
            None => return Err(stale(moved)),
        },
    };
    if !is_done && plan.digest != planned {
        context.say("the plan was begun already: what is left of it is carried out");
    }
    Ok(Ready {
        is_done,
        plan,
        desired,
        pending,
        live,
    })
}

fn stale(moved: Vec<String>) -> Failure {
    let failure = Failure::new(Exit::Failed, Stale(moved));
    failure.hint("make the plan again, and have it reviewed again")
}

/// What would be done now in the place of the plan, where that is the same: whoever makes a plan does not decide what the environment denies,
/// and whoever edits one not what is done.
fn in_force(
    plan: Plan,
    source: &Source,
    connection: &Connection,
    sides: (&Desired, &Live),
) -> Result<Plan, Failure> {
    let Some(wishes) = Wishes::of(&plan) else {
        let unknown = "it was made with consents or selectors that this program does not know";
        return Err(stale(vec![unknown.to_owned()]));
    };
    let again = wishes.of_factory(source, connection, sides);
    let moved = plan.verify_triggers(&again);
    let mut moved: Vec<_> = moved.iter().map(ToString::to_string).collect();
    moved.extend(plan.departures(&again));
    match moved.is_empty() {
        true => Ok(again.in_place_of(plan)),
        false => Err(stale(moved)),
    }
}

/// What is left of the plan of a bundle: nothing where a job that is run again finds that it has done its work, the rest where its own
/// run was killed. Nothing else is carried out in its place.
async fn rest(
    plan: &Plan,
    source: &Source,
    connection: &Connection,
    (desired, live): (&Desired, &Live),
) -> Result<Option<Plan>, Failure> {
    let is_whole = plan.options.is_whole() && plan.bundle.is_some();
    if !is_whole || !plan.verify_source(desired).is_empty() {
        return Ok(None);
    }
    let Some(wishes) = Wishes::of(plan) else {
        return Ok(None);
    };
    let wishes = wishes.resuming();
    let rest = wishes.plan(source, connection, (desired, live)).await?;
    let is_done = rest.is_applicable() && !rest.has_work();
    Ok((is_done || plan.has_left(&rest, live)).then_some(rest))
}

fn moved(plan: &Plan, desired: &Desired, live: &Live) -> Vec<String> {
    let mut moved = plan.verify(live);
    moved.extend(plan.verify_source(desired));
    moved.iter().map(ToString::to_string).collect()
}

/// Refuses a plan of another environment, factory or bundle.
fn belongs(plan: &Plan, source: &Source, connection: &Connection) -> Result<(), Failure> {
    let refuse = |what: String| Err(Failure::usage(format!("the plan is of {what}")));
    if plan.options.destroys {
        return refuse("a removal, which `dataops destroy --plan` carries out".to_owned());
    }
    belongs_here(plan, connection)?;
    match (&plan.bundle, &source.bundle) {
        (Some(planned), Some(given)) if planned == given => Ok(()),
        (None, None) => Ok(()),
        (Some(planned), _) => refuse(format!("the bundle {}", harmless(planned))),
        (None, Some(_)) => refuse("a solution's folder, and not of a bundle".to_owned()),
    }
}

/// Refuses a plan of another environment or factory.
pub(super) fn belongs_here(plan: &Plan, connection: &Connection) -> Result<(), Failure> {
    let environment = connection.environment();
    let refuse = |what: String| Err(Failure::usage(format!("the plan is of {what}")));
    if plan.environment != environment.name {
        return refuse(format!("environment `{}`", harmless(&plan.environment)));
    }
    let here = planning::address(environment);
    if let (Some(planned), true) = (&plan.factory, plan.factory != here) {
        return refuse(format!("another factory, `{}`", harmless(&planned.factory)));
    }
    Ok(())
}

/// A plan that no longer holds.
#[derive(Debug)]
pub(super) struct Stale(pub(super) Vec<String>);

/// How much of what moved is told.
const MOST_TOLD: usize = 10;

impl std::fmt::Display for Stale {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the plan no longer holds, and nothing was changed:")?;
        for moved in self.0.iter().take(MOST_TOLD) {
            write!(out, "\n  {}", harmless(moved))?;
        }
        match self.0.len().saturating_sub(MOST_TOLD) {
            0 => Ok(()),
            more => write!(out, "\n  and {more} more"),
        }
    }
}

impl std::error::Error for Stale {}
