//! A repository that a CI system has: branches, and pull requests with the commit that merging them would make.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::program::{Ended, Program};

/// A repository on a server, and a clone in which somebody works.
pub struct Origin {
    folder: TempDir,
}

/// A pull request.
#[derive(Clone, Debug)]
pub struct PullRequest {
    /// Its number.
    pub number: u32,
    /// Its branch.
    pub branch: String,
    /// The commit of its branch.
    pub source: String,
    /// The commit that merging it would make.
    pub merge: String,
    /// The branch that it is for.
    pub target: String,
}

/// What has started a run.
#[derive(Clone, Debug)]
pub enum Start {
    /// Commits on `main`, or somebody.
    Main,
    /// A pull request.
    PullRequest(PullRequest),
}

impl Origin {
    /// A repository whose branch `main` has the files of a folder.
    #[must_use]
    pub fn of(files: &Path) -> Self {
        let origin = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir_all(origin.server()).unwrap();
        let bare = ["init", "--quiet", "--bare", "--initial-branch", "main"];
        Self::git_in(&origin.server(), &bare);
        copy(files, &origin.work());
        origin.git(&["init", "--quiet", "--initial-branch", "main"]);
        let server = origin.server();
        origin.git(&["remote", "add", "origin", server.to_str().unwrap()]);
        origin.commit("first");
        origin.git(&["push", "--quiet", "origin", "main"]);
        origin
    }

    /// The server's folder.
    #[must_use]
    pub fn server(&self) -> PathBuf {
        self.folder.path().join("server.git")
    }

    /// The clone.
    #[must_use]
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// Runs git in the clone; it must succeed.
    pub fn git(&self, args: &[&str]) -> String {
        Self::git_in(&self.work(), args)
    }

    /// Commits all that is there, on the branch that is checked out.
    pub fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Changes files on a branch that begins at `main`, or goes on, and pushes it.
    pub fn branch(&self, name: &str, change: impl FnOnce(&Path)) {
        self.git(&["switch", "--quiet", "--force-create", name, "main"]);
        change(&self.work());
        self.commit(name);
        self.git(&["push", "--quiet", "--force", "origin", name]);
        self.git(&["switch", "--quiet", "main"]);
    }

    /// Opens a pull request. Where git cannot merge, no system starts anything: that is what is told then.
    ///
    /// # Errors
    ///
    /// With what git says.
    pub fn pull_request(&self, number: u32, branch: &str) -> Result<PullRequest, String> {
        let merged = self.try_git(&["merge-tree", "--write-tree", "main", branch]);
        if merged.code != Some(0) {
            return Err(merged.stdout);
        }
        let (tree, source) = (merged.stdout.trim(), self.git(&["rev-parse", branch]));
        let merge = self.git(&[
            "commit-tree",
            tree,
            "-p",
            "main",
            "-p",
            branch,
            "-m",
            "merge",
        ]);
        let reference = format!("{merge}:refs/pull/{number}/merge");
        self.git(&["push", "--quiet", "--force", "origin", &reference]);
        Ok(PullRequest {
            number,
            branch: branch.to_owned(),
            source,
            merge,
            target: "main".to_owned(),
        })
    }

    /// Merges a branch into `main`.
    pub fn merge(&self, branch: &str) {
        self.git(&["merge", "--quiet", "--no-ff", "--message", branch, branch]);
        self.git(&["push", "--quiet", "origin", "main"]);
    }

    fn git_in(folder: &Path, args: &[&str]) -> String {
        let ended = git(folder, args).run();
        assert_eq!(ended.code, Some(0), "git {args:?}\n{ended}");
        ended.stdout.trim().to_owned()
    }

    fn try_git(&self, args: &[&str]) -> Ended {
        git(&self.work(), args).run()
    }
}

/// Git as nobody has configured it.
pub(super) fn git(folder: &Path, args: &[&str]) -> Program {
    Program::new("git")
        .args(args)
        .within(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_NAME", "ada")
        .env("GIT_AUTHOR_EMAIL", "ada@mail.test")
        .env("GIT_COMMITTER_NAME", "ada")
        .env("GIT_COMMITTER_EMAIL", "ada@mail.test")
}

/// Copies a folder as git would have it: caches stay behind.
pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let is_cache = [
            "__pycache__",
            ".dataops",
            ".venv",
            ".pytest_cache",
            ".ruff_cache",
            ".git",
        ]
        .iter()
        .any(|cache| name == *cache);
        match entry.path() {
            _ if is_cache => {}
            path if path.is_dir() => copy(&path, &to.join(&name)),
            path => drop(fs::copy(path, to.join(&name)).unwrap()),
        }
    }
}
