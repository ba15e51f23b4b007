//! The notebooks of a deployment: planned beside the factory, and brought to the workspace before it.

use dataops_core::connection::Connection;
use dataops_core::ledger::Ledger;
use dataops_core::workspace::{self, Applied, NotebookSource, WorkspaceError, memory_of};
use dataops_ledger::{Chain, NotebookMoved, NotebooksLeft};
use dataops_plan::{ClusterPlan, NotebookBecause, NotebookPlan, ObjectPlan, Plan};
use dataops_solution::environment::Environment;

use crate::context::Context;
use crate::failure::Failure;
use crate::ledger;
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
    /// What was asked of a plan.
    pub(crate) fn of(plan: &Plan) -> Self {
        Self {
            remove_stale_notebooks: plan.notebooks.as_ref().map(|it| it.removes_stale),
            leave_notebooks: plan.options.leaves_notebooks,
        }
    }

    /// What would be done with the notebooks of a source.
    pub(crate) async fn plan(
        &self,
        source: &Source,
        connection: &Connection,
    ) -> Result<Wished, Failure> {
        if self.leave_notebooks && source.solution.settings.notebooks.is_some() {
            return Ok(Wished::Left);
        }
        let Some(mut notebooks) = of(source, connection)? else {
            return Ok(Wished::None);
        };
        if let Some(remove) = self.remove_stale_notebooks {
            notebooks = notebooks.removing_stale(remove);
        }
        plan(&notebooks, connection).await.map(Wished::Brought)
    }
}

/// What would be done with the notebooks of a source.
pub(crate) enum Wished {
    /// It has none.
    None,
    /// They are left alone.
    Left,
    /// They are brought.
    Brought(NotebookPlan),
}

/// What would be done with the cluster that runs the notebooks; nothing where the environment has none.
pub(crate) async fn cluster(
    source: &Source,
    connection: &Connection,
) -> Result<Option<ClusterPlan>, Failure> {
    let plan = workspace::plan_cluster(&source.solution, connection).await;
    plan.map_err(|error| failure(error).hint("or deploy the factory alone by --leave-notebooks"))
}

/// What a plan says of notebooks and their cluster that does not hold any more.
pub(crate) async fn moved(
    planned: &Plan,
    source: &Source,
    connection: &Connection,
) -> Result<Vec<String>, Failure> {
    let Some(notebooks) = &planned.notebooks else {
        let options = &planned.options;
        let lacks =
            options.is_whole() && !options.leaves_notebooks && of(source, connection)?.is_some();
        let text = "the plan says nothing of the solution's notebooks";
        return Ok(lacks.then(|| text.to_owned()).into_iter().collect());
    };
    let now = match of(source, connection)? {
        Some(source) => {
            let source = source.removing_stale(notebooks.removes_stale);
            plan(&source, connection).await?
        }
        None => NotebookPlan::default(),
    };
    let mut moved = departures(notebooks, &now);
    let now = self::cluster(source, connection).await?;
    match (&planned.cluster, &now) {
        (Some(cluster), now) => moved.extend(cluster.moved_since(now.as_ref())),
        (None, Some(now)) => moved.push(format!("the plan says nothing of cluster {}", now.name)),
        (None, None) => {}
    }
    Ok(moved)
}

