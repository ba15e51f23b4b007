//! Where Spark finds the data of an object.

use crate::plan::Kind;

use super::schema::Schema;
use super::write::{name, text};

/// Where Spark finds the data of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A table or view, with its catalog and schema where they are known.
    Table(Vec<String>),
    /// Files, which Databricks reads by `read_files`.
    Files {
        /// The folder or glob.
        path: String,
        /// `csv`, `json`, `parquet` or `delta`.
        format: String,
        /// Options of `read_files`, such as `delimiter` and `encoding`.
        options: Vec<(String, String)>,
    },
    /// A view whose columns are all text, because its files have no types: made by hand where `read_files` is not known.
    Texts(Vec<String>),
}

impl Source {
    /// Whether its columns are text whatever they mean.
    pub(super) fn is_text(&self) -> bool {
        match self {
            Self::Table(_) => false,
            Self::Files { format, .. } => format == "csv",
            Self::Texts(_) => true,
        }
    }

    /// Whether values of a kind are read from text: JSON has no type for days and times.
    pub(super) fn reads(&self, kind: &Kind) -> bool {
        let is_time = matches!(
            kind,
            Kind::Date { .. } | Kind::Timestamp { .. } | Kind::Time { .. }
        );
        self.is_text() || (self.is_json() && is_time)
    }

    /// Whether each value has a type of its own, and a column the one that all of its values fit to.
    pub(super) fn is_json(&self) -> bool {
        matches!(self, Self::Files { format, .. } if format == "json")
    }

    /// Whether it has files that Spark tells the age of.
    pub(super) fn has_files(&self) -> bool {
        matches!(self, Self::Files { format, .. } if format != "delta")
    }

    /// As a FROM item.
    pub(super) fn sql(&self) -> String {
        match self {
            Self::Table(names) | Self::Texts(names) => {
                let names: Vec<_> = names.iter().map(|part| name(part)).collect();
                names.join(".")
            }
            Self::Files { path, format, .. } if format == "delta" => {
                format!("delta.{}", name(path))
            }
            Self::Files {
                path,
                format,
                options,
            } => {
                let mut arguments = vec![text(path), format!("format => {}", text(format))];
                let given = || options.iter().filter(|(key, _)| is_option(key));
                if format == "csv" {
                    let usual = CSV.iter().filter(|(known, _)| {
                        !given().any(|(key, _)| key.eq_ignore_ascii_case(known))
                    });
                    arguments.extend(usual.map(|(key, value)| format!("{key} => {}", text(value))));
                }
                arguments.extend(given().map(|(key, value)| format!("{key} => {}", text(value))));
                format!("read_files({})", arguments.join(", "))
            }
        }
    }
}

/// How CSV files are read unless the options say otherwise: cells as they stand, so that one that is wrong is counted and not an
/// error, with lines in quotes, and a quote in them written twice.
const CSV: [(&str, &str); 5] = [
    ("header", "true"),
    ("inferColumnTypes", "false"),
    ("multiLine", "true"),
    ("escape", "\""),
    // A cell without quotes that is empty is NULL in any case; with the empty text for NULL, `""` would be NULL too.
    ("nullValue", "<no cell is this>"),
];

/// What `read_files` adds to the columns of files: what did not fit to them, and lines that are no JSON.
pub(super) const ADDED: [&str; 2] = ["_rescued_data", "_corrupt_record"];

/// The statement that tells in how many rows of files something did not fit to the columns, and how many lines are no JSON; none where
/// Spark would not say.
#[must_use]
pub fn unfit(source: &Source, schema: &Schema) -> Option<String> {
    let has = |wanted: &str| schema.names().any(|name| name == wanted);
    if !source.has_files() || !ADDED.into_iter().any(has) {
        return None;
    }
    let counts = ADDED.map(|added| match has(added) {
        true => format!("COUNT({})", name(added)),
        false => "CAST(0 AS BIGINT)".to_owned(),
    });
    // Spark refuses to look at nothing but such a column.
    let other = schema.names().find(|name| !ADDED.contains(name));
    let other = other.map(|other| format!(", COUNT({})", name(other)));
    Some(format!(
        "SELECT {}{} FROM {}",
        counts.join(", "),
        other.unwrap_or_default(),
        source.sql()
    ))
}

/// Names of options are words, so that nothing else can stand there.
fn is_option(key: &str) -> bool {
    !key.is_empty()
        && key
            .bytes()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == b'_')
}

/// The statement that tells names and types of the columns.
#[must_use]
pub fn describe(source: &Source) -> String {
    format!("DESCRIBE QUERY SELECT * FROM {}", source.sql())
}

/// The statement that tells the types in full of columns whose types a description cuts off; none where it cuts off nothing.
#[must_use]
pub fn full_types(source: &Source, schema: &Schema) -> Option<String> {
    // An aggregate has a row also where the data have none.
    let types = schema
        .unknown()
        .map(|column| format!("typeof(first({}))", name(column)));
    let types: Vec<_> = types.collect();
    (!types.is_empty()).then(|| format!("SELECT {} FROM {}", types.join(", "), source.sql()))
}
