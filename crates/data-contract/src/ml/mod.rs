//! Checks of machine learning, as rules of quality with `type: custom` and `engine: dataops`.
//!
//! The rule stands in the object that it is about; `implementation` names the check, what it needs, and what must hold with the
//! operators of the standard:
//!
//! ```yaml
//! - id: split
//!   type: custom
//!   engine: dataops
//!   implementation: { check: splitShare, rest: [test], mustBeBetween: [0.78, 0.82] }
//! ```
//!
//! | check | says | needs | without operators |
//! |---|---|---|---|
//! | `splitShare` | the share of this object in itself and the `rest`; or of the rows where `column` is `value` | `rest`, or `column` and `value` | between 0.78 and 0.82 |
//! | `stratification` | the greatest difference of a label's shares here and in another object | `with`, `column` | ≤ 0.02, of a share below 0.1 a fifth of it, or what a random split stays within (3 sigma) |
//! | `keyLeakage`, `groupLeakage` | keys that are in both parts | `columns`; `with`, or `split`: the column that tells the parts apart | = 0 |
//! | `rowLeakage` | rows that are in both parts, compared by all columns or `columns`, but not those in `except` | `with` or `split` | = 0 |
//! | `conflictingLabels` | equal rows with different labels, per hundred rows | `column`: the label | ≤ 0.1 |
//! | `timeLeakage` | seconds between the newest value here and the oldest one there | `with`, `column` | > 0 |
//! | `classBalance` | the least share of a label; `classes` names those that must be there | `column` | ≥ 0.01 |
//! | `newLabels` | labels of another object that this one lacks | `with`, `column` | = 0 |
//! | `reconciliation` | rows here less the rows of the `parts`; the sum of a `column` instead, where one is named | `parts` | = 0 |
//! | `drift` | how far a column is from a reference, by `method`: `psi`, `ks`, `chiSquare` (the p value), `jensenShannon`, `unseen` (the share of rows whose value the reference lacks), `labelShift` | `column`, `reference` | psi < 0.25, and a warning from 0.1; ks, jensenShannon, unseen and labelShift < 0.1; chiSquare ≥ 0.01 |
//! | `volume` | rows here per row of a reference | `reference` | between 0.5 and 1.5, a warning |
//! | `identifier` | different values per value of each column that may be a feature, or of `columns`: 1 of an id | | < 1, a warning |
//! | `constant` | different values of each column, or of `columns` | | > 1, a warning |
//! | `nearConstant` | the share of the most frequent value of `column`, or of each column, or of `columns` | | < 0.99, a warning |
//! | `runFolder` | the age of the newest file | `within`: a duration | |
//!
//! `reference` of `drift` is `{ object: NAME }`, or `{ profile: NAME }` of a stored profile. Numbers are counted between the bounds of
//! equal parts of the reference: ten of them, a hundred for `ks`, and a number that a tenth of the reference shares is a part of its own.
//! `bins` names other bounds. Over parts and bins `ks` is known between two ends, and decides nothing where the limit is between them. A stored profile of an older version has bins of equal
//! width alone: they are used with a note, and decide nothing where one of them has nearly all of the reference.

mod shape;

pub use shape::{CHECKS, Needs, Spec, spec};

pub(crate) use shape::range_of;

/// The name of the engine whose rules these are.
pub const ENGINE: &str = "dataops";

/// Ways to tell how far two distributions are apart.
pub const METHODS: [&str; 6] = [
    "psi",
    "ks",
    "chiSquare",
    "jensenShannon",
    "unseen",
    "labelShift",
];
