//! Paths of the workspace tree.

use std::fmt;
use std::path::{Path, PathBuf};

use super::refusal::Refusal;

/// An absolute path without a trailing slash, and without the alias `/Workspace`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WorkspacePath(String);

/// What most file systems allow for one name.
const LONGEST_NAME: usize = 255;

impl WorkspacePath {
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        if !text.starts_with('/') {
            return Err(Refusal::invalid(format!(
                "Path ({text}) doesn't start with '/'"
            )));
        }
        let mut names: Vec<&str> = text
            .split('/')
            .filter(|name| !name.is_empty() && *name != ".")
            .collect();
        for name in &names {
            if *name == ".." || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
                let reason = "has `..`, a control character or a name of more than 255 bytes";
                return Err(Refusal::invalid(format!("Path ({text}) {reason}")));
            }
        }
        if names.first() == Some(&"Workspace") {
            names.remove(0);
        }
        Ok(Self(format!("/{}", names.join("/"))))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_root(&self) -> bool {
        self.0 == "/"
    }

    pub(super) fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    pub(super) fn parent(&self) -> Self {
        match self.0.rsplit_once('/') {
            Some(("", _)) | None => Self("/".to_owned()),
            Some((parent, _)) => Self(parent.to_owned()),
        }
    }

    pub(super) fn join(&self, name: &str) -> Self {
        match self.is_root() {
            true => Self(format!("/{name}")),
            false => Self(format!("{}/{name}", self.0)),
        }
    }

    /// The prefix of everything below.
    pub(super) fn below(&self) -> String {
        match self.is_root() {
            true => "/".to_owned(),
            false => format!("{}/", self.0),
        }
    }

    /// The file or folder below `root`.
    pub(super) fn under(&self, root: &Path) -> PathBuf {
        let mut path = root.to_owned();
        path.extend(self.0.split('/').filter(|name| !name.is_empty()));
        path
    }

    /// The same without the ending of its name.
    pub(super) fn stem(&self) -> Self {
        match self.name().rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() => self.parent().join(stem),
            _ => self.clone(),
        }
    }

    /// The ending of the name in lower case, without the dot.
    pub(super) fn ending(&self) -> String {
        match self.name().rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() => ending.to_ascii_lowercase(),
            _ => String::new(),
        }
    }
}

impl fmt::Display for WorkspacePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_object_has_one_path() {
        for text in ["/a/b", "//a//b/", "/Workspace/a/b", "/a/./b"] {
            assert_eq!(WorkspacePath::parse(text).unwrap().as_str(), "/a/b");
        }
        assert!(WorkspacePath::parse("/Workspace").unwrap().is_root());
    }

    #[test]
    fn paths_do_not_climb() {
        for text in ["a/b", "", "/a/../b", "/..", "/a\0b", "/a\nb"] {
            let refusal = WorkspacePath::parse(text).unwrap_err();
            assert_eq!(refusal.code(), "INVALID_PARAMETER_VALUE", "{text:?}");
        }
    }

    #[test]
    fn names_and_endings() {
        let path = WorkspacePath::parse("/a/b.tar.PY").unwrap();

        assert_eq!(path.ending(), "py");
        assert_eq!(path.stem().as_str(), "/a/b.tar");
        assert_eq!(path.parent().as_str(), "/a");
        assert_eq!(WorkspacePath::parse("/.hidden").unwrap().ending(), "");
        assert_eq!(path.under(Path::new("/r")), Path::new("/r/a/b.tar.PY"));
    }
}
