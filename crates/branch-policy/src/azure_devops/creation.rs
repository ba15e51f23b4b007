//! Who may begin a branch of a pattern.

use crate::file::{File, Host};
use crate::pattern;
use crate::settings::BranchSettings;

/// How permissions of folders of branches are set.
const FOLDERS: &str = "https://learn.microsoft.com/azure/devops/repos/git/require-branch-folders";

/// How to set by hand who may begin a branch of a pattern: that is a permission of Git, and no policy.
pub(super) fn by_hand(file: &File, name: &str, settings: &BranchSettings) -> Option<String> {
    let folder = pattern::folder(name).filter(|_| settings.is_begun_anew(name))?;
    let named = settings.may_create.iter();
    let named: Vec<_> = named
        .map(|name| format!("`{}`", file.called(Host::AzureDevOps, name)))
        .collect();
    let named = match named.as_slice() {
        [] => "those who may begin one".to_owned(),
        named => named.join(", "),
    };
    Some(format!(
        "whoever may create branches begins one here with what nobody has looked at, and its pipelines are let in where `{name}` is. No policy \
         keeps it off; set by hand the permission `CreateBranch`: denied to Contributors for the repository, allowed to them for the folders of \
         their own branches, and for `{folder}` to {named} ({FOLDERS})"
    ))
}
