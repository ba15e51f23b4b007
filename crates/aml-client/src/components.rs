//! Components (v2) through Azure Resource Manager.

use azure_core::Result;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response};
use rest_core::{Page, RestClient};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Entity;
use crate::name::named;
use crate::reading::{PrivateMap, nested};

/// A version of a component (`Component Versions - Get`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ComponentVersion {
    /// The resource id, which jobs and deployments name.
    pub id: Option<String>,
    /// The version.
    pub name: Option<String>,
    /// What the component is.
    #[serde(default, deserialize_with = "nested")]
    pub properties: ComponentProperties,
}

/// The `properties` of a [`ComponentVersion`].
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ComponentProperties {
    /// What its author says.
    pub description: Option<String>,
    /// Whether it was made for one job alone.
    #[serde(default)]
    pub is_anonymous: bool,
    /// Whether it is hidden from lists.
    #[serde(default)]
    pub is_archived: bool,
    /// The component's YAML as JSON.
    #[serde(default)]
    pub component_spec: Value,
    /// Tags.
    #[serde(default)]
    pub tags: PrivateMap,
}

/// Options of [`ComponentsClient::list_versions`].
#[derive(Clone, Debug, Default)]
pub struct ComponentListOptions {
    /// The order, such as `createdtime desc`.
    pub order_by: Option<String>,
    /// The most versions that are listed.
    pub top: Option<u32>,
    /// `ActiveOnly`, `ArchivedOnly` or `All`.
    pub list_view_type: Option<String>,
    /// Options of the list.
    pub method_options: PagerOptions<'static>,
}

/// The components of a workspace.
#[derive(Clone, Debug)]
pub struct ComponentsClient {
    rest: RestClient,
}

impl ComponentsClient {
    pub(crate) fn new(rest: RestClient) -> Self {
        Self { rest }
    }

    /// Registers a version (`Component Versions - Create Or Update`); `body` is `{"properties":{"componentSpec":{…}}}`. A
    /// version does not change afterwards, save for description, tags and archiving.
    ///
    /// # Errors
    ///
    /// [`ServiceError`](crate::ServiceError) inside the error when the service refuses.
    pub async fn create_version<B: Serialize + ?Sized>(
        &self,
        name: &str,
        version: &str,
        body: &B,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<ComponentVersion>>> {
        let options = options.unwrap_or_default();
        let (name, version) = (named("component", name)?, named("version", version)?);
        let url = self.rest.url(["components", name, "versions", version]);
        let call = self.rest.put(url).context(&options.context);
        call.json(body).send().await
    }

    /// Gets a version (`Component Versions - Get`).
    ///
    /// # Errors
    ///
    /// As [`ComponentsClient::create_version`].
    pub async fn get_version(
        &self,
        name: &str,
        version: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Entity<ComponentVersion>>> {
        let options = options.unwrap_or_default();
        let (name, version) = (named("component", name)?, named("version", version)?);
        let url = self.rest.url(["components", name, "versions", version]);
        self.rest.get(url).context(&options.context).send().await
    }

    /// Lists the versions of a component (`Component Versions - List`).
    ///
    /// # Errors
    ///
    /// When `name` is empty.
    pub fn list_versions(
        &self,
        name: &str,
        options: Option<ComponentListOptions>,
    ) -> Result<Pager<Page<Entity<ComponentVersion>>>> {
        let options = options.unwrap_or_default();
        let url = self
            .rest
            .url(["components", named("component", name)?, "versions"]);
        let (order, top, view) = (options.order_by, options.top, options.list_view_type);
        Ok(self
            .rest
            .pages(Some(options.method_options), move |rest, _| {
                rest.get(url.clone())
                    .query("$orderBy", order.as_deref())
                    .query("$top", top)
                    .query("listViewType", view.as_deref())
            }))
    }
}
