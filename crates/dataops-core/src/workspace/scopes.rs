//! Secret scopes, and the values that they keep.

use std::collections::BTreeMap;

use databricks_client::{ScopeCreate, SecretScope, WorkspaceClient};
use dataops_solution::secret::Secret;
use dataops_solution::settings::KeyVaultSettings;

use super::WorkspaceError;
use super::sent::Sent;

/// The scopes of the workspace.
pub(crate) async fn scopes(client: &WorkspaceClient) -> Result<Vec<SecretScope>, WorkspaceError> {
    let listed = client.secrets().list_scopes(None).await;
    let listed = listed.and_then(azure_core::http::Response::into_model);
    let listed = listed.map_err(WorkspaceError::step("listing the secret scopes"))?;
    Ok(listed.scopes)
}

/// Makes a scope.
pub(crate) async fn create(
    client: &WorkspaceClient,
    name: &str,
    vault: Option<&KeyVaultSettings>,
) -> Result<(), WorkspaceError> {
    let kept = match vault {
        None => ScopeCreate::Databricks,
        Some(vault) => ScopeCreate::KeyVault {
            resource_id: vault.resource_id.clone(),
            dns_name: vault.dns_name.clone(),
        },
    };
    let created = client.secrets().create_scope(name, kept, None, None).await;
    match created {
        Err(error)
            if databricks_client::ApiError::of(&error).is_none_or(|error| !error.is_conflict()) =>
        {
            let step = WorkspaceError::step(format!("creating secret scope `{name}`"));
            Err(step(error))
        }
        _ => Ok(()),
    }
}

/// The keys of a scope.
pub(crate) async fn keys(
    client: &WorkspaceClient,
    scope: &str,
) -> Result<Vec<String>, WorkspaceError> {
    let listed = client.secrets().list(scope, None).await;
    let listed = listed.and_then(azure_core::http::Response::into_model);
    let step = WorkspaceError::step(format!("listing the secrets of scope `{scope}`"));
    let secrets = listed.map_err(step)?.secrets;
    Ok(secrets.into_iter().map(|secret| secret.key).collect())
}

/// Writes the values that the scope does not have; gives how many these were. A value that cannot be read back is written.
pub(crate) async fn write(
    client: &WorkspaceClient,
    scope: &str,
    values: &BTreeMap<String, Secret>,
) -> Result<usize, WorkspaceError> {
    let secrets = client.secrets();
    let sent = Sent::secrets(values.values().map(Secret::reveal));
    let there = keys(client, scope).await?;
    let mut written = 0;
    for (key, value) in values {
        if there.contains(key) && is_same(client, scope, key, value).await {
            continue;
        }
        let put = secrets.put(scope, key, value.reveal(), None).await;
        let step = WorkspaceError::step(format!("writing secret `{key}` of scope `{scope}`"));
        put.map_err(|error| step(sent.error(error)))?;
        written += 1;
    }
    Ok(written)
}

async fn is_same(client: &WorkspaceClient, scope: &str, key: &str, value: &Secret) -> bool {
    let read = client.secrets().get(scope, key, None).await;
    let read = read.and_then(azure_core::http::Response::into_model);
    read.is_ok_and(|read| read.bytes() == value.reveal().as_bytes())
}
