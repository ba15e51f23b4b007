//! What is asked of Azure Resource Manager: a template of what a plan puts, under a name.

use std::collections::BTreeMap;

use adf_arm::{Deployable, DeploymentTemplate, Limit};
use adf_client::FactoryId;
use adf_model::{Kind, ResourceId};
use arm_client::DeploymentsClient;
use arm_client::models::Deployment;
use dataops_plan::{Action, Desired, Plan, ResourceKey, STARS, secret_texts};
use serde::Serialize;
use serde_json::Value;

use super::Label;
use crate::apply::Trouble;
use crate::connection::{Connection, ConnectionError};

/// Why no deployment can be asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArmError {
    /// The environment cannot be reached as it is described.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// The template is more than the service takes.
    #[error(
        "the template of {resources} resources has {used} {limit}, and Azure Resource Manager takes {} in one deployment",
        limit.most()
    )]
    TooLarge {
        /// The limit.
        limit: Limit,
        /// How much is used.
        used: usize,
        /// How many resources it has.
        resources: usize,
    },
    /// A deployment that an earlier run has left has not ended.
    #[error("the deployment `{name}`, which an earlier run has left, goes on")]
    GoesOn {
        /// Its name.
        name: String,
        /// Why it is waited for no longer.
        #[source]
        source: azure_core::Error,
    },
    /// The service refused, or was not reached.
    #[error("{doing}")]
    Service {
        /// What was being done.
        doing: String,
        /// Why.
        #[source]
        source: azure_core::Error,
    },
}

impl ArmError {
    pub(super) fn service(doing: impl Into<String>) -> impl FnOnce(azure_core::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Service { doing, source }
    }
}

/// A deployment that is asked of Azure Resource Manager.
pub struct ArmOrder {
    pub(super) client: DeploymentsClient,
    pub(super) name: String,
    pub(super) deployment: Deployment,
    /// The resources, by their ARM ids in lower case.
    pub(super) places: BTreeMap<String, ResourceKey>,
    group: String,
}

/// Where a deployment is found in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ArmRecord {
    /// Its name.
    pub name: String,
    /// Its resource group.
    pub resource_group: String,
    /// The id by which Azure's logs know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
}

impl ArmOrder {
    /// The deployment of what a plan puts; nothing where it puts nothing.
    ///
    /// # Errors
    ///
    /// When it is more than the service takes in one template.
    pub fn of(
        connection: &Connection,
        plan: &Plan,
        desired: &Desired,
        label: &Label,
    ) -> Result<Option<Self>, ArmError> {
        let keys: Vec<_> = plan.order.put.iter().flatten().collect();
        Self::of_keys(connection, plan, desired, label, &keys)
    }

    /// The deployment of everything that a plan is about, whether it differs or not.
    pub(super) fn of_all(
        connection: &Connection,
        plan: &Plan,
        desired: &Desired,
        label: &Label,
    ) -> Result<Option<Self>, ArmError> {
        let put = plan.order.put.iter().flatten();
        // What is there already can be referred to, and so comes first.
        let resources = plan.resources.iter();
        let same = resources.filter(|it| it.action == Action::Unchanged && it.desired.is_some());
        let same = same
            .map(|it| &it.resource)
            .filter(|key| key.kind != Kind::Factory);
        let keys: Vec<_> = same.chain(put).collect();
        Self::of_keys(connection, plan, desired, label, &keys)
    }

    fn of_keys(
        connection: &Connection,
        plan: &Plan,
        desired: &Desired,
        label: &Label,
        keys: &[&ResourceKey],
    ) -> Result<Option<Self>, ArmError> {
        let documents = keys.iter().filter_map(|key| {
            let resource = desired.get(key.id())?;
            Some(Deployable {
                id: key.id().clone(),
                document: resource.body(),
                secrets: resource.secret_places().map(str::to_owned).collect(),
            })
        });
        let documents: Vec<_> = documents.collect();
        if documents.is_empty() {
            return Ok(None);
        }
        let factory = connection.factory()?.id().clone();
        let made = DeploymentTemplate::of(&factory.factory, &documents);
        if let Some(over) = made.usage.iter().find(|usage| usage.is_over()) {
            return Err(ArmError::TooLarge {
                limit: over.limit,
                used: over.used,
                resources: documents.len(),
            });
        }
        let mut deployment = Deployment::incremental(made.template, made.parameters);
        deployment.tags = label.tags(plan);
        let places = keys
            .iter()
            .map(|key| (arm_id(&factory, key.id()), (*key).clone()));
        Ok(Some(Self {
            client: connection.deployments()?,
            name: label.name(plan),
            deployment,
            places: places.collect(),
            group: factory.resource_group,
        }))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The resource that an ARM id names.
    pub(super) fn key_of(&self, id: &str) -> Option<&ResourceKey> {
        self.places.get(&id.to_lowercase())
    }

    pub(super) fn record(&self, correlation_id: Option<String>) -> ArmRecord {
        ArmRecord {
            name: self.name.clone(),
            resource_group: self.group.clone(),
            correlation_id,
        }
    }

    /// A text of the service without what it was given as a secret.
    pub(super) fn without_secrets(&self, text: &str) -> String {
        let mut shown = text.to_owned();
        let mut secrets: Vec<_> = self.secrets().flat_map(secret_texts).collect();
        // Of what has another one in it nothing is left.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        for secret in secrets {
            shown = shown.replace(secret, STARS);
        }
        dataops_plan::without_secrets(&shown).unwrap_or(shown)
    }

    /// An error of the service, told anew where it repeats a secret.
    pub(super) fn hidden(&self, error: azure_core::Error) -> azure_core::Error {
        let said = Trouble::from(&error).message;
        let shown = self.without_secrets(&said);
        match shown == said {
            true => error,
            false => azure_core::Error::with_message(error.kind().clone(), shown),
        }
    }

    /// The secrets that are texts; short ones would hide what is none.
    fn secrets(&self) -> impl Iterator<Item = &str> {
        let declared = &self.deployment.template["parameters"];
        let secure = self.deployment.parameters.iter().filter(|(name, _)| {
            let kind = declared[name.as_str()]["type"].as_str();
            kind.is_some_and(|kind| kind.starts_with("secure"))
        });
        let texts = secure.filter_map(|(_, value)| {
            value
                .as_str()
                .or_else(|| value.get("value").and_then(Value::as_str))
        });
        texts.filter(|text| text.chars().count() > 3)
    }
}

/// The ARM id of a resource of a factory, in lower case.
fn arm_id(factory: &FactoryId, id: &ResourceId) -> String {
    let segment = id.kind.arm_segment();
    let below = match &id.parent {
        Some(parent) => format!(
            "{}/{parent}/{segment}/{}",
            Kind::ManagedVirtualNetwork.arm_segment(),
            id.name
        ),
        None => format!("{segment}/{}", id.name),
    };
    format!("{factory}/{below}").to_lowercase()
}
