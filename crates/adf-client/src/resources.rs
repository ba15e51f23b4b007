//! The one way to read and write every kind of resource.

use std::marker::PhantomData;

use adf_model::{Document, Kind, ManagedPrivateEndpoint, Resource};
use azure_core::http::headers::{HeaderName, IF_MATCH};
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response, Url};
use azure_core::{Error, Result};
use rest_core::{Page, RestClient, Retry, ServiceErrorExt};
use serde_json::Value;

use crate::kinds::{Deletable, Versioned};
use rest_core::segment;

const IF_NONE_MATCH: HeaderName = HeaderName::from_static("if-none-match");

/// The resources of one kind.
///
/// Documents are kept whole: what the reading `K` does not name is sent back as it came. One thing does not survive a round
/// trip, because the service hides it: a `SecureString` is answered as asterisks, so that a linked service that was read must
/// not be written back without its secrets.
///
/// ```no_run
/// use adf_client::FactoryClient;
/// use futures::TryStreamExt;
///
/// # async fn example(factory: FactoryClient) -> azure_core::Result<()> {
/// let mut datasets = factory.datasets().list(None);
/// while let Some(dataset) = datasets.try_next().await? {
///     println!("{:?}: {}", dataset.name(), dataset.properties.kind);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ResourceClient<K> {
    pub(crate) rest: RestClient,
    kind: PhantomData<fn() -> K>,
}

/// The collection in the path of a list, which differs in case from that of an item for one kind.
pub(crate) fn listed(kind: Kind) -> &'static str {
    match kind {
        Kind::PrivateEndpointConnection => "privateEndPointConnections",
        _ => kind.collection(),
    }
}

impl<K: Resource> ResourceClient<K> {
    pub(crate) fn new(rest: RestClient) -> Self {
        Self {
            rest,
            kind: PhantomData,
        }
    }

    /// The same client that repeats requests in another way: for a caller that repeats them itself.
    #[must_use]
    pub fn with_retry(&self, retry: Retry) -> Self {
        Self::new(self.rest.clone().with_retry(retry))
    }

    /// The URL of `below` under the resource `name`.
    pub(crate) fn url(&self, name: &str, below: &[&str]) -> Result<Url> {
        let collection = K::KIND.collection();
        let name = segment(&K::KIND.to_string(), name)?;
        Ok(self
            .rest
            .url([collection, name].into_iter().chain(below.iter().copied())))
    }

    /// Gets a resource: `GET {collection}/{name}`.
    ///
    /// # Errors
    ///
    /// A [`ServiceError`](crate::ServiceError) with status 404 when it does not exist.
    pub async fn get(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Document<K>>> {
        let options = options.unwrap_or_default();
        self.rest
            .get(self.url(name, &[])?)
            .context(&options.context)
            .send()
            .await
    }

    /// Creates a resource, or replaces it as a whole: `PUT {collection}/{name}`.
    ///
    /// # Errors
    ///
    /// A [`ServiceError`](crate::ServiceError) when the service refuses the document, among others with the code
    /// `TriggerEnabledCannotUpdate` for a trigger that is started, and with `BadRequest` for a reference that leads nowhere.
    pub async fn put(
        &self,
        name: &str,
        document: &Document<K>,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Document<K>>> {
        let options = options.unwrap_or_default();
        self.rest
            .put(self.url(name, &[])?)
            .json(document)
            .context(&options.context)
            .send()
            .await
    }

    /// Lists all resources of the kind, in the service's order: `GET {collection}`.
    pub fn list(&self, options: Option<PagerOptions<'static>>) -> Pager<Page<Document<K>>> {
        self.rest.list(self.rest.url([listed(K::KIND)]), options)
    }

    /// Changes some properties of a resource, for the kinds that have it.
    pub(crate) async fn patch(
        &self,
        name: &str,
        change: &Value,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Document<K>>> {
        let options = options.unwrap_or_default();
        self.rest
            .patch(self.url(name, &[])?)
            .json(change)
            .repeatable()
            .context(&options.context)
            .send()
            .await
    }
}

impl<K: Versioned> ResourceClient<K> {
    /// Gets a resource unless its entity tag still is `etag` (`GET {collection}/{name}` with `If-None-Match`); nothing then.
    ///
    /// # Errors
    ///
    /// As [`ResourceClient::get`].
    pub async fn get_if_changed(
        &self,
        name: &str,
        etag: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Option<Response<Document<K>>>> {
        let options = options.unwrap_or_default();
        let answer = self
            .rest
            .get(self.url(name, &[])?)
            .header(IF_NONE_MATCH, etag.to_owned())
            .context(&options.context)
            .send()
            .await;
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if is_unchanged(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Replaces a resource as a whole if its entity tag still is `etag` (`PUT {collection}/{name}` with `If-Match`); `*` stands
    /// for any, but for one that exists.
    ///
    /// # Errors
    ///
    /// As [`ResourceClient::put`], and with status 412 when somebody else has changed it.
    pub async fn put_if_match(
        &self,
        name: &str,
        document: &Document<K>,
        etag: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<Document<K>>> {
        let options = options.unwrap_or_default();
        self.rest
            .put(self.url(name, &[])?)
            .header(IF_MATCH, etag.to_owned())
            .json(document)
            .context(&options.context)
            .send()
            .await
    }
}

impl<K: Deletable> ResourceClient<K> {
    /// Deletes a resource: `DELETE {collection}/{name}`. One that does not exist is answered with status 204.
    ///
    /// # Errors
    ///
    /// A [`ServiceError`](crate::ServiceError) when the service refuses, with the code `BadRequest` when something still
    /// refers to it and `TriggerEnabledCannotUpdate` for a trigger that is started.
    pub async fn delete(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.rest
            .delete(self.url(name, &[])?)
            .context(&options.context)
            .send_empty()
            .await
    }
}

/// The private endpoints of the managed virtual network `network`.
pub(crate) fn below_network(
    factory: &RestClient,
    network: &str,
) -> Result<ResourceClient<ManagedPrivateEndpoint>> {
    let kind = Kind::ManagedVirtualNetwork;
    let network = segment(&kind.to_string(), network)?;
    Ok(ResourceClient::new(
        factory.scope([kind.collection(), network]),
    ))
}

fn is_unchanged(error: &Error) -> bool {
    error
        .service_error()
        .is_some_and(|refusal| u16::from(refusal.status) == 304)
}
