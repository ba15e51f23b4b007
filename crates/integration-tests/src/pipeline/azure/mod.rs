//! Azure Pipelines.

mod commands;
mod expand;
mod job;
mod step;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::document::{Refused, members, only, text, texts};
use super::expression::{Dialect, Scope};
use super::machine::Machine;
use super::origin::Start;
use super::report::{Outcome, Report};
use expand::Expanded;
use job::{JobRun, Variables};

/// Azure Pipelines, with what stands beside the files of a project: variable groups, service connections, environments.
pub struct AzurePipelines<'a> {
    machine: &'a Machine<'a>,
    groups: BTreeMap<String, BTreeMap<String, String>>,
    connections: Vec<String>,
    /// The jobs that run; all where there are none.
    only: Vec<String>,
    /// Whether a run is a further attempt of the one before.
    is_again: bool,
    /// The collection, where the project has its repository.
    pub(super) collection: Option<String>,
}

/// A run of a pipeline.
struct Run<'r> {
    system: &'r AzurePipelines<'r>,
    start: &'r Start,
    report: Report,
    variables: Value,
    /// What ended stages give to those that depend on them: `result` and `outputs`.
    stages: Map<String, Value>,
}

const ROOT: [&str; 9] = [
    "name",
    "trigger",
    "pr",
    "schedules",
    "parameters",
    "pool",
    "variables",
    "stages",
    "jobs",
];
const STAGE: [&str; 7] = [
    "stage",
    "displayName",
    "dependsOn",
    "condition",
    "variables",
    "jobs",
    "lockBehavior",
];

impl<'a> AzurePipelines<'a> {
    /// An empty project.
    #[must_use]
    pub fn new(machine: &'a Machine<'a>) -> Self {
        Self {
            machine,
            groups: BTreeMap::new(),
            connections: Vec::new(),
            only: Vec::new(),
            is_again: false,
            collection: None,
        }
    }

    /// Adds a service connection.
    #[must_use]
    pub fn with_connection(mut self, name: &str) -> Self {
        self.connections.push(name.to_owned());
        self
    }

    /// Runs everything again, as a further attempt of the run before, whose artifacts are there still.
    #[must_use]
    pub fn again(mut self) -> Self {
        self.is_again = true;
        self
    }

    /// Adds a variable group, and a service connection of the same name.
    #[must_use]
    pub fn with(mut self, name: &str, variables: &[(&str, &str)]) -> Self {
        let variables = variables.iter();
        let group = variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.groups.insert(name.to_owned(), group.collect());
        self.connections.push(name.to_owned());
        self
    }

    /// The repository is one of the project itself, in a collection at this address.
    #[must_use]
    pub fn in_collection(mut self, address: &str) -> Self {
        self.collection = Some(address.to_owned());
        self
    }

    /// Leaves all other jobs out, as if their conditions did not hold.
    #[must_use]
    pub fn only(mut self, jobs: &[&str]) -> Self {
        self.only = jobs.iter().map(|job| (*job).to_owned()).collect();
        self
    }

    fn runs(&self, job: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|it| it == job)
    }

    /// Runs a file, from the root of the repository `root`.
    ///
    /// # Errors
    ///
    /// When the file has something that the runner does not know, by its name.
    pub fn run(
        &self,
        root: &Path,
        file: &str,
        start: &Start,
        parameters: &Value,
    ) -> Result<Report, String> {
        self.machine.begin(self.is_again);
        let Expanded { pipeline } = expand::pipeline(root, file, parameters)?;
        only(&pipeline, &ROOT, file)?;
        let mut run = Run {
            system: self,
            start,
            report: Report::default(),
            variables: pipeline.get("variables").cloned().unwrap_or_default(),
            stages: Map::new(),
        };
        match (pipeline.get("stages"), pipeline.get("jobs")) {
            (Some(Value::Array(stages)), None) => run.stages(stages)?,
            (None, Some(jobs)) => run.stages(&[json!({"stage": "__default", "jobs": jobs})])?,
            _ => {
                return Err(format!(
                    "{file}: either `stages` or `jobs` are known to the runner"
                ));
            }
        }
        Ok(run.report)
    }
}

