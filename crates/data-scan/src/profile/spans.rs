//! How days and times are spread: how many are before each of some points, asked as bounds.

use data_contract::infer::{ColumnProfile, Spans};
use data_contract::plan::{Bound, ColumnId, Literal, Measure, MeasureId, Object, Side, Value};
use data_contract::time::{date_text, timestamp_text};
use jiff::Timestamp;
use jiff::civil::Date;

use super::BINS;
use crate::engine::ObjectScan;

/// A second, in microseconds.
const SECOND: i64 = 1_000_000;

/// Where the values before each edge of a column are counted.
pub(super) struct Times {
    edges: Vec<String>,
    before: Vec<MeasureId>,
}

impl Times {
    /// Asks how the days or times of a column are spread, where it has different ones.
    pub(super) fn ask(
        object: &mut Object,
        column: ColumnId,
        profile: &ColumnProfile,
    ) -> Option<Self> {
        let (least, greatest) = (profile.least.as_deref()?, profile.greatest.as_deref()?);
        let edges = match profile.logical_type.as_deref()? {
            "date" => days(least.parse().ok()?, greatest.parse().ok()?),
            "timestamp" => times(least.parse().ok()?, greatest.parse().ok()?),
            _ => return None,
        };
        let before = |edge: &Literal| {
            let bound = Bound {
                value: edge.clone(),
                exclusive: false,
            };
            object.fresh(Measure::Beyond(column, Side::Low, bound))
        };
        let before: Vec<_> = edges.iter().map(before).collect();
        let edges = edges.iter().map(|edge| match edge {
            Literal::Date(days) => date_text(i64::from(*days)),
            Literal::Timestamp(micros) => timestamp_text(*micros),
            _ => String::new(),
        });
        let edges: Vec<_> = edges.collect();
        (!edges.is_empty()).then_some(Self { edges, before })
    }

    /// What was counted of `values` values.
    pub(super) fn counted(self, scan: &ObjectScan, values: u64) -> Option<Spans> {
        let mut counts = Vec::new();
        let mut last = 0;
        for id in &self.before {
            let Ok(Value::Count(before)) = scan.measured[id.0].value else {
                return None;
            };
            counts.push(before.saturating_sub(last));
            last = before;
        }
        counts.push(values.saturating_sub(last));
        Some(Spans {
            edges: self.edges,
            counts,
        })
    }
}

/// Days that divide a span into parts of about one length.
fn days(least: Date, greatest: Date) -> Vec<Literal> {
    let day = |date: Date| {
        let since = date.since((jiff::Unit::Day, Date::constant(1970, 1, 1)));
        since.map(|span| i64::from(span.get_days()))
    };
    let (Ok(least), Ok(greatest)) = (day(least), day(greatest)) else {
        return Vec::new();
    };
    let edges = divided(least, greatest + 1, 1).into_iter();
    edges
        .filter_map(|day| i32::try_from(day).ok())
        .map(Literal::Date)
        .collect()
}

/// The same of times; where there are seconds enough, they are whole ones.
fn times(least: Timestamp, greatest: Timestamp) -> Vec<Literal> {
    let (least, greatest) = (least.as_microsecond(), greatest.as_microsecond());
    let step = match greatest.saturating_sub(least) > SECOND * 2 * i64::from(BINS) {
        true => SECOND,
        false => 1,
    };
    let edges = divided(least, greatest.saturating_add(1), step).into_iter();
    edges.map(Literal::Timestamp).collect()
}

/// Up to so many points that [`BINS`] parts of a span have between them, each a multiple of a step.
fn divided(from: i64, to: i64, step: i64) -> Vec<i64> {
    let bins = i128::from(BINS);
    let (first, last) = (i128::from(from), i128::from(to));
    let points = (1..bins).filter_map(|bin| {
        let point = first + (last - first) * bin / bins;
        i64::try_from(point - point.rem_euclid(i128::from(step))).ok()
    });
    let mut points: Vec<_> = points
        .filter(|point| *point > from && *point < to)
        .collect();
    points.dedup();
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_as_many_parts_as_it_has_steps() {
        assert_eq!(divided(0, 3, 1), [1, 2]);
        assert_eq!(divided(5, 6, 1), [] as [i64; 0]);
        assert_eq!(divided(0, 40, 1).len(), 19);
        assert_eq!(divided(-10, 10, 1), (-9..10).collect::<Vec<_>>());
        assert!(divided(i64::MIN, i64::MAX, SECOND).len() == 19);
    }
}
