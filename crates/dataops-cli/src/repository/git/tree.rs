//! The documents and the solution of a tree of git.

use std::collections::HashMap;
use std::sync::Arc;

use adf_source::{Limits, Repository, Selection};
use dataops_check::Subject;
use dataops_solution::settings::FILE_NAME;
use dataops_solution::source::{Contents, SolutionSource, Wanted};

use super::{Entry, Git, listed, said};
use crate::failure::Failure;

/// The largest file of a solution that is read; Databricks imports no larger notebook.
const LARGEST: u64 = 10 << 20;
/// The most bytes of a solution's files.
const MOST_BYTES: u64 = 256 << 20;

/// What a tree holds.
pub(crate) struct Tree {
    pub(crate) repository: Repository,
    solution: Option<SolutionSource>,
    /// The folder with the documents from the solution's root, with `/` at its end.
    prefix: String,
}

impl Tree {
    /// The documents, and the solution where there is one.
    pub(crate) fn into_parts(self) -> (Repository, Option<SolutionSource>) {
        (self.repository, self.solution)
    }

    /// What the rules look at.
    pub(crate) fn subject(&self) -> Subject<'_> {
        let subject = Subject::new(&self.repository, &self.prefix);
        match &self.solution {
            Some(solution) => subject.in_solution(solution),
            None => subject,
        }
    }
}

/// The bytes of files by their ids: most of them are the same in all trees that are read.
#[derive(Default)]
pub(crate) struct Blobs(HashMap<String, Arc<[u8]>>);

impl Git {
    /// The folder with `/` at its end, from the repository's root, that paths of a tree's findings are from.
    pub(crate) fn folder_of(&self, solution: Option<&str>) -> String {
        with_slash(solution.unwrap_or(&self.prefix))
    }

    /// Reads a commit or tree: the documents, and where the folder of `dataops.yaml` is given, what that names. None where it
    /// has no folder of documents.
    pub(crate) async fn read_tree(
        &self,
        tree: &str,
        solution: Option<&str>,
        blobs: &mut Blobs,
    ) -> Result<Option<Tree>, Failure> {
        let folder = solution.unwrap_or(&self.prefix);
        let below = with_slash(&self.prefix);
        let below = below.strip_prefix(&with_slash(folder)).unwrap_or_default();
        let Some(entries) = self.entries_of(&format!("{tree}:{folder}")).await? else {
            return Ok(None);
        };
        if !(below.is_empty() || entries.iter().any(|entry| entry.path.starts_with(below))) {
            return Ok(None);
        }
        let wanted = match solution {
            Some(_) => self.settings(&entries, blobs).await?,
            None => None,
        };
        let mut selection = Selection::new(&Limits::default());
        let (mut documents, mut others, mut bytes) = (Vec::new(), Vec::new(), 0);
        for entry in entries {
            let document = entry.path.strip_prefix(below).map(str::to_owned);
            if document.is_some_and(|path| selection.takes(&path, entry.size)) {
                documents.push(entry.clone());
            }
            let is_wanted = wanted
                .as_ref()
                .is_some_and(|(_, wanted)| wanted.takes(&entry.path));
            if is_wanted {
                bytes += entry.size;
                others.push(entry);
            }
        }
        let is_read = |entry: &Entry| entry.size <= LARGEST && bytes <= MOST_BYTES;
        let read = others.iter().filter(|entry| is_read(entry));
        self.fetch(documents.iter().chain(read), blobs).await?;
        let files = documents.into_iter().map(|entry| {
            let path = entry.path[below.len()..].to_owned();
            (path, blobs.bytes(&entry.object).to_vec())
        });
        let solution = wanted.map(|(text, _)| {
            let files = others.iter().map(|entry| {
                let contents = match is_read(entry) {
                    true => Contents::of(blobs.bytes(&entry.object).to_vec()),
                    false => Contents::TooLarge(entry.size),
                };
                (entry.path.clone(), contents)
            });
            SolutionSource::new(text, files.collect())
        });
        Ok(Some(Tree {
            repository: Repository::read(&selection.with(files)),
            solution,
            prefix: below.to_owned(),
        }))
    }

    /// The files of a folder of a tree; none where there is no such folder.
    async fn entries_of(&self, name: &str) -> Result<Option<Vec<Entry>>, Failure> {
        let listing = self
            .run(&["ls-tree", "-r", "-z", "-l", "--full-tree", name])
            .await?;
        if listing.status.success() {
            return Ok(Some(listed(&listing.stdout)));
        }
        let kind = self.run(&["cat-file", "-t", name]).await?;
        match kind.status.success() {
            true => Err(said(
                Failure::usage(format!("git cannot list {name}")),
                &listing,
            )),
            false => Ok(None),
        }
    }

    /// `dataops.yaml` among the files of its folder, and what it names.
    async fn settings(
        &self,
        entries: &[Entry],
        blobs: &mut Blobs,
    ) -> Result<Option<(String, Wanted)>, Failure> {
        let Some(entry) = entries
            .iter()
            .find(|entry| entry.path == FILE_NAME && entry.size <= LARGEST)
        else {
            return Ok(None);
        };
        self.fetch([entry], blobs).await?;
        let text = String::from_utf8_lossy(blobs.bytes(&entry.object)).into_owned();
        let source = SolutionSource::new(
            text.as_str(),
            std::iter::empty::<(String, Contents)>().collect(),
        );
        let wanted = source.settings.as_ref().map(Wanted::by);
        Ok(Some((text, wanted.unwrap_or_default())))
    }

    /// Fetches the bytes of files that nobody has fetched yet.
    async fn fetch(
        &self,
        entries: impl IntoIterator<Item = &Entry>,
        blobs: &mut Blobs,
    ) -> Result<(), Failure> {
        let entries = entries.into_iter();
        let missing: Vec<_> = entries
            .filter(|entry| !blobs.0.contains_key(&entry.object))
            .cloned()
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let contents = self.contents(&missing).await?;
        let objects = missing.into_iter().map(|entry| entry.object);
        blobs
            .0
            .extend(objects.zip(contents.into_iter().map(Arc::from)));
        Ok(())
    }

    /// The line of the first conflict that git has marked in a file of a merge.
    pub(crate) async fn conflict_line(&self, tree: &str, path: &str) -> Option<usize> {
        let output = self
            .run(&["cat-file", "blob", &format!("{tree}:{path}")])
            .await;
        let output = output.ok().filter(|output| output.status.success())?;
        let mut lines = output.stdout.split(|byte| *byte == b'\n');
        lines
            .position(|line| line.starts_with(b"<<<<<<< "))
            .map(|at| at + 1)
    }
}

impl Blobs {
    fn bytes(&self, object: &str) -> &[u8] {
        self.0.get(object).map_or(&[], |bytes| bytes)
    }
}

fn with_slash(folder: &str) -> String {
    match folder {
        "" => String::new(),
        folder => format!("{folder}/"),
    }
}
