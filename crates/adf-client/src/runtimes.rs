//! What can be done with integration runtimes beyond reading and writing them.

use adf_model::{Document, IntegrationRuntime};
use azure_core::Result;
use azure_core::http::{ClientMethodOptions, Response};
use rest_core::Wait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::ResourceClient;
use crate::models::{
    AuthKey, AuthKeys, ConnectionInfo, IntegrationRuntimeStatus, IntegrationRuntimeUpdate,
    LinkedRuntime,
};
use rest_core::segment;

/// A call's options.
type Options<'a> = Option<ClientMethodOptions<'a>>;

impl ResourceClient<IntegrationRuntime> {
    /// Changes how a self-hosted runtime keeps itself up to date (`PATCH integrationRuntimes/{name}`).
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn update(
        &self,
        name: &str,
        change: &IntegrationRuntimeUpdate,
        options: Options<'_>,
    ) -> Result<Response<Document<IntegrationRuntime>>> {
        self.patch(name, &change.body(), options).await
    }

    /// How a runtime stands: `POST integrationRuntimes/{name}/getStatus`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn get_status(
        &self,
        name: &str,
        options: Options<'_>,
    ) -> Result<Response<Document<IntegrationRuntimeStatus>>> {
        self.ask(name, "getStatus", None::<&()>, options).await
    }

    /// Starts a managed runtime for SSIS packages, which takes some 20 to 30 minutes, and waits until it is started
    /// (`POST integrationRuntimes/{name}/start`).
    ///
    /// # Errors
    ///
    /// When the service refuses or the operation fails, and [`TimedOut`](crate::TimedOut) when the limit is reached.
    pub async fn start(&self, name: &str, wait: Wait, options: Options<'_>) -> Result<()> {
        let answer = self.act(name, "start", options).await?;
        let what = format!("starting integration runtime `{name}`");
        self.rest.settle(&what, &answer, wait).await
    }

    /// Stops a managed runtime for SSIS packages and waits until it is stopped (`POST integrationRuntimes/{name}/stop`).
    ///
    /// # Errors
    ///
    /// As [`ResourceClient::<IntegrationRuntime>::start`].
    pub async fn stop(&self, name: &str, wait: Wait, options: Options<'_>) -> Result<()> {
        let answer = self.act(name, "stop", options).await?;
        let what = format!("stopping integration runtime `{name}`");
        self.rest.settle(&what, &answer, wait).await
    }

    /// The keys that register a machine with a self-hosted runtime: `POST integrationRuntimes/{name}/listAuthKeys`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn list_auth_keys(&self, name: &str, options: Options<'_>) -> Result<AuthKeys> {
        self.ask(name, "listAuthKeys", None::<&()>, options)
            .await?
            .into_model()
    }

    /// Replaces one of the keys of a self-hosted runtime (`POST integrationRuntimes/{name}/regenerateAuthKey`). The request is
    /// not repeated where it may have arrived.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn regenerate_auth_key(
        &self,
        name: &str,
        key: AuthKey,
        options: Options<'_>,
    ) -> Result<AuthKeys> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.url(name, &["regenerateAuthKey"])?)
            .json(&json!({ "keyName": key.as_str() }))
            .context(&options.context)
            .send::<AuthKeys>()
            .await?
            .into_model()
    }

    /// What the tool on a self-hosted runtime's machine needs to encrypt credentials:
    /// `POST integrationRuntimes/{name}/getConnectionInfo`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn connection_info(
        &self,
        name: &str,
        options: Options<'_>,
    ) -> Result<ConnectionInfo> {
        self.ask(name, "getConnectionInfo", None::<&()>, options)
            .await?
            .into_model()
    }

    /// Makes all nodes of a self-hosted runtime hold the same credentials: `POST integrationRuntimes/{name}/syncCredentials`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn sync_credentials(&self, name: &str, options: Options<'_>) -> Result<Response<()>> {
        self.act(name, "syncCredentials", options).await
    }

    /// Brings a self-hosted runtime to the newest version: `POST integrationRuntimes/{name}/upgrade`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn upgrade(&self, name: &str, options: Options<'_>) -> Result<Response<()>> {
        self.act(name, "upgrade", options).await
    }

    /// The load of each node: `POST integrationRuntimes/{name}/monitoringData`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn monitoring_data(
        &self,
        name: &str,
        options: Options<'_>,
    ) -> Result<Response<Value>> {
        self.ask(name, "monitoringData", None::<&()>, options).await
    }

    /// Takes a shared runtime away from the factory `linked_factory`: `POST integrationRuntimes/{name}/removeLinks`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn remove_links(
        &self,
        name: &str,
        linked_factory: &str,
        options: Options<'_>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.url(name, &["removeLinks"])?)
            .json(&json!({ "factoryName": linked_factory }))
            .repeatable()
            .context(&options.context)
            .send_empty()
            .await
    }

    /// Shares a runtime with another factory: `POST integrationRuntimes/{name}/linkedIntegrationRuntime`. Not repeated where it
    /// may have arrived.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn create_linked(
        &self,
        name: &str,
        linked: &LinkedRuntime,
        options: Options<'_>,
    ) -> Result<Response<Document<IntegrationRuntimeStatus>>> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.url(name, &["linkedIntegrationRuntime"])?)
            .json(linked)
            .context(&options.context)
            .send()
            .await
    }

    /// Reads the catalog of an SSIS runtime anew and waits until that is done:
    /// `POST integrationRuntimes/{name}/refreshObjectMetadata`.
    ///
    /// # Errors
    ///
    /// As [`ResourceClient::<IntegrationRuntime>::start`].
    pub async fn refresh_object_metadata(
        &self,
        name: &str,
        wait: Wait,
        options: Options<'_>,
    ) -> Result<()> {
        let answer = self.act(name, "refreshObjectMetadata", options).await?;
        let what = format!("reading the catalog of integration runtime `{name}`");
        self.rest.settle(&what, &answer, wait).await
    }

    /// The catalog of an SSIS runtime below `path`: `POST integrationRuntimes/{name}/getObjectMetadata`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn object_metadata(
        &self,
        name: &str,
        path: Option<&str>,
        options: Options<'_>,
    ) -> Result<Response<Value>> {
        let body = path.map(|path| json!({ "metadataPath": path }));
        self.ask(name, "getObjectMetadata", body.as_ref(), options)
            .await
    }

    /// The addresses that an SSIS runtime in a network of one's own must be able to reach
    /// (`GET integrationRuntimes/{name}/outboundNetworkDependenciesEndpoints`).
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn outbound_endpoints(
        &self,
        name: &str,
        options: Options<'_>,
    ) -> Result<Response<Value>> {
        let options = options.unwrap_or_default();
        self.rest
            .get(self.url(name, &["outboundNetworkDependenciesEndpoints"])?)
            .context(&options.context)
            .send()
            .await
    }

    /// One machine of a self-hosted runtime (`GET integrationRuntimes/{name}/nodes/{node}`).
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn node(
        &self,
        name: &str,
        node: &str,
        options: Options<'_>,
    ) -> Result<Response<Value>> {
        let options = options.unwrap_or_default();
        self.rest
            .get(self.url(name, &["nodes", segment("node", node)?])?)
            .context(&options.context)
            .send()
            .await
    }

    /// Sets how many jobs a machine of a self-hosted runtime takes at a time (`PATCH integrationRuntimes/{name}/nodes/{node}`).
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn set_node_concurrency(
        &self,
        name: &str,
        node: &str,
        concurrent_jobs: u32,
        options: Options<'_>,
    ) -> Result<Response<Value>> {
        let options = options.unwrap_or_default();
        self.rest
            .patch(self.url(name, &["nodes", segment("node", node)?])?)
            .json(&json!({ "concurrentJobsLimit": concurrent_jobs }))
            .repeatable()
            .context(&options.context)
            .send()
            .await
    }

    /// Removes a machine from a self-hosted runtime (`DELETE integrationRuntimes/{name}/nodes/{node}`).
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn delete_node(
        &self,
        name: &str,
        node: &str,
        options: Options<'_>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.rest
            .delete(self.url(name, &["nodes", segment("node", node)?])?)
            .context(&options.context)
            .send_empty()
            .await
    }

    /// The address of a machine of a self-hosted runtime, as `{"ipAddress"}`
    /// (`POST integrationRuntimes/{name}/nodes/{node}/ipAddress`).
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn node_ip_address(
        &self,
        name: &str,
        node: &str,
        options: Options<'_>,
    ) -> Result<Response<Value>> {
        let options = options.unwrap_or_default();
        let below = ["nodes", segment("node", node)?, "ipAddress"];
        self.rest
            .post(self.url(name, &below)?)
            .repeatable()
            .context(&options.context)
            .send()
            .await
    }

    /// A POST that only reads.
    async fn ask<T: DeserializeOwned>(
        &self,
        name: &str,
        action: &str,
        body: Option<&(impl Serialize + ?Sized)>,
        options: Options<'_>,
    ) -> Result<Response<T>> {
        let options = options.unwrap_or_default();
        let call = self.rest.post(self.url(name, &[action])?).repeatable();
        let call = match body {
            Some(body) => call.json(body),
            None => call,
        };
        call.context(&options.context).send().await
    }

    /// A POST that asks for a state; asking twice is asking once.
    async fn act(&self, name: &str, action: &str, options: Options<'_>) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.url(name, &[action])?)
            .repeatable()
            .context(&options.context)
            .send_empty()
            .await
    }
}
