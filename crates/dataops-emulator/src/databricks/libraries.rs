//! Libraries of clusters. Nothing is installed here: a library counts as installed when the local Python has it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::Workspace;
use super::cluster::ClusterState;
use super::path::WorkspacePath;
use super::refusal::Refusal;
use crate::notebook::Interpreter;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum LibraryState {
    Pending,
    Installing,
    Installed,
    Failed,
    UninstallOnRestart,
}

/// A library on a cluster.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Installed {
    pub(super) library: Value,
    state: LibraryState,
    message: Option<String>,
}

impl Installed {
    pub(super) fn new(library: Value) -> Self {
        Self {
            library,
            state: LibraryState::Pending,
            message: None,
        }
    }

    pub(super) fn leave(&mut self) {
        self.state = LibraryState::UninstallOnRestart;
    }

    pub(super) fn is_leaving(&self) -> bool {
        self.state == LibraryState::UninstallOnRestart
    }

    pub(super) fn restart(&mut self) {
        if !self.is_leaving() {
            self.state = LibraryState::Pending;
            self.message = None;
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.state, LibraryState::Pending | LibraryState::Installing)
    }

    pub(super) fn describe(&self) -> Value {
        let mut status = json!({
            "library": self.library, "status": self.state, "is_library_for_all_clusters": false,
        });
        if let Some(message) = &self.message {
            status["messages"] = json!([message]);
        }
        status
    }
}

/// Refuses what is not a library at all.
pub(super) fn check_shape(library: &Value) -> Result<(), Refusal> {
    let known = ["pypi", "maven", "cran", "whl", "jar", "egg", "requirements"];
    let fields = library.as_object();
    match fields.map(|fields| fields.keys().collect::<Vec<_>>()) {
        Some(kinds) if kinds.len() == 1 && known.contains(&kinds[0].as_str()) => Ok(()),
        _ => Err(Refusal::invalid(format!(
            "a library has one of the keys {}: {library}",
            known.join(", ")
        ))),
    }
}

/// What the local Python says about a requirement.
const QUESTION: &str = r#"
import importlib.metadata, json, re, sys
try:
    from packaging.requirements import Requirement
except ImportError:
    try:
        from pip._vendor.packaging.requirements import Requirement
    except ImportError:
        Requirement = None

def missing(text):
    if Requirement is None:
        name = re.match(r"[A-Za-z0-9._-]*", text.strip()).group()
        exact = re.search(r"==\s*([^\s,;]+)", text)
        accepts = lambda version: exact is None or exact.group(1) == version
    else:
        wanted = Requirement(text)
        if wanted.marker is not None and not wanted.marker.evaluate():
            return None
        name = wanted.name
        accepts = lambda version: wanted.specifier.contains(version, prereleases=True)
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return f"{name} is not installed"
    if accepts(version):
        return None
    return f"{name} {version} is installed, which is not {text.strip()}"

def answer(text):
    try:
        return missing(text)
    except Exception as error:
        return f"not a requirement: {error}"

print(json.dumps([answer(text) for text in json.load(sys.stdin)]))
"#;
const PATIENCE: Duration = Duration::from_secs(30);

/// For each requirement, why the interpreter does not meet it.
async fn unmet(python: &Interpreter, wanted: &[String]) -> Result<Vec<Option<String>>, String> {
    let failed = |error: &dyn std::fmt::Display| {
        format!(
            "{} cannot tell its packages: {error}",
            python.path().display()
        )
    };
    let mut child = Command::new(python.path())
        .args(["-I", "-c", QUESTION])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| failed(&error))?;
    if let Some(mut input) = child.stdin.take() {
        let question = serde_json::to_vec(wanted).map_err(|error| failed(&error))?;
        input
            .write_all(&question)
            .await
            .map_err(|error| failed(&error))?;
    }
    let output = tokio::time::timeout(PATIENCE, child.wait_with_output())
        .await
        .map_err(|error| failed(&error))?
        .map_err(|error| failed(&error))?;
    serde_json::from_slice(&output.stdout).map_err(|_| {
        let said = String::from_utf8_lossy(&output.stderr);
        failed(&said.lines().last().unwrap_or("it said nothing"))
    })
}

