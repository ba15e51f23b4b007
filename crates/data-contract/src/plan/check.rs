//! A check: which measure it looks at, and what must hold of it.

use serde::Serialize;

use super::literal::Literal;
use super::measure::{MeasureId, Side};
use super::{ColumnId, ObjectId};

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// Stable: the rule's `id`, or what is checked, such as `events.age.maximum`.
    pub id: String,
    /// What ought to hold, for people.
    pub title: String,
    /// What the check is about.
    pub object: ObjectId,
    /// The column that it is about.
    pub column: Option<ColumnId>,
    /// Where it comes from.
    pub category: Category,
    /// The rule's `dimension`, or the usual one of such a check.
    pub dimension: Option<String>,
    /// What a failure means.
    pub severity: Severity,
    /// The rule's tags and those of what it belongs to.
    pub tags: Vec<String>,
    /// The line of the contract, from 1.
    pub line: u64,
    /// What is compared.
    pub test: Test,
}

/// Where a check comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// A property of the schema.
    Schema,
    /// A rule of `quality`.
    Quality,
    /// An entry of `slaProperties`.
    Sla,
    /// A `custom` rule with `engine: dataops`.
    Ml,
}

/// What a failure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The data are usable.
    Warning,
    /// The data break the contract.
    Error,
}

/// What is compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Test {
    /// A measure, with all of the operators.
    Measured {
        /// The measure, of the check's object.
        measure: MeasureId,
        /// As it is, or per hundred of the rows (for arrays' items, of the items).
        unit: Unit,
        /// What must hold.
        operators: Vec<Operator>,
    },
    /// The age of the newest value (`Side::High`) or the oldest one (`Side::Low`), in seconds, is less than the limit.
    Age {
        /// The measure: an extreme, or the newest file.
        measure: MeasureId,
        /// Which end it is.
        side: Side,
        /// The limit in seconds.
        limit: f64,
    },
    /// Something that is computed from measures of one object or several.
    Derived {
        /// What is computed, by its name in `implementation.check`.
        formula: super::Formula,
        /// What must hold of it.
        operators: Vec<Operator>,
    },
    /// Nothing that a machine can do, and why.
    NotExecutable {
        /// Why.
        reason: String,
    },
    /// What a machine could do if what the check compares with were there: an error, and why.
    Undecided {
        /// Why.
        reason: String,
    },
}

/// What a measured value is compared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// As it is.
    Rows,
    /// Per hundred rows; 0 of an empty object.
    Percent,
}

/// What must hold of a value. Ends of a range belong to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Operator {
    /// Equal.
    MustBe(Literal),
    /// Not equal.
    MustNotBe(Literal),
    /// Greater.
    MustBeGreaterThan(Literal),
    /// Greater or equal.
    MustBeGreaterOrEqualTo(Literal),
    /// Less.
    MustBeLessThan(Literal),
    /// Less or equal.
    MustBeLessOrEqualTo(Literal),
    /// In a range.
    MustBeBetween(Literal, Literal),
    /// Outside of a range.
    MustNotBeBetween(Literal, Literal),
}
