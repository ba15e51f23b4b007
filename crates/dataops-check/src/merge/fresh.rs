//! What a change adds to the findings, and what it takes away.

use std::collections::HashMap;

use adf_diff::compare;

use super::alias::Aliases;
use super::{Key, key};
use crate::{Finding, Subject, check};

/// The findings of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// What is found after it, and was not before.
    pub fresh: Vec<Finding>,
    /// How many of those before are gone.
    pub gone: usize,
    /// How many were there before, and still are.
    pub kept: usize,
}

/// Compares the findings before and after a change. A finding that only stands elsewhere in its file, or under a new name of what it is
/// about, is the same.
#[must_use]
pub fn check_change(before: &Subject<'_>, after: &Subject<'_>) -> Since {
    let mut known: HashMap<Key, usize> = HashMap::new();
    for finding in check(before) {
        *known.entry(key(&finding)).or_default() += 1;
    }
    let total: usize = known.values().sum();
    let difference = compare(before.repository, after.repository);
    let aliases = Aliases::of(&difference, after.prefix);
    let mut take = |key: &Key| match known.get_mut(key) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    let mut fresh = check(after);
    fresh.retain(|finding| !take(&key(finding)) && !aliases.keys(finding).any(|key| take(&key)));
    let left: usize = known.values().sum();
    Since {
        fresh,
        gone: left,
        kept: total - left,
    }
}
