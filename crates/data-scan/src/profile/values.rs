//! What the values of each column are like.

use data_contract::infer::ColumnProfile;
use data_contract::plan::{
    Bound, ColumnId, Format, HUNDREDTHS, Kind, Literal, Measure, MeasureId, Object, ObjectId, Side,
    Step, Value,
};

use super::{Looked, column, count, spread};
use crate::engine::ObjectScan;
use crate::kernel;

/// Most frequent values that are kept.
const TOP: u32 = 20;

/// The formats that texts are looked at for.
const FORMATS: [Format; 5] = [
    Format::Email,
    Format::Uuid,
    Format::Uri,
    Format::Ipv4,
    Format::Ipv6,
];

/// Where the values of a column are measured.
pub(super) struct Asked {
    /// Items and NULLs, within arrays.
    places: Option<MeasureId>,
    nulls: MeasureId,
    empty: Empty,
    distinct: Option<MeasureId>,
    least: MeasureId,
    greatest: MeasureId,
    top: MeasureId,
    formats: Vec<(Format, MeasureId)>,
    hundredths: Option<MeasureId>,
    /// NaN among numbers.
    nans: Option<MeasureId>,
}

/// What is beyond the least number that there is: NaN, which is beyond any bound.
fn nans(column: ColumnId) -> Measure {
    let bound = Bound {
        value: Literal::Number(f64::NEG_INFINITY),
        exclusive: false,
    };
    Measure::Beyond(column, Side::Low, bound)
}

/// Where it is measured how many values have nothing in them.
enum Empty {
    /// Texts, and NULLs with them.
    Texts(MeasureId),
    Arrays(MeasureId),
}

/// The question about all columns.
pub(super) fn values_object(name: &str, columns: &[Looked]) -> (Object, Vec<Asked>) {
    let mut object = Object {
        name: name.to_owned(),
        ..Object::default()
    };
    let mut asked = Vec::new();
    for looked in columns {
        let kind = looked.kind.as_ref();
        let kind = kind.map_or(Kind::Any, |(_, kind)| kind.clone());
        asked.push(Asked::of(&mut object, &looked.path, &kind));
    }
    (object, asked)
}

impl Asked {
    fn of(object: &mut Object, path: &[Step], kind: &Kind) -> Self {
        let formats = FORMATS.iter().filter(|_| *kind == Kind::String);
        let is_array = *kind == Kind::Array;
        let is_nested = is_array || *kind == Kind::Object;
        let in_array = path.contains(&Step::Items);
        let is_number = matches!(kind, Kind::Integer | Kind::Number) && !in_array;
        object.columns.push(column(path, kind.clone()));
        let id = ColumnId(object.columns.len() - 1);
        let nothing = vec![Literal::Text(String::new())];
        let parts = Measure::Parts {
            column: id,
            of: ObjectId(0),
            of_column: id,
            parts: HUNDREDTHS,
        };
        Self {
            places: in_array.then(|| object.fresh(Measure::Places(id))),
            nulls: object.fresh(Measure::Nulls(id)),
            empty: match is_array {
                true => Empty::Arrays(object.fresh(Measure::Items(id, Side::Low, 1))),
                false => Empty::Texts(object.fresh(Measure::Missing(id, nothing))),
            },
            distinct: (!in_array && !is_nested).then(|| object.fresh(Measure::Distinct(vec![id]))),
            least: object.fresh(Measure::Extreme(id, Side::Low)),
            greatest: object.fresh(Measure::Extreme(id, Side::High)),
            top: object.fresh(Measure::Frequencies(id, TOP)),
            formats: formats
                .map(|format| (*format, object.fresh(Measure::Malformed(id, *format))))
                .collect(),
            hundredths: is_number.then(|| object.fresh(parts)),
            nans: (*kind == Kind::Number).then(|| object.fresh(nans(id))),
        }
    }

    /// What was measured.
    pub(super) fn column(&self, scan: &ObjectScan) -> ColumnProfile {
        let scalar = |id: MeasureId| match &scan.measured[id.0].value {
            Ok(Value::Scalar(literal)) => kernel::words(literal),
            _ => None,
        };
        let (top, rest) = match &scan.measured[self.top.0].value {
            // Where more may be there than is told, no count is one to show.
            Ok(Value::Frequencies {
                values,
                rest,
                more: 0,
            }) => (values.clone(), *rest),
            _ => (Vec::new(), 1),
        };
        let nulls = count(scan, self.nulls);
        let places = self.places.map(|id| count(scan, id));
        let values = places.unwrap_or(scan.rows).saturating_sub(nulls);
        let distinct = self
            .distinct
            .filter(|id| matches!(scan.measured[id.0].value, Ok(Value::Count(_))));
        let formats = self
            .formats
            .iter()
            .map(|(format, id)| (*format, values.saturating_sub(count(scan, *id))));
        ColumnProfile {
            // Of the kind that they are read as: an empty cell in quotes is a text, and no number.
            nulls,
            places,
            empty: match self.empty {
                Empty::Texts(missing) => count(scan, missing).saturating_sub(nulls),
                Empty::Arrays(id) => count(scan, id),
            },
            distinct: distinct.map(|id| count(scan, id)),
            least: scalar(self.least),
            greatest: scalar(self.greatest),
            top_is_all: rest == 0,
            top,
            formats: formats.filter(|(_, n)| *n > 0).collect(),
            hundredths: self.hundredths.and_then(|id| spread(scan, id)),
            nans: self.nans.map_or(0, |id| count(scan, id)),
            ..ColumnProfile::default()
        }
    }
}
