//! A notebook in local Python.

use std::io::Write;
use std::path::Path;

use dataops_emulator::notebook::{
    self, Event, Interpreter, Mount, NotebookFile, Outcome, Request, Status, StorageAccount,
};

use super::{Ended, Run};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::local::prepare_python;
use crate::report::document;
use crate::terminal::harmless;

pub(super) async fn run(context: &Context, args: &Run) -> Result<Ended, Failure> {
    let kinds = "a notebook is a .py, .sql, .scala, .r or .ipynb file";
    let path = args
        .path
        .canonicalize()
        .map_err(|error| Failure::usage(format!("{}: {error}", args.path.display())).hint(kinds))?;
    if !path.is_file() {
        return Err(Failure::usage(format!("{} is no file", path.display())).hint(kinds));
    }
    let chosen = match &args.python {
        Some(python) => Some(python.clone()),
        None => match (context.variables.get("DATAOPS_PYTHON"), context.solution()) {
            (Some(python), _) => Some(python.into()),
            (None, Ok(solution)) => prepare_python(context, &solution).await?,
            (None, Err(_)) => None,
        },
    };
    let python = Interpreter::find(chosen.as_deref())
        .await
        .map_err(|error| {
            Failure::usage(error).hint("install Python 3.9 or later, or name one by --python")
        })?;
    let scratch = tempfile::tempdir()
        .map_err(|error| Failure::usage(format!("no folder for temporary files: {error}")))?;
    let request = request(python, scratch.path(), &path, args)?;
    let colour = context.ci.is_none();
    let outcome = notebook::run(request, |event| {
        if let Event::Output(line) = event {
            let text = if colour {
                line.text.clone()
            } else {
                harmless(&line.text)
            };
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    })
    .await
    .map_err(|error| Failure::new(Exit::Failed, error))?;
    judged(outcome)
}

/// A notebook that was not run to its end is no result: its exit code says why.
fn judged(outcome: Outcome) -> Result<Ended, Failure> {
    let (exit, advice) = match outcome.status {
        Status::TimedOut => (Exit::Unreachable, Some("--timeout sets the limit")),
        Status::Unreadable => (Exit::Usage, None),
        _ => return Ok(ended(outcome)),
    };
    let ended = ended(outcome);
    let mut failure = Failure::new(exit, ended.error.clone().unwrap_or_default())
        .with_document(document(&ended)?);
    for hint in advice.into_iter().chain(ended.hint.as_deref()) {
        failure = failure.hint(hint);
    }
    Err(failure)
}

/// The notebook's folder is the workspace, so that packages and notebooks beside it are found.
fn request(
    python: Interpreter,
    scratch: &Path,
    path: &Path,
    args: &Run,
) -> Result<Request, Failure> {
    let folder = path.parent().unwrap_or(path);
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut request = Request::new(python, scratch, format!("/{stem}"));
    request.workspace_root = folder.to_owned();
    request.timeout = Some(args.timeout);
    let siblings = std::fs::read_dir(folder)
        .map_err(|error| Failure::usage(format!("{}: {error}", folder.display())))?;
    for sibling in siblings.flatten().map(|entry| entry.path()) {
        let extension = sibling
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_ascii_lowercase();
        if matches!(extension.as_str(), "py" | "ipynb" | "sql" | "scala" | "r") {
            let name = sibling
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            request
                .notebooks
                .insert(format!("/{name}"), NotebookFile::new(sibling));
        }
    }
    request
        .notebooks
        .insert(format!("/{stem}"), NotebookFile::new(path));
    request.parameters = args.parameters.iter().cloned().collect();
    for (point, dir) in &args.mounts {
        mount(&mut request, point, dir)?;
    }
    Ok(request)
}

/// Shows a folder under a mount point: its parent plays a storage account, and the folder a container.
fn mount(request: &mut Request, point: &str, dir: &str) -> Result<(), Failure> {
    let unusable = |reason: String| Failure::usage(format!("{dir}: {reason}"));
    let folder = Path::new(dir)
        .canonicalize()
        .map_err(|error| unusable(error.to_string()))?;
    let (Some(parent), Some(name)) = (
        folder.parent(),
        folder.file_name().and_then(|name| name.to_str()),
    ) else {
        return Err(unusable("the root of a disk cannot be mounted".to_owned()));
    };
    let account = format!("mount{}", request.mounts.len());
    let source = format!("wasbs://{name}@{account}.blob.core.windows.net");
    request.storage.insert(
        account,
        StorageAccount {
            path: parent.to_owned(),
            key: None,
        },
    );
    request.mounts.push(Mount {
        mount_point: point.to_owned(),
        source,
        encryption_type: String::new(),
    });
    Ok(())
}

fn ended(outcome: Outcome) -> Ended {
    let failure = outcome.failure;
    Ended {
        status: match outcome.status {
            Status::Succeeded => "succeeded",
            Status::TimedOut => "timedOut",
            _ => "failed",
        },
        run_id: None,
        url: None,
        exit_value: outcome.exit_value,
        error: failure.as_ref().map(|failure| failure.error.clone()),
        trace: failure.as_ref().and_then(|failure| failure.trace.clone()),
        seconds: outcome.duration.as_secs_f64(),
        hint: failure.and_then(|failure| failure.hint),
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// The exit code and the error of a notebook that is given so long.
    async fn failed(text: &[u8], timeout: Duration) -> Failure {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("main.py");
        std::fs::write(&file, text).unwrap();
        let mut request = Request::new(Interpreter::find(None).await.unwrap(), dir.path(), "/main");
        request
            .notebooks
            .insert("/main".to_owned(), NotebookFile::new(file));
        request.timeout = Some(timeout);
        let outcome = notebook::run(request, |_| ()).await.unwrap();
        judged(outcome).unwrap_err()
    }

    #[tokio::test]
    async fn a_time_limit_that_was_reached_has_its_own_exit_code_and_a_hint() {
        let limit = Duration::from_secs(1);

        let failure = failed(b"import time\ntime.sleep(600)\n", limit).await;

        assert_eq!(failure.exit, Exit::Unreachable);
        assert!(
            failure.summary().contains("limit of 1 seconds"),
            "{}",
            failure.summary()
        );
        assert_eq!(failure.hints(), ["--timeout sets the limit"]);
        assert!(failure.document().unwrap().contains("\"timedOut\""));
    }

    #[tokio::test]
    async fn a_notebook_that_is_no_text_is_wrong_usage() {
        let failure = failed(b"x = '\xff'\n", Duration::from_secs(600)).await;

        assert_eq!(failure.exit, Exit::Usage);
        assert!(
            failure
                .summary()
                .contains("main.py:1:6: the notebook is not UTF-8"),
            "{}",
            failure.summary()
        );
        assert_eq!(failure.hints(), ["save the file as UTF-8"]);
    }
}
