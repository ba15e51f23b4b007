//! The files that are taken over: those that are named, or those that lie where the other tool looks for them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use adf_migrate::{InputFile, Role, Source};

use super::Args;
use crate::failure::Failure;

/// The most bytes of one file: far more than Azure takes of a template.
const LARGEST: u64 = 32 << 20;

/// The folder in which azure.datafactory.tools keeps its configurations.
const DEPLOYMENT: &str = "deployment";

/// Reads the files that are named; without any, the configurations of the folders' `deployment`.
pub(super) fn sources(args: &Args, folders: &[&Path]) -> Result<Vec<Source>, Failure> {
    let given = [
        (Some(Role::Config), &args.config),
        (Some(Role::Parameters), &args.parameters),
        (Some(Role::Filter), &args.filter),
        (Some(Role::Options), &args.options),
        (None, &args.files),
    ];
    let mut sources = Vec::new();
    for (role, names) in given {
        for name in names {
            sources.extend(of_name(name, role)?);
        }
    }
    if sources.is_empty() {
        let mut seen = BTreeSet::new();
        for folder in folders.iter().map(|folder| folder.join(DEPLOYMENT)) {
            // The documents may lie beside dataops.yaml.
            if folder.is_dir() && seen.insert(folder.canonicalize().ok()) {
                sources.extend(of_folder(&folder, None)?);
            }
        }
    }
    match sources.is_empty() {
        false => Ok(sources),
        true => Err(Failure::usage("there is nothing to take over").hint(
            "name files, such as `dataops migrate deployment/config-qa.csv prod=ARMTemplateParametersForFactory.json`",
        )),
    }
}

/// `FILE` or `ENV=FILE`; a folder stands for the configurations and parameter files in it.
fn of_name(name: &str, role: Option<Role>) -> Result<Vec<Source>, Failure> {
    let is_there = Path::new(name).exists();
    let (environment, path) = match name.split_once('=') {
        Some((environment, path)) if !is_there && is_name(environment) => {
            (Some(environment.to_owned()), Path::new(path))
        }
        _ => (None, Path::new(name)),
    };
    if path.is_dir() {
        return of_folder(path, environment.as_deref());
    }
    let file = read(path)?;
    Ok(vec![Source {
        role: role.unwrap_or_else(|| Role::of(&file)),
        environment,
        file,
    }])
}

fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    !text.is_empty() && text.chars().all(is_part)
}

/// Which of several filters counts is not known, so none is taken of a folder.
fn of_folder(folder: &Path, environment: Option<&str>) -> Result<Vec<Source>, Failure> {
    let failure = |error| Failure::usage(format!("{}: {error}", folder.display()));
    let entries = fs::read_dir(folder).map_err(failure)?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut sources = Vec::new();
    for path in paths.into_iter().filter(|path| is_of_interest(path)) {
        let file = read(&path)?;
        sources.push(Source {
            role: Role::of(&file),
            environment: environment.map(str::to_owned),
            file,
        });
    }
    Ok(sources)
}

fn is_of_interest(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.unwrap_or_default().to_ascii_lowercase();
    let is_config = name.starts_with("config-") && name.ends_with(".csv");
    let is_json = name.starts_with("config-") || name.contains("parameters");
    path.is_file() && (is_config || (is_json && name.ends_with(".json")))
}

fn read(path: &Path) -> Result<InputFile, Failure> {
    let failure = |reason: String| Failure::usage(format!("{}: {reason}", path.display()));
    let file = File::open(path).map_err(|error| failure(error.to_string()))?;
    let mut bytes = Vec::new();
    let read = file.take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| failure(error.to_string()))?;
    if bytes.len() as u64 > LARGEST {
        return Err(failure(format!("it has more than {LARGEST} bytes")));
    }
    Ok(InputFile::new(path.display().to_string(), bytes))
}
