//! What git knows about the folder of a solution.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::Origin;

/// What git knows about a folder.
#[derive(Clone, Debug, Default)]
pub struct Checkout {
    commit: String,
    /// The paths that the commit has, from the folder.
    tracked: BTreeSet<String>,
    /// Those that are not as in the commit.
    changed: BTreeSet<String>,
    /// Those whose lines end otherwise here than in git, as `core.autocrlf` and `.gitattributes` say.
    converted: BTreeSet<String>,
    /// Whether a file that the commit has is not here.
    lacks: bool,
}

/// Git does not know the folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("git does not know {folder}: {reason}")]
pub struct CheckoutError {
    folder: String,
    reason: String,
}

impl Checkout {
    /// Asks git about `folder`.
    ///
    /// # Errors
    ///
    /// When there is no git, no repository, or no commit.
    pub fn of(folder: &Path) -> Result<Self, CheckoutError> {
        let ask = |args: &[&str]| git(folder, args);
        let commit = ask(&["rev-parse", "--verify", "HEAD^{commit}"])?;
        let prefix = ask(&["rev-parse", "--show-prefix"])?;
        let status = ask(&[
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=no",
            "--no-renames",
            "--",
            ".",
        ])?;
        let files = ask(&["ls-files", "-z", "--eol", "--", "."])?;
        let mut checkout = Self {
            commit: commit.trim().to_owned(),
            ..Self::default()
        };
        for entry in status.split_terminator('\0') {
            checkout.add_change(entry, prefix.trim_end_matches('\n'));
        }
        for entry in files.split_terminator('\0') {
            checkout.add_file(entry);
        }
        Ok(checkout)
    }

    /// Reads `XY path`, the path from the repository's top.
    fn add_change(&mut self, entry: &str, prefix: &str) {
        let (Some(state), Some(path)) = (entry.get(..2), entry.get(3..)) else {
            return;
        };
        self.lacks |= state.contains('D');
        if let Some(path) = path.strip_prefix(prefix) {
            self.changed.insert(path.to_owned());
        }
    }

    /// Reads `i/lf w/crlf attr/… TAB path`, the path from the folder.
    fn add_file(&mut self, entry: &str) {
        let Some((facts, path)) = entry.split_once('\t') else {
            return;
        };
        let mut facts = facts.split_whitespace();
        let in_git = facts.next() == Some("i/lf");
        let here = matches!(facts.next(), Some("w/crlf" | "w/mixed"));
        if in_git && here && !self.changed.contains(path) {
            self.converted.insert(path.to_owned());
        }
        self.tracked.insert(path.to_owned());
    }

    /// The bytes of a file as git has them: with the line ends of the commit.
    #[must_use]
    pub fn as_committed<'b>(&self, path: &str, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        if !self.converted.contains(path) {
            return Cow::Borrowed(bytes);
        }
        let mut kept = Vec::with_capacity(bytes.len());
        for (at, byte) in bytes.iter().enumerate() {
            if *byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
                kept.push(*byte);
            }
        }
        Cow::Owned(kept)
    }

    /// Where these files came from; none where git has none of them.
    #[must_use]
    pub fn origin<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Option<Origin> {
        let mut dirty = self.lacks;
        let mut known = false;
        for path in paths {
            let tracked = self.tracked.contains(path);
            known |= tracked;
            dirty |= !tracked || self.changed.contains(path);
        }
        known.then(|| Origin {
            commit: self.commit.clone(),
            dirty,
        })
    }
}

/// What git answers. Nothing that the repository's settings name is run.
fn git(folder: &Path, args: &[&str]) -> Result<String, CheckoutError> {
    let failed = |reason: String| CheckoutError {
        folder: folder.display().to_string(),
        reason,
    };
    let answer = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
        .args(args)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("LC_ALL", "C")
        .output()
        .map_err(|error| failed(format!("git cannot be run: {error}")))?;
    if !answer.status.success() {
        let text = String::from_utf8_lossy(&answer.stderr);
        let line = text.lines().next().unwrap_or("it says nothing");
        return Err(failed(line.trim_start_matches("fatal: ").to_owned()));
    }
    Ok(String::from_utf8_lossy(&answer.stdout).into_owned())
}
