//! What a merge breaks that neither of its sides breaks alone, by all rules.
//!
//! A merge is looked at as it is: the rules run on both sides and on what was made of them, and what they find only there is told
//! with what each side has done about it.

mod alias;
mod change;
mod fresh;
mod told;
mod words;

use std::collections::HashSet;

use adf_diff::{Difference, Whose, compare};
use adf_source::Span;

use crate::{Finding, Severity, Subject, check};
use alias::Aliases;
use change::Changes;
use words::Words;

pub use fresh::{Since, check_change};

/// What two sides have made of a base, and what a merge has made of both.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// What both began with.
    pub base: Subject<'a>,
    /// The first side.
    pub one: Subject<'a>,
    /// The other side.
    pub other: Subject<'a>,
    /// What was made of both.
    pub result: Subject<'a>,
    /// The files that could not be merged, from the solution's root: nothing is said of them.
    pub unmerged: &'a [String],
}

/// Something that a rule finds in a merge, and on neither side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The finding; its places are in the merge.
    pub finding: Finding,
    /// What the sides have done that meets there, those of the first one first.
    pub changes: Vec<SideChange>,
}

/// Something that a side has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideChange {
    /// Which one: [`Whose::One`] or [`Whose::Other`].
    pub whose: Whose,
    /// The file, from the solution's root; where it is gone, as it was called before.
    pub path: String,
    /// The place in the side's file; none where nothing is there any more.
    pub span: Option<Span>,
    /// What was done, in a few words.
    pub text: String,
}

/// The errors and warnings of a merge that neither side has alone.
#[must_use]
pub fn check_merge(sides: &Sides<'_>) -> Vec<Breach> {
    let result = check(&sides.result).into_iter();
    let mut found: Vec<_> = result
        .filter(|finding| finding.rule.severity != Severity::Note)
        .filter(|finding| !sides.unmerged.contains(&finding.path))
        .collect();
    if found.is_empty() {
        return Vec::new();
    }
    let known = [&sides.one, &sides.other].map(|side| {
        let keys = check(side).into_iter().map(|finding| key(&finding));
        keys.collect::<HashSet<_>>()
    });
    found.retain(|finding| known.iter().all(|known| !known.contains(&key(finding))));
    if found.is_empty() {
        return Vec::new();
    }
    let differences =
        [&sides.one, &sides.other].map(|side| compare(sides.base.repository, side.repository));
    let aliases = differences
        .each_ref()
        .map(|difference| Aliases::of(difference, sides.result.prefix));
    // What one side has renamed, the other has by its old name.
    found.retain(|finding| {
        let mut pairs = known.iter().zip(aliases.iter().rev());
        pairs.all(|(known, aliases)| !aliases.keys(finding).any(|key| known.contains(&key)))
    });
    explained(sides, &differences, found)
}

fn explained(sides: &Sides<'_>, differences: &[Difference; 2], found: Vec<Finding>) -> Vec<Breach> {
    let changes = [
        Changes::of(&sides.base, &sides.one, &differences[0], Whose::One),
        Changes::of(&sides.base, &sides.other, &differences[1], Whose::Other),
    ];
    let breaches = found.into_iter().map(|finding| {
        let words = Words::of_finding(&finding);
        let place = change::Place::of(&sides.result, &finding);
        let changes = changes
            .iter()
            .flat_map(|changes| changes.meeting(&place, &words));
        Breach {
            changes: changes.collect(),
            finding,
        }
    });
    breaches.collect()
}

/// What is the same of a finding wherever else something was inserted: numbers that are no names do not count.
type Key = (&'static str, Option<String>, String, String);

fn key(finding: &Finding) -> Key {
    (
        finding.rule.id,
        finding.code.clone(),
        finding.path.clone(),
        words::without_numbers(&finding.message),
    )
}
