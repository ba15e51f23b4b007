//! The solution that is looked at, in memory.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use adf_source::{Files, Limits, Repository, SourceFile};
use dataops_check::{Finding, PythonLint, Subject};
use dataops_solution::settings::FILE_NAME;
use dataops_solution::source::{SolutionSource, below_root};

use crate::context::Context;
use crate::failure::Failure;
use crate::report::findings::Texts;

/// What to do about a folder that is not one of Data Factory.
const FOLDER: &str = "name the folder that has pipeline/, dataset/ and so on";

/// Everything that is looked at.
pub(crate) struct Loaded {
    /// The folder that paths are from.
    pub(crate) root: PathBuf,
    /// Where the Data Factory repository is below it, with `/` at its end.
    pub(crate) prefix: String,
    pub(crate) files: Files,
    pub(crate) repository: Repository,
    pub(crate) solution: Option<SolutionSource>,
    /// What a linter says about the Python code.
    pub(crate) python: Vec<PythonLint>,
}

impl Loaded {
    /// Reads the solution of `--solution`, or the Data Factory repository of `--adf`.
    pub(crate) fn read(context: &Context, adf: Option<&Path>) -> Result<Self, Failure> {
        match adf {
            Some(folder) => Self::new(folder, Some(Path::new("")), None),
            None => {
                let root = context.solution_root().map_err(|failure| {
                    failure.hint("or look at a folder of Data Factory documents alone: --adf DIR")
                })?;
                let source = SolutionSource::read(&root)?;
                let below = adf_root(&source)?.map(PathBuf::from);
                Self::new(&root, below.as_deref(), Some(source))
            }
        }
    }

    fn new(
        root: &Path,
        below: Option<&Path>,
        solution: Option<SolutionSource>,
    ) -> Result<Self, Failure> {
        let folder = below.map(|below| root.join(below));
        // A setting that names no folder is found where it stands.
        let folder = folder.filter(|folder| solution.is_none() || folder.is_dir());
        let files = folder.map(|folder| {
            Files::read_folder(&folder, &Limits::default()).map_err(|error| {
                Failure::usage(format!("{}: {error}", folder.display())).hint(FOLDER)
            })
        });
        let files = files.transpose()?.unwrap_or_default();
        let repository = Repository::read(&files);
        if solution.is_none() && is_nothing(&repository) {
            let message = format!("{}: no Data Factory documents there", root.display());
            return Err(Failure::usage(message).hint(FOLDER));
        }
        Ok(Self {
            repository,
            prefix: below.map(prefix).unwrap_or_default(),
            root: root.to_owned(),
            files,
            solution,
            python: Vec::new(),
        })
    }

    /// What the rules look at.
    pub(crate) fn subject(&self) -> Subject<'_> {
        let subject = Subject::new(&self.repository, &self.prefix).with_python(&self.python);
        match &self.solution {
            Some(solution) => subject.in_solution(solution),
            None => subject,
        }
    }

    /// The folder that paths are from, as it is seen from the working directory: nothing, or with `/` at its end.
    pub(crate) fn shown(&self) -> String {
        let here = std::env::current_dir().and_then(|here| here.canonicalize());
        let seen = match (here, self.root.canonicalize()) {
            (Ok(here), Ok(root)) => root.strip_prefix(here).map(Path::to_owned).unwrap_or(root),
            _ => self.root.clone(),
        };
        match seen.to_string_lossy().replace('\\', "/") {
            seen if seen.is_empty() => seen,
            seen => format!("{}/", seen.trim_end_matches('/')),
        }
    }

    /// The texts of all files.
    pub(crate) fn texts(&self) -> Box<dyn Texts + '_> {
        Box::new(AllTexts {
            loaded: self,
            sources: self.sources(),
        })
    }

    /// How many files are looked at, with those that the linter has found something in.
    pub(crate) fn count(&self, found: &[Finding]) -> usize {
        let documents = self
            .files
            .iter()
            .map(|(path, _)| format!("{}{path}", self.prefix));
        let settings = self.solution.iter().map(|_| FILE_NAME.to_owned());
        let named = self
            .solution
            .iter()
            .flat_map(|solution| solution.files.iter());
        let named = named.map(|(path, _)| path.to_owned());
        let found = found.iter().map(|finding| finding.path.clone());
        let files: HashSet<_> = documents
            .chain(settings)
            .chain(named)
            .chain(found)
            .collect();
        files.iter().filter(|path| !path.is_empty()).count()
    }

    /// The documents that could be read, by their paths from the repository's root.
    pub(crate) fn sources(&self) -> HashMap<&str, &SourceFile> {
        let repository = &self.repository;
        let resources = repository.resources.iter().map(|resource| &resource.file);
        let others = [
            &repository.parameters_definition,
            &repository.publish_config,
        ];
        let files = resources.chain(others.into_iter().flatten());
        files.map(|file| (file.path.as_str(), file)).collect()
    }
}

