//! Columns and keys of an object as expressions.

use crate::plan::{ColumnId, Gap, Object, Step};

use super::number::distinct;
use super::prepare::Work;
use super::schema::Schema;
use super::source::Source;
use super::value::{Reading, reading};

impl Work<'_> {
    pub(super) fn reading(&self, column: ColumnId) -> Result<Reading, Gap> {
        reading_of(self.object, (self.source, self.schema), column)
    }

    /// The same of a column whose values can be told.
    pub(super) fn readable(&self, column: ColumnId) -> Result<Reading, Gap> {
        readable_of(self.object, (self.source, self.schema), column)
    }

    /// A whole key as one value, NULL where a part of it is.
    pub(super) fn key(&self, columns: &[ColumnId]) -> Result<String, Gap> {
        let parts = self.distinct_parts(columns)?;
        Ok(match parts.as_slice() {
            [only] => only.clone(),
            parts => {
                let whole: Vec<_> = parts
                    .iter()
                    .map(|part| format!("{part} IS NOT NULL"))
                    .collect();
                format!(
                    "CASE WHEN {} THEN struct({}) END",
                    whole.join(" AND "),
                    parts.join(", ")
                )
            }
        })
    }

    pub(super) fn parts(&self, columns: &[ColumnId]) -> Result<Vec<String>, Gap> {
        parts_of(self.object, (self.source, self.schema), columns)
    }

    /// The same as values that are equal only where all of their digits are.
    pub(super) fn distinct_parts(&self, columns: &[ColumnId]) -> Result<Vec<String>, Gap> {
        let mut parts = self.parts(columns)?;
        for (part, column) in parts.iter_mut().zip(columns) {
            if let Some(distinct) = distinct(&self.reading(*column)?) {
                *part = distinct;
            }
        }
        Ok(parts)
    }
}

pub(super) fn reading_of(
    object: &Object,
    (source, schema): (&Source, &Schema),
    column: ColumnId,
) -> Result<Reading, Gap> {
    let column = object.column(column);
    reading((source, schema), column, column.wide).ok_or(Gap::Absent)
}

pub(super) fn readable_of(
    object: &Object,
    place: (&Source, &Schema),
    column: ColumnId,
) -> Result<Reading, Gap> {
    let reading = reading_of(object, place, column)?;
    match reading.unread {
        Some(reason) => Err(Gap::NotMeasurable(reason)),
        None => Ok(reading),
    }
}

pub(super) fn parts_of(
    object: &Object,
    place: (&Source, &Schema),
    columns: &[ColumnId],
) -> Result<Vec<String>, Gap> {
    let parts = columns.iter().map(|column| {
        let planned = object.column(*column);
        if planned.path.contains(&Step::Items) {
            return Err(Gap::NotMeasurable(
                "items of an array are no key".to_owned(),
            ));
        }
        let reading = readable_of(object, place, *column)?;
        match reading.spark.base().as_str() {
            "struct" | "array" | "map" => {
                let reason = "lists and structs are no keys".to_owned();
                Err(Gap::NotMeasurable(reason))
            }
            _ => Ok(reading.value),
        }
    });
    parts.collect()
}
