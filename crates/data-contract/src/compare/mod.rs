//! What differs between two versions of a contract, for those who review it.
//!
//! A contract binds both sides, so that a change breaks it in both directions: when data that held may fail now, which breaks their
//! producers, and when something is no longer promised, or less strictly, which breaks consumers that rely on it. A consumer that reads
//! no nulls because there are none fails with the first one. Only what is added, and what merely warns, breaks neither. Both contracts
//! are compiled, and their checks compared, so that a rule of any kind is weighed by what it means.

mod advice;
mod agreements;
mod checks;
mod columns;
mod identity;
mod order;
mod pairs;
mod places;
mod subject;
mod trained;

use std::collections::HashMap;

use serde::Serialize;

use crate::compile::unselected;
use crate::model::Contract;
use crate::plan::Plan;

pub use advice::Bump;

/// How much a change matters, from little to much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Impact {
    /// It says the same to data and to readers.
    Note,
    /// Something is added, or what only warns is otherwise.
    Compatible,
    /// Data that held may fail, or readers can no longer rely on what was promised.
    Breaking,
}

/// Who has to look at a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// Who delivers the data: more is asked of them.
    Producers,
    /// Who reads the data: something is gone, or promised less strictly.
    Consumers,
    /// Both: something is another.
    Both,
}

/// Which of the two contracts a place is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Version {
    /// The one before.
    Old,
    /// The one after.
    New,
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// How much it matters.
    pub impact: Impact,
    /// Whom it concerns.
    pub concerns: Party,
    /// What it is about, such as `orders.age`.
    pub subject: String,
    /// What is otherwise now.
    pub message: String,
    /// Where the line is.
    pub version: Version,
    /// The line, from 1.
    pub line: u64,
}

/// All that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The changes; those that break the contract come first.
    pub changes: Vec<Change>,
    /// The version before.
    pub old_version: String,
    /// The version after.
    pub new_version: String,
    /// How the version ought to grow.
    pub needed: Bump,
    /// How it grew; none where a version is not one of numbers, as 1.2.0 and 1.2 are.
    pub given: Option<Bump>,
}

impl Comparison {
    /// The worst of all changes.
    #[must_use]
    pub fn worst(&self) -> Option<Impact> {
        self.changes.iter().map(|change| change.impact).max()
    }

    /// Whether the version grew as it ought to. Where it was not one of numbers, any other one tells that something is otherwise; none,
    /// or none of numbers any more, tells nothing.
    #[must_use]
    pub fn is_versioned(&self) -> bool {
        match self.given {
            Some(given) => given >= self.needed,
            None => self.needed == Bump::None || self.withheld().is_none(),
        }
    }

    /// Whether what breaks those who rely on the contract is announced by nothing but another word for the version.
    #[must_use]
    pub fn breaks_by_word(&self) -> bool {
        self.worst() == Some(Impact::Breaking) && self.given.is_none() && self.is_versioned()
    }

    /// Why a version that cannot be ordered tells nobody that something is otherwise.
    fn withheld(&self) -> Option<String> {
        let (old, new) = (&self.old_version, &self.new_version);
        if new.trim().is_empty() {
            Some("the contract has no version that could grow".to_owned())
        } else if old == new {
            Some(format!(
                "the version is `{old}` as before, and no number that could grow"
            ))
        } else if advice::is_of_numbers(old) {
            Some(format!(
                "the version was {old}, and `{new}` is none of numbers, of which nobody can tell that it grew"
            ))
        } else {
            None
        }
    }

    /// Whether those who rely on the contract are broken, and the version does not tell them.
    #[must_use]
    pub fn breaks_unannounced(&self) -> bool {
        self.worst() == Some(Impact::Breaking) && !self.is_versioned()
    }

