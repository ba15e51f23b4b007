//! What was before a change and what is after it: the documents, and everything else of the solution.

use std::collections::BTreeMap;
use std::path::Path;

use adf_source::Repository;
use dataops_check::Subject;
use dataops_solution::settings::{FILE_NAME, Settings};
use dataops_solution::source::SolutionSource;
use dataops_solution::touched::ChangedFile;

use super::environments;
use crate::commands::validate::solution::Loaded;
use crate::context::Context;
use crate::failure::Failure;
use crate::repository::{AdfFolder, Blobs, Git, Place, Read, Tree};

/// Both sides of a change.
pub(super) struct Sides {
    /// The solution's name.
    pub(super) name: String,
    /// The solution's folder from the repository's root: nothing, or with `/` at its end.
    pub(super) folder: String,
    pub(super) before: Side,
    pub(super) after: Side,
    /// The files of the whole repository that differ, those in no commit too.
    pub(super) changed: Vec<ChangedFile>,
    base: Read,
    head: Read,
}

/// A side of a change.
pub(super) struct Side {
    pub(super) repository: Repository,
    prefix: String,
    solution: Option<SolutionSource>,
}

impl Side {
    /// What the rules look at.
    pub(super) fn subject(&self) -> Subject<'_> {
        let subject = Subject::new(&self.repository, &self.prefix);
        match &self.solution {
            Some(solution) => subject.in_solution(solution),
            None => subject,
        }
    }

    /// What `dataops.yaml` says, where there is one that can be used.
    pub(super) fn settings(&self) -> Option<&Settings> {
        self.solution.as_ref()?.settings.as_ref().ok()
    }

    /// The text of `dataops.yaml`.
    pub(super) fn yaml(&self) -> Option<&str> {
        self.solution.as_ref().map(|it| it.yaml.text())
    }

    /// The texts of the solution's files that are no documents of Data Factory, `dataops.yaml` among them.
    pub(super) fn texts(&self) -> BTreeMap<&str, &str> {
        let mut texts = BTreeMap::new();
        let Some(solution) = &self.solution else {
            return texts;
        };
        texts.insert(FILE_NAME, solution.yaml.text());
        let files = solution.files.iter().filter_map(|(path, _)| {
            let is_document = !self.prefix.is_empty() && path.starts_with(&self.prefix);
            Some((path, solution.files.text(path)?)).filter(|_| !is_document)
        });
        texts.extend(files);
        texts
    }

    /// The contracts, by their paths from the solution's root.
    pub(super) fn contracts(&self) -> BTreeMap<&str, &str> {
        let patterns = self
            .settings()
            .map(|settings| settings.contracts.as_slice());
        let globs: Vec<_> = patterns
            .unwrap_or_default()
            .iter()
            .map(|pattern| dataops_solution::source::Glob::new(pattern))
            .collect();
        let mut texts = self.texts();
        texts.retain(|path, _| globs.iter().any(|glob| glob.matches(path)));
        texts
    }
}

/// A file of the solution that differs.
#[derive(Clone, Copy)]
pub(crate) struct Differing<'s> {
    pub(crate) path: &'s str,
    pub(crate) before: Option<&'s str>,
    pub(crate) after: Option<&'s str>,
}

