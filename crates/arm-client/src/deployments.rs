//! The deployments of a resource group.

use std::sync::Arc;

use azure_core::Result;
use azure_core::credentials::TokenCredential;
use azure_core::error::ErrorKind;
use azure_core::http::headers::HeaderName;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response, Url};
use futures::TryStreamExt;
use rest_core::{Package, Page, Polled, RestClient, ServiceErrorExt, Wait, poll, segment};

use crate::DeploymentsClientOptions;
use crate::deployment_name::deployment as named;
use crate::models::{Deployed, Deployment, Operation, Validation, WhatIf};

const PROVIDER: [&str; 2] = ["providers", "Microsoft.Resources"];
const DEPLOYMENTS: &str = "deployments";
const ASYNC_OPERATION: HeaderName = HeaderName::from_static("azure-asyncoperation");

/// A call's options.
type Options<'a> = Option<ClientMethodOptions<'a>>;

/// The deployments of a resource group.
#[derive(Clone, Debug)]
pub struct DeploymentsClient {
    /// At the resource group.
    group: RestClient,
}

impl DeploymentsClient {
    /// Creates a client.
    ///
    /// # Errors
    ///
    /// When the endpoint is not a URL or is plain `http` on another machine, or when `subscription` or `resource_group` is not a name.
    pub fn new(
        subscription: &str,
        resource_group: &str,
        credential: Arc<dyn TokenCredential>,
        options: Option<DeploymentsClientOptions>,
    ) -> Result<Self> {
        let options = options.unwrap_or_default();
        let package = Package {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        };
        let DeploymentsClientOptions {
            endpoint,
            scope,
            api_version,
            rest,
        } = options;
        let rest = RestClient::new(package, &endpoint, credential, &scope, rest)?;
        let path = [
            "subscriptions",
            segment("subscription", subscription)?,
            "resourcegroups",
            segment("resource group", resource_group)?,
        ];
        Ok(Self {
            group: rest.api_version(api_version).scope(path),
        })
    }

    /// Starts a deployment: `Deployments - Create Or Update`. It goes on when this has answered; [`DeploymentsClient::wait`] sees its end.
    ///
    /// The call is sent again when its answer is lost, and the service then says that the deployment is active: that is the deployment
    /// itself, if nobody else uses the name.
    ///
    /// # Errors
    ///
    /// When the service refuses, before anything is done.
    pub async fn begin(
        &self,
        name: &str,
        deployment: &Deployment,
        options: Options<'_>,
    ) -> Result<Deployed> {
        let options = options.unwrap_or_default();
        let call = self.group.put(self.at(name, &[])?).json(deployment);
        let sent = call.context(&options.context).send::<Deployed>().await;
        match sent {
            Err(error) if is_own(&error) => self.get(name, None).await,
            sent => sent?.into_model(),
        }
    }

    /// Waits until a deployment has ended, and gives it as it is then, whether it succeeded or not. `on_progress` is told how it stands,
    /// with all its operations, each time that somebody has asked.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](crate::TimedOut) when the limit is reached, and those of each question.
    pub async fn wait(
        &self,
        name: &str,
        wait: Wait,
        on_progress: impl Fn(&Deployed, &[Operation]),
    ) -> Result<Deployed> {
        let what = format!("deployment `{name}`");
        poll(&what, wait, || async {
            let deployed = self.get(name, None).await?;
            let operations: Vec<_> = self.operations(name, None)?.try_collect().await?;
            on_progress(&deployed, &operations);
            Ok(match deployed.properties.provisioning_state.is_terminal() {
                true => Polled::Done(deployed),
                false => Polled::Pending(None),
            })
        })
        .await
    }

    /// Deploys and waits for the end, following `Azure-AsyncOperation` (`Deployments - Create Or Update`). A call that is sent
    /// again, because its answer was lost, takes the deployment that is active then for its own, as
    /// [`DeploymentsClient::begin`] does.
    ///
    /// # Errors
    ///
    /// When the service refuses or the deployment fails, and [`TimedOut`](crate::TimedOut) when the limit is reached.
    pub async fn create_or_update(
        &self,
        name: &str,
        deployment: &Deployment,
        wait: Wait,
        options: Options<'_>,
    ) -> Result<Deployed> {
        let options = options.unwrap_or_default();
        let call = self.group.put(self.at(name, &[])?).json(deployment);
        let sent = call.context(&options.context).send_empty().await;
        let answer: Response<()> = match sent {
            Err(error) if is_own(&error) => return self.wait(name, wait, |_, _| {}).await,
            sent => sent?,
        };
        let what = format!("deployment `{name}`");
        self.group.settle(&what, &answer, wait).await?;
        if answer
            .headers()
            .get_optional_str(&ASYNC_OPERATION)
            .is_some()
        {
            return self.get(name, None).await;
        }
        self.wait(name, wait, |_, _| {}).await
    }

