//! A notebook in the workspace of an environment.

use std::path::Path;

use databricks_notebook::Language;
use dataops_core::connection::Connection;
use dataops_core::workspace::{
    End, Going, NotBrought, NotebookEvent, NotebookRun, NotebookRunError, Ran, WorkspaceError,
    path_of,
};
use dataops_solution::Solution;
use dataops_solution::environment::Environment;

use super::{Ended, Run};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::document;
use crate::terminal::harmless;

/// The variable that the task "Execute Databricks notebook" of the extension for Azure DevOps set.
const RUN_ID_VARIABLE: &str = "AZDO_DATABRICKS_RUNID";

/// What to do where the time was too short.
const LIMIT: &str = "--timeout sets the limit";

pub(super) async fn run(
    context: &Context,
    args: &Run,
    environment: &str,
) -> Result<Ended, Failure> {
    let solution = context.solution()?;
    let resolved = solution.environment(environment, &context.variables)?;
    let wanted = NotebookRun {
        path: place(&solution, &resolved, &args.path)?,
        parameters: args.parameters.iter().cloned().collect(),
        cluster: args.cluster.clone(),
        limit: args.timeout,
    };
    let session = context.connect(&solution, environment).await?;
    let ended = submitted(context, &wanted, &session.connection, environment).await;
    session.close().await;
    ended
}

/// Where in the workspace the notebook is: a file is where a deployment brings it.
fn place(solution: &Solution, environment: &Environment, path: &Path) -> Result<String, Failure> {
    let files = [path.to_owned(), solution.path(path)];
    if let Some(file) = files.iter().find(|file| file.is_file()) {
        return path_of(solution, environment, file).map_err(not_brought);
    }
    match path.to_str() {
        Some(text) if text.starts_with('/') => Ok(text.to_owned()),
        _ => Err(
            Failure::usage(format!("{} is no file", path.display())).hint(
                "name a notebook of the solution, or a path in the workspace, which begins with /",
            ),
        ),
    }
}

fn not_brought(error: NotBrought) -> Failure {
    let hint = match &error {
        NotBrought::NoNotebooks => {
            "add `notebooks` to dataops.yaml, or name a path in the workspace, which begins with /"
                .to_owned()
        }
        NotBrought::Elsewhere { .. } => {
            "a path in the workspace begins with /; without --env a notebook is run on this machine"
                .to_owned()
        }
        NotBrought::File(file) => header(file),
        _ => return Failure::usage(error),
    };
    Failure::usage(error).hint(hint)
}

/// What would make a file a notebook.
fn header(file: &Path) -> String {
    match Language::of_file(&file.to_string_lossy()) {
        Some(language) => format!("the first line of a notebook is `{}`", language.header()),
        None => "a notebook is a .py, .sql, .scala, .r or .ipynb file".to_owned(),
    }
}

async fn submitted(
    context: &Context,
    wanted: &NotebookRun,
    connection: &Connection,
    environment: &str,
) -> Result<Ended, Failure> {
    let going = Going::default();
    context.standing.has_in_databricks(going.clone());
    let path = harmless(&wanted.path);
    let tell = |event: NotebookEvent<'_>| match event {
        NotebookEvent::Cluster(text) | NotebookEvent::Page(text) => context.say(&harmless(text)),
        NotebookEvent::Started { run_id } => announce(context, &path, run_id),
        NotebookEvent::Stands(words) => {
            context.say(&format!("{path} {}", harmless(words)));
        }
        _ => {}
    };
    let group = context.group(&format!("notebook {}", wanted.path));
    let ran = wanted.run(connection, &going, &tell).await;
    drop(group);
    let ran = ran.map_err(|error| failure(error, environment))?;
    if ran.is_cut_off {
        let text = "the workspace keeps 5 MB of what a notebook exits with; the end is missing";
        context.warn("warning", text, None);
    }
    Ok(ended(ran))
}

