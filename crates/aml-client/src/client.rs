//! The workspace, and the clients of its areas.

use std::fmt;
use std::sync::{Arc, OnceLock};

use azure_core::Result;
use azure_core::credentials::TokenCredential;
use azure_core::http::{ClientMethodOptions, Response};
use rest_core::{Package, RestClient};

use crate::batch::{BatchEndpointsClient, BatchScoringClient};
use crate::discovery::{self, Services, Workspace};
use crate::name::named;
use crate::options::DiscoveredPlane;
use crate::pipelines::{PipelineEndpointsClient, PipelineRunsClient, PipelinesClient};
use crate::trust::Trust;
use crate::{ComponentsClient, Entity, JobsClient, MachineLearningClientOptions, RunHistoryClient};

/// How this crate names itself to the services.
pub(crate) const PACKAGE: Package = Package {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
};

/// A client for one Azure Machine Learning workspace.
///
/// It is cheap to clone. The v1 services are found through the workspace when they are first needed, once per client and
/// its clones.
#[derive(Clone)]
pub struct MachineLearningClient {
    shared: Arc<Shared>,
}

struct Shared {
    names: [String; 3],
    credential: Arc<dyn TokenCredential>,
    management: RestClient,
    trust: Trust,
    services: OnceLock<Services>,
    pipelines: OnceLock<RestClient>,
    history: OnceLock<RestClient>,
    options: MachineLearningClientOptions,
}

impl MachineLearningClient {
    /// Creates a client for a workspace; nothing is sent.
    ///
    /// # Errors
    ///
    /// When a name is empty, or the management endpoint is not an https URL (plain http is for loopback addresses).
    pub fn new(
        subscription: &str,
        resource_group: &str,
        workspace: &str,
        credential: Arc<dyn TokenCredential>,
        options: Option<MachineLearningClientOptions>,
    ) -> Result<Self> {
        let options = options.unwrap_or_default();
        let names = [
            named("subscription", subscription)?.to_owned(),
            named("resource group", resource_group)?.to_owned(),
            named("workspace", workspace)?.to_owned(),
        ];
        let management = RestClient::new(
            PACKAGE,
            &options.management.endpoint,
            credential.clone(),
            &options.management.scope,
            options.rest.clone(),
        )?
        .api_version(options.api_version.clone());
        let trust = Trust::new(management.base(), &options.trusted_domains);
        let management = management.scope(path(&names));
        Ok(Self {
            shared: Arc::new(Shared {
                names,
                credential,
                management,
                trust,
                services: OnceLock::new(),
                pipelines: OnceLock::new(),
                history: OnceLock::new(),
                options,
            }),
        })
    }

    /// The workspace's resource id, `/subscriptions/…/workspaces/…`; ids of components and computes start with it.
    #[must_use]
    pub fn resource_id(&self) -> String {
        let path: Vec<_> = path(&self.shared.names).collect();
        format!("/{}", path.join("/"))
    }

