//! The local environment: an emulator in this process, with the solution on it.

mod emulator;
pub(crate) mod environment;
mod python;

pub(crate) use emulator::{LocalEmulator, start_failure};
pub(crate) use python::{prepare_python, usable};

use dataops_core::connection::Connection;
use dataops_core::deployment::{DeployError, Deployed, Deployment};
use dataops_solution::Solution;

use crate::context::Context;
use crate::failure::Failure;

/// Brings the solution to an emulator.
pub(crate) async fn deploy(
    context: &Context,
    solution: &Solution,
    connection: &Connection,
) -> Result<Deployed, Failure> {
    let deployment = Deployment::new(solution, connection);
    deployment
        .run(|step| context.explain(step))
        .await
        .map_err(deploy_failure)
}

fn deploy_failure(error: DeployError) -> Failure {
    match &error {
        // A document that cannot be read has met no service yet.
        DeployError::Factory(refused) if !is_of_service(refused) => {
            Failure::usage(error).hint("correct the document; nothing was deployed")
        }
        DeployError::Workspace(found) if found.service().is_none() => Failure::usage(error),
        DeployError::Connection(_)
        | DeployError::Workspace(_)
        | DeployError::Factory(_)
        | DeployError::Storage(_)
        | DeployError::MachineLearning(_)
        | DeployError::Step { .. } => Failure::service(error),
        _ => Failure::usage(error),
    }
}

/// Whether a service has said it.
fn is_of_service(error: &(dyn std::error::Error + 'static)) -> bool {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .into_iter()
        .any(<dyn std::error::Error>::is::<azure_core::Error>)
}
