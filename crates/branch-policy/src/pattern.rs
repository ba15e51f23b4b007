//! Names of branches that stand for more than one: `hotfix/*` for every branch that begins with `hotfix/`.

/// Whether a name of the file stands for more than one branch.
pub(crate) fn is_pattern(branch: &str) -> bool {
    folder(branch).is_some()
}

/// The folder of the branches that a name stands for, such as `hotfix`; nothing of a name of one branch.
pub(crate) fn folder(branch: &str) -> Option<&str> {
    branch.strip_suffix("/*")
}