impl Workspace {
    /// Why a library cannot be used; `None` when it can.
    pub(super) async fn library_fault(&self, library: &Value) -> Option<String> {
        let wanted = match self.requirements_of(library) {
            Ok(wanted) => wanted,
            Err(reason) => return Some(reason),
        };
        let python = match self.python().await {
            Ok(python) => python,
            Err(error) => return Some(error.to_string()),
        };
        let answers = match unmet(python, &wanted).await {
            Ok(answers) => answers,
            Err(reason) => return Some(reason),
        };
        let (text, reason) = wanted
            .iter()
            .zip(answers)
            .find_map(|(text, answer)| Some((text, answer?)))?;
        Some(format!(
            "{reason} in the Python that runs notebooks; run: {} -m pip install \"{text}\"",
            python.path().display()
        ))
    }

    fn requirements_of(&self, library: &Value) -> Result<Vec<String>, String> {
        if let Some(package) = library["pypi"]["package"].as_str() {
            return Ok(vec![package.to_owned()]);
        }
        if let Some(wheel) = library["whl"].as_str() {
            let name = wheel.rsplit('/').next().unwrap_or_default();
            let parts: Vec<&str> = name.split('-').collect();
            return match parts.as_slice() {
                [name, version, _, ..] => Ok(vec![format!("{name}=={version}")]),
                _ => Err(format!("`{wheel}` is not the name of a wheel")),
            };
        }
        if let Some(list) = library["requirements"].as_str() {
            let file = self.local_file(list).map_err(|error| error.to_string())?;
            let text = std::fs::read_to_string(&file)
                .map_err(|error| format!("cannot read `{list}`: {error}"))?;
            return Ok(text
                .lines()
                .map(|line| line.split(" #").next().unwrap_or_default().trim())
                .filter(|line| !line.is_empty() && !line.starts_with(['#', '-']))
                .map(str::to_owned)
                .collect());
        }
        let kind = library.as_object().and_then(|fields| fields.keys().next());
        Err(format!(
            "the emulator runs Python alone and has no use for libraries of kind `{}`",
            kind.map_or("?", String::as_str)
        ))
    }

    /// Moves the libraries of a running cluster on, as a look at them does.
    pub(super) async fn advance_libraries(&self, cluster_id: &str) -> Result<(), Refusal> {
        let cluster = self.clusters().look(cluster_id)?;
        if cluster.state != ClusterState::Running {
            return Ok(());
        }
        for (at, installed) in cluster.libraries.iter().enumerate() {
            if !installed.is_open() {
                continue;
            }
            let mut next = installed.clone();
            if installed.state == LibraryState::Pending {
                next.state = LibraryState::Installing;
            } else {
                next.message = self.library_fault(&installed.library).await;
                next.state = match next.message {
                    None => LibraryState::Installed,
                    Some(_) => LibraryState::Failed,
                };
            }
            self.clusters().change(cluster_id, |cluster| {
                let there = cluster.libraries.get_mut(at);
                if let Some(there) = there
                    .filter(|there| there.library == next.library && there.state == installed.state)
                {
                    *there = next;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// The local file behind `dbfs:/…`, `/dbfs/…`, `/Volumes/…`, `/Workspace/…` or a path of the workspace.
    pub(super) fn local_file(&self, path: &str) -> Result<PathBuf, Refusal> {
        let dbfs = path.strip_prefix("dbfs:").or_else(|| {
            path.strip_prefix("/dbfs")
                .filter(|rest| rest.starts_with('/'))
        });
        if let Some(rest) = dbfs {
            return self.dbfs().locate(rest);
        }
        if let Some(rest) = path.strip_prefix("/Volumes/") {
            return self.volumes().locate(rest);
        }
        Ok(WorkspacePath::parse(path)?.under(self.tree().root()))
    }
}
