//! What activities start outside of the factory.

use std::fmt;

use adf_model::Members as _;
use serde_json::Value;

use crate::activities;

/// A kind of work outside of the factory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExternalKind {
    /// A Databricks notebook, by its path in the workspace.
    Notebook,
    /// A Python file that a Databricks cluster runs.
    PythonFile,
    /// The main class of a JAR that a Databricks cluster runs.
    JavaClass,
    /// A Databricks job, by its id.
    Job,
    /// A published Azure ML pipeline, by its id.
    MlPipeline,
    /// An endpoint of Azure ML pipelines, by its id.
    MlPipelineEndpoint,
}

impl fmt::Display for ExternalKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Notebook => "notebook",
            Self::PythonFile => "Python file",
            Self::JavaClass => "Java class",
            Self::Job => "Databricks job",
            Self::MlPipeline => "ML pipeline",
            Self::MlPipelineEndpoint => "ML pipeline endpoint",
        })
    }
}

/// Something outside of the factory, as an activity names it: a constant, or the text of an expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct External {
    /// What it is.
    pub kind: ExternalKind,
    /// Its path, class or id.
    pub name: String,
}

impl fmt::Display for External {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} `{}`", self.kind, self.name)
    }
}

/// Where activities name what they start: the activity's type, and the property.
const PLACES: [(&str, &str, ExternalKind); 6] = [
    ("DatabricksNotebook", "notebookPath", ExternalKind::Notebook),
    (
        "DatabricksSparkPython",
        "pythonFile",
        ExternalKind::PythonFile,
    ),
    (
        "DatabricksSparkJar",
        "mainClassName",
        ExternalKind::JavaClass,
    ),
    ("DatabricksJob", "jobId", ExternalKind::Job),
    (
        "AzureMLExecutePipeline",
        "mlPipelineId",
        ExternalKind::MlPipeline,
    ),
    (
        "AzureMLExecutePipeline",
        "mlPipelineEndpointId",
        ExternalKind::MlPipelineEndpoint,
    ),
];

/// What the activities of a pipeline start, with the JSON pointer of each name, in document order.
#[must_use]
pub fn externals(pipeline: &Value) -> Vec<(String, External)> {
    let mut found = Vec::new();
    for activity in activities(pipeline) {
        let Some(kind) = activity.kind() else {
            continue;
        };
        for (of_type, property, external) in PLACES {
            if of_type != kind {
                continue;
            }
            let named = activity.type_property(property).and_then(text);
            if let Some(name) = named.filter(|name| !name.is_empty()) {
                let pointer = format!("{}/typeProperties/{property}", activity.pointer);
                found.push((
                    pointer,
                    External {
                        kind: external,
                        name,
                    },
                ));
            }
        }
    }
    found
}

/// The text of a property that may be an expression object or a number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => object.member("value")?.as_str().map(str::to_owned),
        _ => None,
    }
}
