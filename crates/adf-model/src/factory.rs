//! One way to reach a factory's resources, wherever they are.

use std::error::Error;
use std::future::Future;

use serde_json::Value;

use crate::{Kind, ResourceId};

/// A place that holds a factory's resources as documents.
pub trait Factory: Sync {
    /// All resources of a kind, ordered by name.
    ///
    /// # Errors
    ///
    /// When the place cannot be read.
    fn list(
        &self,
        kind: Kind,
    ) -> impl Future<Output = Result<Vec<(ResourceId, Value)>, FactoryError>> + Send;

    /// One resource.
    ///
    /// # Errors
    ///
    /// [`FactoryError::NotFound`] when it is not there.
    fn get(&self, id: &ResourceId) -> impl Future<Output = Result<Value, FactoryError>> + Send;

    /// Creates or replaces a resource.
    ///
    /// # Errors
    ///
    /// When the place refuses it.
    fn put(
        &self,
        id: &ResourceId,
        document: Value,
    ) -> impl Future<Output = Result<(), FactoryError>> + Send;

    /// Removes a resource; one that is not there counts as removed.
    ///
    /// # Errors
    ///
    /// When the place refuses it.
    fn delete(&self, id: &ResourceId) -> impl Future<Output = Result<(), FactoryError>> + Send;
}

type Source = Box<dyn Error + Send + Sync>;

/// Why a factory did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FactoryError {
    /// It does not exist.
    #[error("{id} does not exist")]
    NotFound {
        /// The resource.
        id: ResourceId,
        /// What the place said.
        #[source]
        source: Option<Source>,
    },
    /// Somebody else has changed it, or is changing it.
    #[error("{id} was changed by somebody else")]
    Conflict {
        /// The resource.
        id: ResourceId,
        /// What the place said.
        #[source]
        source: Source,
    },
    /// The caller may not do it.
    #[error("{id}: access denied")]
    Denied {
        /// The resource.
        id: ResourceId,
        /// What the place said.
        #[source]
        source: Source,
    },
    /// Too many requests.
    #[error("{id}: throttled")]
    Throttled {
        /// The resource.
        id: ResourceId,
        /// What the place said.
        #[source]
        source: Source,
    },
    /// The service does not accept it.
    #[error("{id} is refused")]
    Refused {
        /// The resource.
        id: ResourceId,
        /// The service's code, such as `TriggerEnabledCannotUpdate`.
        code: Option<String>,
        /// What the place said.
        #[source]
        source: Source,
    },
    /// Anything else.
    #[error("{id}")]
    Other {
        /// The resource.
        id: ResourceId,
        /// What went wrong.
        #[source]
        source: Source,
    },
}

impl FactoryError {
    /// The resource that it is about.
    #[must_use]
    pub fn id(&self) -> &ResourceId {
        match self {
            Self::NotFound { id, .. }
            | Self::Conflict { id, .. }
            | Self::Denied { id, .. }
            | Self::Throttled { id, .. }
            | Self::Refused { id, .. }
            | Self::Other { id, .. } => id,
        }
    }
}
