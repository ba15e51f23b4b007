//! Values of an environment that stand for something else: ids of the ML side, and secrets in a Key Vault.

use std::collections::BTreeMap;

use dataops_plan::{Note, Overlay};
use dataops_solution::key_vault::KeyVaultAddress;
use dataops_solution::overrides::OverrideValue;
use dataops_solution::secret::Secret;
use rest_core::ServiceErrorExt;
use serde_json::Value;

use super::{Lookup, MlSetting, PlanningError};
use crate::connection::Connection;
use crate::deployment::resolve;

/// Puts what is meant in the place of what stands for it.
pub(super) async fn look_up(
    connection: &Connection,
    overlay: &mut Overlay,
    lookup: Lookup,
) -> Result<(), PlanningError> {
    let mut known = BTreeMap::new();
    let mut notes = Vec::new();
    for (path, value) in &mut overlay.overrides {
        match value {
            OverrideValue::Plain(plain) => {
                let note = named(connection, ("overrides", &path.text), plain, lookup).await?;
                notes.extend(note);
            }
            OverrideValue::Secret(secret) => kept(connection, secret, &mut known).await?,
        }
    }
    for (name, value) in &mut overlay.global_parameters {
        if Secret::of_setting(value).is_some_and(|secret| secret.is_address()) {
            return Err(PlanningError::Shown(name.clone()));
        }
        let note = named(connection, ("globalParameters", name), value, lookup).await?;
        notes.extend(note);
    }
    overlay.notes.extend(notes);
    Ok(())
}

/// The id of what an `aml://` address names, which a setting of the environment has; gives what a reader should know of how it was chosen.
async fn named(
    connection: &Connection,
    (section, setting): (&'static str, &str),
    value: &mut Value,
    lookup: Lookup,
) -> Result<Option<Note>, PlanningError> {
    match resolve(connection, value).await {
        Ok(resolved) => {
            *value = resolved.value;
            Ok(resolved.note.map(|note| Note {
                setting: setting.to_owned(),
                text: note.text,
                hint: note.hint,
            }))
        }
        Err(error)
            if lookup == Lookup::MayStay
                && connection.is_emulated()
                && error.may_be_published() =>
        {
            Ok(None)
        }
        Err(source) => Err(PlanningError::MachineLearning {
            setting: Box::new(MlSetting {
                section,
                name: setting.to_owned(),
                address: value.as_str().unwrap_or_default().to_owned(),
            }),
            source,
        }),
    }
}

/// The secret that a `keyvault://` address leads to. Each is asked for once.
async fn kept(
    connection: &Connection,
    secret: &mut Secret,
    known: &mut BTreeMap<KeyVaultAddress, Secret>,
) -> Result<(), PlanningError> {
    if !secret.is_address() {
        return Ok(());
    }
    let address: KeyVaultAddress = secret.reveal().parse()?;
    let found = match known.get(&address) {
        Some(found) => found.clone(),
        None => {
            let asked = connection.key_vault_secret(&address).await;
            asked.map_err(|source| PlanningError::KeyVault {
                hint: hint(&source, &address),
                address: address.clone(),
                source,
            })?
        }
    };
    known.insert(address, found.clone());
    *secret = found;
    Ok(())
}

/// What to do where a vault does not give a secret, by the code of the cause (`innererror`) where the service names one.
fn hint(error: &azure_core::Error, address: &KeyVaultAddress) -> Option<String> {
    let said = error.service_error()?;
    let vault = address.host.split('.').next().unwrap_or_default();
    let name = &address.name;
    let role = format!(
        "who deploys needs the role `Key Vault Secrets User` on the vault `{vault}`, or the permission `get` of its access policies"
    );
    let network = format!("the network of the vault `{vault}` has to let in who deploys");
    let hint = match (u16::from(said.status), said.inner_code.as_deref()) {
        (403, Some("SecretDisabled")) => {
            let version = address.version.as_ref();
            let version = version.map(|version| format!(" --version {version}"));
            format!(
                "`az keyvault secret set-attributes --vault-name {vault} --name {name}{} --enabled true` enables it",
                version.unwrap_or_default()
            )
        }
        (403, Some("ForbiddenByFirewall")) => {
            format!("{network}: its firewall does not know the address that this is asked from")
        }
        (403, Some("ForbiddenByConnection")) => {
            format!("{network}: it is reached by a private endpoint alone")
        }
        (403, Some("ForbiddenByRbac")) => format!(
            "who deploys needs the role `Key Vault Secrets User` on the vault `{vault}`; one that was just assigned takes some minutes"
        ),
        (403, Some("AccessDenied" | "ForbiddenByPolicy")) => format!(
            "who deploys needs the permission `get` of secrets in the access policies of the vault `{vault}`"
        ),
        (401, _) => role,
        (403, _) => format!("{role}; and {network}"),
        (404, _) if address.version.is_some() => format!(
            "`az keyvault secret list-versions --vault-name {vault} --name {name}` tells the versions that there are; an address without one means the latest"
        ),
        (404, _) => format!(
            "`az keyvault secret set --vault-name {vault} --name {name} --file FILE` makes it"
        ),
        _ => return None,
    };
    Some(hint)
}