impl Sides {
    /// The working tree, and what it is compared with.
    pub(super) async fn read(context: &Context, base: Option<&str>) -> Result<Self, Failure> {
        let adf = AdfFolder::find(context, None)?;
        let git = Git::of(&adf.path).await?;
        let base = place(context, &git, base).await?;
        let Place::Commit { id, .. } = &base else {
            return Err(Failure::usage("a review begins with a commit"));
        };
        let root = adf.solution.as_ref().map(|solution| solution.root.clone());
        let folder = match &root {
            Some(root) => Some(Git::of(root).await?.prefix().to_owned()),
            None => None,
        };
        let mut blobs = Blobs::default();
        let tree = git.read_tree(id, folder.as_deref(), &mut blobs).await?;
        if tree.is_none() {
            let name = base.name();
            context.say(&format!(
                "{name} has no such solution; everything counts as new"
            ));
        }
        let after = Loaded::read(context, root.is_none().then_some(Path::new(&adf.path)))?;
        let (mut old, mut new) = (
            base.describe(git.prefix()),
            Place::Working.describe(git.prefix()),
        );
        (old.has_lines, new.has_lines) = (true, true);
        crate::repository::warn(context, &new.name, &after.repository);
        let name = adf.solution.map(|solution| solution.settings.name);
        let uncommitted = git.uncommitted_files().await?;
        let mut changed = git.changed_files(id, "HEAD").await?;
        changed.extend(uncommitted.iter().cloned());
        let mut sides = Self {
            name: name.unwrap_or_else(|| "Data Factory".to_owned()),
            folder: git.folder_of(folder.as_deref()),
            before: Side::before(tree, &after.prefix),
            after: Side {
                repository: after.repository,
                prefix: after.prefix,
                solution: after.solution,
            },
            changed,
            base: old,
            head: new,
        };
        if !environments::concerns(&sides, &uncommitted) {
            let head = head(context, &git).await?;
            sides.head.name = head.name();
            sides.head.short = head.describe("").short;
        }
        Ok(sides)
    }

    /// The files that differ, without documents of Data Factory.
    pub(super) fn files(&self) -> Vec<Differing<'_>> {
        let (before, after) = (self.before.texts(), self.after.texts());
        let mut paths: Vec<_> = before.keys().chain(after.keys()).copied().collect();
        paths.sort_unstable();
        paths.dedup();
        let differing = paths.into_iter().map(|path| Differing {
            path,
            before: before.get(path).copied(),
            after: after.get(path).copied(),
        });
        differing.filter(|file| file.before != file.after).collect()
    }

    /// Both sides with their documents, for the difference of these.
    pub(super) fn reads(self) -> (Read, Read) {
        let (mut base, mut head) = (self.base, self.head);
        base.repository = self.before.repository;
        head.repository = self.after.repository;
        (base, head)
    }
}

impl Side {
    fn before(tree: Option<Tree>, prefix: &str) -> Self {
        let prefix = prefix.to_owned();
        match tree.map(Tree::into_parts) {
            Some((repository, solution)) => Self {
                repository,
                prefix,
                solution,
            },
            None => Self {
                repository: Repository::default(),
                prefix,
                solution: None,
            },
        }
    }
}

/// What a change is compared with: its merge base with the branch that it is for.
async fn place(context: &Context, git: &Git, base: Option<&str>) -> Result<Place, Failure> {
    let (name, branch) = match base {
        Some(name) => (name.to_owned(), git.commit(name).await?),
        None => git.target(context).await?,
    };
    let tip = git.commit("HEAD").await?;
    let id = git.merge_base(&branch, &tip).await?;
    // On the branch itself nothing but the last commit is in common.
    let name = match id == tip || id == branch {
        true => name,
        false => format!("merge base with {name}"),
    };
    Ok(Place::Commit { name, id })
}

/// The commit whose change is looked at: the last one of the branch, also where CI has merged it with the branch that it is for.
pub(super) async fn head(context: &Context, git: &Git) -> Result<Place, Failure> {
    let branch = ["SYSTEM_PULLREQUEST_SOURCEBRANCH", "GITHUB_HEAD_REF"]
        .iter()
        .find_map(|name| context.variables.get(name))
        .filter(|branch| !branch.is_empty());
    let merged = match branch {
        Some(_) => git.find("HEAD^2").await?,
        None => None,
    };
    let name = match branch {
        Some(branch) => branch.strip_prefix("refs/heads/").unwrap_or(branch),
        None => "HEAD",
    };
    Ok(Place::Commit {
        name: name.to_owned(),
        id: match merged {
            Some(id) => id,
            None => git.commit("HEAD").await?,
        },
    })
}
