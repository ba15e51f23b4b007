//! Writing what findings offer to mend.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use dataops_check::{Finding, mend};
use tempfile::NamedTempFile;

use super::solution::Loaded;
use crate::failure::Failure;

/// Makes the changes that findings offer; says how many.
///
/// Whatever is not part of a change keeps its bytes. A file is replaced as a whole, or not at all.
pub(super) fn fix(loaded: &Loaded, found: &[Finding]) -> Result<usize, Failure> {
    let mut by_file: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in found.iter().filter(|finding| finding.fix.is_some()) {
        by_file.entry(&finding.path).or_default().push(finding);
    }
    let sources = loaded.sources();
    let mut changes = 0;
    for (path, findings) in by_file {
        let below = path.strip_prefix(&loaded.prefix);
        let document =
            below.and_then(|below| Some((sources.get(below)?, loaded.files.get(below)?)));
        let (mended, bytes) = match document {
            Some((source, bytes)) => {
                let (text, encoding) = (source.text(), source.encoding());
                // Bytes that are no text would be lost.
                if encoding.encode(text) != bytes {
                    continue;
                }
                let mended = mend(text, findings);
                (mended.changes, encoding.encode(&mended.text))
            }
            None => {
                let solution = loaded.solution.as_ref();
                let Some(text) = solution.and_then(|solution| solution.files.text(path)) else {
                    continue;
                };
                let mended = mend(text, findings);
                (mended.changes, mended.text.into_bytes())
            }
        };
        if mended > 0 {
            let file = loaded.root.join(path);
            replace(&file, &bytes)
                .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
            changes += mended;
        }
    }
    Ok(changes)
}

/// Replaces the contents of a file at once.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or_else(|| Path::new("."));
    let mut part = NamedTempFile::new_in(folder)?;
    part.write_all(bytes)?;
    part.as_file()
        .set_permissions(fs::metadata(file)?.permissions())?;
    part.persist(file)?;
    Ok(())
}
