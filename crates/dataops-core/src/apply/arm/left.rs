//! A deployment that an earlier run has left going on: Azure Resource Manager does not end with whoever asked it.

use arm_client::models::Deployed;
use futures::TryStreamExt;
use rest_core::{ServiceErrorExt, Wait};

use super::name::FACTORY;
use super::order::ArmError;
use crate::connection::Connection;

/// A deployment that went on without anybody waiting for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftBehind {
    /// Its name.
    pub name: String,
    /// Its state in the end.
    pub state: String,
}

/// Waits for deployments of ours that still write to the factory; `tell` is told the name of each before.
///
/// # Errors
///
/// When the history cannot be read; [`ArmError::GoesOn`] when one does not end in time.
pub async fn await_left(
    connection: &Connection,
    wait: Wait,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Vec<LeftBehind>, ArmError> {
    let client = connection.deployments()?;
    let factory = connection.factory()?.id().factory.clone();
    let mut left = Vec::new();
    for state in ["Accepted", "Running"] {
        let filter = format!("provisioningState eq '{state}'");
        let listed = client.list(Some(&filter), None).try_collect().await;
        let listed: Vec<Deployed> = match listed {
            // A resource group that does not exist has none.
            Err(error) if error.is_not_found() => Vec::new(),
            listed => listed.map_err(ArmError::service("listing the deployments that go on"))?,
        };
        let ours = listed.into_iter().filter(|it| {
            let tag = it.tag(FACTORY);
            tag.is_some_and(|tag| tag.eq_ignore_ascii_case(&factory))
        });
        left.extend(ours.map(|it| it.name));
    }
    left.sort_unstable();
    left.dedup();
    let mut ended = Vec::new();
    for name in left {
        tell(&name);
        let deployed = match client.wait(&name, wait, |_, _| {}).await {
            Ok(deployed) => deployed,
            Err(source) => return Err(ArmError::GoesOn { name, source }),
        };
        ended.push(LeftBehind {
            name,
            state: deployed.properties.provisioning_state.to_string(),
        });
    }
    Ok(ended)
}
