//! GitHub Actions.

mod context;
mod job;
mod step;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::document::{Refused, list, members, only, read, text, texts};
use super::expression::{Dialect, Scope, no_status};
use super::machine::Machine;
use super::origin::Start;
use super::report::{Outcome, Report};
use context::context;

/// GitHub Actions, with the environments of a repository and their variables.
pub struct GitHubActions<'a> {
    machine: &'a Machine<'a>,
    environments: BTreeMap<String, Value>,
    /// The jobs that run; all where there are none.
    only: Vec<String>,
    /// Whether a run is a further attempt of the one before.
    is_again: bool,
    /// Where the API is, for those that write to it.
    pub(super) api: Option<String>,
}

/// A run of a workflow, and of those that it calls.
struct Run<'r> {
    system: &'r GitHubActions<'r>,
    root: &'r Path,
    start: &'r Start,
    report: Report,
}

/// What the jobs of a workflow see.
struct Workflow {
    inputs: Value,
    /// The job that has called the workflow, with `/` at its end.
    caller: String,
}

const ROOT: [&str; 5] = ["name", "on", "permissions", "concurrency", "jobs"];
const JOB: [&str; 12] = [
    "name",
    "needs",
    "if",
    "runs-on",
    "timeout-minutes",
    "outputs",
    "env",
    "environment",
    "concurrency",
    "strategy",
    "permissions",
    "steps",
];

impl<'a> GitHubActions<'a> {
    /// A repository without environments.
    #[must_use]
    pub fn new(machine: &'a Machine<'a>) -> Self {
        Self {
            machine,
            environments: BTreeMap::new(),
            only: Vec::new(),
            is_again: false,
            api: None,
        }
    }

    /// Runs everything again, as a further attempt of the run before, whose artifacts are there still.
    #[must_use]
    pub fn again(mut self) -> Self {
        self.is_again = true;
        self
    }

    /// Adds an environment with its variables.
    #[must_use]
    pub fn with(mut self, name: &str, variables: &[(&str, &str)]) -> Self {
        let variables = variables.iter();
        let variables = variables.map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
        let variables = Value::Object(variables.collect());
        self.environments.insert(name.to_owned(), variables);
        self
    }

    /// The API is at this address, and runs have a token for it.
    #[must_use]
    pub fn at_api(mut self, address: &str) -> Self {
        self.api = Some(address.to_owned());
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

    /// Runs a workflow, from the root of the repository `root`.
    ///
    /// # Errors
    ///
    /// When the workflow has something that the runner does not know, by its name.
    pub fn run(
        &self,
        root: &Path,
        file: &str,
        start: &Start,
        inputs: &Value,
    ) -> Result<Report, String> {
        self.machine.begin(self.is_again);
        let document = read(&root.join(file))?;
        let event = match start {
            Start::PullRequest(_) => "pull_request",
            Start::Main if document["on"].get("push").is_some() => "push",
            Start::Main => "workflow_dispatch",
        };
        let declared = document["on"]
            .get(event)
            .ok_or_else(|| format!("{file}: `{event}` does not start it"))?;
        let mut run = Run {
            system: self,
            root,
            start,
            report: Report::default(),
        };
        let workflow = Workflow {
            inputs: taken(&declared["inputs"], inputs, file)?,
            caller: String::new(),
        };
        let jobs = run.workflow(&document, file, &workflow)?;
        run.report.stages = members(&jobs)
            .map(|(name, job)| (name.clone(), outcome(&job["result"])))
            .collect();
        Ok(run.report)
    }
}

impl Run<'_> {
    /// Runs the jobs of a workflow, and gives their results and outputs.
    fn workflow(&mut self, document: &Value, file: &str, workflow: &Workflow) -> Refused<Value> {
        only(document, &ROOT, file)?;
        let mut ended = Map::new();
        for (id, job) in members(&document["jobs"]) {
            let needs = texts(job.get("needs").unwrap_or(&Value::Null));
            if let Some(absent) = needs.iter().find(|need| !ended.contains_key(*need)) {
                return Err(format!("job {id}: `{absent}` does not stand before it"));
            }
            let needed: Map<_, _> = ended
                .iter()
                .filter(|(name, _)| needs.contains(name))
                .map(|(name, it): (&String, &Value)| (name.clone(), it.clone()))
                .collect();
            let needed = Value::Object(needed);
            let place = format!("{}{id}", workflow.caller);
            let (outcome, outputs) = match self.is_due(job, &needed, workflow)? {
                false => (Outcome::Skipped, json!({})),
                true if !self.system.runs(id) => (Outcome::Skipped, json!({})),
                true if job.get("uses").is_some() => self.called(job, &needed, workflow, &place)?,
                true => self.each(job, &needed, workflow, &place)?,
            };
            self.report.jobs.insert(place, outcome);
            ended.insert(
                id.clone(),
                json!({"result": outcome.github(), "outputs": outputs}),
            );
        }
        Ok(Value::Object(ended))
    }

    fn is_due(&self, job: &Value, needed: &Value, workflow: &Workflow) -> Refused<bool> {
        let results: Vec<_> = members(needed).map(|(_, it)| text(&it["result"])).collect();
        let succeeded = results.iter().all(|it| it == "success");
        let status = |name: &str, _: &[String]| match name {
            "success" => Some(succeeded),
            "failure" => Some(results.iter().any(|it| it == "failure")),
            "cancelled" => Some(false),
            "always" => Some(true),
            _ => None,
        };
        let root = json!({
            "needs": needed, "inputs": workflow.inputs, "github": context(self), "vars": {},
        });
        let scope = Scope {
            dialect: Dialect::GitHub,
            root: &root,
            status: &status,
        };
        condition(&scope, job.get("if"), succeeded)
    }

