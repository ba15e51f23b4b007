//! Which files of a solution a bundle holds, and the templates that are made of them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use adf_arm::{Definition, Export, Finding, Vintage};
use adf_model::Kind;
use adf_source::{Files, Limits, Problem, Repository};
use dataops_solution::settings::{FILE_NAME, Settings, SettingsError};
use dataops_solution::source::{self, Glob, SolutionSource, below_root};
use dataops_solution::text::NotUtf8;

use crate::{Checkout, Contents, PathError, Sealed};

/// The folder with the solution, as it is in git.
pub(crate) const SOLUTION: &str = "solution";
/// The folder with the ARM templates, as Data Factory's "Publish" button names them.
pub(crate) const TEMPLATES: &str = "arm";

/// What a solution has to be sealed.
#[derive(Debug)]
pub struct Collected {
    /// The solution's name.
    pub name: String,
    /// The files, under `solution/` and `arm/`.
    pub contents: Contents,
    /// The Data Factory documents.
    pub repository: Repository,
    /// Their folder below the solution's, with `/` at its end; empty where it is the same.
    pub prefix: String,
    /// The other files, as they were read.
    pub source: SolutionSource,
    /// What is worth knowing about the templates.
    pub findings: Vec<Finding>,
}

/// A solution that cannot be sealed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CollectError {
    /// `dataops.yaml` cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A file cannot be read.
    #[error("{path} cannot be read")]
    Unreadable {
        /// The file or folder, from the solution's root.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file that `dataops.yaml` names cannot be part of a bundle.
    #[error("{path}: {reason}")]
    Unfit {
        /// The path, as it is written.
        path: String,
        /// Why.
        reason: String,
    },
    /// Documents of Data Factory cannot be read.
    #[error("{} cannot be read: {}", place(folder, first), first.message)]
    Broken {
        /// The folder of the documents below the solution's, with `/` at its end.
        folder: String,
        /// The first problem.
        first: Box<Problem>,
        /// How many more there are.
        more: usize,
    },
    /// A path that a bundle does not take.
    #[error(transparent)]
    Path(#[from] PathError),
}

fn place(folder: &str, problem: &Problem) -> String {
    let path = format!("{folder}{}", problem.path);
    match &problem.span {
        Some(span) => format!("{path}:{}:{}", span.start.line, span.start.column),
        None => path,
    }
}

/// Collects what belongs to the solution in `root`: `dataops.yaml`, the documents of Data Factory, every file that the settings name,
/// and the templates.
///
/// Lines end as they do in git, where a checkout is given.
///
/// # Errors
///
/// When something that belongs to it cannot be read.
pub fn collect(root: &Path, checkout: Option<&Checkout>) -> Result<Collected, CollectError> {
    let SolutionSource {
        yaml,
        settings,
        files,
    } = SolutionSource::read(root)?;
    let settings = settings?;
    let mut collection = Collection {
        root,
        checkout,
        contents: Contents::default(),
    };
    collection.add(FILE_NAME, yaml.text().as_bytes())?;
    collection.add_named(&settings, &files)?;
    let documents = match &settings.adf {
        Some(adf) => collection.add_documents(&adf.root, &settings.name)?,
        None => Documents::default(),
    };
    Ok(Collected {
        name: settings.name.clone(),
        contents: collection.contents,
        repository: documents.repository,
        prefix: documents.prefix,
        source: SolutionSource {
            yaml,
            settings: Ok(settings),
            files,
        },
        findings: documents.findings,
    })
}

/// The documents of Data Factory.
#[derive(Default)]
struct Documents {
    repository: Repository,
    prefix: String,
    findings: Vec<Finding>,
}

impl Collected {
    /// Seals it, with what git knows about where it came from.
    #[must_use]
    pub fn seal(self, checkout: Option<&Checkout>) -> Sealed {
        let paths = self.contents.below(SOLUTION).map(|(path, _)| path);
        let origin = checkout.and_then(|checkout| checkout.origin(paths));
        Sealed::new(&self.name, origin, self.contents)
    }
}

struct Collection<'r> {
    root: &'r Path,
    checkout: Option<&'r Checkout>,
    contents: Contents,
}