impl Run<'_> {
    fn stages(&mut self, stages: &[Value]) -> Refused<()> {
        let mut before: Option<String> = None;
        for stage in stages {
            let name = text(&stage["stage"]);
            only(stage, &STAGE, &format!("stage {name}"))?;
            let needs = match stage.get("dependsOn") {
                Some(needs) => texts(needs),
                None => before.iter().cloned().collect(),
            };
            for need in &needs {
                if !self.stages.contains_key(need) {
                    return Err(format!("stage {name}: `{need}` does not stand before it"));
                }
            }
            let (outcome, outputs) = self.stage(stage, &name, &needs)?;
            self.report.stages.insert(name.clone(), outcome);
            let ended = json!({"result": outcome.azure(), "outputs": outputs});
            self.stages.insert(name.clone(), ended);
            before = Some(name);
        }
        Ok(())
    }

    /// Runs a stage, and gives what its jobs put out, by `job.step.variable`.
    fn stage(&mut self, stage: &Value, name: &str, needs: &[String]) -> Refused<(Outcome, Value)> {
        let dependencies = Value::Object(self.stages.clone());
        let needed = only_named(&dependencies, needs);
        if !holds(stage.get("condition"), &needed, &json!({}))? {
            return Ok((Outcome::Skipped, json!({})));
        }
        let scope = json!({"dependencies": needed, "stageDependencies": by_job(&needed)});
        let lists = [&self.variables, &stage["variables"]];
        let variables = Variables::of(self, lists, &scope)?;
        let mut ended = Map::new();
        let (mut outcome, mut outputs) = (Outcome::Succeeded, Map::new());
        let Value::Array(jobs) = &stage["jobs"] else {
            return Err(format!("stage {name}: `jobs` is no list"));
        };
        for job in jobs {
            let run = JobRun::of(self, name, job, &ended, &variables)?;
            let (id, result) = run.run(self)?;
            self.report
                .jobs
                .insert(format!("{name}/{id}"), result.outcome);
            if result.outcome == Outcome::Failed {
                outcome = Outcome::Failed;
            }
            for (variable, value) in members(&result.outputs) {
                outputs.insert(format!("{id}.{variable}"), value.clone());
            }
            let result = json!({"result": result.outcome.azure(), "outputs": result.outputs});
            ended.insert(id, result);
        }
        Ok((outcome, Value::Object(outputs)))
    }
}

/// What jobs of stages have put out, by stage and job: `stageDependencies`.
fn by_job(stages: &Value) -> Value {
    let mut all = json!({});
    for (stage, ended) in members(stages) {
        for (name, value) in members(&ended["outputs"]) {
            let Some((job, variable)) = name.split_once('.') else {
                continue;
            };
            all[stage][job]["outputs"][variable] = value.clone();
        }
    }
    all
}

/// The members with these names.
fn only_named(value: &Value, names: &[String]) -> Value {
    let named = members(value).filter(|(name, _)| names.contains(name));
    Value::Object(named.map(|(name, it)| (name.clone(), it.clone())).collect())
}

/// Whether the condition of a stage or a job holds, by what it depends on.
fn holds(condition: Option<&Value>, dependencies: &Value, variables: &Value) -> Refused<bool> {
    let status = |name: &str, among: &[String]| {
        let results = members(dependencies)
            .filter(|(name, _)| among.is_empty() || among.contains(name))
            .map(|(_, it)| text(&it["result"]));
        let results: Vec<_> = results.collect();
        let all_succeeded = results.iter().all(|it| it == "Succeeded");
        match name {
            "succeeded" => Some(all_succeeded),
            "failed" => Some(results.iter().any(|it| it == "Failed")),
            "succeededOrFailed" => Some(results.iter().all(|it| it != "Skipped")),
            "canceled" => Some(false),
            "always" => Some(true),
            _ => None,
        }
    };
    let root = json!({"dependencies": dependencies, "variables": variables});
    let scope = Scope {
        dialect: Dialect::Azure,
        root: &root,
        status: &status,
    };
    let condition = condition.map_or_else(|| "succeeded()".to_owned(), text);
    scope.holds(&condition)
}
