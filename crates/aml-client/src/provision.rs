//! Resources that Azure Resource Manager goes on making after its answer.

use std::time::Instant;

use azure_core::error::ErrorKind;
use azure_core::http::{Context, Response, Url};
use azure_core::time::OffsetDateTime;
use azure_core::{Error, Result};
use rest_core::{Polled, RestClient, Wait, poll, retry_after};
use serde::de::DeserializeOwned;

use crate::{Entity, ProvisioningState};

/// A resource could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} is {state}")]
#[non_exhaustive]
pub struct NotProvisioned {
    /// The resource.
    pub what: String,
    /// Where its making ended.
    pub state: ProvisioningState,
}

impl NotProvisioned {
    /// Finds the error inside an [`azure_core::Error`].
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        error.downcast_ref()
    }
}

/// A resource that tells how far its making is.
pub(crate) trait Provisioned: DeserializeOwned {
    /// How far; nothing when the service does not say.
    fn provisioning_state(&self) -> Option<&ProvisioningState>;
}

/// Waits for the operation behind the `answer` to a PUT, then until the resource at `url` says that it is made.
pub(crate) async fn made<T: Provisioned>(
    rest: &RestClient,
    what: &str,
    url: Url,
    answer: &Response<()>,
    wait: Wait,
    context: &Context<'_>,
) -> Result<Response<Entity<T>>> {
    let started = Instant::now();
    rest.settle(what, answer, wait).await?;
    let rest_of_wait = Wait {
        limit: wait.limit.saturating_sub(started.elapsed()),
        ..wait
    };
    poll(what, rest_of_wait, || async {
        let response = rest.get(url.clone()).context(context).send().await?;
        look(what, response)
    })
    .await
}

fn look<T: Provisioned>(
    what: &str,
    response: Response<Entity<T>>,
) -> Result<Polled<Response<Entity<T>>>> {
    let resource: Entity<T> = serde_json::from_slice(response.body())
        .map_err(|error| Error::new(ErrorKind::DataConversion, error))?;
    match resource.provisioning_state() {
        None | Some(ProvisioningState::Succeeded) => Ok(Polled::Done(response)),
        Some(state) if state.is_terminal() => {
            let (what, state) = (what.to_owned(), state.clone());
            Err(Error::new(ErrorKind::Other, NotProvisioned { what, state }))
        }
        Some(_) => Ok(Polled::Pending(retry_after(
            response.headers(),
            OffsetDateTime::now_utc(),
        ))),
    }
}
