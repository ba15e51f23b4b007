//! A machine for jobs: an emulator in the place of Azure, a Python, the release that is installed from, and a new folder for each job.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::document::Refused;
use super::origin::{Origin, Start, copy, git};
use crate::build;
use crate::emulator::Emulator;
use crate::program::{Ended, Program};
use crate::solution::write;

/// A machine that jobs run on.
pub struct Machine<'m> {
    emulator: &'m Emulator,
    origin: &'m Origin,
    python: PathBuf,
    folder: TempDir,
    jobs: Cell<u32>,
    /// How often the run was begun.
    attempt: Cell<u32>,
}

/// What a script runs in.
pub(super) struct Shell {
    pub(super) folder: PathBuf,
    /// What stands before the machine's own `PATH`; the last one first.
    pub(super) path: Vec<String>,
    pub(super) variables: BTreeMap<String, String>,
}

impl<'m> Machine<'m> {
    /// A machine that checks out from a repository. `python` has what the solution's jobs install.
    #[must_use]
    pub fn new(emulator: &'m Emulator, origin: &'m Origin, python: &Path) -> Self {
        let machine = Self {
            emulator,
            origin,
            python: python.to_owned(),
            folder: tempfile::tempdir().unwrap(),
            jobs: Cell::new(0),
            attempt: Cell::new(1),
        };
        machine.release();
        machine
    }

    /// An archive as the project packs it for a release, whose programs are those that were built here.
    fn release(&self) {
        let system = match std::env::consts::OS {
            "macos" => "apple-darwin",
            _ => "unknown-linux-musl",
        };
        let target = format!("{}-{system}", std::env::consts::ARCH);
        let programs = self.folder.path().join("programs");
        for name in ["dataops", "invoke-adf-pipeline", "test-data-ingestion"] {
            let script = format!(
                "#!/bin/sh\nexec '{}' \"$@\"\n",
                build::program(name).display()
            );
            write(&programs, name, &script);
        }
        let version = env!("CARGO_PKG_VERSION");
        let release = self.folder.path().join(format!("releases/v{version}"));
        let packed = format!(
            "chmod +x \"$PROGRAMS\"/* && '{}/../../scripts/package.sh' {target} '{}' && cd '{1}' && \
             {{ sha256sum *.tar.gz 2>/dev/null || shasum -a 256 *.tar.gz; }} > SHA256SUMS",
            env!("CARGO_MANIFEST_DIR"),
            release.display()
        );
        let pack = Program::new("sh").args(["-c", &packed]);
        let ended = pack.env("PROGRAMS", &programs).run();
        assert_eq!(ended.code, Some(0), "{ended}");
    }

    /// A new folder for a job.
    pub(super) fn job_folder(&self) -> PathBuf {
        self.jobs.set(self.jobs.get() + 1);
        let folder = self.folder.path().join(format!("job-{}", self.jobs.get()));
        for part in ["s", "a", "tmp", "home"] {
            fs::create_dir_all(folder.join(part)).unwrap();
        }
        folder
    }

    /// Where what jobs hand to others is.
    pub(super) fn artifact(&self, name: &str) -> PathBuf {
        self.folder.path().join("artifacts").join(name)
    }

    /// Keeps a folder for other jobs. A name is taken for all attempts of a run, unless what has it may be written over.
    pub(super) fn publish(&self, name: &str, folder: &Path, overwrite: bool) -> Refused<()> {
        let artifact = self.artifact(name);
        if artifact.exists() {
            if !overwrite {
                return Err(format!("there is an artifact `{name}` already"));
            }
            fs::remove_dir_all(&artifact).map_err(|error| error.to_string())?;
        }
        if !folder.is_dir() {
            return Err(format!(
                "there is no folder {} to publish",
                folder.display()
            ));
        }
        copy(folder, &artifact);
        Ok(())
    }

    /// Brings what another job has kept.
    pub(super) fn download(&self, name: &str, folder: &Path) -> Refused<()> {
        let artifact = self.artifact(name);
        match artifact.is_dir() {
            true => {
                copy(&artifact, folder);
                Ok(())
            }
            false => Err(format!("no job has published an artifact `{name}`")),
        }
    }

    /// Forgets what another run has handed to its jobs; a further attempt of a run has it still.
    pub(super) fn begin(&self, is_again: bool) {
        if is_again {
            self.attempt.set(self.attempt.get() + 1);
            return;
        }
        self.attempt.set(1);
        drop(fs::remove_dir_all(self.folder.path().join("artifacts")));
    }

    /// How often the run was begun.
    pub(super) fn attempt(&self) -> String {
        self.attempt.get().to_string()
    }

    /// The folder of the Python, whose programs a job gets with it.
    pub(super) fn python_folder(&self) -> String {
        let folder = self.python.parent().unwrap_or(Path::new("/"));
        folder.to_string_lossy().into_owned()
    }

    /// The commit that a run is of.
    pub(super) fn commit(&self, start: &Start) -> String {
        match start {
            Start::Main => self.origin.git(&["rev-parse", "origin/main"]),
            Start::PullRequest(request) => request.merge.clone(),
        }
    }

    /// The name of what is checked out.
    pub(super) fn reference(start: &Start) -> String {
        match start {
            Start::Main => "refs/heads/main".to_owned(),
            Start::PullRequest(request) => format!("refs/pull/{}/merge", request.number),
        }
    }

    /// Checks out what a run is of; `depth` 0 is all of the history.
    pub(super) fn check_out(&self, start: &Start, folder: &Path, depth: u32) -> Refused<()> {
        let server = format!("file://{}", self.origin.server().display());
        let reference = Self::reference(start);
        let depth = depth.to_string();
        let all = [
            "fetch",
            "--quiet",
            "origin",
            "+refs/heads/*:refs/remotes/origin/*",
            &reference,
        ];
        let shallow = ["fetch", "--quiet", "--depth", &depth, "origin", &reference];
        let fetch: &[&str] = if depth == "0" { &all } else { &shallow };
        let commit = self.commit(start);
        for args in [
            &["init", "--quiet"][..],
            &["remote", "add", "origin", &server],
            fetch,
            &["checkout", "--quiet", "--detach", &commit],
        ] {
            let ended = git(folder, args).run();
            if ended.code != Some(0) {
                return Err(format!("git {args:?}\n{ended}"));
            }
        }
        Ok(())
    }

    /// Runs a script by a program, as a file.
    pub(super) fn run(&self, shell: &Shell, args: &[&str], script: &str) -> Ended {
        let folder = self.job_folder();
        let file = folder.join("script.sh");
        fs::write(&file, script).unwrap();
        let machine = std::env::var("PATH").unwrap();
        let mut path: Vec<_> = shell.path.iter().rev().cloned().collect();
        path.push(machine);
        let ready = &self.emulator.ready;
        // How long a step may take is for the pipeline to say, and for whoever runs the tests.
        let output = Command::new("bash")
            .args(args)
            .arg(&file)
            .current_dir(&shell.folder)
            .stdin(Stdio::null())
            .env_clear()
            .env("DATAOPS_EMULATOR", &ready.endpoint)
            .env("DATAOPS_EMULATOR_TOKEN", &ready.token)
            .env("DATAOPS_EMULATOR_ACCOUNT", &ready.account)
            .env("DATAOPS_RELEASES", self.releases())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PIP_NO_INDEX", "1")
            .envs(&shell.variables)
            .env("PATH", path.join(":"))
            .output()
            .unwrap();
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn releases(&self) -> String {
        format!("file://{}", self.folder.path().join("releases").display())
    }
}
