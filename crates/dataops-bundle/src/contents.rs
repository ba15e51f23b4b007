//! Files in memory, by paths that lead nowhere but into their own folder.

use std::collections::{BTreeMap, BTreeSet};

/// The longest path, in bytes.
const LONGEST: usize = 1024;

/// Files by their paths, with `/`, in the order of the paths' bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    files: BTreeMap<String, Vec<u8>>,
    /// The paths as a file system without regard to case has them.
    folded: BTreeSet<String>,
}

/// A path that a bundle does not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no path that a bundle takes: {reason}", path.escape_debug())]
pub struct PathError {
    /// The path.
    pub path: String,
    /// Why.
    pub reason: &'static str,
}

impl Contents {
    /// Adds a file.
    ///
    /// # Errors
    ///
    /// When the path could lead elsewhere, or cannot be a file beside the others on every system.
    pub fn insert(&mut self, path: impl Into<String>, bytes: Vec<u8>) -> Result<(), PathError> {
        let path = path.into();
        check_path(&path)?;
        if !self.folded.insert(folded(&path)) && !self.files.contains_key(&path) {
            return Err(twin(&path));
        }
        self.files.insert(path, bytes);
        Ok(())
    }

    /// The files, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// The bytes of a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// The files below a folder, by their paths from there.
    pub fn below<'c>(&'c self, folder: &str) -> impl Iterator<Item = (&'c str, &'c [u8])> {
        let prefix = format!("{folder}/");
        let from = self.files.range(prefix.clone()..);
        from.map_while(move |(path, bytes)| Some((path.strip_prefix(&prefix)?, bytes.as_slice())))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// A path without regard to case.
pub(crate) fn folded(path: &str) -> String {
    path.to_lowercase()
}

/// The error that a path differs from another one in case only.
pub(crate) fn twin(path: &str) -> PathError {
    PathError {
        path: path.to_owned(),
        reason: "another one differs from it in upper and lower case only, which Windows and macOS take for one",
    }
}

/// Checks that a path stays in its folder.
pub(crate) fn check_path(path: &str) -> Result<(), PathError> {
    let refused = |reason| {
        Err(PathError {
            path: path.chars().take(LONGEST).collect(),
            reason,
        })
    };
    if path.len() > LONGEST {
        return refused("it is too long");
    }
    if path.starts_with('/') || path.as_bytes().get(1) == Some(&b':') {
        return refused("it is absolute");
    }
    if path.contains('\\') {
        return refused("it has a backslash");
    }
    if path.chars().any(char::is_control) {
        return refused("it has a control character");
    }
    for part in path.split('/') {
        match part {
            "" => return refused("a part of it is empty"),
            "." | ".." => return refused("it leads to another folder"),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_their_folder() {
        for good in [
            "a",
            "a/b c/ä.json",
            "..a/b..",
            "solution/adf/pipeline/p.json",
        ] {
            assert_eq!(check_path(good), Ok(()), "{good}");
        }
        for bad in [
            "", "/a", "a//b", "a/", "../a", "a/../b", "./a", "C:/a", "a\\b", "a\0", "a\nb",
        ] {
            assert!(check_path(bad).is_err(), "{bad:?}");
        }
        assert!(check_path(&"a/".repeat(600)).is_err());
    }

    #[test]
    fn no_two_paths_differ_in_case_only() {
        let mut contents = Contents::default();
        contents.insert("a/Ä.json", b"1".to_vec()).unwrap();

        let error = contents.insert("A/ä.json", b"2".to_vec()).unwrap_err();
        assert!(
            error.to_string().contains("upper and lower case"),
            "{error}"
        );
        contents.insert("a/Ä.json", b"3".to_vec()).unwrap();
        assert_eq!(
            (contents.len(), contents.get("a/Ä.json")),
            (1, Some(&b"3"[..]))
        );
    }

    #[test]
    fn a_folder_has_the_files_below_it_only() {
        let mut contents = Contents::default();
        for path in ["a/b", "a/c/d", "ab/e"] {
            contents.insert(path, path.into()).unwrap();
        }

        let below: Vec<_> = contents.below("a").map(|(path, _)| path).collect();
        assert_eq!(below, ["b", "c/d"]);
    }
}
