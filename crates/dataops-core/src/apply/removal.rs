//! One DELETE: of what the plan saw, and of nothing else.
//!
//! The service takes no condition with a DELETE, so that what is there is read just before.

use dataops_plan::ResourceKey;

use super::Trouble;
use super::trouble::is_ambiguous;
use super::work::{Done, Work};

/// Deletes a resource if it still is what the plan saw.
pub(super) async fn delete(work: &Work<'_>, key: &ResourceKey) -> Result<Done, Trouble> {
    let done = gone(work, key).await?;
    work.deleted(key);
    Ok(done)
}

async fn gone(work: &Work<'_>, key: &ResourceKey) -> Result<Done, Trouble> {
    let Some(document) = work.remote.document(key.id()).await? else {
        return Ok(Done::noting("it was gone already"));
    };
    let plan = work.plan.resource(key);
    let is_planned = plan.is_some_and(|plan| plan.action.deletes() && plan.saw(&document));
    if !is_planned {
        return Err(Trouble::moved(format!(
            "{key} was changed by somebody else since the plan was made, and is not deleted"
        )));
    }
    let error = match work.remote.delete_document(key.id()).await {
        Ok(()) => return Ok(Done::default()),
        Err(error) => error,
    };
    if is_ambiguous(&error) && work.remote.document(key.id()).await?.is_none() {
        return Ok(Done::noting("its answer was lost, and it is gone"));
    }
    Err(error.into())
}
