//! An input of the user's own.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use dataops_solution::text;

use crate::failure::Failure;

/// A file that the notebook would refuse is refused before anything is started.
pub(super) fn check(path: &Path) -> Result<(), Failure> {
    let unreadable = |error: io::Error| Failure::usage(format!("{}: {error}", path.display()));
    let file = fs::File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(Failure::usage(format!("{} is no file", path.display())));
    }
    if let Some(fault) = text::first_fault(&file).map_err(unreadable)? {
        return Err(Failure::not_utf8(path, &fault));
    }
    let mut header = Vec::new();
    let file = fs::File::open(path).map_err(unreadable)?;
    io::Read::take(BufReader::new(file), 1 << 20)
        .read_until(b'\n', &mut header)
        .map_err(unreadable)?;
    let header = String::from_utf8_lossy(&header);
    let header = header.trim_start_matches('\u{feff}').trim_end();
    if header.is_empty() {
        return Err(Failure::usage(format!(
            "{}: line 1 is empty; a header with a column `target` was expected",
            path.display()
        )));
    }
    let columns = columns(header, ',');
    if columns.iter().any(|column| column == "target") {
        return Ok(());
    }
    let failure = Failure::usage(format!(
        "{}: line 1: there is no column `target`",
        path.display()
    ));
    let other = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")];
    let other = other
        .into_iter()
        .find(|(mark, _)| self::columns(header, *mark).contains(&"target".to_owned()));
    Err(match other {
        Some((_, marks)) => failure.hint(format!(
            "the columns are separated by {marks}; save the file with commas"
        )),
        None => failure.hint(format!("the columns are {}", columns.join(", "))),
    })
}

fn columns(header: &str, mark: char) -> Vec<String> {
    let clean = |name: &str| name.trim().trim_matches('"').trim().to_ascii_lowercase();
    header.split(mark).map(clean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_that_the_notebook_would_refuse_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |text: &[u8]| {
            let path = folder.path().join("in.csv");
            fs::write(&path, text).unwrap();
            let rendered = check(&path).err().map(|failure| failure.render());
            rendered.map(|text| anstream::adapter::strip_str(&text).to_string())
        };

        assert_eq!(refused("\u{feff}id,\"Target\"\r\n1,0\n".as_bytes()), None);
        for (text, reason) in [
            ("", "line 1 is empty"),
            ("id,x\n", "the columns are id, x"),
            ("id;target\n1;0\n", "separated by semicolons"),
            ("id\ttarget\n1\t0\n", "separated by tabs"),
        ] {
            let said = refused(text.as_bytes()).unwrap();
            assert!(said.contains(reason), "{text:?}: {said}");
        }
        let latin = refused(b"id,target,name\n1,0,caf\xe9\n").unwrap();
        assert!(latin.contains("in.csv:2:8: 0xe9 is not UTF-8"), "{latin}");
        assert!(latin.contains("hint: save the file as UTF-8"), "{latin}");
    }
}
