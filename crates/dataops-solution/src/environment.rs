//! An environment, ready for use: merged, and without variables.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::deployment::{PolicySettings, TriggerPolicy};
use crate::fill::Fill;
use crate::overrides::OverrideValue;
use crate::secret::Secret;
use crate::settings::{
    AccountSettings, AmlSettings, DatabricksSettings, EnvironmentSettings, PromoteSettings,
    RecordsSettings, Settings, SettingsError, SmokeSettings,
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

    /// All of them, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let values = self.0.iter();
        values.map(|(name, value)| (name.as_str(), value.as_str()))
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
    /// The region of what is created for it.
    pub location: Option<String>,
    /// Its Databricks workspace. The values of secrets still have their variables; see [`Environment::secret_scopes`].
    pub databricks: Option<DatabricksSettings>,
    /// The folder in its workspace that the notebooks go to; none where the solution has no notebooks.
    pub notebooks_target: Option<String>,
    /// Its Azure ML workspace.
    pub aml: Option<AmlSettings>,
    /// Its storage account.
    pub storage: Option<AccountSettings>,
    /// Values of Data Factory documents that differ here, by path.
    pub overrides: BTreeMap<String, OverrideValue>,
    /// The values of global parameters that differ here, by name.
    pub global_parameters: BTreeMap<String, Value>,
    /// Resources that are called otherwise here: `KIND.NAME` to the new name.
    pub renames: BTreeMap<String, String>,
    /// Whether triggers run after a deployment, by name or pattern.
    pub triggers: BTreeMap<String, TriggerPolicy>,
    /// What may not happen here, or not unasked.
    pub policy: PolicySettings,
    /// Whether live resources that the source does not have are deleted.
    pub delete_not_in_source: bool,
    /// The environment that comes before this one in the chain.
    pub after: Option<String>,
    /// What a bundle must have passed before it comes here.
    pub promote: PromoteSettings,
    /// Where deployments and tests are recorded.
    pub records: RecordsSettings,
    /// How what is deployed is tried after a deployment.
    pub smoke: Option<SmokeSettings>,
}

/// What of an environment somebody needs; the variables of the rest need no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Where deployments are recorded, and what a promotion must have passed.
    Records,
    /// Also the factory.
    Factory,
    /// Also all that is made before anything is deployed: the region, and what is in the workspace. What a deployment puts into documents may
    /// not be known before, such as the id of a cluster.
    Places,
    /// Everything.
    Everything,
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
        solution: &Settings,
        written: &EnvironmentSettings,
        variables: &Variables,
        needs: Needs,
    ) -> Result<Self, SettingsError> {
        let fill = Fill {
            environment: name,
            variables,
        };
        let mut resolved = Self::recorded(&fill, written)?;
        if needs >= Needs::Factory {
            (resolved.azure, resolved.missing) =
                factory(&fill, written, resolved.emulator.then_some(&*solution.name))?;
        }
        if needs >= Needs::Places {
            resolved.place(&fill, written)?;
        }
        if needs >= Needs::Everything {
            let target = solution.notebooks_target(written);
            resolved.notebooks_target = fill.optional("notebooks.target", target)?;
            resolved.fill(&fill, written)?;
        }
        Ok(resolved)
    }

    /// What has to do with records.
    fn recorded(fill: &Fill<'_>, written: &EnvironmentSettings) -> Result<Self, SettingsError> {
        let factory = AzureFactory::new("", "", "");
        let mut recorded = Self::of_factory(fill.environment, factory);
        recorded.azure = None;
        recorded.emulator = written.emulator.unwrap_or(false);
        let account = written.storage.as_ref();
        recorded.storage = account.map(|settings| fill.account(settings)).transpose()?;
        recorded.after.clone_from(&written.after);
        recorded.promote.clone_from(&written.promote);
        recorded.records = fill.records(&written.records)?;
        Ok(recorded)
    }

    /// Fills in where things are made.
    fn place(
        &mut self,
        fill: &Fill<'_>,
        written: &EnvironmentSettings,
    ) -> Result<(), SettingsError> {
        self.location = fill.optional("location", written.location.as_deref())?;
        let databricks = written.databricks.as_ref();
        self.databricks = databricks
            .map(|settings| fill.databricks(settings))
            .transpose()?;
        Ok(())
    }

    /// Fills in the rest.
    fn fill(
        &mut self,
        fill: &Fill<'_>,
        written: &EnvironmentSettings,
    ) -> Result<(), SettingsError> {
        self.aml = written
            .aml
            .as_ref()
            .map(|settings| fill.aml(settings))
            .transpose()?;
        self.overrides = fill.each("overrides", &written.overrides, Fill::override_value)?;
        self.global_parameters = fill.each(
            "globalParameters",
            &written.global_parameters,
            Fill::bindable,
        )?;
        self.renames = fill.each("renames", &written.renames, |fill, field, name| {
            fill.text(field, name)
        })?;
        self.triggers.clone_from(&written.triggers);
        self.policy.clone_from(&written.policy);
        self.delete_not_in_source = written.delete_not_in_source.unwrap_or(false);
        let smoke = written.smoke.as_ref();
        self.smoke = smoke.map(|smoke| fill.smoke(smoke)).transpose()?;
        Ok(())
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
            location: None,
            databricks: None,
            notebooks_target: None,
            aml: None,
            storage: None,
            overrides: BTreeMap::new(),
            global_parameters: BTreeMap::new(),
            renames: BTreeMap::new(),
            triggers: BTreeMap::new(),
            policy: PolicySettings::default(),
            delete_not_in_source: false,
            after: None,
            promote: PromoteSettings::default(),
            records: RecordsSettings::default(),
            smoke: None,
        }
    }

    /// The secrets of the scopes, by scope and key, with the values that variables have.
    ///
    /// # Errors
    ///
    /// When a variable has no value.
    pub fn secret_scopes(
        &self,
        variables: &Variables,
    ) -> Result<BTreeMap<String, BTreeMap<String, Secret>>, SettingsError> {
        let fill = Fill {
            environment: &self.name,
            variables,
        };
        let scopes = self.databricks.iter().flat_map(|it| &it.secret_scopes);
        let filled = scopes.map(|(name, scope)| {
            let field = format!("databricks.secretScopes.{name}.values");
            let values = fill.each(&field, &scope.values, |fill, field, text| {
                fill.text(field, text).map(Secret::new)
            });
            Ok((name.clone(), values?))
        });
        filled.collect()
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

/// Where the factory is, or which field does not say so; an emulator has names for what is left out.
fn factory(
    fill: &Fill<'_>,
    written: &EnvironmentSettings,
    emulated: Option<&str>,
) -> Result<(Option<AzureFactory>, Option<&'static str>), SettingsError> {
    let local = |value: &str| emulated.map(|_| value.to_owned());
    let subscription = fill
        .optional("subscription", written.subscription.as_deref())?
        .or_else(|| local(LOCAL_SUBSCRIPTION));
    let group = fill
        .optional("resourceGroup", written.resource_group.as_deref())?
        .or_else(|| local("local"));
    let factory = fill
        .optional("dataFactory", written.data_factory.as_deref())?
        .or_else(|| emulated.map(str::to_owned));
    Ok(match (subscription, group, factory) {
        (Some(subscription), Some(group), Some(factory)) => {
            let factory = AzureFactory::new(subscription, group, factory);
            (Some(factory), None)
        }
        (None, _, _) => (None, Some("subscription")),
        (_, None, _) => (None, Some("resourceGroup")),
        (_, _, None) => (None, Some("dataFactory")),
    })
}
