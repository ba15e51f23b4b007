//! The factory as it is.

use adf_client::Remote;
use adf_model::{Factory, Kind};
use dataops_plan::Live;
use futures::future::try_join_all;
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

/// Whether the factory alone is missing, and not what it should be in.
fn is_absent(error: &azure_core::Error) -> bool {
    let code = error.service_error().and_then(|said| said.code.as_deref());
    let above = ["ResourceGroupNotFound", "SubscriptionNotFound"];
    error.is_not_found() && !code.is_some_and(|code| above.contains(&code))
}
