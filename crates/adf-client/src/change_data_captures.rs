//! Starting and stopping change data captures.

use adf_model::ChangeDataCapture;
use azure_core::Result;
use azure_core::http::{ClientMethodOptions, Response};

use crate::ResourceClient;

impl ResourceClient<ChangeDataCapture> {
    /// Starts a change data capture: `POST adfcdcs/{name}/start`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn start(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        self.act(name, "start", options).await
    }

    /// Stops a change data capture: `POST adfcdcs/{name}/stop`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn stop(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        self.act(name, "stop", options).await
    }

    /// What a change data capture does now, such as `Running`: `GET adfcdcs/{name}/status`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn status(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<String>> {
        let options = options.unwrap_or_default();
        self.rest
            .get(self.url(name, &["status"])?)
            .context(&options.context)
            .send()
            .await
    }

    async fn act(
        &self,
        name: &str,
        action: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.url(name, &[action])?)
            .repeatable()
            .context(&options.context)
            .send_empty()
            .await
    }
}
