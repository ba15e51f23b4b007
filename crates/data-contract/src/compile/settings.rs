//! What differs between teams, not between contracts.

use std::collections::BTreeMap;

use crate::model::WARNINGS;
use crate::plan::Severity;

/// How contracts are compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Words of `severity` that mean a warning; any other means an error.
    pub warnings: Vec<String>,
    /// Classifications whose values may be shown in samples; any other hides them.
    pub shown: Vec<String>,
    /// Stored profiles by the name that `reference.profile` gives, as counts per bin or value.
    pub profiles: BTreeMap<String, crate::infer::Profile>,
    /// Those of them that cannot be used, and why: what is compared with them is an error.
    pub unusable: BTreeMap<String, String>,
}

impl Default for Settings {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self {
            warnings: words(&WARNINGS),
            shown: words(&[
                "public",
                "internal",
                "open",
                "unclassified",
                "unrestricted",
                "none",
                "non-sensitive",
            ]),
            profiles: BTreeMap::new(),
            unusable: BTreeMap::new(),
        }
    }
}

impl Settings {
    pub(crate) fn severity(&self, word: Option<&str>) -> Severity {
        let word = word.unwrap_or_default().to_lowercase();
        if self.warnings.contains(&word) {
            Severity::Warning
        } else {
            Severity::Error
        }
    }

    pub(super) fn hides(&self, classification: &str) -> bool {
        !self.shown.contains(&classification.trim().to_lowercase())
    }
}
