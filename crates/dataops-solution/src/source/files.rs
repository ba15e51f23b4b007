//! The files that `dataops.yaml` names.

use std::collections::BTreeMap;

use crate::text::{self, NotUtf8};

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Contents {
    /// Text in UTF-8.
    Text(String),
    /// Something else, which stops being text here.
    Bytes(NotUtf8),
    /// More bytes than are read.
    TooLarge(u64),
    /// It cannot be read; why.
    Unreadable(String),
    /// It is a folder that cannot be listed; why.
    UnreadableFolder(String),
}

impl Contents {
    /// What these bytes are.
    #[must_use]
    pub fn of(bytes: Vec<u8>) -> Self {
        text::utf8(bytes).map_or_else(Self::Bytes, Self::Text)
    }
}

/// The files that `dataops.yaml` names, by their paths below the solution's root, with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SolutionFiles(BTreeMap<String, Contents>);

impl SolutionFiles {
    /// The contents of a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Contents> {
        self.0.get(path)
    }

    /// The text of a file, where it is one.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        match self.get(path)? {
            Contents::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The files in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Contents)> {
        self.0
            .iter()
            .map(|(path, contents)| (path.as_str(), contents))
    }

    /// The files below a folder, by their paths from there.
    pub fn below(&self, folder: &str) -> impl Iterator<Item = (&str, &Contents)> {
        let prefix = match folder {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let from = self.0.range(prefix.clone()..);
        from.map_while(move |(path, contents)| {
            let path = path.strip_prefix(prefix.as_str())?;
            Some((path, contents))
        })
    }

    /// Whether a folder holds a file.
    #[must_use]
    pub fn has_folder(&self, folder: &str) -> bool {
        self.below(folder).next().is_some()
    }

    pub(super) fn insert(&mut self, path: String, contents: Contents) {
        self.0.insert(path, contents);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<P: Into<String>> FromIterator<(P, Contents)> for SolutionFiles {
    fn from_iter<I: IntoIterator<Item = (P, Contents)>>(files: I) -> Self {
        Self(
            files
                .into_iter()
                .map(|(path, contents)| (path.into(), contents))
                .collect(),
        )
    }
}

/// Files whose bytes are at hand.
impl<'f> FromIterator<(&'f str, &'f [u8])> for SolutionFiles {
    fn from_iter<I: IntoIterator<Item = (&'f str, &'f [u8])>>(files: I) -> Self {
        files
            .into_iter()
            .map(|(path, bytes)| (path, Contents::of(bytes.to_vec())))
            .collect()
    }
}

/// A path as it is written in `dataops.yaml`, as one below the root: without `.` and doubled slashes. None where it leads
/// out of the root.
#[must_use]
pub fn below_root(path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    let drive = path.get(1..2) == Some(":");
    if path.starts_with('/') || drive {
        return None;
    }
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_root() {
        assert_eq!(below_root("./a//b/").as_deref(), Some("a/b"));
        assert_eq!(below_root("a/../b\\c").as_deref(), Some("b/c"));
        assert_eq!(below_root(".").as_deref(), Some(""));
        for out in ["../a", "a/../../b", "/a", "C:\\a"] {
            assert_eq!(below_root(out), None, "{out}");
        }
    }

    #[test]
    fn a_folder_has_the_files_below_it_only() {
        let files: SolutionFiles = ["a/b", "a/c/d", "ab/e"]
            .map(|path| (path, Contents::Text(String::new())))
            .into_iter()
            .collect();

        let below: Vec<_> = files.below("a").map(|(path, _)| path).collect();
        assert_eq!(below, ["b", "c/d"]);
        assert_eq!(files.below("").count(), 3);
        assert!(files.has_folder("ab") && !files.has_folder("b"));
    }
}
