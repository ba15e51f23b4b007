//! What git makes of two branches, without touching the repository: what it writes goes to a folder that is removed again.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Output;

use tempfile::TempDir;

use super::{Git, run, said};
use crate::failure::Failure;

/// The first git that merges without a checkout, and the first that does so from a given base.
const FIRST: (u32, u32) = (2, 38);
const FIRST_WITH_BASE: (u32, u32) = (2, 40);

/// Two branches merged.
pub(crate) struct MergedTree {
    /// The repository with what the merge has written.
    pub(crate) git: Git,
    /// The tree's id.
    pub(crate) tree: String,
    /// The files that git cannot merge, from the repository's root, and why.
    pub(crate) conflicts: Vec<TextConflict>,
}

/// Files that git cannot merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextConflict {
    /// The files, from the repository's root; the first one is told.
    pub(crate) paths: Vec<String>,
    /// What git says of them.
    pub(crate) text: String,
}

/// Where git writes what nobody keeps.
pub(super) struct Scratch {
    folder: TempDir,
    alternates: OsString,
}

impl Scratch {
    /// The variables by which git writes there, and still reads what the repository has.
    pub(super) fn variables(&self) -> [(&'static str, OsString); 2] {
        [
            ("GIT_OBJECT_DIRECTORY", self.folder.path().into()),
            ("GIT_ALTERNATE_OBJECT_DIRECTORIES", self.alternates.clone()),
        ]
    }
}

impl Git {
    /// Merges two commits as `git merge` would. Their common base is what git finds, unless one is given.
    pub(crate) async fn merge(
        &self,
        one: &str,
        other: &str,
        base: Option<&str>,
    ) -> Result<MergedTree, Failure> {
        let git = Self {
            root: self.root.clone(),
            prefix: self.prefix.clone(),
            scratch: Some(self.scratch().await?),
        };
        let base = base.map(|base| format!("--merge-base={base}"));
        let mut args = vec![
            "merge-tree",
            "--write-tree",
            "-z",
            "--name-only",
            "--messages",
        ];
        args.extend(base.as_deref());
        args.extend([one, other]);
        let output = git.run(&args).await?;
        let merged = parse(&output.stdout).filter(|_| matches!(output.status.code(), Some(0 | 1)));
        let Some((tree, conflicts)) = merged else {
            return Err(git.cannot_merge(&output, base.is_some()).await?);
        };
        Ok(MergedTree {
            git,
            tree,
            conflicts,
        })
    }

    async fn scratch(&self) -> Result<Scratch, Failure> {
        let output = self.run(&["rev-parse", "--git-path", "objects"]).await?;
        if !output.status.success() {
            return Err(said(
                Failure::usage("git does not say where its objects are"),
                &output,
            ));
        }
        let objects = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end());
        let objects = self.root.join(objects);
        let others = env::var_os("GIT_ALTERNATE_OBJECT_DIRECTORIES").unwrap_or_default();
        let others = env::split_paths(&others).filter(|path| !path.as_os_str().is_empty());
        let alternates = env::join_paths([objects].into_iter().chain(others));
        Ok(Scratch {
            folder: tempfile::tempdir().map_err(Failure::usage)?,
            alternates: alternates.map_err(Failure::usage)?,
        })
    }

    async fn cannot_merge(&self, output: &Output, with_base: bool) -> Result<Failure, Failure> {
        let first = match with_base {
            true => FIRST_WITH_BASE,
            false => FIRST,
        };
        let version = run(&self.root, &["--version"]).await?;
        let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
        Ok(match number(&version) {
            Some(number) if number < first => Failure::usage(format!(
                "merging without a checkout needs git {}.{} or newer, and this is {version}",
                first.0, first.1
            ))
            .hint("install a newer git, or name folders: --merge DIR DIR --base DIR compares the documents without git"),
            _ => said(Failure::usage("git cannot merge these commits"), output),
        })
    }
}

/// `git version 2.47.3` as numbers.
fn number(version: &str) -> Option<(u32, u32)> {
    let number = version.split_whitespace().nth(2)?;
    let mut parts = number.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

/// The tree, and the conflicts among the messages of `git merge-tree -z --name-only --messages`.
fn parse(output: &[u8]) -> Option<(String, Vec<TextConflict>)> {
    let text = String::from_utf8_lossy(output);
    let mut fields = text.split('\0');
    let tree = fields.next().filter(|tree| !tree.is_empty())?.to_owned();
    // The files follow up to an empty field; the messages name them again.
    fields.find(|field| field.is_empty());
    let mut conflicts = Vec::new();
    while let Some(Ok(count)) = fields.next().map(str::parse::<usize>) {
        let paths: Vec<_> = fields.by_ref().take(count).map(str::to_owned).collect();
        let (kind, message) = (fields.next()?, fields.next()?.trim());
        if kind.starts_with("CONFLICT") {
            let text = message.split_once("): ").map_or(message, |(_, text)| text);
            conflicts.push(TextConflict {
                paths,
                text: text.to_owned(),
            });
        }
    }
    Some((tree, conflicts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflicts_are_read_from_what_git_says() {
        let clean = b"aa\0\x001\0a.json\0Auto-merging\0Auto-merging a.json\n\0";
        let torn = b"bb\0f\0g\0\x001\0f\0Auto-merging\0Auto-merging f\n\x001\0f\0CONFLICT (contents)\0\
            CONFLICT (content): Merge conflict in f\n\x002\0g\0h\0CONFLICT (modify/delete)\0CONFLICT (modify/delete): g deleted in a.\n\0";

        assert_eq!(parse(clean), Some(("aa".to_owned(), Vec::new())));
        let (tree, conflicts) = parse(torn).unwrap();
        assert_eq!(tree, "bb");
        let told: Vec<_> = conflicts
            .iter()
            .map(|conflict| (conflict.paths[0].as_str(), conflict.text.as_str()))
            .collect();
        assert_eq!(
            told,
            [("f", "Merge conflict in f"), ("g", "g deleted in a.")]
        );
        assert_eq!(parse(b""), None);
    }

    #[test]
    fn versions_are_numbers() {
        assert_eq!(number("git version 2.34.1"), Some((2, 34)));
        assert_eq!(number("git version 2.47.1.windows.2"), Some((2, 47)));
        assert!(number("git version 2.34.1").unwrap() < FIRST);
    }
}
