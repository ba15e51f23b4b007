//! The factory as it is.

use adf_client::Remote;
use adf_model::{Factory, FactoryError, Kind, ResourceId};
use dataops_plan::Live;
use futures::future::try_join_all;
use futures::{StreamExt, TryStreamExt, stream};
use rest_core::ServiceErrorExt;

use super::PlanningError;
use crate::connection::Connection;

/// Lists the factory of a connection, all kinds at once. A factory that does not exist is an empty one.
///
/// # Errors
///
/// When it cannot be listed, or the resource group that it should be in does not exist.
pub async fn live(connection: &Connection) -> Result<Live, PlanningError> {
    let client = connection.factory()?;
    let name = client.id().factory.clone();
    let factory = match client.get(None).await {
        Ok(found) => found.into_model(),
        Err(error) if is_absent(&error) => return Ok(Live::default()),
        Err(error) => Err(error),
    };
    let step = || PlanningError::step(format!("looking for factory `{name}`"));
    let factory = factory.map_err(step())?.into_json();
    let remote = Remote::new(client);
    // Connections from private endpoints of others are theirs.
    let kinds = Kind::ALL.into_iter();
    let kinds = kinds.filter(|kind| *kind != Kind::PrivateEndpointConnection);
    let listed = try_join_all(kinds.map(|kind| remote.list(kind))).await?;
    Ok(Live::new(Some(factory), listed.into_iter().flatten()))
}

/// More resources than these are read faster by listing all, which come fifty at a time.
const MOST_ALONE: usize = 50;
/// How many are read at once.
const AT_ONCE: usize = 8;

/// The factory after something was done with some resources of it, which alone are read again.
///
/// # Errors
///
/// When one of them cannot be read.
pub async fn live_again(
    connection: &Connection,
    before: Live,
    touched: Vec<ResourceId>,
) -> Result<Live, PlanningError> {
    if touched.len() > MOST_ALONE || touched.iter().any(|id| id.kind == Kind::Factory) {
        return live(connection).await;
    }
    let remote = &Remote::new(connection.factory()?);
    let reading = touched
        .into_iter()
        .map(async |id| match remote.get(&id).await {
            Ok(document) => Ok((id, Some(document))),
            Err(FactoryError::NotFound { .. }) => Ok((id, None)),
            Err(error) => Err(PlanningError::from(error)),
        });
    let read = stream::iter(reading).buffer_unordered(AT_ONCE);
    let again = read.try_fold(before, async |live, (id, now)| Ok(live.with(id, now)));
    again.await
}

/// Whether the factory alone is missing, and not what it should be in.
fn is_absent(error: &azure_core::Error) -> bool {
    let code = error.service_error().and_then(|said| said.code.as_deref());
    let above = ["ResourceGroupNotFound", "SubscriptionNotFound"];
    error.is_not_found() && !code.is_some_and(|code| above.contains(&code))
}
