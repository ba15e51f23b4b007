//! Days that are written as people write them: which of the usual ways all texts of a column have.

use data_contract::plan::{ColumnId, Kind, Measure, MeasureId, Object, Value};

use super::{Looked, column};
use crate::engine::ObjectScan;

/// The usual ways, each with and without zeros before a digit; those in different lines are different days.
const WAYS: [&[&str]; 7] = [
    &["dd.MM.yyyy", "d.M.yyyy"],
    &["MM/dd/yyyy", "M/d/yyyy"],
    &["dd/MM/yyyy", "d/M/yyyy"],
    &["dd-MM-yyyy", "d-M-yyyy"],
    &["MM-dd-yyyy", "M-d-yyyy"],
    &["yyyy/MM/dd", "yyyy/M/d"],
    &["yyyy.MM.dd", "yyyy.M.d"],
];

/// Columns of text, and where it is counted what is not written in each way.
pub(super) struct Days {
    pub(super) object: Object,
    asked: Vec<(usize, Vec<MeasureId>)>,
}

impl Days {
    /// The question about the columns that may be days.
    pub(super) fn of(object: &str, columns: &[Looked]) -> Self {
        let mut days = Self {
            object: Object {
                name: object.to_owned(),
                ..Object::default()
            },
            asked: Vec::new(),
        };
        let like_days = columns.iter().enumerate();
        let like_days = like_days.filter(|(_, looked)| looked.like_days);
        for (place, looked) in like_days {
            let formats = WAYS.iter().flat_map(|way| way.iter());
            let ids = formats.map(|format| {
                let kind = Kind::Date {
                    format: Some((*format).to_owned()),
                };
                days.object.columns.push(column(&looked.path, kind));
                let id = ColumnId(days.object.columns.len() - 1);
                days.object.fresh(Measure::WrongType(id))
            });
            let ids = ids.collect();
            days.asked.push((place, ids));
        }
        days
    }

    /// Whether there is nothing to ask.
    pub(super) fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// The ways that all texts of a column have, by its place: where it is one alone, they are days.
    pub(super) fn fitting(&self, scan: &ObjectScan) -> Vec<(usize, Vec<&'static str>)> {
        let fits = |id: &MeasureId| matches!(scan.measured[id.0].value, Ok(Value::Count(0)));
        let columns = self.asked.iter().map(|(place, ids)| {
            let mut ids = ids.iter();
            let ways = WAYS.iter().filter_map(|way| {
                let of_way: Vec<_> = way.iter().zip(ids.by_ref().take(way.len())).collect();
                let mut fitting = of_way.into_iter().filter(|(_, id)| fits(id));
                fitting.next().map(|(format, _)| *format)
            });
            (*place, ways.collect())
        });
        columns.collect()
    }
}
