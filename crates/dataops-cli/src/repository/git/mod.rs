//! What git has, read through the program `git`; nothing is checked out and nothing is changed.

mod changes;
mod merge;
mod person;
mod tree;

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use adf_source::{Limits, Repository, Selection};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::harmless;

pub(crate) use dataops_ledger::short_commit as short;
pub(crate) use merge::MergedTree;
pub(crate) use person::person;
pub(crate) use tree::{Blobs, Tree};

/// A git repository, and the folder in it that is looked at.
pub(crate) struct Git {
    root: PathBuf,
    /// The folder's path below the root, with `/` and without one at its end.
    prefix: String,
    /// Where git writes what it has to.
    scratch: Option<merge::Scratch>,
}

impl Git {
    /// The git repository that a folder is in. The folder itself need not be there.
    pub(crate) async fn of(folder: &Path) -> Result<Self, Failure> {
        let absolute = std::path::absolute(folder).map_err(Failure::usage)?;
        let there = absolute.ancestors().find(|path| path.is_dir());
        let there = there.unwrap_or(Path::new("/")).to_owned();
        let missing = absolute.strip_prefix(&there).unwrap_or(Path::new(""));
        let output = run(&there, &["rev-parse", "--show-toplevel", "--show-prefix"]).await?;
        if !output.status.success() {
            let failure = Failure::usage(format!("{} is in no git repository", there.display()));
            return Err(
                said(failure, &output).hint("name folders to compare: --base DIR --head DIR")
            );
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let mut lines = text.lines();
        let root = PathBuf::from(lines.next().unwrap_or_default());
        let inner = lines.next().unwrap_or_default();
        let parts = missing
            .components()
            .map(|part| part.as_os_str().to_string_lossy());
        let prefix = [inner.trim_end_matches('/').into()]
            .into_iter()
            .chain(parts);
        let prefix = prefix
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("/");
        Ok(Self {
            root,
            prefix,
            scratch: None,
        })
    }

    /// Runs git in the repository.
    async fn run(&self, args: &[&str]) -> Result<Output, Failure> {
        let ended = self.command(args).output().await;
        ended.map_err(|error| not_started(&error))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = command(&self.root, args);
        if let Some(scratch) = &self.scratch {
            command.envs(scratch.variables());
        }
        command
    }

    /// The folder's path below the root of the repository; empty for the root.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The commit that a name stands for, if any.
    pub(crate) async fn find(&self, name: &str) -> Result<Option<String>, Failure> {
        if name.starts_with('-') {
            return Ok(None);
        }
        let commit = format!("{name}^{{commit}}");
        let output = self
            .run(&["rev-parse", "--verify", "--quiet", &commit])
            .await?;
        let id = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(output.status.success().then_some(id))
    }

    /// The commit that a name stands for.
    pub(crate) async fn commit(&self, name: &str) -> Result<String, Failure> {
        if let Some(commit) = self.find(name).await? {
            return Ok(commit);
        }
        let failure = Failure::usage(format!("git knows no commit `{}`", harmless(name)));
        Err(match self.is_shallow().await? {
            true => failure.hint(SHALLOW),
            false => failure.hint("`git branch --all` and `git tag` list what it knows; a branch of a remote is `origin/NAME`"),
        })
    }

    /// The commit that two have in common.
    pub(crate) async fn merge_base(&self, one: &str, other: &str) -> Result<String, Failure> {
        let output = self.run(&["merge-base", one, other]).await?;
        let id = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && !id.is_empty() {
            return Ok(id);
        }
        let text = format!(
            "{} and {} have no commit in common",
            short(one),
            short(other)
        );
        let failure = Failure::usage(text);
        Err(match self.is_shallow().await? {
            true => failure.hint(SHALLOW),
            false => failure.hint("name the commit to compare with by --base REF"),
        })
    }

    pub(crate) async fn is_shallow(&self) -> Result<bool, Failure> {
        let output = self.run(&["rev-parse", "--is-shallow-repository"]).await?;
        Ok(output.stdout.starts_with(b"true"))
    }

    /// The branch that changes are for: of the pull request that a CI system builds, otherwise the remote's default one.
    pub(crate) async fn target(&self, context: &Context) -> Result<(String, String), Failure> {
        let variables = ["SYSTEM_PULLREQUEST_TARGETBRANCH", "GITHUB_BASE_REF"];
        let of_request = variables
            .iter()
            .find_map(|name| context.variables.get(name));
        let mut candidates = Vec::new();
        if let Some(branch) = of_request.filter(|branch| !branch.is_empty()) {
            let name = branch.strip_prefix("refs/heads/").unwrap_or(branch);
            candidates.extend([format!("origin/{name}"), name.to_owned()]);
        } else {
            let output = run(
                &self.root,
                &[
                    "symbolic-ref",
                    "--quiet",
                    "--short",
                    "refs/remotes/origin/HEAD",
                ],
            )
            .await?;
            let head = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            candidates.extend((!head.is_empty()).then_some(head));
            candidates
                .extend(["origin/main", "origin/master", "main", "master"].map(str::to_owned));
        }
        for candidate in &candidates {
            if let Some(commit) = self.find(candidate).await? {
                return Ok((candidate.clone(), commit));
            }
        }
        let failure = Failure::usage(format!("git has no branch `{}`", harmless(&candidates[0])));
        Err(failure.hint("name the commit to compare with by --base REF; a CI checkout may have to fetch the branch first"))
    }

    /// Whether a commit has the folder.
    pub(crate) async fn has_folder(&self, commit: &str) -> Result<bool, Failure> {
        let tree = format!("{commit}:{}", self.prefix);
        let kind = self.run(&["cat-file", "-t", &tree]).await?;
        Ok(kind.status.success() && kind.stdout.trim_ascii() == b"tree")
    }

    /// The Data Factory documents of a commit; none where the commit does not have the folder.
    pub(crate) async fn read(&self, commit: &str) -> Result<Option<Repository>, Failure> {
        if !self.has_folder(commit).await? {
            return Ok(None);
        }
        let tree = format!("{commit}:{}", self.prefix);
        let listing = self
            .run(&["ls-tree", "-r", "-z", "-l", "--full-tree", &tree])
            .await?;
        if !listing.status.success() {
            return Err(said(
                Failure::usage(format!("git cannot list {tree}")),
                &listing,
            ));
        }
        let mut selection = Selection::new(&Limits::default());
        let entries = entries(&listing.stdout, &mut selection);
        let contents = self.contents(&entries).await?;
        let paths = entries.into_iter().map(|entry| entry.path);
        let files = selection.with(paths.zip(contents));
        Ok(Some(Repository::read(&files)))
    }

    /// The bytes of files, in their order.
    async fn contents(&self, entries: &[Entry]) -> Result<Vec<Vec<u8>>, Failure> {
        let mut child = self
            .command(&["cat-file", "--batch", "--buffer"])
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| not_started(&error))?;
        let wanted: String = entries
            .iter()
            .map(|entry| format!("{}\n", entry.object))
            .collect();
        let input = child.stdin.take();
        let feeding = async move {
            if let Some(mut input) = input {
                // A git that goes away is found by its exit status.
                let _ = input.write_all(wanted.as_bytes()).await;
            }
        };
        let ((), output) = tokio::join!(feeding, child.wait_with_output());
        let output = output.map_err(Failure::usage)?;
        let read = batch(&output.stdout, entries.len());
        match read.filter(|_| output.status.success()) {
            Some(contents) => Ok(contents),
            None => Err(said(
                Failure::usage("git cannot read the files of a commit"),
                &output,
            )),
        }
    }
}

