//! The kinds of things that a factory holds, and how REST, git and references call them.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::folded::Folded;

/// A kind of factory resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The factory itself.
    Factory,
    /// A credential.
    Credential,
    /// A managed virtual network.
    ManagedVirtualNetwork,
    /// A managed private endpoint, below a managed virtual network.
    ManagedPrivateEndpoint,
    /// A connection from a private endpoint to the factory.
    PrivateEndpointConnection,
    /// An integration runtime.
    IntegrationRuntime,
    /// A linked service.
    LinkedService,
    /// A dataset.
    Dataset,
    /// A data flow.
    DataFlow,
    /// A pipeline.
    Pipeline,
    /// A trigger.
    Trigger,
    /// The factory's global parameters as a resource; only the item `default` is used.
    GlobalParameters,
    /// A change data capture.
    ChangeDataCapture,
}

/// Names of one kind: display, REST collection, git folder, ARM type segment, reference type.
struct Names(
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

impl Kind {
    /// All kinds below the factory.
    pub const ALL: [Self; 12] = [
        Self::Credential,
        Self::ManagedVirtualNetwork,
        Self::ManagedPrivateEndpoint,
        Self::PrivateEndpointConnection,
        Self::IntegrationRuntime,
        Self::LinkedService,
        Self::Dataset,
        Self::DataFlow,
        Self::Pipeline,
        Self::Trigger,
        Self::GlobalParameters,
        Self::ChangeDataCapture,
    ];

    #[expect(clippy::too_many_lines, reason = "a table with a row for each kind")]
    const fn names(self) -> Names {
        match self {
            Self::Factory => Names("factory", "factories", "factory", "factories", ""),
            Self::Credential => Names(
                "credential",
                "credentials",
                "credential",
                "credentials",
                "CredentialReference",
            ),
            Self::ManagedVirtualNetwork => Names(
                "managed virtual network",
                "managedVirtualNetworks",
                "managedVirtualNetwork",
                "managedVirtualNetworks",
                "ManagedVirtualNetworkReference",
            ),
            Self::ManagedPrivateEndpoint => Names(
                "managed private endpoint",
                "managedPrivateEndpoints",
                "managedPrivateEndpoint",
                "managedPrivateEndpoints",
                "",
            ),
            Self::PrivateEndpointConnection => Names(
                "private endpoint connection",
                "privateEndpointConnections",
                "",
                "privateEndpointConnections",
                "",
            ),
            Self::IntegrationRuntime => Names(
                "integration runtime",
                "integrationRuntimes",
                "integrationRuntime",
                "integrationRuntimes",
                "IntegrationRuntimeReference",
            ),
            Self::LinkedService => Names(
                "linked service",
                "linkedservices",
                "linkedService",
                "linkedServices",
                "LinkedServiceReference",
            ),
            Self::Dataset => Names(
                "dataset",
                "datasets",
                "dataset",
                "datasets",
                "DatasetReference",
            ),
            Self::DataFlow => Names(
                "data flow",
                "dataflows",
                "dataflow",
                "dataflows",
                "DataFlowReference",
            ),
            Self::Pipeline => Names(
                "pipeline",
                "pipelines",
                "pipeline",
                "pipelines",
                "PipelineReference",
            ),
            Self::Trigger => Names(
                "trigger",
                "triggers",
                "trigger",
                "triggers",
                "TriggerReference",
            ),
            Self::GlobalParameters => Names(
                "global parameters",
                "globalParameters",
                "globalParameters",
                "globalparameters",
                "",
            ),
            Self::ChangeDataCapture => {
                Names("change data capture", "adfcdcs", "adfcdc", "adfcdcs", "")
            }
        }
    }

    /// The path segment of the collection in REST, such as `linkedservices`.
    #[must_use]
    pub const fn collection(self) -> &'static str {
        self.names().1
    }

    /// The folder in a factory's git repository, such as `linkedService`; empty where git has none.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        self.names().2
    }

    /// The last segment of the ARM type, such as `linkedServices` in `Microsoft.DataFactory/factories/linkedServices`.
    #[must_use]
    pub const fn arm_segment(self) -> &'static str {
        self.names().3
    }

    /// The `type` of references to it, such as `DatasetReference`; empty where nothing refers to it.
    #[must_use]
    pub const fn reference(self) -> &'static str {
        self.names().4
    }

    /// The kind whose references have this `type`, such as `DatasetReference`.
    #[must_use]
    pub fn of_reference(kind: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|candidate| !kind.is_empty() && candidate.reference() == kind)
    }

    /// The kind with this REST collection, whatever its case.
    #[must_use]
    pub fn of_collection(collection: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.collection().eq_ignore_ascii_case(collection))
    }

    /// The git folders of all kinds that have one, by which resources are named: `pipeline` in `pipeline.ingest`.
    pub fn folders() -> impl Iterator<Item = &'static str> {
        let kinds = Self::ALL.into_iter().chain([Self::Factory]);
        kinds.map(Self::folder).filter(|folder| !folder.is_empty())
    }

    /// The kind with this git folder, whatever its case.
    #[must_use]
    pub fn of_folder(folder: &str) -> Option<Self> {
        let named =
            |kind: &Self| !kind.folder().is_empty() && kind.folder().eq_ignore_ascii_case(folder);
        Self::ALL.into_iter().chain([Self::Factory]).find(named)
    }

    /// Whether PUT takes `If-Match` (declared for all but global parameters).
    #[must_use]
    pub const fn has_etag(self) -> bool {
        !matches!(self, Self::GlobalParameters)
    }

    /// Whether the service has a DELETE for the kind (managed virtual networks have none).
    #[must_use]
    pub const fn can_be_deleted(self) -> bool {
        !matches!(self, Self::ManagedVirtualNetwork)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.names().0)
    }
}

