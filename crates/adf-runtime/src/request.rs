//! Asking for a run.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::{ActivityRunRecord, Finding, InvokedBy};

/// A pipeline run to make.
#[derive(Clone, Debug)]
pub struct RunRequest {
    /// The pipeline's name.
    pub pipeline: String,
    /// Arguments by name; unknown ones are ignored.
    pub parameters: Map<String, Value>,
    /// The new run, a GUID.
    pub run_id: String,
    /// The first run of the group of reruns; `run_id` for an ordinary run.
    pub group_id: String,
    /// Who starts it.
    pub invoked_by: InvokedBy,
    /// When the trigger fired; the start of the run when absent.
    pub trigger_time: Option<OffsetDateTime>,
    /// For a rerun that takes over what went well before.
    pub recovery: Option<Recovery>,
}

impl RunRequest {
    /// An ordinary run, started by hand, with a new id.
    pub fn manual(pipeline: impl Into<String>, parameters: Map<String, Value>) -> Self {
        let run_id = uuid::Uuid::new_v4().to_string();
        Self {
            pipeline: pipeline.into(),
            parameters,
            group_id: run_id.clone(),
            run_id,
            invoked_by: InvokedBy::manual(),
            trigger_time: None,
            recovery: None,
        }
    }
}

/// What a rerun takes over (`createRun` with `referencePipelineRunId` and `isRecovery`).
///
/// Execution activities that succeeded are not carried out again, their outputs count again, unless the record hides a
/// secure value in them. Control activities are always evaluated again; those inside follow the same rule, in child runs
/// too.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// The run to take over from (`referencePipelineRunId`).
    pub run_id: String,
    /// The activity runs of that run, and of the runs below it.
    pub earlier: std::sync::Arc<Vec<ActivityRunRecord>>,
    /// The first activity to carry out again (`startActivityName`); with none it starts from what failed
    /// (`startFromFailure`).
    pub start_activity: Option<String>,
}

/// A run that is refused before anything happens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejected {
    /// There is no such pipeline (HTTP 404).
    #[error("pipeline `{pipeline}` does not exist")]
    PipelineNotFound {
        /// The name asked for.
        pipeline: String,
    },
    /// A parameter has neither an argument nor a default value (HTTP 400).
    #[error(
        "pipeline `{pipeline}`: parameter `{parameter}` has no value; give an argument or a default value"
    )]
    MissingParameter {
        /// The pipeline.
        pipeline: String,
        /// The parameter.
        parameter: String,
    },
    /// The definition breaks a rule (HTTP 400).
    #[error("pipeline `{pipeline}`: {}", listed(findings))]
    InvalidDefinition {
        /// The pipeline; maybe one that the requested one calls.
        pipeline: String,
        /// All that is wrong; never empty.
        findings: Vec<Finding>,
    },
}

/// How many findings a message tells.
const SHOWN: usize = 20;

fn listed(findings: &[Finding]) -> String {
    let told = findings.iter().take(SHOWN).map(ToString::to_string);
    let more = findings.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| format!("and {more} more"));
    told.chain(more).collect::<Vec<_>>().join("; ")
}