pub(crate) const SHALLOW: &str = "the clone is shallow: fetch its history, by `fetch-depth: 0` of actions/checkout, `fetchDepth: 0` of Azure Pipelines, or \
    `git fetch --unshallow`";

/// A file of a commit.
#[derive(Clone)]
struct Entry {
    path: String,
    object: String,
    size: u64,
}

/// The files of a listing that are read.
fn entries(listing: &[u8], selection: &mut Selection) -> Vec<Entry> {
    let mut entries = listed(listing);
    entries.retain(|entry| selection.takes(&entry.path, entry.size));
    entries
}

/// The files of a listing. Links and modules hold no documents.
fn listed(listing: &[u8]) -> Vec<Entry> {
    let lines = listing.split(|byte| *byte == 0);
    let entry = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        let (about, path) = line.split_once('\t')?;
        let mut about = about.split_ascii_whitespace();
        let mode = about.next()?;
        let (object, size) = (about.nth(1)?, about.next()?);
        let size = size.parse().ok()?;
        mode.starts_with("100").then(|| Entry {
            path: path.to_owned(),
            object: object.to_owned(),
            size,
        })
    };
    lines.filter_map(entry).collect()
}

/// The contents that `git cat-file --batch` gives: a line with the size, the bytes, a line break, for each.
fn batch(mut output: &[u8], count: usize) -> Option<Vec<Vec<u8>>> {
    let mut contents = Vec::with_capacity(count);
    for _ in 0..count {
        let end = output.iter().position(|byte| *byte == b'\n')?;
        let size = std::str::from_utf8(&output[..end])
            .ok()?
            .rsplit(' ')
            .next()?;
        let size: usize = size.parse().ok()?;
        let bytes = output.get(end + 1..end + 1 + size)?;
        contents.push(bytes.to_vec());
        output = output.get(end + 2 + size..)?;
    }
    Some(contents)
}