    /// Gets the workspace (`Workspaces - Get`).
    ///
    /// # Errors
    ///
    /// [`ServiceError`](crate::ServiceError) inside the error when the service refuses.
    pub async fn workspace(
        &self,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<Workspace>>> {
        let (rest, options) = (&self.shared.management, options.unwrap_or_default());
        rest.get(rest.url([]))
            .context(&options.context)
            .send()
            .await
    }

    /// Finds the addresses of the workspace's own services; once found, they are remembered.
    ///
    /// The workspace names a discovery address (`GET {discovery address}`), which is read without a token. Where the workspace names none, or the map
    /// has no `api`, the region's public address stands in.
    ///
    /// # Errors
    ///
    /// When the workspace or its map cannot be read, or names a host that is not trusted
    /// ([`UntrustedHost`](crate::UntrustedHost)).
    pub async fn discover(&self, options: Option<ClientMethodOptions<'_>>) -> Result<Services> {
        let shared = &self.shared;
        if let Some(known) = shared.services.get() {
            return Ok(known.clone());
        }
        let workspace = self.workspace(options.clone()).await?.into_model()?;
        let found = discovery::services(&workspace, &shared.options, &shared.trust, options);
        let found = found.await?;
        Ok(shared.services.get_or_init(|| found).clone())
    }

    /// Published pipelines (v1).
    ///
    /// # Errors
    ///
    /// Those of [`MachineLearningClient::discover`], the first time and unless `options.pipelines.endpoint` is set.
    pub async fn pipelines(&self) -> Result<PipelinesClient> {
        self.v1().await.map(PipelinesClient::new)
    }

    /// Pipeline endpoints (v1).
    ///
    /// # Errors
    ///
    /// As [`MachineLearningClient::pipelines`].
    pub async fn pipeline_endpoints(&self) -> Result<PipelineEndpointsClient> {
        self.v1().await.map(PipelineEndpointsClient::new)
    }

    /// Runs of published pipelines and pipeline endpoints (v1).
    ///
    /// # Errors
    ///
    /// As [`MachineLearningClient::pipelines`].
    pub async fn pipeline_runs(&self) -> Result<PipelineRunsClient> {
        self.v1().await.map(PipelineRunsClient::new)
    }

    /// Run history, which knows v1 runs and v2 jobs alike.
    ///
    /// # Errors
    ///
    /// Those of [`MachineLearningClient::discover`], the first time and unless `options.history.endpoint` is set.
    pub async fn run_history(&self) -> Result<RunHistoryClient> {
        let shared = &self.shared;
        let plane = &shared.options.history;
        let rest = self.discovered(&shared.history, plane, "history").await?;
        Ok(RunHistoryClient::new(rest))
    }

    /// Jobs (v2).
    #[must_use]
    pub fn jobs(&self) -> JobsClient {
        JobsClient::new(self.shared.management.clone())
    }

    /// Components (v2).
    #[must_use]
    pub fn components(&self) -> ComponentsClient {
        ComponentsClient::new(self.shared.management.clone())
    }

    /// Batch endpoints and their deployments (v2).
    #[must_use]
    pub fn batch_endpoints(&self) -> BatchEndpointsClient {
        BatchEndpointsClient::new(self.shared.management.clone(), self.clone())
    }

    /// The address of a batch endpoint where jobs are started, when it is known already: its `scoringUri`, which ends in
    /// `/jobs`.
    ///
    /// # Errors
    ///
    /// When it is not an https URL, or not one of a trusted domain ([`UntrustedHost`](crate::UntrustedHost)).
    pub fn scoring(&self, scoring_uri: &str) -> Result<BatchScoringClient> {
        let shared = &self.shared;
        let rest = RestClient::new(
            PACKAGE,
            shared.trust.accept("scoring address", scoring_uri)?,
            shared.credential.clone(),
            &shared.options.inference_scope,
            shared.options.rest.clone(),
        )?;
        Ok(BatchScoringClient::new(rest))
    }

    async fn v1(&self) -> Result<RestClient> {
        let shared = &self.shared;
        let plane = &shared.options.pipelines;
        self.discovered(&shared.pipelines, plane, "pipelines").await
    }

    /// The client of a plane; made once, so that its handles share connections and the token.
    async fn discovered(
        &self,
        known: &OnceLock<RestClient>,
        plane: &DiscoveredPlane,
        area: &'static str,
    ) -> Result<RestClient> {
        if let Some(rest) = known.get() {
            return Ok(rest.clone());
        }
        let shared = &self.shared;
        let endpoint = match &plane.endpoint {
            Some(endpoint) => endpoint.clone(),
            None => {
                let services = self.discover(None).await?;
                let link = services.of(area);
                shared.trust.accept("service address", link)?.to_owned()
            }
        };
        let rest = RestClient::new(
            PACKAGE,
            &endpoint,
            shared.credential.clone(),
            &plane.scope,
            shared.options.rest.clone(),
        )?;
        let rest = rest.scope([area, "v1.0"]).scope(path(&shared.names));
        Ok(known.get_or_init(|| rest).clone())
    }
}

fn path(names: &[String; 3]) -> impl Iterator<Item = &str> {
    let [subscription, resource_group, workspace] = names;
    [
        "subscriptions",
        subscription,
        "resourceGroups",
        resource_group,
        "providers",
        "Microsoft.MachineLearningServices",
        "workspaces",
        workspace,
    ]
    .into_iter()
}

impl fmt::Debug for MachineLearningClient {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [subscription, resource_group, workspace] = &self.shared.names;
        out.debug_struct("MachineLearningClient")
            .field("subscription", subscription)
            .field("resource_group", resource_group)
            .field("workspace", workspace)
            .finish_non_exhaustive()
    }
}
