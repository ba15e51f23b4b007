//! A job of Azure Pipelines, and the variables that it has.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::super::document::{Refused, list, members, only, text, texts};
use super::super::expression::{Dialect, Scope, no_status};
use super::super::machine::Machine;
use super::super::origin::Start;
use super::super::report::{Outcome, Step};
use super::{Run, holds, only_named, step};

/// Variables, which are found whatever their case.
#[derive(Clone, Default)]
pub(super) struct Variables(BTreeMap<String, (String, String)>);

impl Variables {
    /// Those that lists of variables name, with their groups.
    pub(super) fn of<'v>(
        run: &Run<'_>,
        lists: impl IntoIterator<Item = &'v Value>,
        scope: &Value,
    ) -> Refused<Self> {
        let mut variables = Self::default();
        for item in lists.into_iter().flat_map(list) {
            only(&item, &["name", "value", "group"], "a variable")?;
            if let Some(group) = item.get("group") {
                let group = text(group);
                let known = run.system.groups.get(&group);
                let known = known.ok_or_else(|| format!("there is no variable group `{group}`"))?;
                known
                    .iter()
                    .for_each(|(name, value)| variables.set(name, value));
            } else {
                let value = text(&item["value"]);
                let inner = value.strip_prefix("$[").and_then(|it| it.strip_suffix(']'));
                let value = match inner {
                    Some(expression) => text(&at_run_time(scope, expression)?),
                    None => value,
                };
                variables.set(&text(&item["name"]), &value);
            }
        }
        Ok(variables)
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        let entry = (name.to_owned(), value.to_owned());
        self.0.insert(name.to_lowercase(), entry);
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(&name.to_lowercase())
            .map(|(_, value)| value.as_str())
    }

    /// A text with `$(name)` replaced; what is no variable stays, as it may be a command of the shell.
    pub(super) fn fill(&self, filled: &str) -> String {
        let (mut out, mut rest) = (String::new(), filled);
        while let Some((before, after)) = rest.split_once("$(") {
            out += before;
            match after
                .split_once(')')
                .and_then(|(name, behind)| Some((self.get(name)?, behind)))
            {
                Some((value, behind)) => {
                    out += &self.fill(value);
                    rest = behind;
                }
                None => {
                    out += "$(";
                    rest = after;
                }
            }
        }
        out + rest
    }

    /// As a process gets them.
    pub(super) fn of_process(&self) -> BTreeMap<String, String> {
        let variables = self.0.values();
        variables
            .map(|(name, value)| (name.replace('.', "_").to_uppercase(), self.fill(value)))
            .collect()
    }

    fn json(&self) -> Value {
        let variables = self.0.values();
        let variables =
            variables.map(|(name, value)| (name.clone(), Value::from(self.fill(value))));
        Value::Object(variables.collect())
    }
}

/// The value of an expression that is looked at when a stage begins. What it names must be there: the service makes it an empty text, which
/// is never what is meant.
fn at_run_time(scope: &Value, expression: &str) -> Refused<Value> {
    let scope = Scope {
        dialect: Dialect::Azure,
        root: scope,
        status: &no_status,
    };
    match scope.evaluate(expression)? {
        Value::Null => Err(format!("`{}` is nothing", expression.trim())),
        value => Ok(value),
    }
}

/// A job that is about to run, with all that its steps share.
pub(super) struct JobRun {
    id: String,
    /// `stage/job`.
    pub(super) place: String,
    steps: Vec<Value>,
    is_due: bool,
    pub(super) folder: PathBuf,
    pub(super) variables: Variables,
    pub(super) path: Vec<String>,
    pub(super) outputs: Map<String, Value>,
    /// Of a deployment its name stands before the outputs.
    prefix: String,
}

/// How a job ended.
pub(super) struct Ended {
    pub(super) outcome: Outcome,
    pub(super) outputs: Value,
}

const JOB: [&str; 7] = [
    "displayName",
    "dependsOn",
    "condition",
    "steps",
    "timeoutInMinutes",
    "cancelTimeoutInMinutes",
    "pool",
];

