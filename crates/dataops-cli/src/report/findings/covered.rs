//! Secrets in the files that findings are about. No line is shown with one, whatever the finding is.

use std::collections::HashMap;
use std::ops::Range;

use dataops_check::Finding;
use dataops_solution::settings::FILE_NAME;

use super::Texts;
use crate::covering::secrets;

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
            // Where the values of an environment go is known to who has read them all.
            .filter(|finding| finding.is_about_text() || finding.path == FILE_NAME)
            .map(|finding| finding.path.as_str())
            .collect();
        paths.sort_unstable();
        paths.dedup();
        for path in paths {
            if let Some(text) = texts.text(path) {
                let places = covered.0.entry(path.to_owned()).or_default();
                places.extend(secrets(path, &text));
            }
        }
        covered
    }

    /// The secrets in a file.
    pub(super) fn in_file(&self, path: &str) -> &[Range<usize>] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }
}
