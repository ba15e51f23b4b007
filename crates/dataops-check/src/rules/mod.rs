//! The checks, a file for each subject, and the list of all rules.

use crate::{Findings, Rule, Subject};

/// Every rule, in the order of ids.
pub(crate) const ALL: &[&Rule] = &[];

/// Every check.
pub(crate) const CHECKS: &[fn(&Subject<'_>, &mut Findings)] = &[];
