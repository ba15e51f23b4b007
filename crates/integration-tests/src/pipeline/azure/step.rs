//! A step of Azure Pipelines.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::super::document::{Refused, members, only, text};
use super::super::machine::Shell;
use super::super::report::Outcome;
use super::job::JobRun;
use super::{Run, commands};

/// Keys of every step.
const COMMON: [&str; 4] = ["displayName", "name", "condition", "env"];

/// What a step is called.
pub(super) fn name(step: &Value) -> String {
    let kinds = ["bash", "task", "checkout", "publish", "download"];
    let kind = kinds.iter().find(|kind| step.get(**kind).is_some());
    match step.get("displayName") {
        Some(name) => text(name),
        None => kind.map_or_else(
            || "a step".to_owned(),
            |kind| format!("{kind} {}", text(&step[*kind])),
        ),
    }
}

/// Runs a step, and tells what it wrote.
pub(super) fn run(run: &mut Run<'_>, job: &mut JobRun, step: &Value) -> Refused<(Outcome, String)> {
    let machine = run.system.machine;
    let known = |own: &[&str]| only(step, &[&COMMON[..], own].concat(), "it");
    if let Some(script) = step.get("bash") {
        known(&["bash"])?;
        return bash(run, job, step, &text(script), &[]);
    }
    if let Some(task) = step.get("task") {
        known(&["task", "inputs"])?;
        return self::task(run, job, step, &text(task));
    }
    if step.get("checkout").is_some() {
        known(&["checkout", "fetchDepth"])?;
        let depth = step.get("fetchDepth").map_or_else(|| "1".to_owned(), text);
        let depth = depth
            .parse()
            .map_err(|error| format!("fetchDepth: {error}"))?;
        machine.check_out(run.start, &job.folder.join("s"), depth)?;
    } else if let Some(folder) = step.get("publish") {
        known(&["publish", "artifact"])?;
        let fill = |value: &Value| job.variables.fill(&text(value));
        let (folder, artifact) = (fill(folder), fill(&step["artifact"]));
        machine.publish(&artifact, Path::new(&folder), false)?;
        run.report.events.push(format!("artifact {artifact}"));
    } else if step.get("download").is_some_and(|it| it == "current") {
        known(&["download", "artifact"])?;
        let artifact = job.variables.fill(&text(&step["artifact"]));
        machine.download(&artifact, &job.folder.join(&artifact))?;
    } else {
        let keys: Vec<_> = members(step).map(|(key, _)| key.as_str()).collect();
        return Err(format!(
            "no kind of step with {} is known to the runner",
            keys.join(", ")
        ));
    }
    Ok((Outcome::Succeeded, String::new()))
}

/// Runs a script. Azure Pipelines does so without `-e`: what it ends with counts.
fn bash(
    run: &mut Run<'_>,
    job: &mut JobRun,
    step: &Value,
    script: &str,
    more: &[(&str, String)],
) -> Refused<(Outcome, String)> {
    let mut variables = job.variables.of_process();
    // A secret reaches only those steps that map it.
    variables.remove("SYSTEM_ACCESSTOKEN");
    variables.insert(
        "HOME".to_owned(),
        job.folder.join("home").to_string_lossy().into_owned(),
    );
    for (name, value) in members(&step["env"]) {
        variables.insert(name.clone(), job.variables.fill(&text(value)));
    }
    variables.extend(
        more.iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone())),
    );
    let shell = Shell {
        folder: job.folder.join("s"),
        path: job.path.clone(),
        variables,
    };
    let script = job.variables.fill(script);
    let ended = run
        .system
        .machine
        .run(&shell, &["--noprofile", "--norc"], &script);
    let said = format!("{}{}", ended.stdout, ended.stderr);
    let name = step.get("name").map(text);
    let is_failed = commands::heed(run, job, name.as_deref(), &said)?;
    let outcome = match ended.code {
        Some(0) if !is_failed => Outcome::Succeeded,
        _ => Outcome::Failed,
    };
    Ok((outcome, said))
}

fn task(
    run: &mut Run<'_>,
    job: &mut JobRun,
    step: &Value,
    task: &str,
) -> Refused<(Outcome, String)> {
    let inputs = &step["inputs"];
    let input = |name: &str| job.variables.fill(&text(&inputs[name]));
    let known = |names: &[&str]| only(inputs, names, task);
    match task {
        // Each run begins with an empty cache.
        "Cache@2" => known(&["key", "path"])?,
        "UsePythonVersion@0" => {
            known(&["versionSpec"])?;
            job.path.push(run.system.machine.python_folder());
        }
        "PublishTestResults@2" => {
            known(&["testResultsFiles", "searchFolder", "testRunTitle"])?;
            let file = Path::new(&input("searchFolder")).join(input("testResultsFiles"));
            // The task warns where a step before it has left no results.
            match fs::read_to_string(&file) {
                Ok(results) => run.report.results.push(results),
                Err(error) => {
                    let issue = format!("warning: {}: {error}", file.display());
                    run.report.issues.push(issue);
                }
            }
        }
        "AzureCLI@2" => {
            known(&[
                "azureSubscription",
                "scriptType",
                "scriptLocation",
                "inlineScript",
            ])?;
            let connection = input("azureSubscription");
            if !run.system.connections.contains(&connection) {
                return Err(format!("there is no service connection `{connection}`"));
            }
            let of = |what: &str| format!("{what}-of-{connection}");
            let signed_in = [
                ("AZURESUBSCRIPTION_TENANT_ID", of("tenant")),
                ("AZURESUBSCRIPTION_CLIENT_ID", of("client")),
                ("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", of("id")),
            ];
            return bash(run, job, step, &text(&inputs["inlineScript"]), &signed_in);
        }
        _ => return Err(format!("the task {task} is not known to the runner")),
    }
    Ok((Outcome::Succeeded, String::new()))
}
