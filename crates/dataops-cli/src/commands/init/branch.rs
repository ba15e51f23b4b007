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
        Some(branch) if is_plain(&branch) => branch,
        Some(branch) => {
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

/// What git knows, from a folder that need not be there yet.
fn of(dir: &Path) -> Option<String> {
    let absolute = std::path::absolute(dir).ok()?;
    let folder = absolute.ancestors().find(|it| it.is_dir())?;
    let git = |args: &[&str]| asked(folder, args);
    if git(&["rev-parse", "--git-dir"]).is_none() {
        return git(&["config", "init.defaultBranch"]);
    }
    let remote = git(&[
        "symbolic-ref",
        "--quiet",
        "--short",
        "refs/remotes/origin/HEAD",
    ]);
    let remote = remote.and_then(|it| it.strip_prefix("origin/").map(str::to_owned));
    let own = git(&["symbolic-ref", "--quiet", "--short", "HEAD"]);
    let usual = |name: &String| USUAL.contains(&name.as_str());
    let there = |name: &&str| {
        let mut places = ["refs/remotes/origin", "refs/heads"].into_iter();
        places.any(|place| {
            let reference = format!("{place}/{name}");
            git(&["rev-parse", "--verify", "--quiet", &reference]).is_some()
        })
    };
    remote
        .or_else(|| own.clone().filter(usual))
        .or_else(|| USUAL.into_iter().find(there).map(str::to_owned))
        .or(own)
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
            assert_eq!(of(folder.path()).as_deref(), Some(branch));
            assert_eq!(of(&folder.path().join("new")).as_deref(), Some(branch));
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
