//! What Azure Resource Manager has to have: resource providers, the resource group, the factory with an identity.

use std::time::Duration;

use adf_client::models::FactoryUpdate;
use adf_model::{Document, FactoryResource};
use azure_core::Result as AzureResult;
use azure_core::http::Response;
use dataops_solution::environment::AzureFactory;
use rest_core::{Polled, RestClient, ServiceErrorExt, Wait, poll};
use serde_json::{Value, json};

use super::step::Trouble;
use super::{Preparation, Remedy, Step, StepState};

/// The resource providers that a solution uses: events of blobs come through the event grid.
const PROVIDERS: [&str; 2] = ["Microsoft.DataFactory", "Microsoft.EventGrid"];

/// A registration takes a minute or two.
const REGISTRATION: Wait = Wait {
    limit: Duration::from_secs(300),
    first: Duration::from_millis(500),
    longest: Duration::from_secs(10),
};

/// The version of `Microsoft.Resources`.
const VERSION: &str = "2021-04-01";

impl Preparation<'_> {
    pub(super) async fn azure(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let azure = match self.connection.environment().azure() {
            Ok(azure) => azure.clone(),
            Err(_) if self.solution.settings.adf.is_none() => return steps,
            Err(error) => {
                let trouble = Trouble::failed(error.to_string());
                return vec![Step::refused("subscription", &trouble, Remedy::default())];
            }
        };
        let arm = match self.connection.resource_manager(VERSION) {
            Ok(arm) => arm.scope(["subscriptions", &azure.subscription]),
            Err(error) => {
                let name = "Azure Resource Manager";
                return vec![Step::refused(name, &error.into(), Remedy::default())];
            }
        };
        let providers = PROVIDERS.map(|provider| self.provider(&arm, &azure, provider));
        steps.extend(futures::future::join_all(providers).await);
        let (group, location) = self.group(&arm, &azure).await;
        let has_group = group.state.carries();
        steps.push(group);
        steps.push(match has_group {
            true => self.factory(&azure, location).await,
            false => Step::skipped(format!("factory {}", azure.factory), "resource group"),
        });
        steps
    }

    async fn provider(&self, arm: &RestClient, azure: &AzureFactory, provider: &str) -> Step {
        let name = format!("resource provider {provider}");
        let subscription = &azure.subscription;
        let remedy = Remedy::by("an Owner or Contributor of the subscription")
            .run(format!(
                "az provider register --namespace {provider} --subscription {subscription}"
            ))
            .at(format!(
                "portal.azure.com > Subscriptions > {subscription} > Resource providers > {provider} > Register"
            ));
        match self.register(arm, provider).await {
            Ok((before, after)) if before == after && after == "Registered" => {
                Step::ready(name, "registered")
            }
            Ok((before, _)) => {
                let todo = format!("{}; it would be registered", words(&before));
                Step::made(name, self.options.check, "registered now", todo)
            }
            Err(error) => Step::refused(name, &error.into(), remedy),
        }
    }

    /// Registers a provider and waits; gives its state before and after.
    async fn register(&self, arm: &RestClient, provider: &str) -> AzureResult<(String, String)> {
        let before = registration(arm, provider).await?;
        if before == "Registered" || self.options.check {
            return Ok((before.clone(), before));
        }
        self.say(&format!("registering {provider}"));
        let url = arm.url(["providers", provider, "register"]);
        arm.post(url).repeatable().send::<Value>().await?;
        let what = format!("registering {provider}");
        let after = poll(&what, REGISTRATION, || async {
            let state = registration(arm, provider).await?;
            Ok(match state.as_str() {
                "Registered" => Polled::Done(state),
                _ => Polled::Pending(None),
            })
        });
        Ok((before, after.await?))
    }

    /// The resource group, and the region of what is created in it.
    async fn group(&self, arm: &RestClient, azure: &AzureFactory) -> (Step, Option<String>) {
        let group = &azure.resource_group;
        let name = format!("resource group {group}");
        let wanted = self.connection.environment().location.clone();
        let region = wanted.clone().unwrap_or_else(|| "REGION".to_owned());
        let remedy = Remedy::by("an Owner or Contributor of the subscription")
            .run(format!(
                "az group create --name {group} --location {region} --subscription {}",
                azure.subscription
            ))
            .at("portal.azure.com > Resource groups > Create");
        let url = arm.url(["resourcegroups", group]);
        let found = arm.get(url.clone()).send::<Value>().await;
        match found.and_then(Response::into_model) {
            Ok(found) => {
                let there = found["location"].as_str().map(str::to_owned);
                let text = there.as_deref().unwrap_or("it exists").to_owned();
                (Step::ready(name, text), wanted.or(there))
            }
            Err(error) if !error.is_not_found() => {
                (Step::refused(name, &error.into(), remedy), wanted)
            }
            Err(_) => {
                let location = match (&wanted, self.connection.is_emulated()) {
                    (Some(location), _) => location.clone(),
                    (None, true) => "local".to_owned(),
                    (None, false) => {
                        let said = "it does not exist, and `location` of the environment does not say where to create it";
                        let step = Step::new(name, StepState::Failed, said).remedy(remedy);
                        return (step, None);
                    }
                };
                let step = self.create_group(arm, url, name, &location, remedy).await;
                (step, Some(location))
            }
        }
    }

    async fn create_group(
        &self,
        arm: &RestClient,
        url: azure_core::http::Url,
        name: String,
        location: &str,
        remedy: Remedy,
    ) -> Step {
        if self.options.check {
            let todo = format!("missing; it would be created in {location}");
            return Step::new(name, StepState::Todo, todo).remedy(remedy);
        }
        let body = json!({ "location": location });
        match arm.put(url).json(&body).send::<Value>().await {
            Ok(_) => Step::new(name, StepState::Done, format!("created in {location}")),
            Err(error) => Step::refused(name, &error.into(), remedy),
        }
    }

    async fn factory(&self, azure: &AzureFactory, location: Option<String>) -> Step {
        let AzureFactory {
            subscription,
            resource_group,
            factory,
            ..
        } = azure;
        let name = format!("factory {factory}");
        let region = location.clone().unwrap_or_else(|| "REGION".to_owned());
        let remedy = Remedy::by("a Data Factory Contributor of the resource group")
            .run(format!(
                "az datafactory create --resource-group {resource_group} --factory-name {factory} --location {region} --subscription {subscription}"
            ))
            .at(format!(
                "portal.azure.com > Resource groups > {resource_group} > Create > Data Factory"
            ));
        match self.ensure_factory(location).await {
            Ok(step) => step.named(name),
            Err(trouble) => Step::refused(name, &trouble, remedy),
        }
    }

    /// Makes the factory where there is none, and gives one without an identity its own.
    async fn ensure_factory(&self, location: Option<String>) -> Result<Step, Trouble> {
        let factory = self.connection.factory()?;
        let check = self.options.check;
        let there = match factory.get(None).await {
            Ok(there) => Some(there.into_model()?),
            Err(error) if error.is_not_found() => None,
            Err(error) => return Err(error.into()),
        };
        let Some(there) = there else {
            let location = location.ok_or_else(|| {
                Trouble::failed("it does not exist, and `location` of the environment does not say where to create it")
            })?;
            if !check {
                let document = json!({
                    "location": location, "identity": {"type": "SystemAssigned"}, "properties": {},
                });
                let document = Document::<FactoryResource>::parse(document)
                    .map_err(|error| Trouble::failed(error.to_string()))?;
                let created = factory.create_or_update(&document, None, None).await;
                created?;
            }
            let done = format!("created in {location}, with an identity of its own");
            let todo =
                format!("missing; it would be created in {location}, with an identity of its own");
            return Ok(Step::made("", check, done, todo));
        };
        let identity = there.json().get("identity").cloned().unwrap_or_default();
        let kind = identity["type"].as_str().unwrap_or_default().to_owned();
        if kind.contains("SystemAssigned") {
            let id = identity["principalId"].as_str().unwrap_or("unknown");
            return Ok(Step::ready("", format!("it has the identity {id}")));
        }
        if !check {
            let wanted = match kind.as_str() {
                "UserAssigned" => "SystemAssigned,UserAssigned",
                _ => "SystemAssigned",
            };
            let mut identity = match identity {
                Value::Object(identity) => Value::Object(identity),
                _ => json!({}),
            };
            identity["type"] = wanted.into();
            if let Some(users) = identity["userAssignedIdentities"].as_object_mut() {
                // Their ids are the service's to tell.
                users.values_mut().for_each(|user| *user = json!({}));
            }
            let update = FactoryUpdate {
                identity: Some(identity),
                ..FactoryUpdate::default()
            };
            factory.update(&update, None).await?;
        }
        let done = "it has an identity of its own now";
        let todo = "it has no identity of its own; it would get one";
        Ok(Step::made("", check, done, todo))
    }
}

impl Step {
    fn named(mut self, name: String) -> Self {
        self.name = name;
        self
    }
}

async fn registration(arm: &RestClient, provider: &str) -> AzureResult<String> {
    let url = arm.url(["providers", provider]);
    let found = arm.get(url).send::<Value>().await?.into_model()?;
    let state = found["registrationState"].as_str();
    Ok(state.unwrap_or("NotRegistered").to_owned())
}

/// `NotRegistered` as people say it.
fn words(state: &str) -> String {
    match state {
        "NotRegistered" => "not registered".to_owned(),
        other => other.to_lowercase(),
    }
}
