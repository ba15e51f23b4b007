//! The notebooks of a deployment: planned beside the factory, and brought to the workspace before it.

use dataops_core::connection::Connection;
use dataops_core::workspace::{self, Applied, NotebookSource, WorkspaceError};
use dataops_ledger::{NotebookMoved, NotebooksLeft};
use dataops_plan::{NotebookPlan, Plan};

use crate::context::Context;
use crate::failure::Failure;
use crate::planning::Source;

/// What is asked for notebooks.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct NotebookWishes {
    /// Delete notebooks and files that a deployment has brought and the solution does not have any more; otherwise as dataops.yaml says.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    remove_stale_notebooks: Option<bool>,
    /// Leave notebooks alone.
    #[arg(long, conflicts_with = "remove_stale_notebooks")]
    leave_notebooks: bool,
}

impl NotebookWishes {
    /// What would be done with the notebooks of a source; nothing where it has none.
    pub(crate) async fn plan(
        &self,
        source: &Source,
        connection: &Connection,
    ) -> Result<Option<NotebookPlan>, Failure> {
        if self.leave_notebooks {
            return Ok(None);
        }
        let Some(mut notebooks) = of(source)? else {
            return Ok(None);
        };
        if let Some(remove) = self.remove_stale_notebooks {
            notebooks = notebooks.removing_stale(remove);
        }
        plan(&notebooks, connection).await.map(Some)
    }
}

/// What a plan says of notebooks that does not hold any more.
pub(crate) async fn moved(
    planned: &Plan,
    source: &Source,
    connection: &Connection,
) -> Result<Vec<String>, Failure> {
    let Some(planned) = &planned.notebooks else {
        return Ok(Vec::new());
    };
    let now = match of(source)? {
        Some(notebooks) => {
            let notebooks = notebooks.removing_stale(planned.removes_stale);
            plan(&notebooks, connection).await?
        }
        None => NotebookPlan::default(),
    };
    let moved = planned.moved_since(&now);
    Ok(moved.iter().map(ToString::to_string).collect())
}

/// Does with notebooks what a plan says, and nothing else.
pub(crate) async fn bring(
    context: &Context,
    planned: &Plan,
    source: &Source,
    connection: &Connection,
) -> Result<Option<Applied>, Failure> {
    let (Some(planned), Some(notebooks)) = (&planned.notebooks, of(source)?) else {
        return Ok(None);
    };
    let notebooks = notebooks.removing_stale(planned.removes_stale);
    let databricks = connection.databricks().map_err(Failure::service)?;
    if planned.has_work() {
        context.say("bringing the notebooks");
    }
    let tell = |done: usize, all: usize| {
        if done > 0 && done.is_multiple_of(TOLD) {
            context.say(&format!("notebooks: {done} of {all}"));
        }
    };
    let applied = workspace::apply(&databricks, &notebooks, planned, tell).await;
    applied.map(Some).map_err(failure)
}

/// What somebody has done with the notebooks that a deployment has left.
pub(crate) async fn moved_since(
    left: &NotebooksLeft,
    connection: &Connection,
) -> Result<Vec<NotebookMoved>, Failure> {
    let source = NotebookSource::as_left(left).map_err(failure)?;
    let databricks = connection.databricks().map_err(Failure::service)?;
    let again = workspace::plan(&databricks, &source).await;
    Ok(left.moved(&again.map_err(failure)?))
}

/// After so many objects progress is told.
const TOLD: usize = 200;

fn of(source: &Source) -> Result<Option<NotebookSource>, Failure> {
    NotebookSource::of_folder(&source.solution).map_err(failure)
}

async fn plan(
    notebooks: &NotebookSource,
    connection: &Connection,
) -> Result<NotebookPlan, Failure> {
    let databricks = connection.databricks().map_err(|error| {
        Failure::service(error).hint("or deploy the factory alone by --leave-notebooks")
    })?;
    let plan = workspace::plan(&databricks, notebooks).await;
    plan.map_err(failure)
}

fn failure(error: WorkspaceError) -> Failure {
    Failure::service(error)
}