/// A typed reading of one kind of resource.
pub trait Resource: DeserializeOwned + Send + 'static {
    /// The kind.
    const KIND: Kind;
}

/// A reading that looks at nothing: any JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Any {}

/// A resource within a factory. Names that differ only in case name the same resource.
#[derive(Clone, Debug)]
pub struct ResourceId {
    /// The kind.
    pub kind: Kind,
    /// The name.
    pub name: String,
    /// The managed virtual network that a managed private endpoint is below.
    pub parent: Option<String>,
}

impl ResourceId {
    /// A resource that stands directly below the factory.
    pub fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            parent: None,
        }
    }

    /// A managed private endpoint below the managed virtual network `parent`.
    pub fn below(parent: impl Into<String>, kind: Kind, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            parent: Some(parent.into()),
        }
    }

    /// The resource of a name as people write it: a managed private endpoint may have its network before its own, `default/sql`.
    #[must_use]
    pub fn named(kind: Kind, name: &str) -> Self {
        match name.split_once('/') {
            Some((network, name)) if kind == Kind::ManagedPrivateEndpoint => {
                Self::below(network, kind, name)
            }
            _ => Self::new(kind, name),
        }
    }

    /// The path segments below the factory.
    #[must_use]
    pub fn segments(&self) -> Vec<&str> {
        match &self.parent {
            Some(parent) => {
                vec![
                    Kind::ManagedVirtualNetwork.collection(),
                    parent,
                    self.kind.collection(),
                    &self.name,
                ]
            }
            None => vec![self.kind.collection(), &self.name],
        }
    }

    fn key(&self) -> (Kind, Option<Folded<'_>>, Folded<'_>) {
        (
            self.kind,
            self.parent.as_deref().map(Folded),
            Folded(&self.name),
        )
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.parent {
            Some(parent) => write!(out, "{} `{parent}/{}`", self.kind, self.name),
            None => write!(out, "{} `{}`", self.kind, self.name),
        }
    }
}

impl PartialEq for ResourceId {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for ResourceId {}

impl PartialOrd for ResourceId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ResourceId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for ResourceId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_case_are_one_resource() {
        let upper = ResourceId::new(Kind::Dataset, "Input");

        assert_eq!(upper, ResourceId::new(Kind::Dataset, "input"));
        assert_ne!(upper, ResourceId::new(Kind::Pipeline, "Input"));
        let endpoint = |parent| ResourceId::below(parent, Kind::ManagedPrivateEndpoint, "e");
        assert_eq!(endpoint("Default"), endpoint("default"));
        assert_ne!(endpoint("default"), endpoint("other"));
    }

    #[test]
    fn each_kind_is_found_by_each_of_its_names() {
        for kind in Kind::ALL {
            assert_eq!(
                Kind::of_collection(&kind.collection().to_uppercase()),
                Some(kind)
            );
            if !kind.folder().is_empty() {
                assert_eq!(Kind::of_folder(kind.folder()), Some(kind));
            }
        }
        assert_eq!(Kind::of_reference("DatasetReference"), Some(Kind::Dataset));
        assert_eq!(Kind::of_reference("NotebookReference"), None);
        assert_eq!(Kind::of_reference(""), None);
    }
}
