//! The first set-up of an environment: what has to be there before a solution can be deployed to it and run.
//!
//! Each step is looked at, made when it is missing, and looked at again by the next call: nothing is done twice. A step that needs
//! somebody with more rights does not stop the others.

mod azure;
mod compute;
mod data;
mod pool;
mod remedy;
mod step;

use std::time::Duration;

use dataops_solution::Solution;
use dataops_solution::environment::Variables;

use crate::connection::Connection;

pub use step::{Remedy, Step, StepState};

/// How an environment is prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PreparationOptions {
    /// Only look.
    pub check: bool,
    /// How long the cluster may take to start, and its libraries to install.
    pub patience: Duration,
}

impl Default for PreparationOptions {
    fn default() -> Self {
        Self {
            check: false,
            patience: Duration::from_secs(20 * 60),
        }
    }
}

/// Prepares an environment for a solution.
pub struct Preparation<'p> {
    solution: &'p Solution,
    connection: &'p Connection,
    variables: &'p Variables,
    options: PreparationOptions,
    on_state: &'p (dyn Fn(&str) + Sync),
}

impl<'p> Preparation<'p> {
    /// Prepares nothing yet. `on_state` is told what goes on, in words for people.
    #[must_use]
    pub fn new(
        solution: &'p Solution,
        connection: &'p Connection,
        variables: &'p Variables,
        options: PreparationOptions,
        on_state: &'p (dyn Fn(&str) + Sync),
    ) -> Self {
        Self {
            solution,
            connection,
            variables,
            options,
            on_state,
        }
    }

    /// Does every step that can be done; gives all of them in a fixed order.
    pub async fn run(&self) -> Vec<Step> {
        let (mut steps, workspace) = futures::join!(self.azure(), self.workspace());
        steps.extend(workspace);
        steps
    }

    fn say(&self, text: &str) {
        (self.on_state)(text);
    }
}
