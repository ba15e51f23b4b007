//! What was deleted to be created anew, and was not: it is missing, which neither "failed" nor "not begun" tells.

use dataops_plan::Action;
use futures::future::join_all;

use super::work::Work;
use super::{ResourceOutcome, Status};

/// Marks what is missing. It is looked for, because what came of a step that was broken off is not known.
pub(super) async fn mark(work: &Work<'_>, outcomes: &mut [ResourceOutcome]) {
    let replaced = outcomes
        .iter_mut()
        .filter(|outcome| outcome.action == Action::Replace && outcome.status != Status::Done);
    let looks = replaced.map(|outcome| async move {
        if is_missing(work, outcome).await {
            outcome.status = Status::Failed;
            outcome.missing = true;
        }
    });
    join_all(looks).await;
}

async fn is_missing(work: &Work<'_>, outcome: &ResourceOutcome) -> bool {
    let was_deleted = work.has_deleted(&outcome.resource);
    if !was_deleted && outcome.status == Status::Skipped {
        return false;
    }
    match work.remote.document(outcome.resource.id()).await {
        Ok(found) => found.is_none(),
        Err(_) => was_deleted,
    }
}