/// Tells the run's id at once, so that later steps have it whatever becomes of the run.
fn announce(context: &Context, path: &str, run_id: i64) {
    let told = context
        .ci
        .and_then(|ci| ci.tell(RUN_ID_VARIABLE, &run_id.to_string(), &context.variables));
    if let Some(command) = told {
        context.command(&command);
    }
    context.say(&format!("{path}: run {run_id}"));
}

fn ended(ran: Ran) -> Ended {
    Ended {
        status: match ran.end {
            End::Succeeded => "succeeded",
            End::Failed => "failed",
            End::Cancelled => "cancelled",
        },
        run_id: Some(ran.run_id),
        url: ran.url,
        exit_value: ran.exit_value,
        error: ran.error,
        trace: ran.trace,
        seconds: ran.took.as_secs_f64(),
        hint: None,
    }
}

/// What to do about a notebook that was not run to its end.
fn failure(error: NotebookRunError, environment: &str) -> Failure {
    match error {
        NotebookRunError::NoNotebook { .. } => {
            let hint = format!("`dataops deploy --env {environment}` brings those of the solution");
            Failure::new(Exit::Refused, error).hint(hint)
        }
        NotebookRunError::NotANotebook { .. } => Failure::new(Exit::Refused, error),
        NotebookRunError::Clusterless(_) => Failure::usage(error)
            .hint("name one by `databricks.cluster` of the environment, or its id by --cluster"),
        NotebookRunError::NoCluster(_) => Failure::new(Exit::Refused, error).hint(format!(
            "`dataops env prepare --env {environment}` makes it"
        )),
        NotebookRunError::Workspace(WorkspaceError::Lookup(_)) => {
            Failure::new(Exit::Refused, error).hint("--cluster names one by its id")
        }
        NotebookRunError::TimedOut { run_id, limit, .. } => {
            let ended = Ended {
                status: "timedOut",
                run_id: Some(run_id),
                url: None,
                exit_value: None,
                error: Some(error.to_string()),
                trace: None,
                seconds: limit.as_secs_f64(),
                hint: None,
            };
            let failure = Failure::new(Exit::Unreachable, error).hint(LIMIT);
            match document(&ended) {
                Ok(document) => failure.with_document(document),
                Err(_) => failure,
            }
        }
        NotebookRunError::Workspace(error) => in_time(Failure::service(error)),
        NotebookRunError::Connection(error) => Failure::service(error),
        other => in_time(Failure::service(other)),
    }
}

/// The same with what to do where the time was too short.
fn in_time(failure: Failure) -> Failure {
    match failure.exit {
        Exit::Unreachable => failure.hint(LIMIT),
        _ => failure,
    }
}

#[cfg(test)]
mod tests {
    use dataops_solution::environment::Variables;

    use super::*;

    #[test]
    fn a_file_is_where_it_is_deployed_and_a_path_without_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let settings = "name: s\nadf: { root: adf }\nnotebooks: { root: notes, target: '/Shared/${TEAM}' }\nenvironments: { local: { emulator: true } }\n";
        write("dataops.yaml", settings);
        write("notes/prepare.py", "# Databricks notebook source\n");
        write("notes/lib.py", "x = 1\n");
        let solution = Solution::find(folder.path()).unwrap();
        let variables = Variables::new([("TEAM", "s")]);
        let local = solution.environment("local", &variables).unwrap();
        let of = |path: &str| place(&solution, &local, Path::new(path));

        assert_eq!(of("notes/prepare.py").unwrap(), "/Shared/s/prepare");
        assert_eq!(of("/Shared/other/x").unwrap(), "/Shared/other/x");
        let file = of("notes/lib.py").unwrap_err();
        assert_eq!(file.exit, Exit::Usage);
        assert_eq!(
            file.hints(),
            ["the first line of a notebook is `# Databricks notebook source`"]
        );
        assert_eq!(of("prepare").unwrap_err().exit, Exit::Usage);
    }
}