/// Adds what git itself said.
fn said(failure: Failure, output: &Output) -> Failure {
    let text = String::from_utf8_lossy(&output.stderr);
    match text.trim() {
        "" => failure,
        text => failure.hint(format!("git said: {}", harmless(text))),
    }
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(args)
        .env("LC_ALL", "C")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

async fn run(folder: &Path, args: &[&str]) -> Result<Output, Failure> {
    let ended = command(folder, args).output().await;
    ended.map_err(|error| not_started(&error))
}

fn not_started(error: &std::io::Error) -> Failure {
    let failure = Failure::new(Exit::Usage, format!("git cannot be started: {error}"));
    failure.hint("install git, or name folders to compare: --base DIR --head DIR")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_cut_at_their_sizes() {
        let output = b"aa blob 3\n1\n2\nbb blob 0\n\ncc blob 1\nx\n";

        let contents = batch(output, 3).unwrap();

        assert_eq!(contents, [b"1\n2".to_vec(), Vec::new(), b"x".to_vec()]);
        assert_eq!(batch(b"aa missing\n", 1), None);
        assert_eq!(batch(b"aa blob 5\n123", 1), None);
    }

    #[test]
    fn links_hidden_folders_and_large_files_are_not_read() {
        let listing = "100644 blob a1      12\tpipeline/a.json\x00120000 blob b1       3\tpipeline/link.json\0\
            100644 blob c1      12\t.vscode/x.json\x00100644 blob d1 99999999\tdataset/big.json\x00160000 commit e1       -\tsub\0\
            100755 blob f1       1\tpipeline/b.JSON\x00100644 blob g1 99999999\tdata/big.parquet\0";
        let mut selection = Selection::new(&Limits::default());

        let entries = entries(listing.as_bytes(), &mut selection);

        let paths: Vec<_> = entries.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["pipeline/a.json", "pipeline/b.JSON"]);
        let files = selection.with([]);
        let problems: Vec<_> = files
            .problems()
            .iter()
            .map(|problem| problem.path.as_str())
            .collect();
        assert_eq!(problems, ["dataset/big.json"]);
    }
}
