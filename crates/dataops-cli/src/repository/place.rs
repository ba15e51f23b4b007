//! A side of a comparison as it is named on the command line.

use std::path::{Path, PathBuf};

use adf_source::Repository;
use dataops_solution::Solution;

use super::{AdfFolder, Git, environment, folder, short};
use crate::context::Context;
use crate::failure::Failure;

/// Where documents are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the folder as it is now.
    Working,
    /// In a commit of git, by the name that was given and its id.
    Commit { name: String, id: String },
    /// In another folder.
    Folder(PathBuf),
    /// In the factory of an environment.
    Environment(String),
}

/// The documents of a place.
pub(crate) struct Read {
    /// What the place is called.
    pub(crate) name: String,
    /// The same without the commit's id.
    pub(crate) short: String,
    /// What stands before the paths of files to make them paths of this repository; empty where that is not known.
    pub(crate) prefix: String,
    /// Whether documents stand in files just as they were read, so that lines in them can be told.
    pub(crate) has_lines: bool,
    pub(crate) repository: Repository,
}

impl Place {
    /// Reads a name: `env:NAME`, a commit, or a folder. What begins with `.` or `/` is a folder even where git knows the name.
    pub(crate) async fn parse(text: &str, adf: &AdfFolder) -> Result<Self, Failure> {
        if let Some(name) = text.strip_prefix("env:") {
            return Ok(Self::Environment(name.to_owned()));
        }
        let path = Path::new(text);
        let is_folder = path.is_dir();
        let is_path =
            text.starts_with(['.', '/', '~']) || text.ends_with('/') || path.is_absolute();
        if is_path && is_folder {
            return Ok(Self::Folder(path.to_owned()));
        }
        let git = match Git::of(&adf.path).await {
            Ok(git) => git,
            Err(_) if is_folder => return Ok(Self::Folder(path.to_owned())),
            Err(failure) => return Err(failure),
        };
        if let Some(id) = git.find(text).await? {
            return Ok(Self::Commit {
                name: text.to_owned(),
                id,
            });
        }
        if is_folder {
            return Ok(Self::Folder(path.to_owned()));
        }
        let failure = git.commit(text).await.map(|_| ()).err();
        let failure = failure.unwrap_or_else(|| Failure::usage(format!("`{text}` is no place")));
        Err(failure.hint("there is no folder of that name either"))
    }

    /// What it is called.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Working => "working tree".to_owned(),
            Self::Commit { name, id } if is_id(name, id) => short(id).to_owned(),
            Self::Commit { name, id } => format!("{name} ({})", short(id)),
            Self::Folder(path) => path.display().to_string(),
            Self::Environment(name) => format!("env:{name}"),
        }
    }

    /// That a commit does not have the documents.
    pub(crate) fn lacks(name: &str, prefix: &str) -> Failure {
        let failure = Failure::usage(format!("`{name}` has no folder `{prefix}`"));
        failure.hint(
            "the Data Factory documents may have stood elsewhere then: name their folder by --adf DIR",
        )
    }

    /// What it is called, without its documents.
    pub(crate) fn describe(&self, prefix: &str) -> Read {
        Read {
            name: self.name(),
            short: match self {
                Self::Commit { name, .. } => name.clone(),
                other => other.name(),
            },
            prefix: with_slash(prefix),
            has_lines: !matches!(self, Self::Environment(_)),
            repository: Repository::default(),
        }
    }

    /// Reads the documents of what is compared with. A commit may be older than the folder: then it has none.
    pub(crate) async fn read_base(
        &self,
        context: &Context,
        adf: &AdfFolder,
    ) -> Result<Read, Failure> {
        if let Self::Commit { id, .. } = self {
            let git = Git::of(&adf.path).await?;
            if adf.path.is_dir() && !git.has_folder(id).await? {
                context.say(&format!(
                    "warning: {} has no folder `{}`; everything counts as added",
                    self.name(),
                    git.prefix()
                ));
                return Ok(self.describe(""));
            }
        }
        self.read(context, adf).await
    }

    /// Reads the documents.
    pub(crate) async fn read(&self, context: &Context, adf: &AdfFolder) -> Result<Read, Failure> {
        let mut prefix = String::new();
        let repository = match self {
            Self::Working => {
                if let Ok(git) = Git::of(&adf.path).await {
                    git.prefix().clone_into(&mut prefix);
                }
                adf.read()?
            }
            Self::Folder(path) => folder::read(path)?,
            Self::Commit { name, id } => {
                let git = Git::of(&adf.path).await?;
                git.prefix().clone_into(&mut prefix);
                match git.read(id).await? {
                    Some(repository) => repository,
                    None => return Err(Self::lacks(name, git.prefix())),
                }
            }
            Self::Environment(name) => environment::read(context, solution(adf)?, name).await?,
        };
        super::warn(context, &self.name(), &repository);
        Ok(Read {
            repository,
            ..self.describe(&prefix)
        })
    }
}

impl Read {
    /// The same without the documents.
    pub(crate) fn without_documents(&self) -> Self {
        Self {
            name: self.name.clone(),
            short: self.short.clone(),
            prefix: self.prefix.clone(),
            has_lines: self.has_lines,
            repository: Repository::default(),
        }
    }

    /// Makes two sides comparable where one is an environment: the other gets that environment's values.
    pub(crate) fn adapt(
        context: &Context,
        adf: &AdfFolder,
        places: (&Place, &Place),
        sides: (&mut Self, &mut Self),
    ) -> Result<(), Failure> {
        let (name, source, live) = match places {
            (Place::Environment(_), Place::Environment(_)) => return Ok(()),
            (Place::Environment(name), _) => (name, sides.1, sides.0),
            (_, Place::Environment(name)) => (name, sides.0, sides.1),
            _ => return Ok(()),
        };
        source.has_lines = false;
        live.prefix.clone_from(&source.prefix);
        environment::adapt(
            context,
            solution(adf)?,
            name,
            &mut source.repository,
            &mut live.repository,
        )
    }
}

fn solution(adf: &AdfFolder) -> Result<&Solution, Failure> {
    adf.solution.as_ref().ok_or_else(|| {
        Failure::usage("there is no dataops.yaml that would say what the environment is")
            .hint("name the solution's folder by --solution DIR")
    })
}

fn with_slash(prefix: &str) -> String {
    match prefix {
        "" => String::new(),
        prefix => format!("{prefix}/"),
    }
}

/// What is shorter is rather the name of a branch than the beginning of an id.
const SHORTEST_ID: usize = 7;

fn is_id(name: &str, id: &str) -> bool {
    name.len() >= SHORTEST_ID && id.starts_with(name)
}