/// Does with notebooks what a plan says, and nothing else.
pub(crate) async fn bring(
    context: &Context,
    planned: &Plan,
    source: &Source,
    connection: &Connection,
) -> Result<Option<Applied>, Failure> {
    let (Some(planned), Some(notebooks)) = (&planned.notebooks, of(source, connection)?) else {
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

/// What goes with a solution; nothing where it has no notebooks.
pub(crate) async fn leaving(
    source: &Source,
    connection: &Connection,
) -> Result<Option<NotebookPlan>, Failure> {
    match all_of(source, connection)? {
        Some(notebooks) => plan(&notebooks, connection).await.map(Some),
        None => Ok(None),
    }
}

/// What a plan says of the notebooks that go, and does not hold any more.
pub(crate) async fn moved_when_leaving(
    planned: &Plan,
    source: &Source,
    connection: &Connection,
) -> Result<Vec<String>, Failure> {
    let now = leaving(source, connection).await?.unwrap_or_default();
    let planned = planned.notebooks.clone().unwrap_or_default();
    Ok(departures(&planned, &now))
}

/// What a plan says of notebooks otherwise than one made now. Both have the same paths where nothing has moved, so that more of them are the
/// same one again.
fn departures(planned: &NotebookPlan, now: &NotebookPlan) -> Vec<String> {
    let moved = planned.moved_since(now);
    let mut moved: Vec<_> = moved.iter().map(ToString::to_string).collect();
    if planned.objects.len() != now.objects.len() && moved.is_empty() {
        moved.push("the plan names a notebook more than once".to_owned());
    }
    moved
}

/// Removes what a plan says, and what deployments remember of it.
pub(crate) async fn leave(
    context: &Context,
    planned: &Plan,
    source: &Source,
    connection: &Connection,
) -> Result<Option<Applied>, Failure> {
    let (Some(planned), Some(notebooks)) = (&planned.notebooks, all_of(source, connection)?) else {
        return Ok(None);
    };
    if planned.has_work() {
        context.say("removing the notebooks");
    }
    let databricks = connection.databricks().map_err(Failure::service)?;
    let applied = workspace::apply(&databricks, &notebooks, planned, |_, _| {}).await;
    applied.map(Some).map_err(failure)
}

/// What to do where another solution has brought a notebook.
pub(crate) fn hint(clash: &ObjectPlan, environment: &Environment) -> Option<String> {
    let NotebookBecause::BroughtBy(solution) = &clash.because else {
        return None;
    };
    let folder = environment.notebooks_target.as_deref();
    let memory = folder.and_then(|folder| memory_of(solution, folder));
    let memory = match memory {
        Some(file) => format!("`{file}` of the workspace, in which it remembers what it brought"),
        None => "what it remembers in `.dataops` of the folder".to_owned(),
    };
    Some(format!(
        "one solution brings it: give this one a `notebooks.target` of its own, or deploy the other one without the file; of a solution that \
         is gone, or is called otherwise now, delete {memory}"
    ))
}

/// Tells of the folder that notebooks have gone to until now, where they go to another one: nothing of it is deleted.
pub(crate) async fn tell_left_behind(
    context: &Context,
    ledger: &Ledger,
    connection: &Connection,
) -> Result<(), Failure> {
    let chain = ledger::chain(ledger).await?;
    let left = last_left(ledger, &chain).await?;
    let now = connection.environment().notebooks_target.as_deref();
    let (Some(left), Some(now)) = (left.filter(|left| !left.objects.is_empty()), now) else {
        return Ok(());
    };
    let memory = memory_of(&left.solution, &left.target);
    if memory.is_some() && memory != memory_of(&left.solution, now) {
        let text = format!(
            "the notebooks go to `{now}` now, and those that were brought to `{}` stay there",
            left.target
        );
        let hint = "delete them in the workspace once nothing runs them";
        context.warn("note", &text, Some(hint));
    }
    Ok(())
}

/// What the last deployment of a whole solution has left in the workspace.
pub(crate) async fn last_left(
    ledger: &Ledger,
    chain: &Chain,
) -> Result<Option<NotebooksLeft>, Failure> {
    let mut whole = chain.deployments().rev().filter(|(_, it)| it.is_whole());
    let state = whole.find_map(|(_, deployment)| deployment.state.as_ref());
    match state {
        Some(digest) => {
            let state = ledger.state(digest).await.map_err(ledger::failure)?;
            Ok(state.notebooks)
        }
        None => Ok(None),
    }
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

fn of(source: &Source, connection: &Connection) -> Result<Option<NotebookSource>, Failure> {
    NotebookSource::of_folder(&source.solution, connection.environment()).map_err(failure)
}

/// What deployments of a source have brought to the workspace.
fn all_of(source: &Source, connection: &Connection) -> Result<Option<NotebookSource>, Failure> {
    let settings = &source.solution.settings;
    let Some(notebooks) = &settings.notebooks else {
        return Ok(None);
    };
    let leaving = NotebookSource::leaving(&settings.name, notebooks, connection.environment());
    leaving.map(Some).map_err(failure)
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
