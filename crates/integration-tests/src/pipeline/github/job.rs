//! A job of GitHub Actions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::super::document::{Refused, members, text};
use super::super::expression::{Dialect, Scope};
use super::super::machine::Machine;
use super::super::origin::Start;
use super::super::report::{Outcome, Step};
use super::context::{REPOSITORY, context};
use super::{Run, Workflow, condition, step};

/// A job that runs, with all that its steps share.
pub(super) struct Job {
    pub(super) place: String,
    pub(super) folder: PathBuf,
    /// The contexts.
    pub(super) root: Value,
    pub(super) variables: BTreeMap<String, String>,
    pub(super) path: Vec<String>,
    pub(super) outcome: Outcome,
}

/// Runs a job, and gives what it puts out.
pub(super) fn run(
    run: &mut Run<'_>,
    job: &Value,
    needed: &Value,
    workflow: &Workflow,
    matrix: &Value,
    place: &str,
) -> Refused<(Outcome, Value)> {
    let folder = run.system.machine.job_folder();
    let temporary = folder.join("tmp");
    let mut root = json!({
        "github": context(run), "needs": needed, "inputs": workflow.inputs, "matrix": matrix, "steps": {}, "env": {},
        "runner": {"os": "Linux", "arch": "X64", "temp": temporary}, "vars": {},
    });
    let mut this = Job {
        place: place.to_owned(),
        variables: predefined(run, &folder),
        folder,
        root: Value::Null,
        path: Vec::new(),
        outcome: Outcome::Succeeded,
    };
    if let Some(environment) = job.get("environment") {
        this.root = root;
        let environment = text(&this.fill(environment)?);
        let variables = run.system.environments.get(&environment);
        let variables =
            variables.ok_or_else(|| format!("{place}: there is no environment `{environment}`"))?;
        run.report
            .events
            .push(format!("the checks of environment {environment}"));
        root = this.root;
        root["vars"] = variables.clone();
    }
    this.root = root;
    for (name, value) in members(&this.fill(&job["env"])?) {
        this.variables.insert(name.clone(), text(value));
        this.root["env"][name] = value.clone();
    }
    let Value::Array(steps) = &job["steps"] else {
        return Err(format!("{place}: it has no `steps`"));
    };
    this.steps(run, steps)?;
    let outputs = match job.get("outputs") {
        Some(outputs) => this.fill(outputs)?,
        None => json!({}),
    };
    Ok((this.outcome, outputs))
}

impl Job {
    fn status(&self) -> impl Fn(&str, &[String]) -> Option<bool> + use<> {
        let failed = self.outcome == Outcome::Failed;
        move |name, _| match name {
            "success" => Some(!failed),
            "failure" => Some(failed),
            "cancelled" => Some(false),
            "always" => Some(true),
            _ => None,
        }
    }

    /// A value with its expressions filled in.
    pub(super) fn fill(&self, value: &Value) -> Refused<Value> {
        let status = self.status();
        self.scope(&status).fill_all(value)
    }

    fn scope<'s>(&'s self, status: &'s dyn Fn(&str, &[String]) -> Option<bool>) -> Scope<'s> {
        Scope {
            dialect: Dialect::GitHub,
            root: &self.root,
            status,
        }
    }

    /// Runs steps, those of an action too.
    pub(super) fn steps(&mut self, run: &mut Run<'_>, steps: &[Value]) -> Refused<()> {
        for step in steps {
            let name = text(&self.fill(&step::name(step).into())?);
            let succeeded = self.outcome != Outcome::Failed;
            let status = self.status();
            let is_due = condition(&self.scope(&status), step.get("if"), succeeded)?;
            let place = format!("{}, step {name}", self.place);
            let result = match is_due {
                true => step::run(run, self, step).map_err(|error| format!("{place}: {error}"))?,
                false => step::Done::of(Outcome::Skipped),
            };
            if result.outcome == Outcome::Failed {
                self.outcome = Outcome::Failed;
            }
            if let Some(id) = step.get("id") {
                let about = json!({"outputs": result.outputs, "outcome": result.outcome.github()});
                self.root["steps"][text(id)] = about;
            }
            run.report.steps.push(Step {
                job: self.place.clone(),
                name,
                outcome: result.outcome,
                said: result.said,
            });
        }
        Ok(())
    }

    /// Runs the steps of an action of the repository, which see its inputs in the place of those of the workflow.
    pub(super) fn action(
        &mut self,
        run: &mut Run<'_>,
        steps: &[Value],
        inputs: Map<String, Value>,
    ) -> Refused<Outcome> {
        let of_workflow = self.root["inputs"].take();
        self.root["inputs"] = Value::Object(inputs);
        let before = std::mem::replace(&mut self.outcome, Outcome::Succeeded);
        self.steps(run, steps)?;
        self.root["inputs"] = of_workflow;
        Ok(std::mem::replace(&mut self.outcome, before))
    }
}

/// What the system itself sets.
fn predefined(run: &Run<'_>, folder: &Path) -> BTreeMap<String, String> {
    let within = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let base = match run.start {
        Start::Main => String::new(),
        Start::PullRequest(request) => request.target.clone(),
    };
    let head = match run.start {
        Start::Main => String::new(),
        Start::PullRequest(request) => request.branch.clone(),
    };
    let api = run.system.api.clone();
    let hosted = api.into_iter().flat_map(|api| {
        [
            ("GITHUB_API_URL", api),
            ("GITHUB_REPOSITORY", REPOSITORY.to_owned()),
        ]
    });
    [
        ("CI", "true".to_owned()),
        ("GITHUB_ACTIONS", "true".to_owned()),
        ("GITHUB_WORKSPACE", within("s")),
        ("GITHUB_SHA", run.system.machine.commit(run.start)),
        ("GITHUB_REF", Machine::reference(run.start)),
        ("GITHUB_BASE_REF", base),
        ("GITHUB_HEAD_REF", head),
        ("GITHUB_RUN_ID", "42".to_owned()),
        ("GITHUB_RUN_ATTEMPT", run.system.machine.attempt()),
        ("GITHUB_WORKFLOW", "release".to_owned()),
        ("GITHUB_ACTOR", "ada".to_owned()),
        ("RUNNER_TEMP", within("tmp")),
        ("HOME", within("home")),
    ]
    .into_iter()
    .chain(hosted)
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}
