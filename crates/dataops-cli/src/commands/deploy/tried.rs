//! The smoke test after a deployment, and the way back when it does not hold.

use std::pin::Pin;

use dataops_core::apply::Interrupt;
use dataops_core::connection::Connection;
use dataops_core::ledger::Ledger;
use dataops_ledger::{Cause, NoWayBack};

use super::{Brought, Ended, How, Order, Task};
use crate::commands::rollback;
use crate::commands::smoke::{self, Smoked};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;

/// Whether what was brought is tried now: it is all there, and the environment asks for it. What was gone back to was tried before.
pub(super) fn is_due(how: &How, order: &Order<'_>, brought: &Brought) -> bool {
    let goes_back = matches!(order.cause, Cause::Rollback { .. });
    let is_asked = order.connection.environment().smoke.is_some();
    let leaves = matches!(order.task, Task::Remove(_));
    is_asked && !how.carrying.no_smoke && !goes_back && !leaves && brought.exit() == Exit::Ok
}

/// Tries what was brought.
pub(super) async fn smoke(
    context: &Context,
    order: &Order<'_>,
    ledger: &Ledger,
    interrupt: &Interrupt,
    brought: &mut Brought,
) -> Result<(), Failure> {
    let prepared = smoke::prepared(context, &order.source.solution, order.connection)?;
    if let Some(prepared) = prepared {
        let report = smoke::make(context, prepared, ledger, interrupt).await?;
        brought.smoke = Some(Smoked(report));
    }
    Ok(())
}

/// Goes back where the environment wants that. Where there is nothing to go back to, the smoke test has failed all the same.
pub(super) async fn back(context: &Context, how: &How, order: &Order<'_>, ended: &mut Ended) {
    let (Some(brought), None) = (&mut ended.brought, &ended.trouble) else {
        return;
    };
    if !goes_back(order, brought) {
        return;
    }
    match go_back(context, how, order.connection).await {
        Ok(back) => {
            brought.rollback = back.brought.map(Box::new);
            ended.trouble = back.trouble;
        }
        Err(failure) if failure.is::<NoWayBack>() => {
            let text = format!(
                "there is nothing to go back to: {failure}; what has failed the smoke test stays deployed"
            );
            let hint = "`dataops deploy --bundle DIR` brings another bundle";
            context.warn("warning", &text, Some(hint));
        }
        Err(failure) => ended.trouble = Some(failure),
    }
}

/// Whether the environment is to go back to what was there before.
fn goes_back(order: &Order<'_>, brought: &Brought) -> bool {
    let settings = order.connection.environment().smoke.as_ref();
    let is_told = settings
        .and_then(|settings| settings.rollback)
        .unwrap_or(false);
    let failed = brought.smoke.as_ref().map(Report::exit);
    // What was bound belongs to no bundle.
    is_told && !matches!(order.task, Task::Bind(_)) && failed == Some(Exit::Failed)
}

/// Goes back. The way back is a deployment, so that the future has to be boxed.
fn go_back<'a>(
    context: &'a Context,
    how: &'a How,
    connection: &'a Connection,
) -> Pin<Box<dyn Future<Output = Result<Ended, Failure>> + 'a>> {
    Box::pin(async move {
        context.warn("warning", "the smoke test failed: going back", None);
        let environment = connection.environment().name.clone();
        let args = rollback::Args::before(environment, how.clone());
        rollback::go_back(context, &args).await
    })
}
