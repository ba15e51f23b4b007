//! The solution that is looked at, in memory.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use adf_source::{Files, Limits, Repository, SourceFile};
use dataops_check::Subject;
use dataops_solution::settings::FILE_NAME;
use dataops_solution::source::SolutionSource;

use crate::context::Context;
use crate::failure::Failure;
use crate::report::findings::Texts;

/// Everything that is looked at.
pub(super) struct Loaded {
    /// The folder that paths are from.
    pub(super) root: PathBuf,
    /// Where the Data Factory repository is below it, with `/` at its end.
    pub(super) prefix: String,
    pub(super) files: Files,
    pub(super) repository: Repository,
    pub(super) solution: Option<SolutionSource>,
}

impl Loaded {
    /// Reads the solution of `--solution`, or the Data Factory repository of `--adf`.
    pub(super) fn read(context: &Context, adf: Option<&Path>) -> Result<Self, Failure> {
        let (root, below, solution) = match adf {
            Some(folder) => (folder.to_owned(), PathBuf::new(), None),
            None => {
                let found = context.solution()?;
                let below = found.settings.adf.as_ref().map(|adf| adf.root.clone());
                let source = SolutionSource::read(&found.root)?;
                (found.root, below.ok_or_else(nowhere)?, Some(source))
            }
        };
        let folder = root.join(&below);
        let files = Files::read_folder(&folder, &Limits::default()).map_err(|error| {
            Failure::usage(format!("{}: {error}", folder.display()))
                .hint("name the folder that has pipeline/, dataset/ and so on")
        })?;
        Ok(Self {
            repository: Repository::read(&files),
            prefix: prefix(&below),
            root,
            files,
            solution,
        })
    }

    /// What the rules look at.
    pub(super) fn subject(&self) -> Subject<'_> {
        let subject = Subject::new(&self.repository, &self.prefix);
        match &self.solution {
            Some(solution) => subject.in_solution(solution),
            None => subject,
        }
    }

    /// The folder that paths are from, as it is seen from the working directory: nothing, or with `/` at its end.
    pub(super) fn shown(&self) -> String {
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
    pub(super) fn texts(&self) -> Box<dyn Texts + '_> {
        Box::new(AllTexts {
            loaded: self,
            sources: self.sources(),
        })
    }

    /// The documents that could be read, by their paths from the repository's root.
    pub(super) fn sources(&self) -> HashMap<&str, &SourceFile> {
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

fn nowhere() -> Failure {
    Failure::usage(format!(
        "{FILE_NAME} does not say where the Data Factory documents are"
    ))
    .hint("add `adf: { root: adf }`, or name the folder by --adf DIR")
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
            path => Some(Cow::Borrowed(solution?.files.text(path)?)),
        })
    }
}