    /// Why it is not known whether the version grew enough, where a version is not one of numbers.
    #[must_use]
    pub fn unordered(&self) -> Option<String> {
        let (old, new) = (&self.old_version, &self.new_version);
        let is_open = self.given.is_none() && self.needed != Bump::None;
        is_open.then(|| {
            self.withheld().unwrap_or_else(|| {
                let number = self.needed.number();
                format!("the versions `{old}` and `{new}` cannot be ordered, for not both are of numbers, such as 1.2.0, so that it is open whether it grew enough: of one of numbers, the {number} would have to grow")
            })
        })
    }

    /// The version that there ought to be.
    #[must_use]
    pub fn suggested(&self) -> Option<String> {
        self.needed.of(&self.old_version)
    }
}

/// Compares two versions of a contract.
///
/// ```
/// use data_contract::{Contract, compare};
///
/// let read = |column: &str| Contract::read(&format!("id: c\nversion: 1.0.0\nschema:\n- name: t\n  properties: [{column}]\n"), &Default::default());
///
/// let compared = compare::compare(&read("{name: a}, {name: b}")?, &read("{name: a, required: true}")?);
///
/// let messages: Vec<_> = compared.changes.iter().map(|change| change.message.as_str()).collect();
/// assert_eq!(messages, ["it is new that `a` is never null", "the column is gone"]);
/// assert_eq!(compared.suggested().as_deref(), Some("2.0.0"));
/// # Ok::<(), yaml_source::YamlError>(())
/// ```
#[must_use]
pub fn compare(old: &Contract, new: &Contract) -> Comparison {
    let plans = (unselected(old), unselected(new));
    let mut changes = Vec::new();
    let sides = (Side::of(old, &plans.0), Side::of(new, &plans.1));
    columns::compare(&sides.0, &sides.1, &mut changes);
    checks::compare(&plans.0, &plans.1, &mut changes);
    trained::compare((old, &plans.0), (new, &plans.1), &mut changes);
    agreements::compare((old, &plans.0), (new, &plans.1), &mut changes);
    identity::compare(old, new, &mut changes);
    places::compare(old, new, &mut changes);
    changes.sort_by(|one, other| {
        let version = |change: &Change| change.version == Version::Old;
        let key = |change: &Change| {
            (
                std::cmp::Reverse(change.impact),
                version(change),
                change.line,
            )
        };
        key(one).cmp(&key(other))
    });
    let needed = Bump::for_impact(changes.iter().map(|change| change.impact).max());
    // Nobody can rely yet on what is not settled.
    let needed = match is_draft(old) {
        true => needed.min(Bump::Minor),
        false => needed,
    };
    Comparison {
        needed,
        given: Bump::between(&old.version(), &new.version()),
        old_version: old.version().into_owned(),
        new_version: new.version().into_owned(),
        changes,
    }
}

/// Whether a contract says that it is not settled: by its status, or by a version 0.y, as Semantic Versioning has it.
fn is_draft(contract: &Contract) -> bool {
    let status = contract.status();
    matches!(status.as_deref(), Some("draft" | "proposed"))
        || advice::is_unsettled(&contract.version())
}

/// A contract as it is compared: its plan, and the lines of what it has.
struct Side<'c> {
    plan: &'c Plan,
    /// Those of objects, and those of columns by the first check about each.
    lines: HashMap<(usize, Option<usize>), u64>,
}

impl<'c> Side<'c> {
    fn of(contract: &Contract, plan: &'c Plan) -> Self {
        let mut lines = HashMap::new();
        for (at, object) in contract.objects().enumerate() {
            let line = contract.position(object.node).line;
            lines.insert((at, None), u64::try_from(line).unwrap_or(1));
        }
        for check in &plan.checks {
            if let Some(column) = check.column {
                let place = (check.object.0, Some(column.0));
                lines.entry(place).or_insert(check.line);
            }
        }
        Self { plan, lines }
    }

    fn line(&self, object: usize, column: Option<usize>) -> u64 {
        self.lines.get(&(object, column)).copied().unwrap_or(1)
    }
}
