//! Files of which each line counts by itself: one that is there is kept, and gets the lines that it does not have.

use std::fs;
use std::io;
use std::path::Path;

/// The files of a solution that are so.
pub(super) const FILES: [&str; 2] = [".gitignore", ".gitattributes"];

const HEAD: &str =
    "# Needed by a dataops solution. What was here before follows, and has the last word.";
/// What some editors write before the first line.
const MARK: &str = "\u{feff}";

/// Whether a file is there that lines can be added to.
pub(super) fn takes(dir: &Path, path: &str) -> bool {
    FILES.contains(&path) && fs::symlink_metadata(dir.join(path)).is_ok_and(|it| it.is_file())
}

/// Adds the lines that a file lacks, and tells which these are.
///
/// Git goes by the last line that fits. So what is added stands above what is there, which stays in force.
///
/// # Errors
///
/// When it cannot be read or written, or is UTF-16, which git does not read.
pub(super) fn add(file: &Path, wanted: &str) -> io::Result<Vec<String>> {
    let bytes = fs::read(file)?;
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "it is UTF-16, of which git reads nothing; save it as UTF-8",
        ));
    }
    let there = String::from_utf8_lossy(&bytes);
    let missing = missing(&there, wanted);
    if missing.is_empty() {
        return Ok(missing);
    }
    let end = if there.contains("\r\n") { "\r\n" } else { "\n" };
    let mark = if there.starts_with(MARK) {
        MARK.len()
    } else {
        0
    };
    let mut text = bytes[..mark].to_vec();
    for line in [HEAD].into_iter().chain(missing.iter().map(String::as_str)) {
        text.extend_from_slice(line.as_bytes());
        text.extend_from_slice(end.as_bytes());
    }
    if bytes.len() > mark {
        text.extend_from_slice(end.as_bytes());
    }
    text.extend_from_slice(&bytes[mark..]);
    fs::write(file, text)?;
    Ok(missing)
}

/// The lines that say something and are not there. `.venv` stands for `.venv/` too, and one for all files is no business of ours where
/// there is one: attributes count one by one.
fn missing(there: &str, wanted: &str) -> Vec<String> {
    let said = |line: &str| {
        line.trim_start_matches(MARK)
            .trim()
            .trim_end_matches('/')
            .to_owned()
    };
    let there: Vec<_> = there.lines().map(said).collect();
    let is_for_all = |line: &str| line.split_whitespace().next() == Some("*");
    let has_all = there.iter().any(|line| is_for_all(line));
    let wanted = wanted.lines().map(str::trim);
    let wanted = wanted.filter(|line| !line.is_empty() && !line.starts_with('#'));
    wanted
        .filter(|line| !(there.contains(&said(line)) || has_all && is_for_all(line)))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: &str = "# Ours\n.venv/\nout/\n";

    fn added(there: &str) -> (String, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".gitignore");
        fs::write(&file, there).unwrap();
        let added = add(&file, WANTED).unwrap();
        (fs::read_to_string(file).unwrap(), added)
    }

    #[test]
    fn what_is_there_stays_and_has_the_last_word() {
        assert_eq!(
            added("target/\n.venv\n!out/"),
            (
                format!("{HEAD}\nout/\n\ntarget/\n.venv\n!out/"),
                vec!["out/".to_owned()]
            )
        );
        assert_eq!(
            added("\u{feff}out/\r\n").0,
            format!("\u{feff}{HEAD}\r\n.venv/\r\n\r\nout/\r\n")
        );
        assert_eq!(added("").0, format!("{HEAD}\n.venv/\nout/\n"));
    }

    #[test]
    fn attributes_of_all_files_are_theirs() {
        let wanted = "* text=auto eol=lf\n*.png binary\n";

        assert_eq!(
            missing("* text=auto\n*.ps1 text\n", wanted),
            ["*.png binary"]
        );
        assert_eq!(missing("*.ps1 text\n", wanted).len(), 2);
    }

    #[test]
    fn a_file_that_git_cannot_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".gitignore");
        let utf_16 = [0xFF, 0xFE, b'o', 0, b'u', 0, b't', 0];
        fs::write(&file, utf_16).unwrap();

        assert!(
            add(&file, WANTED)
                .unwrap_err()
                .to_string()
                .contains("UTF-16")
        );
        assert_eq!(fs::read(file).unwrap(), utf_16);
    }

    #[test]
    fn a_file_that_has_all_of_it_is_not_touched() {
        let all = "out\r\n  .venv/  \nmore";

        assert_eq!(added(all), (all.to_owned(), Vec::new()));
    }
}