    /// Reads a deployment (`Deployments - Get`).
    ///
    /// # Errors
    ///
    /// When the service refuses, or does not know it.
    pub async fn get(&self, name: &str, options: Options<'_>) -> Result<Deployed> {
        let options = options.unwrap_or_default();
        let call = self.group.get(self.at(name, &[])?);
        call.context(&options.context).send().await?.into_model()
    }

    /// Ends a deployment that goes on (`Deployments - Cancel`); what has begun of it may still be done. One that has ended is
    /// left.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn cancel(&self, name: &str, options: Options<'_>) -> Result<()> {
        let options = options.unwrap_or_default();
        let call = self.group.post(self.at(name, &["cancel"])?).repeatable();
        let sent = call.context(&options.context).send_empty().await;
        match sent {
            Err(error) if is_conflict(&error) => Ok(()),
            sent => sent.map(|_| ()),
        }
    }

    /// Checks a deployment without doing anything: `Deployments - Validate`. That it would be refused is an answer, not an error.
    ///
    /// # Errors
    ///
    /// When the service does not look at it, and [`TimedOut`](crate::TimedOut) when the limit is reached.
    pub async fn validate(
        &self,
        name: &str,
        deployment: &Deployment,
        wait: Wait,
        options: Options<'_>,
    ) -> Result<Validation> {
        let what = format!("the validation of deployment `{name}`");
        let asked = self.ask(name, "validate", deployment, options).await;
        let ended = match asked {
            Ok(answer) => self.group.result(&what, answer, wait).await,
            Err(error) => Err(error),
        };
        match ended {
            // It is refused by a status, too.
            Err(error) => refused(error),
            ended => ended,
        }
    }

    /// Tells what a deployment would change: `Deployments - What If`, with the resources as they are and as they would be.
    ///
    /// # Errors
    ///
    /// When the service refuses, and [`TimedOut`](crate::TimedOut) when the limit is reached.
    pub async fn what_if(
        &self,
        name: &str,
        deployment: &Deployment,
        wait: Wait,
        options: Options<'_>,
    ) -> Result<WhatIf> {
        let what = format!("the what-if of deployment `{name}`");
        let answer = self.ask(name, "whatIf", deployment, options).await?;
        self.group.result(&what, answer, wait).await
    }

    async fn ask(
        &self,
        name: &str,
        action: &str,
        deployment: &Deployment,
        options: Options<'_>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        let call = self.group.post(self.at(name, &[action])?).repeatable();
        let call = call.json(&deployment.question());
        call.context(&options.context).send_empty().await
    }

    /// Lists the operations of a deployment: `Deployment Operations - List`.
    ///
    /// # Errors
    ///
    /// When `name` is none; those of the service come with the pages.
    pub fn operations(
        &self,
        name: &str,
        options: Option<PagerOptions<'static>>,
    ) -> Result<Pager<Page<Operation>>> {
        let path = [DEPLOYMENTS, named(name)?, "operations"];
        Ok(self.group.list(self.group.url(path), options))
    }

    /// Lists the history of the resource group (`Deployments - List By Resource Group`), newest first, or what of it `filter`
    /// selects, such as `provisioningState eq 'Running'`.
    pub fn list(
        &self,
        filter: Option<&str>,
        options: Option<PagerOptions<'static>>,
    ) -> Pager<Page<Deployed>> {
        let path = PROVIDER.into_iter().chain([DEPLOYMENTS]);
        let mut url = self.group.url(path);
        if let Some(filter) = filter {
            url.query_pairs_mut().append_pair("$filter", filter);
        }
        self.group.list(url, options)
    }

    fn at(&self, name: &str, below: &[&str]) -> Result<Url> {
        let path = PROVIDER.into_iter().chain([DEPLOYMENTS, named(name)?]);
        Ok(self.group.url(path.chain(below.iter().copied())))
    }
}

/// Whether a call that was sent again met what it had begun itself.
fn is_own(error: &azure_core::Error) -> bool {
    let said = error.service_error();
    said.is_some_and(|said| said.attempts > 1 && said.code.as_deref() == Some("DeploymentActive"))
}

fn is_conflict(error: &azure_core::Error) -> bool {
    let said = error.service_error();
    said.is_some_and(|said| u16::from(said.status) == 409)
}

/// A refusal of the template, as what `validate` would have answered.
fn refused(error: azure_core::Error) -> Result<Validation> {
    let body = match error.kind() {
        ErrorKind::HttpResponse {
            status,
            raw_response: Some(raw),
            ..
        } if u16::from(*status) == 400 => raw.body().to_vec(),
        _ => return Err(error),
    };
    match serde_json::from_slice::<Validation>(&body) {
        Ok(validation) if validation.error.is_some() => Ok(validation),
        _ => Err(error),
    }
}
