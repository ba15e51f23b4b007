//! The factories of a subscription.

use std::sync::Arc;

use adf_model::{Document, FactoryResource, Kind};
use azure_core::Result;
use azure_core::credentials::TokenCredential;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response};
use rest_core::{Package, Page, RestClient};
use serde_json::{Value, json};

use crate::models::FeatureValue;
use crate::passing;
use crate::{FactoryClient, FactoryClientOptions, FactoryId, ResourceClient};
use rest_core::segment;

/// The factories of a subscription.
///
/// ```no_run
/// use adf_client::FactoriesClient;
/// use futures::TryStreamExt;
///
/// # async fn example(factories: FactoriesClient) -> azure_core::Result<()> {
/// let in_group: Vec<_> = factories.in_group("rg-dev")?.list(None).try_collect().await?;
/// let pipelines = factories.factory("rg-dev", "adf-dev")?.pipelines();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct FactoriesClient {
    subscription: String,
    rest: RestClient,
}

pub(crate) const PROVIDER: [&str; 2] = ["providers", "Microsoft.DataFactory"];

impl FactoriesClient {
    /// Creates a client.
    ///
    /// # Errors
    ///
    /// When the endpoint is not a URL or is plain `http` on another machine, or when `subscription` is not a name.
    pub fn new(
        subscription: &str,
        credential: Arc<dyn TokenCredential>,
        options: Option<FactoryClientOptions>,
    ) -> Result<Self> {
        let options = options.unwrap_or_default();
        let package = Package {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        };
        let scope = options.token_scope()?;
        let FactoryClientOptions {
            endpoint,
            api_version,
            rest,
            ..
        } = options;
        let rest =
            RestClient::new(package, &endpoint, credential, &scope, rest)?.judge(passing::judge);
        let named = segment("subscription", subscription)?;
        Ok(Self {
            subscription: subscription.to_owned(),
            rest: rest
                .api_version(api_version)
                .scope(["subscriptions", named]),
        })
    }

    /// Lists the factories of the subscription (`GET /subscriptions/{subscription}/providers/Microsoft.DataFactory/factories`).
    pub fn list(
        &self,
        options: Option<PagerOptions<'static>>,
    ) -> Pager<Page<Document<FactoryResource>>> {
        let factories = PROVIDER.into_iter().chain([Kind::Factory.collection()]);
        self.rest.list(self.rest.url(factories), options)
    }

    /// The factories of a resource group, to list, read, create and delete.
    ///
    /// A PUT of a factory replaces all of it, its repository and global parameters too.
    ///
    /// # Errors
    ///
    /// When `resource_group` is not a name.
    pub fn in_group(&self, resource_group: &str) -> Result<ResourceClient<FactoryResource>> {
        let group = segment("resource group", resource_group)?;
        let path = ["resourceGroups", group].into_iter().chain(PROVIDER);
        Ok(ResourceClient::new(self.rest.scope(path)))
    }

    /// A client for one factory.
    ///
    /// # Errors
    ///
    /// When `resource_group` or `factory` is not a name.
    pub fn factory(&self, resource_group: &str, factory: &str) -> Result<FactoryClient> {
        let group = self.in_group(resource_group)?;
        let id = FactoryId {
            subscription: self.subscription.clone(),
            resource_group: resource_group.to_owned(),
            factory: segment(&Kind::Factory.to_string(), factory)?.to_owned(),
        };
        Ok(FactoryClient::within(group, id))
    }

    /// Connects a factory with a git repository:
    /// `POST /subscriptions/{subscription}/providers/Microsoft.DataFactory/locations/{location}/configureFactoryRepo`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or `location` is not a name.
    pub async fn configure_repo(
        &self,
        location: &str,
        factory: &FactoryId,
        repository: &Value,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Document<FactoryResource>>> {
        let options = options.unwrap_or_default();
        let body =
            json!({ "factoryResourceId": factory.to_string(), "repoConfiguration": repository });
        self.rest
            .post(self.at(location, "configureFactoryRepo")?)
            .json(&body)
            .repeatable()
            .context(&options.context)
            .send()
            .await
    }

    /// Reads a feature flag of a region:
    /// `POST /subscriptions/{subscription}/providers/Microsoft.DataFactory/locations/{location}/getFeatureValue`.
    ///
    /// # Errors
    ///
    /// When the service refuses, or `location` is not a name.
    pub async fn feature_value(
        &self,
        location: &str,
        feature: &str,
        feature_type: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<FeatureValue>> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.at(location, "getFeatureValue")?)
            .json(&json!({ "featureName": feature, "featureType": feature_type }))
            .repeatable()
            .context(&options.context)
            .send()
            .await
    }

    fn at(&self, location: &str, action: &str) -> Result<azure_core::http::Url> {
        let below = ["locations", segment("location", location)?, action];
        Ok(self.rest.url(PROVIDER.into_iter().chain(below)))
    }
}