impl JobRun {
    pub(super) fn of(
        run: &mut Run<'_>,
        stage: &str,
        job: &Value,
        ended: &Map<String, Value>,
        variables: &Variables,
    ) -> Refused<Self> {
        let deployment = job.get("deployment");
        let id = text(deployment.unwrap_or(&job["job"]));
        let own: &[&str] = match deployment {
            Some(_) => &["deployment", "environment", "strategy"],
            None => &["job"],
        };
        let place = format!("{stage}/{id}");
        only(job, &[&JOB[..], own].concat(), &place)?;
        let steps = match deployment {
            Some(_) => &job["strategy"]["runOnce"]["deploy"]["steps"],
            None => &job["steps"],
        };
        let Value::Array(steps) = steps else {
            return Err(format!(
                "{place}: only `steps`, and `runOnce` of a deployment, are known"
            ));
        };
        let needs = texts(job.get("dependsOn").unwrap_or(&Value::Null));
        let needed = only_named(&Value::Object(ended.clone()), &needs);
        let is_due =
            run.system.runs(&id) && holds(job.get("condition"), &needed, &variables.json())?;
        if is_due && let Some(environment) = job.get("environment") {
            let event = format!("the checks of environment {}", text(environment));
            run.report.events.push(event);
        }
        let folder = run.system.machine.job_folder();
        let mut steps = steps.clone();
        if deployment.is_none() && !steps.iter().any(|step| step.get("checkout").is_some()) {
            steps.insert(0, json!({"checkout": "self"}));
        }
        let mut variables = variables.clone();
        predefined(run, &folder, &mut variables);
        Ok(Self {
            prefix: deployment.map_or_else(String::new, |_| format!("{id}.")),
            id,
            place,
            steps,
            is_due,
            folder,
            variables,
            path: Vec::new(),
            outputs: Map::new(),
        })
    }

    /// Runs the steps.
    pub(super) fn run(mut self, run: &mut Run<'_>) -> Refused<(String, Ended)> {
        let mut outcome = Outcome::Succeeded;
        if !self.is_due {
            outcome = Outcome::Skipped;
            self.steps.clear();
        }
        for step in std::mem::take(&mut self.steps) {
            let name = step::name(&step);
            let is_due = self.is_due(&step, outcome)?;
            let (result, said) = match is_due {
                false => (Outcome::Skipped, String::new()),
                true => {
                    let place = format!("{}, step {name}", self.place);
                    step::run(run, &mut self, &step).map_err(|error| format!("{place}: {error}"))?
                }
            };
            if result == Outcome::Failed {
                outcome = Outcome::Failed;
            }
            run.report.steps.push(Step {
                job: self.place.clone(),
                name,
                outcome: result,
                said,
            });
        }
        let outputs = members(&Value::Object(self.outputs))
            .map(|(name, value)| (format!("{}{name}", self.prefix), value.clone()))
            .collect();
        let ended = Ended {
            outcome,
            outputs: Value::Object(outputs),
        };
        Ok((self.id, ended))
    }

    fn is_due(&self, step: &Value, outcome: Outcome) -> Refused<bool> {
        // A step depends on those before it, which are seen as one.
        let before = json!({"steps": {"result": outcome.azure()}});
        holds(step.get("condition"), &before, &self.variables.json())
    }
}

/// What the system itself sets.
fn predefined(run: &Run<'_>, folder: &std::path::Path, variables: &mut Variables) {
    let within = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let commit = run.system.machine.commit(run.start);
    let reference = Machine::reference(run.start);
    for (name, value) in [
        ("Pipeline.Workspace", folder.to_string_lossy().as_ref()),
        ("Build.SourcesDirectory", within("s").as_str()),
        ("Build.ArtifactStagingDirectory", within("a").as_str()),
        ("Agent.TempDirectory", within("tmp").as_str()),
        ("Agent.OS", "Linux"),
        ("Agent.OSArchitecture", "X64"),
        ("System.StageAttempt", run.system.machine.attempt().as_str()),
        ("System.JobAttempt", run.system.machine.attempt().as_str()),
        ("Build.BuildId", "42"),
        ("Build.DefinitionName", "release"),
        ("Build.RequestedFor", "ada"),
        ("Build.SourceVersion", commit.as_str()),
        ("Build.SourceBranch", reference.as_str()),
        ("System.AccessToken", "a-token-of-the-run"),
        ("TF_BUILD", "True"),
    ] {
        variables.set(name, value);
    }
    if let Some(collection) = &run.system.collection {
        variables.set("Build.Repository.Provider", "TfsGit");
        variables.set("Build.Repository.Name", "solution");
        variables.set("System.CollectionUri", collection);
        variables.set("System.TeamProject", "team");
    }
    if let Start::PullRequest(request) = run.start {
        let source = format!("refs/heads/{}", request.branch);
        variables.set("System.PullRequest.SourceBranch", &source);
        let target = format!("refs/heads/{}", request.target);
        variables.set("System.PullRequest.TargetBranch", &target);
        variables.set("System.PullRequest.SourceCommitId", &request.source);
        variables.set(
            "System.PullRequest.PullRequestId",
            &request.number.to_string(),
        );
    }
}
