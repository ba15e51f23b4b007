//! Files in memory, by paths that lead nowhere but into their own folder.

use std::collections::BTreeMap;

/// The longest path, in bytes.
const LONGEST: usize = 1024;

/// Files by their paths, with `/`, in the order of the paths' bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents(BTreeMap<String, Vec<u8>>);

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
    /// When the path could lead elsewhere, or cannot be a file on every system.
    pub fn insert(&mut self, path: impl Into<String>, bytes: Vec<u8>) -> Result<(), PathError> {
        let path = path.into();
        check_path(&path)?;
        self.0.insert(path, bytes);
        Ok(())
    }

    /// The files, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// The bytes of a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }

    /// The files below a folder, by their paths from there.
    pub fn below<'c>(&'c self, folder: &str) -> impl Iterator<Item = (&'c str, &'c [u8])> {
        let prefix = format!("{folder}/");
        let from = self.0.range(prefix.clone()..);
        from.map_while(move |(path, bytes)| Some((path.strip_prefix(&prefix)?, bytes.as_slice())))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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
    fn a_folder_has_the_files_below_it_only() {
        let mut contents = Contents::default();
        for path in ["a/b", "a/c/d", "ab/e"] {
            contents.insert(path, path.into()).unwrap();
        }

        let below: Vec<_> = contents.below("a").map(|(path, _)| path).collect();
        assert_eq!(below, ["b", "c/d"]);
    }
}
