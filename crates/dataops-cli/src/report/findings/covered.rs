//! Secrets in the files that findings are about. No line is shown with one, whatever the finding is.

use std::collections::HashMap;
use std::ops::Range;

use dataops_check::Finding;

/// The places of secrets, by file.
#[derive(Debug, Default)]
pub(crate) struct Covered(HashMap<String, Vec<Range<usize>>>);

impl Covered {
    /// The secrets that findings are about.
    pub(crate) fn of(findings: &[Finding]) -> Self {
        let mut covered = Self::default();
        for finding in findings {
            if let Some(bytes) = &finding.covered {
                let places = covered.0.entry(finding.path.clone()).or_default();
                places.push(bytes.clone());
            }
        }
        covered
    }

    /// The secrets in a file.
    pub(super) fn in_file(&self, path: &str) -> &[Range<usize>] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }
}
