//! Runs as the pipelines service, run history and Resource Manager tell them, and run history's queries.

use serde_json::{Value, json};

use super::Workspace;
use super::refusal::Refusal;
use super::runs::Run;
use super::status::RunStatus;

/// The one node of a script's graph.
const NODE: &str = "script";

impl Workspace {
    /// The `PipelineRunEntity`.
    pub(super) fn run_entity(&self, id: &str) -> Result<Value, Refusal> {
        Ok(self.describe_run(id, &self.run(id)?))
    }

    pub(super) fn describe_run(&self, id: &str, run: &Run) -> Value {
        let as_numbers = self.0.dependencies.enums_as_numbers;
        json!({
            "Id": id,
            "Status": {
                "StatusCode": run.status.json(as_numbers),
                "StatusDetail": run.error,
                "CreationTime": run.created,
                "EndTime": run.ended,
            },
            "IsSubmitted": true,
            "HasErrors": run.status == RunStatus::Failed,
            "HasWarnings": false,
            "UploadState": if as_numbers { json!(1) } else { json!("Completed") },
            "GraphId": run.pipeline_id,
            "PipelineId": run.pipeline_id,
            "ScheduleId": null,
            "RunHistoryExperimentName": run.experiment,
            "RunSource": run.run_source,
            "RunType": if as_numbers { json!(0) } else { json!("HTTP") },
            "TotalRunSteps": 1,
            "ParameterAssignments": run.parameters,
            "tags": run.tags,
            "Properties": run.properties,
            "EntityStatus": if as_numbers { json!(0) } else { json!("Active") },
            "Etag": null,
            "CreatedDate": run.created,
            "LastModifiedDate": run.ended.as_ref().or(run.started.as_ref()).unwrap_or(&run.created),
            "Description": run.description,
        })
    }

    /// The status of the graph's nodes: the script is the only one.
    pub(super) fn nodes(&self, id: &str) -> Result<Value, Refusal> {
        let run = self.run(id)?;
        Ok(json!({NODE: {
            "StatusCode": run.status.json(self.0.dependencies.enums_as_numbers),
            "StatusDetail": run.error,
            "RunId": id,
            "StartTime": run.started,
            "EndTime": run.ended,
        }}))
    }

    /// The same with the files of its output.
    pub(super) fn history_details(&self, id: &str) -> Result<Value, Refusal> {
        let run = self.run(id)?;
        let mut details = history_run(id, &run);
        let folder = self.run_folder(id);
        let log = |name: &str| format!("file://{}", folder.join(name).display());
        details["logFiles"] = json!({
            "logs/stdout.txt": log("stdout.txt"),
            "logs/stderr.txt": log("stderr.txt"),
        });
        details["inputDatasets"] = json!([]);
        Ok(details)
    }

    /// The runs of an experiment that a filter keeps, the newest first.
    pub(super) fn query(
        &self,
        experiment: &str,
        filter: Option<&str>,
        top: Option<usize>,
    ) -> Result<Value, Refusal> {
        let conditions = filter.map_or(Ok(Vec::new()), conditions)?;
        let runs = self.run_list().into_iter();
        let found: Vec<Value> = runs
            .filter(|(_, run)| run.experiment == experiment)
            .map(|(id, run)| history_run(&id, &run))
            .filter(|run| conditions.iter().all(|condition| condition.holds(run)))
            .take(top.unwrap_or(usize::MAX))
            .collect();
        Ok(json!({"value": found, "continuationToken": null}))
    }
}

/// A run as a job of Resource Manager.
pub(super) fn job(workspace: &str, id: &str, run: &Run) -> Value {
    let history = history_run(id, run);
    json!({
        "id": format!("{workspace}/jobs/{id}"),
        "name": id,
        "type": "Microsoft.MachineLearningServices/workspaces/jobs",
        "properties": {
            "jobType": "Pipeline",
            "displayName": id,
            "experimentName": run.experiment,
            "description": run.description,
            "status": history["status"],
            "tags": run.tags,
            "properties": history["properties"],
            "inputs": {},
            "outputs": {},
            "isArchived": false,
        },
    })
}

/// The run as run history tells it.
pub(super) fn history_run(id: &str, run: &Run) -> Value {
    let status = match run.cancel_requested && !run.status.is_over() {
        true => "CancelRequested",
        false => run.status.history(),
    };
    let error = run
        .error
        .as_ref()
        .map(|message| json!({"error": {"code": "UserError", "message": message, "details": []}}));
    json!({
        "runId": id,
        "runNumber": run.number,
        "rootRunId": run.parent_run_id.as_deref().unwrap_or(id),
        "parentRunId": run.parent_run_id,
        "experimentId": run.experiment,
        "experimentName": run.experiment,
        "status": status,
        "createdUtc": run.created,
        "startTimeUtc": run.started,
        "endTimeUtc": run.ended,
        "displayName": run.description,
        "name": run.description,
        "runType": "azureml.PipelineRun",
        "tags": run.tags,
        "properties": {
            "azureml.pipelineid": run.pipeline_id,
            "azureml.runsource": "azureml.PipelineRun",
        },
        "error": error,
        "warnings": [],
    })
}

/// `name eq 'value'`.
#[derive(Debug, PartialEq, Eq)]
struct Condition {
    path: String,
    value: String,
}

impl Condition {
    fn holds(&self, run: &Value) -> bool {
        let found = run.pointer(&format!("/{}", self.path));
        found.is_some_and(|found| *found == self.value.as_str())
    }
}

/// Reads `a eq 'x' and tags/b eq 'y'`; anything else is refused by name.
fn conditions(filter: &str) -> Result<Vec<Condition>, Refusal> {
    let lacking = || Refusal::not_emulated(&format!("the filter `{filter}`"));
    if filter.trim().is_empty() {
        return Ok(Vec::new());
    }
    filter
        .trim()
        .trim_start_matches('(')
        .trim_end_matches(')')
        .split(" and ")
        .map(|part| {
            let (path, value) = part.split_once(" eq ").ok_or_else(lacking)?;
            let value = value.trim().trim_end_matches(')');
            let value = value
                .strip_prefix('\'')
                .and_then(|value| value.strip_suffix('\''))
                .ok_or_else(lacking)?;
            let path = path.trim().trim_start_matches('(');
            let path = match path.split_once('/') {
                Some((first, rest)) => format!("{}/{rest}", lower_first(first)),
                None => lower_first(path),
            };
            Ok(Condition {
                path,
                value: value.replace("''", "'"),
            })
        })
        .collect()
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_equalities() {
        let found = conditions("(Status eq 'Failed' and tags/by eq 'it''s')").unwrap();
        let run = json!({"status": "Failed", "tags": {"by": "it's"}});

        assert!(found.iter().all(|condition| condition.holds(&run)));
        assert!(!found[1].holds(&json!({"tags": {}})));
        assert_eq!(conditions("a gt 3").unwrap_err().code(), "NotImplemented");
    }
}
