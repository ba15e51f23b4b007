//! The branch that changes are merged into, as git knows it.

use std::path::Path;
use std::process::{Command, Stdio};

use super::Ci;
use crate::context::Context;
use crate::example::BRANCH;
use crate::terminal::harmless;

/// The names that a first branch has mostly.
const USUAL: [&str; 2] = ["main", "master"];

/// The branch that the pipelines go by: the default one of the repository, or the one that a new repository would have.
pub(super) fn deployed(context: &Context, dir: &Path, ci: Ci) -> String {
    let found = of(dir).filter(|_| ci != Ci::None);
    match found {
        Some(Found { branch, is_guess }) if is_plain(&branch) => {
            if is_guess {
                let text = format!(
                    "the pipelines go by `{branch}`, the branch that is checked out: git does not know the default one of the remote"
                );
                let hint = "`git remote set-head origin --auto` tells git; otherwise replace the name where the files have it";
                context.warn("warning", &text, Some(hint));
            }
            branch
        }
        Some(Found { branch, .. }) => {
            let branch = harmless(&branch);
            let text = format!(
                "the default branch `{branch}` cannot be written into pipelines as it is; they say `{BRANCH}`"
            );
            context.warn("warning", &text, Some("replace that where they name it"));
            BRANCH.to_owned()
        }
        None => BRANCH.to_owned(),
    }
}

/// Whether every file takes the name for a text, and for no pattern.
fn is_plain(branch: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let fits = |it: char| it.is_ascii_alphanumeric() || "._/-".contains(it);
    branch.starts_with(|it: char| it.is_ascii_alphabetic())
        && branch.chars().all(fits)
        && !WORDS.contains(&branch.to_ascii_lowercase().as_str())
}

/// A branch that git names.
struct Found {
    branch: String,
    /// Whether it is only the current one, although a remote has a default one.
    is_guess: bool,
}

impl Found {
    fn known(branch: String) -> Self {
        Self {
            branch,
            is_guess: false,
        }
    }
}

/// What git knows, from a folder that need not be there yet.
fn of(dir: &Path) -> Option<Found> {
    let absolute = std::path::absolute(dir).ok()?;
    let folder = absolute.ancestors().find(|it| it.is_dir())?;
    let git = |args: &[&str]| asked(folder, args);
    if git(&["rev-parse", "--git-dir"]).is_none() {
        return git(&["config", "init.defaultBranch"]).map(Found::known);
    }
    const REMOTE: &str = "refs/remotes/origin/HEAD";
    let is_there = |name: &str| git(&["rev-parse", "--verify", "--quiet", name]).is_some();
    // It stays as it was when the remote calls its branch otherwise; then it names one that is gone.
    let remote = git(&["symbolic-ref", "--quiet", "--short", REMOTE]).filter(|_| is_there(REMOTE));
    let remote = remote.and_then(|it| it.strip_prefix("origin/").map(str::to_owned));
    let own = git(&["symbolic-ref", "--quiet", "--short", "HEAD"]);
    let within = |place: &str| {
        let mut names = USUAL.into_iter();
        names.find(|name| is_there(&format!("{place}/{name}")))
    };
    let of_remote = within("refs/remotes/origin");
    // A branch that the remote does not have, where it has the other usual one, is what that was called before.
    let is_usual = |name: &String| {
        USUAL.contains(&name.as_str())
            && (of_remote.is_none() || is_there(&format!("refs/remotes/origin/{name}")))
    };
    let known = remote.or_else(|| own.clone().filter(is_usual)).or_else(|| {
        of_remote
            .or_else(|| within("refs/heads"))
            .map(str::to_owned)
    });
    match (known, own) {
        (Some(branch), _) => Some(Found::known(branch)),
        (None, own) => own.map(|branch| Found {
            branch,
            is_guess: git(&["remote"]).is_some(),
        }),
    }
}

/// What git answers; nothing where it says no, or is not there.
fn asked(folder: &Path, args: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(args)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(commands: &[&[&str]]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for args in commands {
            let ended = Command::new("git")
                .arg("-C")
                .arg(folder.path())
                .args(["-c", "user.name=ada", "-c", "user.email=ada@mail.test"])
                .args(*args)
                .output()
                .unwrap();
            assert!(ended.status.success(), "{args:?}: {ended:?}");
        }
        folder
    }

    #[test]
    fn the_branch_is_that_of_the_repository() {
        let commit: &[&str] = &["commit", "--quiet", "--allow-empty", "--message", "first"];
        for (commands, branch) in [
            (&[&["init", "--quiet", "-b", "trunk"][..]][..], "trunk"),
            (&[&["init", "--quiet", "-b", "master"], commit], "master"),
            // Somebody works on a branch already.
            (
                &[
                    &["init", "--quiet", "-b", "master"],
                    commit,
                    &["switch", "--quiet", "--create", "work"],
                ],
                "master",
            ),
            (
                &[
                    &["init", "--quiet", "-b", "main"],
                    commit,
                    &["update-ref", "refs/remotes/origin/develop", "HEAD"],
                    &[
                        "symbolic-ref",
                        "refs/remotes/origin/HEAD",
                        "refs/remotes/origin/develop",
                    ],
                ],
                "develop",
            ),
        ] {
            let folder = repository(commands);
            for dir in [folder.path().to_owned(), folder.path().join("new")] {
                let found = of(&dir).unwrap();
                assert_eq!((found.branch.as_str(), found.is_guess), (branch, false));
            }
        }
    }

    #[test]
    fn a_branch_that_the_remote_has_no_more_is_not_taken() {
        let commit: &[&str] = &["commit", "--quiet", "--allow-empty", "--message", "first"];
        let remote: &[&str] = &["remote", "add", "origin", "https://git.test/x"];
        let stale: &[&str] = &[
            "symbolic-ref",
            "refs/remotes/origin/HEAD",
            "refs/remotes/origin/master",
        ];
        let renamed: &[&str] = &["update-ref", "refs/remotes/origin/main", "HEAD"];
        for (commands, expected) in [
            (&[commit, remote, stale, renamed][..], ("main", false)),
            // The own branch has the old name still.
            (
                &[
                    commit,
                    remote,
                    stale,
                    renamed,
                    &["switch", "--quiet", "--create", "master"],
                ],
                ("main", false),
            ),
            // A clone of one branch alone.
            (&[commit, remote], ("feature", true)),
            (&[commit], ("feature", false)),
        ] {
            let start: &[&str] = &["init", "--quiet", "-b", "feature"];
            let folder = repository(&[&[start], commands].concat());

            let found = of(folder.path()).unwrap();

            assert_eq!((found.branch.as_str(), found.is_guess), expected);
        }
    }

    #[test]
    fn a_name_that_a_file_would_take_for_something_else_is_not_written() {
        for name in ["main", "release/2026", "team.x-1"] {
            assert!(is_plain(name), "{name}");
        }
        for name in ["no", "a{b", "x*", "1.0", "it's", "über"] {
            assert!(!is_plain(name), "{name}");
        }
    }
}
