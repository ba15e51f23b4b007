//! Of which kind all values of a column are.

use data_contract::plan::{ColumnId, Kind, Measure, MeasureId, Object, Pattern, Step, Value};

use super::{column, count};
use crate::engine::ObjectScan;

/// Kinds, the narrowest first, with their names in contracts.
fn kinds() -> [(&'static str, Kind); 9] {
    [
        ("integer", Kind::Integer),
        ("number", Kind::Number),
        ("boolean", Kind::Boolean),
        ("date", Kind::Date { format: None }),
        (
            "timestamp",
            Kind::Timestamp {
                format: None,
                zone: None,
            },
        ),
        ("time", Kind::Time { format: None }),
        ("object", Kind::Object),
        ("array", Kind::Array),
        ("string", Kind::String),
    ]
}

/// The logical type of a column and how its values are read; none where there are no values.
pub(super) type Found = Option<(&'static str, Kind)>;

/// Numbers that are filled up with zeros, as ids and postal codes are: read as numbers they would lose them.
const PADDED: &str = "^0[0-9]";

/// Whether all values of a column are text, and any of them is filled up with zeros.
fn padded(scan: &ObjectScan, wrong: &[MeasureId], (nulls, plain): (MeasureId, MeasureId)) -> bool {
    let value = |id: MeasureId| scan.measured[id.0].value.as_ref();
    let text = wrong.last().map(|id| value(*id)) == Some(Ok(&Value::Count(0)));
    match value(plain) {
        Ok(Value::Count(plain)) => text && scan.rows > plain + count(scan, nulls),
        _ => false,
    }
}

/// Texts that may be days as people write them, or nothing.
const LIKE_DAYS: &str = r"^\s*([0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4})?\s*$";

/// What is asked of each column as each kind.
pub(super) struct Asking {
    pub(super) object: Object,
    nulls: Vec<MeasureId>,
    /// The values that are not of each kind.
    wrong: Vec<Vec<MeasureId>>,
    /// Those that are not filled up with zeros.
    plain: Vec<MeasureId>,
    /// Those that cannot be days.
    shaped: Vec<MeasureId>,
}

impl Asking {
    /// Each column as each kind.
    pub(super) fn of(object: &str, paths: &[Vec<Step>]) -> Self {
        let mut object = Object {
            name: object.to_owned(),
            ..Object::default()
        };
        let (mut nulls, mut wrong) = (Vec::new(), Vec::new());
        let (mut plain, mut shaped) = (Vec::new(), Vec::new());
        for path in paths {
            let mut of_name = Vec::new();
            for (_, kind) in kinds() {
                object.columns.push(column(path, kind));
                let id = ColumnId(object.columns.len() - 1);
                of_name.push(object.fresh(Measure::WrongType(id)));
            }
            // The last kind is text.
            let text = ColumnId(object.columns.len() - 1);
            nulls.push(object.fresh(Measure::Nulls(text)));
            for (asked, pattern) in [(&mut plain, PADDED), (&mut shaped, LIKE_DAYS)] {
                asked.push(object.fresh(Measure::Invalid {
                    column: text,
                    values: None,
                    pattern: Some(Pattern(pattern.to_owned())),
                }));
            }
            wrong.push(of_name);
        }
        Self {
            object,
            nulls,
            wrong,
            plain,
            shaped,
        }
    }

    /// The kind of each column.
    pub(super) fn found(&self, scan: &ObjectScan) -> Vec<Found> {
        let asked = self.wrong.iter().zip(self.nulls.iter().zip(&self.plain));
        let kinds = asked.map(|(wrong, (nulls, plain))| match kind(scan, wrong) {
            Some((_, Kind::Integer | Kind::Number)) if padded(scan, wrong, (*nulls, *plain)) => {
                Some(("string", Kind::String))
            }
            kind => kind,
        });
        kinds.collect()
    }

    /// The kind that nearly all values of a text column have, with how many have not.
    pub(super) fn nearly(&self, scan: &ObjectScan, kinds: &[Found]) -> Vec<Option<(String, u64)>> {
        let asked = self.wrong.iter().zip(self.nulls.iter().zip(&self.plain));
        let nearly = asked.zip(kinds).map(|((wrong, (nulls, plain)), found)| {
            let is_text = matches!(found, Some((_, Kind::String)));
            if !is_text || padded(scan, wrong, (*nulls, *plain)) {
                return None;
            }
            let values = scan.rows.saturating_sub(count(scan, *nulls));
            let few = |id: &MeasureId| match scan.measured[id.0].value {
                Ok(Value::Count(others)) => {
                    (others > 0 && others <= values / FEW).then_some(others)
                }
                _ => None,
            };
            let mut each = kinds_and(wrong);
            each.find_map(|(name, id)| Some((name.to_owned(), few(id)?)))
        });
        nearly.collect()
    }

    /// Whether all of a column's texts have the shape of days.
    pub(super) fn like_days(&self, scan: &ObjectScan, kinds: &[Found]) -> Vec<bool> {
        let shaped = |id: &MeasureId| matches!(scan.measured[id.0].value, Ok(Value::Count(0)));
        let columns = kinds.iter().zip(&self.shaped);
        let like = columns.map(|(kind, id)| matches!(kind, Some((_, Kind::String))) && shaped(id));
        like.collect()
    }
}

/// One of so many values is few.
const FEW: u64 = 100;

/// The names of kinds, each with where its values are measured that are none of it.
fn kinds_and(wrong: &[MeasureId]) -> impl Iterator<Item = (&'static str, &MeasureId)> {
    let names = kinds().into_iter().map(|(name, _)| name);
    names.zip(wrong).filter(|(name, _)| *name != "string")
}

/// The narrowest kind that all values have; none where there is no value or no such kind.
fn kind(scan: &ObjectScan, wrong: &[MeasureId]) -> Found {
    let fits = |id: &MeasureId| matches!(scan.measured[id.0].value, Ok(Value::Count(0)));
    let known = |id: &MeasureId| scan.measured[id.0].value.is_ok();
    let mut asked = kinds().into_iter().zip(wrong);
    let narrowest = asked.clone().find(|(_, id)| fits(id))?.0;
    // What is of every kind that its files can have has no value at all.
    let is_another = asked.any(|(_, id)| known(id) && !fits(id));
    is_another.then_some(narrowest)
}
