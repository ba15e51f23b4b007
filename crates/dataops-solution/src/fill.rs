//! The values of variables in the settings of an environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::aml_address;
use crate::chain::SmokeSettings;
use crate::environment::Variables;
use crate::overrides::OverrideValue;
use crate::secret::Secret;
use crate::settings::{
    AccountSettings, AmlSettings, CatalogSettings, ClusterSettings, DatabricksSettings,
    KeyVaultSettings, LibrarySettings, LocationSettings, RecordsSettings, ScopeSettings,
    SecretPlace, SettingsError, StorageRoot, VolumeSettings,
};

/// Replaces variables.
pub(crate) struct Fill<'a> {
    pub(crate) environment: &'a str,
    pub(crate) variables: &'a Variables,
}

impl Fill<'_> {
    pub(crate) fn text(&self, field: &str, text: &str) -> Result<String, SettingsError> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let Some(length) = rest[start..].find('}') else {
                break;
            };
            let name = &rest[start + 2..start + length];
            let (name, default) = name
                .split_once(":-")
                .map_or((name, None), |(name, default)| (name, Some(default)));
            let value =
                self.variables
                    .get(name)
                    .or(default)
                    .ok_or_else(|| SettingsError::Variable {
                        environment: self.environment.to_owned(),
                        field: field.to_owned(),
                        variable: name.to_owned(),
                    })?;
            filled.push_str(&rest[..start]);
            filled.push_str(value);
            rest = &rest[start + length + 1..];
        }
        filled.push_str(rest);
        Ok(filled)
    }

    pub(crate) fn optional(
        &self,
        field: &str,
        text: Option<&str>,
    ) -> Result<Option<String>, SettingsError> {
        text.map(|text| self.text(field, text)).transpose()
    }

    pub(crate) fn json(&self, field: &str, value: &Value) -> Result<Value, SettingsError> {
        Ok(match value {
            Value::String(text) => Value::String(self.text(field, text)?),
            Value::Array(items) => Value::Array(
                items
                    .iter()
                    .map(|item| self.json(field, item))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(object) => {
                let filled = object
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), self.json(field, value)?)));
                Value::Object(filled.collect::<Result<_, SettingsError>>()?)
            }
            other => other.clone(),
        })
    }

    /// A value that may be an address of the ML side.
    pub(crate) fn bindable(&self, field: &str, value: &Value) -> Result<Value, SettingsError> {
        let value = self.json(field, value)?;
        match value.as_str() {
            Some(address)
                if aml_address::is_meant(address) && !aml_address::is_well_formed(address) =>
            {
                Err(SettingsError::MlAddress {
                    environment: self.environment.to_owned(),
                    field: field.to_owned(),
                    address: address.to_owned(),
                })
            }
            _ => Ok(value),
        }
    }

    /// Every value of a map; the field is named with its key.
    pub(crate) fn each<V, T>(
        &self,
        field: &str,
        values: &BTreeMap<String, V>,
        filled: impl Fn(&Self, &str, &V) -> Result<T, SettingsError>,
    ) -> Result<BTreeMap<String, T>, SettingsError> {
        let filled = values
            .iter()
            .map(|(key, value)| Ok((key.clone(), filled(self, &format!("{field}.{key}"), value)?)));
        filled.collect()
    }

    /// A secret where the setting says that it is one, otherwise a value as it stands.
    pub(crate) fn override_value(
        &self,
        field: &str,
        value: &Value,
    ) -> Result<OverrideValue, SettingsError> {
        let value = self.bindable(field, value)?;
        Ok(match Secret::of_setting(&value) {
            Some(secret) => OverrideValue::Secret(secret),
            None => OverrideValue::Plain(value),
        })
    }

    /// The values of secrets keep their variables: only one command needs them.
    pub(crate) fn databricks(
        &self,
        settings: &DatabricksSettings,
    ) -> Result<DatabricksSettings, SettingsError> {
        let cluster = settings.cluster.as_ref().map(|cluster| {
            let field = |name: &str| format!("databricks.cluster.{name}");
            let optional =
                |name: &str, text: &Option<String>| self.optional(&field(name), text.as_deref());
            Ok(ClusterSettings {
                name: self.text(&field("name"), &cluster.name)?,
                instance_pool: optional("instancePool", &cluster.instance_pool)?,
                policy: optional("policy", &cluster.policy)?,
                libraries: self.libraries(&cluster.libraries)?,
                ..cluster.clone()
            })
        });
        let mount_key = settings.mount_key.as_ref().map(|place| {
            let field = |name: &str| format!("databricks.mountKey.{name}");
            let scope = self.text(&field("scope"), &place.scope)?;
            Ok(SecretPlace::new(
                scope,
                self.text(&field("key"), &place.key)?,
            ))
        });
        let catalog = settings.unity_catalog.as_ref();
        Ok(DatabricksSettings {
            host: self.text("databricks.host", &settings.host)?,
            resource_id: self.optional("databricks.resourceId", settings.resource_id.as_deref())?,
            cluster: cluster.transpose()?,
            secret_scopes: self.each(
                "databricks.secretScopes",
                &settings.secret_scopes,
                Self::scope,
            )?,
            mount_key: mount_key.transpose()?,
            unity_catalog: catalog.map(|catalog| self.catalog(catalog)).transpose()?,
            ..settings.clone()
        })
    }

    /// The libraries of the cluster, which a file of the solution may name besides.
    fn libraries(
        &self,
        libraries: &[LibrarySettings],
    ) -> Result<Vec<LibrarySettings>, SettingsError> {
        let filled = libraries.iter().enumerate().map(|(at, library)| {
            let field = format!("databricks.cluster.libraries.{at}");
            library.filled(|text| self.text(&field, text))
        });
        filled.collect()
    }

    fn scope(&self, field: &str, scope: &ScopeSettings) -> Result<ScopeSettings, SettingsError> {
        let key_vault = scope.key_vault.as_ref().map(|vault| {
            let text =
                |name: &str, text: &str| self.text(&format!("{field}.keyVault.{name}"), text);
            Ok(KeyVaultSettings {
                resource_id: text("resourceId", &vault.resource_id)?,
                dns_name: text("dnsName", &vault.dns_name)?,
            })
        });
        Ok(ScopeSettings {
            values: scope.values.clone(),
            key_vault: key_vault.transpose()?,
        })
    }

    fn catalog(&self, settings: &CatalogSettings) -> Result<CatalogSettings, SettingsError> {
        let field = |name: &str| format!("databricks.unityCatalog.{name}");
        let root = |fill: &Self, field: &str, root: &StorageRoot| {
            let storage_root = root.storage_root.as_deref();
            Ok(StorageRoot {
                storage_root: fill.optional(&format!("{field}.storageRoot"), storage_root)?,
            })
        };
        Ok(CatalogSettings {
            external_locations: self.each(
                &field("externalLocations"),
                &settings.external_locations,
                |fill, field, location| {
                    Ok(LocationSettings {
                        url: fill.text(&format!("{field}.url"), &location.url)?,
                        credential: fill
                            .text(&format!("{field}.credential"), &location.credential)?,
                        read_only: location.read_only,
                    })
                },
            )?,
            catalogs: self.each(&field("catalogs"), &settings.catalogs, root)?,
            schemas: self.each(&field("schemas"), &settings.schemas, root)?,
            volumes: self.each(
                &field("volumes"),
                &settings.volumes,
                |fill, field, volume| {
                    let location = volume.location.as_deref();
                    Ok(VolumeSettings {
                        location: fill.optional(&format!("{field}.location"), location)?,
                    })
                },
            )?,
        })
    }

    pub(crate) fn aml(&self, settings: &AmlSettings) -> Result<AmlSettings, SettingsError> {
        Ok(AmlSettings {
            workspace: self.text("aml.workspace", &settings.workspace)?,
            subscription: self.optional("aml.subscription", settings.subscription.as_deref())?,
            resource_group: self
                .optional("aml.resourceGroup", settings.resource_group.as_deref())?,
        })
    }

    pub(crate) fn records(
        &self,
        written: &RecordsSettings,
    ) -> Result<RecordsSettings, SettingsError> {
        Ok(RecordsSettings {
            container: self.optional("records.container", written.container.as_deref())?,
            account: self.optional("records.account", written.account.as_deref())?,
            folder: self.path("records.folder", written.folder.as_deref())?,
        })
    }

    fn path(&self, field: &str, path: Option<&Path>) -> Result<Option<PathBuf>, SettingsError> {
        // What is no text has no variable in it.
        match path.and_then(Path::to_str) {
            Some(text) => Ok(Some(self.text(field, text)?.into())),
            None => Ok(path.map(Path::to_owned)),
        }
    }

    /// The files of a smoke test are those of the solution, whatever the environment.
    pub(crate) fn smoke(&self, written: &SmokeSettings) -> Result<SmokeSettings, SettingsError> {
        Ok(SmokeSettings {
            pipeline: self.text("smoke.pipeline", &written.pipeline)?,
            parameters: self.each("smoke.parameters", &written.parameters, Self::json)?,
            container: self.optional("smoke.container", written.container.as_deref())?,
            folder: self.optional("smoke.folder", written.folder.as_deref())?,
            ..written.clone()
        })
    }

    pub(crate) fn account(
        &self,
        settings: &AccountSettings,
    ) -> Result<AccountSettings, SettingsError> {
        Ok(AccountSettings {
            account: self.text("storage.account", &settings.account)?,
        })
    }
}
