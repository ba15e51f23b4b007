//! Contracts as they lie in files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use data_contract::Contract;
use data_contract::model::Variables;

use dataops_solution::Solution;
use dataops_solution::source::Glob;
use dataops_solution::text;

use super::bounded;
use crate::failure::Failure;
use crate::terminal::Place;

/// A contract and its file.
#[derive(Debug)]
pub(crate) struct Named {
    /// The file, as it was named.
    pub(crate) path: PathBuf,
    /// The contract.
    pub(crate) contract: Contract,
}

/// Reads a contract.
///
/// # Errors
///
/// When there is no such file, or it is no YAML.
pub(crate) fn read(path: &Path, variables: &Variables) -> Result<Named, Failure> {
    let bytes = bounded::bytes(path, Contract::LONGEST).map_err(|error| {
        let file = path.display();
        match path.is_dir() {
            true => Failure::usage(format!("{file} is a folder")).hint(format!(
                "name the contracts in it, such as {file}/*.odcs.yaml"
            )),
            false => Failure::usage(format!("the contract {file} cannot be read: {error}")),
        }
    })?;
    let text =
        String::from_utf8(bytes).map_err(|error| match text::first_fault(error.as_bytes()) {
            Ok(Some(fault)) => Failure::not_utf8(path, &fault),
            _ => Failure::usage(format!("the contract {} is not UTF-8", path.display())),
        })?;
    let contract = Contract::read(&text, variables).map_err(|error| {
        let (line, column) = (error.line, error.column);
        let place = format!("{}:{line}:{column}", path.display());
        Failure::usage(format!(
            "{place}: the contract is no YAML: {}",
            error.reason
        ))
        .at(Place {
            path: path.to_owned(),
            line: error.line,
            column: error.column,
        })
    })?;
    Ok(Named {
        path: path.to_owned(),
        contract,
    })
}

/// The contracts that a solution names, in the order of their paths.
///
/// # Errors
///
/// When it names none, or its patterns match nothing.
pub(crate) fn of_solution(solution: &Solution) -> Result<Vec<PathBuf>, Failure> {
    let patterns = &solution.settings.contracts;
    if patterns.is_empty() {
        let error = Failure::usage("dataops.yaml names no contracts");
        return Err(error.hint("write contracts: [contracts/*.odcs.yaml]"));
    }
    let mut files = BTreeSet::new();
    for pattern in patterns {
        let glob = Glob::new(pattern);
        walk(&solution.root, &glob.base(), DEEPEST, &glob, &mut files);
    }
    match files.is_empty() {
        true => Err(Failure::usage(format!(
            "no file is as `contracts` of dataops.yaml says: {}",
            patterns.join(", ")
        ))),
        false => Ok(files.iter().map(|file| solution.root.join(file)).collect()),
    }
}

/// Folders below the one that a pattern begins with.
const DEEPEST: usize = 32;

fn walk(root: &Path, folder: &str, depth: usize, glob: &Glob, files: &mut BTreeSet<String>) {
    // A folder that is not there has no contracts.
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
        return;
    };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = if folder.is_empty() {
            name
        } else {
            format!("{folder}/{name}")
        };
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth > 0 => walk(root, &path, depth - 1, glob, files),
            Ok(kind) if !kind.is_dir() && glob.matches(&path) => {
                files.insert(path);
            }
            _ => {}
        }
    }
}
