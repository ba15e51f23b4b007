//! What is computed from measures of several objects, for checks of machine learning.

use serde::Serialize;

use super::ObjectId;
use super::measure::MeasureId;

/// A measure of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Of {
    /// The object.
    pub object: ObjectId,
    /// The measure.
    pub measure: MeasureId,
}

/// A number from measures. All of them are read from measures, so that it does not matter who measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Formula {
    /// `part / (part + rest…)`: the share of a split.
    Share {
        /// The rows of the part.
        part: Of,
        /// The rows of the other parts.
        rest: Vec<Of>,
    },
    /// The greatest difference of a label's shares in two objects' frequencies.
    LabelShift(Of, Of),
    /// The difference of the label that is furthest beyond what it may be: 0.02, a fifth of a small share, or what a random split of so
    /// many rows may have.
    UnlikelyShift(Of, Of),
    /// The least share of a label; 0 where one of those that are expected is not there.
    LeastShare {
        /// The frequencies of the labels.
        of: Of,
        /// Labels that ought to be there.
        expected: Vec<String>,
    },
    /// The greatest share of a value: 1 of a constant.
    GreatestShare(Of),
    /// The share of the rows that have one value.
    LabelShare {
        /// The value.
        label: String,
        /// The rows that have it.
        part: Of,
        /// All rows.
        whole: Of,
    },
    /// The seconds from an extreme of one object to an extreme of another: more than 0 where the first ends before the second
    /// begins.
    Ahead {
        /// The greatest of what ought to be earlier.
        earlier: Of,
        /// The least of what ought to be later.
        later: Of,
    },
    /// `part / whole`, such as distinct values per row.
    Ratio {
        /// What is divided.
        part: Of,
        /// What divides.
        whole: Of,
    },
    /// The rows of an object per row of another one, or of what a profile was written of.
    Volume {
        /// The rows of the object.
        here: Of,
        /// The rows of the reference.
        reference: Rows,
    },
    /// How many of the values are different, of those that are not NULL: 1 where each comes once.
    Variety {
        /// Different values.
        distinct: Of,
        /// All rows.
        rows: Of,
        /// NULLs.
        nulls: Of,
    },
    /// Labels of the second that the first lacks.
    NewLabels(Of, Of),
    /// `whole - parts`: 0 where nothing was lost or added.
    Difference {
        /// The rows of the whole.
        whole: Of,
        /// The rows of its parts.
        parts: Vec<Of>,
    },
    /// `nulls - parents`: NULLs where what the column is part of is not NULL itself.
    NullsWithin {
        /// The NULLs of the column.
        nulls: Of,
        /// Those of what it is part of.
        parents: Of,
    },
    /// The population stability index of two histograms or frequencies.
    Psi(Of, Reference),
    /// The greatest distance of two cumulated histograms (Kolmogorov-Smirnov).
    Ks(Of, Reference),
    /// The p value of a chi-square test of two frequencies.
    ChiSquare(Of, Reference),
    /// The Jensen-Shannon distance of two histograms or frequencies, with logarithms of base 2: 0 of equal shares, and 1 where they
    /// have nothing in common.
    JensenShannon(Of, Reference),
    /// The share of the rows whose value the reference lacks.
    Unseen(Of, Reference),
    /// The sum of measures, such as shared keys over several pairs.
    Sum(Vec<Of>),
}

/// What a number of rows is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Rows {
    /// Those of another object.
    Measured(Of),
    /// Those of a stored profile.
    Known(u64),
}

/// What a distribution is compared with.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Reference {
    /// That of another object.
    Measured(Of),
    /// Counts per bin or value from a stored profile, in the order of the measure.
    Counts(Vec<(String, u64)>),
    /// Counts per bin of equal width from a stored profile of an older version, which has no others.
    EqualWidth(Vec<u64>),
    /// Numbers of a stored profile between the bounds of their parts.
    Spread(super::Spread),
}
