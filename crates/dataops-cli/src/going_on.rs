//! A deployment of Azure Resource Manager that an earlier run has left going on: whoever comes next waits for it.

use dataops_core::apply::{ArmError, await_left};
use dataops_core::connection::Connection;
use rest_core::Wait;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Waits for one. Whether there is one cannot always be told: not everybody may read the history.
///
/// # Errors
///
/// [`ArmError::GoesOn`] when it does not end in time, and what kept the history from being read.
pub(crate) async fn wait_for(
    context: &Context,
    connection: &Connection,
    wait: Wait,
) -> Result<(), ArmError> {
    let tell = |name: &str| {
        context.say(&format!(
            "waiting for the deployment {name}, which an earlier run has left"
        ));
    };
    await_left(connection, wait, &tell).await.map(drop)
}

/// Says, to those who ask, that nobody knows whether there is one.
pub(crate) fn not_known(context: &Context, error: &ArmError) {
    let text =
        format!("whether a deployment of Azure Resource Manager goes on is not known: {error}");
    context.explain(&text);
}

/// What to do about a deployment that could not be asked for, or goes on.
pub(crate) fn failure(error: ArmError) -> Failure {
    match &error {
        ArmError::TooLarge { .. } => Failure::new(Exit::Failed, error)
            .hint("deploy parts of it by --only, or all of it without --method arm; a template in parts (`dataops export arm`) needs a storage account that Azure Resource Manager can read"),
        ArmError::Connection(_) => Failure::usage(error),
        ArmError::GoesOn { .. } => Failure::service(error)
            .hint("nothing was changed, because it writes the factory too: wait for its end, or cancel it in the resource group's deployments"),
        _ => Failure::service(error),
    }
}
