//! Runs `ruff`: on the files that it would look at by itself and that are ordinary ones, and once on each notebook that is no Python
//! as it stands.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use databricks_notebook::{Format, Notebook};
use dataops_check::PythonLint;
use dataops_solution::source::{Contents, SolutionSource, below_root};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::process::start;
use super::said;
use crate::exit::Exit;
use crate::failure::Failure;

/// The most files that one run is told of: the length of a command is limited.
const AT_ONCE: usize = 500;

/// The largest file that is linted; Databricks imports no larger notebook.
const LARGEST: u64 = 10 << 20;

/// What `program` says about the solution in `root`.
pub(super) async fn run(
    program: &Path,
    root: &Path,
    source: &SolutionSource,
) -> Result<Vec<PythonLint>, Failure> {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let listed = start(program, &root, &["--show-files", "."], None).await?;
    let listed = String::from_utf8_lossy(&listed);
    let mut listed: BTreeSet<_> = listed
        .lines()
        .filter_map(|file| below(file, &root))
        .filter(|path| is_ordinary(&root, path, source))
        .collect();
    let mut notebooks = rewritten(source);
    notebooks.retain(|(path, _)| listed.remove(path));
    let files: Vec<_> = listed.iter().map(String::as_str).collect();
    let mut lints = Vec::new();
    for files in files.chunks(AT_ONCE) {
        let arguments = [&["--"], files].concat();
        lints.extend(said::read(
            &start(program, &root, &arguments, None).await?,
            &root,
        )?);
    }
    lints.extend(run_each(program, &root, notebooks).await?);
    Ok(lints)
}

/// The path of a file from the root.
fn below(file: &str, root: &Path) -> Option<String> {
    let path = Path::new(file);
    let path = path.strip_prefix(root).unwrap_or(path);
    Some(path.to_str()?.replace('\\', "/"))
}

/// Whether a file can be read to its end: not a pipe or a device, no link that leads out of the solution, not too large. What the
/// rules about notebooks find to be no text is not linted either.
fn is_ordinary(root: &Path, path: &str, source: &SolutionSource) -> bool {
    let known = source.files.get(path);
    if known.is_some_and(|contents| !matches!(contents, Contents::Text(_))) {
        return false;
    }
    let file = root.join(path).canonicalize();
    file.is_ok_and(|file| {
        let metadata = std::fs::metadata(&file);
        let ordinary = metadata.is_ok_and(|file| file.is_file() && file.len() <= LARGEST);
        ordinary && file.starts_with(root)
    })
}

/// What `program` says about texts that stand for files, some of them at the same time.
async fn run_each(
    program: &Path,
    root: &Path,
    notebooks: Vec<(String, String)>,
) -> Result<Vec<PythonLint>, Failure> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let turns = Arc::new(Semaphore::new(processors));
    let mut running = JoinSet::new();
    for (path, text) in notebooks {
        let (program, root, turns) = (program.to_owned(), root.to_owned(), Arc::clone(&turns));
        running.spawn(async move {
            let _turn = turns.acquire().await;
            let arguments = ["--stdin-filename", path.as_str(), "-"];
            let output = start(&program, &root, &arguments, Some(&text)).await?;
            said::read(&output, &root)
        });
    }
    let mut lints = Vec::new();
    while let Some(ended) = running.join_next().await {
        lints.extend(ended.map_err(|error| Failure::new(Exit::Bug, error))??);
    }
    Ok(lints)
}

/// The notebooks with parts that are no Python, and what a linter reads in their place.
fn rewritten(source: &SolutionSource) -> Vec<(String, String)> {
    let settings = source.settings.as_ref().ok();
    let notebooks = settings.and_then(|settings| settings.notebooks.as_ref());
    let root = notebooks.and_then(|notebooks| below_root(&notebooks.root.to_string_lossy()));
    let Some(root) = root else {
        return Vec::new();
    };
    let files = source.files.below(&root);
    let rewritten = files.filter_map(|(path, contents)| {
        let Contents::Text(text) = contents else {
            return None;
        };
        let path_from_root = format!("{root}/{path}");
        Some((
            path_from_root.trim_start_matches('/').to_owned(),
            for_linter(path, text)?,
        ))
    });
    rewritten.collect()
}

/// What a linter reads in the place of a notebook; none where it reads the file as it is.
fn for_linter(path: &str, text: &str) -> Option<String> {
    match Format::of(path, text) {
        Format::File => None,
        Format::Jupyter => Notebook::read(path, text).ok()?.jupyter_file(),
        Format::Source(_) => match Notebook::read(path, text).ok()?.python_file(text)?.text {
            Cow::Owned(rewritten) => Some(rewritten),
            Cow::Borrowed(_) => None,
        },
    }
}
