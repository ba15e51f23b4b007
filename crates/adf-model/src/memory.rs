//! A factory in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::{Factory, FactoryError, Kind, ResourceId};

/// A factory in memory.
#[derive(Debug, Default)]
pub struct Memory {
    resources: Mutex<BTreeMap<ResourceId, Value>>,
}

impl Memory {
    fn resources(&self) -> MutexGuard<'_, BTreeMap<ResourceId, Value>> {
        self.resources
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Factory for Memory {
    async fn list(&self, kind: Kind) -> Result<Vec<(ResourceId, Value)>, FactoryError> {
        let resources = self.resources();
        let of_kind = resources.iter().filter(|(id, _)| id.kind == kind);
        Ok(of_kind
            .map(|(id, document)| (id.clone(), document.clone()))
            .collect())
    }

    async fn get(&self, id: &ResourceId) -> Result<Value, FactoryError> {
        let found = self.resources().get(id).cloned();
        found.ok_or_else(|| FactoryError::NotFound {
            id: id.clone(),
            source: None,
        })
    }

    async fn put(&self, id: &ResourceId, document: Value) -> Result<(), FactoryError> {
        self.resources().insert(id.clone(), document);
        Ok(())
    }

    async fn delete(&self, id: &ResourceId) -> Result<(), FactoryError> {
        self.resources().remove(id);
        Ok(())
    }
}
