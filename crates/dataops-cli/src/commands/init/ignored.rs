//! Files of a new solution that git would leave out.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::context::Context;
use crate::terminal::harmless;

/// Warns of files that a pattern ignores which was there before: whoever commits would commit a solution without them.
pub(super) fn tell(context: &Context, dir: &Path, files: &[String]) {
    let ignored = ignored(dir, files).unwrap_or_default();
    let Some(first) = ignored.first() else {
        return;
    };
    let first = harmless(first);
    let text = match ignored.len() {
        1 => format!("git ignores one of the files: {first}"),
        several => format!("git ignores {several} of the files, such as {first}"),
    };
    let hint = format!("`git check-ignore --verbose {first}` names the pattern");
    context.warn("warning", &text, Some(&hint));
}

/// The files that git ignores; none where it cannot be asked, or the folder is in no repository.
fn ignored(dir: &Path, files: &[String]) -> Option<Vec<String>> {
    let mut git = Command::new("git")
        .arg("-C")
        .arg(dir)
        .args(["check-ignore", "-z", "--stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // Outside of a repository git is gone before it has read anything, and has named nothing.
    let _ = git.stdin.take()?.write_all(files.join("\0").as_bytes());
    let answer = git.wait_with_output().ok()?;
    let named = String::from_utf8_lossy(&answer.stdout);
    let named = named.split('\0').filter(|name| !name.is_empty());
    Some(named.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_a_pattern_ignores_are_found_in_a_repository() {
        let folder = tempfile::tempdir().unwrap();
        let files = ["adf/pipeline/a.json", "dataops.yaml"].map(str::to_owned);
        std::fs::write(folder.path().join(".gitignore"), "*.json\n").unwrap();

        assert!(ignored(folder.path(), &files).unwrap().is_empty());
        let made = Command::new("git")
            .args(["init", "-q"])
            .arg(folder.path())
            .status();
        assert!(made.unwrap().success());

        assert_eq!(
            ignored(folder.path(), &files).unwrap(),
            ["adf/pipeline/a.json"]
        );
    }
}
