//! Virtual environments of Python, each made once and shared by all processes of a user.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// What an environment has.
pub(crate) struct Packages {
    /// What the environment is called among others. Another name, another environment.
    pub(crate) name: String,
    /// What pip is told to install.
    pub(crate) pip: Vec<OsString>,
    /// Whether they are imported, and so compiled beforehand.
    pub(crate) compiled: bool,
    /// How long each step may take.
    pub(crate) limit: Duration,
    /// What is said before it is made.
    pub(crate) announcement: String,
}

/// The folder of an environment, which is made where it is not there.
pub(crate) async fn environment(
    context: &Context,
    base: &Path,
    packages: &Packages,
) -> Result<PathBuf, Failure> {
    let folder = cache(context)?.join(&packages.name);
    if is_complete(&folder) {
        return Ok(folder);
    }
    let _turn = turn(&folder).await?;
    if is_complete(&folder) {
        return Ok(folder);
    }
    context.say(&packages.announcement);
    install(base, &folder, packages).await?;
    Ok(folder)
}

/// The environment of a name, where it has been made.
pub(crate) fn existing(context: &Context, name: &str) -> Option<PathBuf> {
    let folder = cache(context).ok()?.join(name);
    is_complete(&folder).then_some(folder)
}

/// A program of an environment.
pub(crate) fn program(folder: &Path, name: &str) -> PathBuf {
    match cfg!(windows) {
        true => folder.join(format!("Scripts/{name}.exe")),
        false => folder.join("bin").join(name),
    }
}

fn is_complete(folder: &Path) -> bool {
    folder.join("complete").is_file() && program(folder, "python").is_file()
}

/// The folder for what can be made again.
pub(crate) fn cache(context: &Context) -> Result<PathBuf, Failure> {
    let variable = |name: &str| context.variables.get(name).map(PathBuf::from);
    let home = || {
        variable("HOME")
            .or_else(|| variable("USERPROFILE"))
            .map(|home| home.join(".cache"))
    };
    variable("DATAOPS_CACHE_DIR")
        .or_else(|| {
            variable("XDG_CACHE_HOME")
                .or_else(home)
                .map(|cache| cache.join("dataops"))
        })
        .ok_or_else(|| {
            Failure::usage("there is no folder for a Python environment")
                .hint("set HOME or DATAOPS_CACHE_DIR")
        })
}

/// Waits until no other process prepares the same environment; the lock goes with the file.
async fn turn(folder: &Path) -> Result<std::fs::File, Failure> {
    let mut path = folder.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let shown = path.display().to_string();
    let locked = tokio::task::spawn_blocking(move || {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let file = std::fs::File::create(&path)?;
        file.lock()?;
        Ok::<_, std::io::Error>(file)
    });
    let locked = locked
        .await
        .map_err(|error| Failure::new(Exit::Bug, error))?;
    locked.map_err(|error| Failure::usage(format!("{shown}: {error}")))
}

/// FNV-1a: another list of packages, or another interpreter, gets another environment.
pub(crate) fn fingerprint(requirements: &[u8], python: &Path) -> u64 {
    let path = python.to_string_lossy();
    let bytes = requirements.iter().chain(path.as_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Makes the environment in a folder of its own; a broken-off installation is never used.
async fn install(base: &Path, folder: &Path, packages: &Packages) -> Result<(), Failure> {
    let made = |error: std::io::Error| Failure::usage(format!("{}: {error}", folder.display()));
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(made)?;
    }
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent).map_err(made)?;
    }
    let limit = packages.limit;
    let mut venv = Command::new(base);
    venv.args(["-m", "venv"]).arg(folder);
    step(venv, "making a virtual environment", limit).await?;
    let python = program(folder, "python");
    let mut pip = Command::new(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--no-compile",
    ])
    .args(&packages.pip);
    step(pip, "installing the packages", limit).await?;
    if packages.compiled {
        compile(&python, folder, limit).await;
    }
    std::fs::write(folder.join("complete"), b"").map_err(made)
}

/// Compiles the packages, so that the first import does not.
async fn compile(python: &Path, folder: &Path, limit: Duration) {
    let mut compile = Command::new(python);
    compile
        .args(["-m", "compileall", "-q", "-j", "0"])
        .args(["-x", r"[/\\]tests[/\\]"])
        .arg(folder)
        .env_remove("PYTHONDONTWRITEBYTECODE");
    // Sources that are meant not to compile make it fail; imports are only slower without it.
    let _ = step(compile, "compiling the packages", limit).await;
}

async fn step(mut command: Command, what: &str, limit: Duration) -> Result<(), Failure> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let output = tokio::time::timeout(limit, command.output())
        .await
        .map_err(|_| {
            Failure::new(
                Exit::Unreachable,
                format!("{what} took longer than {} s", limit.as_secs()),
            )
        })?
        .map_err(|error| Failure::usage(format!("{what}: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let last = lines[lines.len().saturating_sub(6)..].join("\n");
    Err(Failure::usage(format!(
        "{what} failed ({})\n{last}",
        output.status
    )))
}