    /// A job that calls another workflow of the repository.
    fn called(
        &mut self,
        job: &Value,
        needed: &Value,
        workflow: &Workflow,
        place: &str,
    ) -> Refused<(Outcome, Value)> {
        only(
            job,
            &["name", "needs", "if", "permissions", "uses", "with"],
            place,
        )?;
        let uses = text(&job["uses"]);
        let file = uses
            .strip_prefix("./")
            .ok_or_else(|| format!("{place}: `{uses}` is not of this repository"))?;
        let document = read(&self.root.join(file))?;
        let root = json!({"needs": needed, "inputs": workflow.inputs, "github": context(self)});
        let scope = Scope {
            dialect: Dialect::GitHub,
            root: &root,
            status: &no_status,
        };
        let given = scope.fill_all(&job["with"])?;
        let declared = document["on"]
            .get("workflow_call")
            .ok_or_else(|| format!("{file}: it cannot be called"))?;
        only(declared, &["inputs"], file)?;
        let inner = Workflow {
            inputs: taken(&declared["inputs"], &given, file)?,
            caller: format!("{place}/"),
        };
        let jobs = self.workflow(&document, file, &inner)?;
        let results: Vec<_> = members(&jobs)
            .map(|(_, it)| outcome(&it["result"]))
            .collect();
        let ended = match () {
            () if results.contains(&Outcome::Failed) => Outcome::Failed,
            () if results.iter().all(|it| *it == Outcome::Skipped) => Outcome::Skipped,
            () => Outcome::Succeeded,
        };
        Ok((ended, json!({})))
    }

    /// A job, once for each value of its matrix.
    fn each(
        &mut self,
        job: &Value,
        needed: &Value,
        workflow: &Workflow,
        place: &str,
    ) -> Refused<(Outcome, Value)> {
        only(job, &JOB, place)?;
        only(&job["strategy"], &["matrix", "fail-fast"], place)?;
        let axes: Vec<_> = members(&job["strategy"]["matrix"]).collect();
        let points: Vec<_> = match axes.as_slice() {
            [] => vec![json!({})],
            [(axis, values)] => {
                let values = list(values).into_iter();
                values
                    .map(|value| json!({ axis.as_str(): value }))
                    .collect()
            }
            _ => {
                return Err(format!(
                    "{place}: a matrix of one axis is known to the runner"
                ));
            }
        };
        let (mut ended, mut outputs) = (Outcome::Succeeded, json!({}));
        for point in points {
            let own: Vec<_> = members(&point).map(|(_, value)| text(value)).collect();
            let place = match own.is_empty() {
                true => place.to_owned(),
                false => format!("{place} ({})", own.join(", ")),
            };
            let (outcome, out) = job::run(self, job, needed, workflow, &point, &place)?;
            if outcome == Outcome::Failed {
                ended = Outcome::Failed;
            }
            outputs = out;
        }
        Ok((ended, outputs))
    }
}

/// Whether a condition holds. Without a word about what came before, that must have succeeded.
fn condition(scope: &Scope<'_>, condition: Option<&Value>, succeeded: bool) -> Refused<bool> {
    let Some(condition) = condition else {
        return Ok(succeeded);
    };
    let condition = text(condition);
    let plain = condition.trim();
    let plain = plain
        .strip_prefix("${{")
        .and_then(|it| it.strip_suffix("}}"))
        .unwrap_or(plain);
    let words = ["success()", "failure()", "cancelled()", "always()"];
    let tells = words.iter().any(|word| plain.contains(word));
    Ok(scope.holds(plain)? && (tells || succeeded))
}

/// The inputs that are declared; all that are required must be given, and no other one.
fn taken(declared: &Value, given: &Value, file: &str) -> Refused<Value> {
    let mut inputs = Map::new();
    for (name, about) in members(declared) {
        only(
            about,
            &["description", "required", "type", "default", "options"],
            file,
        )?;
        let value = given.get(name).or_else(|| about.get("default"));
        let value = value.ok_or_else(|| format!("{file}: no value is given for `{name}`"))?;
        let is_fitting = match text(&about["type"]).as_str() {
            "boolean" => value.is_boolean(),
            "string" | "" => value.is_string(),
            "choice" => list(&about["options"]).contains(value),
            kind => {
                return Err(format!(
                    "{file}: inputs of type {kind} are not known to the runner"
                ));
            }
        };
        if !is_fitting {
            return Err(format!("{file}: `{}` is no value of `{name}`", text(value)));
        }
        inputs.insert(name.clone(), value.clone());
    }
    let unknown = members(given).find(|(name, _)| !inputs.contains_key(*name));
    match unknown {
        Some((name, _)) => Err(format!("{file}: it has no input `{name}`")),
        None => Ok(Value::Object(inputs)),
    }
}

fn outcome(result: &Value) -> Outcome {
    match result.as_str() {
        Some("success") => Outcome::Succeeded,
        Some("failure") => Outcome::Failed,
        _ => Outcome::Skipped,
    }
}
