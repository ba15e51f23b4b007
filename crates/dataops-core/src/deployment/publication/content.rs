//! What a published pipeline is made from, as a digest: the same content is not published again.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use dataops_solution::ml::MlPipeline;
use sha2::{Digest as _, Sha256};

/// The limits of a snapshot: more than this is published without a look whether it is there, and refused.
const MOST_FILES: usize = 2_000;
const MOST_BYTES: u64 = 300 << 20;
/// What running and testing leave behind; publishing copies the rest (`source.rs` of the emulator).
const LEFT_OUT: [&str; 6] = [
    ".git",
    "__pycache__",
    ".venv",
    ".pytest_cache",
    ".ruff_cache",
    ".ipynb_checkpoints",
];

/// The digest of a script's folder with all that is said of it; none where it cannot be read, or is too large.
pub(super) fn digest(folder: &Path, described: &MlPipeline) -> Option<String> {
    let mut files = Vec::new();
    list(folder, &mut files).ok()?;
    files.sort();
    let mut hash = Sha256::new();
    hash.update(format!("{described:?}\n"));
    let mut left = MOST_BYTES;
    for file in files {
        // A bundle holds the same content as the sources that it was built from, in another place.
        let name = file.strip_prefix(folder).ok()?.to_owned();
        let mut bytes = Vec::new();
        let mut read = fs::File::open(&file).ok()?.take(left + 1);
        let length = read.read_to_end(&mut bytes).ok()? as u64;
        left = left.checked_sub(length)?;
        hash.update(format!("{} {length}\n", name.display()));
        hash.update(&bytes);
    }
    let digits = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Some(digits)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if LEFT_OUT
            .iter()
            .any(|left_out| entry.file_name() == *left_out)
        {
            continue;
        }
        if entry.file_type()?.is_dir() {
            list(&entry.path(), files)?;
        } else if files.len() < MOST_FILES {
            files.push(entry.path());
        } else {
            return Err(io::Error::other("too many files"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESCRIBED: &str = "name: training\nversion: '1'\nentryScript: train.py\n";

    #[test]
    fn the_digest_is_that_of_files_and_description() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let of = |text: &str| digest(folder.path(), &MlPipeline::parse(text).unwrap()).unwrap();
        write("train.py", "print(1)");
        let first = of(DESCRIBED);

        fs::create_dir(folder.path().join("__pycache__")).unwrap();
        write("__pycache__/train.pyc", "x");
        assert_eq!(of(DESCRIBED), first);
        assert_ne!(of(&DESCRIBED.replace('1', "2")), first);
        let moved = folder.path().join("moved");
        fs::create_dir(&moved).unwrap();
        fs::copy(folder.path().join("train.py"), moved.join("train.py")).unwrap();
        let there = digest(&moved, &MlPipeline::parse(DESCRIBED).unwrap());
        assert_eq!(
            there.as_ref(),
            Some(&first),
            "the place is none of the content"
        );
        fs::remove_dir_all(&moved).unwrap();
        write("train.py", "print(2)");
        assert_ne!(of(DESCRIBED), first);
    }
}
