//! Where `ruff` is: on the `PATH`, or in an environment of ours, which is made when it is first needed.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dataops_emulator::notebook::Interpreter;

use super::Installing;
use super::attempt::Attempt;
use crate::context::Context;
use crate::failure::Failure;
use crate::local::environment::{Packages, environment, existing, program};

/// The version that is installed where there is none. It is the one that the example is written for.
const VERSION: &str = "0.17.6";

/// How long each step of the installation may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// What to do without it.
const HINT: &str = "install ruff, or leave out the lint by --no-python-lint";

/// Finds the program, or installs it.
pub(super) async fn find(context: &Context, installing: Installing) -> Result<PathBuf, Failure> {
    let (found, place) = match there(context) {
        Some(found) => found,
        None => (
            install(context, installing).await?,
            "installed for this program",
        ),
    };
    context.explain(&format!("linting Python by {} ({place})", found.display()));
    Ok(found)
}

/// One that is there. Nothing in the solution itself is started: looking at a change must not run what is in it.
fn there(context: &Context) -> Option<(PathBuf, &'static str)> {
    let name = format!("ruff{}", std::env::consts::EXE_SUFFIX);
    let path = context.variables.get("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| (folder.join(&name), "on the PATH"));
    let ours = existing(context, &environment_name());
    let ours = ours.map(|folder| (program(&folder, "ruff"), "installed for this program"));
    on_path
        .chain(ours)
        .find(|(program, _)| is_executable(program))
}

#[cfg(unix)]
fn is_executable(program: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = std::fs::metadata(program);
    metadata.is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(program: &Path) -> bool {
    program.is_file()
}

fn environment_name() -> String {
    format!("ruff-{VERSION}")
}

async fn install(context: &Context, installing: Installing) -> Result<PathBuf, Failure> {
    if installing == Installing::Offline {
        return Err(unavailable(
            "there is no ruff, and nothing is installed offline",
        ));
    }
    let attempt = Attempt::of(context, &environment_name());
    if let Some(reason) = attempt.as_ref().and_then(Attempt::has_failed) {
        return Err(unavailable(format!(
            "ruff could not be installed a few minutes ago: {reason}"
        )));
    }
    let installed = install_now(context).await;
    if let (Some(attempt), Err(failure)) = (&attempt, &installed) {
        attempt.fails(&failure.summary());
    }
    installed
}

async fn install_now(context: &Context) -> Result<PathBuf, Failure> {
    let base = Interpreter::find(None).await.map_err(unavailable)?;
    // A network that does not answer is not waited for.
    let options = [
        "--retries",
        "1",
        "--timeout",
        "10",
        "--only-binary",
        ":all:",
    ];
    let package = format!("ruff=={VERSION}");
    let packages = Packages {
        name: environment_name(),
        pip: options
            .into_iter()
            .chain([package.as_str()])
            .map(Into::into)
            .collect(),
        compiled: false,
        limit: PATIENCE,
        announcement: format!("installing ruff {VERSION} to lint Python (once)"),
    };
    let folder = environment(context, base.path(), &packages).await;
    let folder = folder.map_err(|failure| failure.hint(HINT))?;
    Ok(program(&folder, "ruff"))
}

fn unavailable(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Failure {
    Failure::usage(reason).hint(HINT)
}
