//! Where the engine reads pipelines, datasets and linked services from.

use std::collections::HashMap;
use std::sync::Arc;

use adf_model::{Dataset, Document, Kind, LinkedService, ParseError, Pipeline, ResourceId};
use serde_json::{Map, Value};

/// The definitions of one factory. Names match ignoring case.
pub trait Definitions: Send + Sync + 'static {
    /// The pipeline of this name.
    fn pipeline(&self, name: &str) -> Option<Document<Pipeline>>;

    /// The dataset of this name.
    fn dataset(&self, name: &str) -> Option<Document<Dataset>>;

    /// The linked service of this name.
    fn linked_service(&self, name: &str) -> Option<Document<LinkedService>>;

    /// The values of the factory's global parameters, by name.
    fn global_parameters(&self) -> Map<String, Value>;

    /// The factory's name.
    fn factory_name(&self) -> &str;
}

/// Definitions that are all known beforehand.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    factory: String,
    global_parameters: Map<String, Value>,
    pipelines: HashMap<String, Document<Pipeline>>,
    datasets: HashMap<String, Document<Dataset>>,
    linked_services: HashMap<String, Document<LinkedService>>,
}

impl Snapshot {
    /// An empty factory with these values of global parameters.
    #[must_use]
    pub fn new(factory: impl Into<String>, global_parameters: Map<String, Value>) -> Self {
        Self {
            factory: factory.into(),
            global_parameters,
            ..Self::default()
        }
    }

    /// Adds or replaces a document; kinds other than pipelines, datasets and linked services do not matter to a run.
    ///
    /// # Errors
    ///
    /// When `json` is not a document of the kind.
    pub fn insert(&mut self, id: &ResourceId, json: Value) -> Result<(), ParseError> {
        let name = id.name.to_lowercase();
        match id.kind {
            Kind::Pipeline => {
                self.pipelines.insert(name, Document::parse(json)?);
            }
            Kind::Dataset => {
                self.datasets.insert(name, Document::parse(json)?);
            }
            Kind::LinkedService => {
                self.linked_services.insert(name, Document::parse(json)?);
            }
            _ => {}
        }
        Ok(())
    }
}

impl Definitions for Snapshot {
    fn pipeline(&self, name: &str) -> Option<Document<Pipeline>> {
        self.pipelines.get(&name.to_lowercase()).cloned()
    }

    fn dataset(&self, name: &str) -> Option<Document<Dataset>> {
        self.datasets.get(&name.to_lowercase()).cloned()
    }

    fn linked_service(&self, name: &str) -> Option<Document<LinkedService>> {
        self.linked_services.get(&name.to_lowercase()).cloned()
    }

    fn global_parameters(&self) -> Map<String, Value> {
        self.global_parameters.clone()
    }

    fn factory_name(&self) -> &str {
        &self.factory
    }
}

impl<T: Definitions> Definitions for Arc<T> {
    fn pipeline(&self, name: &str) -> Option<Document<Pipeline>> {
        (**self).pipeline(name)
    }

    fn dataset(&self, name: &str) -> Option<Document<Dataset>> {
        (**self).dataset(name)
    }

    fn linked_service(&self, name: &str) -> Option<Document<LinkedService>> {
        (**self).linked_service(name)
    }

    fn global_parameters(&self) -> Map<String, Value> {
        (**self).global_parameters()
    }

    fn factory_name(&self) -> &str {
        (**self).factory_name()
    }
}
