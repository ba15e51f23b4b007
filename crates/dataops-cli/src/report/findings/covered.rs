//! Secrets in the files that findings are about. No line is shown with one, whatever the finding is.

use std::collections::HashMap;
use std::ops::Range;

use adf_model::Kind;
use adf_model::secret::{Secrecy, secrets_of_text};
use dataops_check::Finding;

use super::Texts;

/// The places of secrets, by file.
#[derive(Debug, Default)]
pub(crate) struct Covered(HashMap<String, Vec<Range<usize>>>);

impl Covered {
    /// The secrets that findings are about, and those of files whose values do not tell all that stands in their texts.
    pub(crate) fn of(findings: &[Finding], texts: &dyn Texts) -> Self {
        let mut covered = Self::default();
        for finding in findings {
            if let Some(bytes) = &finding.covered {
                let places = covered.0.entry(finding.path.clone()).or_default();
                places.push(bytes.clone());
            }
        }
        let mut paths: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.is_about_text())
            .map(|finding| finding.path.as_str())
            .collect();
        paths.sort_unstable();
        paths.dedup();
        for path in paths {
            if let Some(text) = texts.text(path) {
                let places = covered.0.entry(path.to_owned()).or_default();
                places.extend(secrets_of_text(&text, secrecy(path)));
            }
        }
        covered
    }

    /// The secrets in a file.
    pub(super) fn in_file(&self, path: &str) -> &[Range<usize>] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }
}

/// What is known of a document by its folder.
fn secrecy(path: &str) -> Secrecy {
    let mut folders = path.rsplit('/').skip(1);
    let kind = folders.find_map(Kind::of_folder);
    kind.map(Secrecy::of).unwrap_or_default()
}
