//! Which files differ between two commits, or from the last one, and what one of them holds.

use dataops_solution::touched::ChangedFile;

use super::{Git, said};
use crate::failure::Failure;

impl Git {
    /// The files of the whole repository that differ. A renamed one is told with both its paths.
    pub(crate) async fn changed_files(
        &self,
        base: &str,
        head: &str,
    ) -> Result<Vec<ChangedFile>, Failure> {
        let listing = self
            .run(&[
                "diff-tree",
                "-r",
                "-z",
                "--find-renames",
                "--raw",
                "--no-abbrev",
                "--no-ext-diff",
                "--end-of-options",
                base,
                head,
            ])
            .await?;
        match parse(&listing.stdout).filter(|_| listing.status.success()) {
            Some(files) => Ok(files),
            None => Err(said(
                Failure::usage("git cannot compare these commits"),
                &listing,
            )),
        }
    }

    /// The files of the whole repository that are not as in the commit that is checked out, new ones too.
    pub(crate) async fn uncommitted_files(&self) -> Result<Vec<ChangedFile>, Failure> {
        let status = self
            .run(&[
                "-c",
                "core.fsmonitor=false",
                "status",
                "--porcelain=v1",
                "-z",
                "--untracked-files=all",
                "--no-renames",
            ])
            .await?;
        if !status.status.success() {
            let failure = Failure::usage("git cannot tell what is in no commit");
            return Err(said(failure, &status));
        }
        Ok(uncommitted(&status.stdout))
    }

    /// The text of a file in the folder that is looked at, as a commit has it; none where it has none.
    pub(crate) async fn text(&self, commit: &str, name: &str) -> Result<Option<String>, Failure> {
        let path = match self.prefix() {
            "" => name.to_owned(),
            prefix => format!("{prefix}/{name}"),
        };
        let output = self
            .run(&["cat-file", "blob", &format!("{commit}:{path}")])
            .await?;
        Ok(output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
    }

    /// Whether a name stands for no commit at all: what CI systems give as the base of the first push of a branch.
    pub(crate) fn is_nothing(name: &str) -> bool {
        let name = name.trim();
        name.is_empty() || (name.len() >= 40 && name.bytes().all(|byte| byte == b'0'))
    }
}

/// The output of `git diff-tree -z --raw`: modes, ids and a letter with a number, then one path, or two of what is renamed or copied.
fn parse(output: &[u8]) -> Option<Vec<ChangedFile>> {
    let text = String::from_utf8_lossy(output);
    let mut fields = text.split('\0').filter(|field| !field.is_empty());
    let mut files = Vec::new();
    while let Some(head) = fields.next() {
        let words: Vec<_> = head.strip_prefix(':')?.split(' ').collect();
        let [_, _, before, after, status] = words.as_slice() else {
            return None;
        };
        let path = fields.next()?.to_owned();
        files.push(match status.starts_with(['R', 'C']) {
            true => ChangedFile {
                was: Some(path),
                path: fields.next()?.to_owned(),
                says_the_same: false,
            },
            false => ChangedFile {
                path,
                was: None,
                says_the_same: before == after,
            },
        });
    }
    Some(files)
}

/// The output of `git status --porcelain=v1 -z --no-renames`: two letters, a blank, and a path.
fn uncommitted(output: &[u8]) -> Vec<ChangedFile> {
    let text = String::from_utf8_lossy(output);
    let paths = text
        .split_terminator('\0')
        .filter_map(|entry| entry.get(3..));
    paths
        .map(|path| ChangedFile {
            path: path.to_owned(),
            was: None,
            says_the_same: false,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_with_the_paths_that_they_had() {
        let output = ":100644 100644 aa bb M\0a b.json\0:100644 100644 aa bb R087\0old.py\0new.py\0\
                      :000000 100644 00 bb A\0ä.txt\0:100644 000000 aa 00 D\0gone\0:100644 100755 aa aa M\0run.sh\0";

        let files = parse(output.as_bytes()).unwrap();

        let told: Vec<_> = files
            .iter()
            .map(|file| (file.path.as_str(), file.was.as_deref(), file.says_the_same))
            .collect();
        assert_eq!(
            told,
            [
                ("a b.json", None, false),
                ("new.py", Some("old.py"), false),
                ("ä.txt", None, false),
                ("gone", None, false),
                ("run.sh", None, true)
            ]
        );
        assert_eq!(parse(b":100644 100644 aa aa R100\0only\0"), None);
        assert_eq!(parse(b"M\0a\0"), None);
        assert_eq!(parse(b""), Some(Vec::new()));
    }

    #[test]
    fn files_of_no_commit_are_read() {
        let files = uncommitted(b" M a b.json\0?? \xc3\xa4.txt\0D  gone\0");

        let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["a b.json", "\u{e4}.txt", "gone"]);
        assert!(uncommitted(b"").is_empty());
    }

    #[test]
    fn zeros_and_nothing_are_no_commit() {
        assert!(Git::is_nothing(&"0".repeat(40)));
        assert!(Git::is_nothing(&"0".repeat(64)));
        assert!(Git::is_nothing(" "));
        assert!(!Git::is_nothing("0000000"));
        assert!(!Git::is_nothing("main"));
    }
}