impl Collection<'_> {
    /// Adds a file of the solution.
    fn add(&mut self, path: &str, bytes: &[u8]) -> Result<(), CollectError> {
        let bytes = match self.checkout {
            Some(checkout) => checkout.as_committed(path, bytes).into_owned(),
            None => bytes.to_vec(),
        };
        Ok(self.contents.insert(format!("{SOLUTION}/{path}"), bytes)?)
    }

    /// Adds the files that the settings name.
    fn add_named(
        &mut self,
        settings: &Settings,
        files: &source::SolutionFiles,
    ) -> Result<(), CollectError> {
        let unfit = |path: &str, reason: &str| CollectError::Unfit {
            path: path.to_owned(),
            reason: reason.to_owned(),
        };
        for path in source::named(settings) {
            let below =
                below_root(&path).ok_or_else(|| unfit(&path, "it is outside of the solution"))?;
            if files.get(&below).is_none() {
                return Err(unfit(
                    &path,
                    "dataops.yaml names it, and there is no such file",
                ));
            }
        }
        let contracts = contracts(settings);
        let is_contract = |path: &str| contracts.iter().any(|glob| glob.matches(path));
        for (path, contents) in files.iter() {
            match contents {
                source::Contents::Text(text) => self.add(path, text.as_bytes())?,
                source::Contents::Bytes(fault) if is_contract(path) => {
                    return Err(unfit(path, &format!("{fault}; {}", NotUtf8::HINT)));
                }
                source::Contents::Bytes(_) => {
                    let bytes = fs::read(self.root.join(path)).map_err(unreadable(path))?;
                    self.add(path, &bytes)?;
                }
                source::Contents::TooLarge(size) => {
                    return Err(unfit(
                        path,
                        &format!("it has {size} bytes, which is more than is read"),
                    ));
                }
                source::Contents::Unreadable(reason)
                | source::Contents::UnreadableFolder(reason) => return Err(unfit(path, reason)),
                _ => return Err(unfit(path, "it is of no known kind")),
            }
        }
        Ok(())
    }

    /// Adds the documents of Data Factory, and the templates.
    fn add_documents(&mut self, folder: &Path, name: &str) -> Result<Documents, CollectError> {
        let written = folder.to_string_lossy();
        let below = below_root(&written).ok_or_else(|| CollectError::Unfit {
            path: written.clone().into_owned(),
            reason: "it is outside of the solution".to_owned(),
        })?;
        let prefix = match below.as_str() {
            "" => String::new(),
            below => format!("{below}/"),
        };
        let at: PathBuf = self.root.join(&below);
        let files = Files::read_folder(&at, &Limits::default()).map_err(unreadable(&below))?;
        let repository = Repository::read(&files);
        refuse_lost(&repository, &prefix)?;
        let documents = repository.resources.iter().map(|resource| &resource.file);
        let configuration = [
            &repository.parameters_definition,
            &repository.publish_config,
        ];
        let documents = documents.chain(configuration.into_iter().flatten());
        for path in documents.map(|file| file.path.as_str()) {
            let bytes = files.get(path).unwrap_or_default();
            self.add(&format!("{prefix}{path}"), bytes)?;
        }
        let findings = self.add_templates(&repository, name)?;
        Ok(Documents {
            repository,
            prefix,
            findings,
        })
    }

    fn add_templates(
        &mut self,
        repository: &Repository,
        name: &str,
    ) -> Result<Vec<Finding>, CollectError> {
        if repository.resources.is_empty() {
            return Ok(Vec::new());
        }
        let mut factories = repository.of_kind(Kind::Factory);
        let factory = match (factories.next(), factories.next()) {
            (Some(only), None) => &only.id.name,
            _ => name,
        };
        let vintage = Vintage::of(repository);
        let (definition, mut findings) = Definition::of(repository, vintage);
        let export: Export<'_> = adf_arm::export(repository, factory, &definition, vintage);
        for file in export.files() {
            self.contents
                .insert(format!("{TEMPLATES}/{}", file.path), file.bytes())?;
        }
        findings.extend(export.findings.iter().cloned());
        Ok(findings)
    }
}

/// The contracts: what is no text is no contract, and fails when it is asked.
fn contracts(settings: &Settings) -> Vec<Glob> {
    let patterns = settings.contracts.iter();
    patterns
        .filter_map(|pattern| Some(Glob::new(&below_root(pattern)?)))
        .collect()
}

/// What cannot be read cannot be deployed: a bundle without it would delete it, and one with a guess would deploy that.
fn refuse_lost(repository: &Repository, root: &str) -> Result<(), CollectError> {
    let mut losses = repository.losses().chain(repository.guesses());
    match losses.next() {
        None => Ok(()),
        Some(first) => Err(CollectError::Broken {
            folder: root.to_owned(),
            first: Box::new(first.clone()),
            more: losses.count(),
        }),
    }
}

fn unreadable(path: &str) -> impl FnOnce(io::Error) -> CollectError {
    let path = path.to_owned();
    |source| CollectError::Unreadable { path, source }
}
