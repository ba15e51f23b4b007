//! Bundles: made of a solution, written, read, and tampered with.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod collecting;
#[cfg(unix)]
mod git;
mod reading;
mod writing;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dataops_bundle::{Collected, Sealed, collect};
use tempfile::TempDir;

const SETTINGS: &str = "
name: ingest
adf: { root: adf }
notebooks: { root: notebooks, target: /Shared/ingest }
contracts: ['contracts/*.yaml']
environments:
  qa:
    dataFactory: ${FACTORY}
    databricks: { host: https://adb.test, cluster: { name: c, spec: clusters/c.json } }
";

/// A solution on a disk.
fn solution() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path());
    folder
}

fn fill(root: &Path) {
    for (path, text) in [
        ("dataops.yaml", SETTINGS),
        (
            "adf/pipeline/copy.json",
            r#"{"name": "copy", "properties": {"activities": []}}"#,
        ),
        (
            "adf/factory/adf-dev.json",
            r#"{"name": "adf-dev", "properties": {}, "location": "westeurope"}"#,
        ),
        (
            "adf/publish_config.json",
            r#"{"publishBranch": "adf_publish"}"#,
        ),
        ("adf/pipeline/notes.txt", "not a document"),
        ("adf/README.md", "not a document"),
        (
            "notebooks/prepare.py",
            "# Databricks notebook source\nprint(1)\n",
        ),
        ("notebooks/__pycache__/prepare.pyc", "x"),
        ("contracts/claims.yaml", "kind: DataContract\n"),
        ("clusters/c.json", "{}"),
        ("secrets.txt", "not named"),
    ] {
        write(root, path, text);
    }
}

fn write(root: &Path, path: &str, text: impl AsRef<[u8]>) {
    let file = root.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn collected(root: &Path) -> Collected {
    collect(root, None).unwrap()
}

fn sealed(root: &Path) -> Sealed {
    collected(root).seal(None)
}

/// Every file below a folder, with its bytes.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, prefix: &str, into: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            match entry.file_type().unwrap().is_dir() {
                true => walk(&entry.path(), &format!("{path}/"), into),
                false => {
                    into.insert(path, fs::read(entry.path()).unwrap());
                }
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(root, "", &mut files);
    files
}
