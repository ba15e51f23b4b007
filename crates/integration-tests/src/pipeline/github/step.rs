//! A step of GitHub Actions.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::super::document::{Refused, list, members, only, read, text};
use super::super::machine::Shell;
use super::super::report::Outcome;
use super::Run;
use super::job::Job;

/// Keys of every step.
const COMMON: [&str; 4] = ["id", "name", "if", "env"];

/// What a step has done.
pub(super) struct Done {
    pub(super) outcome: Outcome,
    pub(super) outputs: Value,
    pub(super) said: String,
}

impl Done {
    pub(super) fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            outputs: json!({}),
            said: String::new(),
        }
    }
}

/// What a step is called.
pub(super) fn name(step: &Value) -> String {
    let named = step.get("name").or_else(|| step.get("uses"));
    match named.or_else(|| step.get("id")) {
        Some(name) => text(name),
        None => "run".to_owned(),
    }
}

/// Runs a step.
pub(super) fn run(run: &mut Run<'_>, job: &mut Job, step: &Value) -> Refused<Done> {
    if step.get("run").is_some() {
        only(step, &[&COMMON[..], &["run", "shell"]].concat(), "it")?;
        return script(run, job, step);
    }
    only(step, &[&COMMON[..], &["uses", "with"]].concat(), "it")?;
    let uses = text(&step["uses"]);
    let with = job.fill(&step["with"])?;
    if let Some(action) = uses.strip_prefix("./") {
        return local(run, job, action, &with);
    }
    let (action, _) = uses.split_once('@').unwrap_or((uses.as_str(), ""));
    let machine = run.system.machine;
    let sources = job.folder.join("s");
    let known = |names: &[&str]| only(&with, names, action);
    let within = |name: &str| sources.join(text(&with[name]));
    match action {
        "actions/checkout" => {
            known(&["fetch-depth", "persist-credentials"])?;
            let depth = with.get("fetch-depth").and_then(Value::as_u64).unwrap_or(1);
            let depth = u32::try_from(depth).map_err(|error| error.to_string())?;
            machine.check_out(run.start, &sources, depth)?;
        }
        // Each run begins with an empty cache.
        "actions/cache" => known(&["path", "key"])?,
        "actions/setup-python" => {
            known(&["python-version", "cache", "cache-dependency-path"])?;
            job.path.push(machine.python_folder());
        }
        "actions/upload-artifact" => {
            known(&["name", "path", "include-hidden-files", "overwrite"])?;
            let artifact = text(&with["name"]);
            let overwrite = with.get("overwrite") == Some(&Value::Bool(true));
            machine.publish(&artifact, &within("path"), overwrite)?;
            run.report.events.push(format!("artifact {artifact}"));
        }
        "actions/download-artifact" => {
            known(&["name", "path"])?;
            machine.download(&text(&with["name"]), &within("path"))?;
        }
        _ => return Err(format!("the action {action} is not known to the runner")),
    }
    Ok(Done::of(Outcome::Succeeded))
}

/// A composite action of the repository: it is there only once the repository is checked out.
fn local(run: &mut Run<'_>, job: &mut Job, action: &str, with: &Value) -> Refused<Done> {
    let document = read(&job.folder.join("s").join(action).join("action.yml"))?;
    only(
        &document,
        &["name", "description", "inputs", "runs"],
        action,
    )?;
    only(&document["runs"], &["using", "steps"], action)?;
    if document["runs"]["using"] != "composite" {
        return Err(format!(
            "{action}: composite actions are known to the runner"
        ));
    }
    let mut inputs = Map::new();
    for (name, about) in members(&document["inputs"]) {
        let value = with.get(name).or_else(|| about.get("default"));
        // GitHub gives an action every input as text.
        let value = value
            .map(text)
            .ok_or_else(|| format!("{action}: `{name}` is not given"))?;
        inputs.insert(name.clone(), value.into());
    }
    let outcome = job.action(run, &list(&document["runs"]["steps"]), inputs)?;
    Ok(Done::of(outcome))
}

/// Runs a script: with `-e`, and where the shell is named, with `pipefail` too.
fn script(run: &mut Run<'_>, job: &mut Job, step: &Value) -> Refused<Done> {
    let args: &[&str] = match step.get("shell").map(text).as_deref() {
        None => &["-e"],
        Some("bash") => &["--noprofile", "--norc", "-eo", "pipefail"],
        Some(shell) => return Err(format!("the shell {shell} is not known to the runner")),
    };
    let mut variables = job.variables.clone();
    for (name, value) in members(&job.fill(&step["env"])?) {
        variables.insert(name.clone(), text(value));
    }
    let files = run.system.machine.job_folder();
    for (variable, file) in FILES {
        let path = files.join(file);
        fs::write(&path, "").map_err(|error| error.to_string())?;
        variables.insert(variable.to_owned(), path.to_string_lossy().into_owned());
    }
    let shell = Shell {
        folder: job.folder.join("s"),
        path: job.path.clone(),
        variables,
    };
    let filled = text(&job.fill(&step["run"])?);
    let ended = run.system.machine.run(&shell, args, &filled);
    let said = format!("{}{}", ended.stdout, ended.stderr);
    for line in said.lines().map(str::trim_start) {
        let kinds = ["error", "warning"];
        let issue = kinds
            .iter()
            .find(|kind| line.starts_with(&format!("::{kind}")));
        run.report.issues.extend(issue.map(|_| line.to_owned()));
    }
    heed(run, job, &files)?;
    Ok(Done {
        outcome: match ended.code {
            Some(0) => Outcome::Succeeded,
            _ => Outcome::Failed,
        },
        outputs: pairs(&files.join("output"))?,
        said,
    })
}

const FILES: [(&str, &str); 4] = [
    ("GITHUB_OUTPUT", "output"),
    ("GITHUB_ENV", "env"),
    ("GITHUB_PATH", "path"),
    ("GITHUB_STEP_SUMMARY", "summary"),
];

/// Does what the step has written into its files.
fn heed(run: &mut Run<'_>, job: &mut Job, files: &Path) -> Refused<()> {
    let text = |file: &str| fs::read_to_string(files.join(file)).map_err(|it| it.to_string());
    job.path.extend(text("path")?.lines().map(str::to_owned));
    for (name, value) in members(&pairs(&files.join("env"))?) {
        job.variables.insert(name.clone(), super::text(value));
    }
    let summary = text("summary")?;
    if !summary.is_empty() {
        run.report.summaries.push(summary);
    }
    Ok(())
}

/// The lines `name=value` of a file.
fn pairs(file: &Path) -> Refused<Value> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let pairs = text.lines().map(|line| match line.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), Value::from(value))),
        None => Err(format!("`{line}` is no NAME=VALUE")),
    });
    Ok(Value::Object(pairs.collect::<Refused<_>>()?))
}
