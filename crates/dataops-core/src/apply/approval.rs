//! Private endpoints lead nowhere until the owner of what they lead to has approved them.

use adf_model::Kind;
use dataops_plan::ResourceKey;
use rest_core::{Polled, poll};
use serde_json::Value;

use super::work::{Done, Work};
use super::{ResourceOutcome, Status, Trouble, TroubleKind};

/// Waits for the approval of the private endpoints among some resources that were put, and tells which of them still have none.
pub(super) async fn wait(work: &Work<'_>, outcomes: &mut [ResourceOutcome]) -> Vec<ResourceKey> {
    let endpoints = outcomes.iter_mut().filter(|outcome| {
        outcome.resource.kind == Kind::ManagedPrivateEndpoint && outcome.status == Status::Done
    });
    let waits = endpoints.map(|outcome| async {
        match one(work, &outcome.resource).await {
            Ok(done) => {
                let waits = done.note.is_some();
                outcome.note = done.note.or(outcome.note.take());
                waits.then(|| outcome.resource.clone())
            }
            Err(trouble) => {
                work.fail();
                outcome.status = Status::Failed;
                outcome.trouble = Some(trouble);
                None
            }
        }
    });
    let waiting = futures::future::join_all(waits).await;
    waiting.into_iter().flatten().collect()
}

async fn one(work: &Work<'_>, key: &ResourceKey) -> Result<Done, Trouble> {
    let what = format!("the approval of {key}");
    let last = std::sync::Mutex::new(Value::Null);
    let asked = poll(&what, work.limits.approval, || async {
        let document = work.remote.document(key.id()).await?.unwrap_or_default();
        let is_pending = connection(&document) == Some("Pending") && !work.stops();
        *last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = document;
        Ok(match is_pending {
            true => Polled::Pending(None),
            false => Polled::Done(()),
        })
    });
    let asked = asked.await;
    let document = last
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Err(error) = asked
        && rest_core::TimedOut::of(&error).is_none()
    {
        return Err(error.into());
    }
    let owner = document.pointer("/properties/privateLinkResourceId");
    let owner = owner.and_then(Value::as_str).unwrap_or("what it leads to");
    match connection(&document) {
        Some("Pending") => Ok(Done::noting(format!(
            "it waits for approval: the owner of {owner} has to approve the private endpoint connection"
        ))),
        Some(refused @ ("Rejected" | "Disconnected")) => Err(Trouble::new(
            TroubleKind::Refused,
            format!(
                "the owner of {owner} has answered the private endpoint: {refused}; the next deployment makes it anew, \
                 with --consent private-endpoint-replacement"
            ),
        )),
        _ => Ok(Done::default()),
    }
}

/// How the connection of a private endpoint stands; nothing where the service does not tell.
fn connection(document: &Value) -> Option<&str> {
    document
        .pointer("/properties/connectionState/status")?
        .as_str()
}
