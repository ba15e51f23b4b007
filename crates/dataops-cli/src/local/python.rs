//! A Python for the notebooks and the training of a solution.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use dataops_emulator::notebook::Interpreter;
use dataops_solution::Solution;
use tokio::process::Command;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// How long pip may take.
const INSTALL_LIMIT: Duration = Duration::from_secs(900);

/// The interpreter to use: `DATAOPS_PYTHON` as it is; otherwise, where the solution names requirements, a virtual environment
/// with them, made once; otherwise whatever the emulator finds.
pub(crate) async fn prepare_python(
    context: &Context,
    solution: &Solution,
) -> Result<Option<PathBuf>, Failure> {
    if let Some(python) = context.variables.get("DATAOPS_PYTHON") {
        context.explain(&format!("using Python at {python}"));
        return usable(Path::new(python)).await.map(Some);
    }
    let Some(settings) = &solution.settings.python else {
        return Ok(None);
    };
    let requirements = solution.path(&settings.requirements);
    let text = std::fs::read(&requirements).map_err(|error| {
        Failure::usage(format!("{}: {error}", requirements.display()))
            .hint("`python.requirements` in dataops.yaml names this file")
    })?;
    let base = Interpreter::find(None).await.map_err(|error| {
        Failure::usage(error).hint("install Python 3.11 or later, or name one by DATAOPS_PYTHON")
    })?;
    let folder = cache(context)?.join(format!("python-{:016x}", fingerprint(&text, base.path())));
    let python = folder.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    if folder.join("complete").is_file() && python.is_file() {
        return Ok(Some(python));
    }
    let _turn = turn(&folder).await?;
    if folder.join("complete").is_file() {
        return Ok(Some(python));
    }
    context.say(&format!(
        "preparing Python with the packages of {} (once)",
        requirements.display()
    ));
    install(base.path(), &folder, &python, &requirements).await?;
    Ok(Some(python))
}

/// A Python that somebody has named, tried once.
pub(crate) async fn usable(python: &Path) -> Result<PathBuf, Failure> {
    let found = Interpreter::find(Some(python)).await;
    let found =
        found.map_err(|error| Failure::usage(error).hint("DATAOPS_PYTHON or --python names it"))?;
    Ok(found.path().to_owned())
}

/// The folder for what can be made again.
fn cache(context: &Context) -> Result<PathBuf, Failure> {
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
    let path = folder.with_extension("lock");
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
fn fingerprint(requirements: &[u8], python: &Path) -> u64 {
    let path = python.to_string_lossy();
    let bytes = requirements.iter().chain(path.as_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Makes the environment in a folder of its own and moves it into place: a broken-off installation is never used.
async fn install(
    base: &Path,
    folder: &Path,
    python: &Path,
    requirements: &Path,
) -> Result<(), Failure> {
    let made = |error: std::io::Error| Failure::usage(format!("{}: {error}", folder.display()));
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(made)?;
    }
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent).map_err(made)?;
    }
    let mut venv = Command::new(base);
    venv.args(["-m", "venv"]).arg(folder);
    step(venv, "making a virtual environment").await?;
    let mut pip = Command::new(python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--no-compile",
        "-r",
    ])
    .arg(requirements);
    step(pip, "installing the packages").await?;
    let mut compile = Command::new(python);
    compile
        .args([
            "-m",
            "compileall",
            "-q",
            "-j",
            "0",
            "-x",
            r"[/\\]tests[/\\]",
        ])
        .arg(folder);
    compile.env_remove("PYTHONDONTWRITEBYTECODE");
    // Sources that are meant not to compile make it fail; imports are only slower without it.
    let _ = step(compile, "compiling the packages").await;
    std::fs::write(folder.join("complete"), b"").map_err(made)
}

async fn step(mut command: Command, what: &str) -> Result<(), Failure> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let output = tokio::time::timeout(INSTALL_LIMIT, command.output())
        .await
        .map_err(|_| {
            Failure::new(
                Exit::Unreachable,
                format!("{what} took longer than {} s", INSTALL_LIMIT.as_secs()),
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
    Err(
        Failure::usage(format!("{what} failed ({})\n{last}", output.status))
            .hint("name an interpreter that has the packages by DATAOPS_PYTHON"),
    )
}