/// Whether there is nothing to look at: no document, and none that is lost. Stray files do not make a factory of a folder.
fn is_nothing(repository: &Repository) -> bool {
    let others = repository.parameters_definition.is_some() || repository.publish_config.is_some();
    repository.resources.is_empty() && repository.losses().next().is_none() && !others
}

/// Where the settings say that the Data Factory documents are, below the root.
fn adf_root(source: &SolutionSource) -> Result<Option<String>, Failure> {
    let Ok(settings) = &source.settings else {
        return Ok(None);
    };
    match &settings.adf {
        // What cannot be read is found where it is named.
        Some(adf) => {
            Ok(below_root(&adf.root.to_string_lossy())
                .filter(|root| source.files.get(root).is_none()))
        }
        None if settings.notebooks.is_some() => Ok(None),
        None => Err(Failure::usage(format!(
            "{FILE_NAME} names neither Data Factory documents nor notebooks"
        ))
        .hint("add `adf: { root: adf }`, or name the folder by --adf DIR")),
    }
}

fn prefix(below: &Path) -> String {
    let parts = below.components().filter_map(|part| match part {
        Component::Normal(name) => Some(format!("{}/", name.to_string_lossy())),
        _ => None,
    });
    parts.collect()
}

/// The texts of all files.
struct AllTexts<'l> {
    loaded: &'l Loaded,
    sources: HashMap<&'l str, &'l SourceFile>,
}

impl Texts for AllTexts<'_> {
    fn text(&self, path: &str) -> Option<Cow<'_, str>> {
        let document = path.strip_prefix(&self.loaded.prefix).and_then(|path| {
            let read = self
                .sources
                .get(path)
                .map(|file| Cow::Borrowed(file.text()));
            read.or_else(|| self.loaded.files.text(path).map(Cow::Owned))
        });
        let solution = self.loaded.solution.as_ref();
        document.or_else(|| match path {
            FILE_NAME => Some(Cow::Borrowed(solution?.yaml.text())),
            path => match solution?.files.text(path) {
                Some(text) => Some(Cow::Borrowed(text)),
                None => on_disk(&self.loaded.root, path).map(Cow::Owned),
            },
        })
    }
}

/// The largest file that is read for an excerpt only.
const LARGEST: u64 = 4 << 20;

/// The text of a file that no setting names, such as a module that the linter has found; none where it is no text, or a link that
/// leads out of the solution.
fn on_disk(root: &Path, path: &str) -> Option<String> {
    let file = root.join(path).canonicalize().ok()?;
    let metadata = std::fs::metadata(&file).ok()?;
    let inside = file.starts_with(root.canonicalize().ok()?);
    if !inside || !metadata.is_file() || metadata.len() > LARGEST {
        return None;
    }
    let mut text = String::new();
    let file = std::fs::File::open(file).ok()?;
    file.take(LARGEST).read_to_string(&mut text).ok()?;
    Some(text)
}
