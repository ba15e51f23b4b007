//! Activities. The set of types is open: `kind` is text, `type_properties` stay JSON and are read on demand.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{Expression, ParseError, ReferenceTo};

/// An activity of a pipeline.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Activity {
    /// The name, unique within the whole pipeline.
    pub name: String,
    /// The type, such as `Copy`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The siblings that it waits for.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub depends_on: Vec<Dependency>,
    /// What the type needs.
    #[serde(default)]
    pub type_properties: Value,
    /// The linked service that does the work.
    pub linked_service_name: Option<ReferenceTo>,
    /// The datasets that it reads.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub inputs: Vec<ReferenceTo>,
    /// The datasets that it writes.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub outputs: Vec<ReferenceTo>,
    /// Time limit, retries, secrecy.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub policy: ActivityPolicy,
    /// Labels of its runs.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub user_properties: Vec<UserProperty>,
    /// `Active` or `Inactive`.
    pub state: Option<String>,
    /// What an inactive activity counts as.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub on_inactive_mark_as: InactiveMark,
}

impl Activity {
    /// Reads `typeProperties` as the properties of one type; left out counts as empty.
    ///
    /// # Errors
    ///
    /// When they are not; the error names the place.
    pub fn properties<T: DeserializeOwned>(&self) -> Result<T, ParseError> {
        let none = Value::Object(Map::new());
        let properties = match &self.type_properties {
            Value::Null => &none,
            given => given,
        };
        serde_path_to_error::deserialize(properties).map_err(|error| ParseError {
            path: error.path().to_string(),
            source: error.into_inner(),
        })
    }

    /// Whether it is switched off.
    #[must_use]
    pub fn is_inactive(&self) -> bool {
        self.state
            .as_deref()
            .is_some_and(|state| state.eq_ignore_ascii_case("Inactive"))
    }
}

/// What an activity waits for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Dependency {
    /// The sibling's name.
    pub activity: String,
    /// How it may end, one of these.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub dependency_conditions: Vec<Condition>,
}

/// How an activity must have ended for another one to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
pub enum Condition {
    /// It succeeded.
    Succeeded,
    /// It failed.
    Failed,
    /// It was skipped.
    Skipped,
    /// It succeeded or failed.
    Completed,
}

/// Time limit, retries and secrecy of an activity. Numbers may be expressions.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ActivityPolicy {
    /// `[d.]hh:mm:ss` for each attempt.
    pub timeout: Option<Expression>,
    /// How often a failed attempt is repeated.
    pub retry: Option<Expression>,
    /// The pause between attempts, in seconds.
    pub retry_interval_in_seconds: Option<Expression>,
    /// Whether monitoring hides the input.
    #[serde(deserialize_with = "crate::as_text::boolean")]
    pub secure_input: bool,
    /// Whether monitoring hides the output.
    #[serde(deserialize_with = "crate::as_text::boolean")]
    pub secure_output: bool,
}

/// What an inactive activity counts as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum InactiveMark {
    /// It counts as succeeded.
    #[default]
    Succeeded,
    /// It counts as failed.
    Failed,
    /// It counts as skipped.
    Skipped,
}

/// A label of an activity's runs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct UserProperty {
    /// The name.
    pub name: String,
    /// The value, which may be an expression.
    #[serde(default)]
    pub value: Value,
}

/// The properties of `IfCondition`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IfCondition {
    /// What decides; a Boolean.
    pub expression: Expression,
    /// What runs when it is true.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub if_true_activities: Vec<Activity>,
    /// What runs when it is false.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub if_false_activities: Vec<Activity>,
}

/// The properties of `Switch`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Switch {
    /// What decides; text or an integer.
    pub on: Expression,
    /// The cases.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub cases: Vec<SwitchCase>,
    /// What runs when no case matches.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub default_activities: Vec<Activity>,
}

/// A case of a `Switch`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct SwitchCase {
    /// The value that it is for.
    pub value: Value,
    /// What runs.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub activities: Vec<Activity>,
}

/// The properties of `ForEach`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ForEach {
    /// The items; an array.
    pub items: Expression,
    /// Whether one iteration runs at a time; may be written as text.
    #[serde(default)]
    pub is_sequential: Value,
    /// The most iterations at a time.
    pub batch_count: Option<Value>,
    /// What runs for each item.
    pub activities: Vec<Activity>,
}

/// The properties of `Until`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Until {
    /// What ends the loop; a Boolean.
    pub expression: Expression,
    /// `[d.]hh:mm:ss`.
    pub timeout: Option<Expression>,
    /// What runs in each pass.
    pub activities: Vec<Activity>,
}

/// The properties of `Wait`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Wait {
    /// How long, in seconds.
    pub wait_time_in_seconds: Expression,
}

/// The properties of `SetVariable` and `AppendVariable`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SetVariable {
    /// The variable.
    pub variable_name: String,
    /// Its new value, or the one to append.
    #[serde(default)]
    pub value: Value,
    /// Whether the variable is the pipeline's return value.
    #[serde(default, deserialize_with = "crate::as_text::boolean")]
    pub set_system_variable: bool,
}

/// The properties of `Fail`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Fail {
    /// The error's text.
    pub message: Option<Expression>,
    /// The error's code.
    pub error_code: Option<Expression>,
}

/// The properties of `ExecutePipeline`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExecutePipeline {
    /// The pipeline.
    pub pipeline: ReferenceTo,
    /// What it is given.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub parameters: Map<String, Value>,
    /// Whether to wait for its end; absent counts as true.
    #[serde(default, deserialize_with = "crate::as_text::optional_boolean")]
    pub wait_on_completion: Option<bool>,
}

/// The properties of `DatabricksNotebook`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DatabricksNotebook {
    /// The notebook's absolute path in the workspace.
    pub notebook_path: Expression,
    /// What its widgets are given.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub base_parameters: Map<String, Value>,
    /// Libraries to install on the cluster.
    #[serde(default, deserialize_with = "crate::absent::null_as_default")]
    pub libraries: Vec<Value>,
}

/// The properties of `AzureMLExecutePipeline`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AzureMlExecutePipeline {
    /// The published pipeline, or
    pub ml_pipeline_id: Option<Expression>,
    /// the pipeline endpoint.
    pub ml_pipeline_endpoint_id: Option<Expression>,
    /// The endpoint's version; its default when absent.
    pub version: Option<Expression>,
    /// The experiment.
    pub experiment_name: Option<Expression>,
    /// What the pipeline is given: an object, or an expression that gives one.
    #[serde(default)]
    pub ml_pipeline_parameters: Value,
    /// Data paths that the pipeline is given.
    #[serde(default)]
    pub data_path_assignments: Value,
    /// The run that it is part of.
    pub ml_parent_run_id: Option<Expression>,
    /// Whether other steps go on when one fails.
    pub continue_on_step_failure: Option<Expression>,
}
