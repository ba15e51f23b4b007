//! One factory.

use std::sync::Arc;

use adf_model::{
    ChangeDataCapture, Credential, DataFlow, Dataset, Document, FactoryResource, GlobalParameters,
    IntegrationRuntime, Kind, LinkedService, ManagedPrivateEndpoint, ManagedVirtualNetwork,
    Pipeline, PrivateEndpointConnection, Resource, Trigger,
};
use azure_core::Result;
use azure_core::credentials::TokenCredential;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response};
use rest_core::{Page, RestClient};
use serde_json::{Value, json};

use crate::models::{
    DataPlaneAccess, DataPlaneAccessRequest, FactoryUpdate, FeatureValue, FeatureValues,
};
use crate::resources::below_network;
use crate::{
    FactoriesClient, FactoryClientOptions, FactoryId, ResourceClient, RunsClient, TriggerRunsClient,
};

/// One factory.
///
/// A `FactoryClient` is cheap to clone, and so are the clients that it gives.
#[derive(Clone, Debug)]
pub struct FactoryClient {
    id: FactoryId,
    group: ResourceClient<FactoryResource>,
    pub(crate) rest: RestClient,
}

impl FactoryClient {
    /// Creates a client for the factory `id`, which need not exist yet.
    ///
    /// # Errors
    ///
    /// When the endpoint is not a URL or is plain `http` on another machine, or when a part of `id` is not a name.
    pub fn new(
        id: FactoryId,
        credential: Arc<dyn TokenCredential>,
        options: Option<FactoryClientOptions>,
    ) -> Result<Self> {
        let FactoryId {
            subscription,
            resource_group,
            factory,
        } = id;
        FactoriesClient::new(&subscription, credential, options)?.factory(&resource_group, &factory)
    }

    pub(crate) fn within(group: ResourceClient<FactoryResource>, id: FactoryId) -> Self {
        let rest = group.rest.scope([Kind::Factory.collection(), &id.factory]);
        Self { id, group, rest }
    }

    /// Which factory it is.
    #[must_use]
    pub fn id(&self) -> &FactoryId {
        &self.id
    }

    fn resources<K: Resource>(&self) -> ResourceClient<K> {
        ResourceClient::new(self.rest.clone())
    }

    /// The pipelines.
    #[must_use]
    pub fn pipelines(&self) -> ResourceClient<Pipeline> {
        self.resources()
    }

    /// The datasets.
    #[must_use]
    pub fn datasets(&self) -> ResourceClient<Dataset> {
        self.resources()
    }

    /// The linked services.
    #[must_use]
    pub fn linked_services(&self) -> ResourceClient<LinkedService> {
        self.resources()
    }

    /// The data flows.
    #[must_use]
    pub fn data_flows(&self) -> ResourceClient<DataFlow> {
        self.resources()
    }

    /// The triggers.
    #[must_use]
    pub fn triggers(&self) -> ResourceClient<Trigger> {
        self.resources()
    }

    /// The integration runtimes.
    #[must_use]
    pub fn integration_runtimes(&self) -> ResourceClient<IntegrationRuntime> {
        self.resources()
    }

    /// The credentials.
    #[must_use]
    pub fn credentials(&self) -> ResourceClient<Credential> {
        self.resources()
    }

    /// The global parameters, of which only the item `default` is used.
    #[must_use]
    pub fn global_parameters(&self) -> ResourceClient<GlobalParameters> {
        self.resources()
    }

    /// The managed virtual networks, of which there is at most one, `default`.
    #[must_use]
    pub fn managed_virtual_networks(&self) -> ResourceClient<ManagedVirtualNetwork> {
        self.resources()
    }

    /// The private endpoints of a managed virtual network.
    ///
    /// # Errors
    ///
    /// When `network` is not a name.
    pub fn managed_private_endpoints(
        &self,
        network: &str,
    ) -> Result<ResourceClient<ManagedPrivateEndpoint>> {
        below_network(&self.rest, network)
    }

    /// The connections from private endpoints to the factory.
    #[must_use]
    pub fn private_endpoint_connections(&self) -> ResourceClient<PrivateEndpointConnection> {
        self.resources()
    }

