//! Rows that break a check: asked for in one statement of an object, and only of what was counted.

use crate::plan::{Column, MeasureId, Measured, Sample, Value};

use super::source::Source;
use super::statement::Answer;

/// So many characters of a value are shown.
const LONGEST: u32 = 200;

/// A query for the rows that a measure counts.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    pub(super) id: MeasureId,
    /// Without its limit: the file and the value of each row, as texts.
    pub(super) sql: String,
}

/// A statement for rows of several measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Samples {
    /// The text.
    pub sql: String,
}

impl Samples {
    /// The statement for up to `most` rows of each measure that has counted some; none where nothing was counted.
    pub(super) fn of(counted: &[Counted], measured: &[Measured], most: usize) -> Option<Self> {
        let found = |id: MeasureId| {
            let value = measured.get(id.0).map(|measured| &measured.value);
            matches!(value, Some(Ok(Value::Count(1..))))
        };
        let asked = counted
            .iter()
            .filter(|counted| most > 0 && found(counted.id));
        let asked = asked.map(|Counted { id, sql }| {
            let id = id.0;
            format!("(SELECT {id} AS measure, file, value FROM ({sql}) LIMIT {most})")
        });
        let asked: Vec<_> = asked.collect();
        (!asked.is_empty()).then(|| Self {
            sql: asked.join("\nUNION ALL "),
        })
    }

    /// Puts the rows of an answer to what was counted. Without an answer there are none; what was counted stays.
    pub fn put(answer: &Answer, measured: &mut [Measured]) {
        for row in answer.iter().flatten() {
            let [Some(id), file, value] = row.as_slice() else {
                continue;
            };
            let at = id.parse().ok();
            if let Some(measured) = at.and_then(|at: usize| measured.get_mut(at)) {
                measured.samples.push(Sample {
                    file: file.clone(),
                    row: None,
                    value: value.clone(),
                });
            }
        }
    }
}

/// Rows of a FROM in which a condition holds, with the value of a column; none where nothing of them could be shown.
pub(super) fn rows(
    place: (&Source, &str),
    column: (&Column, &str),
    condition: &str,
) -> Option<String> {
    let (source, from) = place;
    let has_file = source.has_files() && from == source.sql();
    let is_null = condition == format!("{} IS NULL", column.1);
    let file = match has_file {
        true => "_metadata.file_path",
        false if is_null || column.0.masked => return None,
        false => NOTHING,
    };
    let value = match column.0.masked {
        true => NOTHING.to_owned(),
        false => shown(column.1),
    };
    Some(format!(
        "SELECT {file} AS file, {value} AS value FROM {from} WHERE {condition}"
    ))
}

/// What is not shown.
pub(super) const NOTHING: &str = "CAST(NULL AS STRING)";

/// A key, or a value, as it is shown.
pub(super) fn shown(value: &str) -> String {
    format!("left(CAST({value} AS STRING), {LONGEST})")
}
