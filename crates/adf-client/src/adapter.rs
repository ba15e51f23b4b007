//! A factory in Azure as one of the places that hold a factory's resources.

use adf_model::{Document, Factory, FactoryError, Kind, ResourceId};
use azure_core::http::Url;
use azure_core::{Error, Result};
use futures::TryStreamExt;
use rest_core::{Page, RestClient, ServiceErrorExt};
use serde_json::{Map, Value};

use crate::FactoryClient;
use crate::resources::listed;
use rest_core::segment;

/// A factory in Azure, as a [`Factory`].
///
/// Documents are sent and given as they are, without a typed reading. The factory itself is listed, read and written under its
/// own name, and never deleted this way.
///
/// ```no_run
/// use adf_client::{FactoryClient, Remote};
/// use adf_model::{Factory, FactoryError, Folder, Kind};
///
/// # async fn example(factory: FactoryClient) -> Result<(), FactoryError> {
/// let (azure, git) = (Remote::new(factory), Folder::new("adf"));
/// for (id, document) in git.list(Kind::Pipeline).await? {
///     azure.put(&id, document).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Remote {
    client: FactoryClient,
}

impl Remote {
    /// Wraps a client.
    #[must_use]
    pub fn new(client: FactoryClient) -> Self {
        Self { client }
    }

    /// The client.
    #[must_use]
    pub fn client(&self) -> &FactoryClient {
        &self.client
    }

    pub(crate) fn rest(&self) -> &RestClient {
        &self.client.rest
    }

    /// The URL of a resource; an error when it cannot be in this factory.
    pub(crate) fn url(&self, id: &ResourceId) -> std::result::Result<Url, FactoryError> {
        let has_parent = id.parent.is_some();
        if has_parent != (id.kind == Kind::ManagedPrivateEndpoint) {
            return Err(refused(
                id,
                "a managed private endpoint, and nothing else, is below a managed virtual network",
            ));
        }
        if id.kind == Kind::Factory {
            return if id.name.eq_ignore_ascii_case(&self.client.id().factory) {
                Ok(self.rest().url([]))
            } else {
                Err(FactoryError::NotFound {
                    id: id.clone(),
                    source: None,
                })
            };
        }
        let names = id.parent.iter().chain([&id.name]);
        for name in names {
            segment(&id.kind.to_string(), name).map_err(|error| refused(id, error))?;
        }
        Ok(self.rest().url(id.segments()))
    }

    async fn list_at(&self, url: Url, kind: Kind, parent: Option<&str>) -> Result<Vec<Listed>> {
        let documents: Vec<Document<Named>> = self
            .rest()
            .list::<Page<Document<Named>>>(url, None)
            .try_collect()
            .await?;
        let identified = documents.into_iter().map(|document| {
            let id = ResourceId {
                kind,
                name: document.name.clone(),
                parent: parent.map(str::to_owned),
            };
            (id, document.into_json())
        });
        Ok(identified.collect())
    }

    async fn list_all(&self, kind: Kind) -> Result<Vec<Listed>> {
        match kind {
            Kind::Factory => {
                let factory = self.client.get(None).await?.into_model()?;
                let id = ResourceId::new(kind, self.client.id().factory.clone());
                Ok(vec![(id, factory.into_json())])
            }
            Kind::ManagedPrivateEndpoint => {
                let above = Kind::ManagedVirtualNetwork;
                let networks = self.rest().url([listed(above)]);
                let mut found = Vec::new();
                for (network, _) in self.list_at(networks, above, None).await? {
                    let network = segment(&above.to_string(), &network.name)?;
                    let path = [above.collection(), network, listed(kind)];
                    let url = self.rest().url(path);
                    found.extend(self.list_at(url, kind, Some(network)).await?);
                }
                Ok(found)
            }
            _ => {
                let url = self.rest().url([listed(kind)]);
                self.list_at(url, kind, None).await
            }
        }
    }
}

type Listed = (ResourceId, Value);

/// The one thing that a listed resource must have.
#[derive(serde::Deserialize)]
struct Named {
    name: String,
}

impl Factory for Remote {
    async fn list(&self, kind: Kind) -> std::result::Result<Vec<Listed>, FactoryError> {
        let all = self.list_all(kind).await;
        // What is asked is the factory: what is missing or closed is it, and none of its resources.
        let factory = || ResourceId::new(Kind::Factory, self.client.id().factory.clone());
        let mut all = all.map_err(|error| failure(&factory(), error))?;
        all.sort_by(|(left, _), (right, _)| left.cmp(right));
        Ok(all)
    }

    async fn get(&self, id: &ResourceId) -> std::result::Result<Value, FactoryError> {
        let call = self.rest().get(self.url(id)?);
        let document = call.send::<Map<String, Value>>().await;
        document
            .and_then(azure_core::http::Response::into_model)
            .map(Value::Object)
            .map_err(|error| failure(id, error))
    }

    async fn put(&self, id: &ResourceId, document: Value) -> std::result::Result<(), FactoryError> {
        let call = self.rest().put(self.url(id)?).json(&document);
        call.send_empty()
            .await
            .map(drop)
            .map_err(|error| failure(id, error))
    }

    async fn delete(&self, id: &ResourceId) -> std::result::Result<(), FactoryError> {
        if !id.kind.can_be_deleted() || id.kind == Kind::Factory {
            return Err(refused(
                id,
                format!("a {} is not deleted this way", id.kind),
            ));
        }
        match self.rest().delete(self.url(id)?).send_empty().await {
            Ok(_) => Ok(()),
            Err(error) if is_gone(&error) => Ok(()),
            Err(error) => Err(failure(id, error)),
        }
    }
}

/// Whether the resource alone is missing, and not what it should be in.
pub(crate) fn is_gone(error: &Error) -> bool {
    let code = error.service_error().and_then(|said| said.code.as_deref());
    let above = [
        "ParentResourceNotFound",
        "ResourceGroupNotFound",
        "SubscriptionNotFound",
    ];
    error.is_not_found() && !code.is_some_and(|code| above.contains(&code))
}

fn refused(
    id: &ResourceId,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> FactoryError {
    FactoryError::Refused {
        id: id.clone(),
        code: None,
        source: source.into(),
    }
}

/// What an error of the client means for a factory.
fn failure(id: &ResourceId, error: Error) -> FactoryError {
    let id = id.clone();
    let refusal = error.service_error();
    let status = refusal.map(|refusal| u16::from(refusal.status));
    let code = refusal.and_then(|refusal| refusal.code.clone());
    let source = Box::new(error);
    match status {
        Some(404) => FactoryError::NotFound {
            id,
            source: Some(source),
        },
        Some(409 | 412) => FactoryError::Conflict { id, source },
        Some(401 | 403) => FactoryError::Denied { id, source },
        Some(429) => FactoryError::Throttled { id, source },
        Some(400..500) => FactoryError::Refused { id, code, source },
        _ => FactoryError::Other { id, source },
    }
}
