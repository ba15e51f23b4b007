//! The Databricks part of a deployment: notebooks, the files beside them, the cluster, the mounts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use databricks_client::{ClusterSpec, ImportFormat, ImportOptions, Language};
use futures::TryStreamExt;
use rest_core::Wait;

use super::mounts;
use crate::connection::Connection;
use crate::deployment::DeployError;
use dataops_solution::Solution;
use dataops_solution::settings::NotebookSettings;

/// The most files that one solution brings.
const MOST_FILES: usize = 10_000;

/// A file of the repository and what it becomes.
struct Item {
    path: PathBuf,
    target: String,
    format: ImportFormat,
}

/// Imports the notebook folder. A source file whose first line is the header becomes a notebook and loses its extension;
/// everything else becomes a file.
pub(crate) async fn import(
    solution: &Solution,
    settings: &NotebookSettings,
    connection: &Connection,
) -> Result<Vec<String>, DeployError> {
    let root = solution.path(&settings.root);
    if !root.is_dir() {
        return Err(DeployError::NoFolder {
            field: "notebooks.root",
            path: root,
        });
    }
    let items = plan(&root, &settings.target)?;
    let databricks = connection.databricks()?;
    let workspace = databricks.workspace();
    let folders: BTreeSet<_> = items
        .iter()
        .filter_map(|item| item.target.rsplit_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    for folder in folders {
        let made = workspace.mkdirs(folder, None).await;
        made.map_err(DeployError::step(format!(
            "creating workspace folder `{folder}`"
        )))?;
    }
    for item in &items {
        let content = fs::read(&item.path).map_err(|source| DeployError::File {
            path: item.path.clone(),
            source,
        })?;
        let options = ImportOptions {
            overwrite: true,
            ..ImportOptions::default()
        };
        let imported = workspace
            .import(&item.target, &content, item.format.clone(), Some(options))
            .await;
        imported.map_err(DeployError::step(format!("importing `{}`", item.target)))?;
    }
    Ok(items.into_iter().map(|item| item.target).collect())
}

fn plan(root: &Path, target: &str) -> Result<Vec<Item>, DeployError> {
    let mut items: BTreeMap<String, Item> = BTreeMap::new();
    let mut open = vec![(root.to_owned(), target.trim_end_matches('/').to_owned())];
    while let Some((folder, remote)) = open.pop() {
        let unreadable = |source| DeployError::File {
            path: folder.clone(),
            source,
        };
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().map_err(unreadable)?;
            if name.starts_with('.') || name == "__pycache__" || kind.is_symlink() {
                continue;
            }
            if kind.is_dir() {
                open.push((entry.path(), format!("{remote}/{name}")));
                continue;
            }
            let item = item(entry.path(), &remote, &name)?;
            if let Some(other) = items.get(&item.target) {
                return Err(DeployError::Clash {
                    first: other.path.clone(),
                    second: item.path,
                    target: item.target,
                });
            }
            items.insert(item.target.clone(), item);
            if items.len() > MOST_FILES {
                let reason =
                    format!("more than {MOST_FILES} files; is this the notebooks' folder?");
                return Err(DeployError::Malformed {
                    path: root.to_owned(),
                    reason,
                });
            }
        }
    }
    Ok(items.into_values().collect())
}

fn item(path: PathBuf, remote: &str, name: &str) -> Result<Item, DeployError> {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let (language, comment) = match extension.to_ascii_lowercase().as_str() {
        "py" => (Some(Language::Python), "#"),
        "r" => (Some(Language::R), "#"),
        "scala" => (Some(Language::Scala), "//"),
        "sql" => (Some(Language::Sql), "--"),
        "ipynb" => {
            return Ok(Item {
                path,
                target: format!("{remote}/{stem}"),
                format: ImportFormat::Jupyter,
            });
        }
        _ => (None, ""),
    };
    if let Some(language) = language {
        let text = fs::read(&path).map_err(|source| DeployError::File {
            path: path.clone(),
            source,
        })?;
        let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let header = format!("{comment} Databricks notebook source");
        if first.strip_suffix(b"\r").unwrap_or(first) == header.as_bytes() {
            return Ok(Item {
                path,
                target: format!("{remote}/{stem}"),
                format: ImportFormat::Source(language),
            });
        }
    }
    Ok(Item {
        path,
        target: format!("{remote}/{name}"),
        format: ImportFormat::Raw,
    })
}

/// Finds or creates the environment's cluster and, on an emulator, mounts the containers. Gives the cluster's id.
pub(crate) async fn prepare_cluster(
    solution: &Solution,
    connection: &Connection,
) -> Result<Option<String>, DeployError> {
    let databricks = connection.databricks()?;
    let settings = connection
        .environment()
        .databricks
        .as_ref()
        .and_then(|settings| settings.cluster.as_ref());
    let (name, spec) = match settings {
        Some(cluster) => (
            cluster.name.clone(),
            cluster.spec.as_ref().map(|path| solution.path(path)),
        ),
        None if connection.is_emulated() => ("local".to_owned(), None),
        None => return Ok(None),
    };
    let step = |what: &str| DeployError::step(format!("{what} cluster `{name}`"));
    let clusters = databricks.clusters();
    let existing: Vec<_> = clusters
        .list(None)
        .try_collect()
        .await
        .map_err(step("looking for"))?;
    let found = existing
        .into_iter()
        .find(|cluster| cluster.cluster_name.as_deref() == Some(&name));
    let id = match found {
        Some(cluster) => cluster.cluster_id,
        None => {
            let spec = cluster_spec(&name, spec.as_deref())?;
            let created = clusters
                .create(&spec, None)
                .await
                .map_err(step("creating"))?;
            created.into_model().map_err(step("creating"))?.cluster_id
        }
    };
    let patience = Wait::up_to(Duration::from_secs(20 * 60));
    clusters
        .ensure_running(&id, patience, |_| {})
        .await
        .map_err(step("starting"))?;
    if connection.is_emulated() {
        mounts::mount(solution, connection, &databricks, &id).await?;
    }
    Ok(Some(id))
}

fn cluster_spec(name: &str, file: Option<&Path>) -> Result<ClusterSpec, DeployError> {
    let mut spec = match file {
        Some(path) => {
            let text = fs::read_to_string(path).map_err(|source| DeployError::File {
                path: path.to_owned(),
                source,
            })?;
            serde_json::from_str(&text).map_err(|error| DeployError::Malformed {
                path: path.to_owned(),
                reason: error.to_string(),
            })?
        }
        None => ClusterSpec {
            spark_version: "15.4.x-scala2.12".to_owned(),
            num_workers: Some(0),
            ..ClusterSpec::default()
        },
    };
    spec.cluster_name = Some(name.to_owned());
    Ok(spec)
}
