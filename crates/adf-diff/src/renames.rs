//! What is called otherwise in the head.

use std::collections::HashMap;

use adf_model::{Kind, ResourceId};
use serde_json::Value;

/// New names of resources.
#[derive(Clone, Debug, Default)]
pub(crate) struct Renames {
    names: HashMap<ResourceId, String>,
    /// Of the activities of the pipeline that is compared, by their old names in lower case.
    activities: HashMap<String, String>,
}

impl Renames {
    pub(crate) fn add(&mut self, from: &ResourceId, to: &ResourceId) {
        self.names.insert(from.clone(), to.name.clone());
    }

    /// The same, with new names of activities.
    pub(crate) fn with_activities(&self, activities: HashMap<String, String>) -> Self {
        Self {
            names: self.names.clone(),
            activities,
        }
    }

    /// The new name of what a value of the base refers to: a reference object, or one that holds it under `pipelineReference` or
    /// `referenceTrigger`; or an entry of
    /// `dependsOn`.
    pub(crate) fn of_reference(&self, value: &Value) -> Option<String> {
        if let Some(activity) = value.get("activity").and_then(Value::as_str) {
            return self.activities.get(&activity.to_lowercase()).cloned();
        }
        if self.names.is_empty() {
            return None;
        }
        let inner = value
            .get("pipelineReference")
            .or_else(|| value.get("referenceTrigger"));
        let reference = inner.unwrap_or(value);
        let kind = Kind::of_reference(reference.get("type")?.as_str()?)?;
        let name = reference.get("referenceName")?.as_str()?;
        self.names.get(&ResourceId::new(kind, name)).cloned()
    }
}
