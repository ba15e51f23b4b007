//! The folder of a demo: made anew each time, and nobody else's.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use dataops_solution::Solution;

use crate::example;
use crate::failure::Failure;

/// What is in a folder that a demo made.
const MARK: &str = ".dataops-demo";

/// The folder of a demo, which no other demo uses as long as this value is there.
pub(super) struct Home {
    dir: PathBuf,
    _lock: File,
}

impl Home {
    /// Takes a folder that is new, empty, or a demo's.
    pub(super) fn take(dir: &Path) -> Result<Self, Failure> {
        let failed = |error: io::Error| unusable(dir, &error.to_string());
        fs::create_dir_all(dir).map_err(failed)?;
        let mark = dir.join(MARK);
        let is_free = fs::read_dir(dir).map_err(failed)?.next().is_none();
        if !is_free && !mark.is_file() {
            return Err(unusable(dir, "it holds other things"));
        }
        let lock = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&mark)
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                dir: dir.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(unusable(dir, "another demo runs in it")),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Refuses an input that lies where everything is made anew.
    pub(super) fn leave_alone(&self, input: Option<&Path>) -> Result<(), Failure> {
        let Some(input) = input else {
            return Ok(());
        };
        let (Ok(file), Ok(dir)) = (input.canonicalize(), self.dir.canonicalize()) else {
            return Ok(());
        };
        match file.starts_with(dir) {
            true => Err(unusable(
                &self.dir,
                &format!("{} lies in it, and would be lost", input.display()),
            )),
            false => Ok(()),
        }
    }

    /// A fresh copy of the solution, and an empty folder for the emulator.
    pub(super) fn lay_out(&self) -> Result<(Solution, PathBuf), Failure> {
        let failed = |error: io::Error| unusable(&self.dir, &error.to_string());
        let (home, data) = (self.dir.join("solution"), self.dir.join("azure"));
        for old in [&home, &data] {
            match fs::remove_dir_all(old) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(failed(error));
                }
                _ => {}
            }
        }
        fs::create_dir_all(&home).map_err(failed)?;
        example::write(&home).map_err(failed)?;
        Ok((Solution::find(&home)?, data))
    }
}

fn unusable(dir: &Path, reason: &str) -> Failure {
    Failure::usage(format!("{}: {reason}", dir.display())).hint("name another folder by --dir")
}