    /// The change data captures.
    #[must_use]
    pub fn change_data_captures(&self) -> ResourceClient<ChangeDataCapture> {
        self.resources()
    }

    /// Pipeline runs and their activities.
    #[must_use]
    pub fn runs(&self) -> RunsClient {
        RunsClient {
            rest: self.rest.clone(),
        }
    }

    /// Trigger runs.
    #[must_use]
    pub fn trigger_runs(&self) -> TriggerRunsClient {
        TriggerRunsClient {
            rest: self.rest.clone(),
        }
    }

    /// Gets the factory itself (`GET factories/{factory}`).
    ///
    /// # Errors
    ///
    /// As [`ResourceClient::get`].
    pub async fn get(
        &self,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Document<FactoryResource>>> {
        self.group.get(&self.id.factory, options).await
    }

    /// Gets the factory itself unless its entity tag still is `etag` (`GET factories/{factory}`); nothing then.
    ///
    /// # Errors
    ///
    /// As [`ResourceClient::get`].
    pub async fn get_if_changed(
        &self,
        etag: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Option<Response<Document<FactoryResource>>>> {
        self.group
            .get_if_changed(&self.id.factory, etag, options)
            .await
    }

    /// Creates the factory, or replaces all of it: repository, global parameters, identity, encryption and network access too
    /// (`PUT factories/{factory}`). Read it before and give its entity tag, so that nobody's change is lost.
    ///
    /// # Errors
    ///
    /// As [`ResourceClient::put_if_match`].
    pub async fn create_or_update(
        &self,
        document: &Document<FactoryResource>,
        etag: Option<&str>,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Document<FactoryResource>>> {
        let name = &self.id.factory;
        match etag {
            Some(etag) => self.group.put_if_match(name, document, etag, options).await,
            None => self.group.put(name, document, options).await,
        }
    }

    /// Changes the factory's tags, identity or network access (`PATCH factories/{factory}`).
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn update(
        &self,
        change: &FactoryUpdate,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Document<FactoryResource>>> {
        self.group
            .patch(&self.id.factory, &change.body(), options)
            .await
    }

    /// Deletes the factory with everything in it (`DELETE factories/{factory}`); one that does not exist is answered with
    /// status 204.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn delete(&self, options: Option<ClientMethodOptions<'_>>) -> Result<Response<()>> {
        self.group.delete(&self.id.factory, options).await
    }

    /// Gets access to the factory's monitoring data: `POST getDataPlaneAccess`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn data_plane_access(
        &self,
        request: &DataPlaneAccessRequest,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<DataPlaneAccess> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.rest.url(["getDataPlaneAccess"]))
            .json(request)
            .repeatable()
            .context(&options.context)
            .send::<DataPlaneAccess>()
            .await?
            .into_model()
    }

    /// Reads a feature flag of the factory: `POST getFeatureValue`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn feature_value(
        &self,
        feature: &str,
        feature_type: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<FeatureValue>> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.rest.url(["getFeatureValue"]))
            .json(&json!({ "featureName": feature, "featureType": feature_type }))
            .repeatable()
            .context(&options.context)
            .send()
            .await
    }

    /// Reads several feature flags, pairs of name and type: `POST queryFeaturesValue`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn feature_values(
        &self,
        features: &[(&str, &str)],
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<FeatureValues>> {
        let options = options.unwrap_or_default();
        let requests: Vec<_> = features
            .iter()
            .map(|(name, kind)| json!({ "featureName": name, "featureType": kind }))
            .collect();
        self.rest
            .post(self.rest.url(["queryFeaturesValue"]))
            .json(&json!({ "exposureControlRequests": requests }))
            .repeatable()
            .context(&options.context)
            .send()
            .await
    }

    /// Lists what private endpoints can be connected with (`GET privateLinkResources`).
    pub fn private_link_resources(
        &self,
        options: Option<PagerOptions<'static>>,
    ) -> Pager<Page<Value>> {
        self.rest
            .list(self.rest.url(["privateLinkResources"]), options)
    }
}
