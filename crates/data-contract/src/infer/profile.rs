//! What data are like, as it is kept for the next run and for a first contract.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::plan::{Format, Spread, Step};

/// What an object's data are like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The object's name.
    pub object: String,
    /// Files that could not be read to their end, with why; nothing is said of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<String>,
    /// What is odd about files and would break any contract, such as rows that are no text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub odd: Vec<String>,
    /// Rows.
    pub rows: u64,
    /// Its columns, in the order of the data.
    pub columns: Vec<ColumnProfile>,
}

impl Profile {
    /// The column of a name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnProfile> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// So many different values of a column are kept at most, and counted one by one where labels or categories are compared.
pub const MOST_VALUES: u32 = 10_000;

/// What a column is like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ColumnProfile {
    /// Its name, with dots where it is nested and `[]` for the items of an array.
    pub name: String,
    /// The way to it; without one, the way that its name stands for, which is another one where names of fields have dots.
    #[serde(skip)]
    pub path: Vec<Step>,
    /// Its type in the data, as the data name it.
    pub physical_type: Option<String>,
    /// The logical type that all of its values have: `integer`, `timestamp` and so on.
    pub logical_type: Option<String>,
    /// The logical type that all but a few of its texts have, with how many have not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearly: Option<(String, u64)>,
    /// The pattern of its times, where they are texts of another form than ISO 8601.
    pub time_format: Option<String>,
    /// The patterns of days that all of its texts have, where these are several, so that it is open which days they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub possible_formats: Vec<String>,
    /// Items that there are of it, NULL among them, where it is within an array; as many as rows otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub places: Option<u64>,
    /// Rows or items where it is NULL.
    pub nulls: u64,
    /// Numbers that are none, NaN.
    #[serde(skip_serializing_if = "is_zero")]
    pub nans: u64,
    /// Texts without a character, or arrays without an item, which are not NULL.
    pub empty: u64,
    /// Different values, where they were counted.
    pub distinct: Option<u64>,
    /// The least value, as text; times in ISO 8601.
    pub least: Option<String>,
    /// The greatest value, as text.
    pub greatest: Option<String>,
    /// Characters of the shortest text; items of the shortest array.
    pub shortest: Option<u64>,
    /// Characters of the longest text; items of the longest array.
    pub longest: Option<u64>,
    /// The most frequent values, most frequent first.
    pub top: Vec<(String, u64)>,
    /// Whether `top` has each value there is.
    pub top_is_all: bool,
    /// How often each value is there, where `top` has not all of them and they are few enough to be kept for the next run: up to
    /// [`MOST_VALUES`], each of which comes twice on average.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(String, u64)>,
    /// How many texts are of a format.
    pub formats: Vec<(Format, u64)>,
    /// How numbers are spread over bins of equal width, as a picture shows it.
    pub histogram: Option<Histogram>,
    /// How numbers lie between the bounds of their hundredths, which is what drift is told by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hundredths: Option<Spread>,
    /// How days or times are spread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spans: Option<Spans>,
    /// Why nothing is told of its values, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl ColumnProfile {
    /// The way to it from the row.
    #[must_use]
    pub fn way(&self) -> Cow<'_, [Step]> {
        if self.path.is_empty() {
            Cow::Owned(Step::path(&self.name))
        } else {
            Cow::Borrowed(&self.path)
        }
    }

    /// How often each value is there; nothing where that is not known of all of them.
    #[must_use]
    pub fn counts(&self) -> Option<&[(String, u64)]> {
        match (self.top_is_all, self.values.as_slice()) {
            (true, _) => Some(&self.top),
            (false, []) => None,
            (false, values) => Some(values),
        }
    }

    /// Whether it had no value at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.distinct == Some(0)
    }

    /// Values and NULLs of it among so many rows.
    #[must_use]
    pub fn all(&self, rows: u64) -> u64 {
        self.places.unwrap_or(rows)
    }

    /// Values of it among so many rows.
    #[must_use]
    pub fn values(&self, rows: u64) -> u64 {
        self.all(rows).saturating_sub(self.nulls)
    }
}

/// How days or times are spread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spans {
    /// The first moment of each bin but the first, in order, in ISO 8601.
    pub edges: Vec<String>,
    /// Values per bin.
    pub counts: Vec<u64>,
}

/// How numbers are spread.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// The ends of bins, in order: one fewer than bins, since the first and the last have no end.
    pub edges: Vec<f64>,
    /// Numbers per bin.
    pub counts: Vec<u64>,
}
