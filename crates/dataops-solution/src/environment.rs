//! An environment, ready for use: merged, and without variables.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::settings::{
    AccountSettings, AmlSettings, ClusterSettings, DatabricksSettings, EnvironmentSettings,
    SettingsError,
};

/// The values that `${NAME}` in `dataops.yaml` stands for.
#[derive(Clone, Default)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// The given values.
    pub fn new<K: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (K, V)>) -> Self {
        Self(
            values
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }

    /// A value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}

impl std::fmt::Debug for Variables {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_set().entries(self.0.keys()).finish()
    }
}

/// An environment, ready for use.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Whether it is the local emulator.
    pub emulator: bool,
    /// Its factory, where it says so.
    azure: Option<AzureFactory>,
    /// Which of the factory's fields is missing.
    missing: Option<&'static str>,
    /// Its Databricks workspace.
    pub databricks: Option<DatabricksSettings>,
    /// Its Azure ML workspace.
    pub aml: Option<AmlSettings>,
    /// Its storage account.
    pub storage: Option<AccountSettings>,
    /// Values of Data Factory documents that differ here, by path.
    pub overrides: BTreeMap<String, Value>,
}

/// Where a factory is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AzureFactory {
    /// The subscription's id.
    pub subscription: String,
    /// The resource group.
    pub resource_group: String,
    /// The factory's name.
    pub factory: String,
}

impl AzureFactory {
    /// A factory.
    pub fn new(
        subscription: impl Into<String>,
        resource_group: impl Into<String>,
        factory: impl Into<String>,
    ) -> Self {
        Self {
            subscription: subscription.into(),
            resource_group: resource_group.into(),
            factory: factory.into(),
        }
    }
}

/// The subscription that stands for one in the emulator.
const LOCAL_SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000000";

impl Environment {
    pub(crate) fn resolve(
        name: &str,
        solution: &str,
        written: &EnvironmentSettings,
        variables: &Variables,
    ) -> Result<Self, SettingsError> {
        let fill = Fill {
            environment: name,
            variables,
        };
        let emulator = written.emulator.unwrap_or(false);
        let local = |value: &str| emulator.then(|| value.to_owned());
        let subscription = fill
            .optional("subscription", written.subscription.as_deref())?
            .or_else(|| local(LOCAL_SUBSCRIPTION));
        let group = fill
            .optional("resourceGroup", written.resource_group.as_deref())?
            .or_else(|| local("local"));
        let factory = fill
            .optional("dataFactory", written.data_factory.as_deref())?
            .or_else(|| local(solution));
        let missing = [
            (&subscription, "subscription"),
            (&group, "resourceGroup"),
            (&factory, "dataFactory"),
        ]
        .into_iter()
        .find_map(|(value, field)| value.is_none().then_some(field));
        let azure = match (subscription, group, factory) {
            (Some(subscription), Some(group), Some(factory)) => {
                Some(AzureFactory::new(subscription, group, factory))
            }
            _ => None,
        };
        let overrides = written.overrides.iter();
        let overrides = overrides.map(|(path, value)| {
            Ok((
                path.clone(),
                fill.json(&format!("overrides.{path}"), value)?,
            ))
        });
        Ok(Self {
            name: name.to_owned(),
            emulator,
            azure,
            missing,
            databricks: written
                .databricks
                .as_ref()
                .map(|settings| fill.databricks(settings))
                .transpose()?,
            aml: written
                .aml
                .as_ref()
                .map(|settings| fill.aml(settings))
                .transpose()?,
            storage: written
                .storage
                .as_ref()
                .map(|settings| fill.account(settings))
                .transpose()?,
            overrides: overrides.collect::<Result<_, SettingsError>>()?,
        })
    }

    /// The environment's factory.
    ///
    /// # Errors
    ///
    /// When the environment does not say where it is.
    pub fn azure(&self) -> Result<&AzureFactory, SettingsError> {
        self.azure
            .as_ref()
            .ok_or_else(|| self.lacks(self.missing.unwrap_or("dataFactory")))
    }

    /// The same environment with another factory, as named by flags.
    #[must_use]
    pub fn with_factory(mut self, factory: AzureFactory) -> Self {
        self.azure = Some(factory);
        self
    }

    /// The same environment with another storage account, as named by flags.
    #[must_use]
    pub fn with_storage_account(mut self, account: impl Into<String>) -> Self {
        self.storage = Some(AccountSettings {
            account: account.into(),
        });
        self
    }

    /// An environment that only knows a factory, for tools that need no `dataops.yaml`.
    #[must_use]
    pub fn of_factory(name: &str, factory: AzureFactory) -> Self {
        Self {
            name: name.to_owned(),
            emulator: false,
            azure: Some(factory),
            missing: None,
            databricks: None,
            aml: None,
            storage: None,
            overrides: BTreeMap::new(),
        }
    }

    /// The error that the environment has no `field`.
    #[must_use]
    pub fn lacks(&self, field: &'static str) -> SettingsError {
        SettingsError::Lacks {
            environment: self.name.clone(),
            field,
        }
    }
}

/// Replaces variables.
struct Fill<'a> {
    environment: &'a str,
    variables: &'a Variables,
}

impl Fill<'_> {
    fn text(&self, field: &str, text: &str) -> Result<String, SettingsError> {
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

    fn optional(&self, field: &str, text: Option<&str>) -> Result<Option<String>, SettingsError> {
        text.map(|text| self.text(field, text)).transpose()
    }

    fn json(&self, field: &str, value: &Value) -> Result<Value, SettingsError> {
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

    fn databricks(
        &self,
        settings: &DatabricksSettings,
    ) -> Result<DatabricksSettings, SettingsError> {
        let cluster = settings.cluster.as_ref().map(|cluster| {
            Ok(ClusterSettings {
                name: self.text("databricks.cluster.name", &cluster.name)?,
                spec: cluster.spec.clone(),
            })
        });
        Ok(DatabricksSettings {
            host: self.text("databricks.host", &settings.host)?,
            cluster: cluster.transpose()?,
        })
    }

    fn aml(&self, settings: &AmlSettings) -> Result<AmlSettings, SettingsError> {
        Ok(AmlSettings {
            workspace: self.text("aml.workspace", &settings.workspace)?,
            subscription: self.optional("aml.subscription", settings.subscription.as_deref())?,
            resource_group: self
                .optional("aml.resourceGroup", settings.resource_group.as_deref())?,
        })
    }

    fn account(&self, settings: &AccountSettings) -> Result<AccountSettings, SettingsError> {
        Ok(AccountSettings {
            account: self.text("storage.account", &settings.account)?,
        })
    }
}
