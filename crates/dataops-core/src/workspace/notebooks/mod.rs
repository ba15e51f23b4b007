//! Notebooks and files of a solution, and the folder of the workspace that holds them.

mod carry;
mod known;
mod manifest;
mod memory;
mod place;
mod remote;
mod source;

use databricks_client::{Retry, WorkspaceClient};
use dataops_plan::{NotebookAction, NotebookPlan};

use super::WorkspaceError;
use super::gate::Gate;
use manifest::Manifest;
use remote::Listing;

pub use carry::Applied;
pub use manifest::memory_of;
pub use place::{NotBrought, path_of};
pub use source::NotebookSource;

/// Compares what ought to be in the workspace with what is there. Nothing is changed.
///
/// What is there is known from the manifest that the last deployment has left in the folder, as far as the service's own times
/// show that nobody has touched it since; anything else is read.
///
/// # Errors
///
/// What kept the workspace from being read.
pub async fn plan(
    client: &WorkspaceClient,
    source: &NotebookSource,
) -> Result<NotebookPlan, WorkspaceError> {
    Ok(Survey::make(client, source).await?.plan)
}

/// Does what a plan says, many objects at once; `on_progress` is told how many of them are done, and of how many.
///
/// A plan without work leaves the workspace as it is, but may complete the manifest.
///
/// # Errors
///
/// [`WorkspaceError::Moved`] when the workspace or the source is not what it was when the plan was made, and
/// [`WorkspaceError::Clash`] when the plan cannot be carried out: nothing is changed then. [`WorkspaceError::Incomplete`] when
/// some objects could not be brought; what has been done is kept, and another call does the rest.
pub async fn apply(
    client: &WorkspaceClient,
    source: &NotebookSource,
    plan: &NotebookPlan,
    on_progress: impl FnMut(usize, usize),
) -> Result<Applied, WorkspaceError> {
    let survey = Survey::make(client, source).await?;
    let moved = plan.moved_since(&survey.plan);
    if !moved.is_empty() {
        let moved = moved.iter().map(ToString::to_string);
        return Err(WorkspaceError::Moved(moved.collect()));
    }
    let clashes = plan.objects.iter().filter_map(|object| {
        let clash = object.action == NotebookAction::Clash;
        clash.then(|| match &object.source {
            Some(file) => format!("{file}: {}", object.because),
            None => format!("{}: {}", object.path, object.because),
        })
    });
    let clashes: Vec<_> = clashes.collect();
    if !clashes.is_empty() {
        return Err(WorkspaceError::Clash(clashes));
    }
    survey.carry_out(on_progress).await
}

/// The workspace as it is, beside the source.
struct Survey<'s> {
    client: WorkspaceClient,
    gate: Gate,
    source: &'s NotebookSource,
    listing: Listing,
    /// What the last deployment has left, as far as it still holds.
    manifest: Manifest,
    plan: NotebookPlan,
}

impl<'s> Survey<'s> {
    async fn make(
        client: &WorkspaceClient,
        source: &'s NotebookSource,
    ) -> Result<Self, WorkspaceError> {
        let gate = Gate::new(client.retry());
        // The gate repeats, so that one refusal slows all requests down.
        let client = client.with_retry(Retry::none());
        let listing = Listing::read(&client, &gate, &source.target).await?;
        let (manifest, others) = manifest::read(&client, &gate, source, &listing).await?;
        let known = (&manifest, &others);
        let remote = known::objects(&client, &gate, source, &listing, known).await?;
        let plan = NotebookPlan::of(&source.objects(), &remote, source.remove_stale);
        Ok(Self {
            client,
            gate,
            source,
            listing,
            manifest,
            plan,
        })
    }
}
