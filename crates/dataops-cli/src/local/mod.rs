//! The local environment: an emulator in this process, with the solution on it.

mod emulator;
pub(crate) mod environment;
mod python;

pub(crate) use emulator::{LocalEmulator, Locals, start_failure};
pub(crate) use python::{prepare_python, usable};

use dataops_core::apply::{ApplyError, Outcome};
use dataops_core::connection::Connection;
use dataops_core::deployment::{DeployError, Deployed, Deployment};
use dataops_core::planning::PlanningError;
use dataops_solution::Solution;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, desired_place};

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

/// Why a solution was not brought.
pub(crate) fn deploy_failure(error: DeployError) -> Failure {
    match error {
        // What cannot be planned has met no service yet.
        DeployError::Planning(PlanningError::Desired(ref desired)) => {
            let place = desired_place(desired);
            let failure = Failure::usage(error).at_place(place);
            failure.hint("correct the document; nothing was deployed")
        }
        DeployError::Planning(PlanningError::Folder { .. } | PlanningError::LeadsOut(_)) => {
            Failure::usage(error).hint("`adf.root` of dataops.yaml names it; nothing was deployed")
        }
        DeployError::Apply(ApplyError::NotApplicable(_)) => Failure::new(Exit::Failed, error)
            .hint("`dataops plan` shows all that stands against it"),
        DeployError::Unfinished(applied) => {
            let exit = match applied.outcome {
                Outcome::Done => Exit::Triggers,
                Outcome::Failed | Outcome::Interrupted => Exit::Refused,
            };
            Failure::new(exit, DeployError::Unfinished(applied))
        }
        DeployError::Connection(_)
        | DeployError::Workspace(_)
        | DeployError::Planning(_)
        | DeployError::Apply(_)
        | DeployError::Journal(_)
        | DeployError::Storage(_)
        | DeployError::MachineLearning(_) => Failure::service(error),
        _ => Failure::usage(error),
    }
}
